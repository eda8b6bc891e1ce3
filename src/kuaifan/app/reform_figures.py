"""What a part of the reform's year came to (改革指标), and what the parts say together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.app.reform_plans import STREET_PREFIX
from kuaifan.board.reference import Reference
from kuaifan.geo.points import distances_m
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.kernel_figures import PRIORITY_NAMES, row_of
from kuaifan.twin.kernel_run import KernelResult
from kuaifan.twin.paired import PairedDifference, compare_paired

Int64s = NDArray[np.int64]
Row = dict[str, float | None]
RINGS_MIN: Final = (1, 3, 5)
BOUNDS: Final = ("late at least", "urgent late at least", "mean_s at least")
"""Figures that nobody is below, in the order of `Hindsight`."""
SITE_M: Final = 250.0
"""A call so near to a key site is the site's, and asks for its ring."""
MINUTE_MS: Final = 60_000
DAY_MS: Final = 86_400_000


class Interval(msgspec.Struct, frozen=True):
    """A mean over the parts, with its 95 % interval by Student's t."""

    mean: float
    low: float
    high: float


class PlanFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One plan over the whole year (方案年度指标). against: differences to other plans, by name."""

    name: str
    figures: dict[str, Interval]
    against: dict[str, dict[str, PairedDifference]]


def ring_classes(
    sites: Sequence[tuple[float, float, int]], lat: Sequence[float], lon: Sequence[float]
) -> Int64s:
    """The ring in minutes that each place asks for: that of a key site beside it, else 5.

    sites: latitude, longitude and class of the city's key sites.
    """
    found = np.full(len(lat), RINGS_MIN[-1], np.int64)
    to_lat, to_lon = np.array(lat), np.array(lon)
    for site_lat, site_lon, ring in sites:
        metres = np.asarray(distances_m(site_lat, site_lon, to_lat=to_lat, to_lon=to_lon))
        found[metres <= SITE_M] = np.minimum(found[metres <= SITE_M], ring)
    return found


def figures_of_part(
    calls: Int64s,
    result: KernelResult,
    rings: Int64s,
    reference: Reference,
    *,
    warm_up_ms: int,
) -> Row:
    """All figures of one plan over one part. rings: minutes that each call asks for."""
    row = row_of(calls, result, warm_up_ms=warm_up_ms)
    days = max(1, int(calls[at.AT, -1])) / DAY_MS
    found: Row = {
        "late": row.late_share,
        "late_urgent": row.late_share_urgent,
        "mean_s": row.mean_s,
        "busy": row.busy_share,
        "lost_min": row.lost_min,
        "moves": row.n_moves / days,
        "turned": row.n_turned / days,
    }
    for name in PRIORITY_NAMES:
        found[f"p50_s {name}"], found[f"p90_s {name}"] = row.p50_s[name], row.p90_s[name]
    counted = calls[at.AT] >= warm_up_ms
    response_ms = np.where(result.there_ms >= 0, result.there_ms - calls[at.AT], np.iinfo(int).max)
    for ring in RINGS_MIN:
        own = response_ms[counted & (rings == ring)]
        found[f"within {ring}"] = float((own <= ring * MINUTE_MS).mean()) if len(own) else None
    found["street_share"] = _street_share(calls, result, counted, reference)
    return found


def _street_share(
    calls: Int64s, result: KernelResult, counted: NDArray[np.bool_], reference: Reference
) -> float | None:
    """Share of calls whose first order went to a car of a street station (警务站接警量)."""
    homes = (reference.units[each].home_post_id for each in sorted(reference.units))
    is_street = np.array([home.startswith(STREET_PREFIX) for home in homes])
    if not is_street.any():
        return None
    orders = result.orders[result.orders[:, at.ORDER_CALL] >= 0]
    by = np.full(calls.shape[1], -1, np.int64)
    # Later orders first, so that the first of each call stays.
    by[orders[::-1, at.ORDER_CALL]] = orders[::-1, at.ORDER_UNIT]
    sent = by[counted & (by >= 0)]
    return float(is_street[sent].mean()) if len(sent) else None


def sum_up(
    names: Sequence[str], rows: Sequence[Sequence[Row]], pairs: Sequence[tuple[int, int]]
) -> list[PlanFigures]:
    """Means and intervals of every plan, and the differences of some pairs (plan, base).

    rows: for each plan, those of its parts in the same order.
    """
    found = list[PlanFigures]()
    for i, name in enumerate(names):
        figures = {
            key: interval
            for key in rows[i][0]
            if (interval := _interval([row[key] for row in rows[i]])) is not None
        }
        against = {names[base]: _differences(rows[base], rows[i]) for of, base in pairs if of == i}
        found.append(PlanFigures(name=name, figures=figures, against=against))
    return found


def _differences(base: Sequence[Row], other: Sequence[Row]) -> dict[str, PairedDifference]:
    return {
        key: difference
        for key in base[0]
        if (difference := compare_paired([r[key] for r in base], [r[key] for r in other]))
    }


def _interval(values: Sequence[float | None]) -> Interval | None:
    known = np.array([value for value in values if value is not None])
    if len(known) < 2:  # noqa: PLR2004 - one value has no spread
        return None
    from scipy.stats import t

    mean = float(known.mean())
    half = float(t.ppf(0.975, len(known) - 1) * known.std(ddof=1) / np.sqrt(len(known)))
    return Interval(mean, mean - half, mean + half)
