"""Rows about sending (派警视图行): what a plan asks, officers in danger, moves worth making."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.entities import Incident
from kuaifan.board.papers import MoveUpOffer
from kuaifan.board.progress import DONE_STATES
from kuaifan.board.shortfall import asked_of
from kuaifan.board.state import Board
from kuaifan.board.view_rows import AskedRow, EmergencyRow, MoveUpRow


def asked_rows(board: Board, incident: Incident) -> tuple[AskedRow, ...]:
    """Skills asked for while the work is not done, each with how many are out. O(orders)."""
    if incident.state in DONE_STATES or not incident.n_needed:
        return ()
    sent = [board.units[order.unit_id] for order in board.active_orders(incident)]
    return tuple(
        AskedRow(
            skill=each.skill,
            n=each.n,
            n_sent=sum(each.skill in unit.skills for unit in sent),
            is_wish=each.is_wish,
        )
        for each in asked_of(board, incident)
    )


def emergency_row(board: Board, emergency_id: str) -> EmergencyRow | None:
    """An officer's emergency until it is ended."""
    found = board.emergencies.get(emergency_id)
    if found is None or found.state == "ended":
        return None
    return EmergencyRow(
        emergency_id=found.emergency_id,
        unit_id=found.unit_id,
        call_sign=board.units[found.unit_id].call_sign,
        incident_id=found.incident_id,
        declared_by=found.declared_by,
        state=found.state,
        declared_at_ms=found.declared_at_ms,
        taken_up_by=found.taken_up_by,
        contact_by=found.contact_by,
        seq=found.seq,
    )


def move_up_row(board: Board, unit_id: str, n_holding: NDArray[np.int64]) -> MoveUpRow | None:
    """A suggestion as long as the unit is free and the circle empty, and nobody else goes there.

    n_holding: how many hold each circle now; counted once for all rows, not by each.
    """
    offer = board.move_ups.get(unit_id)
    if offer is None or not _still_helps(board, offer, n_holding):
        return None
    return MoveUpRow(
        unit_id=unit_id,
        call_sign=board.units[unit_id].call_sign,
        post_id=offer.post_id,
        post_name=board.reference.posts[offer.post_id].name,
        travel_ms=offer.travel_ms,
        n_lost_before=offer.n_lost_before,
        n_lost_after=offer.n_lost_after,
        reasons=offer.reasons,
        at_ms=offer.at_ms,
        seq=offer.seq,
    )


def _still_helps(board: Board, offer: MoveUpOffer, n_holding: NDArray[np.int64]) -> bool:
    if not board.fleet.available()[board.fleet.index[offer.unit_id]]:
        return False
    is_filled = any(board.units[each].post_id == offer.post_id for each in board.moved_up_unit_ids)
    rivals = (each for each in board.move_ups.values() if each.post_id == offer.post_id)
    is_latest = max(each.seq for each in rivals) == offer.seq
    if is_filled or not is_latest or offer.post_id not in board.coverage.circle_ids:
        return False
    circle_i = board.coverage.circle_ids.index(offer.post_id)
    return not n_holding[circle_i]
