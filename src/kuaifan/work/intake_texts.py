"""Texts and positions of a call (短信与定位): two-way texts, and where the caller is."""

from __future__ import annotations

from kuaifan.board.entities import Call
from kuaifan.board.lookup import get_call
from kuaifan.board.silence import OPEN_STEPS, has_number, has_written, is_protected
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import talk
from kuaifan.vocabulary.alarm import RaiseAlarm
from kuaifan.vocabulary.missed import SilentStep


def send_text(board: Board, command: talk.SendText, _now_ms: int) -> list[Event]:
    """A text goes out (发送短信); where a ring would endanger, only as an answer."""
    call = get_call(board, command.call_id)
    if not has_number(call):
        raise Refused(
            "no_number",
            f"来电 {call.call_id} 没有号码",
            f"call {call.call_id} has no number to write to",
        )
    if call.never_ring and not has_written(call):
        raise Refused(
            "never_ring",
            f"来电 {call.call_id} 禁止回拨和发短信：{call.never_ring_reason}",
            f"nobody may ring or write to call {call.call_id}: {call.never_ring_reason}; "
            "send a unit, or have a supervisor lift it",
        )
    if not command.text.strip():
        raise Refused("no_text", "短信内容为空", "the text is empty; write something")
    return [
        talk.TextSent(
            call_id=call.call_id,
            text_no=1 + sum(line.text_no > 0 for line in call.texts),
            kind=command.kind,
            text=command.text,
        )
    ]


def receive_text(board: Board, command: talk.ReceiveText, _now_ms: int) -> list[Event]:
    """The caller writes (收到短信); a silent caller who answers the link is listened to again."""
    call = get_call(board, command.call_id)
    answers = call.silent_step == "text_link"
    return [
        talk.TextReceived(
            call_id=call.call_id, text=command.text, next_step="listening" if answers else ""
        )
    ]


def report_text_outcome(board: Board, command: talk.ReportTextOutcome, _now_ms: int) -> list[Event]:
    """The gateway tells what became of a text (短信回执)."""
    call = get_call(board, command.call_id)
    sent = (line for line in call.texts if line.text_no > 0)
    line = next((each for each in sent if each.text_no == command.text_no), None)
    if line is None:
        raise Refused(
            "unknown_text",
            f"来电 {call.call_id} 没有第 {command.text_no} 条已发短信",
            f"no text {command.text_no} was sent on call {call.call_id}",
        )
    if line.outcome == command.outcome:
        raise Refused(
            "already_reported",
            f"来电 {call.call_id} 第 {command.text_no} 条短信的回执已登记",
            f"text {command.text_no} of call {call.call_id} is reported {line.outcome} already",
        )
    return [
        talk.TextOutcomeReported(
            call_id=call.call_id, text_no=command.text_no, outcome=command.outcome
        )
    ]


def locate_caller(board: Board, command: talk.LocateCaller, _now_ms: int) -> list[Event]:
    """Where the caller is (报警人定位), with its circle; never the incident's place by itself.

    A silent call from a protected place goes on to the unit, and so does one whose caller has
    opened the link.
    """
    call = get_call(board, command.call_id)
    is_silent = call.silent_step in OPEN_STEPS
    protected = is_silent and is_protected(board, command.lat, command.lon)
    return [
        talk.CallerLocated(
            call_id=call.call_id,
            lat=command.lat,
            lon=command.lon,
            uncertainty_m=command.uncertainty_m,
            source=command.source,
            next_step=_step_when_located(call, command, is_protected_place=protected),
            is_protected_place=protected,
        )
    ]


def _step_when_located(
    call: Call, command: talk.LocateCaller, *, is_protected_place: bool
) -> SilentStep:
    opened_link = command.source == "text_link" and call.silent_step == "text_link"
    return "send_unit" if is_protected_place or opened_link else ""


def on_text_outcome(board: Board, event: talk.TextOutcomeReported, _now_ms: int) -> list[Follow]:
    """A text that did not arrive is news for a person."""
    if event.outcome != "failed":
        return []
    incident_id = board.calls[event.call_id].incident_id
    alarm = RaiseAlarm(kind="text_failed", subject_id=event.call_id, incident_id=incident_id)
    return [alarm]


RULES = Rules[Board](
    deciders={
        talk.SendText: send_text,
        talk.ReceiveText: receive_text,
        talk.ReportTextOutcome: report_text_outcome,
        talk.LocateCaller: locate_caller,
    },
    reactions={talk.TextOutcomeReported: [on_text_outcome]},
)
