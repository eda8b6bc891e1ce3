"""From where a call can be reached, and when (可出发地点): posts, and the places of other calls.

What `twin.hindsight` bounds with; its docstring says why nothing is left out here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.driving import SIREN_PRIORITY
from kuaifan.policy.ranking import EMERGENCY_PRIORITY
from kuaifan.policy.scoring import UNREACHABLE_MS
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.kernel_city import KernelCity

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
SHORTEST_WAIT_MS: Final = 3_600_000
"""An hour: dispatchings that let no call wait longer for an order are bounded at least."""
N_MOVING_WAYS: Final = 4
"""Halves of ways a unit that is moved up may be sent on: home, moved up, back, moved again."""
N_TURNS: Final = 2
"""Turned round is who drives to something less urgent, and for priorities 1 and 2 only."""


class Freedom(NamedTuple):
    """What the dispatchings may do beside sending (调度自由度): move units up, turn them round."""

    moves: bool = True
    turns: bool = True


class Stays(NamedTuple):
    """Each call's place as one to set out from (在场时段), times from the start; a column a call.

    served_ms, there_by_ms: the first and last moment a unit can be there to begin its work; linger:
    how long it counts as being there after it, turned: and more if it was turned round meanwhile.
    is_once: one unit serves the call. home_ms: the least response from a post.
    """

    served_ms: Int64s
    there_by_ms: Int64s
    service_ms: Int64s
    linger_ms: Int64s
    turned_ms: Int64s
    is_once: Bools
    home_ms: Int64s


class Sources(NamedTuple):
    """What one call can be reached from beside the posts (某起可出发处).

    others: the calls; response_ms: by a unit that has served them; delay_ms: what response of each
    other that takes at least; turned_ms: the least response of a unit turned off a call; drive_ms:
    the least road time from any of these.
    """

    others: Int64s
    response_ms: Int64s
    delay_ms: Int64s
    turned_ms: int
    drive_ms: int


def posts_of(city: KernelCity, freedom: Freedom) -> Int64s:
    """Where units stand: at home, and where they are moved up, at any circle's post too."""
    homes = city.units[at.HOME]
    return np.unique(np.concatenate((homes, city.post_places)) if freedom.moves else homes)


def least_tables(city: KernelCity) -> tuple[Int32s, Int32s]:
    """(to, from) the least road time of any unit: driving calmly, and with siren."""
    columns = (city.units[at.CALM], city.units[at.URGENT])
    calm, urgent = (city.travel_ms[np.unique(each)].min(axis=0) for each in columns)
    return calm, urgent


def near_ms(calls: Int64s, city: KernelCity, freedom: Freedom) -> Int64s:
    """The least road time to each call from where units stand."""
    posts, places = posts_of(city, freedom), calls[at.PLACE]
    calm, urgent = (table[:, posts].min(axis=1)[places] for table in least_tables(city))
    near: Int64s = np.where(calls[at.PRIORITY] <= SIREN_PRIORITY, urgent, calm).astype(np.int64)
    return near


def stays_of(calls: Int64s, city: KernelCity, freedom: Freedom, *, wait_ms: int) -> Stays:
    """When a unit may be at each call's place. wait_ms: the longest that a call waits for one."""
    ring_ms, turnout_ms = calls[[at.AT, at.TURNOUT]]
    near = near_ms(calls, city, freedom)
    places, used = np.unique(calls[at.PLACE], return_inverse=True)
    rides_ms = np.where(city.travel_ms < UNREACHABLE_MS, city.travel_ms, 0)
    to_ms = rides_ms[:, places].max(axis=(0, 2))[used].astype(np.int64)
    from_ms = rides_ms[:, places][:, :, places].max(axis=(0, 1))[used].astype(np.int64)
    n_ways = N_MOVING_WAYS if freedom.moves else 1
    turned_ms = N_TURNS * (int(turnout_ms.max(initial=0)) + np.maximum(1, from_ms // 2))
    is_once = (calls[at.N_NEEDED] <= 1) & ((calls[at.SKILL] == 0) | (calls[at.IS_WISH] != 0))
    return Stays(
        served_ms=ring_ms + turnout_ms,
        there_by_ms=ring_ms + max(wait_ms, SHORTEST_WAIT_MS) + turnout_ms + to_ms,
        service_ms=calls[at.SERVICE],
        linger_ms=n_ways * _half_home_ms(city, posts_of(city, freedom), places)[used],
        turned_ms=turned_ms if freedom.turns else np.zeros_like(turned_ms),
        is_once=is_once,
        home_ms=np.where(near < UNREACHABLE_MS, turnout_ms + near, at.NEVER),
    )


def _half_home_ms(city: KernelCity, posts: Int64s, places: Int64s) -> Int64s:
    """So long a unit sent to any of the posts counts as being at a place still."""
    calm = np.unique(city.units[at.CALM])
    ways = city.travel_ms[np.ix_(calm, posts, places)]
    longest = np.where(ways < UNREACHABLE_MS, ways, at.ON_FOOT_MS).max(axis=(0, 1))
    half: Int64s = np.maximum(1, longest.astype(np.int64) // 2)
    return half


def sources_of(
    calls: Int64s, city: KernelCity, stays: Stays, freedom: Freedom
) -> Iterator[Sources]:
    """What each call can be reached from, one after the other. O(calls x calls within hours)."""
    tables, ring_ms = least_tables(city), calls[at.AT]
    leave_by_ms = stays.there_by_ms + stays.service_ms + stays.linger_ms + stays.turned_ms
    # Calls come in the order of their ring.
    first = np.searchsorted(ring_ms, ring_ms - int((leave_by_ms - ring_ms).max(initial=0)))
    patience_ms = np.maximum(stays.home_ms, calls[at.TARGET])
    last = np.searchsorted(ring_ms, ring_ms + np.minimum(patience_ms, UNREACHABLE_MS), "right")
    for c in range(calls.shape[1]):
        others = np.arange(first[c], last[c])
        others = others[others != c]
        table = tables[int(calls[at.PRIORITY, c] <= SIREN_PRIORITY)]
        ways_ms = table[calls[at.PLACE, c]][calls[at.PLACE, others]]
        can = ways_ms < UNREACHABLE_MS
        yield _sources(calls, c, stays, (others[can], ways_ms[can].astype(np.int64)), freedom)


def _sources(
    calls: Int64s, c: int, stays: Stays, ways: tuple[Int64s, Int64s], freedom: Freedom
) -> Sources:
    others, ways_ms = ways
    ring_ms, turnout_ms, priority = (int(calls[row, c]) for row in (at.AT, at.TURNOUT, at.PRIORITY))
    is_turning = freedom.turns and priority <= EMERGENCY_PRIORITY
    more_ms = stays.turned_ms[others] if is_turning else 0
    after_ms = stays.service_ms[others] + stays.linger_ms[others] + more_ms
    done_ms = stays.served_ms[others] + stays.service_ms[others]
    response_ms = turnout_ms + ways_ms + np.maximum(0, done_ms - ring_ms)
    can = stays.there_by_ms[others] + after_ms >= ring_ms
    turned_ms, drive_ms = at.NEVER, int(ways_ms[can].min(initial=at.NEVER))
    if is_turning:
        off = (calls[at.PRIORITY, others] > priority) & (
            stays.there_by_ms[others] + more_ms >= ring_ms
        )
        out_ms = calls[at.AT, others] + calls[at.TURNOUT, others]
        soonest = turnout_ms + ways_ms + np.maximum(0, out_ms - ring_ms)
        turned_ms = int(soonest[off].min(initial=at.NEVER))
        drive_ms = min(drive_ms, int(ways_ms[off].min(initial=at.NEVER)))
    delay_ms = ring_ms - calls[at.AT, others] - after_ms
    return Sources(others[can], response_ms[can], delay_ms[can], turned_ms, drive_ms)
