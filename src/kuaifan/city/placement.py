"""Chooses places on the streets by where people or streets are dense (选址), seeded.

A weighted k-means (Lloyd 1982, seeded after Arthur & Vassilvitskii 2007) spreads the posts; each
centre is then moved to the nearest street where a car may stand: no motorway, no trunk road.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.points import LocalPlane
from kuaifan.roads.network import ROAD_CLASSES, RoadNetwork

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
MAX_ROUNDS = 30
MIDDLE_PPM = 500_000
_NO_STANDING = ("motorway", "motorway_link", "trunk", "trunk_link")


@dataclass(frozen=True, slots=True)
class Standing:
    """Street pieces where a post may stand: one arc a piece, with its place and length.

    arc: (n,) arc indices; east_m, north_m: (n,) places on `plane`; length_m: (n,).
    """

    plane: LocalPlane
    arc: Indices
    east_m: Floats
    north_m: Floats
    length_m: Floats

    def take(self, pieces: Indices) -> "Standing":
        """Some of the pieces alone, by their indices."""
        return Standing(
            self.plane,
            self.arc[pieces],
            self.east_m[pieces],
            self.north_m[pieces],
            self.length_m[pieces],
        )


def list_standing(network: RoadNetwork) -> Standing:
    """Every street piece where a post may stand, each two-way piece once."""
    arc = np.arange(network.n_arcs)
    is_once = network.is_street
    closed = [ROAD_CLASSES.index(name) for name in _NO_STANDING]
    may_stand = is_once & ~np.isin(network.road_class, closed)
    # A network of nothing but motorways still gets its posts.
    arc = np.flatnonzero(may_stand if may_stand.any() else is_once)
    lat = (network.node_lat[network.tail[arc]] + network.node_lat[network.head[arc]]) / 2.0
    lon = (network.node_lon[network.tail[arc]] + network.node_lon[network.head[arc]]) / 2.0
    plane = LocalPlane(float(np.median(lat)), float(np.median(lon)))
    east_m, north_m = plane.to_metres(lat, lon)
    return Standing(plane, arc, east_m, north_m, network.length_m[arc].astype(np.float64))


def spread(
    standing: Standing, weight: Floats, n_places: int, rng: np.random.Generator
) -> list[int]:
    """Spread places over the weight; return indices into `standing`, the heaviest share first.

    All differ; fewer than asked when there are fewer street pieces.
    """
    xy = np.column_stack((standing.east_m, standing.north_m))
    n_places = min(n_places, len(xy))
    if n_places <= 0:
        return []
    centre = _seed_centres(xy, weight, n_places, rng)
    nearest = _nearest(xy, centre)
    for _ in range(MAX_ROUNDS):
        centre = _means(xy, weight, nearest, centre)
        moved = _nearest(xy, centre)
        if np.array_equal(moved, nearest):
            break
        nearest = moved
    share = np.bincount(nearest, weights=weight, minlength=n_places)
    return _settle(xy, centre[np.argsort(-share, kind="stable")])


def _seed_centres(xy: Floats, weight: Floats, n: int, rng: np.random.Generator) -> Floats:
    """k-means++: each next centre with a chance in proportion to weight x squared distance."""
    chosen = [int(rng.choice(len(xy), p=weight / weight.sum()))]
    squared_m2 = _squared(xy, xy[chosen[0]])
    while len(chosen) < n:
        pull = weight * squared_m2
        if pull.sum() <= 0.0:
            # All weight is taken: the rest go where the nearest centre is furthest.
            pull = squared_m2 if squared_m2.sum() > 0.0 else np.ones(len(xy))
        chosen.append(int(rng.choice(len(xy), p=pull / pull.sum())))
        squared_m2 = np.minimum(squared_m2, _squared(xy, xy[chosen[-1]]))
    return xy[chosen]


def _squared(xy: Floats, point: Floats) -> Floats:
    away = xy - point
    return np.asarray((away * away).sum(axis=1))


def _nearest(xy: Floats, centre: Floats) -> Indices:
    best = _squared(xy, centre[0])
    which = np.zeros(len(xy), np.int64)
    for centre_i in range(1, len(centre)):
        squared_m2 = _squared(xy, centre[centre_i])
        is_nearer = squared_m2 < best
        which[is_nearer] = centre_i
        best[is_nearer] = squared_m2[is_nearer]
    return which


def _means(xy: Floats, weight: Floats, nearest: Indices, centre: Floats) -> Floats:
    """The weighted middle of each centre's share; a centre without weight stays where it is."""
    total = np.bincount(nearest, weights=weight, minlength=len(centre))
    sums = [
        np.bincount(nearest, weights=weight * xy[:, axis], minlength=len(centre)) for axis in (0, 1)
    ]
    has_weight = total > 0.0
    moved = centre.copy()
    moved[has_weight] = np.column_stack(sums)[has_weight] / total[has_weight, None]
    return moved


def _settle(xy: Floats, centre: Floats) -> list[int]:
    """Give each centre the nearest street piece that no centre before it has taken."""
    is_free = np.ones(len(xy), np.bool_)
    settled: list[int] = []
    for point in centre:
        squared_m2 = np.where(is_free, _squared(xy, point), np.inf)
        settled.append(int(np.argmin(squared_m2)))
        is_free[settled[-1]] = False
    return settled
