"""From the board to rows (视图生成): one builder per view; None where a thing is not shown."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any, Final

import msgspec

from kuaifan.board.call_view_rows import CallRow, PartyRow, RecordingRow
from kuaifan.board.entities import Call, Incident, Order, Unit
from kuaifan.board.feedback_rows import beyond_stamps
from kuaifan.board.premises import premises_near
from kuaifan.board.progress import DONE_STATES
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.sending_rows import asked_rows
from kuaifan.board.shortfall import shortfall_of
from kuaifan.board.state import Board
from kuaifan.board.view_rows import (
    CandidateRow,
    CardBlockRow,
    CircleRow,
    IncidentRow,
    OrderRow,
    RecommendationRow,
    RequestRow,
    RingRow,
    UnitRow,
)
from kuaifan.policy.coverage import circle_state
from kuaifan.vocabulary.incident import Candidate, RecommendationMade
from kuaifan.vocabulary.unit_profile import UnitProfile

ABANDONED_SHOWN_MS: Final = 2 * 3_600_000
"""A missed call that a person has cleared stays on the screens until two hours after it rang."""
ENDED_SHOWN_MS: Final = 30 * 60_000
"""A call that has ended without an incident stays for the call-taker's after-call work."""
ORDER_STATES: Final = {
    "dispatched": "assigned",
    "acknowledged": "assigned",
    "en_route": "en_route",
    "on_scene": "on_scene",
}
ORDER_STAGES: Final = {"en_route": 1, "on_scene": 2, "handled": 3, "fed_back": 3}
"""How many stamped stages lie behind an order in a state, of signed, gone and arrived."""


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
        **_beyond_talk(call),
        **_limit(board, call),
    )


def call_leaves_at_ms(call: Call) -> int:
    """When a call without an incident leaves the screens by itself, 0 while it is open."""
    if call.incident_id or not call.t3_ms or call.is_open:
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
        order_target_ms=reference.first_order_ms(priority, incident.desk_id),
        arrival_target_ms=reference.target_ms(priority, incident.area_class, incident.desk_id),
        settled=incident.settled,
        orders=tuple(_order_row(board, order) for order in orders),
        recommendation=recommendation,
        seq=incident_seq(board, incident),
        **_beyond_type(board, incident),
        short=_short(board, incident),
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
        candidates=tuple(_candidate_row(board, each) for each in made.candidates),
        passed_over=made.passed_over,
        counts=made.counts,
        short=made.short,
        team=made.team,
        diversions=tuple(_candidate_row(board, each) for each in made.diversions),
    )


def renamed(row: RecommendationRow, unit: UnitProfile) -> RecommendationRow:
    """A ranking with the call sign that a unit has now; the same where it does not name it."""
    parts = {"candidates": row.candidates, "diversions": row.diversions}
    if not any(each.unit_id == unit.unit_id for part in parts.values() for each in part):
        return row
    put = msgspec.structs.replace
    return put(
        row,
        **{
            name: tuple(
                put(each, call_sign=unit.call_sign) if each.unit_id == unit.unit_id else each
                for each in part
            )
            for name, part in parts.items()
        },
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
        emergency_id=unit.emergency_id,
        position_source=unit.position_source,
        uncertainty_m=unit.uncertainty_m,
        desk_id=unit.desk_id,
        admin_parent=unit.admin_parent,
        has_gps=unit.has_gps,
        post_id=unit.post_id,
        reserved_incident_ids=tuple(unit.reserved_incident_ids),
        beside_order_ids=tuple(unit.beside_order_ids),
        crew_name=unit.crew_name,
        vehicle=unit.vehicle,
        n_officers=unit.n_officers,
        n_auxiliaries=unit.n_auxiliaries,
        unsigned_withdrawal_ids=tuple(unit.unsigned_withdrawal_ids),
        since_ms=_in_state_since_ms(unit, order),
    )


def circle_row(board: Board, circle_i: int, n_units: int, n_in_rings: Sequence[int]) -> CircleRow:
    """A circle that so many available units hold; circle_i: place among the circles' posts.

    n_in_rings: how many are within each ring, the narrowest first.
    """
    post = board.reference.circle_posts[circle_i]
    return CircleRow(
        post_id=post.post_id,
        name=post.name,
        kind=post.kind,
        lat=post.lat,
        lon=post.lon,
        state=circle_state(n_units),
        n_units=n_units,
        rings=tuple(
            RingRow(minutes=ring_ms / MINUTE_MS, state=circle_state(n), n_holding=n)
            for ring_ms, n in zip(board.reference.rings_ms, n_in_rings, strict=True)
        ),
    )


def card_block_row(board: Board, block_id: str) -> CardBlockRow | None:
    """Numbers of paper cards; they stay, so that nobody wonders where a number went."""
    block = board.card_blocks.get(block_id)
    if block is None:
        return None
    return CardBlockRow(
        block_id=block.block_id,
        desk_id=block.desk_id,
        first_no=block.first_no,
        n_cards=block.n_cards,
        by=block.by,
        reserved_at_ms=block.reserved_at_ms,
        used=tuple(block.used),
        seq=block.seq,
    )


def _is_call_shown(board: Board, call: Call, now_ms: int) -> bool:
    if call.is_open:
        return True
    if call.incident_id:
        incident = board.incidents.get(call.incident_id)
        return incident is not None and not incident.is_over
    return now_ms < call_leaves_at_ms(call)


def _beyond_talk(call: Call) -> dict[str, Any]:
    """What a call-taker needs beyond who rang when; copies, as rows are read on other threads."""
    return {
        "offered_seat_id": call.offered_seat_id,
        "desk_id": call.desk_id,
        "on_hold": call.on_hold,
        "parties": tuple(
            PartyRow(party_no=each.party_no, kind=each.kind, name=each.name, left=each.left)
            for each in call.parties
        ),
        "transfer_kind": call.transfer_kind,
        "transfer_id": call.transfer_id,
        "handed_to": call.handed_to,
        "silent_step": call.silent_step,
        "to_call_back": call.to_call_back,
        "n_call_backs": call.n_call_backs,
        "call_back_seat_id": call.call_back_seat_id,
        "never_ring": call.never_ring,
        "never_ring_reason": call.never_ring_reason,
        "is_limited": call.is_limited,
        "lat": call.lat,
        "lon": call.lon,
        "uncertainty_m": call.uncertainty_m,
        "location_source": call.location_source,
        "texts": tuple(copy(line) for line in call.texts),
        "entered_at_ms": call.entered_at_ms,
        "t1_ms": call.t1_ms,
        "offered_at_ms": call.offered_at_ms,
        "transfer_at_ms": call.transfer_at_ms,
        "cleared_by": call.cleared_by,
        "phone_id": call.phone_id,
        "recordings": tuple(
            RecordingRow(started_at_ms=each.started_at_ms, duration_ms=each.duration_ms)
            for each in call.recordings
        ),
    }


def _limit(board: Board, call: Call) -> dict[str, Any]:
    """The limit in force on a call's number, if any."""
    limit = board.limits.get(call.caller_number) if call.caller_number else None
    return {"limit_id": limit.limit_id, "limit_until_ms": limit.until_ms} if limit else {}


def _beyond_type(board: Board, incident: Incident) -> dict[str, Any]:
    """What is known beyond type, place and orders; copies, as rows are read on other threads."""
    requests = (board.requests[each] for each in incident.request_ids if each in board.requests)
    return {
        "desk_id": incident.desk_id,
        "to_desk_id": incident.to_desk_id,
        "district": incident.district,
        "facts": dict(incident.facts),
        "is_major": incident.is_major,
        "places": tuple(copy(place) for place in incident.places),
        "notes": tuple(copy(note) for note in incident.notes),
        "duplicate_ids": tuple(incident.duplicate_ids),
        "linked_ids": tuple(incident.linked_ids),
        "split_from": incident.split_from,
        "level": incident.level,
        "reserved_unit_ids": tuple(incident.reserved_unit_ids),
        "requests": tuple(
            RequestRow(
                request_id=each.request_id,
                agency=each.agency,
                state=each.state,
                what=each.what,
                by=each.by,
                reason=each.reason,
                told_at_ms=each.told_at_ms,
                replied_at_ms=each.replied_at_ms,
                arrived_at_ms=each.arrived_at_ms,
            )
            for each in requests
        ),
        "scheduled_at_ms": incident.scheduled_at_ms,
        "n_backup": incident.n_backup,
        "entered_at_ms": incident.entered_at_ms,
        "entered_by": incident.entered_by,
        "asked": asked_rows(board, incident),
        "offered_at_ms": incident.offered_at_ms if incident.to_desk_id else 0,
        "premises": premises_near(board, incident),
        "complained_of": tuple(incident.complained_of),
        "overlays": tuple(incident.overlays),
    }


def _order_row(board: Board, order: Order) -> OrderRow:
    return OrderRow(
        order_id=order.order_id,
        unit_id=order.unit_id,
        call_sign=_call_sign(board, order.unit_id),
        state=order.state,
        rank=order.rank,
        travel_ms=order.travel_ms,
        eta_at_ms=order.expected_at_ms,
        unsigned_level=order.unsigned_level,
        t4_ms=order.t4_ms,
        t5_ms=order.t5_ms,
        t6_ms=order.t6_ms,
        t7_ms=order.t7_ms,
        t7_source=order.t7_source,
        t8_ms=order.t8_ms,
        t9_ms=order.t9_ms,
        feedback_overdue=order.feedback_overdue,
        skipped=_skipped(order),
        beside=order.beside,
        amendment_no=order.amendment_no,
        amendment_signed_no=order.amendment_signed_no,
        diverted_from=order.diverted_from,
        **beyond_stamps(order),
        sent_by=order.sent_by,
        withdrawn_at_ms=order.withdrawn_at_ms,
        withdrawn_reason=order.withdrawn_reason,
        withdrawal_unsigned=order.withdrawal_unsigned,
        amended_at_ms=order.amended_at_ms,
    )


def _short(board: Board, incident: Incident) -> dict[str, int]:
    """What is missing while the work is not done; later nobody is wanted any more."""
    return {} if incident.state in DONE_STATES else shortfall_of(board, incident).as_counts()


def _candidate_row(board: Board, candidate: Candidate) -> CandidateRow:
    return CandidateRow(
        unit_id=candidate.unit_id,
        call_sign=_call_sign(board, candidate.unit_id),
        travel_ms=candidate.travel_ms,
        score_ms=candidate.score_ms,
        reasons=candidate.reasons,
    )


def _skipped(order: Order) -> tuple[str, ...]:
    """Stages the order has gone past without their stamp; nothing is filled in for them."""
    stages = (("acknowledged", order.t5_ms), ("en_route", order.t6_ms), ("on_scene", order.t7_ms))
    passed = ORDER_STAGES.get(order.state, 0)
    return tuple(name for name, at_ms in stages[:passed] if not at_ms)


def _unit_state(unit: Unit, order: Order | None) -> str:
    return ORDER_STATES[order.state] if order else unit.status


def _in_state_since_ms(unit: Unit, order: Order | None) -> int:
    """Since when a unit does what it does: the stamp of its order's stage, or of its status."""
    if order is None:
        return unit.status_since_ms
    stamps = {"en_route": order.t6_ms, "on_scene": order.t7_ms}
    return stamps.get(order.state, order.t4_ms) or order.t4_ms


def _call_sign(board: Board, unit_id: str) -> str:
    unit = board.units.get(unit_id)
    return unit.call_sign if unit else unit_id
