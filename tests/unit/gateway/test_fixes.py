"""Reports of devices onto the roads: what is in doubt is said, kept, and moves nobody."""

import pytest
from toy_city import ONE_WAY_ROW, START_MS, corner, toy_reference

from kuaifan.app.rules import new_board
from kuaifan.board.fold_positions import fold_batch
from kuaifan.gateway.fixes import FixMatcher, Marker
from kuaifan.roads import matching
from kuaifan.roads.matching import Matcher
from kuaifan.vocabulary.position import MARKS, PositionReport

STEP_MS = 10_000
UNSEEN = Marker(0, None)


@pytest.fixture(scope="module")
def roads():
    return Matcher(toy_reference().snapper)


@pytest.fixture
def fixes(roads):
    return FixMatcher(roads, lambda unit_id: UNSEEN if unit_id in {"P1", "P2"} else None)


def report(row, col, step, unit_id="P1", **more):
    """A unit by the row and column of the toy city, so many steps after the start."""
    lat, lon = corner(row, col)
    return PositionReport(
        unit_id=unit_id, lat=lat, lon=lon, at_ms=START_MS + step * STEP_MS, **more
    )


def drive(fixes, *reports):
    """The marks of reports that come one by one, each when it was made."""
    return [fixes.match([one], one.at_ms)[0][0] for one in reports]


def test_the_numbers_in_a_batch_are_those_of_map_matching():
    assert [MARKS.index(mark) for mark in ("ok", "off_road", "jump", "reversed")] == [
        matching.OK,
        matching.OFF_ROAD,
        matching.JUMP,
        matching.REVERSED,
    ]


def test_a_drive_along_a_street_is_one_batch_a_time_without_doubt(fixes):
    for step in range(4):
        answers, batch = fixes.match([report(4, 1 + step / 2, step)], START_MS + step * STEP_MS)
        assert answers == ["ok"]
        assert (batch.unit_ids, batch.doubt, batch.heading_deg) == (("P1",), (), (-1,))
    # 100 m in ten seconds, which the device did not say.
    assert batch.speed_mps == (pytest.approx(10, abs=0.1),)


def test_a_street_beside_is_not_taken_where_the_way_does_not_lead_there(fixes):
    network = toy_reference().network
    drive(fixes, *(report(4, 1 + step / 2, step) for step in range(4)))
    # 15 m north of the crossing with column 3: nearer to that street, were it alone.
    _, batch = fixes.match([report(4.075, 2.95, 4)], START_MS + 4 * STEP_MS)
    names = {network.names[int(network.name_i[arc])] for arc in batch.arc}
    assert names <= {"Row 4", "Column 3"}
    assert batch.doubt == ()


@pytest.mark.parametrize(
    ("odd", "mark"),
    [
        (report(4.5, 1.5, 3), "off_road"),
        (report(8, 8, 3), "jump"),
        (report(4, 2, 3, accuracy_m=800.0), "vague"),
        (report(4, 1.2, 1), "late"),
        (report(4, 2, 9), "future"),
    ],
)
def test_an_implausible_fix_is_kept_in_the_batch_and_moves_no_marker(fixes, odd, mark):
    board = new_board(toy_reference())
    # The second one half a step late, so that a late one has an instant of its own.
    for col, at_ms in ((1, 0), (1.5, 15_000), (2, 20_000)):
        lat, lon = corner(4, col)
        one = PositionReport(unit_id="P1", lat=lat, lon=lon, at_ms=START_MS + at_ms)
        fold_batch(board, fixes.match([one], one.at_ms)[1], one.at_ms)
    row = board.fleet.index["P1"]
    before = (board.fleet.lat[row], board.fleet.lon[row], int(board.fleet.fix_at_ms[row]))
    now_ms = START_MS + 3 * STEP_MS
    answers, batch = fixes.match([odd], now_ms)
    assert (answers, batch.doubt) == ([mark], (MARKS.index(mark),))
    assert fold_batch(board, batch, now_ms).rows == []
    assert before == (board.fleet.lat[row], board.fleet.lon[row], int(board.fleet.fix_at_ms[row]))
    # The next one of the drive is believed again.
    assert drive(fixes, report(4, 2.5, 4)) == ["ok"]


def test_against_a_one_way_street_is_marked(fixes):
    row, heads_west = ONE_WAY_ROW, {"heading_deg": 270.0, "speed_mps": 10.0}
    found = drive(fixes, *(report(row, 5 - step / 2, step, **heads_west) for step in range(4)))
    assert found[1:] == ["reversed"] * 3


def test_who_really_is_elsewhere_is_believed_with_the_second_fix(fixes):
    drive(fixes, report(4, 1, 0), report(4, 1.5, 1))
    assert drive(fixes, report(8, 7, 2), report(8, 7.4, 3)) == ["jump", "ok"]


def test_the_same_report_is_taken_once(fixes):
    one = report(4, 1, 0)
    assert fixes.match([one, one], one.at_ms)[0] == ["ok", "known"]
    assert fixes.match([one], one.at_ms) == (["known"], None)


def test_reports_kept_in_a_tunnel_are_taken_in_the_order_of_their_times(fixes):
    kept = [report(4, 1 + step / 2, step) for step in (2, 0, 1)]
    answers, batch = fixes.match(kept, START_MS + 2 * STEP_MS)
    assert answers == ["ok", "ok", "ok"]
    assert list(batch.fix_at_ms) == sorted(batch.fix_at_ms)


def test_a_unit_that_there_is_not_is_said_and_left_out(fixes):
    answers, batch = fixes.match([report(4, 1, 0, unit_id="X9"), report(4, 1, 0)], START_MS)
    assert answers == ["unknown_unit", "ok"]
    assert batch.unit_ids == ("P1",)


def test_after_a_restart_it_goes_on_from_the_marker(roads):
    marker = Marker(START_MS, corner(4, 1))
    fixes = FixMatcher(roads, lambda _: marker)
    assert drive(fixes, report(4, 1, 0), report(8, 8, 1), report(4, 1.5, 2)) == [
        *("known", "jump", "ok")
    ]


def test_what_was_lost_is_taken_again(fixes):
    one = report(4, 1, 0)
    fixes.match([one], one.at_ms)
    fixes.forget([one])
    assert fixes.match([one], one.at_ms)[0] == ["ok"]


def test_two_matchers_give_the_same_batches(roads):
    steps = [(step, unit_id) for step in range(5) for unit_id in ("P1", "P2")]
    reports = [report(4, 1 + step / 3, step, unit_id) for step, unit_id in steps]
    made = [FixMatcher(roads, lambda _: UNSEEN) for _ in range(2)]
    batches = [[fixes.match([one], one.at_ms)[1] for one in reports] for fixes in made]
    assert batches[0] == batches[1]
