"""Calls as a city's own were (习得需求来电): hours, places, classes and days from what was learned.

The mean of an hour is that of its hour of the week and class, times what its kind of day brings;
one gamma factor an hour makes counts as uneven as they were.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.reference import Reference
from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.twin.world import SimCall
from kuaifan.vocabulary.incident_types import IncidentType

Floats = NDArray[np.float64]
HOUR_MS: Final = 3_600_000
DAY_HOURS: Final = 24


@dataclass(frozen=True, slots=True, eq=False)
class LearnedWeek:
    """What a city's calls taught (习得的一周): as `demand.npz` has it, with what days bring.

    weekly: (n cells, classes) calls a week; shape: (classes, 168) shares. day_kinds: holidays and
    the like by date; day_factors: what each kind brings, an ordinary day 1.
    """

    lat: Floats
    lon: Floats
    cell_m: float
    weekly: Floats
    shape: Floats
    classes: tuple[str, ...]
    variance_to_mean: float
    zone: ZoneInfo
    day_kinds: Mapping[date, str]
    day_factors: Mapping[str, float]

    def hourly(self, start_ms: int, n_days: int) -> Floats:
        """Mean calls of every hour by class, (hours, classes)."""
        of_week = self.shape.T * self.weekly.sum(axis=0)
        rows = [self._hour(start_ms + i * HOUR_MS, of_week) for i in range(n_days * DAY_HOURS)]
        return np.stack(rows)

    def _hour(self, at_ms: int, of_week: Floats) -> Floats:
        local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(self.zone)
        kind = self.day_kinds.get(local.date(), "ordinary")
        factor = self.day_factors.get(kind, 1.0)
        found: Floats = of_week[local.weekday() * DAY_HOURS + local.hour] * factor
        return found


def draw_learned(
    reference: Reference,
    week: LearnedWeek,
    *,
    start_ms: int,
    n_days: int,
    calls_per_day: float,
    rng: np.random.Generator,
) -> list[SimCall]:
    """Draw the handled calls of some days, sorted by time; same generator state, same calls."""
    mean = week.hourly(start_ms, n_days)
    usual = float(week.weekly.sum()) / 7
    mean *= calls_per_day / usual if usual else 0.0
    total = mean.sum(axis=1)
    scale = week.variance_to_mean - 1
    # A Poisson whose mean is gamma has variance mean + scale * mean.
    spread = rng.gamma(np.maximum(total, 1e-9) / scale, scale) if scale > 0 else total
    counts = rng.poisson(mean * (spread / np.maximum(total, 1e-9))[:, None])
    hour, kind = (np.repeat(column.ravel(), counts.ravel()) for column in np.indices(counts.shape))
    at_ms = start_ms + hour * HOUR_MS + rng.integers(0, HOUR_MS, len(hour))
    order = np.argsort(at_ms, kind="stable")
    cell, code = _cells(week, kind, rng), _types(reference, week, kind, rng)
    aside_m = rng.uniform(-0.5, 0.5, (2, len(hour))) * week.cell_m
    lat = week.lat[cell] + aside_m[0] / METRES_PER_DEGREE
    lon = week.lon[cell] + aside_m[1] / (METRES_PER_DEGREE * np.cos(np.radians(lat)))
    return [
        SimCall(at_ms=int(at_ms[i]), type_code=code[i], lat=float(lat[i]), lon=float(lon[i]))
        for i in order.tolist()
    ]


def _cells(
    week: LearnedWeek, kind: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Where each call lies, by the cells of its class."""
    cell = np.zeros(len(kind), np.int64)
    for k in np.unique(kind).tolist():
        weight = week.weekly[:, k].astype(np.float64)
        mine = kind == k
        cell[mine] = rng.choice(len(weight), int(mine.sum()), p=weight / weight.sum())
    return cell


def _types(
    reference: Reference, week: LearnedWeek, kind: NDArray[np.int64], rng: np.random.Generator
) -> list[str]:
    """The type of each call: of its class by weight; of all, where the city knows no such class."""
    usual = [each for each in reference.types.values() if each.weight_permille > 0]
    code = np.empty(len(kind), object)
    for k in np.unique(kind).tolist():
        own = [each for each in usual if each.class_key == week.classes[k]] or usual
        mine = kind == k
        code[mine] = _drawn(own, int(mine.sum()), rng)
    return [str(each) for each in code]


def _drawn(types: list[IncidentType], n_calls: int, rng: np.random.Generator) -> list[str]:
    weight = np.array([each.weight_permille for each in types], np.float64)
    chosen = rng.choice(len(types), n_calls, p=weight / weight.sum())
    return [types[i].code for i in chosen.tolist()]
