"""What `city check` says of each thing it looks at, and the faults between the files."""

import json
from pathlib import Path

import pytest

from kuaifan.city.check import CheckLine, accept_edits, check_city, inspect_city
from kuaifan.city.folder import read_city
from kuaifan.city.info import city_info
from kuaifan.city.invent import invent_city
from kuaifan.city.whole_folder import CityFolderError

WHATS = [
    *("settings 配置", "targets 响应目标", "clocks 时限", "roads 路网", "forces 警力"),
    *("circles 快反圈", "areas 区域", "districts 区县", "desks 指挥席", "types 警情类别"),
    *("features 地图要素", "demand 需求面", "sites 重点部位", "order 收缩次序"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("made") / "city"
    invent_city(target, seed=1, size="small", n_circles=20, progress=lambda _: None)
    return target


@pytest.fixture
def city(made: Path, tmp_path: Path) -> Path:
    for file in made.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def find_line(city: Path, what: str) -> CheckLine:
    return next(line for line in inspect_city(city) if line.what.startswith(what))


def edit(city: Path, name: str, old: str, new: str) -> None:
    text = (city / name).read_text(encoding="utf-8")
    assert old in text
    (city / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_thing_has_its_line_and_says_what_was_found(made: Path) -> None:
    lines = inspect_city(made)
    assert [line.what for line in lines] == WHATS
    assert all(line.is_ok and line.said for line in lines)
    assert find_line(made, "circles").said == "20 circles, 20 of them manned in every shift"
    assert find_line(made, "districts").said.startswith("districts 3, counties 1")


def test_a_file_that_cannot_be_read_leaves_the_other_lines_standing(city: Path) -> None:
    (city / "areas.geojson").unlink()
    (wrong,) = [line for line in inspect_city(city) if not line.is_ok]
    assert wrong.what == "areas 区域"
    assert "is missing" in wrong.faults[0]


def test_a_wrong_setting_is_the_only_line(city: Path) -> None:
    edit(city, "city.toml", "take_grace_s = 20", "take_grace_s = -1")
    (line,) = inspect_city(city)
    assert "clocks.take_grace_s" in line.faults[0]


def test_a_district_without_a_desk_is_named(city: Path) -> None:
    edit(city, "city.toml", 'districts = ["D2"]', 'districts = ["D9"]')
    faults = find_line(city, "desks").faults
    assert "'D9' is not in areas.geojson" in faults[0]
    assert "the district D2" in faults[1]
    with pytest.raises(CityFolderError, match=r"city\.toml: desks, 'd2': the district 'D9'"):
        read_city(city)


def test_ground_without_a_district_is_named_with_the_posts_on_it(city: Path) -> None:
    document = json.loads((city / "areas.geojson").read_text(encoding="utf-8"))
    document["features"] = [one for one in document["features"] if one["id"] != "D1"]
    (city / "areas.geojson").write_text(json.dumps(document), encoding="utf-8")
    faults = [finding.text for finding in accept_edits(city)]
    assert "road nodes lie in no district" in faults[0]
    assert any(fault.startswith("post SS01") and "no district" in fault for fault in faults)
    assert any("'D1' is not in areas.geojson" in fault for fault in faults)


def test_a_city_without_a_circle_is_named(city: Path) -> None:
    text = (city / "forces.csv").read_text(encoding="utf-8")
    text = text.replace(",street_station,", ",station,").replace(",standby_post,", ",station,")
    (city / "forces.csv").write_text(text, encoding="utf-8")
    assert [finding.text for finding in accept_edits(city)] == [
        "there is no response circle: add a street_station or a standby_post"
    ]


def test_a_city_without_targets_for_ground_that_is_not_drawn_is_named(city: Path) -> None:
    edit(city, "city.toml", '"core", "urban", "suburban"', '"core", "suburban"')
    edit(city, "city.toml", "\nurban = [", "\ndowntown = [")
    assert "no row for 'urban'" in find_line(city, "targets").faults[0]


def test_a_folder_of_before_there_were_districts_holds_and_is_the_city_desks(city: Path) -> None:
    text = (city / "city.toml").read_text(encoding="utf-8")
    start, end = text.index("[[desks]]"), text.index("\n[source]")
    text = text[:start] + 'desks = ["city"]\n' + text[end:]
    start, end = text.index("\n[clocks]\n"), text.index("\n[import_report]")
    (city / "city.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    document = json.loads((city / "areas.geojson").read_text(encoding="utf-8"))
    kept = [one for one in document["features"] if one["properties"]["kind"] != "district"]
    document["features"] = kept
    (city / "areas.geojson").write_text(json.dumps(document), encoding="utf-8")
    lines = (city / "forces.csv").read_text(encoding="utf-8").splitlines()
    old = "".join(f"{line.rpartition(',')[0]}\n" for line in lines)
    (city / "forces.csv").write_text(old, encoding="utf-8")
    assert accept_edits(city) == []
    assert check_city(city) == []
    assert find_line(city, "districts").said == "none drawn: all of the city is the city desk's"
    read = read_city(city)
    assert ([desk.desk_id for desk in read.meta.desks], read.districts) == (["city"], ())
    assert all(unit.has_gps for unit in read.units)


def test_info_names_desks_districts_circles_and_who_is_on_duty(made: Path) -> None:
    figures = city_info(made)
    assert [desk["desk_id"] for desk in figures["desks"]] == ["city", "d1", "d2", "d3", "c1"]
    assert sum(district["units"] for district in figures["districts"]) == sum(
        figures["units_by_shift"].values()
    )
    assert (figures["circles"], figures["circles_manned_in_every_shift"]) == (20, 20)
    assert set(figures["units_by_kind_and_shift"]["patrol_car"]) == {"早班", "中班", "夜班"}
    assert figures["officers_a_day"] + figures["auxiliaries_a_day"] == figures["crew"]
    assert figures["units_by_radio_only"]
