"""Move-up (补位): who could hold a circle that a dispatch left empty, and who is sent there.

P2 at home holds the north post's circle alone; P3 and T2 stand together at the southern one.
"""

import pytest
from toy_city import FIGHT, MURDER, UNITS, Desk, corner, image

from kuaifan.vocabulary.desk import UsePolicy, Ways
from kuaifan.vocabulary.order import AssignUnit, ReportArrival
from kuaifan.vocabulary.unit import (
    EndShift,
    MoveUp,
    MoveUpSuggested,
    SetUnitStatus,
    StartShift,
    SuggestMoveUp,
)

NORTH, SOUTH = "SB-N", "SB-S"


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty("P2", "P3", "T2")
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def send(desk, unit_id, type_code=FIGHT, **more):
    """Send a unit, and return the record of it."""
    incident_id = desk.opened(type_code, corner(7, 2))
    return desk.do(AssignUnit(incident_id=incident_id, unit_id=unit_id, **more))


def suggested(record):
    return [event for event in record.events if isinstance(event, MoveUpSuggested)]


def move(unit_id, post_id=NORTH):
    return MoveUp(unit_id=unit_id, post_id=post_id, reason="empty")


def chosen(**ways):
    """A desk with a way of moving up in force, and three units on duty."""
    desk = Desk()
    desk.do(UsePolicy(policy="patrol_first", approved_by="chief", ways=Ways(**ways)))
    desk.on_duty("P2", "P3", "T2")
    return desk


# --- suggesting ------------------------------------------------------------------------------


def test_a_circle_left_empty_could_be_held_by_one_of_two_that_stand_together(desk):
    (made,) = suggested(send(desk, "P2"))
    assert (made.unit_id, made.post_id) == ("P3", NORTH)
    assert (made.n_lost_before, made.n_lost_after) == (1, 0)
    assert 180_000 < made.travel_ms <= 600_000
    assert desk.board.units["P3"].post_id == SOUTH


def test_where_nothing_is_left_empty_nobody_is_moved():
    desk = Desk()
    desk.on_duty(*UNITS)
    assert suggested(send(desk, "P2")) == []


def test_nobody_is_moved_whose_own_circle_would_be_empty_then(desk):
    desk.do(EndShift(unit_id="T2"))
    assert suggested(send(desk, "P2")) == []


def test_nobody_is_moved_where_nobody_is_free(desk):
    for unit_id in ("P3", "T2"):
        desk.do(SetUnitStatus(unit_id=unit_id, status="meal"))
    assert suggested(send(desk, "P2")) == []


def test_a_circle_somebody_is_moved_to_already_asks_for_nobody_else(desk):
    send(desk, "P2")
    desk.do(move("P3"))
    assert suggested(desk.do(SuggestMoveUp())) == []


def test_who_was_moved_up_is_not_moved_again(desk):
    send(desk, "P2")
    desk.do(move("P3", "KS-M"))
    assert {event.unit_id for event in suggested(desk.do(SuggestMoveUp()))} <= {"T2"}


def test_an_order_beside_leaves_nothing(desk):
    first = send(desk, "P2").events[0]
    desk.do(ReportArrival(order_id=first.order_id))
    assert suggested(send(desk, "P2", beside=True)) == []


def test_asked_without_a_unit_every_empty_circle_is_looked_at(desk):
    desk.do(SetUnitStatus(unit_id="P2", status="meal"))
    assert [event.post_id for event in suggested(desk.do(SuggestMoveUp()))] == [NORTH]
    assert suggested(desk.do(SuggestMoveUp(unit_id="T2"))) == []


def test_a_unit_nobody_has_seen_is_not_moved(desk):
    row = desk.board.fleet.index["P3"]
    # Its circle was held while its place was known; then nobody can say where it is.
    assert desk.board.coverage.within[row].any()
    desk.board.fleet.arc[row] = -1
    assert [event.unit_id for event in suggested(send(desk, "P2"))] == ["T2"]
    desk.board.fleet.arc[:] = desk.rebuilt().board.fleet.arc


# --- moving ----------------------------------------------------------------------------------


def test_a_unit_moved_up_stands_by_for_another_post_and_can_be_sent(desk):
    record = desk.do(move("P3"))
    assert (record.events[0].from_post_id, record.events[0].post_id) == (SOUTH, NORTH)
    unit = desk.board.units["P3"]
    assert (unit.post_id, unit.status, unit.order_id) == (NORTH, "standby", "")
    assert list(desk.board.moved_up_unit_ids) == ["P3"]
    assert send(desk, "P3").refusal is None


def test_it_goes_home_by_another_move_or_with_its_next_shift(desk):
    for unit_id in ("P3", "T2"):
        desk.do(move(unit_id))
    desk.do(move("P3", SOUTH))
    desk.do(EndShift(unit_id="T2"))
    desk.do(StartShift(unit_id="T2", n_officers=2))
    assert {desk.board.units[each].post_id for each in ("P3", "T2")} == {SOUTH}
    assert not desk.board.moved_up_unit_ids


def test_only_a_free_unit_is_moved_to_another_post_there_is(desk):
    assert desk.code(move("X9")) == "unknown_unit"
    assert desk.code(move("P3", "X9")) == "unknown_post"
    assert desk.code(move("P3", SOUTH)) == "already_there"
    send(desk, "P2", MURDER)
    assert desk.code(move("P2", SOUTH)) == "unit_not_available"
    assert desk.code(move("P1")) == "unit_not_available"


# --- the ways in force -----------------------------------------------------------------------


def test_a_desk_that_moves_nobody_up_is_offered_nobody():
    assert suggested(send(chosen(move_up="none"), "P2")) == []


@pytest.mark.parametrize(("way", "posts"), [("circles", []), ("all_circles", [NORTH])])
def test_by_all_circles_one_that_was_empty_before_is_filled_too(way, posts):
    desk = chosen(move_up=way)
    desk.on_duty("S1")
    desk.do(EndShift(unit_id="P2"))
    assert [made.post_id for made in suggested(send(desk, "S1"))] == posts


def test_by_coverage_somebody_goes_to_where_one_more_adds_most():
    """The middle post holds other circles beside its own; the north post holds its own alone."""
    (made,) = suggested(send(chosen(move_up="dmexclp"), "P2"))
    assert (made.unit_id in {"P3", "T2"}, made.post_id) == (True, "KS-M")


def test_a_unit_that_moved_its_share_is_left_alone_for_eight_hours():
    desk = chosen(per_unit=1)
    send(desk, "P2")
    for unit_id in ("P3", "T2"):
        desk.do(move(unit_id))
        desk.do(move(unit_id, SOUTH))
    assert suggested(desk.do(SuggestMoveUp())) == []
    later_s = desk.now_s + 8 * 3_600 + 1
    assert len(suggested(desk.do(SuggestMoveUp(), at_s=later_s))) == 1


def test_all_together_are_moved_no_oftener_than_the_cap_of_the_shift():
    for most, n in ((1, 0), (2, 1)):
        desk = chosen(per_shift=most)
        send(desk, "P2")
        desk.do(move("P3"))
        desk.do(move("P3", SOUTH))
        assert len(suggested(desk.do(SuggestMoveUp()))) == n
        assert image(desk.rebuilt()) == image(desk.engine.state)
