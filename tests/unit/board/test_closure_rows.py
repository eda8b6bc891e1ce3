"""Closures on the screens (封路行): their streets as lines, for everybody, while they stand."""

import pytest
from toy_city import UNITS, corner
from watched_desk import Watched

from kuaifan.board.versions import version_of
from kuaifan.vocabulary import road
from kuaifan.web.viewer import Viewer

ROW_4 = tuple(corner(4, col) for col in range(4, 8))
TOLD = {"reason": "burst pipe", "by": "Sun", "minutes": 60}


@pytest.fixture
def desk():
    made = Watched()
    made.on_duty(*UNITS)
    return made


def test_a_closure_shows_its_street_once_as_one_line_until_it_is_opened(desk):
    record = desk.do(road.CloseRoad(points=ROW_4, **TOLD))
    row = desk.row("closures", "R1")
    assert (row.percent, row.reason, row.by, row.both_ways) == (0, "burst pipe", "Sun", True)
    assert row.seq == record.seq
    assert row.points == ROW_4
    assert len(record.events[0].arcs) == 2 * sum(len(line) - 1 for line in row.lines)
    lons = [lon for line in row.lines for _lat, lon in line]
    assert min(lons) <= ROW_4[0][1] + 1e-6
    assert max(lons) >= ROW_4[-1][1] - 1e-6
    assert desk.seen == desk.fresh()
    desk.do(road.OpenRoad(closure_id="R1", by="Sun"))
    assert desk.keys("closures") == []


def test_it_leaves_the_screens_when_it_runs_out(desk):
    desk.do(road.SlowRoad(points=ROW_4, percent=40, **{**TOLD, "minutes": 10}))
    assert desk.row("closures", "R1").percent == 40
    desk.pass_time(desk.now_s + 600)
    assert desk.keys("closures") == []


def test_one_direction_only_is_said(desk):
    desk.do(road.CloseRoad(points=ROW_4, both_ways=False, **TOLD))
    assert not desk.row("closures", "R1").both_ways


def test_two_stretches_apart_are_two_lines(desk):
    desk.do(road.CloseRoad(points=ROW_4[:2], **TOLD))
    desk.do(road.CloseRoad(points=(corner(1, 1), corner(1, 2)), **TOLD))
    first, second = desk.row("closures", "R1"), desk.row("closures", "R2")
    assert first.lines != second.lines
    assert desk.seen == desk.fresh()


def test_every_crew_and_every_desk_sees_it(desk):
    desk.do(road.CloseRoad(points=ROW_4, **TOLD))
    shown = desk.seen["closures", "R1"]
    assert all(Viewer(role, "P1").sees(shown) for role in ("crew", "dispatcher", "wall"))
    assert not Viewer("crew", "P1").sees(desk.seen["units", "P2"])


def test_the_version_of_an_opening_is_the_record_that_closed(desk):
    record = desk.do(road.CloseRoad(points=ROW_4, **TOLD))
    assert version_of(desk.board, road.OpenRoad(closure_id="R1", by="Sun")) == record.seq


def test_a_rebuilt_board_shows_the_same_row(desk):
    desk.do(road.CloseRoad(points=ROW_4, **TOLD))
    assert desk.rebuilt().board.closures == desk.board.closures
