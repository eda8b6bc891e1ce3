"""A large network made of one city laid side by side (路网拼铺), for figures at a metro's size."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.points import distances_m
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

N_JOINTS: Final = 40
GAP_DEG: Final = 0.005
JOINT_MPS: Final = 14.0


def tile_network(network: RoadNetwork, n_tiles: int) -> RoadNetwork:
    """The same city n times in a square, neighbours joined by some 40 two-way streets a side.

    The new streets run straight between the outermost nodes of either side, at 50 km/h.
    """
    if n_tiles < 1:
        raise BadInputError(f"a network of {n_tiles} tiles cannot be made: give 1 or more")
    if n_tiles == 1:
        return network
    n_columns = int(np.ceil(np.sqrt(n_tiles)))
    row, column = np.divmod(np.arange(n_tiles), n_columns)
    lat_deg = row * (np.ptp(network.node_lat) + GAP_DEG)
    lon_deg = column * (np.ptp(network.node_lon) + GAP_DEG)
    node_lat = (network.node_lat + lat_deg[:, None]).ravel()
    node_lon = (network.node_lon + lon_deg[:, None]).ravel()
    joints = _list_joints(network, n_tiles, n_columns)
    arrays = _lay_tiles(network, (lat_deg, lon_deg), joints, (node_lat, node_lon))
    order = np.lexsort((arrays["length_m"], arrays["head"], arrays["tail"]))
    return _sorted_network(network, (node_lat, node_lon), arrays, order)


def _list_joints(network: RoadNetwork, n_tiles: int, n_columns: int) -> Ints:
    """(2, k) nodes to be joined."""
    east, west = _outermost(network.node_lat, network.node_lon)
    north, south = _outermost(network.node_lon, network.node_lat)
    pairs = []
    for tile in range(n_tiles):
        if (tile + 1) % n_columns and tile + 1 < n_tiles:
            pairs.append((east + tile * network.n_nodes, west + (tile + 1) * network.n_nodes))
        if tile + n_columns < n_tiles:
            beyond = (tile + n_columns) * network.n_nodes
            pairs.append((north + tile * network.n_nodes, south + beyond))
    return np.concatenate([np.stack(pair) for pair in pairs], axis=1)


def _outermost(along: Floats, across: Floats) -> tuple[Ints, Ints]:
    """For each of some bands along a side the nodes farthest out on this side and the other."""
    band = ((along - along.min()) / np.ptp(along) * N_JOINTS).astype(np.int64)
    order = np.lexsort((across, band))
    last = np.flatnonzero(np.diff(band[order], append=N_JOINTS + 1))
    first = np.concatenate(([0], last[:-1] + 1))
    return order[last], order[first]


def _lay_tiles(
    network: RoadNetwork,
    shift_deg: tuple[Floats, Floats],
    joints: Ints,
    nodes: tuple[Floats, Floats],
) -> dict[str, NDArray[Any]]:
    """All arcs, those of the tiles first, then the joints there and back."""
    n_tiles, n_arcs = len(shift_deg[0]), network.n_arcs
    tile = np.repeat(np.arange(n_tiles), n_arcs)
    tail, head = np.concatenate((joints, joints[::-1]), axis=1)
    (lat, lon), n_joints = nodes, joints.shape[1]
    length_m = np.maximum(distances_m(lat[tail], lon[tail], to_lat=lat[head], to_lon=lon[head]), 1)
    joint_ms = np.minimum(np.rint(length_m / JOINT_MPS * 1000) + 1, UNREACHABLE_MS - 1)
    twin = np.tile(network.twin, n_tiles)
    joint_arc = n_tiles * n_arcs + np.arange(2 * n_joints)
    n_points = np.tile(np.diff(network.shape_first), n_tiles)
    return {
        "tail": np.concatenate((np.tile(network.tail, n_tiles) + tile * network.n_nodes, tail)),
        "head": np.concatenate((np.tile(network.head, n_tiles) + tile * network.n_nodes, head)),
        "length_m": np.concatenate((np.tile(network.length_m, n_tiles), length_m)),
        "travel_ms": np.concatenate(
            (np.tile(network.travel_ms, n_tiles), np.tile(joint_ms, (len(network.profiles), 1))),
            axis=1,
        ),
        "road_class": np.concatenate((np.tile(network.road_class, n_tiles), 0 * tail)),
        "name_i": np.concatenate((np.tile(network.name_i, n_tiles), 0 * tail)),
        "hidden": np.concatenate([_move(network.hidden, i * n_arcs) for i in range(n_tiles)]),
        "twin": np.concatenate(
            (np.where(twin >= 0, twin + tile * n_arcs, -1), np.roll(joint_arc, n_joints))
        ),
        "n_points": np.concatenate((n_points, np.full(2 * n_joints, 2))),
        "shape_lat": np.concatenate(
            ((network.shape_lat + shift_deg[0][:, None]).ravel(), _ends(lat, tail, head))
        ),
        "shape_lon": np.concatenate(
            ((network.shape_lon + shift_deg[1][:, None]).ravel(), _ends(lon, tail, head))
        ),
    }


def _move(hidden: NDArray[np.int32], first_arc: int) -> Ints:
    """Hidden arcs and their streets in the tile whose arcs begin there; -1 stays."""
    return np.where(hidden >= 0, hidden.astype(np.int64) + first_arc, -1)


def _ends(values: Floats, tail: Ints, head: Ints) -> Floats:
    return values[np.stack((tail, head), axis=1).ravel()]


def _sorted_network(
    network: RoadNetwork, nodes: tuple[Floats, Floats], arrays: dict[str, NDArray[Any]], order: Ints
) -> RoadNetwork:
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    twin = arrays["twin"][order]
    n_points = arrays["n_points"]
    first = np.cumsum(n_points) - n_points
    shape_first = np.concatenate(([0], np.cumsum(n_points[order])))
    point = np.repeat(first[order] - shape_first[:-1], n_points[order]) + np.arange(shape_first[-1])
    tail = arrays["tail"][order]
    hidden = np.where(arrays["hidden"] >= 0, place[arrays["hidden"]], -1)
    return RoadNetwork(
        node_lat=nodes[0],
        node_lon=nodes[1],
        tail=tail,
        head=arrays["head"][order],
        first_arc=np.searchsorted(tail, np.arange(len(nodes[0]) + 1)).astype(np.int32),
        length_m=arrays["length_m"][order],
        profiles=network.profiles,
        travel_ms=arrays["travel_ms"][:, order],
        road_class=arrays["road_class"][order],
        name_i=arrays["name_i"][order],
        names=network.names,
        twin=np.where(twin >= 0, place[twin], -1).astype(np.int32),
        shape_first=shape_first.astype(np.int32),
        shape_lat=arrays["shape_lat"][point],
        shape_lon=arrays["shape_lon"][point],
        attribution=network.attribution,
        hidden=hidden[np.argsort(hidden[:, 0])].astype(np.int32),
    )
