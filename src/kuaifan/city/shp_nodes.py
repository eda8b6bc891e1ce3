"""Where the lines of a shapefile meet (结点): a shapefile has no nodes, only equal coordinates."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.datums import Datum, to_wgs84
from kuaifan.geo.points import LocalPlane

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

GRID_PER_DEG = 10_000_000
"""Coordinates are one place if they agree to 1e-7 degrees, a centimetre: exports round so."""

NEAR_M = 0.5
"""Ends so close to another end are one crossing that the draughtsman missed; no two are real."""


@dataclass(frozen=True, slots=True)
class MetLines:
    """The nodes of all lines, in WGS-84, and each line as the numbers of its nodes."""

    node_lat: Floats
    node_lon: Floats
    lines: tuple[Ints, ...]
    n_snapped: int


def join_lines(lines: list[Floats], datum: Datum) -> MetLines:
    """Number the places of lines given as (n, 2) arrays of x and y in a datum.

    A loose end, which no other line touches, is put on the nearest other end within NEAR_M;
    n_snapped counts the nodes that went so.
    """
    first = np.concatenate(([0], np.cumsum([len(line) for line in lines])))
    grid = np.round(np.concatenate(lines) * GRID_PER_DEG).astype(np.int64)
    places, node = np.unique(grid, axis=0, return_inverse=True)
    node = node.reshape(-1).astype(np.int64)
    lat, lon = to_wgs84(places[:, 1] / GRID_PER_DEG, places[:, 0] / GRID_PER_DEG, datum)
    moved_to = _snap(node, first, (lat, lon))
    node = moved_to[node]
    kept, number = np.unique(moved_to, return_inverse=True)
    node = number.reshape(-1)[node]
    split = tuple(node[a:b] for a, b in pairwise(first.tolist()))
    return MetLines(lat[kept], lon[kept], split, len(lat) - len(kept))


def _snap(node: Ints, first: Ints, place: tuple[Floats, Floats]) -> Ints:
    """For each node the one that it becomes: itself, unless it is a loose end near another."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n_nodes = len(place[0])
    goes, stays = _list_near(node, first, place)
    links = coo_array((np.ones(len(goes), np.int8), (goes, stays)), shape=(n_nodes, n_nodes))
    # A loose end goes to one node only, so of the nodes that become one at most one is not loose.
    _, group = connected_components(links.tocsr(), directed=False)
    n_uses = np.bincount(node, minlength=n_nodes)
    order = np.lexsort((np.arange(n_nodes), -n_uses, group))
    leader = order[np.searchsorted(group[order], np.arange(int(group.max()) + 1))]
    return np.asarray(leader[group], np.int64)


def _list_near(node: Ints, first: Ints, place: tuple[Floats, Floats]) -> tuple[Ints, Ints]:
    """Each loose end that is near another end, and the nearest of these."""
    from scipy.spatial import KDTree

    lat, lon = place
    starts, lasts = node[first[:-1]], node[first[1:] - 1]
    ends = np.unique(np.concatenate((starts, lasts)))
    plane = LocalPlane(float(np.median(lat)), float(np.median(lon)))
    metres = np.column_stack(plane.to_metres(lat[ends], lon[ends]))
    pairs = KDTree(metres).query_pairs(NEAR_M, output_type="ndarray")
    pairs = np.concatenate((pairs, pairs[:, ::-1]))
    apart_m = np.hypot(*(metres[pairs[:, 0]] - metres[pairs[:, 1]]).T)
    goes, stays = ends[pairs[:, 0]], ends[pairs[:, 1]]
    # A street of half a metre is not folded up on itself.
    own_other = np.full(len(lat), -1, np.int64)
    own_other[starts], own_other[lasts] = lasts, starts
    is_loose = np.bincount(node, minlength=len(lat)) == 1
    kept = is_loose[goes] & (own_other[goes] != stays)
    goes, stays, apart_m = goes[kept], stays[kept], apart_m[kept]
    order = np.lexsort((stays, apart_m, goes))
    goes, stays = goes[order], stays[order]
    is_first = np.diff(goes, prepend=-1) != 0
    return goes[is_first], stays[is_first]
