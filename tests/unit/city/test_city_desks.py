"""Desks and clocks in city.toml: both forms are read, the new one written, each fault named."""

from pathlib import Path

import pytest

from kuaifan.city.city import CityMeta
from kuaifan.city.city_toml import TARGETS, make_city_toml, pack_city_toml, unpack_city_toml
from kuaifan.city.clocks import CityClocks, list_levels, list_unsigned_s
from kuaifan.city.desks import WHOLE_CITY, CityDesk, list_ground_faults
from kuaifan.city.whole_folder import CityFolderError

COUNTY = CityDesk(
    desk_id="c1",
    name="清源县指挥席",
    kind="county",
    districts=("C1", "C2"),
    first_order_s=(40, 80, 200, 900, 900),
    response_targets_s={"urban": (400, 400, 700, 1900, 1900)},
    policy="station_first",
)
META = CityMeta(
    name="清州",
    centre_lat=32.5,
    centre_lon=117.0,
    time_zone="Asia/Shanghai",
    source="invented",
    source_sha256="",
    source_datum="wgs84",
    seed=1,
    attribution="",
    area_classes=("urban",),
    rings_min=(1.0, 3.0, 5.0),
    desks=(WHOLE_CITY, COUNTY),
    retention_days={"voice": 730},
)
TEXT = pack_city_toml(make_city_toml(META, TARGETS, {}, {})).decode()


def read(text: str):
    return unpack_city_toml(text.encode(), Path("city.toml"))


def test_desks_come_back_as_they_were_written():
    assert "[[desks]]" in TEXT
    assert read(TEXT).meta.desks == (WHOLE_CITY, COUNTY)


def test_the_first_folders_name_the_city_desk_alone():
    start, end = TEXT.index("[[desks]]"), TEXT.index("[source]")
    old = TEXT[:start] + 'desks = ["city"]\n' + TEXT[end:]
    assert read(old).meta.desks == (WHOLE_CITY,)
    with pytest.raises(CityFolderError, match=r"'d1' alone: write it as a table \[\[desks\]\]"):
        read(old.replace('["city"]', '["city", "d1"]'))


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('desk_id = "c1"', 'desk_id = "city"', "'city' is used 2 times: give each desk its own"),
        ('desk_id = "c1"', 'desk_id = "清源"', "small letters"),
        ('desk_id = "city"', 'desk_id = "hall"', "the one city desk has desk_id"),
        ('name = "清源县指挥席"', 'name = " "', "'c1' has no name"),
        ('kind = "county"', 'kind = "province"', "kind 'province' is unknown: write city,"),
        ('kind = "county"', 'kind = "city"', "no other has"),
        ('districts = ["C1", "C2"]', "districts = []", "has no ground"),
        ('districts = ["C1", "C2"]', 'districts = ["C1", "C1"]', "'C1' has 2 desks"),
        ('"station_first"', '"luck"', "policy 'luck' is unknown: write patrol_first,"),
        ("[40, 80, 200, 900, 900]", "[40, 80]", "first_order_s needs 5 whole seconds above zero"),
        ("[400, 400, 700, 1900, 1900]", "[0, 1, 2, 3, 4]", "response_targets_s.urban needs 5"),
        ("{urban = [400", "{moon = [400", "response_targets_s.moon is none of area_classes"),
        ('policy = "station_first"', 'polizei = "x"', "wrong setting"),
    ],
)
def test_a_wrong_desk_is_named_with_its_cure(old: str, new: str, reason: str):
    assert old in TEXT
    with pytest.raises(CityFolderError, match=r"city\.toml") as caught:
        read(TEXT.replace(old, new, 1))
    assert reason in str(caught.value)


def test_a_city_without_its_desk_is_named():
    start = TEXT.index("[[desks]]")
    end = TEXT.index("[[desks]]", start + 1)
    with pytest.raises(CityFolderError, match="there is no city desk: add"):
        read(TEXT[:start] + TEXT[end:])


def test_a_desk_of_ground_that_is_not_drawn_is_named():
    (fault,) = list_ground_faults((WHOLE_CITY, COUNTY), ["C1", "D1"])
    assert "'C2' is not in areas.geojson" in fault
    assert "C1, D1" in fault


def test_a_folder_without_clocks_has_those_of_the_build():
    text = TEXT[: TEXT.index("\n[clocks]\n")] + TEXT[TEXT.index("\n[import_report]") :]
    assert read(text).clocks == CityClocks()


def test_the_unsigned_clock_follows_the_time_to_sign_until_told_otherwise():
    assert "unsigned_s" not in TEXT
    assert list_unsigned_s(read(TEXT).clocks, 45) == (45, 90, 135)
    told = read(TEXT.replace("\n[clocks]\n", "\n[clocks]\nunsigned_s = [20, 50, 70]\n"))
    assert list_unsigned_s(told.clocks, 45) == (20, 50, 70)


def test_a_clock_with_one_level_needs_no_brackets():
    clocks = read(TEXT.replace("eta_passed_s = [120]", "eta_passed_s = 90")).clocks
    assert list_levels(clocks.eta_passed_s) == (90,)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("backup_s = [60, 120]", "backup_s = [60, 60]", "clocks.backup_s is [60, 60]"),
        ("backup_s = [60, 120]", "backup_s = [120, 60]", "greater than the one before"),
        ("backup_s = [60, 120]", "backup_s = [0, 60]", "above zero"),
        ("backup_s = [60, 120]", "backup_s = []", "clocks.backup_s is []"),
        ("backup_s = [60, 120]", "backup_s = [60.5, 120]", "wrong setting"),
        ("backup_s = [60, 120]", "backup_s = [60000000]", "up to 2,678,400"),
        ("backup_s = [60, 120]", "siren_s = [60, 120]", "wrong setting"),
        ("retire_hours = 48", "retire_hours = 0", "clocks.retire_hours"),
        ("queue_percent = [60, 100]", "queue_percent = [100, 60]", "clocks.queue_percent"),
        ("\n[clocks]\n", "\n[clocks]\nunsigned_s = [30, 60]\n", "clocks.unsigned_s needs 3 levels"),
    ],
)
def test_a_wrong_clock_is_named_with_its_cure(old: str, new: str, reason: str):
    assert old in TEXT
    with pytest.raises(CityFolderError, match=r"city\.toml") as caught:
        read(TEXT.replace(old, new, 1))
    assert reason in str(caught.value)
