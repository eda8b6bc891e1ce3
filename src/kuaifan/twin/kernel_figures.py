"""What one run of the kernel says of a policy (单次仿真指标), without calls of its first hours.

A run begins with everybody free, which no city ever is: calls of the warm-up count for nothing.
"""

from __future__ import annotations

from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.ranking import EMERGENCY_PRIORITY
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.kernel_city import KernelCity
from kuaifan.twin.kernel_run import KernelResult

Int64s = NDArray[np.int64]
BUSY_LIMIT: Final = 0.85
"""From here on a few more calls make endless queues (domain: metastability)."""
GROWS_BY: Final = 2.0
WORTH_S: Final = 60.0
MINUTE_MS: Final = 60_000
DAY_MS: Final = 86_400_000
PRIORITY_NAMES: Final = ("P1", "P2", "P3", "P4", "P5")


class RunRow(msgspec.Struct, frozen=True, kw_only=True):
    """One replication under one policy (一次重复).

    Response is from the call to the first arrival, a call never reached is late. late_share: of
    calls with a target. p50_s, p90_s: by priority, None without calls. lost_min: circle-minutes a
    day in which nobody held a circle. wait_growth: mean wait for the first order in the last
    quarter of the run over that in the second.
    """

    n_calls: int
    n_unserved: int
    late_share: float | None
    late_share_urgent: float | None
    mean_s: float | None
    p50_s: dict[str, float | None]
    p90_s: dict[str, float | None]
    lost_min: float
    busy_share: float
    mean_wait_s: float
    most_waiting: int
    wait_growth: float
    n_moves: int
    n_turned: int


def row_of(calls: Int64s, result: KernelResult, *, warm_up_ms: int) -> RunRow:
    """Say what a run came to. calls: the columns it was given."""
    at_ms, priority, target_ms = calls[at.AT], calls[at.PRIORITY], calls[at.TARGET]
    counted = at_ms >= warm_up_ms
    is_served = result.there_ms >= 0
    response_ms = result.there_ms - at_ms
    is_late = ~is_served | (response_ms > target_ms)
    asked = counted & (target_ms > 0)
    urgent = asked & (priority <= EMERGENCY_PRIORITY)
    served = counted & is_served
    by_priority = {
        name: response_ms[served & (priority == number + 1)]
        for number, name in enumerate(PRIORITY_NAMES)
    }
    span_ms = max(1, int(at_ms[-1]))
    wait_s = np.where(result.sent_ms >= 0, result.sent_ms - at_ms, span_ms - at_ms) / 1000
    return RunRow(
        n_calls=int(counted.sum()),
        n_unserved=int((counted & ~is_served).sum()),
        late_share=_share(is_late[asked]),
        late_share_urgent=_share(is_late[urgent]),
        mean_s=float(response_ms[served].mean() / 1000) if served.any() else None,
        p50_s={name: _quantile_s(found, 0.5) for name, found in by_priority.items()},
        p90_s={name: _quantile_s(found, 0.9) for name, found in by_priority.items()},
        lost_min=_lost_min(result, warm_up_ms),
        busy_share=float(
            result.busy_ms.sum() / (max(1, span_ms - warm_up_ms) * len(result.busy_ms))
        ),
        mean_wait_s=float(wait_s[counted].mean()) if counted.any() else 0.0,
        most_waiting=int(result.counts[at.MOST_QUEUED]),
        wait_growth=_growth(wait_s),
        n_moves=int(result.counts[at.N_MOVED]),
        n_turned=int(result.counts[at.N_TURNED]),
    )


def nobody_busy_late(calls: Int64s, city: KernelCity, *, warm_up_ms: int) -> float | None:
    """The share late if every unit were free at its own post for every call (后见参照).

    The relaxation of the best that anybody who knew all calls beforehand could do with units that
    answer from their posts: no call takes a unit from another. It bounds no policy that moves units
    up, nor one whose unit is just on its way home past the place.
    """
    fastest = np.full(calls.shape[1], np.iinfo(np.int64).max)
    for unit in range(city.units.shape[1]):
        home, calm, urgent = city.units[[at.HOME, at.CALM, at.URGENT], unit]
        is_urgent = calls[at.PRIORITY] <= EMERGENCY_PRIORITY
        profile = np.where(is_urgent, urgent, calm)
        fastest = np.minimum(fastest, city.travel_ms[profile, calls[at.PLACE], home])
    asked = (calls[at.AT] >= warm_up_ms) & (calls[at.TARGET] > 0)
    is_late = fastest + calls[at.TURNOUT] > calls[at.TARGET]
    return _share(is_late[asked])


def is_overloaded(row: RunRow) -> bool:
    """Whether a run says that calls come faster than units are done with them."""
    grows = row.wait_growth >= GROWS_BY and row.mean_wait_s >= WORTH_S
    return row.busy_share >= BUSY_LIMIT or grows


def _lost_min(result: KernelResult, warm_up_ms: int) -> float:
    sampled_ms = int(result.counts[at.SAMPLED_MS]) - warm_up_ms
    return (
        float(result.lost_ms.sum() / MINUTE_MS / (sampled_ms / DAY_MS)) if sampled_ms > 0 else 0.0
    )


def _growth(wait_s: NDArray[np.float64]) -> float:
    """Mean wait of the last quarter of the calls over that of the second."""
    quarter = len(wait_s) // 4
    early, last = wait_s[quarter : 2 * quarter], wait_s[3 * quarter :]
    if not len(early) or not len(last):
        return 1.0
    return float((last.mean() + 1.0) / (early.mean() + 1.0))


def _share(is_so: NDArray[np.bool_]) -> float | None:
    return float(is_so.mean()) if len(is_so) else None


def _quantile_s(response_ms: Int64s, share: float) -> float | None:
    return (
        float(np.quantile(response_ms, share, method="inverted_cdf") / 1000)
        if len(response_ms)
        else None
    )
