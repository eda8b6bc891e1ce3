"""Curved outlines of an invented city (水系与绿地): the river's water, lakes, hills."""

import numpy as np

from kuaifan.city.invent_land import BANK_M, Land
from kuaifan.city.invent_net import Cell, Point

BEYOND = 1.2
"""A river and a railway go on past the edge of the paper."""

_RIVER_STEP_M = 60.0
_BANK_CLEAR_M = 8.0


def river_banks(land: Land, rng: np.random.Generator) -> tuple[list[Point], list[Point]]:
    """The south and the north edge of the water from west to east; it swells and narrows."""
    river = land.river
    reach_m = BEYOND * land.edge_u
    n = int(2.0 * reach_m / _RIVER_STEP_M)
    u = np.linspace(-reach_m, reach_m, n + 1)
    width = river.half_m - BANK_M
    sides = []
    for side in (-1.0, 1.0):
        swell = np.zeros_like(u)
        for length_m in (620.0, 1_350.0, 2_700.0):
            swell += np.sin(2.0 * np.pi * u / length_m + rng.uniform(0.0, 6.28))
        edge = np.minimum(width + 8.0 * swell, river.half_m - _BANK_CLEAR_M)
        v = river.at + side * edge
        sides.append([(float(a), float(b)) for a, b in zip(u, v, strict=True)])
    return sides[0], sides[1]


def water_ring(south: list[Point], north: list[Point]) -> list[Point]:
    """The river's water as one ring."""
    return [*south, *north[::-1]]


def blob(cell: Cell, size: float, rng: np.random.Generator) -> list[Point]:
    """A rounded shape within a four-cornered cell; size 0.5 would touch its sides."""
    a, b, c, d = (np.array(corner) for corner in cell.corners)
    angle = np.linspace(0.0, 2.0 * np.pi, 48, endpoint=False)
    phases = rng.uniform(0.0, 2.0 * np.pi, 3)
    reach = 1.0 + 0.13 * np.sin(2 * angle + phases[0]) + 0.09 * np.sin(3 * angle + phases[1])
    reach = size * (reach + 0.05 * np.sin(5 * angle + phases[2])) / 1.1
    s, t = (0.5 + reach * np.cos(angle))[:, None], (0.5 + reach * np.sin(angle))[:, None]
    points = (1 - s) * (1 - t) * a + s * (1 - t) * b + s * t * c + (1 - s) * t * d
    return [(float(u), float(v)) for u, v in points]
