"""Who goes (快速推荐), compiled: the policies' own score of every unit, then the team.

`score_unit` is that of the desk; the circles' price is the one of `policy.coverage`, told on bits.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from kuaifan.policy.coverage import EDGE_PRICE_MS, LOST_PRICE_MS
from kuaifan.policy.fleet import FIRST_AVAILABLE, LAST_AVAILABLE
from kuaifan.policy.ranking import EMERGENCY_PRIORITY
from kuaifan.policy.scoring import UNREACHABLE_MS
from kuaifan.policy.scoring_kernel import score_unit
from kuaifan.twin.kernel_layout import (
    CALM,
    DRIVE,
    FROM,
    HALF_AT,
    IS_MET,
    IS_WISH,
    LINE,
    MAX_TEAM,
    N_KEPT,
    N_NEEDED,
    N_SENT,
    NEVER,
    OWNER,
    PAYS_CIRCLES,
    PLACE,
    PRICES,
    PRIORITY,
    SCORE,
    SKILL,
    SKILLS,
    STATE,
    TEAM,
    TO,
    URGENT,
    WANTED,
    HOME_POST,
    Sim,
)
from kuaifan.board.driving import SIREN_PRIORITY

ONCE, TWICE, THRICE = range(3)
ANYBODY, ABLE = range(2)


@njit(cache=True, nogil=True)
def n_bits(word: np.uint64) -> int:
    """How many bits of a word are set."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))


@njit(cache=True, nogil=True)
def place_of(sim: Sim, unit: int, now_ms: int) -> int:
    """Where a unit counts as being."""
    moved = now_ms >= sim.units[HALF_AT, unit]
    return sim.units[TO, unit] if moved else sim.units[FROM, unit]


@njit(cache=True, nogil=True)
def is_free(sim: Sim, unit: int) -> bool:
    """Whether a unit may be sent."""
    return FIRST_AVAILABLE <= sim.units[STATE, unit] <= LAST_AVAILABLE


@njit(cache=True, nogil=True)
def count_holding(sim: Sim, now_ms: int) -> None:
    """Which circles one, two and three free units or more hold, as bits. O(units x words)."""
    masks = sim.masks
    masks[:] = 0
    for unit in range(sim.units.shape[1]):
        if not is_free(sim, unit):
            continue
        here = sim.within[sim.units[CALM, unit], place_of(sim, unit, now_ms)]
        for word in range(len(here)):
            masks[THRICE, word] |= masks[TWICE, word] & here[word]
            masks[TWICE, word] |= masks[ONCE, word] & here[word]
            masks[ONCE, word] |= here[word]


@njit(cache=True, nogil=True)
def price_of(sim: Sim, unit: int, place: int) -> int:
    """What taking a free unit away costs the circles; `count_holding` has counted."""
    price = 0
    here = sim.within[sim.units[CALM, unit], place]
    for word in range(len(here)):
        once, twice, thrice = sim.masks[0, word], sim.masks[1, word], sim.masks[2, word]
        price += LOST_PRICE_MS * n_bits(here[word] & once & ~twice)
        price += EDGE_PRICE_MS * n_bits(here[word] & twice & ~thrice)
    return price


@njit(cache=True, nogil=True)
def profile_to(sim: Sim, unit: int, call: int) -> int:
    """By which profile a unit drives to a call."""
    is_urgent = sim.calls[PRIORITY, call] <= SIREN_PRIORITY
    return sim.units[URGENT, unit] if is_urgent else sim.units[CALM, unit]


@njit(cache=True, nogil=True)
def was_there(sim: Sim, call: int, unit: int) -> bool:
    """Whether a unit is out to a call already, or has been."""
    for i in range(sim.calls[N_SENT, call]):
        if sim.crews[call, i] == unit:
            return True
    return False


@njit(cache=True, nogil=True)
def score_of(sim: Sim, call: int, unit: int, as_if: tuple[int, int, int]) -> int:
    """Score a unit for a call from a place; NEVER where it cannot go.

    as_if: its state, its road time and the price of its circles.
    """
    calls, units = sim.calls, sim.units
    state, travel_ms, price_ms = as_if
    score, why, _ = score_unit(
        state,
        units[LINE, unit],
        units[SKILLS, unit],
        0,
        0,
        0,
        travel_ms,
        price_ms,
        sim.line_ms[calls[PRICES, call]],
        0,
        0,
        calls[OWNER, call] >= 0 and calls[OWNER, call] == units[HOME_POST, unit],
        calls[WANTED, call],
        0,
        sim.weights,
    )
    return NEVER if why != 0 else score


@njit(cache=True, nogil=True)
def rank(sim: Sim, call: int, now_ms: int) -> int:
    """Score every free unit for a call into the scratch; how many can go. O(units)."""
    units, scratch = sim.units, sim.scratch
    is_paid = sim.rules[PAYS_CIRCLES] != 0 and sim.calls[PRIORITY, call] > EMERGENCY_PRIORITY
    if is_paid:
        count_holding(sim, now_ms)
    n_found = 0
    again = sim.calls[N_SENT, call] > 0
    for unit in range(units.shape[1]):
        scratch[SCORE, unit], scratch[DRIVE, unit] = NEVER, UNREACHABLE_MS
        if not is_free(sim, unit) or (again and was_there(sim, call, unit)):
            continue
        place = place_of(sim, unit, now_ms)
        drive_ms = sim.travel_ms[profile_to(sim, unit, call), sim.calls[PLACE, call], place]
        price_ms = price_of(sim, unit, place) if is_paid else 0
        score = score_of(sim, call, unit, (units[STATE, unit], drive_ms, price_ms))
        scratch[SCORE, unit], scratch[DRIVE, unit] = score, drive_ms
        n_found += score < NEVER
    return n_found


@njit(cache=True, nogil=True)
def n_to_send(sim: Sim, call: int, n_found: int) -> int:
    """How many units a call is short of; one more where only a skill is missing and is there."""
    calls = sim.calls
    n_wanted = max(0, calls[N_NEEDED, call] - calls[N_SENT, call])
    if n_wanted == 0 and lacks_skill(sim, call) and has_skilled(sim, call):
        n_wanted = 1
    if calls[PRIORITY, call] > EMERGENCY_PRIORITY:
        n_wanted = min(n_wanted, max(0, n_found - sim.rules[N_KEPT]))
    return min(n_wanted, MAX_TEAM)


@njit(cache=True, nogil=True)
def lacks_skill(sim: Sim, call: int) -> bool:
    """Whether a call waits for a skill that nobody sent has."""
    calls = sim.calls
    return calls[SKILL, call] != 0 and calls[IS_WISH, call] == 0 and calls[IS_MET, call] == 0


@njit(cache=True, nogil=True)
def has_skilled(sim: Sim, call: int) -> bool:
    """Whether anybody who can go has the skill; `rank` has scored."""
    for unit in range(sim.units.shape[1]):
        if sim.scratch[SCORE, unit] < NEVER and is_able(sim, call, unit):
            return True
    return False


@njit(cache=True, nogil=True)
def is_able(sim: Sim, call: int, unit: int) -> bool:
    """Whether a unit has the skill that one of the team must or should have."""
    mask = sim.calls[SKILL, call]
    return (sim.units[SKILLS, unit] & mask) == mask


@njit(cache=True, nogil=True)
def best_of(sim: Sim, call: int, n_team: int, who: int) -> int:
    """The best unit not among the first of the team, the first id of equals; -1 for none."""
    best, best_score = -1, NEVER
    for unit in range(sim.units.shape[1]):
        score = sim.scratch[SCORE, unit]
        if score >= best_score or (who == ABLE and not is_able(sim, call, unit)):
            continue
        is_taken = False
        for i in range(n_team):
            is_taken = is_taken or sim.scratch[TEAM, i] == unit
        if not is_taken:
            best, best_score = unit, score
    return best


@njit(cache=True, nogil=True)
def choose(sim: Sim, call: int, n_wanted: int) -> int:
    """Choose the team into the scratch, best first; how many it has. As `policy.team` does.

    The best go; where none of them has the skill, the last makes room for the best who has it,
    unless it is a wish that costs more than going without.
    """
    team, score = sim.scratch[TEAM], sim.scratch[SCORE]
    n_team = 0
    is_met = sim.calls[SKILL, call] == 0 or sim.calls[IS_MET, call] != 0
    while n_team < n_wanted:
        unit = best_of(sim, call, n_team, ANYBODY)
        if unit < 0:
            break
        team[n_team] = unit
        n_team += 1
        is_met = is_met or is_able(sim, call, unit)
    if is_met or n_team == 0:
        return n_team
    able, last = best_of(sim, call, n_team, ABLE), team[n_team - 1]
    may_cost = sim.weights[0] if sim.calls[IS_WISH, call] else NEVER
    if able >= 0 and score[able] - score[last] <= may_cost:
        team[n_team - 1] = able
    return n_team
