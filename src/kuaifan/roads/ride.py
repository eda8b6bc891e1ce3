"""Driving along a path (行驶): where a car is after so many milliseconds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.roads.ends import part_ms
from kuaifan.roads.lines import PPM, ArcLines
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import Path, RoadPosition

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RidePlaces:
    """Where the car is at k moments; the arrays are (k,).

    speed_mps: the arc's own speed, 0 once the ride is over.
    """

    arc: Int32s
    fraction_ppm: Int32s
    lat: NDArray[np.float64]
    lon: NDArray[np.float64]
    heading_deg: NDArray[np.float64]
    speed_mps: NDArray[np.float64]


class Ride:
    """One car on one path: never off an arc's polyline, never faster than the arc.

    lines: of the network the path was found on, shared by all rides.
    profile: the one the path was found for. arcs_ms: (k,) the times of the path's arcs by which it
    was found; those of the map without. Raises ValueError where there is no path.
    """

    def __init__(
        self,
        lines: ArcLines,
        path: Path,
        *,
        profile: int = 0,
        arcs_ms: NDArray[np.integer] | None = None,
    ) -> None:
        if path.travel_ms >= UNREACHABLE_MS or not path.arcs:
            raise ValueError("there is no way to ride: the target cannot be reached")
        self.path = path
        self._lines = lines
        self._arcs = np.asarray(path.arcs, np.int64)
        map_ms = lines.network.travel_ms[profile][self._arcs]
        self._weight_ms = (map_ms if arcs_ms is None else arcs_ms).astype(np.int64)
        ends_ppm = np.full((2, len(self._arcs)), PPM, np.int64)
        ends_ppm[0], ends_ppm[0, 0], ends_ppm[1, -1] = 0, *path[2:]
        self._first_ppm, self._last_ppm = ends_ppm
        self._entered_ms = part_ms(self._weight_ms, self._first_ppm)
        driven_ms = part_ms(self._weight_ms, self._last_ppm) - self._entered_ms
        self._begins_ms = np.cumsum(driven_ms) - driven_ms
        if int(driven_ms.sum()) != path.travel_ms:
            raise ValueError("the path was found for another network or another profile")

    @property
    def travel_ms(self) -> int:
        """How long the ride takes."""
        return self.path.travel_ms

    def places_at(self, elapsed_ms: ArrayLike) -> RidePlaces:
        """Where the car is after each of k times; before the start and after the end it stands."""
        elapsed = np.atleast_1d(np.asarray(elapsed_ms, np.int64))
        step, ppm = self._advance(elapsed)
        arc = self._arcs[step]
        places = self._lines.places_at(arc, ppm)
        speed_mps = self._lines.network.length_m[arc] * 1000.0 / self._weight_ms[step]
        moving = (elapsed >= 0) & (elapsed < self.travel_ms)
        return RidePlaces(
            arc=arc.astype(np.int32),
            fraction_ppm=ppm.astype(np.int32),
            lat=places.lat,
            lon=places.lon,
            heading_deg=places.heading_deg,
            speed_mps=np.where(moving, speed_mps, 0.0),
        )

    def position_at(self, elapsed_ms: int) -> RoadPosition:
        """Where the car is after one time, to be sent elsewhere from there."""
        if elapsed_ms >= self.travel_ms:
            return RoadPosition(self.path.arcs[-1], self.path.last_fraction_ppm)
        if elapsed_ms <= 0:
            return RoadPosition(self.path.arcs[0], self.path.first_fraction_ppm)
        step = int(np.searchsorted(self._begins_ms, elapsed_ms, side="right")) - 1
        on_arc_ms = int(self._entered_ms[step]) + elapsed_ms - int(self._begins_ms[step])
        ppm = on_arc_ms * PPM // int(self._weight_ms[step])
        ppm = min(max(ppm, int(self._first_ppm[step])), int(self._last_ppm[step]))
        return RoadPosition(self.path.arcs[step], ppm)

    def _advance(self, elapsed: Int64s) -> tuple[Int64s, Int64s]:
        """Index into the path's arcs and fraction of that arc."""
        clipped = np.clip(elapsed, 0, self.travel_ms)
        step = np.searchsorted(self._begins_ms, clipped, side="right") - 1
        # A first arc left at its very head takes no time; before the start the car is still there.
        step = np.where(elapsed > 0, step, 0)
        on_arc_ms = self._entered_ms[step] + clipped - self._begins_ms[step]
        # Rounded down: a car may lag by a millionth of the arc, it never runs ahead.
        ppm = on_arc_ms * PPM // self._weight_ms[step]
        ppm = np.clip(ppm, self._first_ppm[step], self._last_ppm[step])
        arrived = elapsed >= self.travel_ms
        last = len(self._arcs) - 1
        return np.where(arrived, last, step), np.where(arrived, self._last_ppm[-1], ppm)
