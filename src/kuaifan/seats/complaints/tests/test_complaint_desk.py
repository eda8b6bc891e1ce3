"""Complaints about police: inspection goes there, others look into it, and an answer is owed."""

from random import Random

import pytest
from complaint_acts import (
    LATER,
    NOW,
    D,
    H,
    answer,
    begin,
    conclude,
    confirm,
    due,
    go,
    log,
    message,
    reply,
    send,
)
from seat_life import Watch, live, off_the_board
from toy_city import FIGHT, START_MS, Desk, corner, image

from kuaifan.board.day_tally import day_of
from kuaifan.seats.complaints import ACTORS, words
from kuaifan.seats.complaints.form import SEAT
from kuaifan.seats.complaints.kinds import KINDS
from kuaifan.seats.complaints.views import list_complaints
from kuaifan.vocabulary import alarm, complaint
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.item import Owner
from kuaifan.vocabulary.seat_archive import RetireSeatPapers, SeatPaperRetired


@pytest.fixture(name="desk")
def fixture_desk():
    made = Desk()
    made.on_duty("P1", "P2", "P4")
    made.do(units.EndShift(unit_id="P4"))
    # The crew of P4 does inspection today.
    shift = units.StartShift(unit_id="P4", n_officers=2, status="at_post", skills=("inspection",))
    made.do(shift)
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def paper(desk, complaint_id):
    return desk.board.seats["complaints"].complaints[complaint_id]


def owed(desk):
    own = (item for item in desk.board.items.values() if item.seat_id == "complaints")
    return sorted((item.kind, item.stage) for item in own)


def raised(records):
    events = (event for record in records for event in record.events)
    found = (e for e in events if isinstance(e, alarm.AlarmRaised) and e.kind == "item")
    return [(each.level, each.to) for each in found]


def tally(desk, name):
    day = day_of(START_MS)
    return desk.board.seats["complaints"].tally.sum(name, day, day + 400)


# --- the stories ----------------------------------------------------------------------------------


def test_what_goes_on_now_gets_inspection_and_never_the_unit_it_is_about(desk):
    incident_id = desk.opened(NOW, corner(4, 4))
    assert owed(desk) == [("attend", "due"), ("inquiry", "received")]
    desk.do(complaint.NameComplainedOf(incident_id=incident_id, unit_ids=("P1",)))
    assert "P1" not in desk.board.incidents[incident_id].recommended_unit_ids
    assert desk.code(send("TS1", "P1")) == "no_inspection_skill"
    desk.do(send("TS1", "P4"))
    assert paper(desk, "TS1").sent == "P4"
    assert desk.code(send("TS1", "P4")) == "inspection_sent"
    assert owed(desk) == [("inquiry", "received")]
    assert tally(desk, "attended") == tally(desk, "ongoing") == 1


def test_an_inspection_unit_that_is_itself_complained_of_is_refused(desk):
    incident_id = desk.opened(NOW, corner(4, 4))
    desk.do(complaint.NameComplainedOf(incident_id=incident_id, unit_ids=("P4",)))
    assert desk.code(send("TS1", "P4")) == "complained_of"
    assert desk.code(orders.AssignUnit(incident_id=incident_id, unit_id="P4")) == "complained_of"
    to_them = items.HandOnItem(
        item_id=paper(desk, "TS1").item_id, to=Owner("unit", "P4"), by="x", reason="y"
    )
    assert desk.code(to_them) == "complained_of"
    assert owed(desk) == [("attend", "due"), ("inquiry", "received")]


def test_whoever_sends_inspection_it_is_on_its_way(desk):
    incident_id = desk.opened(NOW, corner(4, 4))
    desk.sent(incident_id, "P2")
    assert ("attend", "due") in owed(desk)
    desk.sent(incident_id, "P4")
    assert owed(desk) == [("inquiry", "received")]


def test_a_letter_is_looked_into_answered_and_what_was_wrong_is_corrected(desk):
    desk.do(log(channel="letter", unit_id="P1"))
    incident = desk.board.incidents[paper(desk, "TS1").incident_id]
    assert (incident.source, incident.type_code, incident.complained_of) == (
        "other_desk",
        LATER,
        ["P1"],
    )
    assert incident.call_ids == []
    desk.do(begin("TS1"))
    assert desk.board.items[paper(desk, "TS1").item_id].owner == Owner("person", "督察员甲")
    desk.do(conclude("TS1", "founded"))
    assert owed(desk) == [("correction", "due"), ("inquiry", "answering")]
    desk.do(answer("TS1"))
    assert desk.code(answer("TS1")) == "complaint_closed"
    assert desk.code(confirm("TS1", by="李所长")) == "own_correction"
    desk.do(confirm("TS1"))
    assert desk.code(confirm("TS1")) == "no_correction"
    names = ("taken", "by_letter", "answered_in_time", "founded", "corrected")
    assert [tally(desk, name) for name in names] == [1] * 5
    assert not owed(desk)


def test_a_complaint_by_call_has_an_owner_from_its_first_moment_and_holds_its_incident(desk):
    incident_id = desk.opened(LATER, corner(4, 4), call_id=desk.rang())
    assert (paper(desk, "TS1").channel, tally(desk, "by_110")) == ("110", 1)
    desk.do(incidents.SettleByPhone(incident_id=incident_id, disposition="by_phone"))
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    assert desk.code(incidents.CloseIncident(incident_id=incident_id)) == "items_open"
    desk.do(begin("TS1"))
    desk.do(conclude("TS1"))
    desk.do(answer("TS1"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    assert desk.code(words.TakeComplaint(incident_id=incident_id)) == "already_logged"


def test_what_turns_out_to_be_a_complaint_becomes_one(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    assert desk.code(words.TakeComplaint(incident_id=incident_id)) == "no_complaint"
    desk.do(incidents.UpdateIncident(incident_id=incident_id, type_code=LATER))
    assert owed(desk) == [("inquiry", "received")]


def test_who_gave_no_name_is_not_answered_and_who_takes_it_back_waits_for_nothing(desk):
    desk.do(log(wants_answer=False, contact=""))
    desk.do(log())
    for complaint_id in ("TS1", "TS2"):
        desk.do(begin(complaint_id))
    desk.do(conclude("TS1", "unproven"))
    desk.do(conclude("TS2", "withdrawn"))
    assert [paper(desk, each).state for each in ("TS1", "TS2")] == ["closed", "closed"]
    assert (tally(desk, "to_be_answered"), tally(desk, "concluded")) == (0, 2)
    assert not owed(desk)


def test_an_inspector_goes_without_a_car(desk):
    desk.do(log(ongoing=True))
    desk.do(go("TS1"))
    assert desk.code(go("TS1")) == "inspection_sent"
    desk.do(log())
    assert desk.code(go("TS2")) == "not_ongoing"


# --- what is refused --------------------------------------------------------------------------


def test_nobody_of_the_unit_complained_of_has_a_hand_in_it(desk):
    desk.do(units.EndShift(unit_id="P1"))
    desk.do(units.StartShift(unit_id="P1", n_officers=2, crew_name="陈警官"))
    desk.do(log(unit_id="P1"))
    assert desk.code(begin("TS1", "陈警官")) == "own_case"
    desk.do(begin("TS1"))
    for by in ("陈警官", "陈警官（chen）"):
        assert desk.code(conclude("TS1", by=by)) == "own_case"
    assert desk.code(conclude("TS1", "founded", responsible="陈警官")) == "own_case"


def test_what_is_true_changes_something_by_a_day(desk):
    desk.do(log())
    assert desk.code(conclude("TS1")) == "complaint_received"
    desk.do(begin("TS1"))
    assert desk.code(begin("TS1")) == "complaint_inquiring"
    assert desk.code(conclude("TS1", "partly", correction="")) == "reason_needed"
    assert desk.code(conclude("TS1", "partly", responsible=" ")) == "no_name"
    assert desk.code(conclude("TS1", "partly", correct_by_ms=due(-1))) == "no_due_time"
    assert desk.code(conclude("TS1", account=" ")) == "no_name"
    assert desk.code(answer("TS1")) == "complaint_inquiring"


def test_a_number_of_a_channel_comes_once(desk):
    desk.do(log("12389-7"))
    assert desk.code(log("12389-7")) == "already_logged"
    assert desk.code(log(unit_id="P99")) == "unknown_unit"
    assert desk.code(begin("TS9")) == "unknown_complaint"
    assert len(desk.board.incidents) == 1


# --- messages -------------------------------------------------------------------------------------


def test_a_message_to_the_police_has_an_owner_and_an_answer(desk):
    desk.do(message("LY-1"))
    assert desk.code(message("LY-1")) == "already_logged"
    assert desk.code(message(text=" ")) == "no_name"
    assert owed(desk) == [("feedback", "due")]
    desk.do(reply("YJ1"))
    assert desk.code(reply("YJ1")) == "unknown_feedback"
    assert desk.board.incidents["J1"].settled
    assert (tally(desk, "messages"), tally(desk, "messages_in_time")) == (1, 1)


# --- clocks and who sees it -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("until", "due_s"),
    [
        ("attend", 600),
        ("begin", 24 * H),
        # Wednesday, six in the morning: seven working days, then ten, then three.
        ("inquire", 9 * D + 18 * H - 800),
        ("answer", 14 * D + 18 * H - 800),
        ("correct", 20 * D),
        ("message", 5 * D + 18 * H - 800),
    ],
)
def test_every_deadline_alarms_a_supervisor_once(desk, until, due_s):
    if until == "message":
        desk.do(message())
    else:
        desk.do(log(ongoing=until == "attend"))
    if until in {"inquire", "answer", "correct"}:
        desk.do(begin("TS1"))
    if until == "answer":
        desk.do(conclude("TS1"))
    if until == "correct":
        desk.do(conclude("TS1", "founded"))
        desk.do(answer("TS1"))
    assert raised(desk.run_until(due_s - 1)) == []
    assert raised(desk.run_until(due_s + 599)) == [(1, "supervisor")]


def test_late_answers_count_as_late(desk):
    desk.do(log())
    desk.do(begin("TS1"))
    desk.do(conclude("TS1"))
    desk.do(answer("TS1"), at_s=20 * D)
    assert (tally(desk, "to_be_answered"), tally(desk, "answered_in_time")) == (1, 0)


def test_its_rows_and_items_are_of_the_class_of_complaints(desk):
    desk.do(log(unit_id="P1"))
    row = next(list_complaints(desk.board))
    assert (row.record_class, row.units) == ("complaint", "call P1")
    assert {
        item.record_class for item in desk.board.items.values() if item.seat_id == "complaints"
    } == {"complaint"}
    assert set(SEAT.readers) == {"commander", "reviewer"}


def test_times_are_set_and_old_complaints_leave_the_list(desk):
    desk.do(words.SetComplaintTerms(by="局长", attend_minutes=5, off_days="2023-11-16"))
    assert desk.code(words.SetComplaintTerms(by="局长", on_days="明天")) == "bad_days"
    desk.do(log(ongoing=True))
    assert raised(desk.run_until(300)) == [(1, "supervisor")]
    desk.do(begin("TS1"))
    desk.do(conclude("TS1"))
    assert not [item for item in desk.board.items.values() if item.kind == "attend"]
    desk.do(answer("TS1"))
    off_the_board(desk, desk.board.seats["complaints"].complaints["TS1"].incident_id)
    desk.do(RetireSeatPapers(), at_s=89 * D)
    assert [*desk.board.seats["complaints"].complaints] == ["TS1"]
    [retired] = [
        event.paper
        for record in desk.run_until(95 * D)
        for event in record.events
        if isinstance(event, SeatPaperRetired)
    ]
    assert (retired.paper_id, retired.record_class) == ("TS1", "complaint")
    mine = desk.board.seats["complaints"]
    assert (mine.complaints, mine.by_incident, mine.by_their_id) == ({}, {}, {})
    assert desk.do(words.RetireComplaint(complaint_id="TS1")).events == ()


# --- a quarter of simulated people ----------------------------------------------------------


def test_simulated_people_reach_every_end_and_leave_nothing_owed(desk):
    begun = [
        desk.do(log(ongoing=n % 5 == 0, wants_answer=n % 4 > 0), at_s=n * H) for n in range(90)
    ]
    begun += [desk.do(message()) for _ in range(30)]
    seen = live(desk, ACTORS, KINDS, begun, until_s=90 * D)
    found = {each.finding for each in seen if isinstance(each, words.ComplaintConcluded)}
    assert found == {"founded", "partly", "unfounded", "unproven", "withdrawn"}
    assert {e.in_time for e in seen if isinstance(e, words.ComplainantAnswered)} == {True, False}
    assert {e.in_time for e in seen if isinstance(e, words.FeedbackAnswered)} == {True, False}
    assert any(isinstance(each, alarm.AlarmRaised) and each.kind == "item" for each in seen)
    assert not owed(desk)
    assert 0 < tally(desk, "corrected") == tally(desk, "to_correct")


@pytest.mark.parametrize("seed", range(3))
def test_whatever_people_press_no_item_is_without_owner_or_skips_a_stage(desk, seed):
    rng = Random(seed)  # noqa: S311 - luck, no secret
    watch = Watch(desk, KINDS)
    for step in range(120):
        known = [*desk.board.seats["complaints"].complaints, "TS1"]
        watch.look(desk.do(any_press(rng, rng.choice(known)), at_s=step * H))
    for each in desk.board.seats["complaints"].complaints.values():
        assert (each.item_id in desk.board.items) == (each.state != "closed"), each


def any_press(rng, complaint_id):
    """Something that somebody might press, whether it fits or not."""
    presses = (
        lambda: log(f"N{rng.randrange(9)}", ongoing=rng.random() < 0.4, unit_id="P1"),
        lambda: begin(complaint_id),
        lambda: conclude(complaint_id, rng.choice(("founded", "unfounded", "withdrawn"))),
        lambda: answer(complaint_id),
        lambda: confirm(complaint_id),
        lambda: send(complaint_id, rng.choice(("P1", "P2", "P4"))),
        lambda: go(complaint_id),
        message,
        lambda: reply(f"YJ{rng.randrange(1, 6)}"),
    )
    return rng.choice(presses)()
