"""Interchange and Lagrangian bound of the p-median, compiled; imported only when one is solved.

Sites are rows, demands columns: cost[site, demand]. A state is 0 free, 1 open, -1 closed for good.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Int8s = NDArray[np.int8]
Bools = NDArray[np.bool_]
FAR = 1e300  # no bound, no site: beyond any cost
SLACK = 1e-10
PATIENCE = 12
MEMORY = 0.9


@njit(cache=True, nogil=True)
def sort_sites(cost: Floats) -> tuple[Int32s, Floats]:
    """Per demand all sites by cost, and these costs: each demand by sites."""
    n_sites, n_demands = cost.shape
    site = np.empty((n_demands, n_sites), np.int32)
    near = np.empty((n_demands, n_sites))
    for j in range(n_demands):
        order = np.argsort(cost[:, j])
        for k in range(n_sites):
            site[j, k] = order[k]
            near[j, k] = cost[order[k], j]
    return site, near


@njit(cache=True, nogil=True)
def add_greedily(cost: Floats, weight: Floats, is_open: Bools, state: Int8s, n_open: int) -> None:
    """Open the site that saves most, until so many are open."""
    n_sites, n_demands = cost.shape
    best = np.full(n_demands, FAR)
    for there in np.flatnonzero(is_open):
        best = np.minimum(best, cost[there])
    for _ in range(n_open - np.count_nonzero(is_open)):
        chosen, least = -1, np.inf
        for i in range(n_sites):
            if is_open[i] or state[i] < 0:
                continue
            total = 0.0
            for j in range(n_demands):
                total += weight[j] * min(best[j], cost[i, j])
            if total < least:
                chosen, least = i, total
        is_open[chosen] = True
        best = np.minimum(best, cost[chosen])


@njit(cache=True, nogil=True)
def _nearest_two(cost: Floats, is_open: Bools, first: Floats, second: Floats, by: Ints) -> None:
    """Cost of the nearest and the second nearest open site of each demand, and by whom.

    Where there is none, the dearest cost of all: it cancels out, which a huge number would not.
    """
    dearest = cost.max()
    first[:] = dearest
    second[:] = dearest
    by[:] = -1
    for i in np.flatnonzero(is_open):
        for j in range(cost.shape[1]):
            value = cost[i, j]
            if value < first[j] or by[j] < 0:
                second[j], first[j], by[j] = first[j], value, i
            elif value < second[j]:
                second[j] = value


@njit(cache=True, nogil=True)
def _best_swap(
    cost: Floats, weight: Floats, is_open: Bools, state: Int8s, nearest: tuple[Floats, Floats, Ints]
) -> tuple[int, int]:
    """Which site to open for which, best of all; (-1, -1) if none saves anything."""
    n_sites, n_demands = cost.shape
    first, second, by = nearest
    opened = np.flatnonzero(is_open & (state < 1))
    loss, extra = np.zeros(n_sites), np.zeros(n_sites)
    for j in range(n_demands):
        loss[by[j]] += weight[j] * (second[j] - first[j])
    # Sums of large costs are rounded: what is within that is no gain, or it would swap for ever.
    best, enters, leaves = -SLACK * (1.0 + float((weight * first).sum())), -1, -1
    for i in range(n_sites):
        if is_open[i] or state[i] < 0:
            continue
        gain = 0.0
        extra[:] = 0.0
        for j in range(n_demands):
            value = cost[i, j]
            if value < first[j]:
                gain += weight[j] * (first[j] - value)
                extra[by[j]] += weight[j] * (second[j] - first[j])
            elif value < second[j]:
                extra[by[j]] += weight[j] * (second[j] - value)
        for r in opened:
            change = loss[r] - extra[r] - gain
            if change < best:
                best, enters, leaves = change, i, int(r)
    return enters, leaves


@njit(cache=True, nogil=True)
def interchange(cost: Floats, weight: Floats, is_open: Bools, state: Int8s) -> float:
    """Swap one open site for one closed while that saves anything; return the value reached."""
    n_demands = cost.shape[1]
    first, second = np.empty(n_demands), np.empty(n_demands)
    by = np.zeros(n_demands, np.int64)
    while True:
        _nearest_two(cost, is_open, first, second, by)
        enters, leaves = _best_swap(cost, weight, is_open, state, (first, second, by))
        if enters < 0:
            return float((weight * first).sum())
        is_open[enters] = True
        is_open[leaves] = False


@njit(cache=True, nogil=True)
def kick(
    cost: Floats, weight: Floats, is_open: Bools, state: Int8s, effort: tuple[int, int, int]
) -> float:
    """So often swap some sites of the best plan blindly and interchange; leave the best, return it.

    effort: how often, how many sites, and where a fixed sequence of draws begins: the same problem,
    the same plan.
    """
    n_kicks, n_swapped, draw = effort
    best_value = interchange(cost, weight, is_open, state)
    best: Bools = is_open.copy()
    for _ in range(n_kicks):
        for _ in range(n_swapped):
            for is_entry in (False, True):
                pool = np.flatnonzero((state == 0) & (is_open != is_entry))
                if len(pool):
                    draw = (draw * 1103515245 + 12345) % 2147483648
                    is_open[pool[(draw >> 8) % len(pool)]] = is_entry
        value = interchange(cost, weight, is_open, state)
        if value < best_value * (1 - SLACK):
            best_value, best[:] = value, is_open
        else:
            is_open[:] = best
    is_open[:] = best
    return best_value


@njit(cache=True, nogil=True)
def losses(cost: Floats, weight: Floats, is_open: Bools) -> tuple[Floats, Floats]:
    """What would be lost without each open site, and the weight of the demands it is nearest to."""
    n_sites, n_demands = cost.shape
    first, second = np.empty(n_demands), np.empty(n_demands)
    by, loss, served = np.zeros(n_demands, np.int64), np.zeros(n_sites), np.zeros(n_sites)
    _nearest_two(cost, is_open, first, second, by)
    for j in range(n_demands):
        loss[by[j]] += weight[j] * (second[j] - first[j])
        served[by[j]] += weight[j]
    return loss, served


@njit(cache=True, nogil=True)
def _save_all(near: Floats, site: Int32s, weight: Floats, u: Floats, saving: Floats) -> None:
    """What each site would save, demands priced at u: zero or less."""
    saving[:] = 0.0
    for j in range(len(u)):
        for k in range(site.shape[1]):
            value = near[j, k] - u[j]
            if value >= 0:
                break
            saving[site[j, k]] += value * weight[j]


@njit(cache=True, nogil=True)
def _choose(saving: Floats, state: Int8s, n_open: int) -> tuple[Ints, int, float, float]:
    """The best so many sites under a state, how many of them are free, and the two at the edge."""
    opened, free = np.flatnonzero(state == 1), np.flatnonzero(state == 0)
    order = free[np.argsort(saving[free])]
    n_free = min(n_open - len(opened), len(order))
    last = saving[order[n_free - 1]] if n_free > 0 else -FAR
    after = saving[order[n_free]] if n_free < len(order) else FAR
    return np.concatenate((order[:n_free], opened)), n_free, last, after


@njit(cache=True, nogil=True)
def _fix(
    saving: Floats, state: Int8s, chosen: Bools, edge: tuple[float, float, float, float]
) -> None:
    """Open or close for good what the other way could not beat the upper bound."""
    bound, target, last, after = edge
    for i in range(len(state)):
        if state[i]:
            continue
        if chosen[i]:
            if bound - saving[i] + after > target:
                state[i] = 1
        elif bound + saving[i] - last > target:
            state[i] = -1


@njit(cache=True, nogil=True)
def _step(cost: Floats, weight: Floats, u: Floats, chosen: Ints, slope: Floats) -> float:
    """Demands served by none raise, those served twice lower their price: sum of squares.

    Prices are costs of one unit of weight, so that heavy demands do not drown the light ones.
    """
    slope[:] = 1.0
    for i in chosen:
        for j in range(len(u)):
            if cost[i, j] < u[j]:
                slope[j] -= 1.0
    return float((weight * slope * slope).sum())


@njit(cache=True, nogil=True)
def raise_bound(
    cost: Floats,
    lists: tuple[Int32s, Floats],
    weight: Floats,
    n_open: int,
    node: tuple[Int8s, Floats, Floats, Bools],
    limits: tuple[float, float, float, int],
) -> tuple[float, float]:
    """Raise the Lagrangian bound of a node by subgradient steps; return it and the last stride.

    node: state (fixed further in place), prices u (the best are left), share (how often each site
    was chosen of late), chosen (sites of the last step). limits: known value, target (a bound above
    it ends the node), first stride, steps. A bound of FAR says that nothing is left.
    """
    state, best_u, share, is_chosen = node
    value, target, stride, n_steps = limits
    site, near = lists
    u, slope, saving = best_u.copy(), np.empty(len(best_u)), np.zeros(cost.shape[0])
    best, stall = -FAR, 0
    for _ in range(n_steps):
        _save_all(near, site, weight, u, saving)
        n_opened = np.count_nonzero(state == 1)
        if n_opened > n_open or np.count_nonzero(state >= 0) < n_open:
            return FAR, stride
        chosen, _n_free, last, after = _choose(saving, state, n_open)
        is_chosen[:] = False
        is_chosen[chosen] = True
        share[:] = share * MEMORY + is_chosen * (1 - MEMORY)
        bound = float((u * weight).sum()) + float(saving[chosen].sum())
        stall += 1
        if bound > best:
            stall = 0 if bound > best + 1e-5 * abs(best) else stall
            best, best_u[:] = bound, u
            if bound > target:
                return bound, stride
        if bound > best - 0.002 * abs(value):
            _fix(saving, state, is_chosen, (bound, target, last, after))
        norm = _step(cost, weight, u, chosen, slope)
        if norm <= 0:
            return bound, stride
        if stall >= PATIENCE:
            stall, stride = 0, stride * 0.6
            u[:] = best_u
        u += stride * (1.01 * value - bound) / norm * slope
    return best, stride
