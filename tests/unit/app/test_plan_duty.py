"""`plan grids`, `plan patrol` and `plan roster` on a small town: whole files, or words."""

import csv
import json

import msgspec
import numpy as np
import pytest
from small_town import SOUTH, STEP_DEG, WEST, make_town

from kuaifan.app.cli import run
from kuaifan.city.check import accept_edits
from kuaifan.city.demand_file import Demand, pack_demand
from kuaifan.city.folder import read_city

PLACES = "name,tier,lat,lon\nsquare,1,22.506,114.006\nlane,3,22.521,114.016\nyard,4,22.51,114.02\n"


def a_demand():
    """Six by six cells about the crossings, the middle ones busier."""
    side = np.arange(6) * STEP_DEG
    lat, lon = np.repeat(SOUTH + side, 6), np.tile(WEST + side, 6)
    busy = 12 - 2 * (np.abs(lat - lat.mean()) + np.abs(lon - lon.mean())) / STEP_DEG
    night = np.where(np.arange(168) % 24 < 8, 1.0, 3.0)
    return Demand(
        cell_m=556.0,
        lat=lat,
        lon=lon,
        population=np.full(36, 1_000, np.float32),
        weekly=busy[:, None].astype(np.float32),
        shape=(night / night.sum())[None].astype(np.float32),
        variance_to_mean=1.5,
        effective_share=0.25,
        classes=("road",),
    )


@pytest.fixture(scope="module")
def bare_city(tmp_path_factory):
    return make_town(tmp_path_factory.mktemp("bare")).city


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    city = make_town(tmp_path_factory.mktemp("town")).city
    (city / "demand.npz").write_bytes(pack_demand(a_demand()))
    assert accept_edits(city) == []
    return city


@pytest.fixture
def plan(capsys):
    """Run one `plan` command: its code, and what was said."""

    def ask(*arguments):
        code = run(["plan", *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return ask


def rows_of(file):
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_a_town_is_divided_and_its_crews_patrol_their_grids(plan, city, tmp_path):
    cells, stops, places = (tmp_path / name for name in ("g.csv", "p.csv", "places.csv"))
    code, said = plan("grids", "--city", city, "-o", cells, "--n", 3, "--tolerance", "0.2")
    assert code == 0, said
    rows = rows_of(cells)
    assert len(rows) == 36
    assert {row["grid"] for row in rows} == {"0", "1", "2"}
    assert sum(float(row["work"]) for row in rows) == pytest.approx(a_demand().weekly.sum(), 1e-3)
    places.write_text(PLACES, encoding="utf-8")
    shift = read_city(city).units[0].shift.name
    code, said = plan(
        "patrol", "--city", city, "-o", stops, "--shift", shift, "--places", places, "--json"
    )  # fmt: skip
    figures = msgspec.json.decode(said)
    assert (code, figures["n_places"], figures["n_visits"]) == (0, 3, 5)
    assert sorted(row["place"] for row in rows_of(stops)) == ["lane", *["square"] * 3, "yard"]
    code, said = plan(
        "patrol", "--city", city, "-o", tmp_path / "p.geojson", "--shift", shift,
        "--places", places, "--grids", cells,
    )  # fmt: skip
    drawn = json.loads((tmp_path / "p.geojson").read_text(encoding="utf-8"))
    made = len(drawn["features"])
    assert (code == 0) == (made == 5)
    assert "tier 1: " in said


def test_grids_are_drawn_as_ground_and_keep_locked_cells(plan, city, tmp_path):
    locks, drawn = tmp_path / "locks.csv", tmp_path / "g.geojson"
    locks.write_text(f"lat,lon,grid\n{SOUTH},{WEST},1\n", encoding="utf-8")
    code, _ = plan("grids", "--city", city, "-o", drawn, "--n", 2, "--locked", locks)
    grounds = json.loads(drawn.read_text(encoding="utf-8"))["features"]
    assert code == 0
    assert [each["properties"]["grid"] for each in grounds] == [0, 1]
    assert sum(each["properties"]["cells"] for each in grounds) == 36
    corners = np.array(grounds[1]["geometry"]["coordinates"][0])
    assert corners[:, 0].min() < WEST < corners[:, 0].max()
    assert corners[:, 1].min() < SOUTH


def test_a_roster_is_made_from_the_calls_of_a_week(plan, city, tmp_path):
    roster, hours = tmp_path / "r.csv", tmp_path / "h.csv"
    code, said = plan("roster", "--city", city, "-o", roster, "--hours", hours)
    assert code == 0, said
    weeks, by_hour = rows_of(roster), rows_of(hours)
    assert f"{len(weeks)} crews" in said
    assert len(by_hour) == 168
    assert all(int(row["on_duty"]) >= int(row["need"]) >= 1 for row in by_hour)
    assert sum(float(row["incidents"]) for row in by_hour) == pytest.approx(
        a_demand().weekly.sum(), 1e-2
    )
    names = {shift for week in weeks for shift in list(week.values())[2:]} - {""}
    assert names <= {unit.shift.name for unit in read_city(city).units}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grids", "-o", "{tmp}/g.txt"), "is of no known form: let its name end in .csv or"),
        (("grids", "-o", "{tmp}/g.csv", "--n", "99"), "99 grids are asked for: there are 36"),
        (("grids", "-o", "{tmp}/g.csv", "--locked", "{tmp}/no.csv"), "there is no file"),
        (("grids", "-o", "{tmp}/g.csv", "--locked", "{tmp}/bad.csv"), "has no column lat"),
        (("grids", "-o", "{tmp}/g.csv", "--locked", "{tmp}/text.csv"), "are to be numbers"),
        (("grids", "-o", "{tmp}/g.csv", "--locked", "{tmp}/two.csv"), "to the grids 0 and 1"),
        (("roster", "-o", "{tmp}/r.csv", "--crews", "1"), "1 crews are not enough"),
        (("roster", "-o", "{tmp}/r.csv", "--week-hours", "2"), "the rules of rest allow none"),
        (("roster", "-o", "{tmp}/r.csv", "--shifts", "{tmp}/bad.csv"), "is no list of DutyShift"),
        (("roster", "-o", "{tmp}/r.csv", "--shifts", "{tmp}/no.json"), "there is no file"),
        (("roster", "-o", "{tmp}/r.csv", "--hours", "{tmp}/h.txt"), "let its name end in .csv"),
        (("patrol", "-o", "{tmp}/p.csv", "--shift", "never"), "no unit works a shift 'never'"),
        (("patrol", "-o", "{tmp}/p.csv", "--shift", "{shift}"), "names no key sites"),
        (
            ("patrol", "-o", "{tmp}/p.csv", "--shift", "{shift}", "--places", "{tmp}/off.csv"),
            "line 2: 95, 114 is off the globe",
        ),
        (
            ("patrol", "-o", "{tmp}/p.csv", "--shift", "{shift}", "--places", "{tmp}/twice.csv"),
            "names 'a' twice",
        ),
        (
            ("patrol", "-o", "{tmp}/p.csv", "--shift", "{shift}", "--places", "{tmp}/tier.csv"),
            "place a is of tier 9",
        ),
    ],
)
def test_what_cannot_be_is_answered_and_nothing_written(plan, city, tmp_path, arguments, words):
    (tmp_path / "bad.csv").write_text("x,y\n1,2\n", encoding="utf-8")
    (tmp_path / "text.csv").write_text("lat,lon,grid\nhere,there,0\n", encoding="utf-8")
    (tmp_path / "two.csv").write_text("lat,lon,grid\n22.5,114,0\n22.5,114,1\n", encoding="utf-8")
    for name, row in (("off", "a,1,95,114"), ("twice", "a,1,22.5,114\na,1,22.5,114"),
                      ("tier", "a,9,22.5,114")):  # fmt: skip
        (tmp_path / f"{name}.csv").write_text(f"name,tier,lat,lon\n{row}\n", encoding="utf-8")
    shift = read_city(city).units[0].shift.name
    before = sorted(tmp_path.iterdir())
    named = [each.format(tmp=tmp_path, shift=shift) for each in arguments]
    code, said = plan(*named, "--city", city)
    assert code == 2
    assert words in said
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("command", ["grids", "roster"])
def test_a_city_without_demand_says_how_to_get_it(plan, bare_city, tmp_path, command):
    code, said = plan(command, "--city", bare_city, "-o", tmp_path / "x.csv")
    assert code == 2
    assert "has no demand.npz: learn one with kuaifan plan demand" in said
