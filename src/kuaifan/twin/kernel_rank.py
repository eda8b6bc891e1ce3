"""Who goes (快速推荐), compiled: the policies' own score of every unit, then the team.

`score_unit` is that of the desk; the circles' price is the one of `policy.coverage`, told on bits.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.driving import SIREN_PRIORITY
from kuaifan.policy.fleet import FIRST_AVAILABLE, LAST_AVAILABLE
from kuaifan.policy.look_ahead import MOST_CALLS, NO_HELP_MS, WEEK_MS
from kuaifan.policy.need import SET_OUT_MS
from kuaifan.policy.ranking import EMERGENCY_PRIORITY
from kuaifan.policy.scoring import UNREACHABLE_MS
from kuaifan.policy.scoring_kernel import score_unit
from kuaifan.twin.kernel_compiled import compiled
from kuaifan.twin.kernel_layout import (
    AWAY_MS,
    CALM,
    DRIVE,
    EDGE_MS,
    FREE,
    FREE_AT,
    FROM,
    HALF_AT,
    HOME_POST,
    IS_MET,
    IS_WISH,
    LATE_MS,
    LINE,
    LOST_MS,
    MAX_TEAM,
    N_KEPT,
    N_NEEDED,
    N_SENT,
    NEVER,
    OWNER,
    PAYS_CIRCLES,
    PLACE,
    PRICE,
    PRICES,
    PRIORITY,
    SCORE,
    SKILL,
    SKILLS,
    STATE,
    TARGET,
    TEAM,
    TO,
    URGENT,
    WANTED,
    Sim,
)
from kuaifan.twin.kernel_tree import wide

ONCE, TWICE, THRICE = range(3)
ANYBODY, ABLE = range(2)
NO_BITS = np.uint64(0)
Int64s = NDArray[np.int64]
UInt64s = NDArray[np.uint64]
Prices = tuple[Int64s, Int64s]


@compiled
def n_bits(word: np.uint64) -> int:
    """How many bits of a word are set."""
    word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
    word = (word & np.uint64(0x3333333333333333)) + (
        (word >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    found: int = np.int64((word * np.uint64(0x0101010101010101)) >> np.uint64(56))  # type: ignore[assignment] # numba knows integers only
    return found


@compiled
def place_of(units: Int64s, unit: int, now_ms: int) -> int:
    """Where a unit counts as being."""
    moved = now_ms >= units[HALF_AT, unit]
    place: int = units[TO, unit] if moved else units[FROM, unit]
    return place


@compiled
def is_free(units: Int64s, unit: int) -> bool:
    """Whether a unit may be sent."""
    free: bool = FIRST_AVAILABLE <= units[STATE, unit] <= LAST_AVAILABLE
    return free


@compiled
def list_free(sim: Sim, now_ms: int) -> int:
    """List the free units and their places in the scratch; how many there are. O(units).

    Written without a branch: which of the units are free is beyond what a processor could guess.
    """
    units, scratch, n_free = sim.units, sim.scratch, 0
    for unit in range(units.shape[1]):
        state = units[STATE, unit]
        moved = now_ms >= units[HALF_AT, unit]
        scratch[FREE, n_free] = unit
        scratch[FREE_AT, n_free] = units[TO, unit] if moved else units[FROM, unit]
        n_free += (state >= FIRST_AVAILABLE) & (state <= LAST_AVAILABLE)
    return n_free


@compiled
def count_listed(sim: Sim, n_free: int) -> None:
    """Which circles one, two and three listed units or more hold, as bits. O(free x words)."""
    units, within, masks, scratch = sim.units, sim.within, sim.masks, sim.scratch
    for word in range(within.shape[2]):
        once = twice = thrice = NO_BITS
        for i in range(n_free):
            # Scalars, never rows: a view made for each unit would cost more than the rest.
            here = within[units[CALM, scratch[FREE, i]], scratch[FREE_AT, i], word]
            thrice |= twice & here
            twice |= once & here
            once |= here
        masks[ONCE, word], masks[TWICE, word], masks[THRICE, word] = once, twice, thrice


@compiled
def count_holding(sim: Sim, now_ms: int) -> int:
    """Which circles one, two and three free units or more hold, as bits; how many are free."""
    n_free = list_free(sim, now_ms)
    count_listed(sim, n_free)
    return n_free


@compiled
def _price_listed(sim: Sim, n_free: int) -> None:
    """What taking each listed unit away costs, into the scratch, by the policy's way of pricing."""
    if sim.rules[AWAY_MS] != 0:
        _look_ahead(sim, n_free)
        return
    units, scratch, within = sim.units, sim.scratch, sim.within
    circle_ms = sim.rules[LOST_MS], sim.rules[EDGE_MS]
    count_listed(sim, n_free)
    for i in range(n_free):
        where = units[CALM, scratch[FREE, i]], scratch[FREE_AT, i]
        scratch[PRICE, i] = _price_of(within, sim.masks, where, circle_ms)


@compiled
def _look_ahead(sim: Sim, n_free: int) -> None:
    """As `policy.look_ahead`: what the calls to come lose with the unit first at their circle."""
    units, scratch, wait_ms, away_ms = sim.units, sim.scratch, sim.wait_ms, sim.rules[AWAY_MS]
    for i in range(n_free):
        scratch[PRICE, i] = 0
    for circle in range(len(sim.demand)):
        first, soonest, next_ms = -1, NO_HELP_MS, NO_HELP_MS
        for i in range(n_free):
            unit_ms = wide(wait_ms[units[CALM, scratch[FREE, i]], scratch[FREE_AT, i], circle])
            if unit_ms < soonest:
                first, soonest, next_ms = i, unit_ms, soonest
            else:
                next_ms = min(next_ms, unit_ms)
        if first >= 0:
            calls = min(sim.demand[circle], MOST_CALLS)
            scratch[PRICE, first] += calls * (next_ms - soonest) * away_ms // WEEK_MS


@compiled
def _price_of(
    within: UInt64s, masks: UInt64s, where: tuple[int, int], circle_ms: tuple[int, int]
) -> int:
    """What taking a free unit away costs the circles; `count_listed` has counted.

    where: its profile and place. circle_ms: of a circle left empty, and of its last reserve.
    """
    (profile, place), (lost_ms, edge_ms), price = where, circle_ms, 0
    for word in range(within.shape[2]):
        here, twice = within[profile, place, word], masks[TWICE, word]
        alone = here & masks[ONCE, word] & ~twice
        pair = here & twice & ~masks[THRICE, word]
        if alone | pair:
            price += lost_ms * n_bits(alone) + edge_ms * n_bits(pair)
    return price


@compiled
def drives_by(calls: Int64s, call: int) -> int:
    """The column of the profile by which units drive to a call."""
    return URGENT if calls[PRIORITY, call] <= SIREN_PRIORITY else CALM


@compiled
def in_time_ms(sim: Sim, call: int) -> int:
    """The longest drive that leaves a crew time to set out, as `policy.need` says."""
    target_ms = sim.calls[TARGET, call]
    most_ms: int = target_ms - SET_OUT_MS if target_ms > 0 else UNREACHABLE_MS - 1
    return most_ms


@compiled
def was_there(sim: Sim, call: int, unit: int) -> bool:
    """Whether a unit is out to a call already, or has been."""
    for i in range(sim.calls[N_SENT, call]):  # noqa: SIM110 - numba has no any() of a generator
        if sim.crews[call, i] == unit:
            return True
    return False


@compiled
def score_of(
    units: Int64s, unit: int, asks: tuple[int, int], as_if: tuple[int, int, int], prices: Prices
) -> int:
    """Score a unit for a call; NEVER where it cannot go.

    asks: the skills wanted and whose ground it is. as_if: the state of the unit, its road time and
    the price of its circles. prices: of the lines for this call, and the policy's weights.
    """
    state, travel_ms, price_ms = as_if
    wanted, owner = asks
    score, why, _ = score_unit(
        state,
        units[LINE, unit],
        units[SKILLS, unit],
        0,
        0,
        0,
        travel_ms,
        price_ms,
        prices[0],
        0,
        0,
        owner >= 0 and owner == units[HOME_POST, unit],
        wanted,
        0,
        prices[1],
    )
    return NEVER if why != 0 else score


@compiled
def rank(sim: Sim, call: int, now_ms: int) -> int:
    """Score every free unit for a call into the scratch; how many can go. O(units).

    The best of all is left as the first of the team.
    """
    calls, units, scratch = sim.calls, sim.units, sim.scratch
    is_calm = calls[PRIORITY, call] > EMERGENCY_PRIORITY
    is_paid, n_free = sim.rules[PAYS_CIRCLES] != 0 and is_calm, list_free(sim, now_ms)
    if is_paid:
        _price_listed(sim, n_free)
    late_ms, most_ms = sim.rules[LATE_MS] if is_calm else 0, in_time_ms(sim, call)
    asks, travel_ms = (calls[WANTED, call], calls[OWNER, call]), sim.travel_ms
    prices, to = (sim.line_ms[calls[PRICES, call]], sim.weights), calls[PLACE, call]
    by, again, n_found = drives_by(calls, call), calls[N_SENT, call] > 0, 0
    best, best_score = -1, NEVER
    for unit in range(units.shape[1]):
        scratch[SCORE, unit], scratch[DRIVE, unit] = NEVER, UNREACHABLE_MS
    for i in range(n_free):
        unit, place = scratch[FREE, i], scratch[FREE_AT, i]
        if again and was_there(sim, call, unit):
            continue
        state = units[STATE, unit]
        drive_ms = wide(travel_ms[units[by, unit], to, place])
        price_ms = scratch[PRICE, i] if is_paid else 0
        if drive_ms > most_ms:
            price_ms += late_ms
        score = score_of(units, unit, asks, (state, drive_ms, price_ms), prices)
        scratch[SCORE, unit], scratch[DRIVE, unit] = score, drive_ms
        n_found += score < NEVER
        if score < best_score:
            best, best_score = unit, score
    scratch[TEAM, 0] = best
    return n_found


@compiled
def n_to_send(sim: Sim, call: int, n_found: int) -> int:
    """How many units a call is short of; one more where only a skill is missing and is there."""
    calls = sim.calls
    n_wanted = max(0, calls[N_NEEDED, call] - calls[N_SENT, call])
    if n_wanted == 0 and lacks_skill(sim, call) and has_skilled(sim, call):
        n_wanted = 1
    if calls[PRIORITY, call] > EMERGENCY_PRIORITY:
        n_wanted = min(n_wanted, max(0, n_found - sim.rules[N_KEPT]))
    n_sent: int = min(n_wanted, MAX_TEAM)
    return n_sent


@compiled
def lacks_skill(sim: Sim, call: int) -> bool:
    """Whether a call waits for a skill that nobody sent has."""
    calls = sim.calls
    is_hard = calls[SKILL, call] != 0 and calls[IS_WISH, call] == 0
    lacks: bool = is_hard and calls[IS_MET, call] == 0
    return lacks


@compiled
def has_skilled(sim: Sim, call: int) -> bool:
    """Whether anybody who can go has the skill; `rank` has scored."""
    for unit in range(sim.units.shape[1]):
        if sim.scratch[SCORE, unit] < NEVER and is_able(sim, call, unit):
            return True
    return False


@compiled
def is_able(sim: Sim, call: int, unit: int) -> bool:
    """Whether a unit has the skill that one of the team must or should have."""
    mask = sim.calls[SKILL, call]
    able: bool = (sim.units[SKILLS, unit] & mask) == mask
    return able


@compiled
def best_of(sim: Sim, call: int, n_team: int, who: int) -> int:
    """The best unit not among the first of the team, the first id of equals; -1 for none."""
    units, scratch, mask = sim.units, sim.scratch, sim.calls[SKILL, call] if who == ABLE else 0
    best, best_score = -1, NEVER
    for unit in range(units.shape[1]):
        score = scratch[SCORE, unit]
        if score >= best_score or (units[SKILLS, unit] & mask) != mask:
            continue
        is_taken = False
        for i in range(n_team):
            is_taken |= scratch[TEAM, i] == unit
        if not is_taken:
            best, best_score = unit, score
    return best


@compiled
def choose(sim: Sim, call: int, n_wanted: int) -> int:
    """Choose the team into the scratch, best first; how many it has. As `policy.team` does.

    The best go; where none of them has the skill, the last makes room for the best who has it,
    unless it is a wish that costs more than going without.
    """
    scratch = sim.scratch
    n_team = 0
    is_met = sim.calls[SKILL, call] == 0 or sim.calls[IS_MET, call] != 0
    while n_team < n_wanted:
        # `rank` has found the first of them.
        unit = scratch[TEAM, 0] if n_team == 0 else best_of(sim, call, n_team, ANYBODY)
        if unit < 0:
            break
        scratch[TEAM, n_team] = unit
        n_team += 1
        is_met = is_met or is_able(sim, call, unit)
    if is_met or n_team == 0:
        return n_team
    able, last = best_of(sim, call, n_team, ABLE), scratch[TEAM, n_team - 1]
    may_cost = sim.weights[0] if sim.calls[IS_WISH, call] else NEVER
    if able >= 0 and scratch[SCORE, able] - scratch[SCORE, last] <= may_cost:
        scratch[TEAM, n_team - 1] = able
    return n_team
