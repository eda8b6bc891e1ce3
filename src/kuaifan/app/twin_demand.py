"""Draws the calls of a twin run (生成来电) at a city's usual volume, where its demand is."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec
import numpy as np

from kuaifan.app.reference import make_reference
from kuaifan.app.twin_run import CallSource
from kuaifan.board.reference import Reference
from kuaifan.city.city import City
from kuaifan.city.demand_file import Demand
from kuaifan.city.folder import read_demand
from kuaifan.city.holidays import read_holidays
from kuaifan.twin.demand import CallCells, draw_calls, usual_calls_per_day
from kuaifan.twin.demand_learned import LearnedWeek, draw_learned
from kuaifan.twin.demand_raw import RAW_PER_HANDLED, add_raw_calls
from kuaifan.twin.world import SimCall

DEMAND_STREAM, RAW_STREAM = 1, 2


def draw_source(
    city: City,
    *,
    start_ms: int,
    n_days: int,
    handled_per_day: float | None,
    raw_per_handled: float = RAW_PER_HANDLED,
    seed: int,
) -> CallSource:
    """So many days of calls; by default as many handled ones as the inhabitants bring.

    The handled calls do not depend on how many ring besides.
    """
    reference, demand = make_reference(city), read_demand(city.path)
    rate = handled_per_day
    if rate is None:
        rate = demand.incidents_per_day if demand else usual_calls_per_day(reference)
    cells = _cells(demand) if demand else None
    handled = draw_handled(
        city,
        reference,
        start_ms=start_ms,
        n_days=n_days,
        handled_per_day=rate,
        seed=seed,
    )
    raw = add_raw_calls(
        reference,
        handled,
        n_days=n_days,
        start_ms=start_ms,
        raw_per_handled=raw_per_handled,
        rng=_luck(seed, RAW_STREAM),
        cells=cells,
    )
    ringing = rate * max(1.0, raw_per_handled)
    name = f"{n_days} drawn days at {rate:.0f} handled of {ringing:.0f} calls a day"
    return CallSource(sim_calls=raw, name=name)


def draw_handled(
    city: City,
    reference: Reference,
    *,
    start_ms: int,
    n_days: int,
    handled_per_day: float | None,
    seed: int,
) -> list[SimCall]:
    """The calls that become incidents: as the city's own were, where it has learned from them."""
    demand, rng = read_demand(city.path), _luck(seed, DEMAND_STREAM)
    rate = handled_per_day
    if rate is None:
        rate = demand.incidents_per_day if demand else usual_calls_per_day(reference)
    if demand is not None and demand.evidence:
        week = _learned(city, demand)
        return draw_learned(
            reference, week, start_ms=start_ms, n_days=n_days, calls_per_day=rate, rng=rng
        )
    return draw_calls(
        reference,
        start_ms=start_ms,
        n_days=n_days,
        calls_per_day=rate,
        rng=rng,
        cells=_cells(demand) if demand else None,
    )


class _Evidence(msgspec.Struct):
    """What a run needs of how the demand was learned; the rest is passed over."""

    day_factors: dict[str, float] = {}


def _learned(city: City, demand: Demand) -> LearnedWeek:
    found = msgspec.json.decode(demand.evidence, type=_Evidence)
    return LearnedWeek(
        lat=demand.lat,
        lon=demand.lon,
        cell_m=demand.cell_m,
        weekly=demand.weekly.astype(np.float64),
        shape=demand.shape.astype(np.float64),
        classes=demand.classes,
        variance_to_mean=demand.variance_to_mean,
        zone=ZoneInfo(city.meta.time_zone),
        day_kinds=read_holidays(city.path, city.meta.time_zone),
        day_factors=found.day_factors,
    )


def _cells(demand: Demand) -> CallCells:
    weight = demand.weekly.sum(axis=1, dtype=np.float64)
    return CallCells(demand.lat, demand.lon, weight, demand.cell_m)


def _luck(seed: int, stream: int) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(key=[seed, stream]))
