"""Moving up by expected coverage (快速期望覆盖补位), compiled: as `policy.dmexclp` at the desk.

The few posts where one unit more adds most are looked at, and the one move that adds most is made.
All is counted in whole parts per million, as there, so that both choose alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.dmexclp import LEAST_BUSY_PPM, MOST_BUSY_PPM, PPM
from kuaifan.policy.move_up import LIMIT_MS
from kuaifan.twin.kernel_compiled import compiled
from kuaifan.twin.kernel_layout import (
    ADDED,
    CALM,
    CIRCLE,
    HAS_WHEELS,
    N_REACHING,
    WEIGHT,
    Sim,
)
from kuaifan.twin.kernel_moves import MAX_LOST, has_moves_left
from kuaifan.twin.kernel_rank import is_free, place_of
from kuaifan.twin.kernel_tree import wide

Int64s = NDArray[np.int64]
UInt64s = NDArray[np.uint64]


@compiled
def find_coverage_move(sim: Sim, now_ms: int) -> tuple[int, int]:
    """The move that adds most to expected coverage; (-1, -1) for none. O(units x targets)."""
    _weigh(sim)
    _count_reaching(sim, now_ms)
    best_unit, best_circle, best_gain, best_ms = -1, -1, 0, 0
    last_gain, last_circle = -1, -1
    for _ in range(MAX_LOST):
        circle, worth = _next_worth(sim, last_gain, last_circle)
        if circle < 0:
            break
        last_gain, last_circle = worth, circle
        unit, gain, drive_ms = _best_mover(sim, circle, now_ms)
        mine = (-gain, drive_ms, unit, circle)
        if unit >= 0 and (best_unit < 0 or mine < (-best_gain, best_ms, best_unit, best_circle)):
            best_unit, best_circle, best_gain, best_ms = unit, circle, gain, drive_ms
    return best_unit, best_circle


@compiled
def _weigh(sim: Sim) -> None:
    """What each circle counts: nothing where somebody was moved up to it already."""
    n_free, n_units = 0, sim.units.shape[1]
    for circle in range(len(sim.demand)):
        sim.cover[WEIGHT, circle] = sim.demand[circle]
    for unit in range(n_units):
        n_free += is_free(sim.units, unit)
        if sim.units[CIRCLE, unit] >= 0:
            sim.cover[WEIGHT, sim.units[CIRCLE, unit]] = 0
    busy_ppm = min(max((n_units - n_free) * PPM // n_units, LEAST_BUSY_PPM), MOST_BUSY_PPM)
    added = PPM - busy_ppm
    for n in range(n_units + 1):
        sim.cover[ADDED, n] = added
        added = added * busy_ppm // PPM


@compiled
def _count_reaching(sim: Sim, now_ms: int) -> None:
    """How many free units hold each circle."""
    units, within = sim.units, sim.within
    sim.cover[N_REACHING, :] = 0
    for unit in range(units.shape[1]):
        if is_free(units, unit):
            place = place_of(units, unit, now_ms)
            for circle in range(len(sim.demand)):
                sim.cover[N_REACHING, circle] += _holds(within[units[CALM, unit], place], circle)


@compiled
def _holds(words: UInt64s, circle: int) -> int:
    found: int = np.int64((words[circle >> 6] >> np.uint64(circle & 63)) & np.uint64(1))  # type: ignore[assignment] # numba knows integers only
    return found


@compiled
def _next_worth(sim: Sim, last_gain: int, last_circle: int) -> tuple[int, int]:
    """The circle whose post gains most of those after the last one, -1 for none."""
    best, best_gain = -1, 0
    for circle in range(len(sim.demand)):
        if sim.cover[WEIGHT, circle] == 0:
            continue
        gain = 0
        for other in range(len(sim.demand)):
            if _holds(sim.reach[circle], other):
                gain += sim.cover[WEIGHT, other] * sim.cover[ADDED, sim.cover[N_REACHING, other]]
        is_after = last_gain < 0 or gain < last_gain or (gain == last_gain and circle > last_circle)
        if is_after and gain > best_gain:
            best, best_gain = circle, gain
    return best, best_gain


@compiled
def _best_mover(sim: Sim, circle: int, now_ms: int) -> tuple[int, int, int]:
    """Who adds most by going to a circle's post: unit, gain and road time; the nearer of equals."""
    units, post = sim.units, sim.post_places[circle]
    best, best_gain, best_ms = -1, 0, 0
    for unit in range(units.shape[1]):
        is_home = units[CIRCLE, unit] < 0 and units[HAS_WHEELS, unit] != 0
        if not is_home or not is_free(units, unit) or not has_moves_left(sim, unit):
            continue
        place, profile = place_of(units, unit, now_ms), units[CALM, unit]
        drive_ms = wide(sim.travel_ms[profile, post, place])
        if drive_ms > LIMIT_MS:
            continue
        gain = _gain(sim, (profile, place), circle)
        if gain > best_gain or (gain == best_gain and gain > 0 and drive_ms < best_ms):
            best, best_gain, best_ms = unit, gain, drive_ms
    return best, best_gain, best_ms


@compiled
def _gain(sim: Sim, where: tuple[int, int], circle: int) -> int:
    """What a unit adds by going to a circle's post, less what it leaves, in ppm."""
    gain = 0
    for other in range(len(sim.demand)):
        leaves = _holds(sim.within[where[0], where[1]], other)
        if leaves == _holds(sim.reach[circle], other):
            continue
        n_reaching, weight = sim.cover[N_REACHING, other], sim.cover[WEIGHT, other]
        if leaves:
            gain -= weight * sim.cover[ADDED, max(n_reaching - 1, 0)]
        else:
            gain += weight * sim.cover[ADDED, n_reaching]
    return gain
