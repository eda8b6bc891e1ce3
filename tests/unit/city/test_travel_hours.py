"""[travel] of city.toml: hours by letters, factors by class; a folder without it is as ever."""

import msgspec
import pytest
from small_town import make_town

from kuaifan.app.reference import make_reference
from kuaifan.city.city_toml import CITY_FILE, pack_city_toml, unpack_city_toml
from kuaifan.city.folder import read_city, read_settings
from kuaifan.city.travel_hours import CityTravel, WeekHours, find_travel_fault, read_week
from kuaifan.roads.hours import usual_week


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    return make_town(tmp_path_factory.mktemp("hours")).city


def test_a_new_city_tells_its_hours_apart_as_usual(town):
    city = read_city(town)
    assert city.travel is not None
    assert read_week(city.travel.hours) == usual_week()
    reference = make_reference(city)
    assert reference.hours is not None
    assert reference.network.profiles == ("normal", "siren", "motorcycle", "foot")


def test_a_folder_without_the_table_has_one_set_of_times_and_is_written_so(town, tmp_path):
    settings = msgspec.structs.replace(read_settings(town), travel=None)
    packed = pack_city_toml(settings)
    assert b"\n[travel" not in packed
    assert unpack_city_toml(packed, tmp_path / CITY_FILE).travel is None
    city = read_city(town)
    # The city is frozen; one made from the older folder has no table.
    older = make_reference(type(city)(**{f: getattr(city, f) for f in _FIELDS} | {"travel": None}))
    assert older.hours is None
    assert older.hour_ms("") is older.network.travel_ms


_FIELDS = [
    *("path", "meta", "targets", "network", "organisations", "posts", "units", "areas"),
    *("types_csv", "content_hash", "former_hash", "clocks", "road_order"),
]


@pytest.mark.parametrize(
    ("travel", "said"),
    [
        (CityTravel(hours=WeekHours(monday="n" * 23)), "travel.hours.monday needs 24 letters"),
        (CityTravel(hours=WeekHours(sunday="x" * 24)), "travel.hours.sunday"),
        (CityTravel(foot_kmh=80.0), "travel.foot_kmh"),
        (CityTravel(factors={"moor": {}}), "travel.factors: 'moor' is no class of road"),
        (CityTravel(motorcycle_factors={"road": {"noon": 1.0}}), "'noon' is no class of hours"),
    ],
)
def test_a_setting_that_cannot_be_is_named(travel, said):
    assert said in (find_travel_fault(travel) or "")


def test_a_crew_that_runs_is_said_so():
    assert find_travel_fault(CityTravel(foot_kmh=9.0)) is None
