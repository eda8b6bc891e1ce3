"""House numbers: known, between known ones on the same side, or only the street."""

import pytest

from kuaifan.store.places import open_places
from kuaifan.store.places_house import HouseAsked, read_house
from kuaifan.store.places_write import PlaceDetails, write_places

ROWS = [
    ("淮海路", "street", 32.0, 117.05, 3, "城中区", "huai hai lu", "h h l"),
    ("解放路", "street", 32.1, 117.05, 3, "城中区", "jie fang lu", "j f l"),
]
NUMBERS = [
    ("淮海路", 0, 80, 32.0, 117.000),
    ("淮海路", 0, 90, 32.0, 117.002),
    ("淮海路", 0, 85, 32.0001, 117.001),
    ("淮海路", 0, 190, 32.0, 117.102),
]


@pytest.fixture(name="places")
def fixture_places(tmp_path):
    path = tmp_path / "places.sqlite"
    write_places(path, ROWS, made_from="abc", details=PlaceDetails(numbers=NUMBERS))
    with open_places(path) as places:
        yield places


@pytest.mark.parametrize(
    "query", ["淮海路90号", "淮海路９０号", "淮海路 90 号3栋201室", "淮海路90"]
)
def test_a_known_number_is_the_house(places, query):
    house = places.find_places(query)[0]
    assert (house.kind, house.lat, house.lon) == ("house_number", 32.0, 117.002)
    assert (house.confidence, house.uncertainty_m) == (1.0, 15.0)


def test_a_number_between_two_of_its_side_lies_between_them(places):
    house = places.find_places("淮海路88号")[0]
    assert (house.name, house.lat, house.lon) == ("淮海路88号", 32.0, 117.0016)
    assert house.uncertainty_m == pytest.approx(94.3, abs=0.5)
    assert 0.5 < house.confidence < 1.0


def test_a_number_without_its_side_lies_between_any_two_and_less_surely(places):
    other = places.find_places("淮海路87号")[0]
    assert other.kind == "house_number"
    assert 117.001 < other.lon < 117.002
    assert other.confidence < places.find_places("淮海路88号")[0].confidence


@pytest.mark.parametrize("query", ["淮海路120号", "淮海路12号", "淮海路999号", "解放路88号"])
def test_an_unknown_number_is_only_somewhere_on_the_street(places, query):
    found = places.find_places(query)[0]
    assert found.kind == "street"
    assert found.confidence <= 0.4
    assert found.uncertainty_m >= 400.0


def test_a_text_is_read_as_a_house_or_not():
    assert read_house("淮海路88号") == HouseAsked("淮海路", "淮海路", 88)
    assert read_house("西大街附12号") == HouseAsked("西大街", "西大街", 12)
    for text in ("淮海路", "", "88号", "LD-0123x"):
        assert read_house(text) is None
