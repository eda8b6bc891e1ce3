"""Calls where none were recorded (生成来电): a first, plain demand for `twin run --days`.

Over-dispersed by hour (variance / mean 2.4 after hour-of-week, measured on real calls), shaped over
the day by quarter-days of a published county, with types by their weights. They lie where the
city's demand is, or on the streets by their length where no demand is known. Here are the calls
that an incident stands for; what rings besides is in demand_raw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.reference import Reference
from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.roads.lines import ArcLines
from kuaifan.twin.world import SimCall

Floats = NDArray[np.float64]
HOUR_MS: Final = 3_600_000
DAY_HOURS: Final = 24
QUARTER_SHARES: Final = (0.055, 0.246, 0.421, 0.277)
"""Share of calls in 0-6, 6-12, 12-18 and 18-24 h (domain §3.5, Lingao)."""
DISPERSION: Final = 2.4
CALLS_PER_BASE_AND_DAY: Final = 678 / 31
"""Huainan 2023: 678 handled a day over 31 bases; for a city whose inhabitants nobody counted."""


@dataclass(frozen=True, slots=True, eq=False)
class CallCells:
    """Where the calls of a city come from (来电地点): squares of `cell_m`, (n,) each, by weight."""

    lat: Floats
    lon: Floats
    weight: Floats
    cell_m: float


def usual_calls_per_day(reference: Reference) -> float:
    """What a city with these posts would handle at Huainan's rate."""
    return CALLS_PER_BASE_AND_DAY * max(1, len(reference.circle_posts))


def draw_calls(
    reference: Reference,
    *,
    start_ms: int,
    n_days: int,
    calls_per_day: float,
    rng: np.random.Generator,
    cells: CallCells | None = None,
) -> list[SimCall]:
    """Draw the handled calls of some days, sorted by time; same generator state, same calls."""
    hours = start_ms + HOUR_MS * np.arange(n_days * DAY_HOURS)
    mean = calls_per_day * hour_shares()
    # A Poisson whose mean is gamma has variance mean + scale * mean.
    scale = DISPERSION - 1
    counts = rng.poisson(rng.gamma(np.tile(mean, n_days) / scale, scale))
    at_ms = np.repeat(hours, counts) + rng.integers(0, HOUR_MS, counts.sum())
    at_ms.sort()
    types = [t for t in reference.types.values() if t.weight_permille > 0]
    weights = np.array([t.weight_permille for t in types])
    chosen = rng.choice(len(types), len(at_ms), p=weights / weights.sum())
    lat, lon = draw_places(reference, len(at_ms), rng, cells)
    rows = zip(at_ms.tolist(), chosen.tolist(), lat, lon, strict=True)
    return [
        SimCall(at_ms=at, type_code=types[i].code, lat=lat_i, lon=lon_i)
        for at, i, lat_i, lon_i in rows
    ]


def hour_shares() -> Floats:
    """(24,) share of a day's calls in each of its hours."""
    return np.asarray(np.repeat(np.array(QUARTER_SHARES) / sum(QUARTER_SHARES) / 6, 6))


def draw_places(
    reference: Reference, n_calls: int, rng: np.random.Generator, cells: CallCells | None
) -> tuple[list[float], list[float]]:
    """Points in the cells of the demand by their weight, else on streets by their length."""
    if cells is None:
        return _on_streets(reference, n_calls, rng)
    cell_i = rng.choice(len(cells.weight), n_calls, p=cells.weight / cells.weight.sum())
    aside_m = rng.uniform(-0.5, 0.5, (2, n_calls)) * cells.cell_m
    lat = cells.lat[cell_i] + aside_m[0] / METRES_PER_DEGREE
    lon = cells.lon[cell_i] + aside_m[1] / (METRES_PER_DEGREE * np.cos(np.radians(lat)))
    return lat.tolist(), lon.tolist()


def _on_streets(
    reference: Reference, n_calls: int, rng: np.random.Generator
) -> tuple[list[float], list[float]]:
    length_m = reference.network.length_m.astype(np.float64)
    arcs = rng.choice(len(length_m), n_calls, p=length_m / length_m.sum())
    places = ArcLines(reference.network).places_at(arcs, rng.integers(0, 1_000_001, n_calls))
    return places.lat.tolist(), places.lon.tolist()
