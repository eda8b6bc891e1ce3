"""Iterated local search for routes with time windows, compiled; imported only when they are made.

visits = (n, 5): node, opens, closes, stop, worth. crews = (n, 3): base node, from, until. Times in
seconds. route = (crews, most stops) visits in their order; n_stops = of each crew. A stop begins no
earlier than its visit opens and ends no later than it closes.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
# visits, crews, travel, allowed (crews, visits).
Task = tuple[Ints, Ints, Ints, Bools]
# route, n_stops, is_done.
Plan = tuple[Ints, Ints, Bools]

WHIMS = (0.0, 0.5, 0.98)

NODE, OPENS, CLOSES, STOP, WORTH = 0, 1, 2, 3, 4


@njit(cache=True, nogil=True)
def clock(task: Task, plan: Plan, c: int, starts: Ints, slack: Ints) -> int:
    """Fill in when each stop of a crew begins and how far it may be put off; return the way's s.

    slack[n] is how far the return may be put off.
    """
    visits, crews, travel, _ = task
    route, n_stops, _ = plan
    n, at, node, driven = n_stops[c], crews[c, 1], crews[c, 0], 0
    for k in range(n):
        v = route[c, k]
        leg = travel[node, visits[v, NODE]]
        driven += leg
        starts[k] = max(at + leg, visits[v, OPENS])
        at, node = starts[k] + visits[v, STOP], visits[v, NODE]
    driven += travel[node, crews[c, 0]]
    starts[n] = at + travel[node, crews[c, 0]]
    slack[n] = crews[c, 2] - starts[n]
    for k in range(n - 1, -1, -1):
        v = route[c, k]
        onward = crews[c, 0] if k == n - 1 else visits[route[c, k + 1], NODE]
        arrives = starts[k] + visits[v, STOP] + travel[visits[v, NODE], onward]
        slack[k] = min(
            visits[v, CLOSES] - visits[v, STOP] - starts[k],
            starts[k + 1] - arrives + slack[k + 1],
        )
    way: int = driven
    return way


@njit(cache=True, nogil=True)
def _fit(
    task: Task, plan: Plan, c: int, starts: Ints, slack: Ints, worth: Floats, at: Ints
) -> None:
    """Of each visit not done, the best place in a crew's route and what it is worth there."""
    visits, crews, travel, allowed = task
    route, n_stops, is_done = plan
    for v in range(len(visits)):
        worth[v] = -1.0
        if is_done[v] or not allowed[c, v] or n_stops[c] == route.shape[1]:
            continue
        for k in range(n_stops[c] + 1):
            before = crews[c, 0] if k == 0 else visits[route[c, k - 1], NODE]
            after = crews[c, 0] if k == n_stops[c] else visits[route[c, k], NODE]
            leaves = crews[c, 1] if k == 0 else starts[k - 1] + visits[route[c, k - 1], STOP]
            begins = max(leaves + travel[before, visits[v, NODE]], visits[v, OPENS])
            if begins + visits[v, STOP] > visits[v, CLOSES]:
                continue
            arrives = begins + visits[v, STOP] + travel[visits[v, NODE], after]
            if k < n_stops[c]:
                arrives = max(arrives, visits[route[c, k], OPENS])
            put_off = arrives - starts[k]
            if put_off <= slack[k]:
                gain = visits[v, WORTH] * visits[v, WORTH] / (1.0 + max(0, put_off))
                if gain > worth[v]:
                    worth[v], at[v] = gain, k


@njit(cache=True, nogil=True)
def fill(task: Task, plan: Plan, liking: Floats) -> None:
    """Put visits in, the best for its time first, until none fits; liking: (crews, visits)."""
    visits, crews, _, _ = task
    route, n_stops, is_done = plan
    n_crews, n_visits = len(crews), len(visits)
    starts, slack = np.zeros(n_visits + 1, np.int64), np.zeros(n_visits + 1, np.int64)
    worth, at = np.zeros((n_crews, n_visits)), np.zeros((n_crews, n_visits), np.int64)
    for c in range(n_crews):
        clock(task, plan, c, starts, slack)
        _fit(task, plan, c, starts, slack, worth[c], at[c])
    while True:
        best, best_c, best_v = 0.0, -1, -1
        for c in range(n_crews):
            for v in range(n_visits):
                if not is_done[v] and worth[c, v] * liking[c, v] > best:
                    best, best_c, best_v = worth[c, v] * liking[c, v], c, v
        if best_c < 0:
            return
        k = at[best_c, best_v]
        for q in range(n_stops[best_c], k, -1):
            route[best_c, q] = route[best_c, q - 1]
        route[best_c, k] = best_v
        n_stops[best_c] += 1
        is_done[best_v] = True
        clock(task, plan, best_c, starts, slack)
        _fit(task, plan, best_c, starts, slack, worth[best_c], at[best_c])


@njit(cache=True, nogil=True)
def drop(plan: Plan, begin: int, n: int) -> None:
    """Take so many stops in a row out of each route, round its end if need be."""
    route, n_stops, is_done = plan
    for c in range(len(n_stops)):
        m = n_stops[c]
        if m == 0:
            continue
        kept, first = 0, begin % m
        for k in range(m):
            if (k - first) % m < n:
                is_done[route[c, k]] = False
            else:
                route[c, kept] = route[c, k]
                kept += 1
        n_stops[c] = kept


@njit(cache=True, nogil=True)
def judge(task: Task, plan: Plan) -> tuple[int, int]:
    """Worth of all visits done, and the seconds driven."""
    starts, slack = np.zeros(len(task[0]) + 1, np.int64), np.zeros(len(task[0]) + 1, np.int64)
    worth, driven = 0, 0
    for c in range(len(task[1])):
        driven += clock(task, plan, c, starts, slack)
        for k in range(plan[1][c]):
            worth += task[0][plan[0][c, k], WORTH]
    return worth, driven


@njit(cache=True, nogil=True)
def search(task: Task, plan: Plan, best: Plan, turn: Ints, n_rounds: int) -> None:
    """So many rounds of dropping and filling; best and turn (where, how many, draw) go on.

    Of three rounds one fills by worth alone, one with a liking by chance, one nearly by chance.
    """
    liking = np.ones(task[3].shape)
    for n_round in range(n_rounds):
        for c in range(len(liking)):
            for v in range(len(task[0])):
                turn[2] = (turn[2] * 1103515245 + 12345) % 2147483648
                liking[c, v] = 1.0 - WHIMS[n_round % 3] * (turn[2] >> 8) / 8388608.0
        fill(task, plan, liking)
        worth, driven = judge(task, plan)
        best_worth, best_driven = judge(task, best)
        if worth > best_worth or (worth == best_worth and driven < best_driven):
            best[0][:], best[1][:], best[2][:] = plan[0], plan[1], plan[2]
            turn[1] = 1
        longest = max(1, plan[1].max())
        if turn[1] > max(3, longest // 2):
            turn[1] = 1
            plan[0][:], plan[1][:], plan[2][:] = best[0], best[1], best[2]
        drop(plan, turn[0], turn[1])
        turn[0] = (turn[0] + turn[1]) % 1_000_003
        turn[1] += 1
