"""Finds the named streets of a network and where they cross (街道与交叉口)."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.points import LocalPlane
from kuaifan.roads.network import ROAD_CLASSES, RoadNetwork

APART_M = 1500.0
"""Streets of one name further apart than this are two streets."""

CROSSING_M = 150.0
"""The corners of one crossing of divided roads lie within this."""

_RANKS = dict.fromkeys(ROAD_CLASSES, 4) | {
    "motorway": 2,
    "trunk": 2,
    "primary": 2,
    "secondary": 3,
    "tertiary": 3,
}
Floats = NDArray[np.float64]


class NamedStreet(NamedTuple):
    """A street by its name (街道), with a place on it near its middle.

    box: south, west, north and east of the middles of its pieces.
    """

    name: str
    lat: float
    lon: float
    rank: int
    box: tuple[float, float, float, float]


class Crossing(NamedTuple):
    """Where two named streets meet (交叉口)."""

    names: tuple[str, str]
    lat: float
    lon: float


def list_streets(network: RoadNetwork) -> list[NamedStreet]:
    """Every named street once; twice where its name is used in two parts of the city."""
    plane = _plane(network)
    arcs = np.flatnonzero(network.name_i > 0)
    # The middle one of an arc's shape points, so that the place lies on the street.
    middle = (network.shape_first[arcs] + network.shape_first[arcs + 1] - 1) // 2
    lat, lon = network.shape_lat[middle], network.shape_lon[middle]
    xy = np.column_stack(plane.to_metres(lat, lon))
    rank_of = np.array([_RANKS[name] for name in ROAD_CLASSES])[network.road_class[arcs]]
    streets = []
    for rows in _group(network.name_i[arcs].astype(np.int64)):
        for part in clusters(xy[rows], APART_M):
            at = rows[part]
            best = at[_most_central(xy[at], network.length_m[arcs[at]].astype(np.float64))]
            name = network.names[int(network.name_i[arcs[best]])]
            at_lat, at_lon = round(float(lat[best]), 6), round(float(lon[best]), 6)
            box = _box(lat[at], lon[at])
            streets.append(NamedStreet(name, at_lat, at_lon, int(rank_of[at].min()), box))
    return streets


def list_crossings(network: RoadNetwork) -> list[Crossing]:
    """Every crossing of two named streets; the corners of a wide one count once."""
    x, y = _plane(network).to_metres(network.node_lat, network.node_lon)
    xy = np.column_stack((x, y))
    nodes_of: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for node, names in _names_at_nodes(network):
        for pair in combinations(names, 2):
            nodes_of[pair].append(node)
    crossings = []
    for (first, second), nodes in sorted(nodes_of.items()):
        at = np.array(nodes, np.int64)
        for part in clusters(xy[at], CROSSING_M):
            node = int(at[part][_most_central(xy[at[part]], np.ones(len(part)))])
            lat, lon = float(network.node_lat[node]), float(network.node_lon[node])
            streets = (network.names[first], network.names[second])
            crossings.append(Crossing(streets, round(lat, 6), round(lon, 6)))
    return crossings


def _box(lat: Floats, lon: Floats) -> tuple[float, float, float, float]:
    return float(lat.min()), float(lon.min()), float(lat.max()), float(lon.max())


def _plane(network: RoadNetwork) -> LocalPlane:
    return LocalPlane(float(np.median(network.node_lat)), float(np.median(network.node_lon)))


def _names_at_nodes(network: RoadNetwork) -> Iterator[tuple[int, list[int]]]:
    """Nodes where two or more named streets meet, with their name indices ascending."""
    arcs = np.flatnonzero(network.name_i > 0)
    ends = _find_spots(network)[np.concatenate((network.tail[arcs], network.head[arcs]))]
    names = np.tile(network.name_i[arcs].astype(np.int64), 2)
    met = np.unique(np.column_stack((ends, names)), axis=0)
    for rows in _group(met[:, 0]):
        if len(rows) > 1:
            yield int(met[rows[0], 0]), met[rows, 1].tolist()


def _find_spots(network: RoadNetwork) -> NDArray[np.int64]:
    """(n_nodes,) the lowest node in the same place: a split junction is one crossing."""
    places = np.column_stack((network.node_lat, network.node_lon))
    _, first, spot = np.unique(places, axis=0, return_index=True, return_inverse=True)
    return np.asarray(first[spot.reshape(-1)], np.int64)


def _group(keys: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Rows of equal key together, keys ascending."""
    order = np.argsort(keys, kind="stable")
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    return list(np.split(order, cuts)) if len(keys) else []


def clusters(xy: Floats, reach_m: float) -> list[NDArray[np.int64]]:
    """Parts of which each point is within reach of another of the same part."""
    everything = np.arange(len(xy))
    if np.hypot(*np.ptp(xy, axis=0)) <= reach_m:
        return [everything]
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    pairs = cKDTree(xy).query_pairs(reach_m, output_type="ndarray")
    links = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(xy), len(xy)))
    _, part_of = connected_components(links, directed=False)
    return _group(np.asarray(part_of, np.int64))


def _most_central(xy: Floats, weight: Floats) -> int:
    centre = np.average(xy, axis=0, weights=np.maximum(weight, 0.001))
    return int(np.argmin(np.hypot(*(xy - centre).T)))
