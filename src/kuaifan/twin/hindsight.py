"""What nobody can beat (后见下界): late calls and mean response if all calls were known beforehand.

A relaxation of every run of the fast kernel, whoever decides, with moving up and turning round or
without. The unit that is first at a call c counted, when it was told to go, as being

* at a post: its own, or where units are moved up, any post of the city, reached in no time; or
* at the place of a call b that it has served and was just leaving. It was there no sooner than b
  can be reached at all and its time on scene is over, and left no later than half of each way it
  was sent on: home; moved up, back, moved again; to two calls that it was turned from; or
* where units are turned round, at the place of a less urgent call b that it never reached.

It needs the turn-out of c and the road time. No call waits for an order longer than in any of the
runs compared, or an hour. Skills, second units and whose ground it is are left out: they only make
a day harder. Times on scene are a millisecond or more.

What a stay costs. To be there for c, the unit came to b no sooner than q = a_c - (time on scene +
ways), so that b itself had a response of q - a_b at least, where one unit serves b. Let f be what
is counted, the response or whether it is late, h_b that of b served from the nearest post, and

    charge(b, c) = max(0, f_b(q - a_b) - f_b(h_b)), or 0 where more units are sent to b, where b is
                   not counted, and for units turned round from b
    g_c = min(f_c(h_c), least over b of f_c(response from b's place) + charge(b, c)).

Then Σ f_c ≥ Σ g_c. For let A_c be what c takes from where its first unit set out in truth, by the
first two terms of g without the charge; what it took, F_c, is A_c or more, and f_b(q - a_b) or more
where c used the place of b. As max(A, Q) ≥ min(A, h) + max(0, Q - h) whatever A, Q and h are,
F_b ≥ min(A_b, h_b) + charge(b, c). One unit serves b and sets out from there to one call that it
reaches, so that each charge is of one c: count it there. What c then has is min(A_c, h_c), and the
charge for its b: never less than g_c. Hence the mean is bounded, and the late.

The late are bounded by the number of units besides. From setting out to the end of the time on
scene one serves one call. With r_c the least response of c, d_c the least road time and τ_c its
target,

    late ≥ #{c: r_c > τ_c} + (others) - max #{others of which no more than n units are at one time}

where another call c in time keeps a unit busy at least from the latest moment to set out,
a_c + τ_c - turn-out - d_c, to the earliest end, a_c + r_c + time on scene. The most such intervals
on n units are found by dropping, wherever there are more, what ends last: Carlisle, M. C. and
Lloyd, E. L. (1995), Discrete Applied Mathematics 59, 225; Faigle, U. and Nawijn, W. M. (1995),
same journal 58, 13. The greater of both holds. As a yard-stick of dispatching: Jagtenberg, C. J.
et al. (2017), Health Care Management Science 20, 517.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from kuaifan.policy.ranking import EMERGENCY_PRIORITY
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.hindsight_places import (
    Bools,
    Freedom,
    Int64s,
    Sources,
    Stays,
    near_ms,
    sources_of,
    stays_of,
)
from kuaifan.twin.kernel_city import KernelCity

ANY_WAY = Freedom()


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


class _Asked(NamedTuple):
    """Which calls are counted: all, with a target, and of these the urgent."""

    counted: Bools
    targeted: Bools
    urgent: Bools


class _Sums(NamedTuple):
    """The g of each call: whether late, whether urgent and late, and its response."""

    late: Bools
    urgent: Bools
    response_ms: Int64s


def hindsight(
    calls: Int64s,
    city: KernelCity,
    *,
    warm_up_ms: int,
    wait_ms: int = 0,
    freedom: Freedom = ANY_WAY,
) -> Hindsight:
    """Bound one replication from below. Grows as calls × calls within the hours that one takes.

    wait_ms: the longest that a call waited for an order in the runs compared, see `longest_wait`.
    freedom: what the dispatchings may do; those that do less are bounded as well.
    """
    counted = calls[at.AT] >= warm_up_ms
    targeted = counted & (calls[at.TARGET] > 0)
    asked = _Asked(counted, targeted, targeted & (calls[at.PRIORITY] <= EMERGENCY_PRIORITY))
    stays = stays_of(calls, city, freedom, wait_ms=wait_ms)
    least = _least(calls, city, stays, freedom)
    stays = stays._replace(served_ms=calls[at.AT] + least.response_ms)
    sums = _charged(calls, stays, sources_of(calls, city, stays, freedom), asked)
    n_units = city.units.shape[1]
    response_ms = sums.response_ms[counted]
    is_whole = len(response_ms) > 0 and bool((response_ms < at.NEVER).all())
    return Hindsight(
        late_share=_late_share(calls, least, targeted, n_units, sums.late),
        late_share_urgent=_late_share(calls, least, asked.urgent, n_units, sums.urgent),
        mean_s=float(response_ms.mean() / 1000) if is_whole else None,
    )


def longest_wait(calls: Int64s, orders: Int64s) -> int:
    """The longest from a ring to an order for the call in one run; its order table."""
    sent = orders[orders[:, at.ORDER_CALL] >= 0]
    waits_ms = sent[:, at.ORDER_AT] - calls[at.AT, sent[:, at.ORDER_CALL]]
    return int(waits_ms.max(initial=0))


def least_of(
    calls: Int64s, city: KernelCity, wait_ms: int = 0, freedom: Freedom = ANY_WAY
) -> Least:
    """The least response and road time of each call alone, wherever units may be."""
    return _least(calls, city, stays_of(calls, city, freedom, wait_ms=wait_ms), freedom)


def _least(calls: Int64s, city: KernelCity, stays: Stays, freedom: Freedom) -> Least:
    response_ms = stays.home_ms.copy()
    drive_ms = near_ms(calls, city, freedom)
    for c, found in enumerate(sources_of(calls, city, stays, freedom)):
        served_ms = int(found.response_ms.min(initial=at.NEVER))
        response_ms[c] = min(response_ms[c], served_ms, found.turned_ms)
        drive_ms[c] = min(drive_ms[c], found.drive_ms)
    return Least(response_ms, drive_ms)


def _charged(calls: Int64s, stays: Stays, sources: Iterable[Sources], asked: _Asked) -> _Sums:
    """The g of each call, for all three that are counted."""
    target_ms, home_ms = calls[at.TARGET], stays.home_ms
    is_far = home_ms > target_ms
    late, urgent, response_ms = is_far.copy(), is_far.copy(), home_ms.copy()
    # Being delayed costs a call only that is counted, and that a post would have reached in time.
    late_costs, urgent_costs = (stays.is_once & each & ~is_far for each in asked[1:])
    delay_costs = stays.is_once & asked.counted
    for c, (others, served_ms, delay_ms, turned_ms, _) in enumerate(sources):
        delayed_ms = np.maximum(0, delay_ms - home_ms[others]) * delay_costs[others]
        least_ms = int((served_ms + delayed_ms).min(initial=at.NEVER))
        response_ms[c] = min(response_ms[c], least_ms, turned_ms)
        if not is_far[c] or turned_ms <= target_ms[c]:
            late[c] = urgent[c] = False
            continue
        helps = others[served_ms <= target_ms[c]]
        makes_late = delay_ms[served_ms <= target_ms[c]] > target_ms[helps]
        late[c] = bool((makes_late & late_costs[helps]).all())
        urgent[c] = bool((makes_late & urgent_costs[helps]).all())
    return _Sums(late, urgent, response_ms)


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


def _late_share(
    calls: Int64s, least: Least, asked: Bools, n_units: int, is_late: Bools
) -> float | None:
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
    n_in_time = most_at_once(starts_ms, ends_ms, n_units)
    return max(1.0 - n_in_time / n_asked, float(is_late[asked].mean()))
