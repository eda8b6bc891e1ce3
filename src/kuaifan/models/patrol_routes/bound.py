"""What no routes can beat (巡防上界): visits are dealt to crews by time alone.

Each visit costs a crew its stop and the shortest way to it; each crew has its shift less the
shortest way home. Windows, and what one stop does to the next, are let go.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.highs import minimize
from kuaifan.plan.rows import Rows

from .problem import RouteProblem

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MAX_DEALT: Final = 2_000
"""Pairs of crew and visit up to which they are dealt one by one; above, the time is pooled."""
DEAL_GAP: Final = 0.005


def most_worth(problem: RouteProblem, can: Bools) -> float:
    """The most that any routes are worth; can: (crews, visits) who can do what by itself."""
    worth = np.array([visit.worth for visit in problem.visits], np.float64)
    if not can.any():
        return 0.0
    time, room = _time(problem, can), _room(problem, can)
    pooled = _pool(worth, np.where(can, time, np.inf).min(axis=0), float(room.sum()))
    if int(can.sum()) > MAX_DEALT:
        return pooled
    return min(pooled, _deal(worth, can, time, room))


def _time(problem: RouteProblem, can: Bools) -> Floats:
    """(crews, visits) stop and shortest way to it, from the crew's base or another of its stops."""
    node = np.array([visit.place for visit in problem.visits])
    stop = np.array([visit.stop_s for visit in problem.visits], np.float64)
    time = np.full(can.shape, np.inf)
    for c, crew in enumerate(problem.crews):
        mine = np.flatnonzero(can[c])
        between = problem.travel_s[np.ix_(node[mine], node[mine])].astype(np.float64)
        np.fill_diagonal(between, np.inf)
        way = np.minimum(
            between.min(axis=0, initial=np.inf),
            problem.travel_s[problem.base_node(crew), node[mine]],
        )
        time[c, mine] = stop[mine] + way
    return time


def _room(problem: RouteProblem, can: Bools) -> Floats:
    """(crews,) the shift less the shortest way home; none where nothing can be done."""
    node = np.array([visit.place for visit in problem.visits])
    room = np.zeros(len(problem.crews))
    for c, crew in enumerate(problem.crews):
        home = problem.travel_s[node[can[c]], problem.base_node(crew)]
        if len(home):
            room[c] = max(0.0, (crew.until_min - crew.from_min) * 60 - float(home.min()))
    return room


def _pool(worth: Floats, time: Floats, room: float) -> float:
    """The fractional knapsack: the best for their time first, the last one in part."""
    order = np.argsort(-worth / np.maximum(time, 1.0), kind="stable")
    order = order[np.isfinite(time[order])]
    used = np.cumsum(time[order])
    whole = used <= room
    best = float(worth[order][whole].sum())
    if not whole.all():
        last = int(np.argmin(whole))
        left = room - (used[last] - time[order[last]])
        best += float(worth[order[last]]) * left / float(time[order[last]])
    return best


def _deal(worth: Floats, can: Bools, time: Floats, room: Floats) -> float:
    """The best dealing of visits to crews, each to one at most (generalized assignment)."""
    crew, visit = np.nonzero(can)
    column, rows = np.arange(len(crew)), Rows()
    first = rows.open(len(worth), low=-np.inf, high=1.0)
    rows.put(first + visit, column, 1.0)
    first = rows.open(len(room), low=-np.inf, high=room)
    rows.put(first + crew, column, time[crew, visit])
    program = rows.program(
        -worth[visit], ceiling=np.ones(len(crew)), is_whole=np.ones(len(crew), np.bool_)
    )
    return -minimize(program, gap=DEAL_GAP, infeasible="no visit can be dealt").bound
