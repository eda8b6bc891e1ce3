"""Draws the roads layer (道路图层): streets joined by class and name, fewer from farther away."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.basemap_cut import Layer
from kuaifan.city.basemap_mvt import Tags
from kuaifan.city.basemap_plane import MAX_ZOOM, PIXEL, Geometries, project, tolerance_at, unit_at
from kuaifan.roads.network import ROAD_CLASSES, RoadNetwork

FROM_ZOOM: dict[str, int] = {
    "motorway": 6,
    "trunk": 6,
    "primary": 8,
    "secondary": 10,
    "tertiary": 11,
    "unclassified": 12,
    "residential": 12,
    "motorway_link": 11,
    "trunk_link": 11,
    "primary_link": 12,
    "secondary_link": 13,
    "tertiary_link": 13,
    "living_street": 13,
    "road": 13,
    "service": 14,
    "busway": 14,
    "pedestrian": 14,
    "footway": 15,
}
"""The zoom from which a road class is drawn; a city without large roads shows its largest."""

_NAMED_FROM: dict[str, int] = dict.fromkeys(ROAD_CLASSES, 13) | {
    "motorway": 10,
    "trunk": 10,
    "primary": 11,
    "secondary": 11,
    "tertiary": 12,
}
_SHORTEST_PIXELS = 1.5
# Larger roads over smaller ones, so the largest comes last.
_ORDER = tuple(sorted(ROAD_CLASSES, key=lambda name: -FROM_ZOOM[name]))


@dataclass(frozen=True, slots=True, eq=False)
class Streets:
    """Each piece of street once, in the plane (街道线)."""

    lines: Geometries
    class_i: NDArray[np.int64]
    name_i: NDArray[np.int64]
    is_oneway: NDArray[np.bool_]
    names: tuple[str, ...]


def gather_streets(network: RoadNetwork) -> Streets:
    """Project the network; a street driven both ways counts once."""
    import shapely

    arcs = np.flatnonzero(network.is_street | _is_walked(network))
    xy = project(network.shape_lat.tolist(), network.shape_lon.tolist())
    arc_of = np.repeat(np.arange(network.n_arcs), np.diff(network.shape_first))
    lines = shapely.linestrings(xy, indices=arc_of)[arcs]
    return Streets(
        lines=lines,
        class_i=network.road_class[arcs].astype(np.int64),
        name_i=network.name_i[arcs].astype(np.int64),
        is_oneway=network.is_driven[arcs] & (network.driven_twin[arcs] < 0),
        names=network.names,
    )


def _is_walked(network: RoadNetwork) -> NDArray[np.bool_]:
    """(n_arcs,) one arc of every street that no car drives."""
    is_once = (network.twin < 0) | (np.arange(network.n_arcs) < network.twin)
    is_left = ~network.is_driven & ~network.is_driven[network.twin]
    return np.asarray(is_once & is_left & ~network.is_turn)


def draw_roads(streets: Streets, zoom: int) -> list[Layer]:
    """The roads of one zoom, joined end to end wherever class, name and direction are the same."""
    import shapely

    shown = _find_shown(streets, zoom)
    key = _keys(streets, shown, zoom)
    order = np.lexsort((shown, *key.T[::-1]))
    shown, key = shown[order], key[order]
    group = np.cumsum(np.any(np.diff(key, axis=0, prepend=key[:1]) != 0, axis=1))
    first = np.flatnonzero(np.diff(group, prepend=-1))
    joined = shapely.line_merge(
        shapely.multilinestrings(streets.lines[shown], indices=group), directed=zoom == MAX_ZOOM
    )
    pieces, group_of = shapely.get_parts(joined, return_index=True)
    pieces = shapely.simplify(pieces, tolerance_at(zoom), preserve_topology=False)
    stays = shapely.length(pieces) >= _shortest(zoom)
    tags = [_tag(streets, *row) for row in key[first].tolist()]
    return [Layer("roads", pieces[stays], [tags[i] for i in group_of[stays].tolist()])]


def _find_shown(streets: Streets, zoom: int) -> NDArray[np.int64]:
    present = [ROAD_CLASSES[i] for i in np.unique(streets.class_i).tolist()]
    largest = min(FROM_ZOOM[name] for name in present)
    is_shown = np.array([FROM_ZOOM[name] <= max(zoom, largest) for name in ROAD_CLASSES])
    return np.flatnonzero(is_shown[streets.class_i]).astype(np.int64)


def _keys(streets: Streets, shown: NDArray[np.int64], zoom: int) -> NDArray[np.int64]:
    """What a street is joined by: order of its class, name and direction, where they are told."""
    class_i = streets.class_i[shown]
    is_named = np.array([_NAMED_FROM[name] <= zoom for name in ROAD_CLASSES])[class_i]
    rank = np.array([_ORDER.index(name) for name in ROAD_CLASSES], np.int64)[class_i]
    name_i = np.where(is_named, streets.name_i[shown], 0)
    is_oneway = streets.is_oneway[shown] & (zoom == MAX_ZOOM)
    return np.column_stack((rank, name_i, is_oneway.astype(np.int64)))


def _shortest(zoom: int) -> float:
    return 0.0 if zoom == MAX_ZOOM else unit_at(zoom) * PIXEL * _SHORTEST_PIXELS


def _tag(streets: Streets, rank: int, name_i: int, is_oneway: int) -> Tags:
    tags: dict[str, str | int] = {"class": _ORDER[rank]}
    if name_i:
        tags["name"] = streets.names[name_i]
    if is_oneway:
        tags["oneway"] = 1
    return tags
