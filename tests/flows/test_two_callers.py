"""Two callers, one place (两人报警): the desk points it out, and a person says what it is."""

import pytest
from toy_city import FIGHT, Desk, corner, image, names

from kuaifan.vocabulary.call import AnswerCall, AttachCall
from kuaifan.vocabulary.incident import MergeIncident, OpenIncident
from kuaifan.vocabulary.kinship import DismissDuplicate, LinkIncidents

DISORDER, BRAWL = FIGHT, "020101"
MARKET = corner(4, 4)
AROUND_THE_CORNER = corner(4, 4.4)


@pytest.fixture
def desk():
    desk = Desk()
    desk.on_duty("P1", "P4")
    return desk


def reported(desk, type_code, place, narrative, *, at_s):
    """A caller is answered and the incident opened; returns call, incident and record."""
    call_id = desk.rang(at_s=at_s)
    desk.do(AnswerCall(call_id=call_id, seat_id=f"S{call_id}"), at_s=at_s + 4)
    opened = OpenIncident(
        type_code=type_code, call_id=call_id, narrative=narrative, lat=place[0], lon=place[1]
    )
    record = desk.do(opened, at_s=at_s + 20)
    return call_id, record.events[0].incident_id, record


def test_the_second_call_is_pointed_out_and_joined_by_a_person(desk):
    first_call, first, _ = reported(desk, DISORDER, MARKET, "shouting at the market", at_s=10)
    order_id = desk.sent(first, "P1", at_s=40)
    second_call, second, record = reported(
        desk, BRAWL, AROUND_THE_CORNER, "people fighting by the market", at_s=60
    )
    # Another type of another caller, 80 m away and 50 s later: suggested, and nothing more.
    assert "DuplicateSuggested" in names(record)
    board = desk.board
    assert (board.incidents[first].duplicate_ids, board.incidents[second].duplicate_ids) == (
        [second],
        [first],
    )
    assert not board.incidents[first].is_over
    assert board.incidents[second].state == "queued"
    # The call-taker looks at both, joins the call and merges what is left.
    desk.do(AttachCall(call_id=second_call, incident_id=first), at_s=90)
    desk.do(MergeIncident(incident_id=second, into_incident_id=first), at_s=95)
    main, child = board.incidents[first], board.incidents[second]
    assert main.call_ids == [first_call, second_call]
    assert main.order_ids == [order_id]
    assert (main.duplicate_ids, child.duplicate_ids) == ([], [])
    assert (child.state, child.merged_into, child.narrative) == (
        "merged",
        first,
        "people fighting by the market",
    )
    assert second not in board.waiting
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_two_fights_at_one_market_stay_two(desk):
    _, first, _ = reported(desk, DISORDER, MARKET, "two drivers shouting", at_s=10)
    _, second, _ = reported(desk, BRAWL, AROUND_THE_CORNER, "stall keepers fighting", at_s=60)
    desk.do(
        DismissDuplicate(
            incident_id=second, other_incident_id=first, reason="other people, other side"
        ),
        at_s=80,
    )
    desk.do(LinkIncidents(incident_id=second, other_incident_id=first, kind="same_scene"))
    # Each gets its own unit, and the next caller is compared with both anew.
    orders = [desk.sent(first, "P1", at_s=90), desk.sent(second, "P4", at_s=91)]
    _, third, record = reported(desk, DISORDER, MARKET, "noise at the market", at_s=120)
    suggested = [e for e in record.events if type(e).__name__ == "DuplicateSuggested"]
    assert [each.other_incident_id for each in suggested] == [first, second]
    board = desk.board
    assert board.incidents[first].duplicate_ids == [third]
    assert board.incidents[first].linked_ids == [second]
    assert [board.orders[each].incident_id for each in orders] == [first, second]
    assert image(desk.engine.state) == image(desk.rebuilt())
