"""A city-year on the engine twin (整引擎仿真一年): every rule on, hashing on, written to disk."""

from __future__ import annotations

from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

from kuaifan.app.twin_demand import draw_source
from kuaifan.app.twin_run import CallSource, RunOptions, run_twin
from kuaifan.city.city import City
from kuaifan.city.folder import read_city
from kuaifan.city.invent import invent_city

DAYS: Final = 365
N_CIRCLES: Final = 39
"""With so many a medium city has about 60 units on shift at a time."""
DAY_H: Final = 24
SEED: Final = 1
N_BEFORE: Final = 20
START_MS: Final = round(datetime(2026, 1, 4, 16, tzinfo=UTC).timestamp() * 1000)


def run_year(folder: Path, n_incidents: int, year_incidents: int) -> tuple[float, float, float]:
    """Run the first incidents of a year; (CPU seconds, wall seconds, units on shift at a time).

    The city is an invented medium one. Nobody rings in vain: each call is an incident.
    """
    invent_city(
        folder / "city", seed=SEED, size="medium", n_circles=N_CIRCLES, progress=lambda _said: None
    )
    city, per_day = read_city(folder / "city"), year_incidents / DAYS
    source = draw_source(
        city,
        start_ms=START_MS,
        n_days=ceil(n_incidents / per_day) + 1,
        handled_per_day=per_day,
        raw_per_handled=1.0,
        seed=SEED,
    )
    calls = CallSource(sim_calls=source.sim_calls[:n_incidents], name=source.name)
    # Kernels and modules are loaded once in a year, not once in so few incidents.
    few = CallSource(sim_calls=source.sim_calls[:N_BEFORE], name=source.name)
    run_twin(city, few, folder / "before", RunOptions(seed=SEED), progress=lambda _n, _of: None)
    began_s, began_cpu_s = perf_counter(), process_time()
    run_twin(city, calls, folder / "run", RunOptions(seed=SEED), progress=lambda _n, _of: None)
    return process_time() - began_cpu_s, perf_counter() - began_s, _on_shift(city)


def _on_shift(city: City) -> float:
    """Units on duty on the average over a day."""
    shifts = (unit.shift for unit in city.units)
    hours = ((shift.end_hour - shift.start_hour) % DAY_H or DAY_H for shift in shifts)
    return sum(hours) / DAY_H
