"""From the board to rows (视图生成): one builder per view; None where a thing is not shown."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Call, Incident, Order, Unit
from kuaifan.board.state import Board
from kuaifan.board.view_rows import (
    CallRow,
    CandidateRow,
    CircleRow,
    IncidentRow,
    OrderRow,
    RecommendationRow,
    UnitRow,
)
from kuaifan.policy.coverage import circle_state
from kuaifan.vocabulary.incident import RecommendationMade

ABANDONED_SHOWN_MS: Final = 2 * 3_600_000
"""A missed call stays on the screens for two hours."""
ENDED_SHOWN_MS: Final = 30 * 60_000
"""A call that has ended without an incident stays for the call-taker's after-call work."""
ORDER_STATES: Final = {
    "dispatched": "assigned",
    "acknowledged": "assigned",
    "en_route": "en_route",
    "on_scene": "on_scene",
}


def call_row(board: Board, call_id: str, now_ms: int) -> CallRow | None:
    """A call while it rings or is talked, or its incident is open, or it was missed of late."""
    call = board.calls.get(call_id)
    if call is None or not _is_call_shown(board, call, now_ms):
        return None
    return CallRow(
        call_id=call.call_id,
        line=call.line,
        state=call.state,
        seat_id=call.seat_id,
        caller_number=call.caller_number,
        caller_name=call.caller_name,
        incident_id=call.incident_id,
        t0_ms=call.t0_ms,
        t2_ms=call.t2_ms,
        t3_ms=call.t3_ms,
        seq=call.seq,
    )


def call_leaves_at_ms(call: Call) -> int:
    """When a call without an incident leaves the screens by itself, 0 while it is open."""
    if call.incident_id or not call.t3_ms:
        return 0
    shown_ms = ABANDONED_SHOWN_MS if call.state == "abandoned" else ENDED_SHOWN_MS
    return call.t3_ms + shown_ms


def incident_row(
    board: Board, incident_id: str, recommendation: RecommendationRow | None
) -> IncidentRow | None:
    """An incident as long as it is open; a closed or merged one leaves at once."""
    incident = board.incidents.get(incident_id)
    if incident is None or incident.is_over:
        return None
    reference, priority = board.reference, incident.priority
    incident_type = reference.types[incident.type_code]
    orders = [board.orders[order_id] for order_id in incident.order_ids]
    return IncidentRow(
        incident_id=incident.incident_id,
        type_code=incident.type_code,
        type_name=incident_type.name_cn,
        class_key=incident_type.class_key,
        priority=priority,
        state=incident.state,
        narrative=incident.narrative,
        address=incident.address,
        lat=incident.lat,
        lon=incident.lon,
        is_placed=incident.is_placed,
        area_class=incident.area_class,
        jurisdiction=incident.jurisdiction,
        record_class=incident.record_class,
        source=incident.source,
        plan=incident.plan,
        route=incident.route,
        call_ids=tuple(incident.call_ids),
        n_needed=incident.n_needed,
        n_sent=len(board.active_orders(incident)),
        is_waiting=incident.incident_id in board.waiting,
        opened_at_ms=incident.opened_at_ms,
        tp_ms=incident.tp_ms,
        order_target_ms=reference.clocks.first_order_ms[priority - 1],
        arrival_target_ms=reference.target_ms(priority, incident.area_class),
        settled=incident.settled,
        orders=tuple(_order_row(board, order) for order in orders),
        recommendation=recommendation,
        seq=incident_seq(board, incident),
    )


def incident_seq(board: Board, incident: Incident) -> int:
    """Last record that touched an incident or one of its orders."""
    return max(incident.seq, *(board.orders[each].seq for each in incident.order_ids), 0)


def recommendation_row(
    board: Board, made: RecommendationMade, *, seq: int, at_ms: int
) -> RecommendationRow:
    """The ranking as the desk sees it, with call signs."""
    return RecommendationRow(
        seq=seq,
        at_ms=at_ms,
        policy=made.policy,
        n_wanted=made.n_wanted,
        candidates=tuple(
            CandidateRow(
                unit_id=candidate.unit_id,
                call_sign=_call_sign(board, candidate.unit_id),
                travel_ms=candidate.travel_ms,
                score_ms=candidate.score_ms,
                reasons=candidate.reasons,
            )
            for candidate in made.candidates
        ),
        passed_over=made.passed_over,
        counts=made.counts,
    )


def unit_row(board: Board, unit_id: str) -> UnitRow | None:
    """A unit while it is on duty, or still bound by an order."""
    unit = board.units.get(unit_id)
    if unit is None or (unit.status == "off_duty" and not unit.order_id):
        return None
    order = board.orders.get(unit.order_id)
    return UnitRow(
        unit_id=unit.unit_id,
        call_sign=unit.call_sign,
        kind=unit.kind,
        line=unit.line,
        status=unit.status,
        state=_unit_state(unit, order),
        order_id=unit.order_id,
        incident_id=order.incident_id if order else "",
        n_crew=unit.n_officers + unit.n_auxiliaries,
        skills=unit.skills,
        home_post_id=unit.home_post_id,
        seq=unit.seq,
    )


def circle_row(board: Board, circle_i: int, n_units: int) -> CircleRow:
    """A circle that so many available units hold; circle_i: place among the circles' posts."""
    post = board.reference.circle_posts[circle_i]
    return CircleRow(
        post_id=post.post_id,
        name=post.name,
        kind=post.kind,
        lat=post.lat,
        lon=post.lon,
        state=circle_state(n_units),
        n_units=n_units,
    )


def _is_call_shown(board: Board, call: Call, now_ms: int) -> bool:
    if call.state in {"ringing", "talking"}:
        return True
    if call.incident_id:
        return not board.incidents[call.incident_id].is_over
    return now_ms < call_leaves_at_ms(call)


def _order_row(board: Board, order: Order) -> OrderRow:
    return OrderRow(
        order_id=order.order_id,
        unit_id=order.unit_id,
        call_sign=_call_sign(board, order.unit_id),
        state=order.state,
        rank=order.rank,
        travel_ms=order.travel_ms,
        eta_at_ms=_eta_at_ms(order),
        unsigned_level=order.unsigned_level,
        t4_ms=order.t4_ms,
        t5_ms=order.t5_ms,
        t6_ms=order.t6_ms,
        t7_ms=order.t7_ms,
        t7_source=order.t7_source,
        t8_ms=order.t8_ms,
        t9_ms=order.t9_ms,
        feedback_overdue=order.feedback_overdue,
    )


def _eta_at_ms(order: Order) -> int:
    if not order.travel_ms or order.state not in {"dispatched", "acknowledged", "en_route"}:
        return 0
    return (order.t6_ms or order.t4_ms) + order.travel_ms


def _unit_state(unit: Unit, order: Order | None) -> str:
    return ORDER_STATES[order.state] if order else unit.status


def _call_sign(board: Board, unit_id: str) -> str:
    unit = board.units.get(unit_id)
    return unit.call_sign if unit else unit_id
