"""What an incident asks of the units (用警需求): how many, which skills, who is bound already."""

from __future__ import annotations

from math import prod
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.kernel.errors import BadInputError

MAX_COMBINATIONS: Final = 20_000
"""So many ways to fulfil a plan in part are weighed; six skills by two units each are 9,477."""


SET_OUT_MS: Final = 60_000
"""A crew needs so long to set out: whoever drives the whole target is late."""


class Requirement(NamedTuple):
    """So many units of a team with these skills (能力要求); a wish 尽量 may stay unmet for time."""

    skill_mask: int
    n: int
    is_wish: bool = False


class Need(NamedTuple):
    """What an incident asks for (用警需求).

    asked: int8 (n_units,), 1 for units already on it or asked in vain; target_ms: 0 = no target.
    Optional, int8 (n_units,): is_owner, 1 for units at home in the incident's jurisdiction;
    reserved, 1 for another incident, 2 for this one; other_desk, 1 under another desk's orders.
    """

    priority: int
    n_wanted: int
    wanted_skills: int
    target_ms: int
    asked: NDArray[np.int8]
    requirements: tuple[Requirement, ...] = ()
    is_owner: NDArray[np.int8] | None = None
    reserved: NDArray[np.int8] | None = None
    other_desk: NDArray[np.int8] | None = None


def is_in_time(travel_ms: int, target_ms: int) -> bool:
    """Whether a drive of so long leaves a crew time to set out; without a target every one does."""
    return not target_ms or travel_ms <= target_ms - SET_OUT_MS


def are_in_time(travel_ms: NDArray[np.integer], target_ms: int) -> NDArray[np.bool_]:
    """Whether each of several drives is in time (时限内), as `is_in_time` says."""
    in_time: NDArray[np.bool_] = travel_ms <= target_ms - SET_OUT_MS
    return in_time if target_ms else np.ones_like(in_time)


def check_requirements(requirements: tuple[Requirement, ...]) -> None:
    """Raise BadInputError on a requirement that asks nobody, or on more than can be weighed."""
    if not requirements:
        return
    for required in requirements:
        if required.n < 1 or required.skill_mask < 1:
            raise BadInputError(f"{required} asks for nobody; give it a skill and a number above 0")
    n_units = sum(required.n for required in requirements)
    n_ways = (n_units + 1) * prod(required.n + 1 for required in requirements)
    if n_ways > MAX_COMBINATIONS:
        raise BadInputError(
            f"{len(requirements)} capabilities for {n_units} units are too many to choose a team"
            " by; ask for fewer"
        )
