"""Silent and open lines (静默来电): listen, ring back, a link, one unit; a person ends it.

On an urgent sign, or from a protected place, the unit goes at once and nobody rings back.
"""

from __future__ import annotations

from typing import Any, Final

from kuaifan.board.asking import need_reason
from kuaifan.board.entities import Call, Incident
from kuaifan.board.lookup import get_call
from kuaifan.board.seating import need_voice
from kuaifan.board.silence import OPEN_STEPS, find_place, is_located, is_protected, next_step
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import facts, missed, reinforce, talk
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.alarm import ClearAlarm

SILENT_TYPE: Final = "130101"
"""Silent, or hung up before a word (无声、未讲明挂断)."""


def report_silence(board: Board, command: missed.ReportSilence, _now_ms: int) -> list[Event]:
    """Nobody speaks (登记静默来电): listen first; from a protected place a unit goes at once."""
    call = get_call(board, command.call_id)
    if call.state == "ringing":
        raise Refused(
            "call_ringing",
            f"来电 {call.call_id} 尚未接听",
            f"call {call.call_id} still rings; answer it and listen first",
        )
    need_voice(call)
    if call.silent_step not in {"", "cleared"}:
        raise Refused(
            "already_silent",
            f"来电 {call.call_id} 已按静默来电处置",
            f"call {call.call_id} is handled as silent already, at step {call.silent_step}",
        )
    return [
        missed.SilenceReported(
            call_id=call.call_id, is_protected_place=_is_protected_call(board, call)
        )
    ]


def note_sign(board: Board, command: missed.NoteSilentSign, _now_ms: int) -> list[Event]:
    """What is heard, or which key was pressed (登记静默迹象); no sign ever ends a silent call."""
    call = get_call(board, command.call_id)
    if call.silent_step != "sent":
        _need_silent(call)
    return [
        missed.SilentSignNoted(
            call_id=call.call_id,
            sign=command.sign,
            next_step=_step_by_sign(board, call, command.sign),
        )
    ]


def skip_step(board: Board, command: missed.SkipSilentStep, _now_ms: int) -> list[Event]:
    """The step gave nothing, or is done (静默处置下一步)."""
    call = get_call(board, command.call_id)
    need_reason(command.reason)
    _need_silent(call)
    if call.silent_step == "send_unit":
        _need_unit_sent(board, call)
        step: missed.SilentStep = "sent"
    else:
        step = next_step(board, call, call.silent_step)
    return [missed.SilentStepSkipped(call_id=call.call_id, next_step=step, reason=command.reason)]


def on_step(board: Board, event: Any, _now_ms: int) -> list[Follow]:  # noqa: ANN401 - any event
    """At the last step an incident opens for the call, or the one it has is told."""
    call = board.calls[event.call_id]
    if call.silent_step != "send_unit":
        return []
    if call.incident_id:
        return _press(board, call, board.incidents[call.incident_id])
    lat, lon = find_place(board, call) or (None, None)
    return [
        incidents.OpenIncident(
            type_code=SILENT_TYPE, call_id=call.call_id, source=call.line, lat=lat, lon=lon
        )
    ]


def on_skipped(board: Board, event: missed.SilentStepSkipped, now_ms: int) -> list[Follow]:
    """A unit is out, so what stood against the call is over; else as at every step."""
    alarm_id = f"call_back:{event.call_id}"
    if event.next_step == "sent" and alarm_id in board.alarms:
        return [ClearAlarm(alarm_id=alarm_id)]
    return on_step(board, event, now_ms)


def on_opened(board: Board, event: incidents.IncidentOpened, _now_ms: int) -> list[Follow]:
    """The incident of a silent call wants a unit; a placed one when its place is folded too."""
    call = board.calls.get(event.call_id)
    if call is None or call.silent_step != "send_unit":
        return []
    incident = board.incidents[event.incident_id]
    return _danger(call, incident) if incident.is_placed else _press(board, call, incident)


def on_placed(board: Board, event: incidents.IncidentPlaced, _now_ms: int) -> list[Follow]:
    """Where the unit has to go is known."""
    incident = board.incidents[event.incident_id]
    wants = any(board.calls[each].silent_step == "send_unit" for each in incident.call_ids)
    return _ask_unit(board, incident) if wants else []


def on_attached(board: Board, event: calls.CallAttached, _now_ms: int) -> list[Follow]:
    """A silent call that waits for a unit brings its danger into the incident it joins."""
    call = board.calls[event.call_id]
    if call.silent_step != "send_unit":
        return []
    return _press(board, call, board.incidents[event.incident_id])


def on_assigned(board: Board, event: orders.UnitAssigned, _now_ms: int) -> list[Follow]:
    """A unit is sent to the incident of a silent call."""
    call_ids = board.incidents[event.incident_id].call_ids
    waiting = (each for each in call_ids if board.calls[each].silent_step == "send_unit")
    return [missed.SkipSilentStep(call_id=each, reason="unit sent") for each in waiting]


def _is_protected_call(board: Board, call: Call) -> bool:
    return is_located(call) and is_protected(board, call.lat, call.lon)


def _step_by_sign(board: Board, call: Call, sign: missed.SilentSign) -> missed.SilentStep:
    if call.silent_step == "sent":
        return "sent"
    if sign in missed.URGENT_SIGNS:
        return "send_unit"
    if call.silent_step == "listening":
        return next_step(board, call, "listening")
    return call.silent_step


def _need_silent(call: Call) -> None:
    if call.silent_step not in OPEN_STEPS:
        raise Refused(
            "not_silent",
            f"来电 {call.call_id} 不在静默处置中",
            f"call {call.call_id} is not handled as silent; report the silence first",
        )


def _need_unit_sent(board: Board, call: Call) -> None:
    incident = board.incidents.get(call.incident_id)
    if incident is None or not board.active_orders(incident):
        raise Refused(
            "no_unit_sent",
            f"来电 {call.call_id} 尚未派出警力",
            f"no unit has been sent for call {call.call_id}; send one, or clear the call by name",
        )


def _press(board: Board, call: Call, incident: Incident) -> list[Follow]:
    """The incident learns of the danger, and asks for a unit unless one is out."""
    if board.active_orders(incident):
        sent = missed.SkipSilentStep(call_id=call.call_id, reason="unit sent before")
        return [*_danger(call, incident), sent]
    return [*_danger(call, incident), *_ask_unit(board, incident)]


def _danger(call: Call, incident: Incident) -> list[Follow]:
    """Where nobody may ring back there is danger; what is known already is not said again."""
    if not call.never_ring or incident.facts.get("danger") == "yes":
        return []
    return [facts.RecordFact(incident_id=incident.incident_id, fact="danger", answer="yes")]


def _ask_unit(board: Board, incident: Incident) -> list[Follow]:
    """One unit, where the plan sends none."""
    if incident.n_needed or incident.is_over or board.active_orders(incident):
        return []
    return [
        reinforce.RequestBackup(incident_id=incident.incident_id, n_units=1, reason="silent call")
    ]


def on_sign(board: Board, event: missed.SilentSignNoted, now_ms: int) -> list[Follow]:
    """An urgent sign after the unit was sent still tells it of the danger."""
    call = board.calls[event.call_id]
    incident = board.incidents.get(call.incident_id)
    if event.next_step == "sent" and incident is not None:
        return _danger(call, incident)
    return on_step(board, event, now_ms)


RULES = Rules[Board](
    deciders={
        missed.ReportSilence: report_silence,
        missed.NoteSilentSign: note_sign,
        missed.SkipSilentStep: skip_step,
    },
    reactions={
        missed.SilenceReported: [on_step],
        missed.SilentSignNoted: [on_sign],
        missed.SilentStepSkipped: [on_skipped],
        missed.CallBackRecorded: [on_step],
        talk.CallerLocated: [on_step],
        incidents.IncidentOpened: [on_opened],
        incidents.IncidentPlaced: [on_placed],
        calls.CallAttached: [on_attached],
        orders.UnitAssigned: [on_assigned],
    },
)
