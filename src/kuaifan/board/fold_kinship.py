"""Folds of how incidents belong together (警情关联归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final, TypeVar

from kuaifan.board.case_class import class_of_incident
from kuaifan.board.entities import Incident
from kuaifan.board.kin import forget_pair, leave_queues, pair
from kuaifan.board.progress import refresh_incident
from kuaifan.board.state import Board
from kuaifan.board.undoable import spoil
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import kinship

E = TypeVar("E")


def duplicate_suggested(board: Board, event: kinship.DuplicateSuggested, _at_ms: int) -> None:
    """Each shows the other."""
    one, other = _both(board, event)
    pair(one, other)


def duplicate_dismissed(board: Board, event: kinship.DuplicateDismissed, _at_ms: int) -> None:
    """Neither is suggested for the other again."""
    one, other = _both(board, event)
    forget_pair(one, other)
    one.dismissed_ids.append(other.incident_id)
    other.dismissed_ids.append(one.incident_id)


def incident_split(board: Board, event: kinship.IncidentSplit, at_ms: int) -> None:
    """The new one stands where the old one does; what moves keeps its id."""
    spoil(board, at_ms=at_ms)
    old, new = board.incidents[event.incident_id], board.incidents[event.into_incident_id]
    _copy_place(board, old, new, at_ms)
    new.split_from = old.incident_id
    _link(old, new)
    _move_calls(board, event.call_ids, old, new)
    _move_orders(board, event.order_ids, old, new)
    refresh_incident(board, old)
    refresh_incident(board, new)


def incidents_linked(board: Board, event: kinship.IncidentsLinked, _at_ms: int) -> None:
    """Each names the other; that they may be one is settled by that."""
    one, other = _both(board, event)
    forget_pair(one, other)
    _link(one, other)


def incidents_unlinked(board: Board, event: kinship.IncidentsUnlinked, _at_ms: int) -> None:
    """Neither names the other; one of them may have left the board."""
    ids = (event.incident_id, event.other_incident_id)
    for here, there in (ids, ids[::-1]):
        incident = board.incidents.get(here)
        if incident is not None and there in incident.linked_ids:
            incident.linked_ids.remove(there)
            incident.seq = board.seq


def incident_reopened(board: Board, event: kinship.IncidentReopened, _at_ms: int) -> None:
    """Open again: it wants one unit more than the orders it has had, if it had any."""
    incident = board.incidents[event.incident_id]
    n_orders = len(board.active_orders(incident))
    incident.n_reopened += 1
    incident.settled, incident.disposition, incident.t10_ms = False, "", 0
    incident.final_type_code = ""
    incident.n_needed = n_orders + 1 if n_orders else incident.n_needed
    incident.state = "registered"
    if incident.is_placed:
        board.open_places.put(incident.incident_id, incident.lat, incident.lon)
    refresh_incident(board, incident)


def incident_retired(board: Board, event: kinship.IncidentRetired, _at_ms: int) -> None:
    """It leaves with its calls, orders and requests; the log keeps them all."""
    incident = board.incidents[event.incident_id]
    leave_queues(board, incident)
    calls = (board.calls.get(call_id) for call_id in incident.call_ids)
    # The calls of a merged incident are the main one's by now, and leave with that.
    gone = {call.call_id for call in calls if call and call.incident_id == incident.incident_id}
    _drop_calls(board, gone)
    _drop(board.orders, incident.order_ids)
    _drop(board.owing_order_ids, incident.order_ids)
    _drop(board.requests, incident.request_ids)
    for unit_id in incident.reserved_unit_ids:
        reserved = board.units[unit_id].reserved_incident_ids
        if incident.incident_id in reserved:
            reserved.remove(incident.incident_id)
    del board.incidents[incident.incident_id]
    if (left_as := class_of_incident(board, incident)) != "ordinary":
        board.left_restricted[incident.incident_id] = left_as


def retirement_put_off(board: Board, event: kinship.RetirementPutOff, _at_ms: int) -> None:
    """It stays for another while."""
    board.incidents[event.incident_id].seq = board.seq


def call_retired(board: Board, event: kinship.CallRetired, _at_ms: int) -> None:
    """The call leaves; the log keeps it."""
    _drop_calls(board, (event.call_id,))


def _both(
    board: Board,
    event: kinship.DuplicateSuggested | kinship.DuplicateDismissed | kinship.IncidentsLinked,
) -> tuple[Incident, Incident]:
    one, other = board.incidents[event.incident_id], board.incidents[event.other_incident_id]
    one.seq = other.seq = board.seq
    return one, other


def _link(one: Incident, other: Incident) -> None:
    one.linked_ids.append(other.incident_id)
    other.linked_ids.append(one.incident_id)


def _copy_place(board: Board, old: Incident, new: Incident, at_ms: int) -> None:
    new.desk_id, new.ground_desk_id, new.district = old.desk_id, old.ground_desk_id, old.district
    new.lat, new.lon, new.arc, new.fraction_ppm = old.lat, old.lon, old.arc, old.fraction_ppm
    new.jurisdiction, new.area_class, new.address = old.jurisdiction, old.area_class, old.address
    new.asked_unit_ids = list(old.asked_unit_ids)
    if new.is_placed:
        new.tp_ms = at_ms
        board.open_places.put(new.incident_id, new.lat, new.lon)


def _move_calls(board: Board, call_ids: Iterable[str], old: Incident, new: Incident) -> None:
    for call_id in call_ids:
        old.call_ids.remove(call_id)
        new.call_ids.append(call_id)
        call = board.calls[call_id]
        call.incident_id, call.seq = new.incident_id, board.seq


def _move_orders(board: Board, order_ids: Iterable[str], old: Incident, new: Incident) -> None:
    """The crew drives on to where it was going; alarms about its order follow the order."""
    moved = set(order_ids)
    for order_id in order_ids:
        old.order_ids.remove(order_id)
        old.n_moved_orders += 1
        new.order_ids.append(order_id)
        order = board.orders[order_id]
        order.incident_id, order.seq = new.incident_id, board.seq
    for alarm in board.alarms.values():
        if alarm.order_id in moved:
            alarm.incident_id = new.incident_id


def _drop_calls(board: Board, call_ids: Iterable[str]) -> None:
    for call_id in call_ids:
        if (gone := board.calls.pop(call_id, None)) is not None:
            board.phone_calls.pop(gone.phone_id, None)


def _drop(entities: dict[str, E], ids: Iterable[str]) -> None:
    for each in ids:
        entities.pop(each, None)


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    kinship.DuplicateSuggested: duplicate_suggested,
    kinship.DuplicateDismissed: duplicate_dismissed,
    kinship.IncidentSplit: incident_split,
    kinship.IncidentsLinked: incidents_linked,
    kinship.IncidentsUnlinked: incidents_unlinked,
    kinship.IncidentReopened: incident_reopened,
    kinship.IncidentRetired: incident_retired,
    kinship.RetirementPutOff: retirement_put_off,
    kinship.CallRetired: call_retired,
}
