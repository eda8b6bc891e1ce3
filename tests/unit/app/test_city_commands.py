"""`kuaifan city new`, `check` and `info` as they are typed: lines, JSON and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kuaifan.app.cli import BAD_INPUT, run
from kuaifan.app.figures_text import list_figure_lines


@pytest.fixture(name="city")
def fixture_city(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert run(["city", "new", str(tmp_path / "city"), "--circles", "12", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_circles"] == 12
    return tmp_path / "city"


def test_check_says_one_line_for_each_thing_and_the_map(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["city", "check", str(city)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok     ") for line in lines[:-1])
    assert any(line.startswith("ok     circles 快反圈: 12 circles, 12 of them") for line in lines)
    assert [line.split(": ")[-1] for line in lines if "made from" in line] == [
        line.split(": ")[-1] for line in lines if "this very city" in line
    ]
    assert lines[-1] == f"{city} holds together"


def test_check_falls_short_with_the_fault_and_its_cure(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (city / "basemap.pmtiles").write_bytes(b"no map")
    (city / "places.sqlite").write_bytes(b"no places")
    (city / "sites.csv").unlink()
    assert run(["city", "check", str(city), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["ok"]
    assert [finding["file"] for finding in said["findings"]] == [
        *("sites.csv", "basemap.pmtiles", "places.sqlite")
    ]
    assert {line["what"] for line in said["lines"]} >= {"districts 区县", "desks 指挥席"}
    assert run(["city", "check", str(city)]) == 1
    out = capsys.readouterr().out
    assert "wrong  basemap 底图: basemap.pmtiles: " in out
    assert "holds together" not in out


def test_an_edit_that_is_refused_is_not_also_called_damaged(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (city / "forces.csv").read_text(encoding="utf-8")
    (city / "forces.csv").write_text(text.replace("巡特002", "巡特001"), encoding="utf-8")
    assert run(["city", "check", str(city), "--accept-edits", "--json"]) == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert ["used 2 times" in finding["text"] for finding in findings] == [True]
    (city / "forces.csv").write_text(text.replace("巡特002", "泰山002"), encoding="utf-8")
    assert run(["city", "check", str(city), "--accept-edits"]) == 0
    assert "before the last edit" in capsys.readouterr().out


def test_a_city_whose_map_is_not_drawn_yet_holds(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (city / "basemap.pmtiles").unlink()
    (city / "places.sqlite").unlink()
    assert run(["city", "check", str(city)]) == 0
    assert capsys.readouterr().out.count("none yet: run kuaifan city basemap") == 2


def test_info_prints_a_line_for_each_desk_and_district(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["city", "info", str(city)]) == 0
    out = capsys.readouterr().out
    assert "  desk_id c1, name " in out
    assert "  area_id D1, name 城中区, level district, posts " in out
    assert "circles: 12\n" in out


def test_circles_that_no_city_has_are_bad_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["city", "new", str(tmp_path / "city"), "--circles", "0"]) == BAD_INPUT
    assert "not between 1 and 500" in capsys.readouterr().err
    assert not (tmp_path / "city").exists()


def test_figures_are_said_on_one_line_each() -> None:
    figures = {"a": 1, "b": {"x": 2, "y": {"z": 3}}, "c": ["p", "q"], "d": [], "e": [{"k": "v"}]}
    assert list(list_figure_lines(figures)) == [
        *("a: 1", "b: x 2, y (z 3)", "c: p, q", "d: none", "e: 1", "  k v")
    ]
