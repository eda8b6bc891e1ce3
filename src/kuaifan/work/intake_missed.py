"""What a missed call still asks for (未接来电): ring back, unless that endangers; or clear it."""

from __future__ import annotations

from kuaifan.board.asking import need_name, need_reason, need_seat, need_supervisor
from kuaifan.board.entities import Call
from kuaifan.board.lookup import get_call
from kuaifan.board.seating import list_releases, need_free_ear, need_voice
from kuaifan.board.silence import OPEN_STEPS, has_number, next_step
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import missed
from kuaifan.vocabulary.alarm import ClearAlarm


def call_back(board: Board, command: missed.CallBack, _now_ms: int) -> list[Event]:
    """A seat rings the caller of a missed or silent call back (回拨)."""
    need_seat(command.seat_id)
    call = get_call(board, command.call_id)
    _must_want_a_ring(call)
    need_voice(call)
    _may_be_rung(call)
    need_free_ear(board, command.seat_id, call)
    started = missed.CallBackStarted(call_id=call.call_id, seat_id=command.seat_id)
    return [started, *list_releases(board, command.seat_id)]


def record_call_back(board: Board, command: missed.RecordCallBack, _now_ms: int) -> list[Event]:
    """What came of ringing back (登记回拨结果)."""
    call = get_call(board, command.call_id)
    if not call.call_back_seat_id:
        raise Refused(
            "no_call_back",
            f"来电 {call.call_id} 没有正在进行的回拨",
            f"nobody rings call {call.call_id} back; start with a call-back",
        )
    return [
        missed.CallBackRecorded(
            call_id=call.call_id,
            outcome=command.outcome,
            seat_id=call.call_back_seat_id,
            next_step=_step_after(board, call, command.outcome),
        )
    ]


def clear_missed(board: Board, command: missed.ClearMissedCall, _now_ms: int) -> list[Event]:
    """A person decides that nothing more is owed (消除未接来电), by name and with a reason."""
    call = get_call(board, command.call_id)
    need_name(command.cleared_by)
    need_reason(command.reason)
    if not call.to_call_back and call.silent_step not in OPEN_STEPS:
        raise _not_owed(call)
    return [
        missed.MissedCallCleared(
            call_id=call.call_id, cleared_by=command.cleared_by, reason=command.reason
        )
    ]


def flag_never_ring(board: Board, command: missed.FlagNeverRing, _now_ms: int) -> list[Event]:
    """A ring or a text would endanger the caller (禁止回拨)."""
    call = get_call(board, command.call_id)
    need_reason(command.reason)
    if call.never_ring:
        raise Refused(
            "already_flagged",
            f"来电 {call.call_id} 已禁止回拨",
            f"call {call.call_id} must not be rung already: {call.never_ring_reason}",
        )
    return [missed.NeverRingFlagged(call_id=call.call_id, reason=command.reason)]


def lift_never_ring(board: Board, command: missed.LiftNeverRing, _now_ms: int) -> list[Event]:
    """A supervisor allows ringing again (解除禁止回拨)."""
    call = get_call(board, command.call_id)
    need_supervisor(command.approved_by)
    need_reason(command.reason)
    if not call.never_ring:
        raise Refused(
            "not_flagged",
            f"来电 {call.call_id} 未禁止回拨",
            f"call {call.call_id} may be rung; there is nothing to lift",
        )
    return [
        missed.NeverRingLifted(
            call_id=call.call_id, approved_by=command.approved_by, reason=command.reason
        )
    ]


def on_opened(board: Board, event: incidents.IncidentOpened, _now_ms: int) -> list[Follow]:
    """What a call is owed passes to its incident, and its alarm goes."""
    call = board.calls.get(event.call_id)
    alarm_id = f"call_back:{event.call_id}"
    if call is None or call.to_call_back or alarm_id not in board.alarms:
        return []
    return [ClearAlarm(alarm_id=alarm_id)]


def _must_want_a_ring(call: Call) -> None:
    if call.state == "talking":
        raise Refused(
            "call_talking",
            f"来电 {call.call_id} 正在席位 {call.seat_id} 通话",
            f"call {call.call_id} is being talked at seat {call.seat_id}",
        )
    if not call.to_call_back:
        raise _not_owed(call)
    if call.call_back_seat_id:
        raise Refused(
            "being_called_back",
            f"席位 {call.call_back_seat_id} 正在回拨来电 {call.call_id}",
            f"seat {call.call_back_seat_id} rings call {call.call_id} back; record what came of "
            "it first",
        )


def _may_be_rung(call: Call) -> None:
    if call.never_ring:
        raise Refused(
            "never_ring",
            f"来电 {call.call_id} 禁止回拨：{call.never_ring_reason}",
            f"nobody may ring call {call.call_id}: {call.never_ring_reason}; send a unit, or have "
            "a supervisor lift it",
        )
    if not has_number(call):
        raise Refused(
            "no_number",
            f"来电 {call.call_id} 没有号码，无法回拨",
            f"call {call.call_id} has no number to ring; clear it with a name and a reason",
        )


def _not_owed(call: Call) -> Refused:
    return Refused(
        "not_owed",
        f"来电 {call.call_id} 没有待处置事项",
        f"nothing is owed to call {call.call_id}: it is {call.state}",
    )


def _step_after(board: Board, call: Call, outcome: missed.CallBackOutcome) -> missed.SilentStep:
    """Of a silent call: who talks is listened to, who may not be rung is sent a unit."""
    if call.silent_step not in OPEN_STEPS:
        return ""
    if outcome == "talked":
        return "listening"
    if outcome == "unsafe":
        return "send_unit"
    is_early = call.silent_step in {"listening", "call_back"}
    return next_step(board, call, "call_back") if is_early else ""


RULES = Rules[Board](
    deciders={
        missed.CallBack: call_back,
        missed.RecordCallBack: record_call_back,
        missed.ClearMissedCall: clear_missed,
        missed.FlagNeverRing: flag_never_ring,
        missed.LiftNeverRing: lift_never_ring,
    },
    reactions={incidents.IncidentOpened: [on_opened]},
)
