"""Places along the arcs' polylines (线上定位): lengths, points and headings at a fraction."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.geo.points import bearings_deg, distances_m
from kuaifan.roads.network import RoadNetwork

PPM = 1_000_000
"""Fractions along an arc are whole millionths from its tail."""

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Steps = tuple[Ints, Ints, Ints]
Ticks = tuple[int, int, int]


def step_lengths_m(first: NDArray[Any], lat: Floats, lon: Floats) -> Floats:
    """Length from each point to the next of the same line, 0 at the last point of every line.

    first: (n_lines + 1,) where the lines begin among the points; every line has a point.
    """
    steps_m = np.zeros(len(lat))
    steps_m[:-1] = distances_m(lat[:-1], lon[:-1], to_lat=lat[1:], to_lon=lon[1:])
    steps_m[np.asarray(first[1:]) - 1] = 0.0
    return steps_m


def drawn_lengths_m(first: NDArray[Any], lat: Floats, lon: Floats) -> Floats:
    """Length of every line as drawn, in metres."""
    return np.asarray(np.add.reduceat(step_lengths_m(first, lat, lon), first[:-1]))


@dataclass(frozen=True, slots=True)
class LinePlaces:
    """Where some fractions of some arcs lie; all arrays have one entry per question."""

    lat: Floats
    lon: Floats
    heading_deg: Floats


class ArcLines:
    """The polylines of a network, measured once; 16 bytes a point (线形)."""

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        first = network.shape_first
        steps_m = step_lengths_m(first, network.shape_lat, network.shape_lon)
        along_m = np.concatenate(([0.0], np.cumsum(steps_m)[:-1]))
        n_points = np.diff(first)
        start_m = along_m[first[:-1]]
        drawn_m = along_m[first[1:] - 1] - start_m
        along_m -= np.repeat(start_m, n_points)
        # A street of no length is all at its tail.
        share = along_m / np.repeat(np.where(drawn_m > 0.0, drawn_m, 1.0), n_points)
        self.share_at_point: Floats = np.minimum(share, 1.0)
        """(n_points,) share of its arc's drawn length behind each shape point, 0 to 1."""
        arc_of_point = np.repeat(np.arange(network.n_arcs, dtype=np.float64), n_points)
        # Arc number plus share ascends over the whole network, so one binary search answers
        # for every arc at once; at a million arcs it still resolves a millimetre of a kilometre.
        self._key_at_point: Floats = arc_of_point + self.share_at_point
        self._heading_at_point: Floats | None = None
        self.lay_fixes: Callable[[Steps, tuple[int, int], Ticks], tuple[Ints, Floats]] | None = None
        """As `ride_kernel.lay_fixes` on these lines, None before `load_kernel`."""
        self._place_at: Callable[[int, int], tuple[float, float, float]] | None = None

    def load_kernel(self) -> None:
        """Load what lays out whole rides: for who drives hundreds of them."""
        from kuaifan.roads.ride_kernel import lay_fixes, place_at

        network, headings = self.network, self.measure_headings()
        shape = network.shape_first, self.share_at_point, self._key_at_point
        drawn = (*shape, network.shape_lat, network.shape_lon, headings)
        self.lay_fixes = partial(lay_fixes, drawn, network.length_m)
        self._place_at = partial(place_at, drawn)

    def measure_headings(self) -> Floats:
        """Work out every heading now: for who asks for more of them than there are points.

        8 bytes more a point, and a tenth of a second for a million.
        """
        lat, lon = self.network.shape_lat, self.network.shape_lon
        headings = np.zeros(len(lat))
        headings[:-1] = bearings_deg(lat[:-1], lon[:-1], to_lat=lat[1:], to_lon=lon[1:])
        self._heading_at_point = headings
        return headings

    def places_at(self, arcs: ArrayLike, fractions_ppm: ArrayLike) -> LinePlaces:
        """Points and headings at fractions 0 to 1,000,000 of arcs, all in one call."""
        arc_i = np.asarray(arcs, np.int64)
        share = np.asarray(fractions_ppm, np.float64) / PPM
        near = self._point_before(arc_i, share)
        far = near + 1
        lat, lon = self.network.shape_lat, self.network.shape_lon
        span = self.share_at_point[far] - self.share_at_point[near]
        within = (share - self.share_at_point[near]) / np.where(span > 0.0, span, 1.0)
        within = np.clip(within, 0.0, 1.0)
        if self._heading_at_point is None:
            heading_deg = bearings_deg(lat[near], lon[near], to_lat=lat[far], to_lon=lon[far])
        else:
            heading_deg = self._heading_at_point[near]
        return LinePlaces(
            lat=lat[near] + within * (lat[far] - lat[near]),
            lon=lon[near] + within * (lon[far] - lon[near]),
            heading_deg=heading_deg,
        )

    def place_at(self, arc: int, fraction_ppm: int) -> tuple[float, float, float]:
        """Latitude, longitude and heading at a fraction of one arc."""
        if self._place_at is not None:
            return self._place_at(arc, fraction_ppm)
        places = self.places_at([arc], [fraction_ppm])
        return float(places.lat[0]), float(places.lon[0]), float(places.heading_deg[0])

    def point_at(self, arc: int, fraction_ppm: int) -> tuple[float, float]:
        """Latitude and longitude at a fraction of one arc."""
        place = self.places_at([arc], [fraction_ppm])
        return float(place.lat[0]), float(place.lon[0])

    def part(self, arc: int, from_ppm: int, to_ppm: int) -> tuple[tuple[float, float], ...]:
        """Part of one arc as a line of (latitude, longitude), its ends cut at the fractions."""
        first, last = int(self.network.shape_first[arc]), int(self.network.shape_first[arc + 1])
        share = self.share_at_point[first:last]
        between = first + np.flatnonzero((share > from_ppm / PPM) & (share < to_ppm / PPM))
        middle = zip(
            self.network.shape_lat[between].tolist(),
            self.network.shape_lon[between].tolist(),
            strict=True,
        )
        return (self.point_at(arc, from_ppm), *middle, self.point_at(arc, to_ppm))

    def between(self, arcs: Ints, from_ppm: Ints, to_ppm: Ints) -> tuple[Ints, Ints]:
        """Shape points strictly between two fractions of arcs: the first, and one past the last."""
        low = np.searchsorted(self._key_at_point, arcs + from_ppm / PPM, side="right")
        high = np.searchsorted(self._key_at_point, arcs + to_ppm / PPM, side="left")
        return low.astype(np.int64), np.maximum(low, high).astype(np.int64)

    def _point_before(self, arc_i: Ints, share: Floats) -> Ints:
        first = self.network.shape_first
        found = np.searchsorted(self._key_at_point, arc_i + share, side="right") - 1
        return np.clip(found, first[arc_i], first[arc_i + 1].astype(np.int64) - 2)
