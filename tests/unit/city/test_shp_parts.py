"""The parts of a shapefile read on their own: rows and codes, encodings, .prj, near misses."""

import numpy as np
import pytest

from kuaifan.city.pbf_blocks import DamagedMapError
from kuaifan.city.shp_fields import FUNCTION_CLASS, NAVINFO_KIND, WORDS
from kuaifan.city.shp_nodes import join_lines
from kuaifan.city.shp_prj import says_wgs84
from kuaifan.city.shp_row import (
    find_columns,
    find_provider,
    read_class,
    read_direction,
    read_name,
    read_speed_kmh,
    read_way_id,
)
from kuaifan.city.shp_text import choose_encoding
from kuaifan.geo.datums import Datum
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.network import ROAD_CLASSES

METRE = 1.0 / 111_195.0


def _ask(read, row, *more):
    return read(row, find_columns(tuple(row)), *more)


@pytest.mark.parametrize(
    ("row", "highway"),
    [
        ({"fclass": "motorway_link"}, "motorway_link"),
        ({"highway": "track"}, "track"),
        ({"kind": "0001"}, "motorway"),
        ({"kind": "000b"}, "motorway_link"),
        ({"kind": "0102|0801"}, "trunk"),
        ({"kind": "0a01"}, "ferry"),
        ({"kind": "0b01"}, "footway"),
        ({"kind": "7701"}, None),
        ({"roadclass": "44000"}, "primary"),
        ({"roadclass": "45000.0"}, "secondary"),
        ({"fc": "4"}, "tertiary"),
        ({"type": "4"}, None),
        ({"道路等级": "主干路"}, "primary"),
        ({"类别": "小区道路"}, "living_street"),
        ({"type": "residential"}, "residential"),
        ({"kind": "", "fc": "5"}, "residential"),
        ({"name": "x"}, None),
    ],
)
def test_a_class_is_understood(row, highway):
    assert _ask(read_class, row) == highway


def test_every_class_of_the_tables_is_a_road_class_or_a_thing_no_car_drives():
    no_road = {"ferry", "footway", "pedestrian", "cycleway", "track", "railway"}
    for table in (NAVINFO_KIND, FUNCTION_CLASS, WORDS):
        assert set(table.values()) <= set(ROAD_CLASSES) | no_road


@pytest.mark.parametrize(
    ("row", "direction"),
    [
        *(
            ({"direction": code}, way)
            for code, way in zip("01234", (0, 0, 1, -1, None), strict=True)
        ),
        *(({"oneway": word}, way) for word, way in zip("FTB", (1, -1, 0), strict=True)),
        ({"oneway": "yes"}, 1),
        ({"oneway": "no"}, 0),
        ({"oneway": "-1"}, -1),
        ({"oneway": "1"}, 1),
        ({"oneway": "True"}, 1),
        ({"oneway": "reversible"}, None),
        ({"direction": "2.0"}, 1),
        ({"通行方向": "逆方向"}, -1),
        ({"oneway": "", "direction": "3"}, -1),
        ({"oneway": ""}, 0),
    ],
)
def test_a_direction_is_understood(row, direction):
    assert _ask(read_direction, row, {"highway": "residential"}) == direction


def test_a_direction_that_is_not_given_follows_the_rules_of_openstreetmap():
    assert _ask(read_direction, {"oneway": ""}, {"highway": "motorway"}) == 1
    assert _ask(read_direction, {}, {"highway": "primary", "junction": "roundabout"}) == 1
    with pytest.raises(KeyError, match="sometimes"):
        _ask(read_direction, {"oneway": "sometimes"}, {"highway": "primary"})


@pytest.mark.parametrize(
    ("row", "kmh"),
    [
        ({"speed": "60"}, 60.0),
        ({"maxspeed": "0"}, None),
        ({"maxspeed": "30 mph"}, 48.28032),
        ({"spdlmts2e": "600", "spdlmte2s": "500"}, 50.0),
        ({"spdlmts2e": "", "spdlmte2s": "400"}, 40.0),
        ({"spdlmts2e": "", "spdlmte2s": "", "speedclass": "6"}, 30.0),
        ({"spdlmts2e": "800", "speedclass": "6"}, 80.0),
        ({"speed": "fast"}, None),
    ],
)
def test_a_speed_is_understood(row, kmh):
    found = _ask(read_speed_kmh, row)
    assert found == (kmh if kmh is None else pytest.approx(kmh))


def test_the_chinese_name_comes_first_and_the_number_last():
    row = {"ref": "G312", "name": "Chang'an Ave", "name_chn": "长安街"}
    assert _ask(read_name, row) == "长安街"
    assert _ask(read_name, row | {"name_chn": "-"}) == "Chang'an Ave"
    assert _ask(read_name, row | {"name_chn": "", "name": ""}) == "G312"
    assert _ask(read_way_id, {"osm_id": "42"}, 7) == 42
    assert _ask(read_way_id, {"link_id": "ab-1"}, 7) == 8


def test_a_provider_is_known_by_its_columns():
    assert "四维图新" in find_provider(["kind", "snodeid", "enodeid", "direction"])
    assert find_provider(["kind", "direction", "name"]) == ""


def _choose(texts, encoding, **how):
    raw = [text.encode(encoding) for text in texts]
    how = {"told": None, "cpg": None} | how
    chosen = choose_encoding("r.shp", raw, **how)
    return chosen.word, [chosen.read(text) for text in raw]


NAMES = ["人民路", "解放大街", "中山西路", "长江㙍道"]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_the_encoding_is_found_by_trying(encoding):
    word, names = _choose(NAMES, encoding)
    assert word == {"gb18030": "GBK", "utf-8": "UTF-8"}[encoding]
    assert names == NAMES
    assert _choose(["Main St"], encoding)[0] == "plain ASCII"


def test_a_name_cut_in_the_middle_of_a_character_keeps_the_rest():
    for encoding, n_bytes in (("gbk", 5), ("utf-8", 7)):
        raw = ["解放大街".encode(encoding)[:n_bytes], "人民路".encode(encoding)]
        chosen = choose_encoding("r.shp", raw, told=None, cpg=None)
        assert [chosen.read(text) for text in raw] == ["解放", "人民路"]


@pytest.mark.parametrize(
    ("encoding", "how", "right"),
    [
        ("gbk", {"cpg": b"UTF-8"}, "--encoding gbk"),
        ("utf-8", {"cpg": b"GBK"}, "--encoding utf-8"),
        ("gbk", {"cpg": b"ISO-8859-1"}, "--encoding gbk"),
        ("utf-8", {"cpg": b"1252"}, "--encoding utf-8"),
        ("utf-8", {"cpg": b"ANSI 1252"}, "--encoding utf-8"),
        ("gbk", {"told": "utf-8"}, "--encoding gbk"),
        ("utf-8", {"told": "gbk"}, "--encoding utf-8"),
        ("gbk", {"cpg": b"a\x00b"}, "--encoding gbk or utf-8"),
        ("gbk", {"cpg": b"hex"}, "--encoding gbk or utf-8"),
    ],
)
def test_a_wrong_encoding_is_named_with_the_right_one(encoding, how, right):
    with pytest.raises(BadInputError, match=right):
        _choose(NAMES[:3], encoding, **how)


def test_western_names_in_a_western_code_page_are_believed():
    word, names = _choose(
        ["Rua São João", "Praça da Sé", "Avenida Ipê"], "latin-1", cpg=b"ISO-8859-1"
    )
    assert (word, names[0]) == ("ISO-8859-1", "Rua São João")
    with pytest.raises(BadInputError, match="neither UTF-8 nor GBK"):
        choose_encoding("r.shp", [b"\xff\xff\xff"], told=None, cpg=None)


def test_a_prj_says_wgs84_or_nothing_or_is_refused():
    assert says_wgs84("r.shp", b'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"')
    assert says_wgs84("r.shp", b'GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_Ch"')
    assert says_wgs84("r.shp", b'GEOGCRS["WGS 84",ENSEMBLE["World Geodetic System 1984 ensemble"')
    assert not says_wgs84("r.shp", None)
    assert not says_wgs84("r.shp", b" \n")
    with pytest.raises(DamagedMapError, match="GCS_Xian_1980"):
        says_wgs84("r.shp", b'GEOGCS["GCS_Xian_1980",DATUM["D_Xian_1980"')


def _join(*lines):
    """Lines of (east_m, north_m) on the equator, where a degree is as long both ways."""
    return join_lines(
        [np.array([(east * METRE, north * METRE) for east, north in line]) for line in lines],
        Datum.WGS84,
    )


def test_lines_meet_where_their_coordinates_are_equal_also_in_the_middle():
    met = _join([(0, 0), (50, 0), (100, 0)], [(50, 0), (50, 80)])
    assert len(met.node_lat) == 4
    assert met.lines[0][1] == met.lines[1][0]
    assert met.n_snapped == 0


def test_a_loose_end_is_put_on_the_nearest_end_within_half_a_metre():
    met = _join([(0, 0), (100, 0)], [(100.4, 0), (200, 0)])
    assert met.lines[0][1] == met.lines[1][0]
    assert met.n_snapped == 1
    far = _join([(0, 0), (100, 0)], [(100.6, 0), (200, 0)])
    assert far.lines[0][1] != far.lines[1][0]
    assert far.n_snapped == 0


def test_firm_crossings_and_the_ends_of_one_short_street_are_left_alone():
    # Two crossings 0.4 m apart, each of two lines that meet: nothing is loose.
    crossings = [[(0, 0), (100, 0)], [(100, 0), (100, 50)], [(100.4, 0), (200, 0)],
                 [(100.4, 0), (100.4, -50)]]  # fmt: skip
    assert _join(*crossings).n_snapped == 0
    assert _join([(0, 0), (0.3, 0)], [(50, 0), (60, 0)]).n_snapped == 0
    # A loose end between them goes to the nearer; the two stay two.
    met = _join(*crossings, [(100.15, 0.1), (150, 90)])
    assert met.n_snapped == 1
    assert met.lines[4][0] == met.lines[0][1] != met.lines[2][0]
