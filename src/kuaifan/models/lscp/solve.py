"""LSCP (集合覆盖): the fewest sites so that all demand has one within the limit.

    min Σ_i y_i    Σ_{i covers r} y_i ≥ 1 for each row r,  y binary

Toregas, C., Swain, R., ReVelle, C. and Bergman, L. (1971), Operations Research 19, 1363.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kuaifan.plan.covering import Covering
from kuaifan.plan.enough import EnoughCover, cover_enough
from kuaifan.plan.solving import DEFAULT_GAP, Solved, Watch, go_on


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FullCover:
    """Cover all demand with the fewest posts (集合覆盖问题)."""

    covering: Covering
    locked: Sequence[int] = ()
    forbidden: Sequence[int] = ()


def solve(problem: FullCover, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Solved:
    """Choose the sites (求解): the value is how many. Raises ProblemError where none are enough."""
    enough = EnoughCover(
        covering=problem.covering, locked=problem.locked, forbidden=problem.forbidden
    )
    return cover_enough(enough, gap=gap, watch=watch)
