"""What keeps the outbox from telling: it says so, never what it carries, and goes on."""

import ssl
import threading

import pytest
from toy_city import START_MS

from kuaifan.board.call_view_rows import CallRow
from kuaifan.board.outbox import OutboxPapers
from kuaifan.gateway.effect import LINE_LIMIT_MS, Effect
from kuaifan.gateway.effect_post import HttpReceiver, SilentError
from kuaifan.gateway.outbox import Outbox, Rhythm
from kuaifan.gateway.outbox_lanes import Pace
from kuaifan.gateway.outbox_past import FORGET_MS
from kuaifan.gateway.phone_wishes import phone_effects
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import EngineStarted
from kuaifan.kernel.record import Record, Scope
from kuaifan.kernel.ticket import Ticket
from kuaifan.vocabulary.call import CallEnded
from kuaifan.vocabulary.missed import CallBackStarted
from kuaifan.vocabulary.outbox import DeliveryNoted, NoteDelivered, ReportUndelivered
from kuaifan.vocabulary.phone import join_phone_id, split_phone_id
from kuaifan.vocabulary.talk import ReportTextOutcome, SendText, TextSent

WAIT_S, PAGE = 20, 10
BEGAN = EngineStarted(build="b", plugins=(), city_hash="c")
NUMBER, TEXT = "13811112222", "请不要出声，回 1 表示危险"
QUICK = Pace(first_ms=1, last_ms=2)
OFTEN = Rhythm(look_s=0.002, pause_s=0.001, note_s=0.001)


def record(seq, *events, after_ms=0):
    return Record(
        seq=seq,
        input_no=seq,
        at_ms=START_MS + after_ms,
        actor="seat:A",
        scope=Scope("city", "open"),
        command=SendText(call_id="C1", text=TEXT),
        events=events,
    )


def call(phone_id="p/1"):
    return CallRow(
        call_id="C1",
        line="110",
        state="talking",
        seat_id="A",
        caller_number=NUMBER,
        phone_id=phone_id,
        caller_name="",
        incident_id="",
        t0_ms=0,
        t2_ms=0,
        t3_ms=0,
        seq=1,
    )


class Source:
    """A desk that has these records; faults: raised by the first readings."""

    def __init__(self, *records, faults=(), phone_id="p/1", late_ms=0, upto_seq=0, noted_ago_ms=0):
        self.records, self.faults, self.phone_id = records, list(faults), phone_id
        self.late_ms, self.submitted, self.refusing = late_ms, [], 0
        self.read_from = []
        noted_at_ms = START_MS + late_ms - noted_ago_ms
        self._papers = OutboxPapers(upto_seq=upto_seq, noted_at_ms=noted_at_ms)
        self._changed = threading.Condition()

    def read_after(self, seq):
        if self.faults:
            raise self.faults.pop(0)
        self.read_from.append(seq)
        return [each for each in self.records if each.seq > seq][:PAGE]

    def find_record(self, _seq):
        return None

    def last_seq(self):
        return max((each.seq for each in self.records), default=0)

    def last_seq_before(self, at_ms):
        return max((each.seq for each in self.records if each.at_ms < at_ms), default=0)

    def papers(self):
        return self._papers

    def now_ms(self):
        return START_MS + self.late_ms

    def find_call(self, call_id):
        return call(self.phone_id) if call_id == "C1" else None

    def find_incident(self, _incident_id):
        return None

    def extension_of(self, _seat_id):
        return ""

    def submit(self, command):
        with self._changed:
            if self.refusing:
                self.refusing -= 1
                raise StorageError("the disk is full")
            self.submitted.append(command)
            self._changed.notify_all()
        ticket = Ticket()
        ticket.resolve(None)
        return ticket

    def wait_for(self, command_type, n=1):
        def found():
            return [each for each in self.submitted if isinstance(each, command_type)]

        with self._changed:
            assert self._changed.wait_for(lambda: len(found()) >= n, WAIT_S), self.submitted
            return found()


class Line:
    """A telephone system that answers with these, and with the last one for ever."""

    where = "pbx:1"

    def __init__(self, *answers):
        self.answers, self.told = list(answers), []

    def post(self, effect):
        self.told.append(effect.effect_id)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer is None:
            raise SilentError("no route")
        return answer


@pytest.fixture
def started():
    made = []

    def start(source, *answers):
        said, line = [], Line(*(answers or (200,)))
        outbox = Outbox(source, {"phone": line}, say=said.append, pace=QUICK, rhythm=OFTEN)
        outbox.start()
        made.append(outbox)
        return outbox, line, said

    yield start
    for outbox in made:
        outbox.stop()


def text():
    return TextSent(call_id="C1", text_no=1, kind="plain", text=TEXT)


def test_what_is_too_old_is_named_without_number_or_text_and_reported(started):
    source = Source(record(1, text()), late_ms=LINE_LIMIT_MS + 1)
    _, line, said = started(source)
    (letter,) = source.wait_for(ReportUndelivered)
    assert (letter.why, letter.what, letter.call_id) == ("late", "text", "C1")
    assert [each.outcome for each in source.wait_for(ReportTextOutcome)] == ["failed"]
    assert line.told == []
    (sentence,) = said
    assert "text of call C1" in sentence
    assert NUMBER not in sentence
    assert TEXT not in sentence


@pytest.mark.parametrize("fault", [StorageError("closed"), BadInputError("bad"), OSError("io")])
def test_a_log_that_cannot_be_read_for_a_while_is_said_once_and_read_again(started, fault):
    source = Source(record(1, text()), faults=[fault, fault])
    outbox, _, said = started(source)
    source.wait_for(ReportTextOutcome)
    assert len(said) == 1
    assert str(fault) in said[0]
    assert outbox.trouble("phone") == ""


def test_what_the_log_does_not_take_is_told_it_again_and_in_order(started):
    source = Source(record(1, text()))
    source.refusing = 3
    _, line, _ = started(source)
    source.wait_for(NoteDelivered)
    source.wait_for(NoteDelivered, n=2)
    first, *rest = [type(each) for each in source.submitted]
    assert (first, rest) == (NoteDelivered, [ReportTextOutcome, NoteDelivered])
    assert source.submitted[-1].upto_seq == 1
    assert len(line.told) == 1


def test_an_answer_that_asks_to_come_again_is_asked_again_with_the_same_key(started):
    source = Source(record(1, text()))
    _, line, said = started(source, 503, None, 429, 200)
    assert [each.outcome for each in source.wait_for(ReportTextOutcome)] == ["delivered"]
    assert line.told == [f"1-0-{START_MS:x}"] * 4
    assert [each.partition(" at ")[2] for each in said] == [
        "pbx:1 answers 503",
        "pbx:1 is silent: no route",
        "pbx:1 answers 429",
    ]


def test_a_refusal_is_a_letter_at_once(started):
    source = Source(record(1, text()))
    _, line, _ = started(source, 404)
    (letter,) = source.wait_for(ReportUndelivered)
    assert (letter.why, letter.status, len(line.told)) == ("refused", 404, 1)


def test_a_start_goes_on_where_the_log_says(started):
    source = Source(record(1, text()), record(2, text()), upto_seq=1)
    _, line, _ = started(source)
    source.wait_for(NoteDelivered, n=2)
    assert line.told == [f"2-0-{START_MS:x}"]


def test_an_outbox_that_never_ran_tells_nothing_of_the_past(started):
    source = Source(record(1, text()), upto_seq=-1)
    _, line, _ = started(source)
    assert source.wait_for(NoteDelivered)[0].upto_seq == 1
    assert line.told == []


def test_what_a_quiet_desk_wants_is_told_however_old_the_last_note_is(started):
    source = Source(record(1, text()), noted_ago_ms=3 * FORGET_MS)
    _, line, _ = started(source)
    source.wait_for(ReportTextOutcome)
    assert line.told == [f"1-0-{START_MS:x}"]


def test_what_was_wished_for_while_it_ran_is_a_letter_after_days_without_a_desk(started):
    days_ms = 3 * FORGET_MS
    source = Source(
        record(1, text()), record(2, BEGAN, after_ms=days_ms), late_ms=days_ms, noted_ago_ms=days_ms
    )
    _, line, _ = started(source)
    (letter,) = source.wait_for(ReportUndelivered)
    assert (letter.why, letter.effect_id, line.told) == ("late", f"1-0-{START_MS:x}", [])


def test_what_was_wished_for_long_ago_while_it_did_not_run_is_past(started):
    days_ms, minute_ms = 3 * FORGET_MS, 60_000
    source = Source(
        record(1, BEGAN, after_ms=minute_ms),
        record(2, text(), after_ms=2 * minute_ms),
        # A run that it noted in was its own, though that was long ago too.
        record(3, BEGAN, after_ms=3 * minute_ms),
        record(4, DeliveryNoted(upto_seq=0), after_ms=4 * minute_ms),
        record(5, text(), after_ms=5 * minute_ms),
        record(6, BEGAN, after_ms=days_ms),
        record(7, text(), after_ms=days_ms),
        late_ms=days_ms,
        noted_ago_ms=days_ms - 4 * minute_ms,
    )
    _, line, _ = started(source)
    source.wait_for(ReportTextOutcome, n=2)
    assert [each.effect_id[0] for each in source.wait_for(ReportUndelivered)] == ["5"]
    assert [each[0] for each in line.told] == ["7"]


def test_months_without_an_outbox_are_not_read(started):
    days_ms = 90 * FORGET_MS
    old = (record(seq, text(), after_ms=seq) for seq in range(2, 1_000))
    records = (record(1, BEGAN, after_ms=1), *old, record(1_000, text(), after_ms=days_ms))
    source = Source(*records, late_ms=days_ms, noted_ago_ms=days_ms)
    _, line, _ = started(source)
    source.wait_for(ReportTextOutcome)
    assert source.read_from[:2] == [0, 999]
    assert len(line.told) == 1


def test_a_call_without_a_line_has_none_to_hang_up_but_can_be_rung_back():
    events = (CallEnded(call_id="C1"), CallBackStarted(call_id="C1", seat_id="A"))
    wishes = list(phone_effects(record(1, *events), Source(phone_id="")))
    assert [each.what for each in wishes] == ["call_back"]


@pytest.mark.parametrize(("pbx_id", "call"), [("a/b", "c"), ("a", "b/c"), ("a%2Fb", "c"), ("", "")])
def test_names_of_telephone_systems_are_told_back_as_they_were_told(pbx_id, call):
    assert split_phone_id(join_phone_id(pbx_id, call)) == (pbx_id, call)
    assert join_phone_id("a/b", "c") != join_phone_id("a", "b/c")


def test_a_wish_of_a_system_with_a_slash_names_it_whole():
    source = Source(phone_id=join_phone_id("gw/1", "7/2"))
    (wish,) = phone_effects(record(1, CallEnded(call_id="C1")), source)
    assert (wish.fields["pbx"], wish.fields["call"]) == ("gw/1", "7/2")


def test_a_host_that_is_none_is_silence_and_no_end_of_its_lane():
    asked = {"effect_id": "1-0-1", "place": "1-0", "channel": "phone", "lane": "phone/C1"}
    effect = Effect(**asked, what="hold", fields={}, at_ms=0, until_ms=1)
    with pytest.raises(SilentError):
        HttpReceiver(f"http://{'x' * 64}.example/", b"k" * 32).post(effect)


def test_whom_the_machine_trusts_is_read_once_and_not_at_each_attempt(monkeypatch):
    made, make = [], ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: made.append(make()) or made[-1])
    asked = {"effect_id": "1-0-1", "place": "1-0", "channel": "phone", "lane": "phone/C1"}
    effect = Effect(**asked, what="hold", fields={}, at_ms=0, until_ms=1)
    receiver = HttpReceiver(f"https://{'x' * 64}.example/", b"k" * 32)
    for _ in range(3):
        with pytest.raises(SilentError):
            receiver.post(effect)
    assert len(made) == 1
