"""Mediation: from the quarrel to what was performed, and what must not be mediated."""

import pytest
from mediation_acts import (
    BEATEN,
    FAMILY,
    NEIGHBOURS,
    D,
    H,
    ask,
    book,
    check,
    consent,
    end,
    hold,
    keep_mediator,
    keep_room,
    opened,
    sign,
    willing,
)
from seat_life import off_the_board
from toy_city import BURGLARY, FIGHT, START_MS, Desk, corner, image

from kuaifan.board.day_tally import day_of
from kuaifan.seats.mediation import words
from kuaifan.vocabulary import alarm
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.letter import WarningLetter
from kuaifan.vocabulary.seat_archive import RetireSeatPapers


@pytest.fixture(name="desk")
def fixture_desk():
    made = Desk()
    made.on_duty("P1", "P2", "P3")
    made.do(keep_room())
    made.do(keep_mediator())
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def paper(desk, mediation_id):
    return desk.board.seats["mediation"].cases[mediation_id]


def stage(desk, mediation_id):
    return desk.board.items[paper(desk, mediation_id).item_id].stage


def owed(desk):
    own = (item for item in desk.board.items.values() if item.seat_id == "mediation")
    return sorted((item.kind, item.stage) for item in own)


def raised(records):
    events = (event for record in records for event in record.events)
    found = (e for e in events if isinstance(e, alarm.AlarmRaised) and e.kind == "item")
    return [(each.level, each.to) for each in found]


def tally(desk, name):
    day = day_of(START_MS)
    return desk.board.seats["mediation"].tally.sum(name, day, day + 400)


def closed(desk, incident_id):
    """Handled, reviewed and closed; what is owed for it keeps it open."""
    desk.fed_back(desk.sent(incident_id, "P1"))
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))


# --- the story ---------------------------------------------------------------------------------


def test_a_quarrel_is_mediated_at_the_second_attempt_and_what_was_agreed_is_performed(desk):
    mediation_id = willing(desk)
    incident_id = paper(desk, mediation_id).incident_id
    desk.fed_back(desk.sent(incident_id, "P1"))
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    assert desk.code(incidents.CloseIncident(incident_id=incident_id)) == "items_open"
    desk.do(book(mediation_id, 2 * H))
    assert stage(desk, mediation_id) == "booked"
    desk.do(hold(mediation_id, "failed"), at_s=3 * H)
    assert stage(desk, mediation_id) == "again"
    desk.do(book(mediation_id, 26 * H))
    desk.do(hold(mediation_id, "agreed"), at_s=27 * H)
    assert desk.code(hold(mediation_id, "failed")) == "already_agreed"
    desk.do(sign(mediation_id))
    assert owed(desk) == [("performance", "awaiting")]
    assert desk.code(check(mediation_id, performed=False)) == "not_yet_due"
    desk.do(check(mediation_id, performed=True), at_s=9 * D)
    assert desk.code(check(mediation_id, performed=True)) == "not_awaiting"
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    counts = {name: tally(desk, name) for name in ("disputes", "disputes_mediated", "mediated")}
    assert counts == {"disputes": 1, "disputes_mediated": 1, "mediated": 1}
    assert (tally(desk, "agreed"), tally(desk, "performed")) == (1, 1)


def test_what_was_not_performed_goes_to_case_work_and_both_are_told_of_the_court(desk):
    mediation_id = willing(desk, BEATEN, "public_order")
    desk.do(hold(mediation_id, "agreed"))
    desk.do(sign(mediation_id, days=2))
    desk.do(check(mediation_id, performed=False), at_s=3 * D)
    assert owed(desk) == [("case_route", "due"), ("civil_route", "due")]
    take = words.TakeMediationToCase(mediation_id=mediation_id, case_no="治立字 1 号", by="赵警官")
    tell = words.TellCivilRoute(mediation_id=mediation_id, how="当面", by="赵警官")
    desk.do(take)
    desk.do(tell)
    assert desk.code(take) == "no_route"
    assert desk.code(tell) == "no_route"
    assert (tally(desk, "performed"), tally(desk, "to_case")) == (0, 1)
    assert not owed(desk)


def test_an_agreement_performed_on_the_spot_leaves_nothing_to_check(desk):
    mediation_id = willing(desk)
    desk.do(hold(mediation_id, "agreed"))
    desk.do(sign(mediation_id, performed_at_once=True))
    assert paper(desk, mediation_id).outcome == "performed"
    assert not owed(desk)


# --- what must not be mediated ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_code", "more", "code"),
    [
        (BURGLARY, {}, "criminal_case"),
        ("020103", {}, "domestic_violence"),
        ("020201", {}, "type_barred"),
        (BEATEN, {"hired": True}, "hired_assault"),
        (BEATEN, {"gang": True}, "gang"),
        (BEATEN, {"repeat_offender": True}, "repeat_offender"),
        (BEATEN, {"provocation": True}, "provocation"),
        (BEATEN, {"basis": "civil"}, "basis_of_type"),
    ],
)
def test_what_is_barred_is_refused_with_its_clause(desk, type_code, more, code):
    incident_id = desk.opened(type_code, corner(4, 2))
    record = desk.do(ask(incident_id, **{"basis": "public_order", **more}))
    assert record.refusal.code == code
    if code != "basis_of_type":
        assert "条" in record.refusal.reason_zh
    assert not owed(desk)


def test_a_family_quarrel_is_no_longer_one_once_a_warning_letter_is_written(desk):
    mediation_id = opened(desk, FAMILY)
    incident_id = paper(desk, mediation_id).incident_id
    order_id = desk.sent(incident_id, "P1")
    desk.answered(incident_id)
    desk.do(orders.ReportHandled(order_id=order_id))
    letter = WarningLetter(issued=True, kind="domestic_violence", number="告 1 号")
    feedback = orders.GiveFeedback(
        order_id=order_id, incident_id=incident_id, disposition="warned", letter=letter
    )
    desk.do(feedback)
    assert paper(desk, mediation_id).outcome == "barred"
    assert not owed(desk)
    assert desk.code(ask(incident_id)) == "domestic_violence"


def test_an_agreement_ends_too_where_the_case_turns_out_to_be_violence_at_home(desk):
    mediation_id = willing(desk, FAMILY)
    desk.do(hold(mediation_id, "agreed"))
    desk.do(sign(mediation_id))
    incident_id = paper(desk, mediation_id).incident_id
    desk.do(incidents.UpdateIncident(incident_id=incident_id, type_code="020104"))
    assert paper(desk, mediation_id).outcome == "barred"
    assert not owed(desk)


def test_a_party_that_refuses_a_public_order_case_sends_it_to_case_work(desk):
    mediation_id = opened(desk, BEATEN, "public_order")
    desk.do(consent(mediation_id, "a"))
    assert desk.code(consent(mediation_id, "a")) == "consent_recorded"
    assert desk.code(hold(mediation_id, "agreed")) == "consent_missing"
    assert desk.code(book(mediation_id, 2 * H)) == "consent_missing"
    desk.do(consent(mediation_id, "b", says=False))
    assert owed(desk) == [("case_route", "due"), ("civil_route", "due")]
    assert desk.code(hold(mediation_id, "agreed")) == "mediation_over"


def test_nobody_is_mediated_more_than_twice(desk):
    mediation_id = willing(desk)
    incident_id = paper(desk, mediation_id).incident_id
    assert desk.code(ask(incident_id)) == "mediation_open"
    assert desk.code(end(mediation_id, "failed")) == "no_attempt"
    desk.do(hold(mediation_id, "failed"))
    desk.do(hold(mediation_id, "failed"), at_s=D)
    assert paper(desk, mediation_id).outcome == "failed"
    assert owed(desk) == [("civil_route", "due")]
    assert desk.code(ask(incident_id)) == "mediated_twice"
    assert (tally(desk, "mediated"), tally(desk, "agreed")) == (1, 0)


def test_a_second_case_does_not_get_around_the_seven_days(desk):
    mediation_id = willing(desk)
    desk.do(hold(mediation_id, "failed"))
    desk.do(end(mediation_id, "failed"))
    assert desk.code(ask(paper(desk, mediation_id).incident_id)) == "mediated_already"


def test_whoever_changed_their_mind_before_any_attempt_may_be_reconciled_after_all(desk):
    mediation_id = opened(desk)
    desk.do(consent(mediation_id, "a", says=False))
    incident_id = paper(desk, mediation_id).incident_id
    assert desk.do(ask(incident_id)).refusal is None


def test_what_went_to_a_case_is_not_mediated_any_more(desk):
    mediation_id = opened(desk, BEATEN, "public_order")
    desk.do(consent(mediation_id, "a", says=False))
    take = words.TakeMediationToCase(mediation_id=mediation_id, case_no="1", by="赵警官")
    desk.do(take)
    again = ask(paper(desk, mediation_id).incident_id, "public_order")
    assert desk.code(again) == "in_case_work"


# --- the clocks --------------------------------------------------------------------------------


def test_the_second_attempt_is_due_within_seven_working_days_and_too_late_after(desk):
    mediation_id = willing(desk)
    desk.do(hold(mediation_id, "failed"))
    # START is Wednesday, 15 November 2023 at six in the morning, by the city's clock.
    due_at_ms = paper(desk, mediation_id).second_by_ms
    assert due_at_ms == 1_700_841_600_000
    due_s = (due_at_ms - START_MS) // 1_000
    assert desk.code(book(mediation_id, due_s - H, 90)) == "second_too_late"
    assert raised(desk.run_until(due_s - 1)) == []
    assert raised(desk.run_until(due_s + H)) == [(1, "dispatcher")]
    assert raised(desk.run_until(due_s + 4 * D)) == [(2, "supervisor"), (3, "leader")]
    assert desk.code(hold(mediation_id, "agreed")) == "second_too_late"
    desk.do(end(mediation_id, "failed"))
    assert not [each for each in desk.board.alarms.values() if each.kind == "item"]


@pytest.mark.parametrize(
    ("until", "due_s"),
    [
        ("consent", 24 * H),
        ("ready", 72 * H),
        ("booked", 3 * H),
        ("signing", 24 * H),
        ("performance", 11 * D),
        ("case_route", 24 * H),
    ],
)
def test_every_deadline_alarms_once(desk, until, due_s):
    if until == "consent":
        opened(desk)
    elif until == "case_route":
        desk.do(consent(opened(desk, BEATEN, "public_order"), "a", says=False))
    else:
        mediation_id = willing(desk)
        if until == "booked":
            desk.do(book(mediation_id, H))
        if until in {"signing", "performance"}:
            desk.do(hold(mediation_id, "agreed"))
        if until == "performance":
            desk.do(sign(mediation_id))
    n = len(owed(desk))
    assert raised(desk.run_until(due_s - 1)) == []
    assert raised(desk.run_until(due_s + H)) == [(1, "dispatcher")] * n


def test_who_stays_away_twice_does_not_want_it(desk):
    mediation_id = willing(desk)
    assert desk.code(hold(mediation_id, "no_show")) == "no_booking"
    desk.do(book(mediation_id, H))
    assert desk.code(hold(mediation_id, "no_show")) == "before_booking"
    desk.do(hold(mediation_id, "no_show"), at_s=2 * H)
    assert stage(desk, mediation_id) == "ready"
    desk.do(book(mediation_id, 3 * H))
    desk.do(hold(mediation_id, "no_show"), at_s=4 * H)
    assert paper(desk, mediation_id).outcome == "refused"
    assert tally(desk, "mediated") == 0


# --- room, signatures, guardians -------------------------------------------------------------


def test_a_room_and_a_mediator_are_in_one_place_at_a_time(desk):
    one, two = willing(desk), willing(desk)
    desk.do(keep_room(room_id="R2", name="二楼"))
    desk.do(book(one, H))
    assert desk.code(book(two, H + 1_800)) == "hour_taken"
    assert desk.code(book(two, H, room_id="R2")) == "hour_taken"
    assert desk.code(book(two, H, room_id="R9")) == "unknown_room"
    assert desk.code(book(two, H, mediator_id="T9")) == "unknown_mediator"
    assert desk.code(book(two, 0)) == "no_due_time"
    desk.do(book(two, 2 * H))
    cancel = words.CancelMediationBooking(mediation_id=two, reason="改期", by="王警官")
    desk.do(cancel)
    assert desk.code(cancel) == "no_booking"
    assert stage(desk, two) == "ready"
    desk.do(keep_room(is_open=False))
    assert desk.code(book(two, 5 * H)) == "room_shut"
    desk.do(keep_mediator(is_active=False))
    assert desk.code(book(two, 5 * H, room_id="R2")) == "mediator_left"


def test_an_agreement_needs_every_signature_and_a_date(desk):
    mediation_id = willing(desk)
    assert desk.code(sign(mediation_id)) == "not_agreed"
    desk.do(hold(mediation_id, "agreed"))
    assert desk.code(sign(mediation_id, signed_b=False)) == "missing_signature"
    assert desk.code(sign(mediation_id, days=0)) == "no_due_time"
    empty = sign(mediation_id)
    assert desk.code(type(empty)(**{**fields(empty), "terms": " "})) == "no_name"
    desk.do(sign(mediation_id))


def fields(command):
    return {name: getattr(command, name) for name in command.__struct_fields__}


def test_a_minor_comes_with_a_guardian(desk):
    mediation_id = willing(desk, a_is_minor=True)
    assert desk.code(hold(mediation_id, "agreed")) == "guardian_needed"
    desk.do(hold(mediation_id, "agreed", guardian_present=True))


# --- repeats, register, counts -----------------------------------------------------------------


def test_the_same_parties_again_count_by_the_case_that_a_person_names(desk):
    first = willing(desk)
    desk.do(hold(first, "agreed"))
    desk.do(sign(first, performed_at_once=True))
    running = opened(desk)
    other = desk.opened(NEIGHBOURS, corner(4, 4))
    assert desk.code(ask(other, earlier_mediation_id=running)) == "mediation_open"
    assert desk.code(ask(other, earlier_mediation_id="M99")) == "unknown_mediation"
    desk.do(ask(other, earlier_mediation_id=first), at_s=80 * D)
    assert (tally(desk, "repeated"), tally(desk, "mediated")) == (1, 1)
    more = desk.opened(NEIGHBOURS, corner(4, 4))
    desk.do(ask(more, earlier_mediation_id=first))
    assert tally(desk, "repeated") == 1


def test_a_case_leaves_with_its_incident_and_counts_as_repeated_for_ninety_days(desk):
    first = willing(desk)
    desk.do(hold(first, "agreed"))
    desk.do(sign(first, performed_at_once=True))
    desk.do(RetireSeatPapers())
    mine = desk.board.seats["mediation"]
    off_the_board(desk, mine.cases[first].incident_id)
    desk.do(RetireSeatPapers())
    assert (mine.cases, mine.by_incident, [*mine.past]) == ({}, {}, [first])
    assert desk.code(consent(first, "a")) == "unknown_mediation"
    desk.do(ask(desk.opened(NEIGHBOURS, corner(4, 4)), earlier_mediation_id=first), at_s=80 * D)
    desk.do(ask(desk.opened(NEIGHBOURS, corner(4, 6)), earlier_mediation_id=first))
    assert (tally(desk, "repeated"), tally(desk, "mediated")) == (1, 1)
    assert desk.do(words.RetireMediation(mediation_id=first)).events == ()


def test_what_stays_of_a_case_goes_when_no_other_can_be_its_repeat(desk):
    for at_s in (0, 100 * D):
        desk.run_until(at_s)
        each = willing(desk)
        desk.do(hold(each, "agreed"))
        desk.do(sign(each, performed_at_once=True))
        off_the_board(desk, desk.board.seats["mediation"].cases[each].incident_id)
        desk.do(RetireSeatPapers(), at_s=at_s + 10 * D)
    assert [*desk.board.seats["mediation"].past] == [each]


def test_a_dispute_counts_once_when_it_is_closed(desk):
    incident_id = desk.opened(NEIGHBOURS, corner(4, 2))
    assert desk.code(words.CountDispute(incident_id=incident_id)) == "not_just_closed"
    closed(desk, incident_id)
    closed(desk, desk.opened(FIGHT, corner(4, 2)))
    assert (tally(desk, "disputes"), tally(desk, "disputes_mediated")) == (1, 0)


def test_times_and_days_are_set_by_a_logged_command(desk):
    desk.do(words.SetMediationTerms(by="局长", consent_hours=2, off_days="2023-11-16 2023-11-17"))
    mediation_id = willing(desk)
    desk.do(hold(mediation_id, "failed"))
    assert paper(desk, mediation_id).second_by_ms == 1_700_841_600_000 + 4 * D * 1_000
    assert desk.code(words.SetMediationTerms(by="局长", off_days="明天")) == "bad_days"
    twice = words.SetMediationTerms(by="局长", on_days="2023-11-16")
    assert desk.code(twice) == "bad_days"


def test_the_register_says_what_is_wrong(desk):
    assert desk.code(keep_room()) == "no_change"
    assert desk.code(keep_room(name=" ")) == "no_name"
    assert desk.code(keep_mediator()) == "no_change"
    assert desk.code(keep_mediator(room_id="R9")) == "unknown_room"


def test_a_closed_incident_and_an_unknown_case_are_refused(desk):
    incident_id = desk.opened(NEIGHBOURS, corner(4, 2))
    closed(desk, incident_id)
    assert desk.code(ask(incident_id)) == "incident_over"
    assert desk.code(consent("M9", "a")) == "unknown_mediation"
    assert desk.code(end("M9", "failed")) == "unknown_mediation"


def test_a_case_goes_on_when_its_incident_was_merged(desk):
    mediation_id = willing(desk)
    other = desk.opened(NEIGHBOURS, corner(4, 2))
    old = paper(desk, mediation_id).incident_id
    desk.do(incidents.MergeIncident(incident_id=old, into_incident_id=other))
    desk.do(hold(mediation_id, "agreed"))
    desk.do(sign(mediation_id))
    assert {
        item.incident_id for item in desk.board.items.values() if item.seat_id == "mediation"
    } == {other}
