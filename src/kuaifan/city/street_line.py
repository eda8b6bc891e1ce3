"""A street as one may walk along it (街道线形): its pieces by name, from one house to another."""

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kuaifan.geo.place_names import fold_name
from kuaifan.geo.points import LocalPlane
from kuaifan.roads.network import RoadNetwork

WINDING = 3.0
"""A way along the street this much longer than the beeline goes round a block, not along it."""
SLACK_M = 50.0
_DIGITS = 6

Floats = NDArray[np.float64]
Corner = tuple[float, float]


class Spot(NamedTuple):
    """Where a house stands beside a street (临街点): metres along a piece, and its own place."""

    piece: int
    along_m: float
    x: float
    y: float


class Walk(NamedTuple):
    """The street between two houses (街段), in degrees; how far left of it each of them stands."""

    line: tuple[tuple[float, float], ...]
    first_off_m: float
    last_off_m: float


class StreetLine:
    """All pieces of one name (同名街道); pieces: (k, 2) metres on the plane."""

    def __init__(self, pieces: Sequence[Floats], plane: LocalPlane) -> None:
        self._pieces, self._plane = pieces, plane
        self._at_m = [
            np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(piece, axis=0).T))))
            for piece in pieces
        ]
        self._at_corner = defaultdict[Corner, list[tuple[int, bool]]](list)
        for i, piece in enumerate(pieces):
            self._at_corner[_corner(piece[0])].append((i, True))
            self._at_corner[_corner(piece[-1])].append((i, False))
        self._begin = np.concatenate([piece[:-1] for piece in pieces])
        self._step = np.concatenate([np.diff(piece, axis=0) for piece in pieces])
        self._owner = np.repeat(np.arange(len(pieces)), [len(piece) - 1 for piece in pieces])
        self._before_m = np.concatenate([at_m[:-1] for at_m in self._at_m])

    def project(self, lat: ArrayLike, lon: ArrayLike) -> list[Spot]:
        """The nearest point of the street to each place."""
        found = []
        squares = np.maximum((self._step**2).sum(axis=1), 1e-9)
        for x, y in np.column_stack(self._plane.to_metres(lat, lon)).tolist():
            away = np.array((x, y)) - self._begin
            share = np.clip((away * self._step).sum(axis=1) / squares, 0.0, 1.0)
            off = away - share[:, None] * self._step
            i = int(np.argmin((off**2).sum(axis=1)))
            along_m = float(self._before_m[i] + share[i] * squares[i] ** 0.5)
            found.append(Spot(int(self._owner[i]), along_m, x, y))
        return found

    def walk(self, first: Spot, last: Spot, *, within_m: float) -> Walk | None:
        """Along the street from one house to another; None where it does not lead there."""
        beeline_m = float(np.hypot(last.x - first.x, last.y - first.y))
        bound_m = min(within_m, WINDING * beeline_m + SLACK_M)
        if first.piece == last.piece:
            xy = self._cut(first.piece, first.along_m, last.along_m)
        else:
            found = self._find(first, last, bound_m)
            if found is None:
                return None
            xy = np.concatenate(found)
        xy = xy[np.concatenate(([True], np.hypot(*np.diff(xy, axis=0).T) > 0.01))]  # noqa: PLR2004 - a centimetre
        if len(xy) < 2 or np.hypot(*np.diff(xy, axis=0).T).sum() > bound_m:  # noqa: PLR2004 - two ends
            return None
        lat, lon = self._plane.to_degrees(*xy.T)
        line = zip(lat.round(_DIGITS + 1).tolist(), lon.round(_DIGITS + 1).tolist(), strict=True)
        return Walk(tuple(line), _off_m(xy[0], xy[1], first), _off_m(xy[-2], xy[-1], last))

    def _cut(self, piece: int, from_m: float, to_m: float) -> Floats:
        """A stretch of one piece, in the direction asked for."""
        at_m, xy = self._at_m[piece], self._pieces[piece]
        low, high = sorted((from_m, to_m))
        inner = (at_m > low) & (at_m < high)
        ends = np.array([[np.interp(m, at_m, axis) for axis in xy.T] for m in (low, high)])
        stretch = np.concatenate((ends[:1], xy[inner], ends[1:]))
        return stretch if from_m <= to_m else stretch[::-1]

    def _find(self, first: Spot, last: Spot, bound_m: float) -> list[Floats] | None:
        """Shortest way over the corners of the street, as its stretches."""
        heap: list[tuple[float, Corner, tuple[tuple[int, bool], ...]]] = []
        length_m = float(self._at_m[first.piece][-1])
        for at_end, cost_m in ((0, first.along_m), (-1, length_m - first.along_m)):
            heapq.heappush(heap, (cost_m, _corner(self._pieces[first.piece][at_end]), ()))
        ends = {_corner(self._pieces[last.piece][i]): i for i in (0, -1)}
        seen: set[Corner] = set()
        while heap:
            cost_m, corner, way = heapq.heappop(heap)
            if corner in seen or cost_m > bound_m:
                continue
            seen.add(corner)
            if corner in ends:
                return self._assemble(first, last, way, corner)
            for piece, is_ahead in self._at_corner[corner]:
                far = _corner(self._pieces[piece][-1 if is_ahead else 0])
                heapq.heappush(
                    heap, (cost_m + float(self._at_m[piece][-1]), far, (*way, (piece, is_ahead)))
                )
        return None

    def _assemble(
        self, first: Spot, last: Spot, way: Iterable[tuple[int, bool]], corner: Corner
    ) -> list[Floats]:
        stretches = [self._pieces[piece][:: 1 if ahead else -1] for piece, ahead in way]
        begin = _corner(stretches[0][0]) if stretches else corner
        head_m = self._end_m(first.piece, begin)
        tail_m = self._end_m(last.piece, corner)
        return [
            self._cut(first.piece, first.along_m, head_m),
            *stretches,
            self._cut(last.piece, tail_m, last.along_m),
        ]

    def _end_m(self, piece: int, corner: Corner) -> float:
        is_begin = _corner(self._pieces[piece][0]) == corner
        return 0.0 if is_begin else float(self._at_m[piece][-1])


def lay_streets(network: RoadNetwork, plane: LocalPlane, names: set[str]) -> dict[str, StreetLine]:
    """The line of each street of these folded names; without those that the roads do not have."""
    folded = {i: fold_name(name) for i, name in enumerate(network.names)}
    wanted = {i for i, name in folded.items() if name in names and name}
    pieces = defaultdict[str, list[Floats]](list)
    x, y = plane.to_metres(network.shape_lat, network.shape_lon)
    once = (network.twin < 0) | (network.twin > np.arange(network.n_arcs))
    for arc in np.flatnonzero(np.isin(network.name_i, sorted(wanted)) & once & ~network.is_turn):
        first, last = int(network.shape_first[arc]), int(network.shape_first[arc + 1])
        if last - first > 1:
            xy = np.column_stack((x[first:last], y[first:last]))
            pieces[folded[int(network.name_i[arc])]].append(xy)
    return {name: StreetLine(found, plane) for name, found in pieces.items()}


def _corner(at: Floats) -> Corner:
    """Ends of pieces that meet have one place, whichever node of a split junction they end at."""
    return round(float(at[0]), 2), round(float(at[1]), 2)


def _off_m(begin: Floats, end: Floats, spot: Spot) -> float:
    """Metres left of the line from begin to end."""
    ahead = (end - begin) / max(float(np.hypot(*(end - begin))), 0.01)
    return float(ahead[0] * (spot.y - begin[1]) - ahead[1] * (spot.x - begin[0]))
