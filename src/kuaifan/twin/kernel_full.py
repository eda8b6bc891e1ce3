"""The fast kernel, every feature (快速仿真内核), compiled: calls, ranking, drives, scenes, moves.

One loop: the next call, or what a unit does next. A call gets its team at once; what is short
waits by priority and age, and is looked at anew whenever a unit is done. Read from `run` down.
"""

from __future__ import annotations

import numpy as np

from kuaifan.policy.fleet import AT_POST, EN_ROUTE, ON_SCENE, RETURNING, STANDBY
from kuaifan.policy.ranking import EMERGENCY_PRIORITY
from kuaifan.policy.scoring import UNREACHABLE_MS
from kuaifan.twin.kernel_compiled import compiled
from kuaifan.twin.kernel_coverage import find_coverage_move
from kuaifan.twin.kernel_layout import (
    ARRIVES,
    AT,
    AT_SHIFT,
    BUSY_MS,
    BUSY_SINCE,
    BY_COVERAGE,
    CALL,
    CALM,
    CAN_DIVERT,
    CAN_MOVE_UP,
    CIRCLE,
    DRIVE,
    FROM,
    GOES_BACK,
    GOING,
    HALF_AT,
    HELD_MS,
    HOME,
    IS_DONE,
    IS_HOME,
    IS_MET,
    IS_WAITING,
    KIND_BITS,
    MAX_SHIFT_MOVES,
    MOST_QUEUED,
    MOVED,
    N_MOVED,
    N_MOVES,
    N_NEEDED,
    N_OF_LATE,
    N_ORDERS,
    N_OUT,
    N_QUEUED,
    N_SENT,
    N_TURNED,
    NEVER,
    OF_LATE_FROM,
    ON_FOOT_MS,
    ORDER_AT,
    ORDER_CALL,
    ORDER_HOW,
    ORDER_UNIT,
    PLACE,
    POST,
    PRIORITY,
    QUEUE_MS,
    SAMPLE_MS,
    SAMPLED_MS,
    SENT,
    SENT_AT,
    SENT_HOME,
    SERVICE,
    SHIFT_MS,
    SKILL,
    STATE,
    TEAM,
    THERE_AT,
    TO,
    TURNED,
    TURNOUT,
    UNIT_BITS,
    WARM_UP_MS,
    Sim,
)
from kuaifan.twin.kernel_moves import BIT, find_move, find_to_turn
from kuaifan.twin.kernel_rank import (
    ONCE,
    choose,
    count_holding,
    is_able,
    is_free,
    lacks_skill,
    n_to_send,
    place_of,
    rank,
)
from kuaifan.twin.kernel_tree import key_of, put


@compiled
def run(sim: Sim) -> bool:
    """Run all calls to the last unit at its post; False where the orders have no room left."""
    calls = sim.calls
    n_calls, call = calls.shape[1], 0
    while sim.counts[N_ORDERS] < len(sim.orders) - 2 * sim.units.shape[1]:
        key = sim.tree[1]
        if call < n_calls and calls[AT, call] < key >> AT_SHIFT:
            _sample(sim, calls[AT, call])
            if _serve(sim, call, calls[AT, call]):
                _look_at_queue(sim, calls[AT, call])
            call += 1
        elif key == NEVER:
            return True
        else:
            _sample(sim, key >> AT_SHIFT)
            _happen(sim, key)
    return False


@compiled
def _sample(sim: Sim, until_ms: int) -> None:
    """Which circles nobody holds, and how long the queue is, at regular moments up to now."""
    every_ms = sim.rules[SAMPLE_MS]
    if every_ms == 0:
        return
    while sim.counts[SAMPLED_MS] + every_ms <= until_ms:
        sim.counts[SAMPLED_MS] += every_ms
        count_holding(sim, sim.counts[SAMPLED_MS])
        sim.counts[QUEUE_MS] += sim.counts[N_QUEUED] * every_ms
        for circle in range(len(sim.post_places)):
            if sim.masks[ONCE, circle >> 6] & (BIT << np.uint64(circle & 63)) == 0:
                sim.lost_ms[circle] += every_ms


@compiled
def _happen(sim: Sim, key: int) -> None:
    """What a unit does next."""
    now_ms, leaf = key >> AT_SHIFT, key & ((1 << UNIT_BITS) - 1)
    kind = (key >> UNIT_BITS) & ((1 << KIND_BITS) - 1)
    if kind == ARRIVES:
        _arrive(sim, leaf, now_ms)
    elif kind == IS_DONE:
        _finish(sim, leaf, now_ms)
    elif kind == IS_HOME:
        put(sim.tree, leaf, NEVER)
        sim.units[STATE, leaf] = AT_POST
    elif kind == GOES_BACK:
        put(sim.tree, leaf, NEVER)
        _go_back(sim, leaf - sim.units.shape[1], now_ms)


@compiled
def _arrive(sim: Sim, unit: int, now_ms: int) -> None:
    call = sim.units[CALL, unit]
    sim.units[STATE, unit] = ON_SCENE
    if sim.calls[THERE_AT, call] < 0:
        sim.calls[THERE_AT, call] = now_ms
    put(sim.tree, unit, key_of(now_ms + sim.calls[SERVICE, call], IS_DONE, unit))


@compiled
def _finish(sim: Sim, unit: int, now_ms: int) -> None:
    """The unit has done its part: home, unless somebody waits."""
    units, call = sim.units, sim.units[CALL, unit]
    sim.calls[N_OUT, call] -= 1
    if sim.calls[N_OUT, call] == 0:
        _leave_queue(sim, call)
    units[BUSY_MS, unit] += max(0, now_ms - max(units[BUSY_SINCE, unit], sim.rules[WARM_UP_MS]))
    units[CALL, unit], units[STATE, unit] = -1, RETURNING
    _drive_to_post(sim, unit, now_ms)
    _look_at_queue(sim, now_ms)


@compiled
def _drive_to_post(sim: Sim, unit: int, now_ms: int) -> None:
    units = sim.units
    place = place_of(sim.units, unit, now_ms)
    drive_ms = sim.travel_ms[units[CALM, unit], units[POST, unit], place]
    if drive_ms >= UNREACHABLE_MS:
        drive_ms = ON_FOOT_MS
    _set_out(sim, unit, (place, units[POST, unit]), now_ms + max(1, drive_ms // 2))
    put(sim.tree, unit, key_of(now_ms + drive_ms, IS_HOME, unit))


@compiled
def _set_out(sim: Sim, unit: int, way: tuple[int, int], half_at_ms: int) -> None:
    sim.units[FROM, unit], sim.units[TO, unit] = way
    sim.units[HALF_AT, unit] = half_at_ms


@compiled
def _look_at_queue(sim: Sim, now_ms: int) -> None:
    """Look at everything that waits, by priority and age, until nobody was turned round."""
    again = sim.counts[N_QUEUED] > 0
    while again:
        again, at = False, 0
        has_free = _has_free(sim)
        while at < sim.counts[N_QUEUED]:
            call = sim.queue[at] & 0xFFFFFFFF
            is_hopeless = not has_free and (
                sim.rules[CAN_DIVERT] == 0 or sim.calls[PRIORITY, call] > EMERGENCY_PRIORITY
            )
            if is_hopeless:
                break
            again |= _serve(sim, call, now_ms)
            has_free = _has_free(sim)
            # Who left the queue has made room; who was put in stands behind, as less urgent.
            at += at < sim.counts[N_QUEUED] and sim.queue[at] & 0xFFFFFFFF == call


@compiled
def _has_free(sim: Sim) -> bool:
    for unit in range(sim.units.shape[1]):  # noqa: SIM110 - numba has no any() of a generator
        if is_free(sim.units, unit):
            return True
    return False


@compiled
def _serve(sim: Sim, call: int, now_ms: int) -> bool:
    """Send a call whom it is short of; whether a unit was turned round for it."""
    n_found = rank(sim, call, now_ms)
    n_wanted = n_to_send(sim, call, n_found)
    n_team = choose(sim, call, n_wanted)
    turned = -1
    if sim.rules[CAN_DIVERT] != 0:
        lacks = (
            n_team >= n_wanted and lacks_skill(sim, call) and not _team_is_able(sim, call, n_team)
        )
        turned = find_to_turn(sim, call, n_team, (now_ms, lacks, n_wanted > 0 or lacks))
    if turned >= 0:
        n_team = max(0, n_team - 1)
    # The team is read before anybody goes: to send and to move up use the scratch anew.
    scratch = sim.scratch
    for i in range(n_team):
        scratch[GOING, i] = scratch[TEAM, i]
    if turned >= 0:
        _leave_call(sim, turned)
        _send(sim, call, turned, (now_ms, sim.scratch[DRIVE, turned], TURNED))
    for i in range(n_team):
        unit = scratch[GOING, i]
        _send(sim, call, unit, (now_ms, sim.scratch[DRIVE, unit], SENT))
    _queue_if_short(sim, call)
    return turned >= 0


@compiled
def _team_is_able(sim: Sim, call: int, n_team: int) -> bool:
    for i in range(n_team):  # noqa: SIM110 - numba has no any() of a generator
        if is_able(sim, call, sim.scratch[TEAM, i]):
            return True
    return False


@compiled
def _send(sim: Sim, call: int, unit: int, order: tuple[int, int, int]) -> None:
    """A unit goes to a call. order: the time, the road time, how it came to it."""
    calls, units = sim.calls, sim.units
    now_ms, drive_ms, how = order
    place = place_of(sim.units, unit, now_ms)
    if how == SENT:
        units[BUSY_SINCE, unit] = now_ms
    units[STATE, unit], units[CALL, unit] = EN_ROUTE, call
    sim.crews[call, calls[N_SENT, call]] = unit
    calls[N_SENT, call] += 1
    calls[N_OUT, call] += 1
    if calls[SKILL, call] != 0 and is_able(sim, call, unit):
        calls[IS_MET, call] = 1
    if calls[SENT_AT, call] < 0:
        calls[SENT_AT, call] = now_ms
    left_at_ms = now_ms + calls[TURNOUT, call]
    _set_out(sim, unit, (place, calls[PLACE, call]), left_at_ms + max(1, drive_ms // 2))
    put(sim.tree, unit, key_of(left_at_ms + drive_ms, ARRIVES, unit))
    _note(sim, call, unit, (now_ms, how))
    if sim.rules[CAN_MOVE_UP] != 0:
        _move_up_after(sim, unit, now_ms)


@compiled
def _note(sim: Sim, call: int, unit: int, how: tuple[int, int]) -> None:
    order = sim.orders[sim.counts[N_ORDERS]]
    order[ORDER_CALL], order[ORDER_UNIT] = call, unit
    order[ORDER_AT], order[ORDER_HOW] = how
    sim.counts[N_ORDERS] += 1


@compiled
def _leave_call(sim: Sim, unit: int) -> None:
    """A unit under way is called off its call, which waits again."""
    calls, call = sim.calls, sim.units[CALL, unit]
    sim.counts[N_TURNED] += 1
    n_left = 0
    calls[IS_MET, call] = 0
    for i in range(calls[N_SENT, call]):
        other = sim.crews[call, i]
        if other == unit:
            continue
        sim.crews[call, n_left] = other
        n_left += 1
        if calls[SKILL, call] != 0 and is_able(sim, call, other):
            calls[IS_MET, call] = 1
    calls[N_SENT, call] = n_left
    calls[N_OUT, call] -= 1
    if calls[N_OUT, call] == 0 and n_left > 0:
        # The others have done it meanwhile.
        _leave_queue(sim, call)
    else:
        _queue_if_short(sim, call)


@compiled
def _queue_if_short(sim: Sim, call: int) -> None:
    calls = sim.calls
    is_short = calls[N_SENT, call] < calls[N_NEEDED, call] or lacks_skill(sim, call)
    if not is_short:
        _leave_queue(sim, call)
    elif calls[IS_WAITING, call] == 0:
        calls[IS_WAITING, call] = 1
        key, at = (calls[PRIORITY, call] << 32) | call, sim.counts[N_QUEUED]
        while at > 0 and sim.queue[at - 1] > key:
            sim.queue[at] = sim.queue[at - 1]
            at -= 1
        sim.queue[at] = key
        sim.counts[N_QUEUED] += 1
        sim.counts[MOST_QUEUED] = max(sim.counts[MOST_QUEUED], sim.counts[N_QUEUED])


@compiled
def _leave_queue(sim: Sim, call: int) -> None:
    if sim.calls[IS_WAITING, call] == 0:
        return
    sim.calls[IS_WAITING, call] = 0
    at = 0
    while sim.queue[at] & 0xFFFFFFFF != call:
        at += 1
    sim.counts[N_QUEUED] -= 1
    for i in range(at, sim.counts[N_QUEUED]):
        sim.queue[i] = sim.queue[i + 1]


@compiled
def _move_up_after(sim: Sim, left_by: int, now_ms: int) -> None:
    """One move after a unit has gone, by the way in force and within its caps."""
    _forget_moves(sim, now_ms)
    most = sim.rules[MAX_SHIFT_MOVES]
    if most != 0 and sim.counts[N_OF_LATE] >= most:
        return
    if sim.rules[CAN_MOVE_UP] == BY_COVERAGE:
        unit, circle = find_coverage_move(sim, now_ms)
    else:
        unit, circle = find_move(sim, left_by, now_ms)
    if unit < 0 or sim.units[POST, unit] == sim.post_places[circle]:
        # Nobody, or one on its way home to the very circle that is left empty.
        return
    sim.units[N_MOVES, unit] += 1
    sim.counts[N_OF_LATE] += 1
    sim.counts[N_MOVED] += 1
    _stand_at(sim, unit, (sim.post_places[circle], circle), now_ms)
    _note(sim, -1 - circle, unit, (now_ms, MOVED))
    back = sim.units.shape[1] + unit
    put(sim.tree, back, key_of(now_ms + HELD_MS, GOES_BACK, back))


@compiled
def _forget_moves(sim: Sim, now_ms: int) -> None:
    """Moves of more than eight hours ago count against no cap any more. O(1) in the long run."""
    at = sim.counts[OF_LATE_FROM]
    while at < sim.counts[N_ORDERS] and sim.orders[at, ORDER_AT] <= now_ms - SHIFT_MS:
        if sim.orders[at, ORDER_HOW] == MOVED:
            sim.units[N_MOVES, sim.orders[at, ORDER_UNIT]] -= 1
            sim.counts[N_OF_LATE] -= 1
        at += 1
    sim.counts[OF_LATE_FROM] = at


@compiled
def _go_back(sim: Sim, unit: int, now_ms: int) -> None:
    """After a while a unit that was moved up is sent home, once it is free."""
    if not is_free(sim.units, unit):
        back = sim.units.shape[1] + unit
        put(sim.tree, back, key_of(now_ms + HELD_MS, GOES_BACK, back))
        return
    _stand_at(sim, unit, (sim.units[HOME, unit], -1), now_ms)
    _note(sim, -1, unit, (now_ms, SENT_HOME))


@compiled
def _stand_at(sim: Sim, unit: int, post: tuple[int, int], now_ms: int) -> None:
    sim.units[POST, unit], sim.units[CIRCLE, unit] = post
    sim.units[STATE, unit] = STANDBY
    _drive_to_post(sim, unit, now_ms)
