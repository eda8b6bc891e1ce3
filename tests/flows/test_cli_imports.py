"""`kuaifan city import` of maps as Chinese bureaus have them: GBK names, codes, shifted datums."""

import json
import shutil
import tomllib
import zipfile

import numpy as np
import pytest
from shp_town import (
    AGAINST,
    FIELDS,
    NUMBERS,
    ONE_WAY,
    SOUTH,
    STEP,
    STREETS,
    WEST,
    N,
    at,
    write_shp,
)
from small_town import graphml

from kuaifan.city.folder import read_city
from kuaifan.geo.datums import Datum, from_wgs84
from kuaifan.geo.points import distances_m

PLACES = np.array([at(row, column) for row in range(N) for column in range(N)])
BARE = ("--name", "小城")


def _as_gcj(lat, lon):
    return from_wgs84(lat, lon, Datum.GCJ02)


def _as_bd(lat, lon):
    return from_wgs84(lat, lon, Datum.BD09)


def _worst_m(network):
    """How far the network's nodes lie from the nearest crossing of the WGS-84 original."""
    apart = distances_m(
        network.node_lat[:, None],
        network.node_lon[:, None],
        to_lat=PLACES[:, 0],
        to_lon=PLACES[:, 1],
    )
    return apart.min(axis=1).max()


def _named(network, name):
    """The arcs of a street that cars drive: (tail, head) as (lat, lon) pairs."""
    (name_i,) = (i for i, known in enumerate(network.names) if known == name)
    is_named = (network.name_i == name_i) & network.is_driven
    return [
        (
            (network.node_lat[tail], network.node_lon[tail]),
            (network.node_lat[head], network.node_lon[head]),
        )
        for tail, head in zip(
            network.tail[is_named],
            network.head[is_named],
            strict=True,
        )
    ]


def _import(kuaifan, source, target, *more):
    assert kuaifan("city", "import", source, target, *BARE, *more) == 0, kuaifan.problem
    return read_city(target).network


def _is_whole_town(network):
    assert set(network.names) - {""} == {f"东{n}路" for n in NUMBERS} | {
        f"北{n}街" for n in NUMBERS
    }
    assert network.n_nodes == N * N
    # ONE_WAY is drawn eastwards and driven so; AGAINST is drawn northwards and driven south.
    assert all(tail[1] < head[1] for tail, head in _named(network, ONE_WAY))
    assert all(tail[0] > head[0] for tail, head in _named(network, AGAINST))
    assert len(_named(network, ONE_WAY)) == N - 1
    assert len(_named(network, "东二路")) == 2 * (N - 1)


def test_a_gbk_shapefile_is_imported_with_its_names_and_one_ways(kuaifan, tmp_path):
    source = write_shp(tmp_path / "道路.shp", encoding="gbk", cpg="GBK")
    network = _import(kuaifan, source, tmp_path / "city")
    assert "read as GBK: so say the .cpg" in kuaifan.said
    _is_whole_town(network)
    assert _worst_m(network) < 0.02
    # NavInfo's Kind: 02 is a national road, 08 any other; SPEED 40 is driven at its 0.8.
    assert {network.road_class[a] for a in range(network.n_arcs)} == {2, 6}
    driven = network.is_driven
    kmh = network.length_m[driven] / network.travel_ms[0, driven] * 3600.0
    assert kmh == pytest.approx(np.full(len(kmh), 32.0), rel=0.001)


@pytest.mark.parametrize(
    ("encoding", "cpg", "more", "said"),
    [
        ("gbk", None, (), "read as GBK: so say the names themselves, by trying"),
        ("utf-8", None, (), "read as UTF-8: so say the names themselves, by trying"),
        ("utf-8", "UTF-8", (), "read as UTF-8: so say the .cpg"),
        ("gbk", "936", (), "read as GBK: so say the .cpg"),
        ("gbk", "UTF-8", ("--encoding", "gbk"), "read as GBK: so say --encoding"),
    ],
)
def test_the_encoding_is_told_or_in_the_cpg_or_tried(kuaifan, tmp_path, encoding, cpg, more, said):
    source = write_shp(tmp_path / "roads.shp", encoding=encoding, cpg=cpg)
    network = _import(kuaifan, source, tmp_path / "city", *more)
    assert said in kuaifan.said
    _is_whole_town(network)


@pytest.mark.parametrize(("datum", "shift"), [("gcj02", _as_gcj), ("bd09", _as_bd)])
def test_a_shifted_shapefile_lands_within_half_a_metre(kuaifan, tmp_path, datum, shift):
    source = write_shp(tmp_path / "roads.shp", shift=shift, prj=None)
    problem = kuaifan.refuses("city", "import", source, tmp_path / "city")
    assert "--datum" in problem
    assert not (tmp_path / "city").exists()
    network = _import(kuaifan, source, tmp_path / "city", "--datum", datum)
    _is_whole_town(network)
    assert _worst_m(network) < 0.5


@pytest.mark.parametrize(("datum", "shift"), [("gcj02", _as_gcj), ("bd09", _as_bd)])
def test_a_shifted_graphml_lands_within_half_a_metre(kuaifan, tmp_path, datum, shift):
    text = graphml()
    for i in range(N * N):
        lat, lon = SOUTH + i // N * STEP, WEST + i % N * STEP
        moved_lat, moved_lon = shift(lat, lon)
        text = text.replace(
            f'<node id="{i}"><data key="x">{lon}</data><data key="y">{lat}</data>',
            f'<node id="{i}"><data key="x">{moved_lon}</data><data key="y">{moved_lat}</data>',
        )
    # One street of two is driven one way: its way back is taken out.
    text = text.replace('<edge source="1" target="0">', '<edge source="1" target="none">')
    source = tmp_path / "town.graphml"
    source.write_text(text.replace(">OSMnx<", ">a bureau<"), encoding="utf-8")
    assert "--datum" in kuaifan.refuses("city", "import", source, tmp_path / "city")
    network = _import(kuaifan, source, tmp_path / "city", "--datum", datum)
    assert network.n_nodes == N * N
    assert set(network.names) - {""} == {"1路", "6路"}
    assert _worst_m(network) < 0.5
    south_west = [
        (tail, head)
        for tail, head in _named(network, "1路")
        if {round(tail[1], 3), round(head[1], 3)} == {WEST, WEST + STEP}
        and round(tail[0], 3) == SOUTH
    ]
    assert [head[1] > tail[1] for tail, head in south_west] == [True]


def test_a_providers_columns_or_a_silent_graphml_make_it_ask_for_the_datum(kuaifan, tmp_path):
    fields = (*FIELDS, ("SNODEID", "C", 9), ("ENODEID", "C", 9))
    streets = [(*street[:-1], "1", "2", street[-1]) for street in STREETS]
    source = write_shp(tmp_path / "R.shp", streets, fields=fields)
    problem = kuaifan.refuses("city", "import", source, tmp_path / "city")
    assert "NavInfo" in problem
    assert "--datum gcj02, bd09 or wgs84" in problem
    _import(kuaifan, source, tmp_path / "city", "--datum", "wgs84")
    text = graphml().replace("<graph ", "<key id='s' attr.name='SnodeID'/><key id='e' attr.name="
                             "'EnodeID'/><key id='k' attr.name='Kind'/><graph ")  # fmt: skip
    (tmp_path / "r.graphml").write_text(text, encoding="utf-8")
    assert "NavInfo" in kuaifan.refuses("city", "import", tmp_path / "r.graphml", tmp_path / "c")


def test_a_folder_or_a_zip_of_layers_gives_the_one_of_roads(kuaifan, tmp_path):
    folder = tmp_path / "layers"
    folder.mkdir()
    write_shp(folder / "gis_roads.shp")
    write_shp(folder / "gis_railways.shp", STREETS[:2])
    with zipfile.ZipFile(tmp_path / "layers.zip", "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"shp/{file.name}")
    for source in (folder, tmp_path / "layers.zip"):
        _is_whole_town(_import(kuaifan, source, tmp_path / f"city of {source.name}"))
    (folder / "more_roads.shp").write_bytes((folder / "gis_roads.shp").read_bytes())
    problem = kuaifan.refuses("city", "import", folder, tmp_path / "city")
    assert "give the one with the roads by name" in problem


def test_parts_become_streets_and_ends_that_just_miss_are_joined(kuaifan, tmp_path):
    streets = [list(street) for street in STREETS]
    # 东二路 comes as one line of two parts; 东三路 in two lines whose ends miss by 0.3 m.
    streets[2][-1] = [streets[2][-1][:3], streets[2][-1][2:]]
    name, kind, direction, speed, line = streets[4]
    lat, lon = line[3]
    # It ends between crossings, so that nothing else holds it together.
    middle = (lat, lon - STEP / 2)
    missed = (lat + 0.3 / 111_195.0, lon - STEP / 2)
    streets[4] = [name, kind, direction, speed, [*line[:3], middle]]
    streets.append([name, kind, direction, speed, [missed, *line[3:]]])
    source = write_shp(tmp_path / "roads.shp", streets)
    network = _import(kuaifan, source, tmp_path / "city")
    assert "1 ends of streets lay within 0.5 m" in kuaifan.said
    _is_whole_town(network)


def _areas(tmp_path, *rings):
    """A GeoJSON of areas; rings of (lat, lon)."""
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[lon, lat] for lat, lon in ring]],
                },
            }
            for ring in rings
        ],
    }
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps(document), encoding="utf-8")
    return file


def _square(south, west, north, east):
    return [(south, west), (south, east), (north, east), (north, west), (south, west)]


@pytest.mark.parametrize("kind", ["shapefile", "graphml", "pbf"])
def test_every_source_is_clipped_at_the_border_of_the_areas(kuaifan, town, tmp_path, kind):
    source = {"graphml": town.streets}.get(kind)
    if kind == "shapefile":
        source = write_shp(tmp_path / "roads.shp")
    elif kind == "pbf":
        source = _write_pbf(tmp_path / "town.osm.pbf")
    east = WEST + 2.5 * STEP
    north = SOUTH + 2.5 * STEP
    clip = _areas(tmp_path, _square(SOUTH - STEP / 2, WEST - STEP / 2, north, east))
    network = _import(kuaifan, source, tmp_path / "city", "--clip", clip)
    assert "were cut at their border" in kuaifan.said
    # Streets reach the border itself, and nothing goes beyond it. 北六街 lies outside.
    assert network.shape_lat.max() == pytest.approx(north, abs=1e-7)
    assert network.shape_lon.max() == pytest.approx(east, abs=1e-7)
    assert "北六街" not in network.names
    boxed = _import(kuaifan, source, tmp_path / "boxed", "--bbox", f"22.4,113.9,{north},{east}")
    assert boxed.shape_lon.max() == pytest.approx(WEST + 2 * STEP, abs=1e-7)


def _write_pbf(path):
    import osmium
    from osmium.osm import mutable

    with osmium.SimpleWriter(str(path)) as writer:
        for i in range(N * N):
            lat, lon = at(*divmod(i, N))
            writer.add_node(mutable.Node(id=i + 1, location=(lon, lat)))
        for i in range(N):
            for way_id, refs in (
                (2 * i + 1, range(i * N, i * N + N)),
                (2 * i + 2, range(i, N * N, N)),
            ):
                tags = {"highway": "residential", "name": f"{way_id}路"}
                writer.add_way(mutable.Way(id=way_id, nodes=[r + 1 for r in refs], tags=tags))
    return path


def test_the_quality_report_is_printed_and_in_json_and_kept_in_the_city(kuaifan, tmp_path):
    island = ("岛路", "0801", "1", 40, [(22.60, 114.10), (22.61, 114.10)])
    stub = ("断头路", "0801", "1", 170, [at(0, 0), (SOUTH - STEP, WEST)])
    closed = ("封闭路", "0801", "4", 40, [at(1, 1), at(2, 2)])
    walk = ("步行路", "0b01", "1", 40, [at(1, 1), at(2, 2)])
    nothing = ("零路", "0801", "1", 40, [at(3, 3), at(3, 3)])
    source = write_shp(tmp_path / "roads.shp", [*STREETS, island, stub, closed, walk, nothing])
    assert kuaifan("city", "import", source, tmp_path / "city", "--json") == 0
    report = json.loads(kuaifan.said)
    quality = report["quality"]
    assert quality["n_parts"] == 2
    assert quality["kept"]["nodes"] == N * N + 1
    assert quality["dropped"] == quality["largest_dropped"] == {"nodes": 2, "street_km": 1.112}
    assert quality["n_dead_ends"] == 1
    assert (quality["n_fast_arcs"], quality["n_slow_arcs"]) == (2, 0)
    assert quality["strange_speeds"] == ["断头路 136 km/h"]
    assert quality["n_zero_length_ways"] == 1
    assert quality["n_duplicate_nodes"] == 0
    assert report["build"]["dropped"]["closed_both_ways"] == 1
    assert report["build"]["dropped"]["not_drivable"] == 1
    # The .prj says WGS-84, in China, and nothing says that it is OpenStreetMap.
    assert "--datum gcj02" in quality["datum"]["doubt"]
    kept = tomllib.loads((tmp_path / "city" / "city.toml").read_text(encoding="utf-8"))
    assert kept["import_report"]["quality"] == quality
    assert kuaifan("city", "import", source, tmp_path / "city", "--replace") == 0
    for words in ("1 dead ends", "断头路 136 km/h", "datum in doubt", "in 1 other parts"):
        assert words in kuaifan.said
    assert kuaifan("city", "check", tmp_path / "city") == 0


def test_a_datum_that_cannot_be_is_doubted(kuaifan, tmp_path):
    far = [
        (*street[:-1], [(lat + 20.0, lon - 114.0) for lat, lon in street[-1]]) for street in STREETS
    ]
    source = write_shp(tmp_path / "roads.shp", far)
    _import(kuaifan, source, tmp_path / "city", "--datum", "gcj02", "--time-zone", "Europe/Paris")
    assert "outside China" in kuaifan.said


def _bytes(suffix, change):
    """Damage the bytes of one part."""

    def damage(source):
        part = source.with_suffix(suffix)
        part.write_bytes(change(part.read_bytes()))

    return damage


def _patch(at_byte, patch):
    return lambda data: data[:at_byte] + patch + data[at_byte + len(patch) :]


def _text(suffix, text):
    return lambda source: source.with_suffix(suffix).write_text(text, encoding="ascii")


def _lose_rows(source):
    few = write_shp(source.with_name("few.shp"), STREETS[:5])
    shutil.copy(few.with_suffix(".dbf"), source.with_suffix(".dbf"))


DAMAGE = {
    "no dbf": lambda source: source.with_suffix(".dbf").unlink(),
    "cut shp": _bytes(".shp", lambda data: data[:-50]),
    "cut dbf": _bytes(".dbf", lambda data: data[:-50]),
    "empty shp": _bytes(".shp", lambda _: b""),
    "empty dbf": _bytes(".dbf", lambda _: b""),
    "wrong cpg": _text(".cpg", "UTF-8"),
    "unknown cpg": _text(".cpg", "KLINGON"),
    "no shapefile": _bytes(".shp", lambda _: b"x" * 500),
    "damaged shp": _bytes(".shp", _patch(104, b"\xff\xff\xff\xf0")),
    "damaged line": _bytes(".shp", _patch(108, b"\x63\x00\x00\x00")),
    "damaged count": _bytes(".shp", _patch(148, b"\xff\xff\xff\x7f")),
    "damaged dbf": _bytes(".dbf", _patch(43, b"\xff")),
    "rows short": _lose_rows,
    "points": _bytes(".shp", _patch(32, b"\x01\x00\x00\x00")),
    "projected": _text(".prj", 'PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS['),
    "other datum": _text(".prj", 'GEOGCS["GCS_Beijing_1954",DATUM["D_Beijing_1954"'),
    "strange prj": _text(".prj", "somewhere in China"),
    "metres": lambda source: write_shp(source, shift=lambda lat, lon: (lat * 1e5, lon * 1e5)),
}


@pytest.mark.parametrize(
    ("how", "what", "cure"),
    [
        ("no dbf", "has no .dbf", "copy all files"),
        ("cut shp", "is cut: it has", "copy or export the shapefile again"),
        ("cut dbf", ".dbf of", "copy or export the shapefile again"),
        ("empty shp", "is empty", "copy or export the shapefile again"),
        ("empty dbf", "(it is empty)", "copy or export the shapefile again"),
        ("wrong cpg", "are not UTF-8, as the .cpg says, they are GBK", "--encoding gbk"),
        ("unknown cpg", "'KLINGON'", "--encoding gbk or utf-8"),
        ("no shapefile", "is no shapefile", "copy or export the shapefile again"),
        ("damaged shp", "damaged at its line 1", "copy or export the shapefile again"),
        ("damaged line", "is damaged", "copy or export the shapefile again"),
        ("damaged count", "is damaged", "copy or export the shapefile again"),
        ("damaged dbf", ".dbf of", "copy or export the shapefile again"),
        ("points", "holds points, not lines", "give the layer of roads"),
        ("strange prj", "cannot be understood", "say --datum"),
        ("rows short", "12 lines and its .dbf 5 rows", "copy or export the shapefile again"),
        ("projected", "CGCS2000_3_Degree_GK_CM_114E", "EPSG:4326"),
        ("other datum", "GCS_Beijing_1954", "EPSG:4326"),
        ("metres", "not degrees", "EPSG:4326"),
    ],
)
def test_a_half_broken_shapefile_gets_a_sentence_with_its_cure(kuaifan, tmp_path, how, what, cure):
    source = write_shp(tmp_path / "roads.shp", cpg="GBK")
    DAMAGE[how](source)
    before = sorted(tmp_path.iterdir())
    problem = kuaifan.refuses("city", "import", source, tmp_path / "city")
    assert what in problem
    assert cure in problem
    assert sorted(tmp_path.iterdir()) == before


def test_gbk_names_told_to_be_utf8_are_refused_and_the_other_way_round(kuaifan, tmp_path):
    gbk = write_shp(tmp_path / "gbk.shp", encoding="gbk")
    utf8 = write_shp(tmp_path / "utf8.shp", encoding="utf-8")
    for source, told, right in ((gbk, "utf-8", "gbk"), (utf8, "gbk", "utf-8")):
        problem = kuaifan.refuses("city", "import", source, tmp_path / "c", "--encoding", told)
        assert f"give --encoding {right}" in problem
    assert not (tmp_path / "c").exists()


def test_a_missing_index_is_no_loss_and_said(kuaifan, tmp_path):
    source = write_shp(tmp_path / "roads.shp")
    source.with_suffix(".shx").unlink()
    _is_whole_town(_import(kuaifan, source, tmp_path / "city"))
    assert "has no .shx" in kuaifan.said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not json", "is no GeoJSON"),
        ("[]", "is no GeoJSON"),
        ('{"type": "FeatureCollection", "features": []}', "holds no area"),
        ('{"type": "Polygon", "coordinates": [[[1, 2], [3]]]}', "areas.geojson"),
        ('{"type": "Point", "coordinates": [114, 22]}', "holds no area"),
        (
            '{"type": "Polygon", "coordinates": [[[1, 1], [2, 1], [2, 2], [1, 1]]]}',
            "no street lies in the areas",
        ),
        (
            '{"type": "Polygon", "coordinates": [[[500, 1], [900, 1], [900, 900], [500, 1]]]}',
            "not in degrees",
        ),
    ],
)
def test_a_clip_that_cannot_be_is_refused(kuaifan, town, tmp_path, text, words):
    clip = tmp_path / "areas.geojson"
    clip.write_text(text, encoding="utf-8")
    problem = kuaifan.refuses("city", "import", town.streets, tmp_path / "city", "--clip", clip)
    assert words in problem
    assert [file.name for file in tmp_path.iterdir()] == ["areas.geojson"]


def test_encoding_is_for_shapefiles_and_a_broken_zip_is_told(kuaifan, town, tmp_path):
    problem = kuaifan.refuses(
        "city", "import", town.streets, tmp_path / "city", "--encoding", "gbk"
    )
    assert "--encoding is for" in problem
    broken = tmp_path / "roads.zip"
    broken.write_bytes(b"PK\x03\x04 and no more")
    assert "damaged .zip" in kuaifan.refuses("city", "import", broken, tmp_path / "city")
