"""Places crews greedily and by interchange, compiled; imported only when a plan is solved.

cover = (first row of each choice, rows, first choice of each row, choices, gain of rows by level).
limits = (floor, ceiling, force and site of each choice, room of each site).
state = (crews of each choice, crews on each row, what one more crew at each choice adds, room left
at each site).
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Cover = tuple[Ints, Int32s, Ints, Int32s, Floats]
Limits = tuple[Ints, Ints, Ints, Ints, Ints]
State = tuple[Ints, Int32s, Floats, Ints]
SLACK = 1e-10
KICKED = 3


@njit(cache=True, nogil=True)
def _send(cover: Cover, limits: Limits, state: State, i: int) -> None:
    """Send a crew to a choice: one more there, or near it, adds less from now on."""
    first_row, row, first_site, site, gain = cover
    crews, times, more, left = state
    n_levels = gain.shape[1]
    crews[i] += 1
    left[limits[3][i]] -= 1
    for k in range(first_row[i], first_row[i + 1]):
        r = row[k]
        t = times[r]
        times[r] = t + 1
        if t >= n_levels:
            continue
        fall = gain[r, t] - (gain[r, t + 1] if t + 1 < n_levels else 0.0)
        if fall != 0.0:
            for q in range(first_site[r], first_site[r + 1]):
                more[site[q]] -= fall


@njit(cache=True, nogil=True)
def _recall(cover: Cover, limits: Limits, state: State, i: int) -> None:
    """Take a crew away from a choice."""
    first_row, row, first_site, site, gain = cover
    crews, times, more, left = state
    n_levels = gain.shape[1]
    crews[i] -= 1
    left[limits[3][i]] += 1
    for k in range(first_row[i], first_row[i + 1]):
        r = row[k]
        t = times[r] - 1
        times[r] = t
        if t >= n_levels:
            continue
        rise = gain[r, t] - (gain[r, t + 1] if t + 1 < n_levels else 0.0)
        if rise != 0.0:
            for q in range(first_site[r], first_site[r + 1]):
                more[site[q]] += rise


@njit(cache=True, nogil=True)
def _best(limits: Limits, state: State, force: int) -> int:
    """The choice of a force where one more crew adds most; -1 where none has room."""
    _floor, ceiling, force_of, site_of, _room = limits
    crews, _times, more, left = state
    best = -1
    for i in range(len(crews)):
        can_take = force_of[i] == force and crews[i] < ceiling[i] and left[site_of[i]] > 0
        if can_take and (best < 0 or more[i] > more[best]):
            best = i
    return best


@njit(cache=True, nogil=True)
def _swap(cover: Cover, limits: Limits, state: State, slack: float) -> None:
    """Move one crew while that adds anything."""
    floor, force_of = limits[0], limits[2]
    crews, _times, more, _left = state
    is_better = True
    while is_better:
        is_better = False
        for i in np.flatnonzero(crews > floor):
            if crews[i] <= floor[i]:
                continue
            _recall(cover, limits, state, int(i))
            best = _best(limits, state, force_of[i])
            if more[best] <= more[i] + slack:
                best = int(i)
            else:
                is_better = True
            _send(cover, limits, state, best)


@njit(cache=True, nogil=True)
def _kick(cover: Cover, limits: Limits, state: State, draw: int) -> int:
    """Move some crews blindly, by a fixed sequence of draws: the same problem, the same plan."""
    floor, ceiling, force_of, site_of, _room = limits
    crews, left = state[0], state[3]
    for _ in range(KICKED):
        movable = np.flatnonzero(crews > floor)
        if not len(movable):
            return draw
        draw = (draw * 1103515245 + 12345) % 2147483648
        i = int(movable[(draw >> 8) % len(movable)])
        _recall(cover, limits, state, i)
        can_take = (force_of == force_of[i]) & (crews < ceiling) & (left[site_of] > 0)
        free = np.flatnonzero(can_take)
        draw = (draw * 1103515245 + 12345) % 2147483648
        _send(cover, limits, state, int(free[(draw >> 8) % len(free)]))
    return draw


@njit(cache=True, nogil=True)
def worth(gain: Floats, times: Int32s) -> float:
    """What crews on rows add in all."""
    total = 0.0
    for r in range(len(times)):
        for k in range(min(int(times[r]), gain.shape[1])):
            total += gain[r, k]
    return total


@njit(cache=True, nogil=True)
def _go_back(cover: Cover, limits: Limits, state: State, best: Ints) -> None:
    """Put the crews where they were at best."""
    crews = state[0]
    for i in range(len(crews)):
        while crews[i] > best[i]:
            _recall(cover, limits, state, i)
    for i in range(len(crews)):
        while crews[i] < best[i]:
            _send(cover, limits, state, i)


@njit(cache=True, nogil=True)
def start_from(cover: Cover, limits: Limits, crews: Ints) -> State:
    """The state of a plan."""
    first_row, row, gain, room = cover[0], cover[1], cover[4], limits[4]
    more = np.zeros(len(crews))
    for i in range(len(crews)):
        for k in range(first_row[i], first_row[i + 1]):
            more[i] += gain[row[k], 0]
    state = (np.zeros(len(crews), np.int64), np.zeros(len(gain), np.int32), more, room.copy())
    _go_back(cover, limits, state, crews)
    return state


@njit(cache=True, nogil=True)
def place_crews(cover: Cover, limits: Limits, n_crews: Ints, crews: Ints, n_kicks: int) -> Ints:
    """Send each force's crews that are left where they add most, swap, kick and swap again.

    crews: a plan to begin from. A force that finds no room keeps the crews that it has.
    """
    gain, force_of = cover[4], limits[2]
    state = start_from(cover, limits, crews)
    here, times = state[0], state[1]
    for force in range(len(n_crews)):
        for _ in range(n_crews[force] - here[force_of == force].sum()):
            i = _best(limits, state, force)
            if i < 0:
                break
            _send(cover, limits, state, i)
    slack, draw = SLACK * gain.sum(), 1
    _swap(cover, limits, state, slack)
    best, best_value = here.copy(), worth(gain, times)
    for _ in range(n_kicks):
        draw = _kick(cover, limits, state, draw)
        _swap(cover, limits, state, slack)
        value = worth(gain, times)
        if value >= best_value:
            best, best_value = here.copy(), value
        else:
            _go_back(cover, limits, state, best)
    return best


@njit(cache=True, nogil=True)
def judge(cover: Cover, crews: Ints) -> tuple[float, Floats, Floats]:
    """What a plan adds; per choice what would be lost without it, and what its first crew adds."""
    first_row, row, first_site, site, gain = cover
    times, n_levels = np.zeros(len(gain), np.int64), gain.shape[1]
    for r in range(len(gain)):
        for q in range(first_site[r], first_site[r + 1]):
            times[r] += crews[site[q]]
    total, alone, served = 0.0, np.zeros(len(crews)), np.zeros(len(crews))
    for r in range(len(gain)):
        for k in range(min(times[r], n_levels)):
            total += gain[r, k]
    for i in np.flatnonzero(crews > 0):
        for k in range(first_row[i], first_row[i + 1]):
            r = row[k]
            served[i] += gain[r, 0]
            for level in range(max(0, times[r] - crews[i]), min(times[r], n_levels)):
                alone[i] += gain[r, level]
    return total, alone, served
