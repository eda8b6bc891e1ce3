"""Partial covering (部分覆盖): the fewest sites so that a share α of the demand has one near.

    min Σ_i y_i    z_r ≤ Σ_{i covers r} y_i,  Σ_r w_r z_r ≥ α Σ_j w_j,  y binary,  0 ≤ z ≤ 1

Daskin, M. S. and Owen, S. H. (1999), Two new location covering problems: the partial p-center
problem and the partial set covering problem, Geographical Analysis 31, 217. The last few percent of
a city cost most of the posts: ask at several shares and look where the number jumps.
"""

from __future__ import annotations

from kuaifan.plan.enough import EnoughCover, cover_enough
from kuaifan.plan.solving import DEFAULT_GAP, Solved, Watch, go_on


def solve(problem: EnoughCover, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Solved:
    """Choose the sites (求解): the value is how many. Raises ProblemError where none are enough."""
    return cover_enough(problem, gap=gap, watch=watch)
