"""Where a call comes from (警情落点): a street of the city, by demand and by what stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.points import METRES_PER_DEGREE, distances_m
from kuaifan.roads.network import ROAD_CLASSES, RoadNetwork
from kuaifan.roads.snap import Snapper
from kuaifan.twin.habits import Setting
from kuaifan.twin.stories_demand import DemandCells

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CANDIDATES: Final = 8
"""Places drawn for one call, of which the fittest is likely taken."""
FAR_M: Final = 400.0
"""A street so far from where demand wants a call is across the river, or there is none."""
ASIDE_M: Final = (2.0, 10.0)
TOWARDS_PLACE_M: Final = 25.0
PREFERRED: Final = 8.0
SHUNNED: Final = 0.05
FAST_ROADS: Final = frozenset({"motorway", "motorway_link", "trunk_link", "primary_link"})
"""Where nobody lives, shops or walks."""
_ARTERIAL: Final = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
_LOCAL: Final = frozenset({"residential", "living_street", "unclassified", "service", "road"})


class MapPlace(NamedTuple):
    """A named point of the map (地点), such as a school or an estate; a plain tuple will do."""

    name: str
    kind: str
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Spot:
    """One point on the ground (落点) with its street; anchor: the place it belongs to."""

    lat: float
    lon: float
    arc: int
    fraction_ppm: int
    anchor: MapPlace | None


class _Candidates(NamedTuple):
    """Street positions to choose from; weight says how well each fits."""

    arc: Ints
    fraction_ppm: Ints
    weight: Floats


class Ground:
    """The streets, the demand and the named places of a city (地面).

    Without cells, calls spread over the streets by their length.
    """

    def __init__(
        self, snapper: Snapper, cells: DemandCells | None, places: Sequence[MapPlace]
    ) -> None:
        self._snapper, self._cells = snapper, cells
        network = snapper.network
        self._length: Floats = np.cumsum(
            np.where(network.is_driven, network.length_m, 0.0), dtype=np.float64
        )
        self._cell_ladders = None if cells is None else np.cumsum(cells.weekly, axis=0)
        self._preferred = {
            "arterial": _weigh_roads(network, _ARTERIAL),
            "local": _weigh_roads(network, _LOCAL, FAST_ROADS),
            "any": _weigh_roads(network, frozenset(), FAST_ROADS),
        }
        self._by_kind: dict[str, list[MapPlace]] = {}
        for place in places:
            self._by_kind.setdefault(place.kind, []).append(place)

    def find_spot(self, setting: Setting, class_i: int, rng: np.random.Generator) -> Spot:
        """Draw where a call of this sort comes from, near a place of its kind or by demand."""
        kinds = [kind for kind in setting.kinds if kind in self._by_kind]
        if kinds and rng.random() < setting.share:
            anchor = self._draw_place(setting, kinds, class_i, rng)
            return self._spot_at(anchor, rng)
        found = self._draw_streets(class_i, rng)
        weight = found.weight * self._preferred[setting.roads][found.arc]
        i = _pick(weight, rng)
        arc, fraction_ppm = int(found.arc[i]), int(found.fraction_ppm[i])
        lat, lon = self._snapper.lines.point_at(arc, fraction_ppm)
        lat, lon = move_aside(lat, lon, rng, metres=ASIDE_M)
        return Spot(lat, lon, arc, fraction_ppm, None)

    def _draw_place(
        self, setting: Setting, kinds: Sequence[str], class_i: int, rng: np.random.Generator
    ) -> MapPlace:
        weight = np.array([setting.kinds[kind] for kind in kinds])
        # Of a kind with few members, each gets few calls.
        weight *= np.minimum([len(self._by_kind[kind]) for kind in kinds], CANDIDATES)
        among = self._by_kind[kinds[_pick(weight, rng)]]
        drawn: list[MapPlace] = [among[i] for i in rng.integers(0, len(among), CANDIDATES).tolist()]
        return drawn[_pick(self._demand_at(drawn, class_i), rng)]

    def _demand_at(self, places: Sequence[MapPlace], class_i: int) -> Floats:
        """(k,) what the cell of each place calls a week, more than nothing."""
        cells = self._cells
        if cells is None:
            return np.ones(len(places))
        lat, lon = np.array([(place.lat, place.lon) for place in places]).T
        away = np.abs(cells.lat - lat[:, None]) + np.abs(cells.lon - lon[:, None])
        weekly = cells.weekly[np.argmin(away, axis=1), class_i]
        return np.asarray(weekly + cells.weekly[:, class_i].mean() * 0.1)

    def _spot_at(self, anchor: MapPlace, rng: np.random.Generator) -> Spot:
        """The street at a place's door, a little towards the place."""
        position = self._snapper.snap_one(anchor.lat, anchor.lon).position
        lat, lon = self._snapper.lines.point_at(position.arc, position.fraction_ppm)
        away_m = float(distances_m(lat, lon, to_lat=anchor.lat, to_lon=anchor.lon))
        share = min(1.0, TOWARDS_PLACE_M / max(away_m, 1.0))
        lat, lon = lat + share * (anchor.lat - lat), lon + share * (anchor.lon - lon)
        lat, lon = move_aside(lat, lon, rng, metres=ASIDE_M)
        return Spot(lat, lon, position.arc, position.fraction_ppm, anchor)

    def _draw_streets(self, class_i: int, rng: np.random.Generator) -> _Candidates:
        if self._cells is None or self._cell_ladders is None:
            arc = _draw(self._length, CANDIDATES, rng)
            return _Candidates(arc, rng.integers(0, 1_000_001, CANDIDATES), np.ones(CANDIDATES))
        cells = self._cells
        cell_i = _draw(self._cell_ladders[:, class_i], CANDIDATES, rng)
        half_deg = cells.cell_m / METRES_PER_DEGREE / 2.0
        north, east = rng.uniform(-half_deg, half_deg, (2, CANDIDATES))
        lat = cells.lat[cell_i] + north
        lon = cells.lon[cell_i] + east / np.cos(np.radians(cells.lat[cell_i]))
        found = self._snapper.snap(lat, lon)
        weight = np.where(found.distance_m < max(FAR_M, cells.cell_m), 1.0, 1e-6)
        return _Candidates(found.arc.astype(np.int64), found.fraction_ppm.astype(np.int64), weight)


def move_aside(
    lat: float, lon: float, rng: np.random.Generator, *, metres: tuple[float, float]
) -> tuple[float, float]:
    """A point some metres away, in any direction."""
    away_deg = rng.uniform(*metres) / METRES_PER_DEGREE
    turn = rng.uniform(0.0, 2.0 * np.pi)
    east = away_deg * np.sin(turn) / np.cos(np.radians(lat))
    return float(lat + away_deg * np.cos(turn)), float(lon + east)


def _weigh_roads(
    network: RoadNetwork, wanted: frozenset[str], shunned: frozenset[str] = frozenset()
) -> Floats:
    weight = dict.fromkeys(wanted, PREFERRED) | dict.fromkeys(shunned, SHUNNED)
    by_class = np.array([weight.get(name, 1.0) for name in ROAD_CLASSES])
    return np.asarray(by_class[network.road_class])


def _draw(ladder: Floats, n: int, rng: np.random.Generator) -> Ints:
    """(n,) indices by the weights that a ladder sums up; of a class without demand, any."""
    if ladder[-1] <= 0.0:
        return rng.integers(0, len(ladder), n)
    found = np.searchsorted(ladder, rng.random(n) * ladder[-1], side="right")
    return np.asarray(np.minimum(found, len(ladder) - 1))


def _pick(weight: Floats, rng: np.random.Generator) -> int:
    return int(_draw(np.cumsum(weight), 1, rng)[0])
