"""What nobody can beat (后见下界): late calls and mean response if all calls were known beforehand.

A relaxation of every run of the fast kernel, whoever decides. The unit that is first at a call

* sets out from a post of the city, its own or any other (moved there freely, in no time), or from
  the place of another call that it was sent to. There it counts as being no sooner than half a
  ride after that call's turn-out, and no longer than this: the call waits for the order (no longer
  than in any of the runs compared), the ride, the time on scene, then the half of each way it is
  sent on before it has left: home, moved up, back, moved again, and to two calls it is turned from;
* needs the turn-out of the call and the road time; is there then, at the earliest;
* serves one call at a time: from setting out to the end of the time on scene it does nothing else.

Skills, second units and whose ground it is are left out: they only make a day harder. So with
r_c the least response of call c, d_c the least road time and τ_c its target,

    late ≥ #{c: r_c > τ_c} + (others) - max #{others of which no more than n units are at one time}

where another call c in time keeps a unit busy at least from the latest moment to set out,
a_c + τ_c - turn-out - d_c, to the earliest end, a_c + r_c + time on scene. The most such intervals
on n units are found by dropping, wherever there are more, what ends last: Carlisle, M. C. and
Lloyd, E. L. (1995), Discrete Applied Mathematics 59, 225; Faigle, U. and Nawijn, W. M. (1995),
same journal 58, 13. The mean is bounded by the mean of r_c. As a yard-stick of dispatching:
Jagtenberg, C. J. et al. (2017), Health Care Management Science 20, 517.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.driving import SIREN_PRIORITY
from kuaifan.policy.ranking import EMERGENCY_PRIORITY
from kuaifan.policy.scoring import UNREACHABLE_MS
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.kernel_city import KernelCity

Int64s = NDArray[np.int64]
Bools = NDArray[np.bool_]
SHORTEST_WAIT_MS: Final = 3_600_000
"""An hour: dispatchings that let no call wait longer for an order are bounded at least."""
N_RIDES: Final = 4
"""One ride to a call, and six halves until its place is left for good."""
N_TURNS: Final = 2
"""Turned round is who drives to something less urgent, and for priorities 1 and 2 only."""
NEVER_MS: Final = at.NEVER


class Hindsight(NamedTuple):
    """No dispatching is below these (后见下界): shares of calls with a target; None without any.

    mean_s: of a run that reaches all calls counted; None where one of them cannot be reached.
    """

    late_share: float | None
    late_share_urgent: float | None
    mean_s: float | None


class Least(NamedTuple):
    """What each call takes at least (每起最短): response from the ring, and road time alone."""

    response_ms: Int64s
    drive_ms: Int64s


def hindsight(calls: Int64s, city: KernelCity, *, warm_up_ms: int, wait_ms: int = 0) -> Hindsight:
    """Bound one replication from below. Costs some 20 µs a call, more where hours are long.

    wait_ms: the longest that a call waited for an order in the runs compared, see `longest_wait`.
    """
    least = least_of(calls, city, wait_ms)
    counted = calls[at.AT] >= warm_up_ms
    asked = counted & (calls[at.TARGET] > 0)
    urgent = asked & (calls[at.PRIORITY] <= EMERGENCY_PRIORITY)
    n_units = city.units.shape[1]
    response_ms = least.response_ms[counted]
    is_whole = len(response_ms) > 0 and bool((response_ms < NEVER_MS).all())
    return Hindsight(
        late_share=_late_share(calls, least, asked, n_units),
        late_share_urgent=_late_share(calls, least, urgent, n_units),
        mean_s=float(response_ms.mean() / 1000) if is_whole else None,
    )


def longest_wait(calls: Int64s, orders: Int64s) -> int:
    """The longest from a ring to an order for the call in one run; its order table."""
    sent = orders[orders[:, at.ORDER_CALL] >= 0]
    waits_ms = sent[:, at.ORDER_AT] - calls[at.AT, sent[:, at.ORDER_CALL]]
    return int(waits_ms.max(initial=0))


def least_of(calls: Int64s, city: KernelCity, wait_ms: int = 0) -> Least:
    """The least response and road time of each call, wherever units may be."""
    tables = _tables(city)
    response_ms = np.empty(calls.shape[1], np.int64)
    drive_ms = np.empty(calls.shape[1], np.int64)
    known_from_ms = calls[at.AT] + calls[at.TURNOUT]
    linger_ms = max(wait_ms, SHORTEST_WAIT_MS) + _ways_ms(calls, city)
    left_by_ms = known_from_ms + calls[at.SERVICE] + linger_ms
    longest_ms = int((left_by_ms - calls[at.AT]).max(initial=0))
    # Calls come in the order of their ring.
    first = np.searchsorted(calls[at.AT], calls[at.AT] - longest_ms)
    posts = np.unique(np.concatenate((city.post_places, city.units[at.HOME])))
    for c, (ring_ms, place, turnout_ms) in enumerate(calls[[at.AT, at.PLACE, at.TURNOUT]].T):
        table = tables[bool(calls[at.PRIORITY, c] <= SIREN_PRIORITY)]
        near_ms = int(table[place, posts].min())
        patience_ms = max(near_ms, int(calls[at.TARGET, c]))
        last = int(np.searchsorted(calls[at.AT], ring_ms + patience_ms, "right"))
        others = slice(int(first[c]), last)
        from_ms, by_ms = known_from_ms[others], left_by_ms[others]
        drives = table[place, calls[at.PLACE, others]]
        can_help = (by_ms >= ring_ms) & (np.arange(others.start, last) != c)
        waits_ms = np.maximum(from_ms - ring_ms, 0)
        drive_ms[c] = min(near_ms, int(drives[can_help].min(initial=UNREACHABLE_MS)))
        soonest = int((waits_ms + drives)[can_help].min(initial=UNREACHABLE_MS))
        total = turnout_ms + min(near_ms, soonest)
        response_ms[c] = total if min(near_ms, soonest) < UNREACHABLE_MS else NEVER_MS
    return Least(response_ms, drive_ms)


def most_at_once(starts_ms: Int64s, ends_ms: Int64s, n_units: int) -> int:
    """How many of these intervals can be kept so that no more than so many hold at one time.

    One that ends when or before it starts holds at no time. O(n log n + n · units).
    """
    n_kept, ends = 0, list[int]()
    for i in np.argsort(starts_ms, kind="stable").tolist():
        start, end = int(starts_ms[i]), int(ends_ms[i])
        n_kept += 1
        if end <= start:
            continue
        del ends[: bisect_right(ends, start)]
        insort(ends, end)
        if len(ends) > n_units:
            ends.pop()
            n_kept -= 1
    return n_kept


def _tables(city: KernelCity) -> tuple[Int64s, Int64s]:
    """(to, from) the least road time of any unit: driving calmly, and with siren."""
    columns = (city.units[at.CALM], city.units[at.URGENT])
    calm, urgent = (city.travel_ms[np.unique(each)].min(axis=0) for each in columns)
    return calm.astype(np.int64), urgent.astype(np.int64)


def _ways_ms(calls: Int64s, city: KernelCity) -> int:
    """How long a unit can count as being at a call's place beyond waiting and its time on scene."""
    rides_ms = city.travel_ms[city.travel_ms < UNREACHABLE_MS]
    ride_ms = max(at.ON_FOOT_MS, int(rides_ms.max(initial=0)))
    return N_RIDES * ride_ms + N_TURNS * int(calls[at.TURNOUT].max(initial=0))


def _late_share(calls: Int64s, least: Least, asked: Bools, n_units: int) -> float | None:
    """The share of the calls asked for that is late under every dispatching."""
    n_asked = int(asked.sum())
    if not n_asked:
        return None
    reached = asked & (least.response_ms <= calls[at.TARGET])
    ring_ms, target_ms, turnout_ms, service_ms = calls[[at.AT, at.TARGET, at.TURNOUT, at.SERVICE]][
        :, reached
    ]
    starts_ms = ring_ms + target_ms - turnout_ms - least.drive_ms[reached]
    ends_ms = ring_ms + least.response_ms[reached] + service_ms
    return 1.0 - most_at_once(starts_ms, ends_ms, n_units) / n_asked
