"""What a table is asked (等级表问题): who covers what, how many are free how often, who moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import Covering, cover_within
from kuaifan.plan.free_units import free_chances
from kuaifan.plan.siting import ProblemError
from kuaifan.plan.travel_table import read_travel

Floats = NDArray[np.float64]

RARE: Final = 1e-6
"""A level that comes up less often counts as that, so that it too is laid out well."""
MAX_LEVELS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TableProblem:
    """Posts to hold at each number of free units (等级表问题).

    chance: (n + 1,) of 0, 1 … n free units. n_moves: units that may have to change their post when
    the number falls by one, beside the one that leaves; 0 gives nested tables.
    """

    covering: Covering
    chance: Floats
    n_moves: int = 0

    @property
    def n_levels(self) -> int:
        """The most free units."""
        return len(self.chance) - 1

    @property
    def level_weight(self) -> Floats:
        """(n_levels,) how much the levels from one free unit on count."""
        return np.maximum(self.chance[1:], RARE)


class Instance(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table problem in a file.

    travel: posts by demands, null where there is no way; covered within limit. chance: of 0, 1 …
    free units; or n_units and load, their work in erlang, for Erlang's.
    """

    travel: list[list[float | None]]
    weight: list[float]
    limit: float
    chance: list[float] | None = None
    n_units: int | None = None
    load: float | None = None
    is_queueing: bool = True
    n_moves: int = 0


def pose(instance: Instance) -> TableProblem:
    """The problem of a file. Raises ProblemError in words."""
    return TableProblem(
        covering=cover_within(
            read_travel(instance.travel), np.array(instance.weight), instance.limit
        ),
        chance=_chance(instance),
        n_moves=instance.n_moves,
    )


def check(problem: TableProblem) -> None:
    """Raise ProblemError for what is empty, absurd or cannot be."""
    chance, n_posts = problem.chance, problem.covering.n_sites
    if not 1 <= problem.n_levels <= MAX_LEVELS:
        raise ProblemError(
            f"there are {problem.n_levels} free units at most: give 1 to {MAX_LEVELS}"
        )
    if problem.n_levels > n_posts:
        raise ProblemError(
            f"{problem.n_levels} units may be free but there are {n_posts} posts: one unit stands "
            "at a post; add posts or take fewer units"
        )
    if not (np.all(chance >= 0) and abs(float(chance.sum()) - 1) <= 1e-3):  # noqa: PLR2004 - written with three digits
        raise ProblemError(f"the chances of the levels sum to {chance.sum():g}: they are to make 1")
    if not problem.covering.n_rows:
        raise ProblemError("no post covers any demand: raise the limit or add posts near it")
    if problem.n_moves < 0:
        raise ProblemError(f"{problem.n_moves} units may move: give 0 or more")


def _chance(instance: Instance) -> Floats:
    by_load = instance.n_units is not None and instance.load is not None
    if (instance.chance is None) != by_load:
        raise ProblemError("give either chance, of 0, 1 … free units, or n_units and load")
    if instance.chance is not None:
        return np.array(instance.chance, np.float64)
    return free_chances(
        instance.load or 0.0, instance.n_units or 0, is_queueing=instance.is_queueing
    )
