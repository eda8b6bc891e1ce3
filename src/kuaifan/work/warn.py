"""Warn (预警): the clocks of the desk. Each level rings once; the last is the supervisor's.

A clock starts with one event and stops with others; when its time comes it looks whether what it
waits for is still missing. Nothing is ever reassigned by a clock: it only tells a person.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, get_args

import msgspec

from kuaifan.board.asking import need_name
from kuaifan.board.queue_clock import list_queue_timers, queue_times_ms, waits_for_order
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import (
    agency,
    desk,
    emergency,
    kinship,
    missed,
    reinforce,
    road,
    talk,
    voice,
)
from kuaifan.vocabulary import alarm as alarms
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.alarm import Addressee, AlarmKind, ClockKind, NewsKind


class About(msgspec.Struct, frozen=True):
    """Whose an alarm is (告警对象): the ids it carries."""

    incident_id: str = ""
    order_id: str = ""
    unit_id: str = ""
    call_id: str = ""


class Clock(msgspec.Struct, frozen=True):
    """One kind of clock (时限).

    times: from the board and the subject to the offsets of its levels, from its start.
    missing: what it is about while that is still missing, else None. to: whose each level is,
    where it is not the dispatcher's and the last one the supervisor's.
    """

    times: Callable[[Board, str], tuple[int, ...]]
    missing: Callable[[Board, str], About | None]
    to: Callable[[Board, str, int], Addressee] | None = None


def _queue(board: Board, incident_id: str) -> About | None:
    return About(incident_id) if waits_for_order(board, incident_id) else None


def _order_at(*states: str) -> Callable[[Board, str], About | None]:
    def missing(board: Board, order_id: str) -> About | None:
        order = board.orders.get(order_id)
        if order is None or order.state not in states:
            return None
        return About(order.incident_id, order_id, order.unit_id)

    return missing


def _eta_times(board: Board, order_id: str) -> tuple[int, ...]:
    """From the wheels; where no road time is known, from what was promised for the place."""
    order = board.orders[order_id]
    incident = board.incidents[order.incident_id]
    expected_ms = order.travel_ms or board.reference.target_ms(
        incident.priority, incident.area_class, incident.desk_id
    )
    return tuple(expected_ms + each for each in board.reference.clocks.eta_passed_ms)


def _amendment(board: Board, order_id: str) -> About | None:
    order = board.orders.get(order_id)
    if order is None or not order.is_active or order.amendment_signed_no >= order.amendment_no:
        return None
    return About(order.incident_id, order_id, order.unit_id)


def _withdrawal(board: Board, order_id: str) -> About | None:
    order = board.orders.get(order_id)
    if order is None or not order.withdrawal_unsigned:
        return None
    return About(order.incident_id, order_id, order.unit_id)


def _agency(board: Board, request_id: str) -> About | None:
    request = board.requests.get(request_id)
    is_silent = request is not None and request.state == "told"
    return About(request.incident_id) if request is not None and is_silent else None


def _transfer(board: Board, call_id: str) -> About | None:
    call = board.calls.get(call_id)
    waits = call is not None and call.transfer_kind is not None
    return About(call.incident_id, call_id=call_id) if call is not None and waits else None


def _hand_over(board: Board, incident_id: str) -> About | None:
    incident = board.incidents.get(incident_id)
    if incident is None or incident.is_over or not incident.to_desk_id:
        return None
    return About(incident_id)


def _call_back(board: Board, call_id: str) -> About | None:
    call = board.calls.get(call_id)
    owed = call is not None and call.to_call_back
    return About(call.incident_id, call_id=call_id) if call is not None and owed else None


def _backup(board: Board, incident_id: str) -> About | None:
    incident = board.incidents.get(incident_id)
    if incident is None or not incident.n_backup or incident_id not in board.waiting:
        return None
    return About(incident_id)


def _emergency(board: Board, emergency_id: str) -> About | None:
    found = board.emergencies.get(emergency_id)
    if found is None or found.state != "declared":
        return None
    return About(found.incident_id, unit_id=found.unit_id)


def _item(board: Board, item_id: str) -> About | None:
    found = board.items.get(item_id)
    return About(found.incident_id) if found else None


CLOCKS: Final[dict[ClockKind, Clock]] = {
    "queue": Clock(queue_times_ms, _queue),
    "not_moving": Clock(
        lambda board, _id: board.reference.clocks.not_moving_ms, _order_at("acknowledged")
    ),
    "eta_passed": Clock(_eta_times, _order_at("en_route")),
    "silent_on_scene": Clock(
        lambda board, _id: board.reference.clocks.silent_on_scene_ms, _order_at("on_scene")
    ),
    "amendment": Clock(lambda board, _id: board.reference.clocks.amendment_ms, _amendment),
    "withdrawal": Clock(lambda board, _id: board.reference.clocks.amendment_ms, _withdrawal),
    "agency": Clock(lambda board, _id: board.reference.clocks.agency_receipt_ms, _agency),
    "transfer": Clock(lambda board, _id: board.reference.clocks.hand_over_ms, _transfer),
    "hand_over": Clock(lambda board, _id: board.reference.clocks.hand_over_ms, _hand_over),
    "call_back": Clock(lambda board, _id: board.reference.clocks.call_back_ms, _call_back),
    "backup": Clock(lambda board, _id: board.reference.clocks.backup_ms, _backup),
    "emergency": Clock(lambda board, _id: board.reference.clocks.emergency_ms, _emergency),
    "item": Clock(
        lambda board, item_id: tuple(rung.after_ms for rung in board.items[item_id].ladder),
        _item,
        lambda board, item_id, level: board.items[item_id].ladder[level - 1].to,
    ),
}
ALL_KINDS: Final[tuple[AlarmKind, ...]] = (*CLOCKS, *get_args(NewsKind))
IN_TURN: Final[frozenset[ClockKind]] = frozenset({"not_moving", "eta_passed", "silent_on_scene"})
"""Clocks of an order that follow each other share one timer: the next start ends the one before."""


def check_clock(board: Board, command: alarms.CheckClock, _now_ms: int) -> list[Event]:
    """A level of a clock has come (时限检查); it rings if what it waits for is still missing."""
    clock = CLOCKS[command.kind]
    about = clock.missing(board, command.subject_id)
    if about is None:
        return []
    standing = board.alarms.get(alarm_id(command.kind, command.subject_id))
    n_levels = len(clock.times(board, command.subject_id))
    # Each level once and in order, whoever asks.
    if not (standing.level if standing else 0) < command.level <= n_levels:
        return []
    return [
        alarms.AlarmRaised(
            alarm_id=alarm_id(command.kind, command.subject_id),
            kind=command.kind,
            subject_id=command.subject_id,
            level=command.level,
            to=_addressee(board, command, n_levels),
            incident_id=about.incident_id,
            order_id=about.order_id,
            unit_id=about.unit_id,
            call_id=about.call_id,
        )
    ]


def _addressee(board: Board, command: alarms.CheckClock, n_levels: int) -> Addressee:
    said = CLOCKS[command.kind].to
    if said is not None:
        return said(board, command.subject_id, command.level)
    return "supervisor" if 1 < n_levels <= command.level else "dispatcher"


def raise_alarm(_board: Board, command: alarms.RaiseAlarm, _now_ms: int) -> list[Event]:
    """News that a person must decide about (告警)."""
    about = command.subject_id if command.kind in {"transfer_refused", "text_failed"} else ""
    return [
        alarms.AlarmRaised(
            alarm_id=alarm_id(command.kind, command.subject_id),
            kind=command.kind,
            subject_id=command.subject_id,
            level=1,
            to=command.to,
            incident_id=command.incident_id,
            call_id=about,
            text=command.text,
        )
    ]


def take_up_alarm(board: Board, command: alarms.TakeUpAlarm, _now_ms: int) -> list[Event]:
    """A person acts on an alarm (告警签收); news is over by that, a clock goes on while true."""
    alarm = board.alarms.get(command.alarm_id)
    if alarm is None:
        raise Refused(
            "unknown_alarm",
            f"没有告警 {command.alarm_id}，或已消除",
            f"there is no alarm {command.alarm_id}, or it is over",
        )
    need_name(command.by, zh="须填写签收人", en="say who takes the alarm up")
    if alarm.taken_up_by:
        raise Refused(
            "already_taken_up",
            f"告警 {command.alarm_id} 已由 {alarm.taken_up_by} 签收",
            f"alarm {command.alarm_id} was taken up by {alarm.taken_up_by}",
        )
    events: list[Event] = [alarms.AlarmTakenUp(alarm_id=alarm.alarm_id, by=command.by)]
    if alarm.kind not in CLOCKS:
        events.append(alarms.AlarmCleared(alarm_id=alarm.alarm_id))
    return events


def clear_alarm(board: Board, command: alarms.ClearAlarm, _now_ms: int) -> list[Event]:
    """What it says is no longer true (告警消除)."""
    if command.alarm_id not in board.alarms:
        return []
    return [alarms.AlarmCleared(alarm_id=command.alarm_id)]


def on_raised(board: Board, event: alarms.AlarmRaised, now_ms: int) -> list[Follow]:
    """The next level, counted from the start: that is this level's moment less its offset."""
    if event.kind not in CLOCKS:
        return []
    times = CLOCKS[event.kind].times(board, event.subject_id)
    if event.level >= len(times):
        return []
    started_ms = now_ms - times[event.level - 1]
    return [_timer(event.kind, event.subject_id, event.level + 1, started_ms + times[event.level])]


def on_waiting(board: Board, event: Any, now_ms: int) -> list[Follow]:  # noqa: ANN401 - any event
    """The queue clock runs from the place known, else from the opening; each level once.

    It is set anew where the place is found or the priority changes, and goes on from its level.
    """
    return list(list_queue_timers(board, event.incident_id, now_ms))


def _starts(kind: ClockKind, field: str) -> Callable[[Board, Any, int], list[Follow]]:
    """A reaction that starts a clock of the event's subject; one that has rung runs on."""

    def start(board: Board, event: Any, now_ms: int) -> list[Follow]:  # noqa: ANN401 - any event
        subject_id = getattr(event, field)
        rings = alarm_id(kind, subject_id) in board.alarms
        return [] if rings else _first(board, kind, subject_id, now_ms)

    return start


def _first(board: Board, kind: ClockKind, subject_id: str, now_ms: int) -> list[Follow]:
    """The first level of a clock, from now."""
    if CLOCKS[kind].missing(board, subject_id) is None:
        return []
    first_ms = CLOCKS[kind].times(board, subject_id)[0]
    return [_timer(kind, subject_id, 1, now_ms + first_ms)]


def _stops(
    field: str, *kinds: ClockKind, timer: bool = True
) -> Callable[[Board, Any, int], list[Follow]]:
    """A reaction that stops clocks of the event's subject, unless they are still waiting."""

    def stop(board: Board, event: Any, _now_ms: int) -> list[Follow]:  # noqa: ANN401 - any event
        subject_id, follows = getattr(event, field), list[Follow]()
        for kind in kinds:
            rings = f"{kind}:{subject_id}" in board.alarms
            # Mostly nothing rings, and there is nothing to stop, whatever is missing.
            if not (rings or timer) or CLOCKS[kind].missing(board, subject_id) is not None:
                continue
            if timer:
                follows.append(CancelTimer(_timer_id(kind, subject_id)))
            if rings:
                follows.extend(_clear(board, kind, subject_id))
        return follows

    return stop


def on_eta(board: Board, event: road.EtaUpdated, now_ms: int) -> list[Follow]:
    """A unit under way is expected at another time; an alarm that it is late stands until then.

    One that falls behind as it drives is late by what was promised: else who stands still would
    put the alarm off for ever.
    """
    if event.cause == "progress":
        return []
    is_under_way = CLOCKS["eta_passed"].missing(board, event.order_id) is not None
    if not is_under_way or alarm_id("eta_passed", event.order_id) in board.alarms:
        return []
    due_at_ms = event.eta_at_ms + board.reference.clocks.eta_passed_ms[0]
    return [_timer("eta_passed", event.order_id, 1, max(now_ms, due_at_ms))]


def on_voice(board: Board, event: voice.VoiceReported, now_ms: int) -> list[Follow]:
    """What a crew says on the radio may be a word that all is well."""
    return on_safe(board, event, now_ms) if event.word in {"safe", "at"} else []


def on_safe(
    board: Board, event: voice.VoiceReported | orders.CrewSafe, now_ms: int
) -> list[Follow]:
    """A crew on scene has spoken: its silence begins anew."""
    if not event.order_id:
        return []
    return [
        *_clear(board, "silent_on_scene", event.order_id),
        *_first(board, "silent_on_scene", event.order_id, now_ms),
    ]


def on_amended(board: Board, event: reinforce.OrderAmended, now_ms: int) -> list[Follow]:
    """The clock runs from the first change that was not signed; a later one does not delay it."""
    if event.amendment_no > board.orders[event.order_id].amendment_signed_no + 1:
        return []
    return _starts("amendment", "order_id")(board, event, now_ms)


def on_joined(
    board: Board, event: incidents.IncidentOpened | calls.CallAttached, now_ms: int
) -> list[Follow]:
    """A missed call that belongs to an incident is owed no ring of its own."""
    call = board.calls.get(event.call_id)
    if call is None or call.to_call_back:
        return []
    stop = _CALL_BACK_OVER if call.state == "abandoned" else _CALL_BACK_CLEAR
    return stop(board, event, now_ms)


def on_written(board: Board, event: talk.TextReceived, now_ms: int) -> list[Follow]:
    """A text after the line was closed: somebody looks, a minute after the end or at once."""
    owed = _call_back(board, event.call_id)
    if owed is None or alarm_id("call_back", event.call_id) in board.alarms:
        return []
    first_ms = board.calls[event.call_id].t3_ms + board.reference.clocks.call_back_ms[0]
    return [_timer("call_back", event.call_id, 1, max(now_ms, first_ms))]


def on_passed_on(board: Board, event: talk.TransferOffered, _now_ms: int) -> list[Follow]:
    """Offered anew: what an earlier refusal said has been acted on."""
    return _clear(board, "transfer_refused", event.call_id)


def on_reinforced(board: Board, event: Any, now_ms: int) -> list[Follow]:  # noqa: ANN401 - any event
    """Where more units were asked for, they are there now, or nobody waits for them any more."""
    if not board.incidents[event.incident_id].n_backup:
        return []
    return _stops("incident_id", "backup")(board, event, now_ms)


def on_split(board: Board, event: kinship.IncidentSplit, now_ms: int) -> list[Follow]:
    """The units have gone with the other incident: this one may wait again."""
    return _starts("queue", "incident_id")(board, event, now_ms) if event.order_ids else []


def on_call_retired(board: Board, event: kinship.CallRetired, _now_ms: int) -> list[Follow]:
    """Nothing is left to decide about a call that has left the board."""
    return [follow for kind in get_args(NewsKind) for follow in _clear(board, kind, event.call_id)]


def on_over(
    board: Board, event: incidents.IncidentClosed | incidents.IncidentMerged, _now_ms: int
) -> list[Follow]:
    """Nobody need decide any more what was open about an incident that is over."""
    incident = board.incidents[event.incident_id]
    papers = (*incident.request_ids, *incident.order_ids, *incident.call_ids)
    subjects = dict.fromkeys((incident.incident_id, *incident.told, *papers))
    if all(each.subject_id not in subjects for each in board.alarms.values()):
        return []
    return [
        alarms.ClearAlarm(alarm_id=standing)
        for subject_id in subjects
        for kind in ALL_KINDS
        if (standing := f"{kind}:{subject_id}") in board.alarms
        and (kind not in CLOCKS or CLOCKS[kind].missing(board, subject_id) is None)
    ]


def _clear(board: Board, kind: AlarmKind, subject_id: str) -> list[Follow]:
    standing = alarm_id(kind, subject_id)
    return [alarms.ClearAlarm(alarm_id=standing)] if standing in board.alarms else []


def alarm_id(kind: AlarmKind, subject_id: str) -> str:
    """Id of the one alarm of a kind about a subject."""
    return f"{kind}:{subject_id}"


def _timer(kind: ClockKind, subject_id: str, level: int, due_at_ms: int) -> SetTimer:
    check = alarms.CheckClock(kind=kind, subject_id=subject_id, level=level)
    return SetTimer(_timer_id(kind, subject_id), due_at_ms, check)


def _timer_id(kind: ClockKind, subject_id: str) -> str:
    return f"order:{subject_id}" if kind in IN_TURN else f"{kind}:{subject_id}"


_UNDER_WAY = _stops("order_id", "not_moving", "eta_passed", timer=False)
_ORDER_OVER = _stops("order_id", *sorted(IN_TURN), "amendment", timer=False)
_ORDER_TIMER = _stops("order_id", "silent_on_scene")
_QUEUE_OVER = _stops("incident_id", "queue")
_CALL_BACK_OVER = _stops("call_id", "call_back")
_CALL_BACK_CLEAR = _stops("call_id", "call_back", timer=False)

RULES = Rules[Board](
    deciders={
        alarms.CheckClock: check_clock,
        alarms.RaiseAlarm: raise_alarm,
        alarms.TakeUpAlarm: take_up_alarm,
        alarms.ClearAlarm: clear_alarm,
    },
    reactions={
        alarms.AlarmRaised: [on_raised],
        incidents.IncidentOpened: [on_waiting, on_joined],
        incidents.IncidentPlaced: [on_waiting],
        incidents.IncidentUpdated: [_QUEUE_OVER, on_waiting, on_reinforced],
        incidents.PrioritySet: [on_waiting],
        incidents.IncidentSettled: [_QUEUE_OVER, on_reinforced],
        incidents.IncidentMerged: [_QUEUE_OVER, on_over],
        incidents.IncidentClosed: [on_over],
        kinship.IncidentReopened: [_starts("queue", "incident_id")],
        reinforce.IncidentScheduled: [_QUEUE_OVER],
        reinforce.ScheduledStarted: [_starts("queue", "incident_id")],
        kinship.IncidentSplit: [on_split],
        kinship.CallRetired: [on_call_retired],
        orders.UnitAssigned: [_QUEUE_OVER, on_reinforced],
        orders.OrderAcknowledged: [_starts("not_moving", "order_id")],
        orders.UnitEnRoute: [_UNDER_WAY, _starts("eta_passed", "order_id")],
        road.EtaUpdated: [on_eta],
        orders.UnitArrived: [_UNDER_WAY, _starts("silent_on_scene", "order_id")],
        orders.OrderHandled: [_ORDER_OVER, _ORDER_TIMER, on_reinforced],
        orders.OrderWithdrawn: [
            _ORDER_OVER,
            _ORDER_TIMER,
            _starts("queue", "incident_id"),
            _starts("withdrawal", "order_id"),
        ],
        orders.WithdrawalAcknowledged: [_stops("order_id", "withdrawal")],
        orders.WithdrawalLapsed: [_stops("order_id", "withdrawal")],
        reinforce.OrderAmended: [on_amended],
        reinforce.AmendmentAcknowledged: [_stops("order_id", "amendment")],
        reinforce.BackupRequested: [_starts("backup", "incident_id")],
        agency.AgencyTold: [_starts("agency", "request_id")],
        agency.AgencyAccepted: [_stops("request_id", "agency")],
        agency.AgencyRefused: [_stops("request_id", "agency")],
        agency.AgencyArrived: [_stops("request_id", "agency")],
        agency.AgencyCalledOff: [_stops("request_id", "agency")],
        talk.TransferOffered: [_starts("transfer", "call_id"), on_passed_on],
        talk.TransferAccepted: [_stops("call_id", "transfer")],
        talk.TransferRefused: [_stops("call_id", "transfer")],
        desk.HandOverOffered: [_starts("hand_over", "incident_id")],
        desk.HandOverAccepted: [_stops("incident_id", "hand_over"), on_waiting],
        desk.HandOverRefused: [_stops("incident_id", "hand_over")],
        desk.IncidentTakenOver: [_stops("incident_id", "hand_over"), on_waiting],
        calls.CallAbandoned: [_starts("call_back", "call_id")],
        calls.CallAttached: [on_joined],
        talk.TextReceived: [on_written],
        missed.SilenceReported: [_starts("call_back", "call_id")],
        missed.CallBackRecorded: [_stops("call_id", "call_back")],
        missed.MissedCallCleared: [_stops("call_id", "call_back")],
        # Each step taken is a sign that somebody is at it: the clock begins anew.
        missed.SilentSignNoted: [_stops("call_id", "call_back"), _starts("call_back", "call_id")],
        missed.SilentStepSkipped: [_stops("call_id", "call_back"), _starts("call_back", "call_id")],
        missed.CallBackStarted: [_starts("call_back", "call_id")],
        emergency.EmergencyDeclared: [_starts("emergency", "emergency_id")],
        emergency.EmergencyTakenUp: [_stops("emergency_id", "emergency")],
        emergency.VoiceContactConfirmed: [_stops("emergency_id", "emergency")],
        emergency.EmergencyEnded: [_stops("emergency_id", "emergency")],
        voice.VoiceReported: [on_voice],
        orders.CrewSafe: [on_safe],
    },
)
