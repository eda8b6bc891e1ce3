"""Bounds what crews can cover by Lagrangian prices, compiled; imported when a plan is solved.

A row pays the price u for each crew on it, a site the price v for its room. At any prices

    Σ_r Σ_k max(0, g_rk - u_r) + Σ_s v_s room_s + Σ_forces best so many of (Σ_{r of i} u_r - v_site)

is no less than any plan is worth. Prices move against what they were wrong by (subgradient,
Held, M., Wolfe, P. and Crowder, H. P. (1974), Mathematical Programming 6, 62). A choice whose crew
would push the bound below what is known already is closed, or held, for good.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Int32s = NDArray[np.int32]
Cover = tuple[Ints, Int32s, Ints, Int32s, Floats]
Limits = tuple[Ints, Ints, Ints, Ints, Ints]
PATIENCE = 10
FAR = 1e300


@njit(cache=True, nogil=True)
def _price_choices(cover: Cover, limits: Limits, u: Floats, v: Floats, price: Floats) -> None:
    first_row, row = cover[0], cover[1]
    for i in range(len(price)):
        total = -v[limits[3][i]]
        for k in range(first_row[i], first_row[i + 1]):
            total += u[row[k]]
        price[i] = total


@njit(cache=True, nogil=True)
def _choose(limits: Limits, n_crews: Ints, price: Floats, crews: Ints, edge: Floats) -> float:
    """Send each force to its best priced choices; edge: the price of the last and of the next.

    -FAR where what is not closed has no room for all: then no plan is left.
    """
    floor, ceiling, force_of = limits[0], limits[1], limits[2]
    crews[:] = floor
    total = float((price * floor).sum())
    order = np.argsort(-price)
    for force in range(len(n_crews)):
        left = n_crews[force]
        for i in range(len(price)):
            if force_of[i] == force:
                left -= floor[i]
        edge[force, 0], edge[force, 1] = FAR, -FAR
        for i in order:
            if force_of[i] != force or ceiling[i] <= floor[i]:
                continue
            if left == 0:
                edge[force, 1] = price[i]
                break
            sent = min(left, ceiling[i] - floor[i])
            crews[i] += sent
            left -= sent
            total += sent * price[i]
            edge[force, 0] = price[i]
            if left == 0 and crews[i] < ceiling[i]:
                edge[force, 1] = price[i]
                break
        if left > 0:
            return -FAR
    return total


@njit(cache=True, nogil=True)
def _fix(limits: Limits, price: Floats, crews: Ints, edge: Floats, spare: float) -> None:
    """Close or hold what the other way would lose more than the bound has to spare."""
    floor, ceiling, force_of = limits[0], limits[1], limits[2]
    for i in range(len(crews)):
        if floor[i] == ceiling[i]:
            continue
        last, after = edge[force_of[i], 0], edge[force_of[i], 1]
        if crews[i] == floor[i]:
            if last - price[i] > spare:
                ceiling[i] = floor[i]
        elif crews[i] == ceiling[i] and price[i] - after > spare:
            floor[i] = ceiling[i]


@njit(cache=True, nogil=True)
def _slopes(
    cover: Cover, limits: Limits, crews: Ints, u: Floats, slope: Floats, room: Floats
) -> tuple[float, float]:
    """How far crews sent and crews paid for differ on each row; what rows keep, and the squares."""
    first_row, row, gain, site_of = cover[0], cover[1], cover[4], limits[3]
    slope[:] = 0.0
    room[:] = limits[4]
    for i in np.flatnonzero(crews > 0):
        room[site_of[i]] -= crews[i]
        for k in range(first_row[i], first_row[i + 1]):
            slope[row[k]] += crews[i]
    kept, squares = 0.0, 0.0
    for r in range(len(u)):
        for k in range(gain.shape[1]):
            if gain[r, k] <= u[r]:
                break
            kept += gain[r, k] - u[r]
            slope[r] -= 1.0
        if u[r] <= 0.0 and slope[r] > 0.0:
            slope[r] = 0.0
        squares += gain[r, 0] * slope[r] * slope[r]
    return kept, squares


@njit(cache=True, nogil=True)
def _step(
    gain: Floats, prices: tuple[Floats, Floats], slopes: tuple[Floats, Floats, float], far: float
) -> bool:
    """Move prices against their slopes, as far as the bound seems off; False where none slopes."""
    u, v = prices
    slope, spare_room, squares = slopes
    scale = float(gain[:, 0].max())
    for s in range(len(v)):
        if v[s] <= 0.0 and spare_room[s] > 0.0:
            spare_room[s] = 0.0
        squares += scale * spare_room[s] * spare_room[s]
    if squares <= 0.0:
        return False
    length = far / squares
    for r in range(len(u)):
        u[r] = min(max(u[r] - length * gain[r, 0] * slope[r], 0.0), gain[r, 0])
    for s in range(len(v)):
        v[s] = max(v[s] - length * scale * spare_room[s], 0.0)
    return True


@njit(cache=True, nogil=True)
def lower_bound(
    cover: Cover,
    limits: Limits,
    n_crews: Ints,
    prices: tuple[Floats, Floats, Ints],
    goal: tuple[float, float, float, int],
) -> tuple[float, float]:
    """Lower the bound by so many steps; return it and the stride reached.

    limits: floor and ceiling are fixed further in place. prices: of rows and sites, the best are
    left in them, and the crews that these send, which need not fit a site's room. goal: the value
    known, the bound that is low enough, the first stride, the steps.
    """
    gain, room = cover[4], limits[4]
    value, target, stride, n_steps = goal
    u, v = prices[0].copy(), prices[1].copy()
    price, crews = np.zeros(len(limits[0])), np.zeros(len(limits[0]), np.int64)
    slope, spare_room, edge = np.zeros(len(u)), np.zeros(len(v)), np.zeros((len(n_crews), 2))
    best, stall = FAR, 0
    for _ in range(n_steps):
        _price_choices(cover, limits, u, v, price)
        chosen = _choose(limits, n_crews, price, crews, edge)
        kept, squares = _slopes(cover, limits, crews, u, slope, spare_room)
        bound = kept + chosen + float((v * room).sum())
        stall += 1
        if bound < best:
            stall = 0 if bound < best - 1e-6 * abs(best) else stall
            best, prices[0][:], prices[1][:], prices[2][:] = bound, u, v, crews
            if bound <= target:
                break
        if bound < best + 0.002 * abs(value):
            _fix(limits, price, crews, edge, bound - target)
        if stall >= PATIENCE:
            stall, stride = 0, stride * 0.85
            u[:], v[:] = prices[0], prices[1]
            continue
        if not _step(gain, (u, v), (slope, spare_room, squares), stride * (bound - 0.999 * value)):
            break
    return best, stride
