"""Gates and sides: 锦绣花园东门, 学校南侧50米, and crossings however they are joined."""

import pytest

from kuaifan.geo.points import bearing_deg, distance_m
from kuaifan.store.places import open_places
from kuaifan.store.places_offset import read_offset
from kuaifan.store.places_write import PlaceDetails, write_places

ESTATE = ("锦绣花园", 32.05, 117.25)
ROWS = [
    ("解放路与丁香里交叉口", "crossing", 32.063, 117.257, 5, "", "jie fang lu", "j f l"),
    (ESTATE[0], "estate", *ESTATE[1:], 4, "城中区", "jin xiu hua yuan", "j x h y"),
    ("第三中学", "school", 32.07, 117.27, 4, "", "di san zhong xue", "d s z x"),
    ("阳光家园", "estate", 32.08, 117.28, 4, "", "yang guang jia yuan", "y g j y"),
    ("阳光家园东门", "landmark", 32.0802, 117.2815, 4, "", "yang guang jia yuan dong men", ""),
    ("解放路", "street", 32.06, 117.25, 3, "", "jie fang lu", "j f l"),
    ("淮海路", "street", 32.06, 117.26, 3, "", "huai hai lu", "h h l"),
    (
        "解放路与淮海路交叉口",
        "crossing",
        32.061,
        117.255,
        5,
        "",
        "jie fang lu huai hai lu",
        "jflhhl",
    ),
]
BOXES = {ESTATE: (32.048, 117.247, 32.052, 117.253)}


@pytest.fixture(name="places")
def fixture_places(tmp_path):
    path = tmp_path / "places.sqlite"
    write_places(path, ROWS, made_from="abc", details=PlaceDetails(boxes=BOXES))
    with open_places(path) as places:
        yield places


def moved(place, lat, lon):
    away_m = distance_m(lat, lon, to_lat=place.lat, to_lon=place.lon)
    return round(away_m), round(bearing_deg(lat, lon, to_lat=place.lat, to_lon=place.lon))


@pytest.mark.parametrize(
    ("query", "lat", "lon"),
    [
        ("锦绣花园东门", 32.05, 117.253),
        ("锦绣花园的西大门", 32.05, 117.247),
        ("锦绣花园北侧", 32.052, 117.25),
        ("锦绣花园东北门", 32.052, 117.253),
    ],
)
def test_a_gate_lies_on_the_edge_of_the_outline(places, query, lat, lon):
    gate, middle = places.find_places(query)[0], places.find_places("锦绣花园")[0]
    assert (gate.lat, gate.lon) == (pytest.approx(lat, abs=1e-5), pytest.approx(lon, abs=1e-5))
    assert gate.name.startswith("锦绣花园")
    assert gate.uncertainty_m > middle.uncertainty_m
    assert gate.confidence < middle.confidence


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("第三中学南侧", (60, 180)),
        ("第三中学南侧50米", (110, 180)),
        ("第三中学以西五十米", (110, 270)),
        ("第三中学北面约一百二十米处", (180, 0)),
        ("第三中学东 0.5公里", (560, 90)),
        ("dszx南侧", (60, 180)),
    ],
)
def test_without_an_outline_the_edge_is_guessed_and_metres_count_from_it(places, query, expected):
    found = places.find_places(query)[0]
    assert moved(found, 32.07, 117.27) == (
        pytest.approx(expected[0], abs=1),
        pytest.approx(expected[1], abs=1),
    )
    assert found.uncertainty_m > 120


def test_metres_from_a_crossing_count_from_its_middle(places):
    found = places.find_places("解放路淮海路口东侧80米")[0]
    assert moved(found, 32.061, 117.255) == (80, 90)


def test_a_gate_that_the_map_knows_comes_first(places):
    found = places.find_places("阳光家园东门")
    assert (found[0].kind, found[0].lat) == ("landmark", 32.0802)
    assert found[0].confidence == 1.0


@pytest.mark.parametrize(
    "query",
    [
        "解放路与淮海路交叉口",
        "解放路淮海路口",
        "解放路淮海路路口",
        "解放路/淮海路口",
        "解放路/淮海路",
        "丁香里解放路口",
        "淮海路解放路交叉口",
        "淮海路和解放路口附近",
    ],
)
def test_a_crossing_is_found_however_its_streets_are_joined(places, query):
    found = places.find_places(query)[0]
    assert found.kind == "crossing"
    assert found.confidence == 1.0


@pytest.mark.parametrize("text", ["东门", "解放东路", "城东", "第三中学", "南50", "", "第三中学东"])
def test_what_names_no_side_is_left_alone(text):
    assert read_offset(text) is None
