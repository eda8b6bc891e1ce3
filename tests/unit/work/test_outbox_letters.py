"""What could not be told outside stands for a person, who repeats it or tells it otherwise."""

import pytest
from toy_city import UNITS, Desk, corner, image

from kuaifan.board.outbox import letter_row
from kuaifan.vocabulary import outbox
from kuaifan.vocabulary.alarm import TakeUpAlarm
from kuaifan.vocabulary.outbox import MAX_LETTERS

FIRE = "040101"


@pytest.fixture
def desk():
    made = Desk()
    made.on_duty(*UNITS)
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def untold(effect_id="7-0-1", channel="phone", **more):
    told = {"what": "hold", "why": "silent", "n_attempts": 9, "call_id": "C1"} | more
    return outbox.ReportUndelivered(effect_id=effect_id, channel=channel, **told)


def dismissed(effect_id="7-0-1"):
    return outbox.DismissEffect(effect_id=effect_id, why="told_otherwise")


def test_how_far_it_was_told_stands_on_the_board_and_never_goes_back(desk):
    seq = desk.board.seq
    desk.do(outbox.NoteDelivered(upto_seq=seq, done=(f"{seq + 2}-0", f"{seq + 9}-1")))
    assert desk.board.outbox.upto_seq == seq
    assert desk.code(outbox.NoteDelivered(upto_seq=seq - 1)) == "outbox_is_further"
    assert desk.code(outbox.NoteDelivered(upto_seq=10**6)) == "no_such_record"
    desk.do(outbox.NoteDelivered(upto_seq=seq + 2))
    assert list(desk.board.outbox.done) == [f"{seq + 9}-1"]


def test_told_twice_is_one_letter(desk):
    desk.do(untold())
    assert desk.code(untold(n_attempts=12)) == "letter_stands"
    row = letter_row(desk.board, "7-0-1")
    assert (row.channel_zh, row.n_attempts, row.state) == ("话机系统", 9, "waiting")


def test_silent_telephones_ring_once_until_every_letter_is_gone(desk):
    desk.do(untold("7-0-1"))
    assert desk.board.alarms["phone_untold:phone"].to == "supervisor"
    desk.do(TakeUpAlarm(alarm_id="phone_untold:phone", by="Sun"))
    desk.do(untold("8-0-1"))
    assert "phone_untold:phone" not in desk.board.alarms
    desk.do(dismissed("7-0-1"))
    desk.do(dismissed("8-0-1"))
    desk.do(untold("9-0-1"))
    assert "phone_untold:phone" in desk.board.alarms
    desk.do(dismissed("9-0-1"))
    assert "phone_untold:phone" not in desk.board.alarms


def test_a_service_that_was_not_told_is_the_dispatchers_and_named(desk):
    fire = desk.opened(FIRE, corner(5, 3))
    desk.do(untold("7-0-1", "119", what="request", request_id=f"{fire}-A1", incident_id=fire))
    alarm = desk.board.alarms[f"agency_untold:{fire}-A1"]
    assert (alarm.to, alarm.incident_id) == ("dispatcher", fire)
    assert letter_row(desk.board, "7-0-1").channel_zh == "消防救援"
    desk.do(dismissed())
    assert f"agency_untold:{fire}-A1" not in desk.board.alarms


def test_a_letter_is_repeated_and_arrives_or_comes_back_as_what_it_was(desk):
    desk.do(untold())
    desk.do(outbox.RepeatEffect(effect_id="7-0-1"))
    assert desk.code(outbox.RepeatEffect(effect_id="7-0-1")) == "already_repeated"
    # There was nothing left to make it from: the letter still says what it was about.
    desk.do(untold(channel="", what="gone", why="gone", call_id=""))
    letter = desk.board.outbox.letters["7-0-1"]
    assert (letter.state, letter.why, letter.what, letter.call_id) == (
        *("waiting", "gone", "hold", "C1"),
    )
    desk.do(outbox.RepeatEffect(effect_id="7-0-1"))
    desk.do(outbox.ReportDelivered(effect_id="7-0-1"))
    assert desk.board.outbox.letters == {}
    assert desk.code(outbox.RepeatEffect(effect_id="7-0-1")) == "unknown_letter"
    assert desk.code(dismissed()) == "unknown_letter"
    assert desk.code(outbox.ReportDelivered(effect_id="7-0-1")) == "unknown_letter"


def test_letters_are_no_more_than_a_person_can_read_and_the_oldest_makes_room(desk):
    for i in range(MAX_LETTERS + 1):
        desk.do(untold(f"{i}-0-1"))
    letters = desk.board.outbox.letters
    assert len(letters) == MAX_LETTERS
    assert "0-0-1" not in letters


def test_a_letter_that_nobody_put_away_does_not_hush_the_next_fault(desk):
    desk.do(untold("7-0-1"))
    desk.do(TakeUpAlarm(alarm_id="phone_untold:phone", by="Sun"))
    desk.run_until(desk.now_s + 300)
    desk.do(untold("8-0-1"))
    assert "phone_untold:phone" not in desk.board.alarms
    desk.run_until(desk.now_s + 3_600)
    desk.do(untold("9-0-1"))
    assert "phone_untold:phone" in desk.board.alarms


def test_what_cannot_be_made_again_and_was_put_away_is_no_new_letter(desk):
    desk.do(untold())
    desk.do(outbox.RepeatEffect(effect_id="7-0-1"))
    desk.do(dismissed())
    assert desk.code(untold(channel="", what="gone", why="gone")) == "unknown_letter"
    assert not desk.board.outbox.letters
