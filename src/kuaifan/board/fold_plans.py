"""Folds of plans (方案归并): from the moment of use circles and homes are those of the plan."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from kuaifan.board.plan_papers import PlanState, StandingPlan
from kuaifan.board.progress import refresh_unit
from kuaifan.board.settings import under_plan
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import plan


def proposed(board: Board, event: plan.PlanProposed, at_ms: int) -> None:
    """It waits for a second person."""
    standing = StandingPlan(
        plan_id=event.plan_id,
        state="proposed",
        person=event.person,
        reason=event.reason,
        plan=event.plan,
        plan_hash=event.plan_hash,
        comparison=event.comparison,
        from_ms=event.from_ms,
        proposed_at_ms=at_ms,
        posts=event.posts,
    )
    board.plans = board.plans.with_plan(standing)


def published(board: Board, event: plan.PlanPublished, _at_ms: int) -> None:
    """It waits for its moment."""
    board.plans = board.plans.with_plan(
        msgspec.structs.replace(
            _get(board, event.plan_id),
            state="published",
            agreed_by=event.person,
            agreed_reason=event.reason,
            from_ms=event.from_ms,
        )
    )


def rejected(board: Board, event: plan.PlanRejected, at_ms: int) -> None:
    """It is over."""
    _end(board, _get(board, event.plan_id), "rejected", at_ms)


def used(board: Board, event: plan.PlanUsed, at_ms: int) -> None:
    """Circles are drawn around its posts, and every unit has its home at one. O(units)."""
    standing = _get(board, event.plan_id)
    before = board.plans.in_use()
    if before is not None:
        _end(board, before, "replaced", at_ms)
    now = msgspec.structs.replace(standing, state="used", used_at_ms=at_ms)
    board.plans = board.plans.with_plan(now)
    homes = {stand.unit_id: stand.post_id for stand in event.stands}
    units = board.reference.units
    board.use_settings(under_plan(board.settings, units, standing.posts, homes))
    shown = {post.post_id for post in board.reference.circle_posts}
    for unit_id in [each for each, offer in board.move_ups.items() if offer.post_id not in shown]:
        del board.move_ups[unit_id]
    for unit_id, post_id in homes.items():
        _move_home(board, unit_id, post_id)


def _move_home(board: Board, unit_id: str, post_id: str) -> None:
    """A unit that stands at home stands at its new one; one that was moved up stays where it is."""
    unit = board.units[unit_id]
    if unit.post_id == unit.home_post_id:
        unit.post_id = post_id
    unit.home_post_id, unit.seq = post_id, board.seq
    if unit.post_id == post_id:
        board.moved_up_unit_ids.pop(unit_id, None)
    refresh_unit(board, unit)


def _end(board: Board, standing: StandingPlan, state: PlanState, at_ms: int) -> None:
    ended = msgspec.structs.replace(standing, state=state, ended_at_ms=at_ms)
    board.plans = board.plans.with_plan(ended)


def _get(board: Board, plan_id: str) -> StandingPlan:
    found = board.plans.find(plan_id)
    if found is None:
        raise KeyError(plan_id)
    return found


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    plan.PlanProposed: proposed,
    plan.PlanPublished: published,
    plan.PlanRejected: rejected,
    plan.PlanUsed: used,
}
