"""All ways to move up by id (补位策略表): what a desk, a plan or a twin may name.

`circles` fills a circle that the unit gone left empty, `all_circles` any that is empty; `dmexclp`
adds most to the demand that is expected to be covered; `none` leaves units where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.dmexclp import suggest_for_coverage
from kuaifan.policy.move_up import (
    Approach,
    MoveLimits,
    MoveUp,
    Standing,
    keep_in_limits,
    suggest_moves,
)

Suggest: TypeAlias = Callable[[Standing, Approach, MoveLimits], tuple[MoveUp, ...]]


def _fill_circles(standing: Standing, approach: Approach, limits: MoveLimits) -> tuple[MoveUp, ...]:
    kept, n_left = keep_in_limits(approach, limits)
    return suggest_moves(standing, kept, n_moves=n_left, limit_ms=limits.limit_ms)


def _stay(_standing: Standing, _approach: Approach, _limits: MoveLimits) -> tuple[MoveUp, ...]:
    return ()


MOVE_UPS: Final[Mapping[str, Suggest]] = MappingProxyType(
    {
        "circles": _fill_circles,
        "all_circles": _fill_circles,
        "dmexclp": suggest_for_coverage,
        "none": _stay,
    }
)


def get_move_up(policy_id: str) -> Suggest:
    """Return the way of an id; raises BadInputError naming an unknown one."""
    if policy_id not in MOVE_UPS:
        raise BadInputError(
            f"move-up {policy_id!r} is unknown; choose one of {', '.join(MOVE_UPS)}"
        )
    return MOVE_UPS[policy_id]
