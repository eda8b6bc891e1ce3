"""What keeps the telephones from being told: the worker says so, never what it carries, goes on."""

import threading

import pytest
from toy_city import START_MS

from kuaifan.board.view_rows import CallRow
from kuaifan.gateway.phone_outbox import OLDEST_MS, PhoneOutbox
from kuaifan.gateway.phone_wishes import wishes_of
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.record import Record, Scope
from kuaifan.vocabulary.call import CallEnded
from kuaifan.vocabulary.missed import CallBackStarted
from kuaifan.vocabulary.phone import join_phone_id, split_phone_id
from kuaifan.vocabulary.talk import SendText, TextSent

WAIT_S = 20
NUMBER, TEXT = "13811112222", "请不要出声，回 1 表示危险"
NOWHERE = "http://127.0.0.1:9/commands"


def record(seq, *events):
    return Record(
        seq=seq,
        input_no=seq,
        at_ms=START_MS,
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

    def __init__(self, *records, faults=(), phone_id="p/1"):
        self.records, self.faults, self.phone_id = records, list(faults), phone_id
        self.submitted, self.asked_after = [], []
        self._changed = threading.Condition()

    def read_after(self, seq):
        with self._changed:
            self.asked_after.append(seq)
            self._changed.notify_all()
        if self.faults:
            raise self.faults.pop(0)
        return [each for each in self.records if each.seq > seq]

    def last_seq(self):
        return 0

    def now_ms(self):
        return START_MS + OLDEST_MS + 1

    def find_call(self, call_id):
        return call(self.phone_id) if call_id == "C1" else None

    def extension_of(self, _seat_id):
        return ""

    def submit(self, command, *, key):
        self.submitted.append((command, key))

    def wait_for(self, seq):
        with self._changed:
            assert self._changed.wait_for(lambda: seq in self.asked_after, WAIT_S)


@pytest.fixture
def started(tmp_path):
    made = []

    def start(source, cursor="cursor"):
        said = []
        outbox = PhoneOutbox(
            source,
            NOWHERE,
            b"0123456789abcdef",
            cursor_file=tmp_path / cursor,
            say=said.append,
            first_pause_s=0.001,
        )
        outbox.start()
        made.append(outbox)
        return outbox, said

    yield start
    for outbox in made:
        outbox.stop()


def test_what_is_too_old_is_named_without_number_or_text(started):
    text = TextSent(call_id="C1", text_no=1, kind="plain", text=TEXT)
    source = Source(record(1, text))
    _, said = started(source)
    source.wait_for(1)
    assert said == [
        "the telephone system was not told of text of call C1 (key 1-0): too old by now"
    ]
    assert [told.outcome for told, _ in source.submitted] == ["failed"]


@pytest.mark.parametrize("fault", [StorageError("closed"), BadInputError("bad"), OSError("io")])
def test_a_log_that_cannot_be_read_for_a_while_is_said_once_and_read_again(started, fault):
    source = Source(record(1), faults=[fault, fault])
    outbox, said = started(source)
    source.wait_for(1)
    assert len(said) == 1
    assert str(fault) in said[0]
    outbox.stop()
    assert outbox.trouble == ""


def test_a_cursor_that_cannot_be_written_stops_nothing_and_is_shown(started, tmp_path):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "kept").touch()
    source = Source(record(1, CallEnded(call_id="C1")), record(2))
    outbox, said = started(source, cursor="taken")
    source.wait_for(2)
    assert "cannot be written" in outbox.trouble
    assert len([each for each in said if "cannot be written" in each]) == 1


def test_the_cursor_is_kept_after_each_record_that_wanted_something(started, tmp_path):
    ended = CallEnded(call_id="C1")

    class Cut(Source):
        """Its clock breaks at the second wish, as a killed process would."""

        def now_ms(self):
            if (tmp_path / "cursor").read_text() == "1\n":
                raise OSError("killed")
            return super().now_ms()

    source = Cut(record(1, ended), record(2, ended))
    outbox, _ = started(source)
    source.wait_for(1)
    outbox.stop()
    assert (tmp_path / "cursor").read_text() == "1\n"


def test_a_call_without_a_line_has_none_to_hang_up_but_can_be_rung_back():
    events = (CallEnded(call_id="C1"), CallBackStarted(call_id="C1", seat_id="A"))
    wishes = list(wishes_of(record(1, *events), Source(phone_id="")))
    assert [each.command for each in wishes] == ["call_back"]


@pytest.mark.parametrize(("pbx_id", "call"), [("a/b", "c"), ("a", "b/c"), ("a%2Fb", "c"), ("", "")])
def test_names_of_telephone_systems_are_told_back_as_they_were_told(pbx_id, call):
    assert split_phone_id(join_phone_id(pbx_id, call)) == (pbx_id, call)
    assert join_phone_id("a/b", "c") != join_phone_id("a", "b/c")


def test_a_wish_of_a_system_with_a_slash_names_it_whole():
    source = Source(phone_id=join_phone_id("gw/1", "7/2"))
    (wish,) = wishes_of(record(1, CallEnded(call_id="C1")), source)
    assert (wish.fields["pbx"], wish.fields["call"]) == ("gw/1", "7/2")
