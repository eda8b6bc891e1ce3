"""Rows of closures (封路行): what was drawn, and the pieces of street that it holds on."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from kuaifan.board.reference import Reference
from kuaifan.board.road_changes import WHOLE_PPM
from kuaifan.board.state import Board
from kuaifan.board.view_rows import ClosureRow

LatLon = tuple[float, float]
DIGITS: Final = 6
"""Of a degree: about a decimetre."""


def closure_row(board: Board, closure_id: str) -> ClosureRow | None:
    """A closure as long as it stands. O(its pieces of street)."""
    closure = board.closures.get(closure_id)
    if closure is None:
        return None
    arcs = frozenset(closure.arcs)
    return ClosureRow(
        closure_id=closure_id,
        points=closure.points,
        lines=street_lines(board.reference, closure.arcs),
        percent=closure.percent,
        reason=closure.reason,
        by=closure.by,
        until_ms=closure.until_ms,
        both_ways=all(_twin(board.reference, arc) in arcs | {-1} for arc in closure.arcs),
        seq=closure.seq,
    )


def street_lines(reference: Reference, arcs: tuple[int, ...]) -> tuple[tuple[LatLon, ...], ...]:
    """Polylines of arcs, each street once, those that follow each other joined."""
    streets: dict[int, int] = {}
    for arc in arcs:
        twin = _twin(reference, arc)
        streets.setdefault(arc if twin < 0 else min(arc, twin), arc)
    kept = list(streets.values())
    network = reference.network
    joined = [_shape(reference, arc) for arc in kept[:1]]
    for before, arc in pairwise(kept):
        shape = _shape(reference, arc)
        if network.head[before] == network.tail[arc]:
            joined[-1] += shape[1:]
        else:
            joined.append(shape)
    return tuple(map(tuple, joined))


def _shape(reference: Reference, arc: int) -> list[LatLon]:
    points = reference.snapper.lines.part(arc, 0, WHOLE_PPM)
    return [(round(lat, DIGITS), round(lon, DIGITS)) for lat, lon in points]


def _twin(reference: Reference, arc: int) -> int:
    """The other direction of a street, -1 where it has none."""
    return int(reference.network.twin[arc])
