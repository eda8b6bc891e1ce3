"""Wrong characters of the same sound (同音字): below what was typed, above what was guessed."""

import pytest

from kuaifan.city.places_build import spell
from kuaifan.city.places_sounds import list_readings
from kuaifan.store.places import open_places
from kuaifan.store.places_write import PlaceDetails, write_places

NAMES = [
    ("解放路", "street"),
    ("解放北路", "street"),
    ("淮海路", "street"),
    ("重庆路", "street"),
    ("怀远县医院", "hospital"),
    ("天天KTV", "leisure"),
    ("淮海大药房", "pharmacy"),
]
NUMBERS = [("淮海路", 0, 86, 32.0, 117.0), ("淮海路", 0, 90, 32.0, 117.002)]


@pytest.fixture(name="places", scope="module")
def fixture_places(tmp_path_factory):
    path = tmp_path_factory.mktemp("places") / "places.sqlite"
    rows = [
        (name, kind, 32.0 + i / 100, 117.0, 3, "", *spell(name))
        for i, (name, kind) in enumerate(NAMES)
    ]
    spelt = " ".join(spell(name)[0] for name in ("解放路", "淮海路"))
    rows.append(("解放路与淮海路交叉口", "crossing", 32.5, 117.0, 5, "", spelt, "j f l h h l"))
    details = PlaceDetails(numbers=NUMBERS, sounds=list_readings())
    write_places(path, rows, made_from="abc", details=details)
    with open_places(path) as places:
        yield places


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("解放陆", "解放路"),
        ("姐放路", "解放路"),
        ("接方路", "解放路"),
        ("怀海路", "淮海路"),
        ("怀海", "淮海路"),
        ("虫庆路", "重庆路"),
        ("怀远线医院", "怀远县医院"),
        ("田田ktv", "天天KTV"),
        ("街放路与怀海路", "解放路与淮海路交叉口"),
        ("怀海路与解放陆路口", "解放路与淮海路交叉口"),
    ],
)
def test_a_name_is_found_by_its_sound(places, query, name):
    found = places.find_places(query)
    assert found[0].name == name
    assert 0.5 < found[0].confidence < 0.7


def test_what_was_typed_comes_before_what_only_sounds_so(places):
    found = [place.name for place in places.find_places("怀远")]
    assert found == ["怀远县医院"]
    full, heard = places.find_places("淮海路")[0], places.find_places("怀海路")[0]
    assert full.name == heard.name
    assert full.confidence == 1.0


def test_what_sounds_so_comes_before_a_name_with_one_character_wrong(places):
    heard = places.find_places("解放北陆")[0]
    wrong = places.find_places("解放北街")[0]
    assert (heard.name, wrong.name) == ("解放北路", "解放北路")
    assert heard.confidence > wrong.confidence


def test_a_house_is_found_on_a_street_that_sounds_so(places):
    known, between = places.find_places("怀海路90号")[0], places.find_places("怀海路88号")[0]
    assert (known.name, known.lon, known.kind) == ("淮海路90号", 117.002, "house_number")
    assert (between.name, between.lon) == ("淮海路88号", 117.001)
    assert between.confidence < known.confidence < 0.7


def test_what_sounds_like_nothing_here_is_not_found(places):
    assert places.find_places("西藏路") == []


def test_every_character_that_people_type_has_its_usual_reading_first():
    readings = list_readings()
    assert len(readings) == 6763
    assert readings["重"].split() == ["zhong", "chong", "tong"] or "chong" in readings["重"]
    assert (readings["路"].split()[0], readings["陆"].split()[0]) == ("lu", "lu")
