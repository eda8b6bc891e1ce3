"""Relocation (迁移布点): keep most posts, move few, so that cover less the price of moves is most.

    max Σ_j w_j max_{i open} a_ij - π Σ_ei c_ei t_ei
    y_i = Σ_e t_ei + b_i (i new),  1 - y_e = Σ_i t_ei + r_e (e existing),  Σ y = p,  t, b, r ≥ 0
    Σ t ≤ m,  Σ_e y_e ≥ k,  Σ c_ei t_ei ≤ B,  Σ b = max(0, p - |E|),  Σ r = max(0, |E| - p)

After Wang, Q., Batta, R., Bhadury, J. and Rump, C. (2003), Budget constrained location problem with
opening and closing of facilities, Computers & Operations Research 30, 2047, and ReVelle, C.,
Murray, A. T. and Serra, D. (2007), Location models for ceding market share and shrinking services,
Omega 35, 533; here posts are moved, one by one, and cover is what counts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.blocks import (
    Block,
    Columns,
    choices,
    join_columns,
    make_program,
    paid_by_cover,
    shares,
    total,
)
from kuaifan.plan.covering import Covering
from kuaifan.plan.highs import Outcome, Program, minimize
from kuaifan.plan.siting import ProblemError, initial_state
from kuaifan.plan.solving import (
    DEFAULT_GAP,
    SiteReason,
    Watch,
    gap_of,
    go_on,
    turned,
)
from kuaifan.plan.worth import cover_by_worth

from .problem import Relocation, check_relocation
from .result import Move, Relocated

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ROUNDING = 1e-9
HALF = 0.5


def solve(problem: Relocation, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Relocated:
    """Choose the moves (求解). Raises ProblemError where what is asked for cannot be."""
    check_relocation(problem)
    covering = cover_by_worth(problem.worth, problem.weight)
    if not covering.n_rows:
        raise ProblemError("no site covers any demand: raise the limit or add sites near it")
    outcome = minimize(
        _program(problem, covering),
        gap=gap,
        infeasible="no moves fit what is locked, forbidden, kept and paid for: allow more moves "
        "or a larger budget, keep fewer or unlock some",
        watch=turned(watch),
    )
    return _answer(problem, outcome, gap)


class _Layout:
    """Where columns stand (列的位置): sites, rows, moves, built, closed."""

    def __init__(self, problem: Relocation, n_rows: int) -> None:
        n_sites = len(problem.worth)
        self.existing = np.array(sorted(problem.existing), np.int64)
        self.rank = np.argsort(np.array(problem.existing))
        self.new = np.setdiff1d(np.arange(n_sites), self.existing)
        self.n_moves = len(self.existing) * len(self.new)
        self.row = n_sites
        self.move = self.row + n_rows
        self.built = self.move + self.n_moves
        self.closed = self.built + len(self.new)

    def moves(self) -> Ints:
        """(existing, new) columns of moves."""
        columns = self.move + np.arange(self.n_moves)
        return columns.reshape(len(self.existing), len(self.new))


def _program(problem: Relocation, covering: Covering) -> Program:
    at = _Layout(problem, covering.n_rows)
    state = initial_state(len(problem.worth), problem.locked, problem.forbidden)
    costs = problem.costs()[at.rank][:, at.new]
    can_move = np.isfinite(costs).ravel()
    paid = np.where(can_move, costs.ravel(), 0.0)
    columns = join_columns(
        [
            choices((state == 1).astype(np.int64), (state >= 0).astype(np.int64)),
            shares(-covering.weight),
            Columns(
                cost=problem.price * paid,
                floor=np.zeros(at.n_moves),
                ceiling=can_move.astype(np.float64),
                # A move is whole: half of two posts would fit a budget that neither fits.
                is_whole=np.ones(at.n_moves, np.bool_),
            ),
            shares(np.zeros(len(at.new))),
            shares(np.zeros(len(at.existing))),
        ]
    )
    return make_program(columns, [paid_by_cover(covering, 1, at.row), *_rules(problem, at, paid)])


def _rules(problem: Relocation, at: _Layout, paid: Floats) -> list[Block]:
    """How sites, moves, posts built and closed hang together, and what limits them."""
    n_existing, moves = len(at.existing), at.moves()
    most = len(at.existing) if problem.max_moves is None else problem.max_moves
    blocks = [
        total(np.arange(len(problem.worth)), low=problem.n_open, high=problem.n_open),
        total(at.existing, low=problem.keep, high=np.inf),
        _balance(at.new, moves.T, at.built + np.arange(len(at.new)), sign=-1.0, low=0.0),
        _balance(at.existing, moves, at.closed + np.arange(n_existing), sign=1.0, low=1.0),
        total(moves.ravel(), low=0.0, high=most),
        _exactly(at.built, len(at.new), max(0, problem.n_open - n_existing)),
        _exactly(at.closed, n_existing, max(0, n_existing - problem.n_open)),
    ]
    if problem.budget is not None:
        blocks.append(total(moves.ravel(), low=0.0, high=problem.budget, value=paid))
    return blocks


def _balance(sites: Ints, moves: Ints, others: Ints, *, sign: float, low: float) -> Block:
    """One row a site: y + sign (Σ moves of the site + other) = low."""
    n_rows, width = len(sites), moves.shape[1] + 2
    column = np.column_stack((sites, moves, others))
    value = np.full((n_rows, width), sign)
    value[:, 0] = 1.0
    return Block(
        first=width * np.arange(n_rows + 1),
        column=column.ravel(),
        value=value.ravel(),
        low=np.full(n_rows, low),
        high=np.full(n_rows, low),
    )


def _exactly(begin: int, n_columns: int, count: int) -> Block:
    return total(begin + np.arange(n_columns), low=count, high=count)


def _answer(problem: Relocation, outcome: Outcome, gap: float) -> Relocated:
    n_sites = len(problem.worth)
    is_open = outcome.x[:n_sites] > HALF
    at = _Layout(problem, len(outcome.x) - n_sites - _n_others(problem))
    moves = _moves(problem, at, outcome, is_open)
    cover = _cover(problem, np.flatnonzero(is_open))
    spent = sum(move.cost for move in moves)
    value = cover - problem.price * spent
    bound = max(value, -outcome.bound)
    sites = np.flatnonzero(is_open)
    moved = {move.from_site for move in moves} | {move.to_site for move in moves}
    return Relocated(
        sites=tuple(sites.tolist()),
        value=value,
        bound=bound,
        gap=gap_of(value, bound),
        is_proven=gap_of(value, bound) <= gap + ROUNDING,
        n_nodes=outcome.n_nodes,
        reasons=tuple(_reason(problem, sites, int(site)) for site in sites),
        cover=cover,
        cover_now=_cover(problem, at.existing),
        move_cost=spent,
        moves=moves,
        closed=tuple(int(e) for e in at.existing if not is_open[e] and e not in moved),
        built=tuple(int(i) for i in at.new if is_open[i] and i not in moved),
    )


def _n_others(problem: Relocation) -> int:
    """Columns that are neither sites nor rows."""
    n_existing = len(problem.existing)
    n_new = len(problem.worth) - n_existing
    return n_existing * n_new + n_new + n_existing


def _moves(
    problem: Relocation, at: _Layout, outcome: Outcome, is_open: NDArray[np.bool_]
) -> tuple[Move, ...]:
    """Each move with its cost, and what its undoing would lose of cover."""
    costs = problem.costs()[at.rank]
    sites = np.flatnonzero(is_open)
    cover = _cover(problem, sites)
    found = []
    for e, n in np.argwhere(outcome.x[at.moves()] > HALF):
        there, here = int(at.existing[e]), int(at.new[n])
        undone = np.append(sites[sites != here], there)
        found.append(
            Move(
                from_site=there,
                to_site=here,
                cost=float(costs[e, here]),
                gain=cover - _cover(problem, undone),
            )
        )
    return tuple(found)


def _cover(problem: Relocation, sites: Ints) -> float:
    return float(problem.worth[sites].max(axis=0, initial=0.0) @ problem.weight)


def _reason(problem: Relocation, sites: Ints, site: int) -> SiteReason:
    cover = _cover(problem, sites)
    best = problem.worth[sites].argmax(axis=0)
    value = problem.worth[sites].max(axis=0)
    mine = sites[best] == site
    return SiteReason(
        site=site,
        marginal=cover - _cover(problem, sites[sites != site]),
        served=float((value * mine) @ problem.weight),
    )
