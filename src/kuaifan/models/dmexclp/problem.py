"""What is asked of a move-up (补位问题): posts, demand, free units and how far they have to go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError, check_costs
from kuaifan.plan.travel_table import read_travel
from kuaifan.policy.dmexclp import MAX_WEIGHT, PPM, Ground
from kuaifan.policy.move_up import LIMIT_MS, Approach, MoveLimits

MAX_UNITS: Final = 1_000
MAX_MOVES: Final = 1_000_000
MAX_S: Final = 2_000_000.0
"""No way takes longer; what does, or has none, is out of reach of any move."""
AT_NO_POST: Final = -1


class FreeUnit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A free unit (空闲警力): the post it stands at, if any; seconds to each post, null if no way.

    n_moved: moves that it made on this shift.
    """

    name: str
    post: int | None = None
    to_posts_s: list[float | None]
    n_moved: int = 0


class Instance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A move-up problem in a file: travel_s by posts and demands, null where there is no way."""

    travel_s: list[list[float | None]]
    weight: list[int]
    target_s: float
    busy_share: float
    units: list[FreeUnit]
    n_moves: int = 1
    limit_s: float = LIMIT_MS / 1000
    moves_per_unit: int = 3
    moves_per_shift: int = 40


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MoveProblem:
    """Free units, and what posts reach (补位问题).

    post: (n_units,) where each stands, -1 for nowhere. approach: units by posts.
    """

    ground: Ground
    names: tuple[str, ...]
    post: NDArray[np.int64]
    approach: Approach
    limits: MoveLimits


def pose(instance: Instance) -> MoveProblem:
    """The problem of a file. Raises ProblemError in words."""
    travel = read_travel(instance.travel_s)
    n_posts = len(travel)
    check_costs(travel, np.array(instance.weight, np.float64))
    _check_numbers(instance)
    for unit in instance.units:
        _check_unit(unit, n_posts)
    far = [[np.inf if s is None else s for s in unit.to_posts_s] for unit in instance.units]
    to_posts_ms = np.minimum(np.array(far, np.float64), MAX_S) * 1000
    return MoveProblem(
        ground=Ground(
            reach=travel <= instance.target_s,
            weight=np.array(instance.weight, np.int64),
            busy_ppm=round(instance.busy_share * PPM),
        ),
        names=tuple(unit.name for unit in instance.units),
        post=np.array([AT_NO_POST if u.post is None else u.post for u in instance.units]),
        approach=Approach(
            np.arange(len(instance.units)),
            np.arange(n_posts),
            np.round(to_posts_ms).astype(np.int32),
        ),
        limits=MoveLimits(
            n_moves=instance.n_moves,
            limit_ms=round(instance.limit_s * 1000),
            n_moved=np.array([unit.n_moved for unit in instance.units], np.int64),
            per_unit=instance.moves_per_unit,
            per_shift=instance.moves_per_shift,
            busy_ppm=round(instance.busy_share * PPM),
        ),
    )


def _check_numbers(instance: Instance) -> None:
    if not 1 <= len(instance.units) <= MAX_UNITS:
        raise ProblemError(f"{len(instance.units)} units are free: give 1 to {MAX_UNITS:,}")
    if sum(instance.weight) > MAX_WEIGHT:
        raise ProblemError(f"the weights sum to {sum(instance.weight):,}: {MAX_WEIGHT:,} at most")
    if not 1 / PPM <= instance.busy_share <= 1 - 1 / PPM:
        raise ProblemError(
            f"units are busy {instance.busy_share:g} of the time: give more than 0, less than 1"
        )
    for what, value in (
        ("the target", instance.target_s),
        ("the furthest move", instance.limit_s),
        ("moves at once", instance.n_moves),
        ("moves of a unit a shift", instance.moves_per_unit),
        ("moves of all a shift", instance.moves_per_shift),
    ):
        if not 0 <= value <= MAX_MOVES:  # in seconds it is eleven days
            raise ProblemError(f"{what}: {value:g}; give 0 to 1,000,000")


def _check_unit(unit: FreeUnit, n_posts: int) -> None:
    if len(unit.to_posts_s) != n_posts:
        raise ProblemError(
            f"unit {unit.name} has times to {len(unit.to_posts_s)} posts, there are {n_posts}"
        )
    if unit.post is not None and not 0 <= unit.post < n_posts:
        raise ProblemError(f"unit {unit.name} stands at post {unit.post}: there are 0 to {n_posts}")
    if any(s is not None and not s >= 0 for s in unit.to_posts_s) or unit.n_moved < 0:
        raise ProblemError(f"unit {unit.name} has a time or a count below zero")
    if unit.n_moved > MAX_MOVES:
        raise ProblemError(f"unit {unit.name} moved absurdly often: {MAX_MOVES:,} times at most")
