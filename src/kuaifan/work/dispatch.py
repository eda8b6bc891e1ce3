"""Dispatch (派警): rank the units, send one, call one back, offer what waits when a unit frees."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Incident, Unit
from kuaifan.board.lookup import (
    check_no_emergency,
    get_live_order,
    get_open_incident,
    get_unit,
    next_order_id,
)
from kuaifan.board.recommend import recommendation_of, travel_of
from kuaifan.board.sendable import (
    get_incident_to_send,
    refuse_complained_of,
    refuse_other_desk,
    refuse_unless_available,
    refuse_unless_beside,
)
from kuaifan.board.shortfall import shortfall_of
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import emergency, road, setting, voice
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units

MAX_REOFFERS: Final = 8
"""So many waiting incidents are ranked anew when a unit frees; the others at the next one."""
NEXT_UNIT_LEVEL: Final = 2


def recommend_units(board: Board, command: incidents.RecommendUnits, now_ms: int) -> list[Event]:
    """Rank all units for an incident and write the ranking down (推荐警力)."""
    incident = get_open_incident(board, command.incident_id)
    if not incident.is_placed:
        raise Refused(
            "not_placed",
            f"警情 {incident.incident_id} 尚未定位",
            f"incident {incident.incident_id} has no place yet; place it first",
        )
    if incident.recommended_seq == board.seq:
        # Two reactions of one record have asked; the board has not changed between them.
        return []
    return [recommendation_of(board, incident, now_ms)]


def assign_unit(board: Board, command: orders.AssignUnit, _now_ms: int) -> list[Event]:
    """Send a unit to an incident (派警), or to one beside the incident it is at (兼处).

    A district's desk sends its own units to its own incidents, others with a name. Reserved
    elsewhere is no lock. Diverting a unit under way is `DivertUnit`, never this.
    """
    incident = get_incident_to_send(board, command.incident_id)
    unit = get_unit(board, command.unit_id)
    check_no_emergency(unit)
    refuse_complained_of(incident, unit)
    if command.beside:
        refuse_unless_beside(board, incident, unit, command.approved_by)
    else:
        refuse_unless_available(board, unit)
    refuse_other_desk(
        board, incident, unit, desk_id=command.desk_id, approved_by=command.approved_by
    )
    return [
        orders.UnitAssigned(
            order_id=next_order_id(incident),
            incident_id=incident.incident_id,
            unit_id=unit.unit_id,
            n_crew=unit.n_officers + unit.n_auxiliaries,
            rank=_rank_painted(incident, command),
            travel_ms=travel_of(board, incident, unit.unit_id),
            beside=command.beside,
            approved_by=command.approved_by,
            by=command.by,
        )
    ]


def withdraw_unit(board: Board, command: orders.WithdrawUnit, _now_ms: int) -> list[Event]:
    """Call a unit back (撤回派警); refused once it has done its part.

    A crew that has read the order signs that it is void; one that has not never had it.
    """
    order = get_live_order(board, command.order_id)
    if not order.is_active:
        raise Refused(
            "order_done",
            f"派警单 {order.order_id} 已处理完毕，不能撤回",
            f"order {order.order_id} is {order.state}; it cannot be withdrawn",
        )
    check_no_emergency(get_unit(board, order.unit_id))
    return [
        orders.OrderWithdrawn(
            order_id=order.order_id,
            incident_id=order.incident_id,
            unit_id=order.unit_id,
            reason=command.reason,
            must_sign=order.state != "dispatched",
        )
    ]


def on_placed(board: Board, event: incidents.IncidentPlaced, _now_ms: int) -> list[Follow]:
    """A placed incident that needs units is ranked at once."""
    return _offer_if_waiting(board, event.incident_id)


def on_updated(board: Board, event: incidents.IncidentUpdated, _now_ms: int) -> list[Follow]:
    """A new type may want more units or other skills."""
    return _offer_if_waiting(board, event.incident_id)


def on_priority_set(board: Board, event: incidents.PrioritySet, _now_ms: int) -> list[Follow]:
    """Another priority means another target, the siren or not, and another price of circles."""
    return _offer_if_waiting(board, event.incident_id)


def on_assigned(board: Board, event: orders.UnitAssigned, _now_ms: int) -> list[Follow]:
    """The plan has its number and still lacks a skill: who has it is a new question."""
    incident = board.incidents[event.incident_id]
    if incident.incident_id in board.waiting and not shortfall_of(board, incident).n_units:
        return [incidents.RecommendUnits(incident_id=incident.incident_id)]
    return []


def on_unsigned(_board: Board, event: orders.OrderUnsigned, _now_ms: int) -> list[Follow]:
    """Unsigned for the second time: the next unit is offered; nothing reassigns itself."""
    if event.level == NEXT_UNIT_LEVEL:
        return [incidents.RecommendUnits(incident_id=event.incident_id)]
    return []


def on_handled(board: Board, event: orders.OrderHandled, _now_ms: int) -> list[Follow]:
    """The unit has done its part and can be sent again; long ago, where a card says so."""
    if event.source == "paper":
        return []
    return _offers(board, board.units[event.unit_id])


def on_withdrawn(board: Board, event: orders.OrderWithdrawn, _now_ms: int) -> list[Follow]:
    """The incident left is ranked anew, and so is what the unit could do instead."""
    offers = [] if event.diverted_to else _offers(board, board.units[event.unit_id])
    left = _offer_if_waiting(board, event.incident_id)
    return [*offers, *(each for each in left if each not in offers)]


def on_status_set(
    board: Board, event: units.UnitStatusSet | units.ShiftStarted, _now_ms: int
) -> list[Follow]:
    """Only a status in which the unit can be sent frees it; who comes home was free before."""
    was = event.was if isinstance(event, units.UnitStatusSet) else None
    if event.status in units.AVAILABLE_STATUSES and was not in units.AVAILABLE_STATUSES:
        return _offers(board, board.units[event.unit_id])
    return []


def on_freed(
    board: Board,
    event: voice.UnitPlaced | voice.PositionConfirmed | emergency.EmergencyEnded,
    _now_ms: int,
) -> list[Follow]:
    """Where a free unit is has become known or surer, or its officers are safe again."""
    is_free = board.fleet.available()[board.fleet.index[event.unit_id]]
    return _offers(board, board.units[event.unit_id]) if is_free else []


def on_weights(board: Board, _event: road.WeightsUsed, _now_ms: int) -> list[Follow]:
    """Roads have closed or opened: what waits is ranked anew, the most urgent first."""
    first = most_urgent(board)[:MAX_REOFFERS]
    return [incidents.RecommendUnits(incident_id=incident.incident_id) for incident in first]


def on_plan_changed(board: Board, event: setting.ResponsePlanChanged, _now_ms: int) -> list[Follow]:
    """What waits for a plan that asks for others now is ranked anew, the most urgent first."""
    asked = [each for each in most_urgent(board) if each.plan == event.value.code]
    return [
        incidents.RecommendUnits(incident_id=incident.incident_id)
        for incident in asked[:MAX_REOFFERS]
    ]


def most_urgent(board: Board) -> list[Incident]:
    """List incidents short of their plan, by priority and age (待派警情)."""
    waiting = (board.incidents[incident_id] for incident_id in board.waiting)
    return sorted(waiting, key=lambda incident: (incident.priority, incident.opened_at_ms))


def _offers(board: Board, unit: Unit) -> list[Follow]:
    """What waits is ranked anew for a free unit: those it is kept for, then the most urgent."""
    if unit.order_id:
        # It goes on with the order beside.
        return []
    kept_for = [each for each in unit.reserved_incident_ids if each in board.waiting]
    others = (each for each in most_urgent(board) if _could_use(board, each, unit))
    incident_ids = dict.fromkeys([*kept_for, *(each.incident_id for each in others)])
    return [
        incidents.RecommendUnits(incident_id=incident_id)
        for incident_id in [*incident_ids][:MAX_REOFFERS]
    ]


def _could_use(board: Board, incident: Incident, unit: Unit) -> bool:
    """Where only skills are missing, a unit without them changes nothing."""
    short = shortfall_of(board, incident)
    return short.n_units > 0 or any(each.skill in unit.skills for each in short.hard)


def _offer_if_waiting(board: Board, incident_id: str) -> list[Follow]:
    if incident_id in board.waiting:
        return [incidents.RecommendUnits(incident_id=incident_id)]
    return []


def _rank_painted(incident: Incident, command: orders.AssignUnit) -> int:
    """Place of the unit in the list the dispatcher saw; 0 if that is no longer the latest one."""
    if command.painted_seq != incident.recommended_seq:
        return 0
    listed = incident.recommended_unit_ids
    return listed.index(command.unit_id) + 1 if command.unit_id in listed else 0


RULES = Rules[Board](
    deciders={
        incidents.RecommendUnits: recommend_units,
        orders.AssignUnit: assign_unit,
        orders.WithdrawUnit: withdraw_unit,
    },
    reactions={
        incidents.IncidentPlaced: [on_placed],
        incidents.IncidentUpdated: [on_updated],
        incidents.PrioritySet: [on_priority_set],
        orders.UnitAssigned: [on_assigned],
        orders.OrderUnsigned: [on_unsigned],
        orders.OrderHandled: [on_handled],
        orders.OrderWithdrawn: [on_withdrawn],
        units.ShiftStarted: [on_status_set],
        units.UnitStatusSet: [on_status_set],
        voice.UnitPlaced: [on_freed],
        voice.PositionConfirmed: [on_freed],
        emergency.EmergencyEnded: [on_freed],
        road.WeightsUsed: [on_weights],
        setting.ResponsePlanChanged: [on_plan_changed],
    },
)
