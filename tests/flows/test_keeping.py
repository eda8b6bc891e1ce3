"""Records end with their term, or with two persons' agreement, and never under a hold (留存)."""

import copy

import msgspec
from toy_city import FIGHT, corner, toy_reference

from kuaifan.app.eraser import Eraser
from kuaifan.app.live import LiveEngine
from kuaifan.app.person_export import find_person, person_page
from kuaifan.kernel.personal import ERASED
from kuaifan.store.verify import verify_log
from kuaifan.vocabulary.call import AnswerCall, HangUpCall, RegisterCall
from kuaifan.vocabulary.incident import CloseIncident, OpenIncident, ReviewIncident, SettleByPhone
from kuaifan.vocabulary.keeping import (
    DecideErasure,
    HoldRecord,
    RecordHeld,
    ReleaseHold,
    RequestErasure,
)

WAIT_S, DAY_MS = 20, 86_400_000
TERMS = {"calls": 100, "incidents": 200, "positions": 1}
NUMBER = "13800001111"


class Desk:
    """An engine on a log whose closed cases leave the board at once."""

    def __init__(self, log, terms=TERMS):
        reference = copy.copy(toy_reference())
        reference.clocks = msgspec.structs.replace(reference.clocks, retire_ms=1)
        self.log, self.live = log, LiveEngine(log, reference)
        self.eraser = Eraser(lambda: self.live, terms)

    def __enter__(self):
        self.live.start().wait(WAIT_S)
        return self

    def __exit__(self, *_error):
        self.live.stop()

    def ask(self, command):
        return self.live.submit(command, actor="user:chen").wait(WAIT_S)

    def do(self, command):
        record = self.ask(command)
        assert record.refusal is None, record.refusal
        return record.events[0]

    def code(self, command):
        return self.ask(command).refusal.code

    def case(self):
        """A case from the ring to the archive; its incident and its call."""
        lat, lon = corner(4, 5)
        call_id = self.do(RegisterCall(line="110", caller_number=NUMBER)).call_id
        self.do(AnswerCall(call_id=call_id, seat_id="1"))
        opened = OpenIncident(
            type_code=FIGHT, call_id=call_id, lat=lat, lon=lon, narrative="老王打人"
        )
        incident_id = self.do(opened).incident_id
        self.do(HangUpCall(call_id=call_id))
        self.do(SettleByPhone(incident_id=incident_id, disposition="settled", approved_by="Zhou"))
        self.do(ReviewIncident(incident_id=incident_id, reviewer_id="R1"))
        self.do(CloseIncident(incident_id=incident_id))
        while self.live.look(lambda board: incident_id in board.incidents).result(WAIT_S):
            self.live.inbox.wake()
        return incident_id, call_id

    def in_days(self, n_days):
        return self.live.inbox.now_ms() + n_days * DAY_MS

    def due(self, n_days):
        return [(d.id, d.is_held) for d in self.eraser.list_due(now_ms=self.in_days(n_days))]

    def row(self, table, row_id):
        with self.live.journal.open_reader() as reader:
            return msgspec.json.decode(reader.find_row(table, row_id).body)

    def held_of(self, number):
        with self.live.journal.open_reader() as reader:
            return find_person(reader, number, person="chen", purpose="legal", at_ms=0)


def test_what_is_over_its_term_is_erased_and_the_chain_holds(tmp_path):
    with Desk(tmp_path / "log.db") as desk:
        incident_id, call_id = desk.case()
        assert desk.due(99) == []
        assert desk.due(101) == [(call_id, False)]
        assert set(desk.due(201)) == {(call_id, False), (incident_id, False)}
        assert desk.eraser.erase_due(now_ms=desk.in_days(201)) == 2
        assert desk.due(1_000) == []
        assert desk.row("calls", call_id)["caller_number"] == ERASED
        assert desk.row("incidents", incident_id)["narrative"] == ERASED
        assert desk.held_of(NUMBER).calls == []
    assert verify_log(desk.log).ok
    assert "老王打人".encode() not in desk.log.read_bytes()
    with Desk(tmp_path / "log.db") as again:
        assert again.row("incidents", incident_id)["narrative"] == ERASED
        assert again.live.engine.board.keeping.erasures == {}


def test_a_hold_keeps_an_incident_and_its_calls_until_it_is_released(tmp_path):
    with Desk(tmp_path / "log.db") as desk:
        incident_id, call_id = desk.case()
        until = desk.in_days(3_000)
        told = {"person": "chen", "reason": "court case 17"}
        hold = desk.do(HoldRecord(**told, until_ms=until, incident_ids=(incident_id,)))
        assert set(desk.due(201)) == {(call_id, True), (incident_id, True)}
        assert desk.eraser.erase_due(now_ms=desk.in_days(201)) == 0
        asked = RequestErasure(**told, ground="request", incident_ids=(incident_id,))
        assert desk.code(asked) == "held"
        desk.do(ReleaseHold(hold_id=hold.hold_id, **told))
        assert desk.eraser.erase_due(now_ms=desk.in_days(201)) == 2


def test_a_hold_is_over_when_its_time_is(tmp_path):
    with Desk(tmp_path / "log.db") as desk:
        incident_id, _ = desk.case()
        told = {"person": "chen", "reason": "court case 17", "incident_ids": (incident_id,)}
        desk.do(HoldRecord(**told, until_ms=desk.in_days(10)))
        assert (incident_id, False) in desk.due(201)
        assert desk.code(HoldRecord(**told, until_ms=1)) == "hold_is_over"


def test_an_erasure_on_request_takes_two_persons(tmp_path):
    with Desk(tmp_path / "log.db") as desk:
        incident_id, call_id = desk.case()
        asked = desk.do(
            RequestErasure(person="chen", ground="request", reason="she asks", call_ids=(call_id,))
        )
        own = DecideErasure(erasure_id=asked.erasure_id, person="chen", approves=True)
        assert desk.code(own) == "own_erasure"
        assert desk.eraser.carry_out() == 0
        desk.do(DecideErasure(erasure_id=asked.erasure_id, person="zhou", approves=True))
        assert desk.eraser.carry_out() == 1
        assert desk.row("calls", call_id)["caller_number"] == ERASED
        assert desk.row("incidents", incident_id)["narrative"] == "老王打人"


def test_a_call_whose_incident_came_under_a_hold_meanwhile_is_left(tmp_path):
    with Desk(tmp_path / "log.db") as desk:
        incident_id, call_id = desk.case()
        told = {"person": "chen", "reason": "why"}
        asked = desk.do(RequestErasure(**told, ground="request", call_ids=(call_id,)))
        desk.do(HoldRecord(**told, until_ms=desk.in_days(9), incident_ids=(incident_id,)))
        desk.do(DecideErasure(erasure_id=asked.erasure_id, person="zhou", approves=True))
        assert desk.eraser.carry_out() == 0
        assert desk.row("calls", call_id)["caller_number"] == NUMBER


def test_what_was_ordered_before_a_crash_is_erased_after_it(tmp_path):
    with Desk(tmp_path / "log.db") as desk:
        _, call_id = desk.case()
        told = {"person": "chen", "ground": "court", "reason": "why", "call_ids": (call_id,)}
        asked = desk.do(RequestErasure(**told))
        desk.do(DecideErasure(erasure_id=asked.erasure_id, person="zhou", approves=True))
    with Desk(tmp_path / "log.db") as again:
        assert again.eraser.carry_out() == 1
        assert again.row("calls", call_id)["caller_number"] == ERASED


def test_an_open_case_is_never_erased(tmp_path):
    with Desk(tmp_path / "log.db") as desk:
        call_id = desk.do(RegisterCall(line="110", caller_number=NUMBER)).call_id
        told = {"person": "chen", "ground": "request", "reason": "why", "call_ids": (call_id,)}
        assert desk.code(RequestErasure(**told)) == "still_open"
        assert desk.due(9_999) == []


def test_what_is_held_of_a_number_is_found_and_told_on_a_page(tmp_path):
    with Desk(tmp_path / "log.db") as desk:
        incident_id, call_id = desk.case()
        held = desk.held_of("138-0000-1111")
        assert [each["call_id"] for each in held.calls] == [call_id]
        assert [each["incident_id"] for each in held.incidents] == [incident_id]
        page = person_page(held)
        assert "老王打人" in page
        assert NUMBER in page
        assert desk.held_of("13900000000").calls == []


def test_words_of_no_case_end_with_their_own_term(tmp_path):
    with Desk(tmp_path / "log.db", {"inputs": 50}) as desk:
        incident_id, _ = desk.case()
        told = {"person": "chen", "reason": "老王要告", "incident_ids": (incident_id,)}
        desk.do(HoldRecord(**told, until_ms=desk.in_days(10)))
        assert desk.due(49) == []
        assert desk.eraser.erase_due(now_ms=desk.in_days(51)) == 1
        with desk.live.journal.open_reader() as reader:
            reasons = [
                event.reason
                for r in reader.read_records()
                for event in r.events
                if isinstance(event, RecordHeld)
            ]
        assert reasons == [ERASED]
        assert incident_id in desk.live.engine.board.keeping.holds["H1"].incident_ids
