"""Events of the telephone system (电话事件): once, in any order, and nothing is lost."""

import pytest
from call_desk import CallDesk
from recall_papers import recall_of
from stored_log import folded, stored
from toy_city import LOCKSMITH, START_MS, corner, image

from kuaifan.board.view_builders import call_row
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import phone
from kuaifan.vocabulary.call import AnswerCall, RegisterCall
from kuaifan.vocabulary.phone import AttachRecording, PhoneFacts, ReportPhoneEvent
from kuaifan.vocabulary.seat import LogOnSeat
from kuaifan.vocabulary.talk import AddParty, DropParty
from kuaifan.web.masking import mask

DAY_MS = 86_400_000
CALL = "pbx-77"


class PhoneDesk(CallDesk):
    """A desk that a telephone system tells of its lines."""

    def tell(self, kind, event_no=1, *, call=CALL, off_ms=0, **facts):
        """One event; returns how it was taken."""
        command = ReportPhoneEvent(
            pbx_id="pbx",
            phone_call_id=call,
            event_no=event_no,
            kind=kind,
            device_at_ms=self.inbox.now_ms() + off_ms,
            facts=PhoneFacts(**facts),
        )
        record = self.ok(command)
        return next(e for e in record.events if isinstance(e, phone.PhoneEventTaken))

    def ring(self, number="13800000000", **fields):
        self.tell("ring", 1, caller_number=number, **fields)
        return self.of()

    def of(self, call=CALL):
        return self.call(self.board.phone_calls[f"pbx/{call}"])

    def talked_by_phone(self, seat_id="A"):
        self.ring()
        self.tell("answer", 2, seat_id=seat_id)
        return self.of()


@pytest.fixture
def desk():
    made = PhoneDesk()
    yield made
    made.check_rebuilt()


def test_a_ring_registers_the_call_on_the_dialled_line_and_offers_it(desk):
    desk.manned("A")
    call = desk.ring(line="122")
    assert (call.line, call.caller_number, call.state) == ("122", "13800000000", "ringing")
    assert call.offered_seat_id == "A"


def test_an_answer_at_an_extension_is_that_of_the_seat_with_the_telephone(desk):
    desk.ok(LogOnSeat(seat_id="A", person="王", extension="8001"))
    desk.ring()
    assert desk.tell("answer", 2, extension="8001").mark == "applied"
    assert (desk.of().state, desk.of().seat_id) == ("talking", "A")


def test_an_answer_at_an_unknown_telephone_is_kept_under_its_number(desk):
    desk.ring()
    desk.tell("answer", 2, extension="8899")
    assert desk.of().seat_id == "ext-8899"


def test_an_answer_before_the_ring_registers_the_call_and_the_ring_brings_its_number(desk):
    assert desk.tell("answer", 2, seat_id="A").mark == "early"
    assert (desk.of().state, desk.of().caller_number) == ("talking", "")
    assert desk.tell("ring", 1, caller_number="13900000000").mark == "applied"
    assert (desk.of().state, desk.of().caller_number) == ("talking", "13900000000")
    assert desk.board.n_calls == 1


def test_a_hang_up_before_the_answer_is_a_missed_call_that_is_owed_a_call_back(desk):
    desk.ring()
    assert desk.tell("hang_up", 2).mark == "applied"
    assert (desk.of().state, desk.of().to_call_back) == ("abandoned", True)
    assert desk.tell("answer", 1, seat_id="A").mark == "late"
    assert desk.of().state == "abandoned"


def test_a_hang_up_of_a_call_that_never_rang_here_is_a_missed_call_too(desk):
    assert desk.tell("hang_up", 9, caller_number="13700000000").mark == "early"
    assert (desk.of().state, desk.of().caller_number) == ("abandoned", "13700000000")


@pytest.mark.parametrize("kind", ["hold", "resume", "transfer", "party_joined", "recording"])
def test_what_is_told_of_an_unknown_call_is_kept_and_marked(desk, kind):
    taken = desk.tell(kind, 5, reference="rec-1", to_kind="agency", to_id="119", party="译员")
    assert (taken.mark, taken.call_id, desk.board.n_calls) == ("unknown_call", "", 0)


def test_hold_and_resume_are_those_of_the_seat(desk):
    desk.manned("A")
    desk.talked_by_phone()
    assert desk.tell("hold", 3).mark == "applied"
    assert desk.of().on_hold
    assert desk.tell("hold", 4).mark == "known"
    desk.tell("resume", 5)
    assert not desk.of().on_hold


def test_an_older_hold_does_not_undo_a_newer_resume(desk):
    desk.talked_by_phone()
    assert desk.tell("resume", 5).mark == "known"
    assert desk.tell("hold", 4).mark == "late"
    assert not desk.of().on_hold


def test_a_hold_of_a_ringing_call_does_not_fit(desk):
    desk.ring()
    assert desk.tell("hold", 3).mark == "unfit"


def test_a_second_voice_picked_up_puts_the_first_on_hold(desk):
    desk.manned("A")
    desk.talked_by_phone()
    desk.tell("ring", 1, call="other", caller_number="13600000000")
    desk.tell("answer", 2, call="other", seat_id="A")
    assert desk.of().on_hold
    assert desk.of("other").seat_id == "A"


def test_a_transfer_stays_until_the_other_answers(desk):
    desk.manned("A", "B")
    desk.talked_by_phone()
    assert desk.tell("transfer", 3, to_kind="seat", to_id="B").mark == "applied"
    assert desk.of().seat_id == "A"
    assert desk.tell("transfer_answer", 4, seat_id="B").mark == "applied"
    assert (desk.of().seat_id, desk.of().transfer_kind) == ("B", None)
    assert desk.tell("transfer", 3, to_kind="seat", to_id="B").mark == "late"


def test_a_transfer_that_nobody_takes_comes_back_with_an_alarm(desk):
    desk.manned("A", "B")
    call = desk.talked_by_phone()
    desk.tell("transfer", 3, to_kind="seat", to_id="B")
    desk.tell("transfer_fail", 4, reason="busy")
    assert (desk.of().seat_id, desk.of().transfer_kind) == ("A", None)
    assert f"transfer_refused:{call.call_id}" in desk.board.alarms


def test_another_telephone_that_answers_a_talk_has_taken_it_over(desk):
    desk.manned("A", "B")
    desk.talked_by_phone()
    desk.tell("answer", 3, seat_id="B")
    assert desk.of().seat_id == "B"


def test_a_party_joins_once_and_leaves(desk):
    desk.talked_by_phone()
    joined = {"party": "译员李", "party_kind": "interpreter", "party_number": "8700"}
    assert desk.tell("party_joined", 3, **joined).mark == "applied"
    assert desk.tell("party_joined", 4, **joined).mark == "known"
    assert [(p.name, p.kind) for p in desk.of().parties] == [("译员李", "interpreter")]
    desk.tell("party_left", 5, **joined)
    assert desk.of().parties[0].left
    assert desk.tell("party_left", 6, **joined).mark == "known"


def test_an_older_word_of_one_party_is_late_and_of_another_is_not(desk):
    desk.talked_by_phone()
    one, other = {"party": "译员李"}, {"party_number": "13511112222"}
    desk.tell("party_joined", 5, **one)
    desk.tell("party_left", 7, **one)
    assert desk.tell("party_joined", 6, **one).mark == "late"
    assert desk.tell("party_joined", 4, **other).mark == "applied"


def test_who_took_part_in_a_call_is_nowhere_in_clear(desk, tmp_path):
    desk.talked_by_phone()
    desk.tell("party_joined", 3, party="译员李", party_kind="interpreter", party_number="87001234")
    desk.tell("transfer", 4, to_kind="agency", to_id="119")
    desk.tell("transfer_answer", 5, party="值班员王")
    desk.do(AddParty(call_id=desk.of().call_id, kind="relative", name="母亲张", number="1351111"))
    desk.do(DropParty(call_id=desk.of().call_id, party_no=1))
    assert desk.code(DropParty(call_id=desk.of().call_id, party_no=1)) == "party_left"
    with stored(desk, tmp_path / "log.db") as journal:
        journal.save_snapshot(desk.engine.state, "build").wait(20)
        assert image(folded(desk, journal)) == image(desk.engine.state)
    clear = b"".join(path.read_bytes() for path in tmp_path.glob("log.db*"))
    assert b"transfer_answer" in clear
    for name in ("译员李", "87001234", "值班员王", "母亲张", "1351111"):
        assert name.encode() not in clear
    assert mask(call_row(desk.board, desk.of().call_id, desk.inbox.now_ms())).parties[0].name == ""


def test_a_party_that_the_desk_has_added_is_known_by_its_number(desk):
    call = desk.talked_by_phone()
    desk.ok(AddParty(call_id=call.call_id, kind="relative", name="母亲", number="13511112222"))
    assert desk.tell("party_joined", 3, party_number="13511112222").mark == "known"


def test_a_hang_up_ends_the_talk_also_on_hold(desk):
    desk.manned("A")
    desk.talked_by_phone()
    desk.tell("hold", 3)
    desk.tell("hang_up", 4)
    assert desk.of().state == "ended"
    assert desk.tell("hang_up", 5).mark == "known"


def test_a_recording_is_attached_once(desk):
    desk.talked_by_phone()
    assert desk.tell("recording", 3, reference="rec-1", duration_ms=5_000).mark == "applied"
    assert desk.tell("recording", 4, reference="rec-1").mark == "known"
    assert desk.tell("recording", 5).mark == "unfit"
    assert [(r.reference, r.duration_ms) for r in desk.of().recordings] == [("rec-1", 5_000)]


def test_a_clock_off_by_a_day_is_marked_and_ours_is_used(desk):
    taken = desk.tell("ring", 1, off_ms=DAY_MS, caller_number="13800000000")
    assert taken.clock_off_ms == DAY_MS
    assert desk.of().t0_ms < START_MS + DAY_MS
    now_ms = desk.inbox.now_ms()
    desk.tell("recording", 2, off_ms=DAY_MS, reference="rec", started_at_ms=now_ms + DAY_MS)
    assert desk.of().recordings[0].started_at_ms == now_ms


def test_a_clock_that_is_a_little_off_is_not_marked(desk):
    assert desk.tell("ring", 1, off_ms=-3_000).clock_off_ms == 0


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (
            ReportPhoneEvent(
                pbx_id="p", phone_call_id=" ", event_no=1, kind="ring", device_at_ms=0
            ),
            "no_phone_call",
        ),
        (
            ReportPhoneEvent(
                pbx_id="p",
                phone_call_id="1",
                event_no=1,
                kind="ring",
                device_at_ms=0,
                facts=PhoneFacts(line="walk_in"),
            ),
            "not_a_phone_line",
        ),
        (AttachRecording(call_id="C9", reference="r"), "unknown_call"),
        (AttachRecording(call_id="C1", reference=" "), "no_reference"),
        (AttachRecording(call_id="C1", reference="rec-1"), "recording_known"),
        (RegisterCall(line="110", phone_id=f"pbx/{CALL}"), "phone_call_known"),
    ],
)
def test_what_is_refused(desk, command, code):
    desk.talked_by_phone()
    desk.ok(AttachRecording(call_id="C1", reference="rec-1"))
    assert desk.code(command) == code


def test_a_telephone_call_that_has_left_the_board_is_unknown_again(desk):
    desk.manned("A")
    call = desk.ring()
    desk.ok(AnswerCall(call_id=call.call_id, seat_id="A"))
    desk.tell("hang_up", 3)
    desk.run_until(desk.now_s + 8 * 86_400)
    assert desk.board.phone_calls == {}
    assert desk.tell("recording", 4, reference="rec-9").mark == "unknown_call"


def test_a_call_leaves_with_its_incident_and_comes_back_under_its_telephone_name(desk):
    call = desk.talked_by_phone()
    incident_id = desk.opened(LOCKSMITH, corner(4, 5), call_id=call.call_id)
    desk.tell("hang_up", 3)
    desk.ok(incidents.SettleByPhone(incident_id=incident_id, disposition="settled"))
    desk.ok(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="R1"))
    desk.ok(incidents.CloseIncident(incident_id=incident_id))
    papers = recall_of(desk.board, incident_id)
    desk.run_until(desk.now_s + 3 * 86_400)
    assert desk.board.phone_calls == {}
    desk.ok(papers)
    assert desk.tell("recording", 4, reference="rec-9").call_id == call.call_id


# --- the seat's telephone and its time after a call -------------------------------------------


def test_an_extension_is_at_one_seat_only(desk):
    desk.ok(LogOnSeat(seat_id="A", person="王", extension="8001"))
    assert desk.code(LogOnSeat(seat_id="B", person="李", extension="8001")) == "extension_taken"
    desk.ok(LogOnSeat(seat_id="A", person="王", extension="8001"))


def test_after_a_call_a_seat_is_offered_nothing_for_its_time(desk):
    desk.ok(LogOnSeat(seat_id="A", person="王", after_call_s=30))
    desk.talked_by_phone()
    desk.tell("hang_up", 3)
    assert desk.seat("A").state == "after_call"
    desk.tell("ring", 1, call="next")
    assert desk.of("next").offered_seat_id == ""
    desk.run_until(desk.now_s + 31)
    assert desk.seat("A").state == "idle"
    assert desk.of("next").offered_seat_id == "A"


def test_a_seat_that_is_ready_sooner_says_so(desk):
    from kuaifan.vocabulary.seat import ResumeSeat

    desk.ok(LogOnSeat(seat_id="A", person="王", after_call_s=30))
    desk.talked_by_phone()
    desk.tell("hang_up", 3)
    desk.ok(ResumeSeat(seat_id="A"))
    assert desk.seat("A").state == "idle"


def test_a_seat_that_answers_meanwhile_is_not_disturbed_by_the_timer(desk):
    desk.ok(LogOnSeat(seat_id="A", person="王", after_call_s=30))
    desk.talked_by_phone()
    desk.tell("hang_up", 3)
    call_id = desk.registered()
    desk.ok(AnswerCall(call_id=call_id, seat_id="A"))
    desk.run_until(desk.now_s + 40)
    assert desk.seat("A").state == "talking"
