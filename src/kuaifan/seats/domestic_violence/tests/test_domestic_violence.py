"""The domestic violence seat: from the call to the closed case, and what it refuses in words."""

import msgspec
import pytest
from stored_log import folded, stored
from toy_city import DOMESTIC, FIGHT, RIDER, START_MS, Desk, corner, image, names, toy_reference

from kuaifan.board.case_class import class_of_incident
from kuaifan.seats.domestic_violence import words
from kuaifan.seats.domestic_violence.papers import SEAT_ID
from kuaifan.seats.domestic_violence.views import VIEWS
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary import letter, seat, talk
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units

DISPUTE, PAST = "060101", "020104"
HOME, NEXT_DOOR = "东山中路 8 号 3 栋 402", "东山中路 8 号 3 栋 401"
HOUR_S, DAY_S = 3600, 86_400
BY = {"by": "沈警官"}
SAFE_NUMBER = "13900001111"


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.on_duty("P1", "P2", "P3")
    yield desk
    assert image(desk.engine.state) == image(desk.rebuilt())


def at_home(desk, type_code=DOMESTIC, *, address=HOME, call_id="", at_s=None):
    lat, lon = corner(4, 2)
    told = incidents.OpenIncident(
        type_code=type_code, call_id=call_id, address=address, lat=lat, lon=lon
    )
    return desk.do(told, at_s=at_s).events[0].incident_id


def item_of(desk, kind, incident_id=None):
    """The one open item of a kind of the seat, of an incident if one is given."""
    found = [
        each
        for each in desk.board.items.values()
        if (each.seat_id, each.kind) == (SEAT_ID, kind) and incident_id in {None, each.incident_id}
    ]
    assert len(found) == 1, (kind, found)
    return found[0]


def kept(desk):
    return desk.board.seats[SEAT_ID]


def household_of(desk, incident_id):
    mine = kept(desk)
    return mine.households[mine.of_incident[incident_id]]


def confirmed(desk, incident_id, *facts):
    return desk.do(words.ConfirmViolence(incident_id=incident_id, facts=facts, **BY))


def levelled(desk, incident_id, level):
    household_id = household_of(desk, incident_id).household_id
    return desk.do(words.ConfirmAttention(household_id=household_id, level=level, **BY))


def visited(desk, result="done", *, is_safe=True):
    item_id = item_of(desk, "visit").item_id
    return desk.do(words.RecordSafetyVisit(item_id=item_id, result=result, is_safe=is_safe, **BY))


def figure(desk, name):
    return kept(desk).tally.sum(name, 0, 10**6)


def call_signed_for(desk):
    """A call taken at an ordinary seat, which the seat of the team signs for."""
    desk.do(seat.LogOnSeat(seat_id="S1", person="何接警"))
    desk.do(seat.LogOnSeat(seat_id="S9", person="沈警官", skills=("dv",)))
    call_id = desk.rang()
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="S1"))
    incident_id = at_home(desk, call_id=call_id)
    owed = item_of(desk, "call_at_seat")
    assert owed.record_class == "domestic_violence"
    take = words.TakeViolenceCall(item_id=owed.item_id, how="transferred", **BY)
    assert desk.code(take) == "not_transferred"
    assert desk.code(msg_told(owed.item_id)) == "still_talking"
    desk.do(talk.TransferCall(call_id=call_id, to_kind="seat", to_id="S9"))
    assert desk.board.calls[call_id].seat_id == "S1"
    desk.do(talk.AcceptTransfer(call_id=call_id, by="S9"))
    assert owed.item_id not in desk.board.items
    assert figure(desk, "calls_taken") == 1
    return incident_id


def handled_with_a_letter(desk, incident_id):
    """A woman in the team where one is free; the crew gives a letter, and never mediates."""
    recommended = next(
        event
        for record in reversed(desk.journal.records)
        for event in record.events
        if isinstance(event, incidents.RecommendationMade) and event.incident_id == incident_id
    )
    assert "P3" in recommended.team
    order_id = desk.sent(incident_id, "P3")
    desk.answered(incident_id)
    desk.do(orders.ReportHandled(order_id=order_id))
    told = {"order_id": order_id, "incident_id": incident_id, "story": "酒后推打，手臂淤青"}
    issued = letter.WarningLetter(issued=True, kind="domestic_violence", number="告诫〔2026〕7 号")
    assert (
        desk.code(orders.GiveFeedback(disposition="mediated", letter=issued, **told))
        == "dv_not_mediated"
    )
    desk.do(orders.GiveFeedback(disposition="warned", letter=issued, **told))


def letter_served(desk):
    """On both sides, and the committee told."""
    item_id = item_of(desk, "letter").item_id
    tell = words.TellCommittee(item_id=item_id, committee="龙泉社区", received_by="李主任", **BY)
    assert desk.code(tell) == "not_served"
    desk.do(words.ServeWarning(item_id=item_id, party="victim", is_signed=True, **BY))
    refused = {"item_id": item_id, "party": "respondent", "is_signed": False, **BY}
    assert desk.code(words.ServeWarning(**refused)) == "no_name"
    desk.do(words.ServeWarning(**refused, witness="社区干部周"))
    assert desk.code(words.ServeWarning(**refused, witness="社区干部周")) == "already_served"
    desk.do(tell)
    assert figure(desk, "letters") == figure(desk, "letters_served") == 1


def test_from_the_call_to_the_closed_case(desk):
    incident_id = call_signed_for(desk)
    handled_with_a_letter(desk, incident_id)
    # Nothing is closed before the facts are confirmed.
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    close = incidents.CloseIncident(incident_id=incident_id)
    assert desk.code(close) == "items_open"
    record = confirmed(desk, incident_id, "slight_injury", "alcohol")
    assert "AttentionProposed" in names(record)
    assert household_of(desk, incident_id).proposed == "orange"
    assert household_of(desk, incident_id).reasons == ("alcohol_with_injury",)
    desk.do(close)

    letter_served(desk)

    # The level is an officer's; the visits follow it.
    levelled(desk, incident_id, "orange")
    assert item_of(desk, "visit").due_at_ms == desk.inbox.now_ms() + 72 * HOUR_S * 1000
    call = item_of(desk, "safety_call")
    desk.do(words.MeetInstead(item_id=call.item_id, note="在单位见面", is_safe=True, **BY))

    # A year of visits in which somebody was met and safe: the level steps down, the case ends.
    levels = []
    for day in range(2, 370, 14):
        desk.run_until(day * DAY_S)
        visited(desk)
        household = household_of(desk, incident_id)
        if any(each.kind == "attention" for each in desk.board.items.values()):
            levelled(desk, incident_id, household.proposed)
        levels.append(household.level)
    assert levels[0] == "orange"
    assert levels[-1] == "blue"
    household_id = household_of(desk, incident_id).household_id
    desk.do(words.CloseHousehold(household_id=household_id, **BY), at_s=371 * DAY_S)
    assert not [each for each in desk.board.items.values() if each.seat_id == SEAT_ID]
    assert list(VIEWS["households"](desk.board)) == []
    closed = words.CloseHousehold(household_id=household_id, **BY)
    assert desk.code(closed) == "household_closed"


def msg_told(item_id):
    return words.TakeViolenceCall(item_id=item_id, how="told", **BY)


def test_every_incident_has_a_case_its_facts_and_a_call(desk):
    first, other = at_home(desk), at_home(desk, address=NEXT_DOOR)
    again = at_home(desk)
    assert household_of(desk, first) is household_of(desk, again)
    assert household_of(desk, first) is not household_of(desk, other)
    for incident_id in (first, other, again):
        assert item_of(desk, "confirm", incident_id)
        assert item_of(desk, "safety_call", incident_id)
    assert desk.code(words.OpenHousehold(incident_id=first)) == "household_known"
    fight = desk.opened(FIGHT, corner(1, 1))
    assert desk.code(words.OpenHousehold(incident_id=fight)) == "no_violence"
    assert desk.code(words.OpenHousehold(incident_id="J999")) == "unknown_incident"


def test_two_cases_of_one_household_are_joined_and_two_reports_of_one_night_count_once(desk):
    first, other = at_home(desk), at_home(desk, address=NEXT_DOOR)
    one, two = household_of(desk, first), household_of(desk, other)
    join = words.JoinHouseholds(
        household_id=two.household_id,
        into_household_id=one.household_id,
        reason="同一家庭",
        **BY,
    )
    desk.do(join)
    assert [each.incident_id for each in household_of(desk, other).happenings] == [first, other]
    assert desk.code(join) == "household_closed"
    desk.do(incidents.MergeIncident(incident_id=other, into_incident_id=first))
    assert [each.incident_id for each in one.happenings] == [first]
    assert item_of(desk, "confirm").incident_id == first


def test_a_family_dispute_is_screened_before_it_is_closed_and_one_yes_is_violence(desk):
    incident_id = at_home(desk, DISPUTE)
    item_id = item_of(desk, "screening").item_id
    no = dict.fromkeys(("threatened", "controlled", "afraid", "children_harmed"), "no")
    unknown = words.RecordScreening(item_id=item_id, hit="unknown", **no, **BY)
    assert desk.code(unknown) == "screening_open"
    desk.do(words.RecordScreening(item_id=item_id, hit="yes", **no, **BY))
    assert desk.board.incidents[incident_id].type_code == "020104"
    assert item_of(desk, "confirm").incident_id == incident_id
    quiet = at_home(desk, DISPUTE, address="")
    again = words.RecordScreening(item_id=item_of(desk, "screening").item_id, hit="no", **no, **BY)
    desk.do(again)
    assert quiet not in kept(desk).of_incident
    assert desk.code(again) == "unknown_item"


def test_violence_found_after_the_review_is_the_seats_and_the_record_is_restricted(desk):
    incident_id = at_home(desk, DISPUTE)
    item_id = item_of(desk, "screening").item_id
    order_id = desk.sent(incident_id, "P3")
    desk.answered(incident_id)
    desk.do(orders.ReportHandled(order_id=order_id))
    desk.fed_back(order_id)
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    no = dict.fromkeys(("threatened", "controlled", "afraid", "children_harmed"), "no")
    desk.do(words.RecordScreening(item_id=item_id, hit="yes", **no, **BY))
    incident = desk.board.incidents[incident_id]
    assert class_of_incident(desk.board, incident) == "domestic_violence"
    assert item_of(desk, "confirm").incident_id == incident_id
    # What was reviewed stands until a person corrects it: he is asked to, and may.
    assert (incident.state, incident.final_type_code) == ("reviewed", DISPUTE)
    [task] = [each for each in desk.board.items.values() if each.kind == "task"]
    assert (task.incident_id, task.owner.kind) == (incident_id, "desk")
    again = incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r")
    assert desk.code(again) == "not_fed_back"
    same = msgspec.structs.replace(again, final_type_code=DISPUTE)
    assert desk.code(same) == "not_fed_back"
    desk.do(msgspec.structs.replace(again, final_type_code=PAST))
    assert (incident.state, incident.final_type_code) == ("reviewed", PAST)
    desk.do(items.EndTask(item_id=task.item_id, outcome="done", by="r"))


def test_what_is_red_by_the_rule_is_lowered_only_with_a_reason_and_a_supervisor(desk):
    incident_id = at_home(desk)
    household_id = household_of(desk, incident_id).household_id
    lower = {"household_id": household_id, "level": "blue", **BY}
    assert desk.code(words.ConfirmAttention(**lower)) == "nothing_confirmed"
    confirmed(desk, incident_id, "strangling", "child_present")
    assert household_of(desk, incident_id).proposed == "red"
    assert desk.code(words.ConfirmAttention(**lower)) == "reason_needed"
    assert desk.code(words.ConfirmAttention(**lower, reason="搬离")) == "consent_needed"
    alone = words.ConfirmAttention(**lower, reason="搬离", approved_by=BY["by"])
    assert desk.code(alone) == "own_approval"
    desk.do(words.ConfirmAttention(**lower, reason="搬离", approved_by="宋支队"))
    again = words.ConfirmAttention(**lower, reason="搬离", approved_by="宋支队")
    assert desk.code(again) == "level_stands"
    raised = words.ConfirmAttention(household_id=household_id, level="red", **BY)
    desk.do(raised)
    assert item_of(desk, "visit").due_at_ms == desk.inbox.now_ms() + DAY_S * 1000
    assert (
        desk.code(words.ConfirmViolence(incident_id=incident_id, facts=(), **BY)) == "facts_stand"
    )


def test_silence_never_lowers_a_level_and_it_ends_unless_somebody_looks(desk):
    incident_id = at_home(desk)
    confirmed(desk, incident_id, "weapon")
    levelled(desk, incident_id, "red")
    desk.run_until(90 * DAY_S + HOUR_S)
    household = household_of(desk, incident_id)
    assert household.proposed == "red"
    assert item_of(desk, "attention").due_at_ms == START_MS + 91 * DAY_S * 1000
    close = words.CloseHousehold(household_id=household.household_id, **BY)
    assert desk.code(close) == "not_clean_enough"
    desk.run_until(400 * DAY_S)
    assert desk.code(close) == "not_clean_enough"


def test_a_visit_is_tried_again_and_each_one_ends_with_the_next(desk):
    incident_id = at_home(desk)
    confirmed(desk, incident_id, "weapon")
    levelled(desk, incident_id, "red")
    for _ in range(2):
        visited(desk, "not_reached")
        assert item_of(desk, "visit").stage == "again"
    visited(desk, "not_reached")
    again = item_of(desk, "visit")
    assert (again.stage, again.due_at_ms) == ("planned", desk.inbox.now_ms() + DAY_S * 1000)
    visited(desk, "refused")
    assert item_of(desk, "visit").due_at_ms == desk.inbox.now_ms() + 7 * DAY_S * 1000
    assert household_of(desk, incident_id).contacts_at_ms == []
    assert (figure(desk, "visit_tries"), figure(desk, "visits")) == (4, 2)


def test_nobody_rings_but_at_the_number_and_in_the_hours_agreed(desk):
    incident_id = at_home(desk)
    household_id = household_of(desk, incident_id).household_id
    item_id = item_of(desk, "safety_call").item_id
    ring = {"item_id": item_id, "is_reached": True, "is_safe": True, **BY}
    assert desk.code(words.RecordSafetyCall(number=SAFE_NUMBER, **ring)) == "no_agreement"
    half = words.AgreeSafeContact(
        household_id=household_id, number=SAFE_NUMBER, from_min=540, to_min=540, **BY
    )
    assert desk.code(half) == "agreement_incomplete"
    # 2023-11-15 06:13 in the city.
    desk.do(
        words.AgreeSafeContact(
            household_id=household_id, number=SAFE_NUMBER, from_min=540, to_min=1020, **BY
        )
    )
    assert desk.code(words.RecordSafetyCall(number="13800000000", **ring)) == "other_number"
    assert desk.code(words.RecordSafetyCall(number=SAFE_NUMBER, **ring)) == "outside_hours"
    desk.do(words.RecordSafetyCall(number=SAFE_NUMBER, **ring), at_s=4 * HOUR_S)
    assert desk.code(words.RecordSafetyCall(number=SAFE_NUMBER, **ring)) == "unknown_item"


def protected(desk, incident_id, **more):
    lat, lon = corner(4, 2)
    now_ms = desk.inbox.now_ms()
    told = {
        "household_id": household_of(desk, incident_id).household_id,
        "court": "田家庵区人民法院",
        "number": "（2026）皖 0403 民保令 3 号",
        "address": HOME,
        "lat": lat,
        "lon": lon,
        "from_ms": now_ms,
        "until_ms": now_ms + 180 * DAY_S * 1000,
        **BY,
        **more,
    }
    return words.RegisterProtection(**told)


def test_a_call_from_a_protected_address_opens_the_order_and_a_breach_is_red(desk):
    incident_id = at_home(desk)
    confirmed(desk, incident_id)
    long = protected(desk, incident_id, until_ms=START_MS + 200 * DAY_S * 1000)
    assert desk.code(long) == "order_too_long"
    assert desk.code(protected(desk, incident_id, until_ms=START_MS - 1)) == "order_expired"
    assert desk.code(protected(desk, incident_id, court=" ")) == "order_incomplete"
    desk.do(protected(desk, incident_id))
    assert desk.code(protected(desk, incident_id)) == "order_known"
    # Whatever it is called: the seat sees the order, the desk only that the place is protected.
    fight = desk.opened(FIGHT, corner(4, 2))
    assert desk.board.incidents[fight].facts["protected_place"] == "yes"
    assert desk.board.incidents[fight].notes == []
    seen = item_of(desk, "protected_call", fight)
    judge = words.JudgeProtectedCall(item_id=seen.item_id, is_breach=False, **BY)
    assert desk.code(judge) == "reason_needed"
    desk.do(words.JudgeProtectedCall(item_id=seen.item_id, is_breach=True, **BY))
    assert household_of(desk, incident_id).proposed == "red"
    assert "breach" in household_of(desk, incident_id).reasons
    # The crew of a restricted record is told which order it is.
    again = at_home(desk)
    assert "民保令 3 号" in desk.board.incidents[again].notes[0].text
    assert figure(desk, "breaches") == 1


def test_an_order_is_asked_about_extended_and_ends(desk):
    incident_id = at_home(desk)
    desk.do(protected(desk, incident_id))
    item = item_of(desk, "protection")
    assert item.due_at_ms == START_MS + 166 * DAY_S * 1000
    end = words.EndProtection(item_id=item.item_id, outcome="expired", **BY)
    assert desk.code(end) == "order_in_force"
    desk.do(words.AskExtension(item_id=item.item_id, is_wanted=True, **BY), at_s=167 * DAY_S)
    until_ms = START_MS + 300 * DAY_S * 1000
    same = words.ExtendProtection(
        item_id=item.item_id, until_ms=START_MS + 180 * DAY_S * 1000, **BY
    )
    assert desk.code(same) == "not_longer"
    desk.do(words.ExtendProtection(item_id=item.item_id, until_ms=until_ms, **BY))
    desk.run_until(301 * DAY_S)
    late = words.ExtendProtection(item_id=item.item_id, until_ms=until_ms + 10**9, **BY)
    assert desk.code(late) == "order_expired"
    desk.do(end)
    fight = desk.opened(FIGHT, corner(4, 2))
    assert "protected_place" not in desk.board.incidents[fight].facts


def test_a_referral_has_a_receipt_and_an_end(desk):
    household_id = household_of(desk, at_home(desk)).household_id
    refer = words.ReferHousehold(
        household_id=household_id, to="womens_federation", what="法律咨询", **BY
    )
    desk.do(refer)
    assert desk.code(refer) == "referral_open"
    item_id = item_of(desk, "referral").item_id
    helped = words.EndReferral(item_id=item_id, outcome="helped", **BY)
    assert desk.code(helped) == "no_receipt"
    desk.do(words.ReceiveReferral(item_id=item_id, receiver="妇联值班", **BY))
    desk.do(helped)
    assert kept(desk).referrals[f"{household_id[:-2]}-R1"].outcome == "helped"


def test_a_letter_is_one_for_an_incident_and_a_wrong_one_is_withdrawn(desk):
    incident_id = at_home(desk)
    issue = words.IssueWarning(incident_id=incident_id, number="告诫 1 号", facts="推打", **BY)
    desk.do(issue)
    assert desk.code(issue) == "letter_exists"
    item_id = item_of(desk, "letter").item_id
    wrong = {"item_id": item_id, "reason": "当事人有误", **BY}
    assert desk.code(words.WithdrawWarning(**wrong)) == "consent_needed"
    desk.do(words.WithdrawWarning(**wrong, approved_by="宋支队"))
    reject = {"incident_id": incident_id, "reason": "系误报", **BY}
    assert desk.code(words.RejectViolence(**reject)) == "consent_needed"
    desk.do(words.RejectViolence(**reject, approved_by="宋支队"))
    assert desk.code(words.RejectViolence(**reject, approved_by="宋支队")) == "already_judged"
    assert desk.code(issue) == "violence_unfounded"
    household_id = household_of(desk, incident_id).household_id
    desk.do(words.CloseHousehold(household_id=household_id, **BY))


def test_material_is_listed_handed_out_and_dropped(desk):
    put = words.PutMaterial(title="反家暴手册", version="2026", where="服务台", **BY)
    desk.do(put)
    assert desk.code(put) == "material_known"
    desk.do(words.HandOutMaterial(material_id="M1", n=30, **BY))
    assert next(iter(VIEWS["materials"](desk.board))).n_handed_out == 30
    desk.do(words.DropMaterial(material_id="M1", **BY))
    assert desk.code(words.DropMaterial(material_id="M1", **BY)) == "unknown_material"


def test_a_number_of_the_seat_is_set_within_its_bounds(desk):
    assert desk.code(words.SetViolenceTerm(name="n_tries", value=0, **BY)) == "out_of_bounds"
    assert desk.code(words.SetViolenceTerm(name="n_tries", value=3, **BY)) == "same_value"
    desk.do(words.SetViolenceTerm(name="red_first_h", value=12, **BY))
    incident_id = at_home(desk)
    confirmed(desk, incident_id, "weapon")
    levelled(desk, incident_id, "red")
    assert item_of(desk, "visit").due_at_ms == desk.inbox.now_ms() + 12 * HOUR_S * 1000


def test_one_officer_is_not_left_alone_with_it():
    desk = Desk(toy_reference(RIDER))
    lat, lon = corner(4, 4)
    desk.fix("M1", lat, lon)
    desk.do(units.StartShift(unit_id="M1", n_officers=1, status="at_post"))
    incident_id = at_home(desk, "020104")
    desk.sent(incident_id, "M1")
    incident = desk.board.incidents[incident_id]
    assert (incident.n_backup, incident.n_needed) == (1, 2)
    assert image(desk.engine.state) == image(desk.rebuilt())


def test_what_the_seat_keeps_of_a_home_is_sealed_on_disk_and_comes_back(desk, tmp_path):
    incident_id = at_home(desk)
    desk.do(protected(desk, incident_id))
    household_id = household_of(desk, incident_id).household_id
    agree = words.AgreeSafeContact(
        household_id=household_id, number=SAFE_NUMBER, from_min=0, to_min=1440, **BY
    )
    desk.do(agree)
    with stored(desk, tmp_path / "log.db") as journal:
        assert image(folded(desk, journal)) == image(desk.engine.state)
        journal.save_snapshot(desk.engine.state, "a build").wait(20)
    written = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    assert HOME.encode() not in written
    assert SAFE_NUMBER.encode() not in written


@pytest.mark.parametrize(
    ("kind", "late_s"),
    [("confirm", 24 * HOUR_S), ("safety_call", 72 * HOUR_S)],
)
def test_what_is_late_is_told_once_on_each_rung_and_ends_with_the_leader(desk, kind, late_s):
    at_home(desk)
    item_id = item_of(desk, kind).item_id
    records = desk.run_until(late_s + 60)
    alarms = [
        event
        for record in records
        for event in record.events
        if type(event).__name__ == "AlarmRaised" and event.subject_id == item_id
    ]
    assert [(each.level, each.to) for each in alarms] == [(1, "supervisor")]
    later = desk.run_until(late_s + 10 * DAY_S)
    more = [
        event.to
        for record in later
        for event in record.events
        if type(event).__name__ == "AlarmRaised" and event.subject_id == item_id
    ]
    assert more == ["leader"]
