"""How many seats a load of calls takes (话务量): Erlang B and C.

Both know Poisson arrivals and talks of any seats alike. Erlang C lets every caller wait without
end: people do hang up, so with more load than seats it has no answer, and near that point it says
worse than what is seen. Erlang, A. K. (1917); notation as in ITU-T Teletraffic Handbook (2005).
"""

from __future__ import annotations

import math
from typing import Final

import msgspec

MAX_SEATS: Final = 10_000


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """What a caller may expect (等待预期).

    wait_share: of callers who wait at all. in_target_share: of those answered in the target.
    mean_wait_ms: over all callers; None, like both, where the load has no end of queue.
    """

    wait_share: float | None
    in_target_share: float | None
    mean_wait_ms: int | None


def load_of(calls_per_hour: float, mean_talk_ms: float) -> float:
    """Offered load in erlang (话务量): talks going on at once if nobody ever waited."""
    return calls_per_hour * mean_talk_ms / 3_600_000


def erlang_b(load: float, n_seats: int) -> float:
    """Share of callers who find every seat busy, if those go away (损失制). O(seats)."""
    _check(load, n_seats)
    blocked = 1.0
    for n in range(1, n_seats + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(load: float, n_seats: int) -> float:
    """Share of callers who have to wait (等待制); 1 where the load is no less than the seats."""
    if n_seats <= load:
        _check(load, n_seats)
        return 1.0 if load else 0.0
    blocked = erlang_b(load, n_seats)
    return n_seats * blocked / (n_seats - load * (1 - blocked))


def expect_waiting(load: float, n_seats: int, *, mean_talk_ms: float, target_ms: float) -> Waiting:
    """What callers may expect at so many seats."""
    if not load:
        return Waiting(wait_share=0.0, in_target_share=1.0, mean_wait_ms=0)
    if n_seats <= load:
        return Waiting(wait_share=None, in_target_share=None, mean_wait_ms=None)
    waits, spare = erlang_c(load, n_seats), n_seats - load
    return Waiting(
        wait_share=waits,
        in_target_share=1 - waits * math.exp(-spare * target_ms / mean_talk_ms),
        mean_wait_ms=round(waits * mean_talk_ms / spare),
    )


def seats_needed(load: float, *, mean_talk_ms: float, target_ms: float, share: float = 0.9) -> int:
    """The fewest seats that answer a share of callers in the target (所需席位)."""
    if not 0 < share < 1:
        raise ValueError(f"the share is {share:g}; give one between 0 and 1")
    n_seats = math.floor(load) + 1
    while n_seats < MAX_SEATS:
        expected = expect_waiting(load, n_seats, mean_talk_ms=mean_talk_ms, target_ms=target_ms)
        if expected.in_target_share is not None and expected.in_target_share >= share:
            return n_seats
        n_seats += 1
    raise ValueError(f"no {MAX_SEATS:,} seats answer {share:.0%} of {load:g} erlang in time")


def _check(load: float, n_seats: int) -> None:
    if not math.isfinite(load) or load < 0 or not 0 <= n_seats <= MAX_SEATS:
        raise ValueError(
            f"{load:g} erlang at {n_seats} seats: give a load of 0 or more, and 0 to {MAX_SEATS:,}"
        )
