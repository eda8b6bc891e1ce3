"""Folds of desks, policies and other services (归属与联动归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.item_papers import follow_desk
from kuaifan.board.papers import AgencyRequest, PolicyInForce
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import agency, desk
from kuaifan.vocabulary.agency import AgencyState

POLICY_KEPT_MS: Final = 7 * 86_400_000
"""A policy that is over is kept for a week, for who asks why yesterday was ranked so."""


def agency_told(board: Board, event: agency.AgencyTold, at_ms: int) -> None:
    """A service is asked."""
    board.requests[event.request_id] = AgencyRequest(
        request_id=event.request_id,
        incident_id=event.incident_id,
        agency=event.agency,
        what=event.what,
        told_at_ms=at_ms,
    )
    board.incidents[event.incident_id].request_ids.append(event.request_id)
    _touch_request(board, event.request_id)


def agency_accepted(board: Board, event: agency.AgencyAccepted, at_ms: int) -> None:
    """It comes."""
    _reply(board, event.request_id, "accepted", at_ms).by = event.by


def agency_refused(board: Board, event: agency.AgencyRefused, at_ms: int) -> None:
    """It does not come."""
    request = _reply(board, event.request_id, "refused", at_ms)
    request.by, request.reason = event.by, event.reason


def agency_arrived(board: Board, event: agency.AgencyArrived, at_ms: int) -> None:
    """It is there; a receipt passed over leaves the time of the reply at 0."""
    request = board.requests[event.request_id]
    request.state, request.arrived_at_ms = "arrived", at_ms
    _touch_request(board, event.request_id)


def agency_called_off(board: Board, event: agency.AgencyCalledOff, _at_ms: int) -> None:
    """It need not come."""
    request = board.requests[event.request_id]
    request.state, request.reason = "called_off", event.reason
    _touch_request(board, event.request_id)


def hand_over_offered(board: Board, event: desk.HandOverOffered, at_ms: int) -> None:
    """It waits for a receipt; its owner stays."""
    incident = board.incidents[event.incident_id]
    incident.to_desk_id, incident.seq = event.to_desk_id, board.seq
    incident.offered_at_ms = at_ms


def hand_over_accepted(board: Board, event: desk.HandOverAccepted, at_ms: int) -> None:
    """Another desk owns it."""
    _belongs_to(board, event.incident_id, event.to_desk_id, at_ms)


def hand_over_refused(board: Board, event: desk.HandOverRefused, _at_ms: int) -> None:
    """Its owner keeps it."""
    incident = board.incidents[event.incident_id]
    incident.to_desk_id, incident.seq = "", board.seq


def incident_taken_over(board: Board, event: desk.IncidentTakenOver, at_ms: int) -> None:
    """The city desk owns it, whatever was offered."""
    _belongs_to(board, event.incident_id, event.to_desk_id, at_ms)


def policy_used(board: Board, event: desk.PolicyUsed, at_ms: int) -> None:
    """A choice more; those that can hold no more, or are long over, are forgotten."""
    kept = [old for old in board.policies if not _is_past(old, event, at_ms)]
    chosen = PolicyInForce(
        policy=event.policy,
        desk_id=event.desk_id,
        from_ms=event.from_ms,
        until_ms=event.until_ms,
        ways=event.ways,
    )
    board.policies = [*kept, chosen]


def _is_past(old: PolicyInForce, new: desk.PolicyUsed, at_ms: int) -> bool:
    """Long over, or hidden from now on by a later choice for the same desk."""
    if old.until_ms and old.until_ms < at_ms - POLICY_KEPT_MS:
        return True
    outlasts = not new.until_ms or 0 < old.until_ms <= new.until_ms
    return old.desk_id == new.desk_id and new.from_ms <= at_ms and outlasts


def _reply(board: Board, request_id: str, state: AgencyState, at_ms: int) -> AgencyRequest:
    request = board.requests[request_id]
    request.state, request.replied_at_ms = state, at_ms
    _touch_request(board, request_id)
    return request


def _touch_request(board: Board, request_id: str) -> None:
    request = board.requests[request_id]
    request.seq = board.incidents[request.incident_id].seq = board.seq


def _belongs_to(board: Board, incident_id: str, desk_id: str, at_ms: int) -> None:
    incident = board.incidents[incident_id]
    follow_desk(board.items, incident.item_ids, incident.desk_id, desk_id)
    incident.desk_id, incident.to_desk_id = desk_id, ""
    incident.handed_at_ms, incident.seq = at_ms, board.seq


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    agency.AgencyTold: agency_told,
    agency.AgencyAccepted: agency_accepted,
    agency.AgencyRefused: agency_refused,
    agency.AgencyArrived: agency_arrived,
    agency.AgencyCalledOff: agency_called_off,
    desk.HandOverOffered: hand_over_offered,
    desk.HandOverAccepted: hand_over_accepted,
    desk.HandOverRefused: hand_over_refused,
    desk.IncidentTakenOver: incident_taken_over,
    desk.PolicyUsed: policy_used,
}
