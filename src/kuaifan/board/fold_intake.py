"""Folds of calls and incidents (接警事件归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.closing_pace import note_closing
from kuaifan.board.entities import Call, Incident
from kuaifan.board.fold_facts import keep_replaced
from kuaifan.board.item_papers import follow_desk
from kuaifan.board.kin import forget_pair, leave_queues
from kuaifan.board.progress import refresh_incident
from kuaifan.board.seating import desk_of_seat, occupy, release, unoffer
from kuaifan.board.silence import join
from kuaifan.board.state import Board
from kuaifan.board.undoable import remember, spoil
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents


def call_registered(board: Board, event: calls.CallRegistered, at_ms: int) -> None:
    """A call rings."""
    board.n_calls += 1
    board.calls[event.call_id] = Call(
        call_id=event.call_id,
        line=event.line,
        caller_number=event.caller_number,
        is_limited=event.is_limited,
        t0_ms=event.stamp_at_ms or at_ms,
        seq=board.seq,
        phone_id=event.phone_id,
    )
    board.ringing[event.call_id] = None
    if event.phone_id:
        board.phone_calls[event.phone_id] = event.call_id


def call_answered(board: Board, event: calls.CallAnswered, at_ms: int) -> None:
    """A seat talks; another one where it rang is free again."""
    call = board.calls[event.call_id]
    unoffer(board, call)
    call.state, call.seat_id, call.seq = "talking", event.seat_id, board.seq
    call.desk_id = desk_of_seat(board, event.seat_id)
    answered_at_ms = event.stamp_at_ms or at_ms
    call.t1_ms, call.t2_ms = call.t1_ms or answered_at_ms, answered_at_ms
    board.ringing.pop(event.call_id, None)
    if not event.stamp_at_ms:
        # Who wrote a card then may talk with somebody else now.
        occupy(board, event.seat_id, event.call_id, at_ms=at_ms)


def call_updated(board: Board, event: calls.CallUpdated, _at_ms: int) -> None:
    """More is known of the caller."""
    call = board.calls[event.call_id]
    call.seq = board.seq
    if event.caller_name is not None:
        call.caller_name = event.caller_name
    if event.caller_number is not None:
        call.caller_number = event.caller_number


def call_ended(board: Board, event: calls.CallEnded, at_ms: int) -> None:
    """The talk is over; the seat stays the owner of what is still open."""
    call = board.calls[event.call_id]
    call.state, call.t3_ms, call.seq = "ended", event.stamp_at_ms or at_ms, board.seq
    call.on_hold = False
    if not event.stamp_at_ms:
        release(board, call.seat_id, event.call_id, at_ms=at_ms)


def call_abandoned(board: Board, event: calls.CallAbandoned, at_ms: int) -> None:
    """Nobody answered in time: a call-back is owed, unless it is with an incident already."""
    call = board.calls[event.call_id]
    unoffer(board, call)
    call.state, call.t3_ms, call.seq = "abandoned", at_ms, board.seq
    call.to_call_back = not call.incident_id
    board.ringing.pop(event.call_id, None)


def call_attached(board: Board, event: calls.CallAttached, _at_ms: int) -> None:
    """A call joins an incident; it leaves the one it was with."""
    call = board.calls[event.call_id]
    if event.left_incident_id:
        left = board.incidents[event.left_incident_id]
        left.call_ids.remove(event.call_id)
        left.seq = board.seq
        _keep_restricted(left, board.incidents[event.incident_id])
        if not left.call_ids:
            forget_pair(left, board.incidents[event.incident_id])
    join(call, event.incident_id)
    call.seq = board.seq
    incident = board.incidents[event.incident_id]
    incident.call_ids.append(event.call_id)
    incident.seq = board.seq


def incident_opened(board: Board, event: incidents.IncidentOpened, at_ms: int) -> None:
    """An incident stands on the board, not yet placed."""
    if not event.stamp_at_ms:
        # The number of a paper card was taken from the row when it was reserved.
        board.n_incidents += 1
    incident = Incident(
        incident_id=event.incident_id,
        source=event.source,
        type_code=event.type_code,
        priority=event.priority,
        plan=event.plan,
        route=event.route,
        n_needed=event.min_units,
        record_class=event.record_class,
        narrative=event.narrative,
        address=event.address,
        opened_at_ms=event.stamp_at_ms or at_ms,
        desk_id=event.desk_id,
        found_by_unit_id=event.unit_id,
        seq=board.seq,
        call_ids=[event.call_id] if event.call_id else [],
    )
    board.incidents[event.incident_id] = incident
    if event.call_id:
        call = board.calls[event.call_id]
        join(call, event.incident_id)
        call.seq = board.seq


def incident_placed(board: Board, event: incidents.IncidentPlaced, at_ms: int) -> None:
    """It has a place; units under way now head for it."""
    incident = board.incidents[event.incident_id]
    _place_address(incident, event, at_ms)
    incident.lat, incident.lon = event.lat, event.lon
    incident.arc, incident.fraction_ppm = event.arc, event.fraction_ppm
    incident.jurisdiction, incident.area_class = event.jurisdiction, event.area_class
    incident.district, incident.ground_desk_id = event.district, event.desk_id
    if not incident.tp_ms and not board.active_orders(incident):
        # Who took the call answers for it until the ground is known; afterwards only a receipt
        # moves it, and so does an order already out.
        follow_desk(board.items, incident.item_ids, incident.desk_id, event.desk_id)
        incident.desk_id = event.desk_id
    incident.tp_ms = incident.tp_ms or event.stamp_at_ms or at_ms
    if not incident.is_over:
        board.open_places.put(incident.incident_id, event.lat, event.lon)
    for order in board.active_orders(incident):
        # A unit with an order beside stays where its first one is.
        if order.is_active and board.units[order.unit_id].order_id == order.order_id:
            unit_i = board.fleet.index[order.unit_id]
            board.fleet.dest_lat[unit_i], board.fleet.dest_lon[unit_i] = event.lat, event.lon
    refresh_incident(board, incident)


def incident_updated(board: Board, event: incidents.IncidentUpdated, at_ms: int) -> None:
    """Type or story changed, and with the type the plan; a raised priority goes with it."""
    spoil(board, at_ms=at_ms)
    incident = board.incidents[event.incident_id]
    if not incident.first_type_code and event.type_code != incident.type_code:
        incident.first_type_code = incident.type_code
    incident.type_code, incident.plan, incident.route = event.type_code, event.plan, event.route
    n_before, incident.n_needed = incident.n_needed, event.min_units + incident.n_backup
    if incident.n_reopened:
        incident.n_needed = max(incident.n_needed, n_before)
    incident.record_class = event.record_class
    if event.narrative is not None:
        if incident.narrative and incident.narrative != event.narrative:
            keep_replaced(incident, incident.narrative, at_ms)
        incident.narrative = event.narrative
    refresh_incident(board, incident)


def priority_set(board: Board, event: incidents.PrioritySet, at_ms: int) -> None:
    """The priority changed."""
    incident = board.incidents[event.incident_id]
    remember(board, "priority", event.incident_id, value=str(incident.priority), at_ms=at_ms)
    incident.priority, incident.seq = event.priority, board.seq


def incident_merged(board: Board, event: incidents.IncidentMerged, at_ms: int) -> None:
    """The child leaves the queue; its calls are heard under the main one."""
    child, main = board.incidents[event.incident_id], board.incidents[event.into_incident_id]
    child.state, child.merged_into, child.t10_ms = "merged", main.incident_id, at_ms
    main.call_ids.extend(child.call_ids)
    main.overlays.extend(each for each in child.overlays if each not in main.overlays)
    _keep_restricted(child, main)
    for call_id in child.call_ids:
        call = board.calls[call_id]
        call.incident_id, call.seq = main.incident_id, board.seq
    child.seq = main.seq = board.seq
    forget_pair(child, main)
    leave_queues(board, child)


def recommendation_made(board: Board, event: incidents.RecommendationMade, _at_ms: int) -> None:
    """The ranking the desk sees, until the next one."""
    incident = board.incidents[event.incident_id]
    incident.recommended_unit_ids = [candidate.unit_id for candidate in event.candidates]
    incident.recommended_travel_ms = [candidate.travel_ms for candidate in event.candidates]
    incident.recommended_seq = incident.seq = board.seq


def incident_settled(board: Board, event: incidents.IncidentSettled, _at_ms: int) -> None:
    """Handled by the desk."""
    incident = board.incidents[event.incident_id]
    incident.settled, incident.disposition = True, event.disposition
    refresh_incident(board, incident)


def incident_reviewed(board: Board, event: incidents.IncidentReviewed, _at_ms: int) -> None:
    """Looked at; the final type stands."""
    incident = board.incidents[event.incident_id]
    incident.state, incident.final_type_code = "reviewed", event.final_type_code
    incident.seq = board.seq


def incident_closed(board: Board, event: incidents.IncidentClosed, at_ms: int) -> None:
    """Nothing is open any more."""
    incident = board.incidents[event.incident_id]
    incident.state, incident.t10_ms, incident.disposition = "closed", at_ms, event.disposition
    incident.seq = board.seq
    note_closing(board, event.by, at_ms)
    leave_queues(board, incident)


def _place_address(incident: Incident, event: incidents.IncidentPlaced, at_ms: int) -> None:
    """The address taken down first is of the first place, never of a corrected one."""
    if not incident.tp_ms and not event.address:
        return
    if incident.address and incident.address != event.address:
        keep_replaced(incident, incident.address, at_ms)
    incident.address = event.address


def _keep_restricted(source: Incident, target: Incident) -> None:
    """What a restricted record holds stays restricted wherever it is joined to."""
    if source.record_class == "restricted":
        target.record_class = "restricted"


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    calls.CallRegistered: call_registered,
    calls.CallAnswered: call_answered,
    calls.CallUpdated: call_updated,
    calls.CallEnded: call_ended,
    calls.CallAbandoned: call_abandoned,
    calls.CallAttached: call_attached,
    incidents.IncidentOpened: incident_opened,
    incidents.IncidentPlaced: incident_placed,
    incidents.IncidentUpdated: incident_updated,
    incidents.PrioritySet: priority_set,
    incidents.IncidentMerged: incident_merged,
    incidents.RecommendationMade: recommendation_made,
    incidents.IncidentSettled: incident_settled,
    incidents.IncidentReviewed: incident_reviewed,
    incidents.IncidentClosed: incident_closed,
}
