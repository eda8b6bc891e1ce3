"""Footprints of an invented city's buildings (建筑): rows of slabs, houses, sheds, towers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.invent_net import Point
from kuaifan.city.invent_plots import Plot, Use
from kuaifan.city.invent_ways import densify

Floats = NDArray[np.float64]
_CLEAR_M = 6.0
_USUAL_M2 = (45_000.0, 9_000.0)
"""Area of a usual block, and of one in the old town."""


@dataclass(frozen=True, slots=True)
class _Stock:
    """How one use is built up: distance between buildings and size of each, east by north.

    share: of the places taken; at_most: buildings on one block at full detail.
    """

    pitch_m: tuple[float, float]
    size_m: tuple[float, float]
    share: float
    at_most: int


# Homes lie in rows along the parallel, for the southern sun.
_STOCKS: dict[Use, _Stock] = {
    "estate": _Stock((64.0, 37.0), (50.0, 13.0), 0.9, 16),
    "old_homes": _Stock((21.0, 19.0), (15.0, 10.0), 0.75, 9),
    "commercial": _Stock((62.0, 52.0), (44.0, 30.0), 0.75, 6),
    "mall": _Stock((130.0, 110.0), (105.0, 78.0), 1.0, 2),
    "market": _Stock((80.0, 40.0), (62.0, 22.0), 0.9, 5),
    "industrial": _Stock((105.0, 68.0), (82.0, 44.0), 0.8, 7),
    "school": _Stock((72.0, 58.0), (48.0, 15.0), 0.6, 4),
    "hospital": _Stock((70.0, 55.0), (46.0, 20.0), 0.8, 4),
    "government": _Stock((80.0, 60.0), (52.0, 20.0), 0.8, 3),
    "university": _Stock((120.0, 95.0), (62.0, 22.0), 0.6, 22),
    "station": _Stock((170.0, 60.0), (150.0, 34.0), 1.0, 1),
}


def list_buildings(
    plots: list[Plot], paths: list[list[Point]], n_most: int, rng: np.random.Generator
) -> Floats:
    """Middle, half width and half height of each building on paper, (n, 4).

    None stands on an inner road.
    """
    roads = _Roads(paths)
    wanted = sum(_n_wanted(plot) for plot in plots)
    thinning = min(1.0, 1.3 * n_most / max(wanted, 1.0))
    found = [_build_up(plot, roads, thinning, rng) for plot in plots if plot.use in _STOCKS]
    buildings = np.concatenate([np.empty((0, 4)), *found])
    kept = np.sort(rng.permutation(len(buildings))[:n_most])
    return buildings[kept]


def _n_wanted(plot: Plot) -> float:
    """A large block holds more buildings, though not in proportion."""
    stock = _STOCKS.get(plot.use)
    if stock is None or not plot.ring:
        return 0.0
    return stock.at_most * float(
        np.clip(plot.cell.area_m2() / _USUAL_M2[plot.zone == "old"], 0.6, 2.6)
    )


class _Roads:
    """Points of all inner roads, found by the hectare they lie in."""

    def __init__(self, paths: list[list[Point]]) -> None:
        self._cells: dict[tuple[int, int], list[Point]] = {}
        for path in paths:
            for u, v in densify(path, 9.0):
                self._cells.setdefault((int(u // 100.0), int(v // 100.0)), []).append((u, v))

    def near(self, low: Floats, high: Floats) -> Floats:
        """Points of roads in and about a box, (n, 2)."""
        rows = range(int(low[1] // 100.0), int(high[1] // 100.0) + 1)
        columns = range(int(low[0] // 100.0), int(high[0] // 100.0) + 1)
        found = [p for i in columns for j in rows for p in self._cells.get((i, j), ())]
        return np.array(found, np.float64).reshape(-1, 2)


def _build_up(plot: Plot, roads: _Roads, thinning: float, rng: np.random.Generator) -> Floats:
    stock = _STOCKS[plot.use]
    if not plot.ring:
        return np.empty((0, 4))
    ring = np.array(plot.ring)
    low, high = ring.min(axis=0), ring.max(axis=0)
    middles = _places(low, high, stock)
    half = np.array(stock.size_m) / 2.0 * rng.uniform(0.82, 1.12, (len(middles), 2))
    fits = _is_inside(ring, middles, half) & (rng.random(len(middles)) < stock.share)
    middles, half = middles[fits], half[fits]
    clear = _is_clear(middles, half, roads.near(low, high))
    middles, half = middles[clear], half[clear]
    n_kept = max(1, round(_n_wanted(plot) * thinning))
    kept = np.sort(rng.permutation(len(middles))[:n_kept])
    return np.column_stack((middles[kept], half[kept]))


def _places(low: Floats, high: Floats, stock: _Stock) -> Floats:
    """Middles of a regular row of places that fills the box, (n, 2)."""
    axes = []
    for axis in (0, 1):
        n = max(1, int((high[axis] - low[axis]) // stock.pitch_m[axis]))
        step = (high[axis] - low[axis]) / n
        axes.append(low[axis] + step * (np.arange(n) + 0.5))
    u, v = np.meshgrid(*axes)
    return np.column_stack((u.ravel(), v.ravel()))


def _is_inside(ring: Floats, middles: Floats, half: Floats) -> NDArray[np.bool_]:
    """Whether a whole box lies in a convex ring run against the clock."""
    sides = np.roll(ring, -1, axis=0) - ring
    away = middles[:, None, :] - ring[None, :, :]
    across = sides[None, :, 0] * away[:, :, 1] - sides[None, :, 1] * away[:, :, 0]
    reach = (
        np.abs(sides[None, :, 0]) * half[:, None, 1] + np.abs(sides[None, :, 1]) * half[:, None, 0]
    )
    return np.asarray((across >= reach).all(axis=1))


def _is_clear(middles: Floats, half: Floats, points: Floats) -> NDArray[np.bool_]:
    if not len(points) or not len(middles):
        return np.ones(len(middles), np.bool_)
    away = np.abs(points[None, :, :] - middles[:, None, :])
    is_hit = np.asarray((away < half[:, None, :] + _CLEAR_M).all(axis=2), np.bool_)
    return ~np.asarray(is_hit.any(axis=1), np.bool_)
