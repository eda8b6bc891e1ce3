"""Raw ways cut into pieces between neighbouring nodes (路段), each street once."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.points import distance_m
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.lines import drawn_lengths_m
from kuaifan.roads.raw import CAR, FOOT, RawWay, RawWays
from kuaifan.roads.speeds import driven_kmh, find_road_class

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Modes = NDArray[np.uint8]
Points = tuple[tuple[float, float], ...]

FORWARD, BACKWARD = 0, 1


@dataclass(frozen=True, slots=True)
class Pieces:
    """Streets between two nodes, one row a street whichever way it is driven.

    a, b: (n,) node indices.
    kmh: (2, n) speed from a to b and from b to a, 0 where that direction is forbidden to cars.
    modes: (2, n) bits of who may go that way.
    way_i: (n,) the way it is cut from.
    shape_i: (n,) -1 for the straight line, else an index into `shapes`, drawn from a to b.
    """

    a: Ints
    b: Ints
    kmh: Floats
    way_i: Ints
    length_m: Floats
    shape_i: Ints
    shapes: Sequence[Points]
    modes: Modes

    @property
    def n_arcs(self) -> int:
        """Number of directions that may be driven."""
        return int(np.count_nonzero(self.kmh))

    def take(self, kept: NDArray[Any]) -> Self:
        """The pieces of a mask or an index array."""
        rows = (self.way_i[kept], self.length_m[kept], self.shape_i[kept])
        more = (self.shapes, self.modes[:, kept])
        return type(self)(self.a[kept], self.b[kept], self.kmh[:, kept], *rows, *more)

    def lines(self, lat: Floats, lon: Floats) -> tuple[Ints, Floats, Floats]:
        """All polylines end to end: (n + 1,) firsts, latitudes, longitudes."""
        n_points = np.full(len(self.a), 2, np.int64)
        bent = np.flatnonzero(self.shape_i >= 0)
        n_points[bent] = [len(self.shapes[i]) for i in self.shape_i[bent]]
        first = np.concatenate(([0], np.cumsum(n_points)))
        line_lat, line_lon = np.empty(first[-1]), np.empty(first[-1])
        for at, ends in ((first[:-1], self.a), (first[1:] - 1, self.b)):
            line_lat[at], line_lon[at] = lat[ends], lon[ends]
        for piece_i in bent.tolist():
            inner = np.asarray(self.shapes[self.shape_i[piece_i]][1:-1]).reshape(-1, 2)
            within = slice(first[piece_i] + 1, first[piece_i + 1] - 1)
            line_lat[within], line_lon[within] = inner[:, 0], inner[:, 1]
        return first, line_lat, line_lon


@dataclass(frozen=True, slots=True)
class DrivableWays:
    """The ways that a crew uses, ordered by way id, with what holds for all of each.

    kmh: of a car, 0 where none drives.
    """

    ways: list[RawWay]
    road_class: NDArray[np.uint8]
    kmh: Floats


def select_drivable(raw: RawWays, dropped: Counter[str]) -> DrivableWays:
    """The ways of drivable class with at least two nodes; counts the others into `dropped`."""
    taken: list[tuple[int, RawWay]] = []
    for way in sorted(raw.ways, key=lambda way: way.way_id):
        road_class = find_road_class(way.highway, way.modes)
        if road_class is None:
            dropped["not_drivable"] += 1
        elif len(way.nodes) < 2:  # noqa: PLR2004 - a line has two ends
            dropped["single_node"] += 1
        else:
            taken.append((road_class, way))
    classes = np.asarray([road_class for road_class, _ in taken], np.uint8)
    ways = [way for _, way in taken]
    limits = [way.maxspeed_kmh or np.nan for way in ways]
    is_driven = np.asarray([bool(way.modes & CAR) for way in ways], np.bool_)
    kmh = driven_kmh(classes, np.asarray(limits, np.float64))
    return DrivableWays(ways, classes, np.where(is_driven, kmh, 0.0))


def cut_ways(raw: RawWays, drivable: DrivableWays, dropped: Counter[str]) -> Pieces:
    """Cut every way at every node; node indices are ranks among the sorted node ids.

    A node that the source refers to and does not contain ends the line there.
    """
    order = np.argsort(raw.node_id, kind="stable")
    node_id = np.asarray(raw.node_id, np.int64)[order]
    lat, lon = raw.node_lat[order], raw.node_lon[order]
    way_of, nodes = _flatten(drivable.ways)
    rank = np.searchsorted(node_id, nodes)
    rank[(rank == len(node_id)) | (node_id[np.minimum(rank, len(node_id) - 1)] != nodes)] = -1
    dropped["missing_node"] += int(np.count_nonzero(rank < 0))
    joined = (way_of[:-1] == way_of[1:]) & (rank[:-1] >= 0) & (rank[1:] >= 0)
    at = np.flatnonzero(joined)
    shape_i, shapes = _list_shapes(drivable.ways, way_of[at], (lat[rank], lon[rank], at))
    by_direction = _by_direction(drivable, way_of[at])
    rows = (way_of[at], np.zeros(len(at)), shape_i, shapes)
    cut = Pieces(rank[at], rank[at + 1], by_direction[0], *rows, by_direction[1])
    return _measure(cut, drivable.ways, (lat, lon), dropped)


def fold_duplicates(pieces: Pieces, dropped: Counter[str]) -> Pieces:
    """Make one row of all pieces that lie on one another, whichever way each was drawn.

    OSMnx draws a two-way street twice; of two rows for one direction the faster holds, and what
    they are called comes from the fastest of all, the first by way id where equal.
    """
    turned, shape_key = _orient(pieces)
    fastest = turned.kmh.max(axis=0)
    order = np.lexsort((turned.way_i, -fastest, shape_key, turned.b, turned.a))
    keys = np.stack((turned.a, turned.b, shape_key))[:, order]
    is_first = np.concatenate(([True], np.any(np.diff(keys, axis=1) != 0, axis=0)))
    starts = np.flatnonzero(is_first)
    kmh = np.maximum.reduceat(turned.kmh[:, order], starts, axis=1)
    modes = np.bitwise_or.reduceat(turned.modes[:, order], starts, axis=1)
    kept = turned.take(order[starts])
    dropped["duplicate_arc"] += turned.n_arcs - int(np.count_nonzero(kmh))
    rows = (kept.way_i, kept.length_m, kept.shape_i, kept.shapes)
    return Pieces(kept.a, kept.b, kmh, *rows, modes)


def _flatten(ways: list[RawWay]) -> tuple[Ints, Ints]:
    n_nodes = [len(way.nodes) for way in ways]
    nodes = np.fromiter(chain.from_iterable(way.nodes for way in ways), np.int64, sum(n_nodes))
    return np.repeat(np.arange(len(ways)), n_nodes), nodes


def _by_direction(drivable: DrivableWays, way_of: Ints) -> tuple[Floats, Modes]:
    """(2, n) speeds and who may go; whoever walks heeds no one-way."""
    oneway = np.asarray([way.oneway for way in drivable.ways], np.int64)[way_of]
    modes = np.asarray([way.modes for way in drivable.ways], np.uint8)[way_of]
    kmh, is_open = drivable.kmh[way_of], np.stack((oneway >= 0, oneway <= 0))
    return np.where(is_open, kmh, 0.0), np.where(is_open, modes, modes & FOOT).astype(np.uint8)


def _list_shapes(
    ways: list[RawWay], way_of: Ints, ends: tuple[Floats, Floats, Ints]
) -> tuple[Ints, list[Points]]:
    lat, lon, at = ends
    shape_i = np.full(len(way_of), -1, np.int64)
    shapes: list[Points] = []
    for piece_i, way_i in enumerate(way_of.tolist()):
        way = ways[way_i]
        if way.shape is None:
            continue
        here, there = at[piece_i], at[piece_i] + 1
        start, end = (float(lat[here]), float(lon[here])), (float(lat[there]), float(lon[there]))
        shape = _fit_shape(way, start, end)
        if len(shape) > 2:  # noqa: PLR2004 - two points are the straight line
            shape_i[piece_i] = len(shapes)
            shapes.append(shape)
    return shape_i, shapes


def _fit_shape(way: RawWay, start: tuple[float, float], end: tuple[float, float]) -> Points:
    shape = way.shape or ()
    if len(way.nodes) != 2 or len(shape) < 2:  # noqa: PLR2004 - one line between two nodes
        raise BadInputError(
            f"way {way.way_id} has a shape of {len(shape)} points for {len(way.nodes)} nodes; "
            "a shape needs two points and exactly two nodes",
        )
    if not np.all(np.isfinite(shape)):
        raise BadInputError(f"way {way.way_id} has a shape with a point that is not a number")
    # GraphML written by an older OSMnx draws some streets from the far end.
    if _distance_m(shape[0], start) > _distance_m(shape[0], end):
        shape = shape[::-1]
    return (start, *shape[1:-1], end)


def _distance_m(point: tuple[float, float], other: tuple[float, float]) -> float:
    return distance_m(point[0], point[1], to_lat=other[0], to_lon=other[1])


def _measure(
    cut: Pieces, ways: list[RawWay], nodes: tuple[Floats, Floats], dropped: Counter[str]
) -> Pieces:
    if not len(cut.a):
        return cut
    drawn_m = drawn_lengths_m(*cut.lines(*nodes))
    drawn_way_m = np.bincount(cut.way_i, drawn_m, len(ways))
    n_pieces = np.bincount(cut.way_i, minlength=len(ways))
    stated_m = np.asarray([way.length_m or np.nan for way in ways])
    # A way with missing nodes is not as long as stated; and no street is shorter than drawn, or
    # a car on it would be seen faster than it may drive.
    whole = np.asarray([len(way.nodes) - 1 for way in ways]) == n_pieces
    with np.errstate(divide="ignore", invalid="ignore"):
        scale = np.where(whole & (drawn_way_m > 0.0), stated_m / drawn_way_m, 1.0)
    scale = np.where(np.isfinite(scale), np.maximum(scale, 1.0), 1.0)
    length_m = drawn_m * scale[cut.way_i]
    # Two nodes in one place still connect; a piece from a node to itself leads nowhere.
    kept = (cut.a != cut.b) | (drawn_m > 0.0)
    dropped["zero_length"] += int(np.count_nonzero(~kept))
    rows = (cut.kmh, cut.way_i, length_m, cut.shape_i, cut.shapes, cut.modes)
    return Pieces(cut.a, cut.b, *rows).take(kept)


def _orient(pieces: Pieces) -> tuple[Pieces, Ints]:
    shapes = list(pieces.shapes)
    turned = pieces.a > pieces.b
    shape_key = np.full(len(pieces.a), -1, np.int64)
    known: dict[Points, int] = {}
    for piece_i in np.flatnonzero(pieces.shape_i >= 0).tolist():
        shape = shapes[pieces.shape_i[piece_i]]
        if pieces.a[piece_i] == pieces.b[piece_i]:
            turned[piece_i] = shape[::-1] < shape
        shape = shape[::-1] if turned[piece_i] else shape
        shapes[pieces.shape_i[piece_i]] = shape
        shape_key[piece_i] = known.setdefault(shape, len(known))
    a, b = np.where(turned, pieces.b, pieces.a), np.where(turned, pieces.a, pieces.b)
    kmh = np.where(turned, pieces.kmh[::-1], pieces.kmh)
    modes = np.where(turned, pieces.modes[::-1], pieces.modes)
    rows = (pieces.way_i, pieces.length_m, pieces.shape_i, shapes, modes)
    return Pieces(a, b, kmh, *rows), shape_key
