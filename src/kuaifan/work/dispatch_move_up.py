"""Move-up (补位): after a dispatch, who could hold the circle that was left; a person orders it.

Which way of moving up holds, and its caps, is part of the policy in force; see policy/move_ups.py.
By `circles` only those are looked at that the unit gone leaves without anybody, by `all_circles`
the empty ones with most calls, by `dmexclp` those where one more unit adds most; a few at most,
each with one bounded road search.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.asking import need_name
from kuaifan.board.circle_calls import known_calls
from kuaifan.board.fold_reinforce import MOVES_KEPT_MS
from kuaifan.board.lookup import check_no_emergency, get_unit
from kuaifan.board.policies import choice_in_force
from kuaifan.board.reference import CITY_DESK, HOLDING_RING_MS
from kuaifan.board.road_times import times_of_all
from kuaifan.board.sendable import refuse_unless_available
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.policy.dmexclp import list_worth_adding, measured_busy_ppm
from kuaifan.policy.fleet import OFF_DUTY
from kuaifan.policy.move_up import (
    LIMIT_MS,
    Approach,
    MoveLimits,
    Standing,
    list_movable,
    list_worth_filling,
)
from kuaifan.policy.move_ups import get_move_up
from kuaifan.roads.travel import RoadPosition
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.desk import Ways
from kuaifan.vocabulary.incident import Reason

MAX_LOST: Final = 4
"""So many circles left empty are looked at in one go; one is suggested."""
MAX_ALL: Final = 12
"""So many where all empty circles of the city are looked at, those with most calls first."""
ANY_NUMBER: Final = 1_000_000
ENDS_LOST: Final = "ends_circle_lost"


def suggest_move_up(board: Board, command: units.SuggestMoveUp, now_ms: int) -> list[Event]:
    """Look for one move, by the way in force (补位建议); none is no suggestion."""
    unit = board.units.get(command.unit_id)
    ways = choice_in_force(board, unit.desk_id if unit else CITY_DESK, now_ms).ways
    if ways.move_up == "none":
        return []
    available = board.fleet.available()
    n_holding = board.coverage.n_holding(available)
    lost, by_coverage = n_holding == 0, ways.move_up == "dmexclp"
    asked = _asked(board, command.unit_id, ways, lost)
    if not asked.any():
        return []
    weights = _weights(board) * asked if by_coverage else asked.astype(np.int64)
    standing = _standing(board, weights, available, n_holding)
    targets = _targets(board, standing, ways)
    movable = _movable(board, standing) if len(targets) else targets
    if not len(movable):
        return []
    limits = _limits(board, ways, now_ms)
    approach = Approach(movable, targets, _travel_ms(board, movable, targets))
    suggest = get_move_up(ways.move_up)
    return [
        units.MoveUpSuggested(
            unit_id=board.fleet.unit_ids[move.unit_i],
            post_id=board.coverage.circle_ids[move.circle_i],
            travel_ms=move.travel_ms,
            n_lost_before=int(lost.sum()),
            n_lost_after=int(lost.sum()) - sum(code == ENDS_LOST for code, _, _ in move.reasons),
            reasons=tuple(Reason(*reason) for reason in move.reasons),
        )
        for move in suggest(standing, approach, limits)
    ]


def move_up(board: Board, command: units.MoveUp, _now_ms: int) -> list[Event]:
    """Send a free unit to stand at another post (补位), or home again."""
    unit = get_unit(board, command.unit_id)
    if command.post_id not in board.reference.posts:
        raise Refused(
            "unknown_post", f"没有驻点 {command.post_id}", f"there is no post {command.post_id}"
        )
    refuse_unless_available(board, unit)
    check_no_emergency(unit)
    if unit.post_id == command.post_id:
        raise Refused(
            "already_there",
            f"警力 {unit.unit_id} 已在驻点 {command.post_id} 或正前往",
            f"unit {unit.unit_id} stands at post {command.post_id} already, or is on its way",
        )
    return [
        units.UnitMovedUp(
            unit_id=unit.unit_id,
            post_id=command.post_id,
            from_post_id=unit.post_id,
            reason=command.reason,
        )
    ]


def decline_move_up(board: Board, command: units.DeclineMoveUp, _now_ms: int) -> list[Event]:
    """The desk does not follow a suggestion (不采纳补位)."""
    unit = get_unit(board, command.unit_id)
    need_name(command.by, zh="须填写不采纳人", en="say who does not follow the suggestion")
    offer = board.move_ups.get(unit.unit_id)
    if offer is None or offer.post_id != command.post_id:
        raise Refused(
            "no_suggestion",
            f"没有警力 {unit.call_sign} 到 {command.post_id} 的补位建议，或已处理",
            f"nobody suggests unit {unit.unit_id} for post {command.post_id} any more",
        )
    return [
        units.MoveUpDeclined(
            unit_id=unit.unit_id,
            post_id=command.post_id,
            by=command.by,
            reason=command.reason,
        )
    ]


def on_assigned(_board: Board, event: orders.UnitAssigned, _now_ms: int) -> list[Follow]:
    """A unit is gone; one that was on scene already, or came back long ago, leaves nothing."""
    return [] if event.beside or event.is_over else [units.SuggestMoveUp(unit_id=event.unit_id)]


def _asked(board: Board, unit_id: str, ways: Ways, lost: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which circles a move may be made for, (n_circles,)."""
    if ways.move_up == "dmexclp":
        return np.ones_like(lost)
    return lost if ways.move_up == "all_circles" else lost & _left_by(board, unit_id)


def _targets(board: Board, standing: Standing, ways: Ways) -> NDArray[np.int64]:
    """The few circles that road times are asked to, the first to be looked at first."""
    if ways.move_up == "dmexclp":
        return list_worth_adding(standing, MoveLimits(busy_ppm=_busy_ppm(board)))[:MAX_LOST]
    worth = list_worth_filling(standing)
    if ways.move_up != "all_circles":
        return worth[:MAX_LOST]
    return worth[np.argsort(-_weights(board)[worth], kind="stable")][:MAX_ALL]


def _left_by(board: Board, unit_id: str) -> NDArray[np.bool_]:
    """Circles that a unit was within, (n_circles,); all where no unit is named."""
    if unit_id not in board.fleet.index:
        return np.ones(len(board.coverage.circle_ids), np.bool_)
    within: NDArray[np.bool_] = board.coverage.within[board.fleet.index[unit_id]]
    return within


def _weights(board: Board) -> NDArray[np.int64]:
    """Calls a week that each circle's post is nearest to, by the plan in use; 1 each without."""
    calls = known_calls(board)
    return np.ones(len(board.reference.circle_posts), np.int64) if calls is None else calls


def _limits(board: Board, ways: Ways, now_ms: int) -> MoveLimits:
    """What may still be asked of the units: what they moved within eight hours counts."""
    has_caps = bool(ways.per_unit or ways.per_shift)
    return MoveLimits(
        n_moved=_n_moved(board, now_ms - MOVES_KEPT_MS) if has_caps else None,
        per_unit=ways.per_unit or ANY_NUMBER,
        per_shift=ways.per_shift or ANY_NUMBER,
        busy_ppm=_busy_ppm(board),
    )


def _n_moved(board: Board, since_ms: int) -> NDArray[np.int64]:
    moved_at_ms = (board.units[unit_id].moved_up_at_ms for unit_id in board.fleet.unit_ids)
    n_moved = [sum(at_ms > since_ms for at_ms in moved) if moved else 0 for moved in moved_at_ms]
    return np.array(n_moved, np.int64)


def _busy_ppm(board: Board) -> int:
    """Share of the units on duty that are out now."""
    fleet = board.fleet
    on_duty, free = fleet.state != OFF_DUTY, fleet.available()
    return measured_busy_ppm(int(on_duty.sum()), int(free.sum()))


def _standing(
    board: Board,
    weights: NDArray[np.int64],
    available: NDArray[np.bool_],
    n_holding: NDArray[np.int64],
) -> Standing:
    """What a move is chosen from: only the circles asked about count, less those being filled."""
    coming = {board.units[unit_id].post_id for unit_id in board.moved_up_unit_ids}
    if coming:
        circle_ids = board.coverage.circle_ids
        weights[[i for i, circle_id in enumerate(circle_ids) if circle_id in coming]] = 0
    return Standing(
        coverage=board.coverage,
        available=available,
        state=board.fleet.state,
        circle_weights=weights,
        holds_from_post=_holds_from_post(board),
        n_holding=n_holding,
    )


def _holds_from_post(board: Board) -> NDArray[np.bool_]:
    """Which circles a unit at each circle's post holds, (n_circles, n_circles)."""
    holds: NDArray[np.bool_] = (
        board.reference.reach_under(board.road_changes).between() <= HOLDING_RING_MS
    )
    return holds


def _movable(board: Board, standing: Standing) -> NDArray[np.int64]:
    """Free units whose place is known, without those moved up already and those on foot."""
    fleet, reference = board.fleet, board.reference
    may = standing.available & (fleet.arc >= 0)
    may[[fleet.index[unit_id] for unit_id in board.moved_up_unit_ids]] = False
    if (on_foot := reference.network.find_profile("foot")) is not None:
        may &= reference.unit_profiles[0] != on_foot
    movable = list_movable(standing)
    return movable[may[movable]]


def _travel_ms(
    board: Board, movable: NDArray[np.int64], targets: NDArray[np.int64]
) -> NDArray[np.int32]:
    """Road times of units to circles' posts, (units, circles), no further than a move goes."""
    who = np.zeros(len(board.fleet), np.bool_)
    who[movable] = True
    posts = [board.reference.circle_posts[circle_i] for circle_i in targets.tolist()]
    places = [RoadPosition(post.arc, post.fraction_ppm) for post in posts]
    columns = [
        times_of_all(board, who, place, is_urgent=False, bound_ms=LIMIT_MS)[movable]
        for place in places
    ]
    return np.stack(columns, axis=1)


RULES = Rules[Board](
    deciders={
        units.SuggestMoveUp: suggest_move_up,
        units.MoveUp: move_up,
        units.DeclineMoveUp: decline_move_up,
    },
    reactions={orders.UnitAssigned: [on_assigned]},
)
