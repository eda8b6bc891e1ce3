"""From a city folder to what the rules look up: desks, districts, clocks, crews without GPS."""

from __future__ import annotations

from pathlib import Path

import pytest

from kuaifan.app.city_card import make_city_card
from kuaifan.app.reference import make_reference
from kuaifan.board.reference import Clocks, Reference
from kuaifan.city.areas import find_district
from kuaifan.city.city import City
from kuaifan.city.folder import read_city
from kuaifan.city.invent import invent_city


@pytest.fixture(name="folder", scope="module")
def fixture_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("reference") / "city"
    invent_city(target, seed=1, size="small", progress=lambda _: None)
    return target


@pytest.fixture(name="city", scope="module")
def fixture_city(folder: Path) -> City:
    return read_city(folder)


@pytest.fixture(name="reference", scope="module")
def fixture_reference(city: City) -> Reference:
    return make_reference(city)


def test_a_unit_is_the_desks_in_whose_district_its_home_stands(
    city: City, reference: Reference
) -> None:
    homes = {post.post_id: post for post in city.posts}
    for unit in city.units:
        home = homes[unit.home_post_id]
        district = find_district(city.districts, lat=home.lat, lon=home.lon)
        assert district is not None
        profile = reference.units[unit.unit_id]
        assert profile.desk_id == district.area_id.lower()
        assert (profile.admin_parent, profile.has_gps) == (unit.admin_parent, unit.has_gps)
    assert {profile.desk_id for profile in reference.units.values()} == {"d1", "d2", "d3", "c1"}
    assert not all(profile.has_gps for profile in reference.units.values())


def test_a_place_is_found_in_its_district_with_its_desk(city: City, reference: Reference) -> None:
    post = next(post for post in city.posts if post.kind == "station")
    district = find_district(city.districts, lat=post.lat, lon=post.lon)
    assert district is not None
    place = reference.place(post.lat, post.lon)
    assert (place.district, place.desk_id) == (district.area_id, district.area_id.lower())


def test_clocks_that_nobody_changed_are_those_of_the_board(reference: Reference) -> None:
    assert reference.clocks == Clocks()


def test_clocks_and_desks_of_the_folder_hold(folder: Path, tmp_path: Path) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    text = (folder / "city.toml").read_text(encoding="utf-8")
    for old, new in (
        ("sign_s = 30", "sign_s = 20"),
        ("emergency_s = [15, 30, 60]", "emergency_s = [10, 25]"),
        ("queue_percent = [60, 100]", "queue_percent = [50]"),
        ("retire_hours = 48", "retire_hours = 24"),
        ("take_grace_s = 20", "take_grace_s = 5"),
        (
            'districts = ["C1"]',
            (
                'districts = ["C1"]\nfirst_order_s = [40, 80, 200, 900, 900]\n'
                'policy = "nearest"\nresponse_targets_s = {rural = [900, 900, 1000, 1100, 1200]}'
            ),
        ),
    ):
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    reference = make_reference(read_city(tmp_path))
    clocks = reference.clocks
    assert clocks.unsigned_ms == (20_000, 40_000, 60_000)
    assert (clocks.emergency_ms, clocks.queue_permille) == ((10_000, 25_000), (500,))
    assert (clocks.retire_ms, clocks.take_grace_ms) == (86_400_000, 5_000)
    assert reference.desks["c1"].policy == "nearest"
    assert reference.target_ms(1, "rural", "c1") == 900_000
    assert reference.target_ms(1, "rural", "d1") == 1_200_000
    assert reference.target_ms(1, "urban", "c1") == 300_000
    assert [reference.first_order_ms(1, desk) for desk in ("c1", "city")] == [40_000, 30_000]


def test_the_card_names_desks_and_districts(city: City, reference: Reference) -> None:
    card = make_city_card(city, reference)
    assert [desk["desk_id"] for desk in card["desks"]] == ["city", "d1", "d2", "d3", "c1"]
    assert [one["level"] for one in card["districts"]] == ["district"] * 3 + ["county"]
