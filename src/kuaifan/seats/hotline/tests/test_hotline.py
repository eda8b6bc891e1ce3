"""Hand-overs with 12345 and the departments: offered, signed for, answered, and nobody's never."""

import pytest
from hotline_acts import (
    LAMP,
    NOISE,
    PROTECTED,
    D,
    H,
    accept,
    again,
    agree,
    answer,
    close,
    decide,
    give_back,
    inbound,
    keep,
    offer,
    offered,
    ring,
    start,
    talk_by_three,
    urge,
)
from seat_life import off_the_board
from toy_city import START_MS, Desk, corner, image, names

from kuaifan.board.day_tally import day_of
from kuaifan.seats.hotline import words
from kuaifan.seats.hotline.views import list_told
from kuaifan.vocabulary import agency, alarm, talk
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.seat_archive import RetireSeatPapers


@pytest.fixture(name="desk")
def fixture_desk():
    made = Desk()
    made.on_duty("P1", "P2")
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def ticket(desk, ticket_id):
    return desk.board.seats["hotline"].tickets[ticket_id]


def owed(desk):
    own = (item for item in desk.board.items.values() if item.seat_id == "hotline")
    return sorted((item.kind, item.stage) for item in own)


def raised(records):
    events = (event for record in records for event in record.events)
    found = (e for e in events if isinstance(e, alarm.AlarmRaised) and e.kind == "item")
    return [(each.level, each.to) for each in found]


def tally(desk, name):
    day = day_of(START_MS)
    return desk.board.seats["hotline"].tally.sum(name, day, day + 400)


def talking(desk):
    call_id = desk.rang()
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="S1"))
    return call_id


def returned(desk, n):
    """A ticket that came back so often."""
    ticket_id = offered(desk)
    for nth in range(n):
        if nth:
            desk.do(again(ticket_id))
        desk.do(give_back(ticket_id))
    return ticket_id


# --- the stories ---------------------------------------------------------------------------------


def test_a_broken_lamp_goes_to_the_hotline_and_its_answer_comes_back(desk):
    ticket_id = offered(desk, what="路灯不亮")
    incident_id = ticket(desk, ticket_id).incident_id
    assert ticket(desk, ticket_id).holder == "us"
    assert owed(desk) == [("offer", "offered")]
    # One key: the department is told by the core's own line, and its receipt is the ticket's.
    request_id = desk.board.incidents[incident_id].request_ids[0]
    desk.do(agency.AcceptAgencyRequest(request_id=request_id, by="12345 坐席"))
    assert (ticket(desk, ticket_id).holder, ticket(desk, ticket_id).state) == ("them", "accepted")
    # What is theirs keeps our incident open no longer.
    desk.do(incidents.SettleByPhone(incident_id=incident_id, disposition="referred"))
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    desk.do(start(ticket_id))
    desk.do(answer(ticket_id), at_s=2 * D)
    assert desk.code(close(ticket_id)) == "ticket_answered"
    desk.do(ring(ticket_id, "satisfied"))
    desk.do(close(ticket_id))
    assert desk.code(close(ticket_id)) == "ticket_closed"
    counts = ("offered_out", "accepted", "answered_in_time", "content", "solved")
    assert [tally(desk, name) for name in counts] == [1] * 5
    assert not owed(desk)


def test_what_the_hotline_hands_in_is_an_incident_with_an_answer_due(desk):
    desk.do(inbound(lat=corner(4, 2)[0], lon=corner(4, 2)[1]))
    ticket_id = "H1"
    incident = desk.board.incidents[ticket(desk, ticket_id).incident_id]
    assert (incident.source, incident.type_code, incident.is_placed) == ("12345", NOISE, True)
    assert ticket(desk, ticket_id).holder == "them"
    desk.do(accept(ticket_id))
    assert ticket(desk, ticket_id).holder == "us"
    assert owed(desk) == [("ours", "accepted")]
    desk.fed_back(desk.sent(incident.incident_id, "P1"))
    desk.do(incidents.ReviewIncident(incident_id=incident.incident_id, reviewer_id="r"))
    shut = incidents.CloseIncident(incident_id=incident.incident_id)
    assert desk.code(shut) == "items_open"
    desk.do(answer(ticket_id))
    desk.do(ring(ticket_id, "fairly"))
    desk.do(close(ticket_id))
    desk.do(shut)


def test_danger_is_taken_at_once_whoever_says_whose_it_is(desk):
    desk.do(inbound(danger=True))
    assert (ticket(desk, "H1").state, ticket(desk, "H1").holder) == ("accepted", "us")
    desk.do(inbound("GD-2", lat=corner(4, 2)[0], lon=corner(4, 2)[1]))
    desk.sent(ticket(desk, "H2").incident_id, "P1")
    assert desk.code(give_back("H2")) == "danger_is_ours"


def test_their_number_makes_it_once(desk):
    desk.do(inbound())
    assert desk.do(inbound()).events == ()
    assert desk.code(inbound(description="另一件事")) == "other_request"
    assert len(desk.board.incidents) == 1
    desk.do(give_back("H1", "属城管"))
    assert desk.board.incidents["J1"].settled
    desk.do(inbound(description="现场有人受伤"))
    assert (ticket(desk, "H1").state, ticket(desk, "H1").n_offered) == ("offered", 2)


def test_two_departments_have_a_ticket_each_about_one_incident(desk):
    incident_id = desk.opened(LAMP, corner(4, 2))
    desk.do(offer(incident_id, "urban_mgmt"))
    desk.do(offer(incident_id, "sanitation"))
    assert desk.code(offer(incident_id, "sanitation")) == "already_offered"
    assert desk.code(offer(incident_id, "119")) == "unknown_department"
    asked = [desk.board.requests[each].agency for each in desk.board.incidents["J1"].request_ids]
    assert asked == ["urban_mgmt", "sanitation"]


def test_whoever_is_told_by_the_dispatchers_own_key_has_a_ticket_too(desk):
    incident_id = desk.opened(LAMP, corner(4, 2))
    told = desk.do(agency.RequestAgency(incident_id=incident_id, agency="12345", what="路灯"))
    assert "TicketOffered" in names(told)
    request_id = desk.board.incidents[incident_id].request_ids[0]
    refuse = agency.RefuseAgencyRequest(request_id=request_id, by="坐席", reason="不属职责")
    desk.do(refuse)
    assert (ticket(desk, "H1").state, ticket(desk, "H1").holder) == ("returned", "us")
    assert owed(desk) == [("returned", "due")]
    desk.do(agency.RequestAgency(incident_id=incident_id, agency="12345", what="附照片"))
    assert ticket(desk, "H1").state == "offered"
    second_id = desk.board.incidents[incident_id].request_ids[1]
    desk.do(agency.CallOffAgency(request_id=second_id, reason="已自修"))
    assert ticket(desk, "H1").outcome == "kept"
    assert not owed(desk)


# --- returns, three-way, urging ------------------------------------------------------------------


def test_a_third_return_goes_to_the_supervisor_who_says_whose_it_is(desk):
    ticket_id = returned(desk, 3)
    assert ticket(desk, ticket_id).state == "deciding"
    assert desk.code(again(ticket_id)) == "ticket_deciding"
    desk.run_until(60)
    rung = desk.board.alarms[f"item:{ticket(desk, ticket_id).item_id}"]
    assert (rung.level, rung.to) == (1, "supervisor")
    desk.do(decide(ticket_id, "them"))
    assert (ticket(desk, ticket_id).state, ticket(desk, ticket_id).holder) == ("accepted", "them")
    other = returned(desk, 3)
    desk.do(decide(other, "us"))
    assert ticket(desk, other).outcome == "kept"
    assert tally(desk, "returned") == 6


def test_a_return_says_why_and_comes_in_time(desk):
    ticket_id = offered(desk)
    assert desk.code(give_back(ticket_id, " ")) == "reason_needed"
    desk.do(accept(ticket_id, their_id="GD-7"))
    assert ticket(desk, ticket_id).their_id == "GD-7"
    assert desk.code(accept(ticket_id)) == "ticket_accepted"
    late = give_back(ticket_id)
    assert desk.code(late, at_s=3 * D) == "too_late_to_return"
    second = offered(desk)
    desk.do(accept(second))
    desk.do(give_back(second), at_s=3 * D + H)
    assert ticket(desk, second).state == "returned"
    desk.do(keep(second))
    assert desk.code(keep(second)) == "ticket_closed"


def test_by_three_they_agree_or_the_first_receiver_has_it(desk):
    call_id = talking(desk)
    one, two, three = offered(desk), offered(desk), offered(desk)
    assert desk.code(agree(one, "them")) == "no_three_way"
    desk.do(talk_by_three(one, call_id))
    assert [party.name for party in desk.board.calls[call_id].parties] == ["政务服务热线"]
    assert desk.code(talk_by_three(one, call_id)) == "three_way_runs"
    desk.do(agree(one, "them"))
    assert ticket(desk, one).holder == "them"
    desk.do(talk_by_three(two, call_id))
    desk.do(agree(two, "nobody"))
    assert (ticket(desk, two).outcome, ticket(desk, two).holder) == ("kept", "us")
    desk.do(inbound())
    desk.do(talk_by_three("H4", call_id))
    desk.do(agree("H4", "nobody"))
    assert (ticket(desk, "H4").outcome, ticket(desk, "H4").holder) == ("kept", "them")
    desk.do(calls.HangUpCall(call_id=call_id))
    assert desk.code(talk_by_three(three, call_id)) == "call_over"
    assert desk.code(talk_by_three(three, "C9")) == "unknown_call"


def test_a_call_that_goes_over_by_voice_signs_for_its_ticket(desk):
    call_id = talking(desk)
    incident_id = desk.opened(LAMP, corner(4, 2), call_id=call_id)
    desk.do(offer(incident_id))
    desk.do(talk.TransferCall(call_id=call_id, to_kind="agency", to_id="12345"))
    desk.do(talk.AcceptTransfer(call_id=call_id, by="坐席 8"))
    assert ticket(desk, "H1").holder == "them"
    assert tally(desk, "by_voice") == 1
    assert desk.code(words.CountVoiceHandOver(call_id=call_id)) == "not_just_handed"


def test_urging_is_counted_and_not_twice_within_the_hour(desk):
    ticket_id = offered(desk)
    desk.do(urge(ticket_id))
    assert desk.code(urge(ticket_id)) == "urged_already"
    desk.do(urge(ticket_id), at_s=H)
    assert (ticket(desk, ticket_id).n_urged, tally(desk, "urged")) == (2, 2)
    assert desk.code(urge("H9")) == "unknown_ticket"


# --- the call-back and the end -------------------------------------------------------------------


def test_who_is_not_satisfied_is_helped_once_more_and_then_it_is_said(desk):
    ticket_id = offered(desk)
    assert desk.code(answer(ticket_id)) == "ticket_offered"
    desk.do(accept(ticket_id))
    assert desk.code(answer(ticket_id, " ")) == "no_name"
    assert desk.code(ring(ticket_id, "satisfied")) == "ticket_accepted"
    desk.do(answer(ticket_id))
    assert desk.code(ring(ticket_id, "not", note="")) == "reason_needed"
    desk.do(ring(ticket_id, "not"))
    assert ticket(desk, ticket_id).state == "working"
    desk.do(answer(ticket_id))
    desk.do(ring(ticket_id, "not"))
    desk.do(close(ticket_id))
    assert ticket(desk, ticket_id).outcome == "unsatisfied"
    assert (tally(desk, "closed"), tally(desk, "solved")) == (1, 0)


def test_who_is_not_reached_three_times_is_let_be(desk):
    ticket_id = offered(desk)
    desk.do(accept(ticket_id))
    desk.do(answer(ticket_id))
    for state in ("answered", "answered", "called_back"):
        desk.do(ring(ticket_id, "unreached"))
        assert ticket(desk, ticket_id).state == state
    desk.do(close(ticket_id))
    assert ticket(desk, ticket_id).outcome == "unreached"


def test_nobody_is_rung_about_a_restricted_record(desk):
    ticket_id = offered(desk, "civil_affairs", PROTECTED)
    desk.do(accept(ticket_id))
    desk.do(answer(ticket_id))
    assert desk.code(ring(ticket_id, "satisfied")) == "restricted_record"
    desk.do(close(ticket_id))
    assert ticket(desk, ticket_id).outcome == "solved"


@pytest.mark.parametrize(
    ("until", "due_s", "whom"),
    [
        ("offered", 2 * H, "dispatcher"),
        ("returned", 2 * H, "dispatcher"),
        # Wednesday, six in the morning: five working days end with the Wednesday after.
        ("accepted", 7 * D + 18 * H - 800, "dispatcher"),
        ("answered", D + 18 * H - 800, "dispatcher"),
    ],
)
def test_every_deadline_alarms_once(desk, until, due_s, whom):
    ticket_id = offered(desk)
    if until == "returned":
        desk.do(give_back(ticket_id))
    elif until != "offered":
        desk.do(accept(ticket_id))
    if until == "answered":
        desk.do(answer(ticket_id))
    assert raised(desk.run_until(due_s - 1)) == []
    assert raised(desk.run_until(due_s + H - 1)) == [(1, whom)]


def test_a_ticket_called_back_and_never_closed_rings_each_rung_once_and_ends_with_a_leader(desk):
    ticket_id = offered(desk)
    for act in (accept(ticket_id), answer(ticket_id), ring(ticket_id, "satisfied")):
        desk.do(act)
    assert owed(desk) == [("theirs", "called_back")]
    due_s = D + 18 * H - 800
    assert raised(desk.run_until(due_s - 1)) == []
    assert raised(desk.run_until(due_s + H)) == [(1, "dispatcher")]
    assert raised(desk.run_until(due_s + 30 * D)) == [(2, "supervisor"), (3, "leader")]
    desk.do(close(ticket_id), at_s=due_s + 30 * D)
    assert owed(desk) == []
    assert raised(desk.run_until(due_s + 40 * D)) == []


def test_a_ticket_leaves_the_list_after_ninety_days(desk):
    ticket_id = offered(desk)
    desk.do(keep(ticket_id))
    off_the_board(desk, ticket(desk, ticket_id).incident_id)
    desk.do(RetireSeatPapers(), at_s=89 * D)
    assert [*desk.board.seats["hotline"].tickets] == [ticket_id]
    desk.do(RetireSeatPapers(), at_s=91 * D)
    assert desk.board.seats["hotline"].tickets == {}
    assert desk.do(words.RetireTicket(ticket_id=ticket_id)).events == ()


def test_times_are_set_by_a_logged_command(desk):
    desk.do(words.SetHotlineTerms(by="赵局", accept_hours=1, n_returns=1))
    ticket_id = offered(desk)
    assert raised(desk.run_until(H)) == [(1, "dispatcher")]
    desk.do(give_back(ticket_id))
    assert ticket(desk, ticket_id).state == "deciding"
    assert desk.code(words.SetHotlineTerms(by="赵局", on_days="x")) == "bad_days"


def test_a_closed_incident_is_not_handed_over(desk):
    incident_id = desk.opened(LAMP, corner(4, 2))
    desk.do(incidents.SettleByPhone(incident_id=incident_id, disposition="referred"))
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    assert desk.code(offer(incident_id)) == "incident_over"


# --- what the other side is told ------------------------------------------------------------------


def test_a_restricted_record_is_not_told_to_the_other_side(desk):
    desk.do(inbound(service_code=PROTECTED, danger=True))
    [told] = list_told(desk.board)
    assert (told.row_id, told.status, told.agency) == ("GD-1", "open", "12345")
    assert (told.service_code, told.service, told.lat, told.lon) == ("", "", None, None)
