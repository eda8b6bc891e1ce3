"""Where an invented city lies (地理格局): its river, railway, expressways, towns and zones."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kuaifan.city.invent_size import CitySize
from kuaifan.city.invent_warp import Warp, make_warp

BandKind = Literal["river", "rail", "express"]
Zone = Literal["old", "core", "urban", "suburban", "rural"]
Axis = Literal[0, 1]
NORTHWARD: Axis = 0
EASTWARD: Axis = 1

EDGE_U, EDGE_V = 1.5, 1.3
"""How far the paper reaches, in radii of the town."""

BANK_M = 50.0
RAIL_HALF_M = 26.0
EXPRESS_HALF_M = 34.0
CORE_UNTIL, URBAN_UNTIL, SUBURBAN_UNTIL = 0.42, 0.85, 1.08
_TOWN_BEGINS, _TOWN_FALLS = 0.5, 0.55
# In radii of the town, on the river's side positive: expressways keep off river and railway.
_EXPRESS_U = {1: (0.46,), 2: (-0.46, 0.52), 3: (-0.5, 0.36, 0.84)}
_EXPRESS_V = {1: (-0.36,), 2: (-0.34, 0.7), 3: (-0.3, 0.62, -0.92)}
_RIVER_V, _RAIL_V = 0.33, -0.64


@dataclass(frozen=True, slots=True)
class Band:
    """A straight strip on paper where no block stands (条带): u or v within half_m of `at`.

    axis: NORTHWARD where u is constant, EASTWARD where v is.
    """

    kind: BandKind
    axis: Axis
    at: float
    half_m: float


@dataclass(frozen=True, slots=True)
class Town:
    """A lesser town with its own middle (镇、新城)."""

    u: float
    v: float
    radius_m: float


@dataclass(frozen=True, slots=True)
class Land:
    """The ground before there are streets; all positions on paper.

    river_side: 1 where the river runs north of the middle, -1 south of it.
    outline: (k, phase, share) waves that make the town's outline no circle.
    """

    size: CitySize
    warp: Warp
    bands: tuple[Band, ...]
    towns: tuple[Town, ...]
    river_side: float
    outline: tuple[tuple[int, float, float], ...]

    @property
    def edge_u(self) -> float:
        """Half the paper's width in metres."""
        return round(EDGE_U * self.size.radius_m)

    @property
    def edge_v(self) -> float:
        """Half the paper's height in metres."""
        return round(EDGE_V * self.size.radius_m)

    @property
    def river(self) -> Band:
        """The strip of the river."""
        return next(band for band in self.bands if band.kind == "river")

    def list_bands(self, kind: BandKind, axis: Axis | None = None) -> list[Band]:
        """The strips of one kind, on one axis where told."""
        return [b for b in self.bands if b.kind == kind and axis in {None, b.axis}]

    def remoteness(self, u: float, v: float) -> float:
        """0 in the middle of the town, 1 at its edge, more outside; low again in lesser towns."""
        away_m, angle = math.hypot(u, v), math.atan2(v, u)
        reach = 1.0 + sum(share * math.sin(k * angle + phase) for k, phase, share in self.outline)
        remote = away_m / (reach * self.size.radius_m)
        for town in self.towns:
            within = math.hypot(u - town.u, v - town.v) / town.radius_m
            remote = min(remote, _TOWN_BEGINS + _TOWN_FALLS * within)
        return remote

    def zone(self, u: float, v: float) -> Zone:
        """What kind of town stands there."""
        if math.hypot(u, v) < self.size.old_m:
            return "old"
        remote = self.remoteness(u, v)
        if remote < CORE_UNTIL:
            return "core"
        if remote < URBAN_UNTIL:
            return "urban"
        return "suburban" if remote < SUBURBAN_UNTIL else "rural"


def make_land(size: CitySize, rng: np.random.Generator) -> Land:
    """Draw one city's ground: sides, distances and bends differ by seed, the sense of it not."""
    side = float(rng.choice((-1.0, 1.0)))
    bands = _place_bands(size, side, rng)
    towns = tuple(_place_towns(size, side, rng))
    outline = tuple((k, float(rng.uniform(0.0, 6.28)), share) for k, share in _OUTLINE)
    middles = tuple((town.u, town.v) for town in towns)
    warp = make_warp(size, bands[0].at, middles, rng)
    return Land(size, warp, bands, towns, side, outline)


_OUTLINE = ((2, 0.1), (3, 0.09), (5, 0.06))


def _place_bands(size: CitySize, side: float, rng: np.random.Generator) -> tuple[Band, ...]:
    radius = size.radius_m
    mirror = float(rng.choice((-1.0, 1.0)))
    n_north, n_east = size.n_express

    def near(share: float) -> float:
        return float(round(share * radius + rng.uniform(-0.03, 0.03) * radius))

    river = Band("river", EASTWARD, near(side * _RIVER_V), round(size.river_half_m + BANK_M))
    rail = Band("rail", EASTWARD, near(side * _RAIL_V), RAIL_HALF_M)
    north = (
        Band("express", NORTHWARD, near(mirror * share), EXPRESS_HALF_M)
        for share in _EXPRESS_U[n_north]
    )
    east = (
        Band("express", EASTWARD, near(side * share), EXPRESS_HALF_M)
        for share in _EXPRESS_V[n_east]
    )
    return (river, rail, *north, *east)


def _place_towns(size: CitySize, side: float, rng: np.random.Generator) -> list[Town]:
    """The first beyond the river, the others all around, each in its own direction."""
    turn = rng.uniform(0.3, 0.6)
    towns = []
    for town_i in range(size.n_towns):
        angle = side * (turn + 2.0 * math.pi * town_i / size.n_towns) + rng.uniform(-0.15, 0.15)
        share = rng.uniform(0.2, 0.27) if size.n_towns == 1 else rng.uniform(0.13, 0.22)
        town_u = round(1.2 * size.radius_m * math.cos(angle))
        town_v = round(1.02 * size.radius_m * math.sin(angle))
        towns.append(Town(town_u, town_v, float(round(share * size.radius_m))))
    return towns
