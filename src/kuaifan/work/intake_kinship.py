"""How incidents belong together (警情关联): duplicates, split, link, reopen, retire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kuaifan.board.duplicates import list_twins
from kuaifan.board.entities import Call, Incident
from kuaifan.board.grading import get_incident_to_amend, record_class_of
from kuaifan.board.lookup import get_incident, get_open_incident, get_type_to_use
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import kinship, missed, reinforce
from kuaifan.vocabulary.alarm import AlarmCleared

DONE: Final = frozenset({"handled", "fed_back", "reviewed", "closed"})
"""States from which an incident can go on; before them it is open as it is."""
OPEN_REQUESTS: Final = frozenset({"told", "accepted"})


def suggest_duplicates(
    board: Board, command: kinship.SuggestDuplicates, _now_ms: int
) -> list[Event]:
    """Put the nearest likely duplicates before a person (查找疑似重复); nothing merges itself."""
    incident = get_incident(board, command.incident_id)
    return [
        kinship.DuplicateSuggested(
            incident_id=incident.incident_id,
            other_incident_id=twin.incident_id,
            distance_m=twin.distance_m,
            apart_ms=twin.apart_ms,
        )
        for twin in list_twins(board, incident)
    ]


def dismiss_duplicate(board: Board, command: kinship.DismissDuplicate, _now_ms: int) -> list[Event]:
    """A person says that they are two (排除重复); it is not suggested again."""
    incident = get_open_incident(board, command.incident_id)
    if command.other_incident_id not in incident.duplicate_ids:
        raise Refused(
            "not_suggested",
            f"警情 {command.other_incident_id} 未提示与 {incident.incident_id} 重复",
            f"incident {command.other_incident_id} is not suggested as a duplicate of "
            f"{incident.incident_id}",
        )
    return [
        kinship.DuplicateDismissed(
            incident_id=incident.incident_id,
            other_incident_id=command.other_incident_id,
            reason=command.reason,
        )
    ]


def split_incident(board: Board, command: kinship.SplitIncident, _now_ms: int) -> list[Event]:
    """Part of it is another incident (拆分警情): some calls and orders get one of their own.

    The new one stands at the same place, with the same desk; its plan is that of its own type.
    """
    incident = get_incident_to_amend(board, command.incident_id)
    incident_type = get_type_to_use(board, command.type_code, incident.type_code)
    call_ids, order_ids = _distinct(command.call_ids), _distinct(command.order_ids)
    if not call_ids and not order_ids:
        raise Refused(
            "nothing_to_split",
            "拆分须至少移出一个来电或派警单，否则请直接新立警情",
            "name at least one call or order that moves; or open a new incident",
        )
    _refuse_strangers(incident, call_ids, order_ids)
    into_id = f"J{board.n_incidents + 1}"
    return [
        incidents.IncidentOpened(
            incident_id=into_id,
            call_id="",
            source=incident.source,
            type_code=incident_type.code,
            priority=incident_type.priority,
            plan=incident_type.plan,
            route=incident_type.route,
            min_units=board.reference.n_units_of(incident_type),
            record_class=record_class_of(incident_type, was=incident.record_class),
            narrative="",
            address=incident.address,
            desk_id=incident.desk_id,
        ),
        kinship.IncidentSplit(
            incident_id=incident.incident_id,
            into_incident_id=into_id,
            call_ids=call_ids,
            order_ids=order_ids,
            reason=command.reason,
        ),
    ]


def link_incidents(board: Board, command: kinship.LinkIncidents, _now_ms: int) -> list[Event]:
    """They belong together and stay two (关联警情)."""
    incident = get_incident(board, command.incident_id)
    other = get_incident(board, command.other_incident_id)
    if incident is other:
        raise Refused(
            "link_with_itself",
            f"警情 {incident.incident_id} 不能与自身关联",
            f"incident {incident.incident_id} cannot be linked with itself",
        )
    if other.incident_id in incident.linked_ids:
        raise Refused(
            "already_linked",
            f"警情 {incident.incident_id} 与 {other.incident_id} 已关联",
            f"incidents {incident.incident_id} and {other.incident_id} are linked already",
        )
    return [
        kinship.IncidentsLinked(
            incident_id=incident.incident_id,
            other_incident_id=other.incident_id,
            kind=command.kind,
            reason=command.reason,
        )
    ]


def unlink_incidents(board: Board, command: kinship.UnlinkIncidents, _now_ms: int) -> list[Event]:
    """They do not belong together after all (取消关联)."""
    incident = get_incident(board, command.incident_id)
    if command.other_incident_id not in incident.linked_ids:
        raise Refused(
            "not_linked",
            f"警情 {incident.incident_id} 与 {command.other_incident_id} 未关联",
            f"incidents {incident.incident_id} and {command.other_incident_id} are not linked",
        )
    return [
        kinship.IncidentsUnlinked(
            incident_id=incident.incident_id,
            other_incident_id=command.other_incident_id,
            reason=command.reason,
        )
    ]


def reopen_incident(board: Board, command: kinship.ReopenIncident, _now_ms: int) -> list[Event]:
    """What was thought done goes on (重开警情): it wants one unit more than it has had."""
    incident = get_incident(board, command.incident_id)
    if incident.merged_into:
        raise Refused(
            "incident_merged",
            f"警情 {incident.incident_id} 已并入 {incident.merged_into}，请在主警情处理",
            f"incident {incident.incident_id} lives on in {incident.merged_into}; go on there, "
            "or split that one",
        )
    if incident.state not in DONE:
        raise Refused(
            "incident_open",
            f"警情 {incident.incident_id} 当前为“{incident.state}”，尚未处理完毕",
            f"incident {incident.incident_id} is {incident.state}; it is still open",
        )
    return [kinship.IncidentReopened(incident_id=incident.incident_id, reason=command.reason)]


def retire_incident(board: Board, command: kinship.RetireIncident, _now_ms: int) -> list[Event]:
    """A closed incident leaves the board (警情归档); the log and the read tables keep it."""
    incident = board.incidents.get(command.incident_id)
    if incident is None or not incident.is_over:
        return []
    if reason := _still_open(board, incident):
        return [kinship.RetirementPutOff(incident_id=incident.incident_id, reason=reason)]
    calls_too = {call.call_id for call in _own_calls(board, incident)}
    gone = {incident.incident_id, *incident.order_ids, *calls_too}
    return [*_clear_alarms(board, gone), kinship.IncidentRetired(incident_id=incident.incident_id)]


def retire_call(board: Board, command: kinship.RetireCall, _now_ms: int) -> list[Event]:
    """A call that became no incident leaves the board (来电归档), unless a step is still owed."""
    call = board.calls.get(command.call_id)
    if call is None or call.incident_id or call.is_open:
        return []
    gone = {call.call_id}
    return [*_clear_alarms(board, gone), kinship.CallRetired(call_id=call.call_id)]


def on_placed(board: Board, event: incidents.IncidentPlaced, now_ms: int) -> list[Follow]:
    """The first time its place is known, others there may be the same."""
    if board.incidents[event.incident_id].tp_ms != now_ms:
        return []
    return [kinship.SuggestDuplicates(incident_id=event.incident_id)]


def on_split(board: Board, event: kinship.IncidentSplit, _now_ms: int) -> list[Follow]:
    """Crews that moved are out for something else now, and either may be short of units."""
    both = (event.incident_id, event.into_incident_id)
    follows: list[Follow] = [
        incidents.RecommendUnits(incident_id=each) for each in both if each in board.waiting
    ]
    was, now = (board.incidents[each].type_code for each in both)
    if event.order_ids and was != now:
        follows.append(reinforce.AmendOrders(incident_id=event.into_incident_id, what="type"))
    return follows


def on_over(
    board: Board,
    event: incidents.IncidentClosed | incidents.IncidentMerged | kinship.RetirementPutOff,
    now_ms: int,
) -> list[Follow]:
    """It leaves the board after some time."""
    retire = kinship.RetireIncident(incident_id=event.incident_id)
    due_at_ms = now_ms + board.reference.clocks.retire_ms
    return [SetTimer(f"retire:{event.incident_id}", due_at_ms, retire)]


def on_reopened(board: Board, event: kinship.IncidentReopened, _now_ms: int) -> list[Follow]:
    """It stays, and who could go is ranked."""
    follows: list[Follow] = [CancelTimer(f"retire:{event.incident_id}")]
    if event.incident_id in board.waiting:
        follows.append(incidents.RecommendUnits(incident_id=event.incident_id))
    return follows


def on_call_over(
    board: Board,
    event: calls.CallEnded
    | calls.CallAbandoned
    | missed.MissedCallCleared
    | missed.CallBackRecorded,
    now_ms: int,
) -> list[Follow]:
    """A call without an incident leaves the board after the same time."""
    call = board.calls[event.call_id]
    if call.incident_id:
        return []
    retire = kinship.RetireCall(call_id=call.call_id)
    due_at_ms = now_ms + board.reference.clocks.retire_ms
    return [SetTimer(f"retire:{call.call_id}", due_at_ms, retire)]


def _still_open(board: Board, incident: Incident) -> str:
    """What hangs on a closed incident and is not over, empty where nothing is."""
    if incident.to_desk_id:
        return f"offered to desk {incident.to_desk_id}"
    requests = (board.requests.get(request_id) for request_id in incident.request_ids)
    asked = [each.request_id for each in requests if each and each.state in OPEN_REQUESTS]
    if asked:
        return f"request {asked[0]} is open"
    if open_ids := [call.call_id for call in _own_calls(board, incident) if call.is_open]:
        return f"call {open_ids[0]} is open"
    if incident.major and incident.major.n_owed:
        return f"{incident.major.n_owed} items are owed after it was major"
    for each in board.emergencies.values():
        if each.incident_id == incident.incident_id and each.state != "ended":
            # Its alarm would leave with the incident, and an officer in danger with it.
            return f"emergency {each.emergency_id} is not over"
    bound = [order.order_id for order in board.active_orders(incident) if order.is_active]
    return f"order {bound[0]} is open" if bound else ""


def _own_calls(board: Board, incident: Incident) -> list[Call]:
    """Calls that are heard under it; those of a merged incident are the main one's by now."""
    calls = (board.calls.get(call_id) for call_id in incident.call_ids)
    return [call for call in calls if call and call.incident_id == incident.incident_id]


def _clear_alarms(board: Board, gone: set[str]) -> list[Event]:
    """Alarms about what leaves the board, each cleared by name."""
    return [
        AlarmCleared(alarm_id=alarm.alarm_id)
        for alarm in board.alarms.values()
        if alarm.subject_id in gone
        or alarm.incident_id in gone
        or alarm.order_id in gone
        or alarm.call_id in gone
    ]


def _refuse_strangers(
    incident: Incident, call_ids: Sequence[str], order_ids: Sequence[str]
) -> None:
    for code, named, own in (
        ("not_its_call", call_ids, incident.call_ids),
        ("not_its_order", order_ids, incident.order_ids),
    ):
        strangers = [each for each in named if each not in own]
        if strangers:
            raise Refused(
                code,
                f"{'、'.join(strangers)} 不属于警情 {incident.incident_id}",
                f"{', '.join(strangers)} is not of incident {incident.incident_id}",
            )


def _distinct(ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))


RULES = Rules[Board](
    deciders={
        kinship.SuggestDuplicates: suggest_duplicates,
        kinship.DismissDuplicate: dismiss_duplicate,
        kinship.SplitIncident: split_incident,
        kinship.LinkIncidents: link_incidents,
        kinship.UnlinkIncidents: unlink_incidents,
        kinship.ReopenIncident: reopen_incident,
        kinship.RetireIncident: retire_incident,
        kinship.RetireCall: retire_call,
    },
    reactions={
        incidents.IncidentPlaced: [on_placed],
        incidents.IncidentClosed: [on_over],
        incidents.IncidentMerged: [on_over],
        kinship.RetirementPutOff: [on_over],
        kinship.IncidentReopened: [on_reopened],
        kinship.IncidentSplit: [on_split],
        calls.CallEnded: [on_call_over],
        calls.CallAbandoned: [on_call_over],
        missed.MissedCallCleared: [on_call_over],
        missed.CallBackRecorded: [on_call_over],
    },
)
