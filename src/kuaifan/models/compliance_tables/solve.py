"""Compliance tables (布防等级表): which posts to hold at each number of free units.

    max Σ_k q_k Σ_r w_r y_rk    y_rk ≤ Σ_{i covers r} x_ik,  Σ_i x_ik = k,
                                x_ik - x_i,k+1 ≤ u_ik,  Σ_i u_ik ≤ moves,  x binary

x_ik: post i is held when k are free; q_k: how often that is so. This is the maximal expected
coverage relocation problem of Gendreau, M., Laporte, G. and Semet, F. (2006), Journal of the
Operational Research Society 57, 22; nested tables (no moves but the one) are those of Alanis, R.,
Ingolfsson, A. and Kolfal, B. (2013), Production and Operations Management 22, 216.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.answers import Answer, is_within
from kuaifan.plan.covering import Covering
from kuaifan.plan.highs import Program, minimize
from kuaifan.plan.rows import Rows
from kuaifan.plan.solving import DEFAULT_GAP, Progress, Watch, gap_of, go_on

from .problem import TableProblem, check

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table (一级): posts to hold with so many free; who moves when one leaves.

    covered: weight. chance: how often so many are free. left: posts given up at the next level
    down, taken: posts newly held there.
    """

    n_free: int
    posts: tuple[int, ...]
    covered: float
    chance: float
    left: tuple[int, ...]
    taken: tuple[int, ...]


class Table(Answer, frozen=True, kw_only=True):
    """A compliance table (布防等级表), all free down to one. value: expected weight covered."""

    levels: tuple[Level, ...]


def solve(problem: TableProblem, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Table:
    """Make the table (求解), proven to within a gap. Raises ProblemError where none can be."""
    check(problem)
    start = lay_greedily(problem)
    outcome = minimize(
        _program(problem, start),
        gap=gap,
        infeasible="no table keeps to so few moves",
        watch=watch if watch is go_on else lambda seen: watch(_turn(seen)),
    )
    n_posts = problem.covering.n_sites
    held = outcome.x[: n_posts * problem.n_levels].reshape(problem.n_levels, n_posts) > 0.5  # noqa: PLR2004 - a binary, rounded
    return _answer(problem, held, bound=-outcome.bound, n_nodes=outcome.n_nodes, gap=gap)


def lay_greedily(problem: TableProblem) -> Bools:
    """(levels, posts) a nested table: at each level the post that adds most; a start."""
    covering = problem.covering
    held = np.zeros((problem.n_levels, covering.n_sites), np.bool_)
    is_open, is_covered = np.zeros(covering.n_sites, np.bool_), np.zeros(covering.n_rows, np.bool_)
    row = np.repeat(np.arange(covering.n_rows), np.diff(covering.first_site))
    for level in range(problem.n_levels):
        fresh = np.where(is_covered[row], 0.0, covering.weight[row])
        gain = np.bincount(covering.site, weights=fresh, minlength=covering.n_sites)
        best = int(np.argmax(np.where(is_open, -1.0, gain)))
        is_open[best] = True
        is_covered[row[covering.site == best]] = True
        held[level] = is_open
    return held


def rows_covered(covering: Covering, is_open: Bools) -> Bools:
    """(n_rows,) which rows the open posts cover."""
    found: Bools = np.add.reduceat(is_open[covering.site], covering.first_site[:-1]) > 0
    return found


def _turn(seen: Progress) -> Progress:
    """HiGHS makes the negative small."""
    return Progress(-seen.value, -seen.bound, seen.n_nodes)


def _program(problem: TableProblem, held: Bools) -> Program:
    """Posts by level, then rows covered by level, then posts given up by level."""
    covering, n_levels = problem.covering, problem.n_levels
    n_posts, n_rows = covering.n_sites, covering.n_rows
    x = np.arange(n_levels * n_posts).reshape(n_levels, n_posts)
    y = x.size + np.arange(n_levels * n_rows).reshape(n_levels, n_rows)
    u = x.size + y.size + np.arange((n_levels - 1) * n_posts).reshape(n_levels - 1, n_posts)
    row_of = np.repeat(np.arange(n_rows), np.diff(covering.first_site))
    rows = Rows()
    for level in range(n_levels):
        first = rows.open(n_rows, low=0.0, high=np.inf)
        rows.put(first + row_of, x[level, covering.site], 1.0)
        rows.put(first + np.arange(n_rows), y[level], -1.0)
        rows.put(rows.open(1, low=level + 1.0, high=level + 1.0), x[level], 1.0)
    for level in range(n_levels - 1):
        first = rows.open(n_posts, low=-np.inf, high=0.0)
        rows.put(first + np.arange(n_posts), x[level], 1.0)
        rows.put(first + np.arange(n_posts), x[level + 1], -1.0)
        rows.put(first + np.arange(n_posts), u[level], -1.0)
        rows.put(rows.open(1, low=0.0, high=float(problem.n_moves)), u[level], 1.0)
    n_columns = x.size + y.size + u.size
    worth = problem.level_weight[:, None] * covering.weight
    return rows.program(
        np.concatenate((np.zeros(x.size), -worth.ravel(), np.zeros(u.size))),
        ceiling=np.ones(n_columns),
        is_whole=np.arange(n_columns) < x.size,
        start=np.concatenate(
            (held.ravel(), *(rows_covered(covering, each) for each in held), np.zeros(u.size))
        ).astype(np.float64),
    )


def _answer(problem: TableProblem, held: Bools, *, bound: float, n_nodes: int, gap: float) -> Table:
    covering = problem.covering
    covered = np.array([covering.weight[rows_covered(covering, each)].sum() for each in held])
    value = float(problem.level_weight @ covered)
    bound = max(bound, value)
    levels = []
    for k in range(problem.n_levels - 1, -1, -1):
        below = held[k - 1] if k else np.zeros_like(held[0])
        levels.append(
            Level(
                n_free=k + 1,
                posts=tuple(np.flatnonzero(held[k]).tolist()),
                covered=float(covered[k]),
                chance=float(problem.chance[k + 1]),
                left=tuple(np.flatnonzero(held[k] & ~below).tolist()),
                taken=tuple(np.flatnonzero(below & ~held[k]).tolist()),
            )
        )
    return Table(
        value=value,
        bound=bound,
        gap=gap_of(value, bound),
        is_proven=is_within(value, bound, gap),
        n_nodes=n_nodes,
        reasons=tuple(_say(level, covering) for level in levels),
        levels=tuple(levels),
    )


def _say(level: Level, covering: Covering) -> str:
    total = float(covering.weight.sum()) + covering.uncovered
    if level.n_free == 1:
        change = "the last to be held"
    else:
        change = f"with one fewer leave {', '.join(map(str, level.left))}"
        change += f" and take {', '.join(map(str, level.taken))}" if level.taken else ""
    posts = ", ".join(map(str, level.posts))
    return (
        f"{level.n_free} free ({level.chance:.1%} of the time): hold {posts}, which cover "
        f"{level.covered / total:.1%}; {change}"
    )
