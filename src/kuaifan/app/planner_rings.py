"""Draws what posts reach (圈层图): by the map's own road times, those that a plan is solved by.

One grower for the process, used by one request at a time; nothing of it is loaded before the first
request, so that a start stays light.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.app.planner_problem import (
    DAYS_PER_WEEK,
    check_on_streets,
    need_demand,
    need_posts,
    squares_of,
)
from kuaifan.board.driving import NORMAL_PROFILE
from kuaifan.board.reference import MINUTE_MS, Reference
from kuaifan.city.demand_file import Demand
from kuaifan.plan.ring_map import DemandSquare, Place, RingBand, RingMap
from kuaifan.plan.scenario import SitePost

if TYPE_CHECKING:
    from kuaifan.roads.rings import RingGrower, Rings

BEND_DEG: Final = 0.00008
"""Some eight metres: a bend of less is drawn straight, which halves a large city's answer."""
DIGITS: Final = 5
"""Of a degree: about a metre, finer than a line on the screen."""


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """The squares that a plan is drawn on, and where each meets a street (需求网格)."""

    cell_m: float
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    per_week: NDArray[np.float64]
    left_out: float
    arc: NDArray[np.int64]
    ppm: NDArray[np.int64]


class RingMapper:
    """Makes ring maps of one city (圈层图); `draw` may be called from any thread, and blocks."""

    def __init__(self, demand: Callable[[], Demand | None]) -> None:
        self._demand = demand
        self._lock = threading.Lock()
        self._grower: RingGrower | None = None
        self._squares: Squares | None = None

    def draw(self, reference: Reference, posts: Sequence[SitePost]) -> RingMap:
        """What these posts reach; raises ScenarioError for none, or one beside no street."""
        need_posts(posts)
        check_on_streets(reference, posts)
        with self._lock:
            squares = self._squares_now(reference)
            rings = self._grow(reference, posts)
        at_ms = rings.at(squares.arc, squares.ppm)
        bounds_ms = reference.rings_ms
        band = np.searchsorted(np.array(bounds_ms), at_ms)
        return RingMap(
            cell_m=squares.cell_m,
            bands=_bands(reference, rings, squares, band),
            squares=_drawn(squares, band, bounds_ms),
            left_out=round(squares.left_out, 4),
        )

    def _grow(self, reference: Reference, posts: Sequence[SitePost]) -> Rings:
        from kuaifan.roads.rings import RingGrower

        if self._grower is None:
            self._grower = RingGrower(reference.network, profile=NORMAL_PROFILE)
        places = [reference.snapper.snap_one(post.lat, post.lon).position for post in posts]
        return self._grower.grow(places, max(reference.rings_ms)).as_one()

    def _squares_now(self, reference: Reference) -> Squares:
        """Where calls come from; the nearest streets are looked for once, dear as that is."""
        demand = need_demand(self._demand())
        kept, per_day, left_out = squares_of(demand)
        lat, lon = demand.lat[kept], demand.lon[kept]
        known = self._squares
        if known and np.array_equal(known.lat, lat) and np.array_equal(known.lon, lon):
            arc, ppm = known.arc, known.ppm
        else:
            arc, ppm = _on_streets(reference, lat, lon)
        self._squares = Squares(
            cell_m=demand.cell_m,
            lat=lat,
            lon=lon,
            per_week=per_day * DAYS_PER_WEEK,
            left_out=left_out * DAYS_PER_WEEK,
            arc=arc,
            ppm=ppm,
        )
        return self._squares


def _on_streets(
    reference: Reference, lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    snap = reference.snapper.snap_one
    at = [snap(a, b).position for a, b in zip(lat.tolist(), lon.tolist(), strict=True)]
    arc, ppm = ([place[i] for place in at] for i in range(2))
    return np.array(arc, np.int64), np.array(ppm, np.int64)


def _bands(
    reference: Reference, rings: Rings, squares: Squares, band: NDArray[np.int64]
) -> tuple[RingBand, ...]:
    from kuaifan.roads.ring_bands import ring_bands

    bounds_ms, whole = reference.rings_ms, float(squares.per_week.sum())
    lines = ring_bands(reference.snapper.lines, rings, 0, bounds_ms)
    found = []
    for i, (bound_ms, drawn) in enumerate(zip(bounds_ms, lines, strict=True)):
        within = float(squares.per_week[band <= i].sum())
        found.append(
            RingBand(
                ring_min=bound_ms / MINUTE_MS,
                length_m=round(float(rings.length_m(bound_ms)[0])),
                share=round(within / whole, 4),
                per_week=round(within, 2),
                lines=_thinned(drawn),
            )
        )
    return tuple(found)


def _thinned(lines: Sequence[Sequence[Place]]) -> list[list[Place]]:
    """Lines of (lat, lon) as GeoJSON has them, without bends that no map of a city shows."""
    import shapely

    if not lines:
        return []
    points = np.array([point for line in lines for point in line], np.float64)[:, ::-1]
    of_line = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    thin = shapely.simplify(shapely.linestrings(points, indices=of_line), BEND_DEG)
    kept, of_line = shapely.get_coordinates(thin, return_index=True)
    ends = np.searchsorted(of_line, np.arange(1, len(lines)))
    rounded: list[Place] = [(lon, lat) for lon, lat in np.round(kept, DIGITS).tolist()]
    bounds = [0, *ends.tolist(), len(rounded)]
    return [rounded[a:b] for a, b in pairwise(bounds)]


def _drawn(
    squares: Squares, band: NDArray[np.int64], bounds_ms: Sequence[int]
) -> tuple[DemandSquare, ...]:
    names = [*(bound_ms / MINUTE_MS for bound_ms in bounds_ms), None]
    order = np.argsort(-squares.per_week, kind="stable").tolist()
    return tuple(
        DemandSquare(
            lat=round(float(squares.lat[i]), 6),
            lon=round(float(squares.lon[i]), 6),
            per_week=round(float(squares.per_week[i]), 3),
            ring_min=names[band[i]],
        )
        for i in order
    )
