"""Road times as the board has them (行车时间): by the weights in force, beside closed streets."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.road_changes import stand_beside
from kuaifan.board.state import Board
from kuaifan.roads.travel import UNREACHABLE_MS, Path, Places, RoadPosition


def times_to(
    board: Board,
    unit_i: NDArray[np.int64],
    target: RoadPosition,
    *,
    is_urgent: bool,
    bound_ms: int = UNREACHABLE_MS,
) -> NDArray[np.int32]:
    """(k,) ms from where some units are to a place; their positions must be known.

    Each by what it is: one search for those in cars, one for motorcycles, one for those on foot.
    """
    profiles = board.reference.unit_profiles[int(is_urgent), unit_i]
    if len(profiles) == 1:
        return _times_by(board, unit_i, target, profile=int(profiles[0]), bound_ms=bound_ms)
    found = np.flatnonzero(np.bincount(profiles)).tolist()
    if len(found) == 1:
        return _times_by(board, unit_i, target, profile=found[0], bound_ms=bound_ms)
    travel_ms = np.empty(len(unit_i), np.int32)
    for profile in found:
        own = profiles == profile
        travel_ms[own] = _times_by(board, unit_i[own], target, profile=profile, bound_ms=bound_ms)
    return travel_ms


def times_of_all(
    board: Board,
    who: NDArray[np.bool_],
    target: RoadPosition,
    *,
    is_urgent: bool,
    bound_ms: int = UNREACHABLE_MS,
) -> NDArray[np.int32]:
    """(n_units,) ms from where units are to a place, each by what it is; others unreachable."""
    fleet, reference = board.fleet, board.reference
    profiles = reference.unit_profiles[int(is_urgent)]
    if not len(board.road_changes.arcs):
        places = Places(fleet.arc, fleet.fraction_ppm, profiles, who)
        return board.travel.to_one_each(places, target, bound_ms=bound_ms)
    # Beside a closed street each profile stands at an end of its own.
    travel_ms = np.full(len(fleet), UNREACHABLE_MS, np.int32)
    asked = np.flatnonzero(who & (fleet.arc >= 0))
    if len(asked):
        travel_ms[asked] = times_to(board, asked, target, is_urgent=is_urgent, bound_ms=bound_ms)
    return travel_ms


def _times_by(
    board: Board,
    unit_i: NDArray[np.int64],
    target: RoadPosition,
    *,
    profile: int,
    bound_ms: int,
) -> NDArray[np.int32]:
    fleet, network, changes = board.fleet, board.reference.network, board.road_changes
    arcs: NDArray[np.integer] = fleet.arc[unit_i]
    ppm: NDArray[np.integer] = fleet.fraction_ppm[unit_i]
    if len(changes.arcs):
        arcs, ppm = stand_beside(network, changes, arcs, ppm, profile=profile)
        target = beside(board, target, profile=profile)
    return board.travel.to_one(arcs, ppm, target, profile=profile, bound_ms=bound_ms)


def profile_of(board: Board, unit_id: str, *, is_urgent: bool) -> int:
    """The profile that one unit goes by."""
    unit_i = board.fleet.index[unit_id]
    return int(board.reference.unit_profiles[int(is_urgent), unit_i])


def path_between(board: Board, origin: RoadPosition, target: RoadPosition, *, profile: int) -> Path:
    """The fastest way now; up to the closed street where an end lies on one."""
    ends = (beside(board, origin, profile=profile), beside(board, target, profile=profile))
    return board.travel.path(*ends, profile=profile)


def arcs_ms(board: Board, path: Path, *, profile: int) -> NDArray[np.int32]:
    """(k,) what each arc of a way takes now."""
    arcs, changes = np.array(path.arcs, np.int64), board.road_changes
    now_ms: NDArray[np.int32] = board.reference.hour_ms(changes.hour_class)[profile, arcs]
    if len(changes.arcs):
        at = np.minimum(np.searchsorted(changes.arcs, arcs), len(changes.arcs) - 1)
        is_changed = changes.arcs[at] == arcs
        now_ms = np.where(is_changed, changes.travel_ms[profile, at], now_ms)
    return now_ms


def beside(board: Board, place: RoadPosition, *, profile: int) -> RoadPosition:
    """A place, or the open end of its street where that is closed."""
    network, changes = board.reference.network, board.road_changes
    if not len(changes.arcs):
        return place
    here = np.array([place.arc]), np.array([place.fraction_ppm])
    arcs, ppm = stand_beside(network, changes, *here, profile=profile)
    return RoadPosition(int(arcs[0]), int(ppm[0]))
