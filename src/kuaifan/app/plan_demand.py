"""`kuaifan plan demand` (需求预测): learn where and when citizens call, prove it, write it down."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.app.demand_source import Asked, Gathered, gather_file, gather_log
from kuaifan.city.city import CityMeta
from kuaifan.city.demand_file import Demand, pack_demand
from kuaifan.city.folder import read_demand, read_settings
from kuaifan.city.holidays import read_holidays
from kuaifan.city.whole_folder import replace_file
from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.demand_backtest import BackTest, Folds, back_test
from kuaifan.plan.demand_calls import DAY_KINDS, CallCounts
from kuaifan.plan.demand_forecast import PUBLISHABLE, Rates, day_factors
from kuaifan.plan.demand_spread import variance_to_mean
from kuaifan.plan.demand_thresholds import BLOCK_CELLS, PERIOD_HOURS, Threshold, list_thresholds

OUTER_SHARE: Final = 0.002
"""Of the calls on each side, those that lie so far out that the grid leaves them aside."""
MAX_CELLS: Final = 60_000
USUAL_EFFECTIVE_SHARE: Final = 0.244
"""Of all calls, in Huainan 2023; where the city has no demand to say otherwise."""

Floats = NDArray[np.float64]


class DemandFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What it prints (需求预测结果).

    calls_used: of citizens, in whole days and on the grid. left_out: found by the police
    themselves or without a place; outside: beyond the grid or in a day cut off. day_factors: what
    a kind of day brings through an ordinary one. backtest: None where not asked for.
    thresholds: how many were listed. written: where, or None where no publishable forecast won.
    """

    source: str
    calls_used: int
    left_out: int
    outside: int
    first_day: date
    n_days: int
    cell_m: float
    n_cells: int
    classes: tuple[str, ...]
    forecast: str
    calls_per_day: float
    variance_to_mean: float
    day_factors: dict[str, float]
    backtest: BackTest | None
    thresholds: int
    written: Path | None


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """Square cells in rows from the south, columns from the west."""

    south: float
    west: float
    lat_step: float
    lon_step: float
    n_rows: int
    n_columns: int

    def cells(self, lat: Floats, lon: Floats) -> NDArray[np.int64]:
        """The cell of each place, -1 outside."""
        row = np.floor((lat - self.south) / self.lat_step).astype(np.int64)
        column = np.floor((lon - self.west) / self.lon_step).astype(np.int64)
        is_in = (row >= 0) & (row < self.n_rows) & (column >= 0) & (column < self.n_columns)
        return np.where(is_in, row * self.n_columns + column, -1)

    def middles(self) -> tuple[Floats, Floats]:
        """Latitude and longitude of each cell's middle."""
        lat = self.south + self.lat_step * (np.arange(self.n_rows) + 0.5)
        lon = self.west + self.lon_step * (np.arange(self.n_columns) + 0.5)
        return np.repeat(lat, self.n_columns), np.tile(lon, self.n_rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Learnable:
    """Calls as arrays, and what they stand for."""

    calls: CallCounts
    grid: _Grid
    classes: tuple[str, ...]
    first_day: date


def plan_demand(
    output: Path,
    *,
    calls: Path | None,
    db: str | None,
    city: Path | None,
    cell_m: float = 500.0,
    folds: Folds | None = None,
    thresholds: Path | None = None,
) -> DemandFigures:
    """Learn, back-test where folds are given, and write the winner; see DemandFigures.

    thresholds: a CSV to write those of warnings to, by place, time and type.

    Raises BadInputError where there is nothing to learn from.
    """
    if (calls is None) == (db is None):
        raise BadInputError("give either --calls FILE or --db URL")
    gathered = gather_file(calls) if calls is not None else gather_log(db or "")
    meta = None if city is None else read_settings(city).meta
    learnable = _arrange(gathered, city=city, zone=_zone(gathered, meta), cell_m=cell_m)
    if meta is not None:
        _check_ground(learnable.grid, meta)
    tested = None if folds is None else back_test(learnable.calls, folds)
    name = "shrunk" if tested is None else tested.winner
    rates = PUBLISHABLE.get(name, PUBLISHABLE["shrunk"])(learnable.calls)
    figures = _make_figures(gathered, learnable, rates, tested, name, cell_m)
    if name not in PUBLISHABLE:
        return figures
    demand = _make_demand(learnable, rates, figures, read_demand(city) if city else None)
    replace_file(output, pack_demand(demand))
    rows = list_thresholds(learnable.calls, rates) if thresholds else []
    if thresholds is not None:
        replace_file(thresholds, _thresholds_csv(rows, learnable, cell_m))
    return msgspec.structs.replace(figures, written=output, thresholds=len(rows))


def describe(figures: DemandFigures) -> list[str]:
    """The figures for a person."""
    lines = [
        (
            f"{figures.source}: {figures.calls_used:,} calls of {figures.n_days} days from "
            f"{figures.first_day}, {figures.left_out:,} left out, {figures.outside:,} outside"
        ),
        (
            f"{figures.n_cells:,} cells of {figures.cell_m:g} m, {figures.calls_per_day:.1f} a "
            f"day, variance {figures.variance_to_mean:.2f} times the mean"
        ),
    ]
    if figures.backtest is not None:
        lines += [
            f"  {name}: deviance {score.deviance:.3f}, PAI {score.pai:.2f}, bias {score.bias:+.1%}"
            for name, score in figures.backtest.scores.items()
        ]
        lines.append(f"best in {figures.backtest.n_folds} rounds: {figures.backtest.winner}")
    written = f"{figures.written} written ({figures.forecast})"
    return [*lines, written if figures.written else "nothing written: raw counts did better"]


def _thresholds_csv(rows: list[Threshold], learnable: _Learnable, cell_m: float) -> bytes:
    """The thresholds as a table for people and other programs."""
    grid = learnable.grid
    lines = ["south_lat,west_lon,side_m,class,day,from_hour,to_hour,mean,threshold"]
    for each in rows:
        south = grid.south + each.block_row * BLOCK_CELLS * grid.lat_step
        west = grid.west + each.block_column * BLOCK_CELLS * grid.lon_step
        day, period = divmod(each.period, 24 // PERIOD_HOURS)
        first = period * PERIOD_HOURS
        lines.append(
            f"{south:.5f},{west:.5f},{BLOCK_CELLS * cell_m:g},{learnable.classes[each.kind]},"
            f"{day + 1},{first},{first + PERIOD_HOURS},{each.mean:.3f},{each.threshold}"
        )
    return ("\n".join(lines) + "\n").encode()


def _zone(gathered: Gathered, meta: CityMeta | None) -> ZoneInfo:
    name = gathered.time_zone or (meta.time_zone if meta else "")
    if not name:
        raise BadInputError("nothing says the time zone of these calls: give --city DIR")
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInputError(f"there is no time zone {name!r}; one is Asia/Shanghai") from error


def _arrange(gathered: Gathered, *, city: Path | None, zone: ZoneInfo, cell_m: float) -> _Learnable:
    asked = gathered.asked
    if not asked:
        raise BadInputError(
            f"{gathered.name} holds no citizen's call with a place: nothing to learn"
        )
    local = [datetime.fromtimestamp(each.at_ms / 1000, UTC).astimezone(zone) for each in asked]
    days = [each.date() for each in local]
    # The first and the last day are seldom whole.
    first, end = min(days) + timedelta(days=1), max(days)
    monday = first - timedelta(days=first.weekday())
    hours = np.array(
        [(day - monday).days * 24 + each.hour for day, each in zip(days, local, strict=True)]
    )
    lat = np.array([each.lat for each in asked])
    lon = np.array([each.lon for each in asked])
    grid = _make_grid(lat, lon, cell_m)
    cells = grid.cells(lat, lon)
    first_hour, end_hour = (first - monday).days * 24, (end - monday).days * 24
    if end_hour <= first_hour:
        raise BadInputError(f"{gathered.name} spans no whole day: give a longer time")
    classes, kinds = _classes(asked)
    used = (cells >= 0) & (hours >= first_hour) & (hours < end_hour)
    counts = CallCounts(
        hour=hours[used],
        cell=cells[used],
        kind=kinds[used],
        n_rows=grid.n_rows,
        n_columns=grid.n_columns,
        n_kinds=len(classes),
        day_kind=_day_kinds(read_holidays(city, zone.key), monday, (end - monday).days),
        first_hour=first_hour,
        end_hour=end_hour,
    )
    return _Learnable(counts, grid, classes, first)


def _classes(asked: list[Asked]) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    classes = tuple(sorted(Counter(each.type_class for each in asked)))
    index = {name: i for i, name in enumerate(classes)}
    return classes, np.array([index[each.type_class] for each in asked], np.int64)


def _day_kinds(holidays: dict[date, str], monday: date, n_days: int) -> NDArray[np.int64]:
    kinds = [holidays.get(monday + timedelta(days=i), DAY_KINDS[0]) for i in range(n_days)]
    return np.array([DAY_KINDS.index(kind) for kind in kinds], np.int64)


def _make_grid(lat: Floats, lon: Floats, cell_m: float) -> _Grid:
    south, north = np.quantile(lat, (OUTER_SHARE, 1 - OUTER_SHARE)).tolist()
    west, east = np.quantile(lon, (OUTER_SHARE, 1 - OUTER_SHARE)).tolist()
    lat_step = cell_m / METRES_PER_DEGREE
    lon_step = lat_step / math.cos(math.radians((south + north) / 2))
    n_rows, n_columns = int((north - south) / lat_step) + 1, int((east - west) / lon_step) + 1
    if n_rows * n_columns > MAX_CELLS:
        raise BadInputError(
            f"cells of {cell_m:g} m would be {n_rows * n_columns:,}, at most {MAX_CELLS:,} are "
            "taken: give larger ones with --cell-m"
        )
    return _Grid(south, west, lat_step, lon_step, n_rows, n_columns)


def _check_ground(grid: _Grid, meta: CityMeta) -> None:
    centre = grid.cells(np.array([meta.centre_lat]), np.array([meta.centre_lon]))
    if centre[0] < 0:
        raise BadInputError(
            f"the calls lie elsewhere than {meta.name}: lay them over it with "
            "`kuaifan import calls --onto DIR`, or leave out --city"
        )


def _make_figures(
    gathered: Gathered,
    learnable: _Learnable,
    rates: Rates,
    tested: BackTest | None,
    name: str,
    cell_m: float,
) -> DemandFigures:
    calls, hourly = learnable.calls, rates.hourly()
    factors = day_factors(calls, hourly, len(DAY_KINDS))
    spread = variance_to_mean(calls, hourly, factors)
    daily = rates.weekly.sum(axis=0) / 7
    return DemandFigures(
        source=gathered.name,
        calls_used=len(calls.hour),
        left_out=gathered.n_left_out,
        outside=len(gathered.asked) - len(calls.hour),
        first_day=learnable.first_day,
        n_days=(calls.end_hour - calls.first_hour) // 24,
        cell_m=cell_m,
        n_cells=calls.n_cells,
        classes=learnable.classes,
        forecast=name,
        calls_per_day=round(float(daily.sum()), 2),
        variance_to_mean=round(spread, 3),
        day_factors={
            kind: round(float(factor), 3)
            for kind, factor in zip(DAY_KINDS, factors, strict=True)
            if np.any(calls.day_kind == DAY_KINDS.index(kind))
        },
        thresholds=0,
        backtest=tested,
        written=None,
    )


def _make_demand(
    learnable: _Learnable, rates: Rates, figures: DemandFigures, before: Demand | None
) -> Demand:
    """Rates as demand.npz holds them; people and the share of incidents stay as they were."""
    lat, lon = learnable.grid.middles()
    population = np.zeros(len(lat))
    if before is not None:
        cells = learnable.grid.cells(before.lat, before.lon)
        np.add.at(population, cells[cells >= 0], before.population[cells >= 0])
    return Demand(
        cell_m=figures.cell_m,
        lat=lat,
        lon=lon,
        population=population.astype(np.float32),
        weekly=rates.weekly.astype(np.float32),
        shape=rates.week.astype(np.float32),
        variance_to_mean=figures.variance_to_mean,
        effective_share=before.effective_share if before else USUAL_EFFECTIVE_SHARE,
        classes=learnable.classes,
        evidence=msgspec.json.encode(figures).decode(),
    )
