"""Two plans on the very same days (成对比较): what is better, by how much, how sure.

Days are the pairs: both plans met the same calls on each; intervals are as in redraw. Each stands
for itself: of twenty figures that no plan changed, one is expected to seem sure. Differences are
the new less the old.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.redraw import draw_anew, interval_of
from kuaifan.plan.scenario import ScenarioError
from kuaifan.plan.trial import TrialDay, TwinFigures, middle_of

Floats = NDArray[np.float64]
N_DRAWS: Final = 1_000
ECDF_S: Final = (30, 60, 90, 120, 150, 180, 240, 300, 420, 600, 900, 1_200)
HOURS: Final = 168
HOUR_S: Final = 3_600
MIN_IN_CELL: Final = 5
MAX_CELLS: Final = 60
URGENT: Final = 2
"""Up to this priority an incident is urgent."""
LEAST_URGENT: Final = 5
SURE_DAYS: Final = 5
"""Drawing anew from fewer days than these shows no spread that could be believed."""
Better = Literal["lower", "higher"]


class Paired(msgspec.Struct, frozen=True, kw_only=True):
    """One figure of both plans (成对指标): old, new, their difference and where it lies.

    n: incidents behind it; n_days: days with any.
    """

    key: str
    unit: str
    better: Better
    old: float
    new: float
    difference: float
    low: float
    high: float
    n: int = 0
    n_days: int = 0

    @property
    def verdict(self) -> Literal["better", "worse", "unsure"]:
        """Whether the difference is sure, and which way; of a few days nothing is."""
        if self.n_days < SURE_DAYS or self.low <= 0 <= self.high:
            return "unsure"
        return "better" if (self.difference < 0) == (self.better == "lower") else "worse"


class CellPair(msgspec.Struct, frozen=True, kw_only=True):
    """A square of the city (网格): how soon somebody was there."""

    cell: int
    lat: float
    lon: float
    p50: Paired
    p90: Paired


class HourPair(msgspec.Struct, frozen=True, kw_only=True):
    """An hour of the week (时段), Monday 0 h first: mean response."""

    hour: int
    mean: Paired


class UnitPair(msgspec.Struct, frozen=True, kw_only=True):
    """A crew's day (警组工作量): hours bound by orders."""

    unit_id: str
    busy_h: Paired
    orders: Paired


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is shown of two plans (方案对比)."""

    n_days: int
    calls_hash: str
    metrics: tuple[Paired, ...]
    ecdf: tuple[Paired, ...]
    cells: tuple[CellPair, ...]
    hours: tuple[HourPair, ...]
    units: tuple[UnitPair, ...]
    n_unattended: tuple[int, int]


def compare(old: TwinFigures, new: TwinFigures, rng: np.random.Generator) -> Compared:
    """Hold a plan against another; raises ScenarioError where they met other days."""
    n_days = _common_days(old, new)
    pair = _Pair(old.days[:n_days], new.days[:n_days], rng)
    ecdf = tuple(pair.share_within(each) for each in ECDF_S)
    return Compared(
        n_days=n_days,
        calls_hash=new.calls_hash,
        metrics=(
            pair.quantile("p90_s", 0.9),
            pair.quantile("p50_s", 0.5),
            pair.mean("mean_s"),
            pair.late("late"),
            pair.late("late_urgent", URGENT),
            *(pair.share_within(each, f"within_{each}") for each in (60, 180, 300)),
            pair.per_day("lost_min", "min", lambda day: day.lost_min),
            pair.per_day("unattended", "a day", lambda day: float(day.n_unattended)),
        ),
        ecdf=ecdf,
        cells=pair.cells(),
        hours=pair.hours(),
        units=pair.units(),
        n_unattended=(
            sum(day.n_unattended for day in old.days[:n_days]),
            sum(day.n_unattended for day in new.days[:n_days]),
        ),
    )


def _common_days(old: TwinFigures, new: TwinFigures) -> int:
    if (old.ask.seed, old.ask.per_day) != (new.ask.seed, new.ask.per_day):
        raise ScenarioError(
            "other_days",
            "两方案试跑的来电不同（种子或日均量不同），请用相同设置重跑其一",
            "the two were tried on other calls (seed or calls a day): run one of them again alike",
        )
    n_days = min(len(old.days), len(new.days))
    is_same = old.calls_hash == new.calls_hash
    if len(old.days) != len(new.days):
        heads = [each.day_hashes[:n_days] for each in (old, new)]
        is_same = heads[0] == heads[1] and len(heads[0]) == n_days
    if not is_same:
        raise ScenarioError(
            "other_days",
            "两方案试跑的来电不同（需求数据已更新），请重跑其一",
            "the two met other calls: the demand was changed between them; run one again",
        )
    return n_days


class _Pair:
    """Two runs as counts by day, with the draws of days (成对计算)."""

    def __init__(
        self,
        old: tuple[TrialDay, ...],
        new: tuple[TrialDay, ...],
        rng: np.random.Generator,
    ) -> None:
        self._old, self._new, self.n_days = old, new, len(old)
        self._times = draw_anew(self.n_days, N_DRAWS, rng)
        self._spreads = _Spread(old), _Spread(new)

    def _runs(self) -> tuple[tuple[TrialDay, ...], tuple[TrialDay, ...]]:
        return self._old, self._new

    def quantile(
        self, key: str, share: float, where: Callable[[TrialDay], object] | None = None
    ) -> Paired:
        """A quantile of all responses, or of some."""
        spreads = self._spreads
        if where is not None:
            spreads = _Spread(self._old, where), _Spread(self._new, where)
        found = [each.quantiles(self._times, share) for each in spreads]
        return self._paired(key, "s", "lower", found, n=spreads[1].n, n_days=_least(spreads))

    def mean(self, key: str) -> Paired:
        """The mean response."""
        found = [each.means(self._times) for each in self._spreads]
        return self._paired(
            key, "s", "lower", found, n=self._spreads[1].n, n_days=_least(self._spreads)
        )

    def share_within(self, within_s: int, key: str = "") -> Paired:
        """Share of responses within so many seconds."""
        found = [each.shares(self._times, within_s) for each in self._spreads]
        return self._paired(
            key or f"{within_s}",
            "share",
            "higher",
            found,
            n=self._spreads[1].n,
            n_days=_least(self._spreads),
        )

    def late(self, key: str, least_urgent: int = LEAST_URGENT) -> Paired:
        """Share of incidents, up to a priority, reached later than their target.

        Of all, those whom nobody came to are late too; of some, their priorities are not kept.
        """
        found, n_all, n_days = [], 0, self.n_days
        for days in (self._old, self._new):
            is_asked = [np.array(day.priority) <= least_urgent for day in days]
            late = np.array(
                [np.sum(np.array(d.is_late)[a]) for d, a in zip(days, is_asked, strict=True)],
                np.float64,
            )
            n = np.array([np.sum(each) for each in is_asked], np.float64)
            if least_urgent == LEAST_URGENT:
                never = np.array([day.n_unattended for day in days], np.float64)
                late, n = late + never, n + never
            found.append(_ratio(self._times @ late, self._times @ n))
            n_all, n_days = int(n.sum()), min(n_days, int(np.count_nonzero(n)))
        return self._paired(key, "share", "lower", found, n=n_all, n_days=n_days)

    def per_day(self, key: str, unit: str, of: Callable[[TrialDay], float]) -> Paired:
        """The mean of a day's figure."""
        found = [
            self._times @ np.array([of(day) for day in days]) / self.n_days
            for days in (self._old, self._new)
        ]
        return self._paired(key, unit, "lower", found, n=self.n_days, n_days=self.n_days)

    def cells(self) -> tuple[CellPair, ...]:
        """Squares with the most incidents, each with enough under both to say something."""
        was, now = (Counter(cell for day in days for cell in day.cell) for days in self._runs())
        count = {cell: min(n, was[cell]) for cell, n in now.items()}
        most = sorted(count, key=lambda cell: (-count[cell], cell))[:MAX_CELLS]
        kept = sorted(cell for cell in most if count[cell] >= MIN_IN_CELL)
        return tuple(self._cell(cell) for cell in kept)

    def _cell(self, cell: int) -> CellPair:
        lat, lon = middle_of(cell)
        where = lambda day: np.array(day.cell) == cell  # noqa: E731 - said where it is used
        return CellPair(
            cell=cell,
            lat=lat,
            lon=lon,
            p50=self.quantile("p50_s", 0.5, where),
            p90=self.quantile("p90_s", 0.9, where),
        )

    def hours(self) -> tuple[HourPair, ...]:
        """Mean response by hour of the week; hours without a call are left out."""
        sums, counts = [], []
        for days in (self._old, self._new):
            sums.append(np.array([_by_hour(day, weighted=True) for day in days]))
            counts.append(np.array([_by_hour(day, weighted=False) for day in days]))
        shown = np.flatnonzero((counts[0].sum(axis=0) > 0) & (counts[1].sum(axis=0) > 0))
        means = [
            _ratio(self._times @ total, self._times @ n)
            for total, n in zip(sums, counts, strict=True)
        ]
        n_new = counts[1].sum(axis=0)
        n_days = np.minimum(*((each > 0).sum(axis=0) for each in counts))
        found = []
        for hour in shown.tolist():
            pair = [each[:, hour] for each in means]
            mean = self._paired(
                "mean_s", "s", "lower", pair, n=int(n_new[hour]), n_days=int(n_days[hour])
            )
            found.append(HourPair(hour=hour, mean=mean))
        return tuple(found)

    def units(self) -> tuple[UnitPair, ...]:
        """Hours bound and orders a day of every crew that was sent."""
        ids = sorted({unit for day in (*self._old, *self._new) for unit in day.n_orders})
        return tuple(self._unit(unit) for unit in ids)

    def _unit(self, unit: str) -> UnitPair:
        return UnitPair(
            unit_id=unit,
            busy_h=self.per_day("busy_h", "h", lambda day: day.busy_s.get(unit, 0) / HOUR_S),
            orders=self.per_day("orders", "a day", lambda day: float(day.n_orders.get(unit, 0))),
        )

    def _paired(
        self, key: str, unit: str, better: Better, found: list[Floats], *, n: int, n_days: int
    ) -> Paired:
        old, new = found
        low, high = interval_of((new - old)[1:], n_days)
        digits = 4 if unit == "share" else 2
        return Paired(
            key=key,
            unit=unit,
            better=better,
            old=_plain(old[0], digits),
            new=_plain(new[0], digits),
            difference=_plain(new[0] - old[0], digits),
            low=_plain(low, digits),
            high=_plain(high, digits),
            n=n,
            n_days=n_days,
        )


def _plain(value: float, digits: int) -> float:
    return round(float(value), digits) + 0.0 if np.isfinite(value) else 0.0


class _Spread:
    """Responses of some days, counted by day and second (分布)."""

    def __init__(
        self, days: tuple[TrialDay, ...], where: Callable[[TrialDay], object] | None = None
    ) -> None:
        parts = [np.array(day.response_s, np.int64) for day in days]
        if where is not None:
            chosen = [np.asarray(where(day), np.bool_) for day in days]
            parts = [part[mask] for part, mask in zip(parts, chosen, strict=True)]
        whole = np.concatenate(parts)
        self.n, self.n_days = len(whole), sum(len(part) > 0 for part in parts)
        self._seconds, column = np.unique(whole, return_inverse=True)
        row = np.repeat(np.arange(len(days)), [len(part) for part in parts])
        self._counts = np.zeros((len(days), len(self._seconds)))
        np.add.at(self._counts, (row, column), 1.0)

    def quantiles(self, times: Floats, share: float) -> Floats:
        """Nearest rank of each draw; nan of an empty one."""
        if not self.n:
            return np.full(len(times), np.nan)
        reached = (times @ self._counts).cumsum(axis=1)
        rank = np.maximum(np.ceil(share * reached[:, -1:]), 1)
        found: Floats = self._seconds[(reached >= rank).argmax(axis=1)].astype(np.float64)
        found[reached[:, -1] == 0] = np.nan
        return found

    def means(self, times: Floats) -> Floats:
        """The mean of each draw."""
        return _ratio(times @ (self._counts @ self._seconds), times @ self._counts.sum(axis=1))

    def shares(self, times: Floats, within_s: int) -> Floats:
        """The share within so many seconds of each draw."""
        is_within = self._seconds <= within_s
        return _ratio(
            times @ self._counts[:, is_within].sum(axis=1), times @ self._counts.sum(axis=1)
        )


def _least(spreads: tuple[_Spread, _Spread]) -> int:
    return min(each.n_days for each in spreads)


def _by_hour(day: TrialDay, *, weighted: bool) -> Floats:
    hours = np.array(day.hour, np.int64)
    weights = np.array(day.response_s, np.float64) if weighted else None
    found: Floats = np.zeros(HOURS)
    np.add.at(found, hours, 1.0 if weights is None else weights)
    return found


def _ratio(top: Floats, bottom: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.divide(top, bottom)
    return found
