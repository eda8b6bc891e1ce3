"""Turning round and moving up (快速改派与补位), compiled: as `policy.divert` and `policy.move_up`.

Every offer is taken at once: what a person would think over is no part of the kernel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.divert import MIN_GAIN_MS
from kuaifan.policy.fleet import (
    ASSIGNED,
    EN_ROUTE,
    FIRST_AVAILABLE,
    LAST_AVAILABLE,
    PATROLLING,
)
from kuaifan.policy.move_up import LIMIT_MS
from kuaifan.policy.ranking import EMERGENCY_PRIORITY, MAX_CANDIDATES
from kuaifan.policy.scoring import UNREACHABLE_MS
from kuaifan.twin.dispatcher import WORTH_TURNING_MS
from kuaifan.twin.kernel_compiled import compiled
from kuaifan.twin.kernel_layout import (
    BY_ALL_CIRCLES,
    CALL,
    CALM,
    CAN_MOVE_UP,
    CIRCLE,
    DRIVE,
    FREE,
    FREE_AT,
    HAS_WHEELS,
    MAX_MOVES,
    N_MOVES,
    NEVER,
    OWNER,
    PLACE,
    PRICES,
    PRIORITY,
    SCORE,
    STATE,
    TEAM,
    TURNS_IN_TIME,
    WANTED,
    Sim,
)
from kuaifan.twin.kernel_rank import (
    ANYBODY,
    ONCE,
    THRICE,
    TWICE,
    best_of,
    count_holding,
    drives_by,
    in_time_ms,
    is_able,
    n_bits,
    place_of,
    score_of,
    was_there,
)
from kuaifan.twin.kernel_tree import wide

MAX_LOST, MAX_ALL = 4, 12
"""As `work.dispatch_move_up` has them."""
BIT = np.uint64(1)
Int64s = NDArray[np.int64]


@compiled
def find_to_turn(sim: Sim, call: int, n_team: int, now: tuple[int, bool, bool]) -> int:
    """The unit to turn round for a call, -1 for none; the team is in the scratch.

    now: the time; whether the skill is all that is missing; whether anything is wanted.
    """
    now_ms, lacks, is_wanted = now
    if sim.calls[PRIORITY, call] > EMERGENCY_PRIORITY or not is_wanted:
        return -1
    if not lacks and _shows_in_time(sim, call, n_team):
        return -1
    unit = _best_under_way(sim, call, now_ms, lacks)
    if unit < 0:
        return -1
    free_ms = UNREACHABLE_MS
    for i in range(n_team):
        free_ms = min(free_ms, sim.scratch[DRIVE, sim.scratch[TEAM, i]])
    is_worth = n_team == 0 or sim.scratch[DRIVE, unit] + WORTH_TURNING_MS < free_ms
    return unit if is_worth else -1


@compiled
def _shows_in_time(sim: Sim, call: int, n_team: int) -> bool:
    """Whether anybody on the dispatcher's list, the team, then the best others, is in time."""
    most_ms = in_time_ms(sim, call)
    for i in range(n_team):
        if sim.scratch[DRIVE, sim.scratch[TEAM, i]] <= most_ms:
            return True
    n_shown = n_team
    while n_shown < MAX_CANDIDATES:
        unit = best_of(sim, call, n_shown, ANYBODY)
        if unit < 0:
            break
        if sim.scratch[DRIVE, unit] <= most_ms:
            return True
        sim.scratch[TEAM, n_shown] = unit
        n_shown += 1
    return False


@compiled
def _best_under_way(sim: Sim, call: int, now_ms: int, lacks: bool) -> int:  # noqa: FBT001 - numba
    """The best of those who drive to something less urgent and would be there much sooner.

    Their road times are left in the scratch.
    """
    free_ms, has_free = UNREACHABLE_MS, False
    for unit in range(sim.units.shape[1]):
        if sim.scratch[SCORE, unit] < NEVER and (not lacks or is_able(sim, call, unit)):
            free_ms, has_free = min(free_ms, sim.scratch[DRIVE, unit]), True
    calls, units, by = sim.calls, sim.units, drives_by(sim.calls, call)
    asks = (calls[WANTED, call], calls[OWNER, call])
    prices, to = (sim.line_ms[calls[PRICES, call]], sim.weights), calls[PLACE, call]
    most_ms = NEVER
    if has_free and sim.rules[TURNS_IN_TIME] != 0 and not lacks:
        most_ms = in_time_ms(sim, call)
    best, best_score, best_priority = -1, NEVER, 0
    for unit in range(units.shape[1]):
        priority = _priority_under_way(calls, units, unit)
        if priority <= calls[PRIORITY, call] or was_there(sim, call, unit):
            continue
        if lacks and not is_able(sim, call, unit):
            continue
        place = place_of(units, unit, now_ms)
        drive_ms = wide(sim.travel_ms[units[by, unit], to, place])
        score = score_of(units, unit, asks, (PATROLLING, drive_ms, 0), prices)
        is_worth = not has_free or free_ms - drive_ms >= MIN_GAIN_MS
        if score == NEVER or not is_worth or drive_ms > most_ms:
            continue
        sim.scratch[DRIVE, unit] = drive_ms
        if score < best_score or (score == best_score and priority > best_priority):
            best, best_score, best_priority = unit, score, priority
    return best


@compiled
def _priority_under_way(calls: Int64s, units: Int64s, unit: int) -> int:
    """The priority of what a unit drives to, 0 for one that does not."""
    if not ASSIGNED <= units[STATE, unit] <= EN_ROUTE:
        return 0
    priority: int = calls[PRIORITY, units[CALL, unit]]
    return priority


@compiled
def find_move(sim: Sim, left_by: int, now_ms: int) -> tuple[int, int]:
    """The move-up that ends a circle's being empty after a unit has gone; (-1, -1) for none.

    Lost circles of the unit gone, or those with most calls of all, less those being filled; the
    nearest unit that leaves no other circle empty, then the fewest weakened, the first ids.
    """
    units, by_all = sim.units, sim.rules[CAN_MOVE_UP] == BY_ALL_CIRCLES
    left = (units[CALM, left_by], place_of(units, left_by, now_ms))
    if not by_all and not _leaves_any(sim, left, now_ms):
        return -1, -1
    n_free = count_holding(sim, now_ms)
    best, best_circle, best_ms, best_weak = -1, -1, LIMIT_MS + 1, 0
    last = (NEVER, -1)
    for _ in range(MAX_ALL if by_all else MAX_LOST):
        last = _next_empty(sim, left, by_all, last)
        circle = last[1]
        if circle < 0:
            break
        unit, drive_ms, n_weak = _nearest_mover(sim, circle, n_free)
        mine, other = (drive_ms, n_weak, unit, circle), (best_ms, best_weak, best, best_circle)
        if unit >= 0 and mine < other:
            best, best_circle, best_ms, best_weak = unit, circle, drive_ms, n_weak
    return best, best_circle


@compiled
def _next_empty(
    sim: Sim,
    left: tuple[int, int],
    by_all: bool,  # noqa: FBT001 - numba
    last: tuple[int, int],
) -> tuple[int, int]:
    """The empty circle to be looked at after the last one, as its calls and number; -1 for none."""
    best, best_calls = -1, -1
    for circle in range(0 if by_all else last[1] + 1, len(sim.demand)):
        calls, word = sim.demand[circle] if by_all else 1, circle >> 6
        if calls > last[0] or (calls == last[0] and circle <= last[1]) or calls <= best_calls:
            continue
        asked = ~sim.masks[ONCE, word]
        if not by_all:
            asked &= sim.within[left[0], left[1], word]
        if (asked >> np.uint64(circle & 63)) & BIT and not _is_being_filled(sim.units, circle):
            best, best_calls = circle, calls
            if not by_all:
                break
    return best_calls, best


@compiled
def _leaves_any(sim: Sim, left: tuple[int, int], now_ms: int) -> bool:
    """Whether a unit that has gone leaves any circle empty; mostly few others show it does not.

    left: its profile and its place.
    """
    units, within = sim.units, sim.within
    for word in range(within.shape[2]):
        lost = within[left[0], left[1], word]
        for unit in range(units.shape[1]):
            if not lost:
                break
            if FIRST_AVAILABLE <= units[STATE, unit] <= LAST_AVAILABLE:
                lost &= ~within[units[CALM, unit], place_of(units, unit, now_ms), word]
        if lost:
            return True
    return False


@compiled
def _is_being_filled(units: Int64s, circle: int) -> bool:
    for unit in range(units.shape[1]):  # noqa: SIM110 - numba has no any() of a generator
        if units[CIRCLE, unit] == circle:
            return True
    return False


@compiled
def _nearest_mover(sim: Sim, circle: int, n_free: int) -> tuple[int, int, int]:
    """Who may fill a circle and is there first: unit, road time, how many circles it weakens.

    n_free: so many free units `count_holding` has listed.
    """
    units, travel_ms, post = sim.units, sim.travel_ms, sim.post_places[circle]
    best, best_ms, best_weak = -1, LIMIT_MS, 0
    for i in range(n_free):
        unit, place = sim.scratch[FREE, i], sim.scratch[FREE_AT, i]
        drive_ms = wide(travel_ms[units[CALM, unit], post, place])
        is_home = units[CIRCLE, unit] < 0 and units[HAS_WHEELS, unit] != 0
        if drive_ms > best_ms or not is_home or not has_moves_left(sim, unit):
            continue
        n_weak = _n_weakened(sim, units[CALM, unit], place, circle)
        if n_weak >= 0 and (best < 0 or drive_ms < best_ms or n_weak < best_weak):
            best, best_ms, best_weak = unit, drive_ms, n_weak
    return best, best_ms, best_weak


@compiled
def _n_weakened(sim: Sim, profile: int, place: int, circle: int) -> int:
    """How many circles have one unit less of two when a unit moves; -1 where one is left empty."""
    n_weak, masks = 0, sim.masks
    for word in range(sim.within.shape[2]):
        leaves = sim.within[profile, place, word] & ~sim.reach[circle, word]
        once, twice, thrice = masks[ONCE, word], masks[TWICE, word], masks[THRICE, word]
        if leaves & once & ~twice:
            return -1
        n_weak += n_bits(leaves & twice & ~thrice)
    return n_weak


@compiled
def has_moves_left(sim: Sim, unit: int) -> bool:
    """Whether a unit may be moved up once more in this shift."""
    most = sim.rules[MAX_MOVES]
    has_any: bool = most == 0 or sim.units[N_MOVES, unit] < most
    return has_any
