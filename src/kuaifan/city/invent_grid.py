"""The lines that streets may follow (路网骨架): shared by all blocks, so streets run on."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from kuaifan.city.invent_land import EASTWARD, NORTHWARD, Axis, Land

PRIMARY_M, FAR_PRIMARY_M = 820.0, 1_250.0
_N_LEVELS = 4


class Grid:
    """Positions of lines on both axes, each with its level: 1 for the great, 4 for the least.

    bridges: positions of the northward lines that cross the river.
    """

    def __init__(self, levels: tuple[dict[float, int], dict[float, int]]) -> None:
        self._level = levels
        self._at = tuple(sorted(level) for level in levels)
        self.bridges: frozenset[float] = frozenset()
        self.skipped_m2 = 1.9 * FAR_PRIMARY_M**2

    def level(self, axis: Axis, at: float) -> int:
        """The level of a line that there is."""
        return self._level[axis][at]

    def find_level(self, axis: Axis, at: float) -> int | None:
        """The level of a line, None where it follows no shared one."""
        return self._level[axis].get(at)

    def list_within(self, axis: Axis, span: tuple[float, float]) -> Iterator[tuple[float, int]]:
        """Every line between two positions, in order."""
        at = self._at[axis]
        for position in at[bisect_left(at, span[0]) : bisect_right(at, span[1])]:
            yield position, self._level[axis][position]

    def find(self, axis: Axis, span: tuple[float, float], *, max_level: int) -> float | None:
        """The greatest line within a span, of equals the one nearest its middle."""
        middle = (span[0] + span[1]) / 2.0
        fitting = (
            (level, abs(at - middle), at)
            for at, level in self.list_within(axis, span)
            if level <= max_level
        )
        return min(fitting, default=(0, 0.0, None))[2]


def make_grid(land: Land, rng: np.random.Generator) -> Grid:
    """Draw the lines of one city: those beside bands are given, the others divide the gaps."""
    levels = tuple(_draw_axis(land, axis, rng) for axis in (NORTHWARD, EASTWARD))
    grid = Grid((levels[0], levels[1]))
    grid.bridges = _choose_bridges(land, grid)
    return grid


def _draw_axis(land: Land, axis: Axis, rng: np.random.Generator) -> dict[float, int]:
    edge = land.edge_u if axis == NORTHWARD else land.edge_v
    # The two main streets of the old town cross in its middle.
    fixed = [-edge, 0.0, edge]
    for band in land.bands:
        if band.axis == axis:
            fixed += [band.at - band.half_m, band.at + band.half_m]
    fixed.sort()
    levels: dict[float, int] = {0.0: 1}
    gaps = list(pairwise(fixed))
    bands = {band.at for band in land.bands if band.axis == axis}
    for low, high in gaps:
        if any(low < at < high for at in bands):
            continue
        _fill(levels, [low, *_divide(land, low, high, rng), high], rng)
    return levels


def _divide(land: Land, low: float, high: float, rng: np.random.Generator) -> list[float]:
    """Primary positions between two given lines, sparser outside the town."""
    middle = abs(low + high) / 2.0
    step_m = PRIMARY_M if middle < land.size.radius_m else FAR_PRIMARY_M
    n_gaps = max(1, round((high - low) / step_m))
    shares = np.cumsum(rng.uniform(0.75, 1.3, n_gaps))
    return [round(float(low + (high - low) * s), 1) for s in shares[:-1] / shares[-1]]


def _fill(levels: dict[float, int], primary: list[float], rng: np.random.Generator) -> None:
    """Halve every gap down to the least level, never quite in the middle."""
    levels |= dict.fromkeys(primary[1:-1], 1)
    known = primary
    for level in range(2, _N_LEVELS + 1):
        halves = [
            round(float(low + (high - low) * rng.uniform(0.4, 0.6)), 1)
            for low, high in pairwise(known)
        ]
        levels |= {at: level for at in halves if at not in levels}
        known = sorted([*known, *halves])


def _choose_bridges(land: Land, grid: Grid) -> frozenset[float]:
    """Primary lines nearest to evenly spread places; expressways bring bridges of their own."""
    express = [band.at for band in land.list_bands("express", NORTHWARD)]
    n_own = land.size.n_bridges - len(express)
    reach = 0.95 * land.size.radius_m
    primary = [at for at, level in grid.list_within(NORTHWARD, (-reach, reach)) if level == 1]
    chosen: list[float] = [0.0]
    while len(chosen) < min(n_own, len(primary)):
        # The next bridge goes where the nearest one is furthest.
        held = [*chosen, *express]
        chosen.append(max(primary, key=lambda at: min(abs(at - other) for other in held)))
    return frozenset(chosen)
