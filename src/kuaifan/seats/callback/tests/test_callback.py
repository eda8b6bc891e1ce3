"""Call-backs: who is rung, what follows from the answer, and the page that a caller is sent."""

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stored_log import folded, stored
from toy_city import DOMESTIC, FIGHT, MURDER, START_MS, Desk, corner, image

from kuaifan.board.day_tally import day_of
from kuaifan.board.items import open_item
from kuaifan.seats.callback import words
from kuaifan.seats.callback.kinds import CALL
from kuaifan.seats.callback.papers import SEAT_ID, TERMS, Terms
from kuaifan.seats.callback.rules import on_item
from kuaifan.seats.callback.sample import is_sampled, make_token, read_token
from kuaifan.seats.callback.script import script_of
from kuaifan.seats.callback.tracking import look
from kuaifan.seats.callback.views import VIEWS
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import missed, overlay
from kuaifan.vocabulary.item import Owner

NUMBER, AGREED = "13800000000", "13911112222"
HOUR_S, DAY_S = 3600, 86_400
MORNING_S = 4 * HOUR_S
"""START is 06:13 in the city, before anybody may be rung; this is 10:13."""
BY = {"by": "唐回访"}
KEY = "5f" * 32
PAGE = "https://track.example.cn"


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.on_duty("P1", "P2")
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def kept(desk):
    return desk.board.seats[SEAT_ID]


def figure(desk, name):
    return kept(desk).tally.sum(name, 0, 10**6)


def share(desk, permille):
    desk.do(words.SetCallBackTerm(name="sample_permille", value=permille, **BY))


def reported(desk, type_code=FIGHT, *, number=NUMBER):
    call_id = desk.rang(caller_number=number)
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="S1"))
    incident_id = desk.opened(type_code, corner(4, 2), call_id=call_id)
    desk.do(calls.HangUpCall(call_id=call_id))
    return incident_id


def handled(desk, incident_id, *, unit_id="P1"):
    desk.fed_back(desk.sent(incident_id, unit_id))


def closed(desk, incident_id):
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    return desk.do(incidents.CloseIncident(incident_id=incident_id))


def item_of(desk, kind):
    found = [
        each for each in desk.board.items.values() if (each.seat_id, each.kind) == (SEAT_ID, kind)
    ]
    assert len(found) == 1, (kind, found)
    return found[0]


def said(item_id, *, reached="answered", number=NUMBER, satisfaction="satisfied", resolved="yes"):
    told = {"satisfaction": satisfaction, "resolved": resolved} if reached == "answered" else {}
    return words.RecordCallBackAnswer(item_id=item_id, number=number, reached=reached, **told, **BY)


def sampled(desk):
    """A closed incident that is in the sample; the time is one at which people are rung."""
    share(desk, 1000)
    incident_id = reported(desk)
    handled(desk, incident_id)
    closed(desk, incident_id)
    desk.run_until(desk.now_s + MORNING_S)
    return incident_id, item_of(desk, "call").item_id


def test_from_the_closed_incident_to_the_answer(desk):
    incident_id, item_id = sampled(desk)
    row = next(iter(VIEWS["due"](desk.board)))
    assert (row.why, row.hours, row.n_tries) == ("sample", "08:00-21:00", 0)
    assert "满意" in row.script
    desk.do(said(item_id, satisfaction="fairly"))
    assert desk.code(said(item_id)) == "unknown_item"
    assert [figure(desk, each) for each in ("due", "called", "answered", "content")] == [1] * 4
    answer = next(iter(VIEWS["answers"](desk.board)))
    assert (answer.incident_id, answer.satisfaction) == (incident_id, "fairly")


def test_a_firm_is_called_back_before_its_incident_is_closed(desk):
    share(desk, 0)
    incident_id = reported(desk)
    desk.do(overlay.MarkOverlay(incident_id=incident_id, overlay="enterprise", **BY))
    handled(desk, incident_id)
    item = item_of(desk, "held_call")
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    close = incidents.CloseIncident(incident_id=incident_id)
    assert desk.code(close) == "items_open"
    desk.run_until(MORNING_S)
    desk.do(said(item.item_id))
    desk.do(close)
    assert desk.board.incidents[incident_id].state == "closed"


def test_a_firm_that_is_found_out_late_is_called_back_too_and_once(desk):
    share(desk, 1000)
    incident_id = reported(desk)
    handled(desk, incident_id)
    desk.do(overlay.MarkOverlay(incident_id=incident_id, overlay="enterprise", **BY))
    desk.run_until(MORNING_S)
    desk.do(said(item_of(desk, "held_call").item_id))
    closed(desk, incident_id)
    assert figure(desk, "due") == 1


def test_a_firm_that_its_own_seat_calls_back_is_not_called_twice(desk):
    share(desk, 1000)
    incident_id = reported(desk)
    theirs = msgspec.structs.replace(CALL, seat_id="enterprise", kind="call_back")
    owner = Owner("seat", "enterprise")
    opened = open_item(
        desk.board, theirs, owner=owner, due_at_ms=START_MS + 10**9, incident_id=incident_id
    )
    assert on_item(desk.board, opened, START_MS) == [words.LeaveCallBack(incident_id=incident_id)]
    leave = words.LeaveCallBack(incident_id=incident_id)
    desk.do(leave)
    desk.do(overlay.MarkOverlay(incident_id=incident_id, overlay="enterprise", **BY))
    handled(desk, incident_id)
    closed(desk, incident_id)
    assert (figure(desk, "due"), figure(desk, "left_out_other_seat")) == (0, 1)


def test_nobody_there_is_tried_at_other_hours_and_then_left(desk):
    item_id = sampled(desk)[1]
    missed_call = said(item_id, reached="not_reached")
    desk.do(missed_call)
    assert item_of(desk, "call").stage == "again"
    assert desk.code(missed_call) == "too_soon"
    desk.do(missed_call, at_s=desk.now_s + 5 * HOUR_S)
    desk.do(missed_call, at_s=desk.now_s + 19 * HOUR_S)
    assert desk.code(missed_call) == "unknown_item"
    assert [figure(desk, each) for each in ("called", "tries", "not_reached")] == [1, 3, 1]


def test_what_is_not_dealt_with_goes_on_and_who_is_not_content_is_answered(desk):
    incident_id, item_id = sampled(desk)
    assert desk.code(said(item_id, satisfaction="")) == "answers_missing"
    desk.do(said(item_id, satisfaction="dissatisfied", resolved="no"))
    assert desk.board.incidents[incident_id].n_reopened == 1
    second = reported(desk)
    handled(desk, second, unit_id="P2")
    closed(desk, second)
    desk.do(said(item_of(desk, "call").item_id, satisfaction="dissatisfied"))
    grievance = item_of(desk, "grievance")
    assert (grievance.owner.kind, grievance.owner.owner_id) == ("unit", "P2")
    answer = {"item_id": grievance.item_id, "outcome": "explained", **BY}
    assert desk.code(words.AnswerGrievance(found=" ", **answer)) == "no_text"
    desk.do(words.AnswerGrievance(found="已上门解释", **answer))
    assert desk.code(words.AnswerGrievance(found="再次", **answer)) == "unknown_item"


def test_who_declines_gives_no_answers(desk):
    item_id = sampled(desk)[1]
    odd = words.RecordCallBackAnswer(
        item_id=item_id, number=NUMBER, reached="declined", resolved="yes", **BY
    )
    assert desk.code(odd) == "answers_declined"
    desk.do(said(item_id, reached="declined"))
    assert (figure(desk, "declined"), figure(desk, "answered")) == (1, 0)


def dv_closed(desk, incident_id):
    """Only the seat of its own lets it be closed."""
    confirm = next(c for c in desk.rules.commands if c.__name__ == "ConfirmViolence")
    handled_dv(desk, incident_id)
    desk.do(confirm(incident_id=incident_id, by="s"))
    closed(desk, incident_id)


def handled_dv(desk, incident_id):
    settle = incidents.SettleByPhone(
        incident_id=incident_id, disposition="warned", approved_by="chief"
    )
    desk.do(settle)
    desk.answered(incident_id)


def test_a_restricted_record_is_not_called_back_unless_the_person_agreed(desk):
    share(desk, 1000)
    incident_id = reported(desk, DOMESTIC)
    dv_closed(desk, incident_id)
    assert figure(desk, "due") == 0
    agreed = reported(desk, DOMESTIC)
    agree = {"incident_id": agreed, "from_min": 840, "to_min": 960, **BY}
    assert desk.code(words.AgreeCallBack(number=" ", **agree)) == "agreement_incomplete"
    desk.do(words.AgreeCallBack(number=AGREED, **agree))
    dv_closed(desk, agreed)
    item_id = item_of(desk, "call").item_id
    assert desk.board.items[item_id].record_class == "domestic_violence"
    desk.run_until(MORNING_S)
    assert desk.code(said(item_id)) == "other_number"
    assert desk.code(said(item_id, number=AGREED)) == "outside_hours"
    desk.do(said(item_id, number=AGREED), at_s=8.5 * HOUR_S)
    assert figure(desk, "answered") == 1


def test_what_became_restricted_after_it_was_due_is_not_rung(desk):
    incident_id, item_id = sampled(desk)
    desk.board.incidents[incident_id].record_class = "restricted"
    assert desk.code(said(item_id)) == "no_agreement"
    desk.board.incidents[incident_id].record_class = "ordinary"


def test_nobody_is_rung_at_night_or_at_another_number_and_a_call_without_one_is_left_out(desk):
    item_id = sampled(desk)[1]
    assert desk.code(said(item_id, number="13700000000")) == "other_number"
    quiet = reported(desk, number="")
    handled(desk, quiet, unit_id="P2")
    closed(desk, quiet)
    assert figure(desk, "left_out_no_number") == 1


def test_a_call_back_that_is_late_is_told_once_on_each_rung(desk):
    item_id = sampled(desk)[1]
    records = desk.run_until(desk.now_s + 4 * DAY_S)
    told = [
        event.to
        for record in records
        for event in record.events
        if type(event).__name__ == "AlarmRaised" and event.subject_id == item_id
    ]
    assert told == ["dispatcher", "supervisor", "leader"]


# --- the sample ------------------------------------------------------------------------------


def test_the_sample_of_a_day_is_the_same_for_everybody_and_about_the_share():
    ids = [f"J{n}" for n in range(4_000)]
    chosen = [each for each in ids if is_sampled(KEY, 20_000, each, 50)]
    assert chosen == [each for each in ids if is_sampled(KEY, 20_000, each, 50)]
    assert 150 < len(chosen) < 250
    assert chosen != [each for each in ids if is_sampled(KEY, 20_001, each, 50)]
    assert chosen != [each for each in ids if is_sampled("00" * 32, 20_000, each, 50)]
    assert not any(is_sampled(KEY, 1, each, 0) for each in ids)
    assert all(is_sampled(KEY, 1, each, 1000) for each in ids)


def test_who_is_sampled_is_what_the_digest_says(desk):
    share(desk, 500)
    mine = kept(desk)
    for _ in range(6):
        incident_id = reported(desk)
        handled(desk, incident_id)
        closed(desk, incident_id)
        expected = is_sampled(mine.key, day_of(desk.inbox.now_ms()), incident_id, 500)
        assert (incident_id in mine.asked) is expected


# --- the page --------------------------------------------------------------------------------


def has_page(desk):
    desk.do(words.SetTrackAddress(address=PAGE, key=KEY, **BY))


def token_of(desk, call_id):
    text = desk.board.calls[call_id].texts[-1].text
    assert PAGE in text
    return text.rpartition("/track/")[2]


def steps(seen):
    return [each.words for each in seen.steps]


def test_a_link_shows_how_far_it_is_and_is_rated_once(desk):
    incident_id = reported(desk)
    send = words.SendTrackLink(incident_id=incident_id, **BY)
    assert desk.code(send) == "no_track_page"
    assert desk.code(words.SetTrackAddress(address=PAGE, **BY)) == "key_needed"
    bare = words.SetTrackAddress(address="http://x.cn", key=KEY, **BY)
    assert desk.code(bare) == "no_https"
    has_page(desk)
    assert desk.code(words.SetTrackAddress(address=PAGE, **BY)) == "same_value"
    rating = words.RateHandling(incident_id=incident_id, satisfaction="satisfied")
    assert desk.code(rating) == "no_link"
    desk.do(send)
    assert desk.code(send) == "link_sent"
    token = token_of(desk, desk.board.incidents[incident_id].call_ids[0])
    now_ms = desk.inbox.now_ms()
    assert steps(look(desk.board, token, now_ms)) == ["已受理"]
    handled(desk, incident_id)
    closed(desk, incident_id)
    seen = look(desk.board, token, now_ms)
    assert steps(seen) == ["已受理", "已派警", "已处置", "已办结"]
    assert seen.question.answers["satisfied"] == rating
    desk.do(rating)
    assert desk.code(rating) == "rated"
    # It still shows when the board has forgotten the incident, and then no more.
    desk.run_until(3 * DAY_S)
    assert incident_id not in desk.board.incidents
    assert "已办结" in steps(look(desk.board, token, desk.inbox.now_ms()))
    assert look(desk.board, token, START_MS + 7 * DAY_S * 1000 + 1) is None
    assert (figure(desk, "ratings"), figure(desk, "answered")) == (1, 0)


def test_no_link_goes_to_a_restricted_record_and_one_that_becomes_so_shows_nothing(desk):
    has_page(desk)
    hidden = reported(desk, DOMESTIC)
    send = words.SendTrackLink(incident_id=hidden, **BY)
    assert desk.code(send) == "restricted_record"
    incident_id = reported(desk)
    desk.do(words.SendTrackLink(incident_id=incident_id, **BY))
    token = token_of(desk, desk.board.incidents[incident_id].call_ids[0])
    desk.do(incidents.UpdateIncident(incident_id=incident_id, type_code=DOMESTIC))
    assert look(desk.board, token, desk.inbox.now_ms()) is None
    rating = words.RateHandling(incident_id=incident_id, satisfaction="fairly")
    assert desk.code(rating) == "restricted_record"


def test_where_nobody_may_be_rung_no_link_goes(desk):
    has_page(desk)
    call_id = desk.rang()
    incident_id = desk.opened(MURDER, corner(4, 2), call_id=call_id)
    desk.do(missed.FlagNeverRing(call_id=call_id, reason="嫌疑人在旁"))
    assert desk.code(words.SendTrackLink(incident_id=incident_id, **BY)) == "no_number"
    assert desk.code(words.SendTrackLink(incident_id="J999", **BY)) == "unknown_incident"


@settings(max_examples=80, deadline=None)
@given(at=st.integers(0, 60), letter=st.sampled_from("0123456789abcdefJ."))
def test_a_token_that_is_otherwise_by_one_letter_is_none(at, letter):
    token = make_token(KEY, "J17", START_MS)
    assert read_token(KEY, token) == ("J17", START_MS)
    at %= len(token)
    forged = token[:at] + letter + token[at + 1 :]
    if forged != token:
        assert read_token(KEY, forged) is None
    assert read_token("", make_token("", "J17", START_MS)) is None


def test_numbers_have_bounds_and_every_class_has_its_questions(desk):
    names = {*Terms.__struct_fields__}
    assert names == TERMS.keys()
    assert desk.code(words.SetCallBackTerm(name="n_tries", value=9, **BY)) == "out_of_bounds"
    assert desk.code(words.SetCallBackTerm(name="n_tries", value=3, **BY)) == "same_value"
    for each in {known.class_key for known in desk.reference.types.values()}:
        assert len(script_of(each)) == 4


def test_what_people_said_is_sealed_and_comes_back(desk, tmp_path):
    item_id = sampled(desk)[1]
    desk.do(
        words.RecordCallBackAnswer(
            item_id=item_id,
            number=NUMBER,
            reached="answered",
            satisfaction="satisfied",
            resolved="yes",
            said="门口那盏灯还没修好",
            **BY,
        )
    )
    with stored(desk, tmp_path / "log.db") as journal:
        assert image(folded(desk, journal)) == image(desk.engine.state)
        journal.save_snapshot(desk.engine.state, "a build").wait(20)
    written = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    assert "门口那盏灯".encode() not in written
