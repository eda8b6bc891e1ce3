"""Driving along a path (行驶): where a car is after so many milliseconds."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.roads.lines import PPM, ArcLines
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import Path, RoadPosition

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]

Fix = tuple[float, float, int, int, float, int]
"""What a radio says (定位): lat, lon, arc, fraction_ppm, speed_mps, heading_deg."""


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
        self._arcs = np.array(path.arcs, np.int64)
        if arcs_ms is None:
            arcs_ms = lines.network.travel_ms[profile][self._arcs]
        self._weight_ms = arcs_ms.astype(np.int64)
        self._entered_ms = int(self._weight_ms[0]) * path.first_fraction_ppm // PPM
        driven_ms = self._weight_ms.copy()
        driven_ms[-1] = int(self._weight_ms[-1]) * path.last_fraction_ppm // PPM
        driven_ms[0] -= self._entered_ms
        ends_ms = driven_ms.cumsum()
        self._begins_ms = ends_ms - driven_ms
        if int(ends_ms[-1]) != path.travel_ms:
            raise ValueError("the path was found for another network or another profile")

    @property
    def travel_ms(self) -> int:
        """How long the ride takes."""
        return self.path.travel_ms

    def fixes_at(self, first_ms: int, every_ms: int) -> list[Fix]:
        """What its radio says at equal steps of time, from one after the start to the end.

        In one pass where the lines have their kernel loaded; the numbers are the same.
        """
        n_fixes = max(0, -((first_ms - self.travel_ms) // every_ms))
        if self._lines.lay_fixes is not None:
            steps = self._arcs, self._weight_ms, self._begins_ms
            ticks = first_ms, every_ms, n_fixes
            whole, real = self._lines.lay_fixes(steps, self.path[2:], ticks)
            return [
                (lat, lon, arc, ppm, mps, heading_deg)
                for (arc, ppm, heading_deg), (lat, lon, mps) in zip(
                    whole.tolist(), real.tolist(), strict=True
                )
            ]
        places = self.places_at(first_ms + every_ms * np.arange(n_fixes))
        return list(
            zip(
                places.lat.tolist(),
                places.lon.tolist(),
                places.arc.tolist(),
                places.fraction_ppm.tolist(),
                np.round(places.speed_mps, 2).tolist(),
                np.rint(places.heading_deg).astype(int).tolist(),
                strict=True,
            )
        )

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
        step = int(self._begins_ms.searchsorted(elapsed_ms, side="right")) - 1
        first_ppm, entered_ms = self._entry_of(step)
        last_ppm = self.path.last_fraction_ppm if step == len(self._arcs) - 1 else PPM
        on_arc_ms = entered_ms + elapsed_ms - int(self._begins_ms[step])
        ppm = on_arc_ms * PPM // int(self._weight_ms[step])
        return RoadPosition(self.path.arcs[step], min(max(ppm, first_ppm), last_ppm))

    def _entry_of(self, step: int) -> tuple[int, int]:
        """Where an arc is entered, and the part of its time that lies behind."""
        return (0, 0) if step else (self.path.first_fraction_ppm, self._entered_ms)

    def _advance(self, elapsed: Int64s) -> tuple[Int64s, Int64s]:
        """Index into the path's arcs and fraction of that arc."""
        clipped = np.clip(elapsed, 0, self.travel_ms)
        step = np.searchsorted(self._begins_ms, clipped, side="right") - 1
        # A first arc left at its very head takes no time; before the start the car is still there.
        step = np.where(elapsed > 0, step, 0)
        last = len(self._arcs) - 1
        on_arc_ms = np.where(step, 0, self._entered_ms) + clipped - self._begins_ms[step]
        # Rounded down: a car may lag by a millionth of the arc, it never runs ahead.
        ppm = on_arc_ms * PPM // self._weight_ms[step]
        first_ppm, last_ppm = self.path[2:]
        ppm = np.clip(ppm, np.where(step, 0, first_ppm), np.where(step < last, PPM, last_ppm))
        arrived = elapsed >= self.travel_ms
        return np.where(arrived, last, step), np.where(arrived, last_ppm, ppm)
