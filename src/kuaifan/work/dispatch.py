"""Dispatch (派警): rank the units, send one, call one back, offer what waits when a unit frees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.driving import profile_of
from kuaifan.board.entities import Incident
from kuaifan.board.lookup import get_live_order, get_open_incident, get_unit
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.policy import patrol_first
from kuaifan.policy.fleet import skill_mask
from kuaifan.policy.scoring import UNREACHABLE_MS
from kuaifan.roads.travel import RoadPosition
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.incident_types import TRAFFIC_CLASS

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
    need, ranking = _rank(board, incident, now_ms)
    unit_ids = board.fleet.unit_ids
    return [
        incidents.RecommendationMade(
            incident_id=incident.incident_id,
            policy=patrol_first.POLICY_ID,
            n_wanted=need.n_wanted,
            n_units=len(board.fleet),
            candidates=tuple(
                incidents.Candidate(
                    unit_id=unit_ids[ranked.unit_i],
                    travel_ms=ranked.travel_ms,
                    score_ms=ranked.score_ms,
                    reasons=tuple(incidents.Reason(*reason) for reason in ranked.reasons),
                )
                for ranked in ranking.candidates
            ),
            passed_over=tuple(
                incidents.PassedOver(unit_ids[unit_i], code) for unit_i, code in ranking.passed_over
            ),
            counts=ranking.counts,
        )
    ]


def assign_unit(board: Board, command: orders.AssignUnit, _now_ms: int) -> list[Event]:
    """Send a unit to an incident (派警).

    Refused if the unit is not available or the incident is over. Diverting a unit under way is
    another command, never this.
    """
    incident = get_open_incident(board, command.incident_id)
    unit = get_unit(board, command.unit_id)
    if incident.state in {"handled", "fed_back", "reviewed"}:
        raise Refused(
            "incident_handled",
            f"警情 {incident.incident_id} 已处理完毕",
            f"incident {incident.incident_id} is {incident.state}; reopen it to send units",
        )
    if not board.fleet.available()[board.fleet.index[unit.unit_id]]:
        order = board.orders.get(unit.order_id)
        where = f"{order.state} at incident {order.incident_id}" if order else unit.status
        raise Refused(
            "unit_not_available",
            f"警力 {unit.unit_id} 不可派：{where}",
            f"unit {unit.unit_id} is not available: {where}",
        )
    rank = _rank_painted(incident, command)
    return [
        orders.UnitAssigned(
            order_id=f"{incident.incident_id}-{len(incident.order_ids) + 1}",
            incident_id=incident.incident_id,
            unit_id=unit.unit_id,
            n_crew=unit.n_officers + unit.n_auxiliaries,
            rank=rank,
            travel_ms=_travel_of(board, incident, unit.unit_id),
        )
    ]


def withdraw_unit(board: Board, command: orders.WithdrawUnit, _now_ms: int) -> list[Event]:
    """Call a unit back (撤回派警); refused once it has done its part."""
    order = get_live_order(board, command.order_id)
    if not order.is_active:
        raise Refused(
            "order_done",
            f"派警单 {order.order_id} 已处理完毕，不能撤回",
            f"order {order.order_id} is {order.state}; it cannot be withdrawn",
        )
    return [
        orders.OrderWithdrawn(
            order_id=order.order_id,
            incident_id=order.incident_id,
            unit_id=order.unit_id,
            reason=command.reason,
        )
    ]


def on_placed(board: Board, event: incidents.IncidentPlaced, _now_ms: int) -> list[Follow]:
    """A placed incident that needs units is ranked at once."""
    if event.incident_id in board.waiting:
        return [incidents.RecommendUnits(incident_id=event.incident_id)]
    return []


def on_updated(board: Board, event: incidents.IncidentUpdated, _now_ms: int) -> list[Follow]:
    """A new type may want more units or other skills."""
    if event.incident_id in board.waiting:
        return [incidents.RecommendUnits(incident_id=event.incident_id)]
    return []


def on_priority_set(board: Board, event: incidents.PrioritySet, _now_ms: int) -> list[Follow]:
    """Another priority means another target, the siren or not, and another price of circles."""
    if event.incident_id in board.waiting:
        return [incidents.RecommendUnits(incident_id=event.incident_id)]
    return []


def on_unsigned(_board: Board, event: orders.OrderUnsigned, _now_ms: int) -> list[Follow]:
    """Unsigned for the second time: the next unit is offered; nothing reassigns itself."""
    if event.level == NEXT_UNIT_LEVEL:
        return [incidents.RecommendUnits(incident_id=event.incident_id)]
    return []


def on_freed(board: Board, _event: Event, _now_ms: int) -> list[Follow]:
    """A unit can be sent again: what waits is ranked anew, most urgent and oldest first."""
    return [
        incidents.RecommendUnits(incident_id=incident.incident_id)
        for incident in most_urgent(board)[:MAX_REOFFERS]
    ]


def on_status_set(
    board: Board, event: units.UnitStatusSet | units.ShiftStarted, now_ms: int
) -> list[Follow]:
    """Only a status in which the unit can be sent frees it."""
    return on_freed(board, event, now_ms) if event.status in units.AVAILABLE_STATUSES else []


def most_urgent(board: Board) -> list[Incident]:
    """List incidents short of their plan, by priority and age (待派警情)."""
    waiting = (board.incidents[incident_id] for incident_id in board.waiting)
    return sorted(waiting, key=lambda incident: (incident.priority, incident.opened_at_ms))


def travel_to(board: Board, incident: Incident) -> NDArray[np.int32]:
    """Road time of every available unit to an incident, (n_units,) ms; others unreachable."""
    fleet = board.fleet
    travel_ms = np.full(len(fleet), UNREACHABLE_MS, np.int32)
    asked = np.flatnonzero(fleet.available() & (fleet.arc >= 0))
    if len(asked):
        travel_ms[asked] = board.reference.travel.to_one(
            fleet.arc[asked],
            fleet.fraction_ppm[asked],
            RoadPosition(incident.arc, incident.fraction_ppm),
            profile=profile_of(incident),
        )
    return travel_ms


def _need(board: Board, incident: Incident, asked_in_vain: Sequence[str]) -> patrol_first.Need:
    incident_type = board.reference.types[incident.type_code]
    asked = np.zeros(len(board.fleet), np.int8)
    busy = [order.unit_id for order in board.active_orders(incident)]
    for unit_id in (*asked_in_vain, *busy):
        asked[board.fleet.index[unit_id]] = 1
    wants_traffic = incident_type.class_key == TRAFFIC_CLASS
    return patrol_first.Need(
        priority=incident.priority,
        n_wanted=max(0, incident.n_needed - len(busy)),
        wanted_skills=skill_mask(("traffic",)) if wants_traffic else 0,
        target_ms=board.reference.target_ms(incident.priority, incident.area_class),
        asked=asked,
    )


def _rank(
    board: Board, incident: Incident, now_ms: int
) -> tuple[patrol_first.Need, patrol_first.Ranking]:
    """Rank without those asked in vain; where nobody else is left, with them."""
    travel_ms, scorer = travel_to(board, incident), board.reference.scorer
    need = _need(board, incident, incident.asked_unit_ids)
    ranking = patrol_first.rank_units(
        board.fleet, need, travel_ms, board.coverage, now_ms, scorer=scorer
    )
    if incident.asked_unit_ids and not ranking.candidates:
        need = _need(board, incident, ())
        ranking = patrol_first.rank_units(
            board.fleet, need, travel_ms, board.coverage, now_ms, scorer=scorer
        )
    return need, ranking


def _rank_painted(incident: Incident, command: orders.AssignUnit) -> int:
    """Place of the unit in the list the dispatcher saw; 0 if that is no longer the latest one."""
    if command.painted_seq != incident.recommended_seq:
        return 0
    listed = incident.recommended_unit_ids
    return listed.index(command.unit_id) + 1 if command.unit_id in listed else 0


def _travel_of(board: Board, incident: Incident, unit_id: str) -> int:
    """Road time of one unit from where it is, 0 where that or the place is unknown."""
    fleet = board.fleet
    unit_i = fleet.index[unit_id]
    if fleet.arc[unit_i] < 0 or not incident.is_placed:
        return 0
    here = slice(unit_i, unit_i + 1)
    travel_ms = board.reference.travel.to_one(
        fleet.arc[here],
        fleet.fraction_ppm[here],
        RoadPosition(incident.arc, incident.fraction_ppm),
        profile=profile_of(incident),
    )
    return 0 if travel_ms[0] >= UNREACHABLE_MS else int(travel_ms[0])


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
        orders.OrderUnsigned: [on_unsigned],
        orders.OrderHandled: [on_freed],
        orders.OrderWithdrawn: [on_freed],
        units.ShiftStarted: [on_status_set],
        units.UnitStatusSet: [on_status_set],
    },
)
