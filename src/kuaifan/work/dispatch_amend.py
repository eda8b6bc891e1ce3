"""Amend (变更下达): what changed while crews are out reaches every one, and is signed again."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Order
from kuaifan.board.lookup import get_incident, get_live_order
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import facts, reinforce
from kuaifan.vocabulary import incident as incidents

DANGERS: Final = frozenset({"weapon", "danger", "violence", "fire", "detained"})
"""Facts that a crew must know before it opens a door."""


def amend_orders(board: Board, command: reinforce.AmendOrders, _now_ms: int) -> list[Event]:
    """Tell every crew at work on an incident what has changed (变更下达)."""
    incident = get_incident(board, command.incident_id)
    crews = _open_orders(board, incident.incident_id)
    # An order that came by a split has changes of its own, which count on.
    last_no = max((order.amendment_no for order in crews), default=0)
    return [
        reinforce.OrderAmended(
            order_id=order.order_id,
            incident_id=incident.incident_id,
            unit_id=order.unit_id,
            amendment_no=max(incident.n_amendments, last_no) + 1,
            what=command.what,
        )
        for order in crews
    ]


def acknowledge_amendment(
    board: Board, command: reinforce.AcknowledgeAmendment, _now_ms: int
) -> list[Event]:
    """The crew has read the last change (变更签收); an earlier one is no longer what holds."""
    order = get_live_order(board, command.order_id)
    if not order.is_active:
        raise Refused(
            "order_done",
            f"派警单 {order.order_id} 已处理完毕，无须签收变更",
            f"order {order.order_id} is {order.state}; no change of it has to be signed",
        )
    if not order.amendment_no:
        raise Refused(
            "no_amendment",
            f"派警单 {order.order_id} 没有变更",
            f"order {order.order_id} has no change to sign",
        )
    if command.amendment_no != order.amendment_no:
        raise Refused(
            "not_the_last",
            f"派警单 {order.order_id} 最新变更为第 {order.amendment_no} 号，请阅后签收",
            f"the last change of order {order.order_id} is no. {order.amendment_no}; "
            "read and sign that one",
        )
    if order.amendment_signed_no == order.amendment_no:
        raise Refused(
            "already_signed",
            f"派警单 {order.order_id} 第 {order.amendment_no} 号变更已签收",
            f"change no. {order.amendment_no} of order {order.order_id} is signed already",
        )
    return [
        reinforce.AmendmentAcknowledged(
            order_id=order.order_id,
            incident_id=order.incident_id,
            amendment_no=order.amendment_no,
            source=command.source,
        )
    ]


def on_placed(board: Board, event: incidents.IncidentPlaced, _now_ms: int) -> list[Follow]:
    """Crews under way head for another place than they were told; who is nearer now is ranked."""
    here = (event.lat, event.lon)
    told = [(o.told_lat, o.told_lon) for o in _open_orders(board, event.incident_id)]
    if all(place == here for place in told):
        return []
    return [
        reinforce.AmendOrders(incident_id=event.incident_id, what="place"),
        incidents.RecommendUnits(incident_id=event.incident_id),
    ]


def on_updated(board: Board, event: incidents.IncidentUpdated, _now_ms: int) -> list[Follow]:
    """Crews are out for something else than they were told."""
    told = {order.told_type_code for order in _open_orders(board, event.incident_id)}
    if told <= {event.type_code}:
        return []
    return [reinforce.AmendOrders(incident_id=event.incident_id, what="type")]


def on_fact(board: Board, event: facts.FactRecorded, _now_ms: int) -> list[Follow]:
    """There is danger where crews are going, or are."""
    is_danger = event.answer == "yes" and event.fact in DANGERS
    if not is_danger or not _open_orders(board, event.incident_id):
        return []
    return [reinforce.AmendOrders(incident_id=event.incident_id, what="danger")]


def _open_orders(board: Board, incident_id: str) -> list[Order]:
    return [each for each in board.active_orders(board.incidents[incident_id]) if each.is_active]


RULES = Rules[Board](
    deciders={
        reinforce.AmendOrders: amend_orders,
        reinforce.AcknowledgeAmendment: acknowledge_amendment,
    },
    reactions={
        incidents.IncidentPlaced: [on_placed],
        incidents.IncidentUpdated: [on_updated],
        facts.FactRecorded: [on_fact],
    },
)
