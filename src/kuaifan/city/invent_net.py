"""Cuts paper into blocks by straight lines (切分街区) and remembers each cut as a street.

A cell is convex and keeps the line of each of its sides, so a new cut knows which two streets it
ends at: junctions need no search, and every street ends on another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from kuaifan.city.invent_land import BandKind

Point = tuple[float, float]
Use = Literal["street", "bridge", "underpass", "border"]
LineAxis = Literal[0, 1, 2]
SLANTED: LineAxis = 2
_NEAR_M = 0.05
_STRETCH_M = 50.0


@dataclass(frozen=True, slots=True)
class Chord:
    """One cut along a line, from t0 to t1 (线上一段); rank 1 主干路, 2 次干路, 3 支路, 4 巷."""

    t0: float
    t1: float
    rank: int
    use: Use


@dataclass(slots=True, eq=False)
class Line:
    """An endless straight line on paper, with the cuts and junctions on it.

    axis: 0 where u = at, 1 where v = at, SLANTED through `origin` along `direction`.
    along: what runs beside it: a river's bank, a railway, an expressway, or nothing.
    """

    line_id: int
    axis: LineAxis
    at: float = 0.0
    origin: Point = (0.0, 0.0)
    direction: Point = (1.0, 0.0)
    along: BandKind | Literal[""] = ""
    chords: list[Chord] = field(default_factory=list)
    nodes: dict[Point, float] = field(default_factory=dict)
    _by_stretch: dict[int, list[Point]] = field(default_factory=dict)

    def side(self, point: Point) -> float:
        """Signed distance of a point, positive on the right hand of an axis' direction."""
        if self.axis == SLANTED:
            d_u, d_v = point[0] - self.origin[0], point[1] - self.origin[1]
            return d_u * self.direction[1] - d_v * self.direction[0]
        return point[0 if self.axis == 0 else 1] - self.at

    def position(self, point: Point) -> float:
        """How far along the line a point of it lies."""
        if self.axis == SLANTED:
            d_u, d_v = point[0] - self.origin[0], point[1] - self.origin[1]
            return d_u * self.direction[0] + d_v * self.direction[1]
        return point[1 if self.axis == 0 else 0]

    def point_at(self, t: float) -> Point:
        """The point at a distance along the line."""
        if self.axis == SLANTED:
            return (self.origin[0] + t * self.direction[0], self.origin[1] + t * self.direction[1])
        return (self.at, t) if self.axis == 0 else (t, self.at)

    def near_ends(self, cell: "Cell") -> tuple[float, float] | None:
        """From where to where the line runs through a cell, None where it does not."""
        return _clip_to(cell, self)

    def touch(self, point: Point) -> None:
        """Note that another street meets this one there."""
        if point not in self.nodes:
            t = self.position(point)
            self.nodes[point] = t
            self._by_stretch.setdefault(int(t // _STRETCH_M), []).append(point)

    def list_near(self, t: float) -> list[Point]:
        """Junctions within 50 m, and some a little further."""
        stretch = int(t // _STRETCH_M)
        return [p for i in (-1, 0, 1) for p in self._by_stretch.get(stretch + i, [])]

    def take(self, p: Point, q: Point, rank: int, use: Use) -> None:
        """Note a cut between two points of the line, both of them junctions."""
        self.touch(p)
        self.touch(q)
        t0, t1 = sorted((self.position(p), self.position(q)))
        self.chords.append(Chord(t0, t1, rank, use))


@dataclass(slots=True, eq=False)
class Cell:
    """A convex piece of paper (地块); side i runs from corner i to the next, on lines[i]."""

    corners: list[Point]
    lines: list[Line]
    kind: BandKind | Literal["land"] = "land"

    @property
    def middle(self) -> Point:
        """The mean of the corners."""
        n = len(self.corners)
        return sum(p[0] for p in self.corners) / n, sum(p[1] for p in self.corners) / n

    def span(self, axis: int) -> tuple[float, float]:
        """Least and greatest coordinate."""
        values = [corner[axis] for corner in self.corners]
        return min(values), max(values)

    def area_m2(self) -> float:
        """The area on paper, near enough that on the ground."""
        doubled = 0.0
        for (u_a, v_a), (u_b, v_b) in zip(
            self.corners, self.corners[1:] + self.corners[:1], strict=True
        ):
            doubled += u_a * v_b - u_b * v_a
        return abs(doubled) / 2.0


class Net:
    """All lines of one city's paper."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._straight: dict[tuple[int, float], Line] = {}

    def straight(self, axis: Literal[0, 1], at: float) -> Line:
        """The line with u (axis 0) or v (axis 1) equal to `at`; always the same one."""
        at = round(at, 1)
        if (axis, at) not in self._straight:
            line = Line(len(self.lines), axis, at)
            self._straight[axis, at] = line
            self.lines.append(line)
        return self._straight[axis, at]

    def slanted(self, origin: Point, direction: Point) -> Line:
        """A new line through a point along a unit vector."""
        line = Line(len(self.lines), SLANTED, origin=origin, direction=direction)
        self.lines.append(line)
        return line

    def sheet(self, edge_u: float, edge_v: float) -> Cell:
        """The whole paper, whose edges are lines without streets."""
        corners = [(-edge_u, -edge_v), (edge_u, -edge_v), (edge_u, edge_v), (-edge_u, edge_v)]
        south, east = self.straight(1, -edge_v), self.straight(0, edge_u)
        north, west = self.straight(1, edge_v), self.straight(0, -edge_u)
        return Cell(corners, [south, east, north, west])


def _clip_to(cell: Cell, line: Line) -> tuple[float, float] | None:
    ends = list(_find_ends(cell, line))
    if len(ends) != 2:  # noqa: PLR2004 - as in split
        return None
    first, second = sorted(line.position(point) for _, point in ends)
    return first, second


def split(cell: Cell, line: Line, *, rank: int) -> tuple[Cell, Cell] | None:
    """Cut a cell in two by a street; below side first, None where the line only grazes it."""
    ends = list(_find_ends(cell, line))
    if len(ends) != 2:  # noqa: PLR2004 - a line cuts a convex cell twice or grazes it
        return None
    _note(cell, line, ends, rank, "street")
    (first_i, p), (second_i, q) = ends
    n = len(cell.corners)
    one = _part(cell, (first_i, p), (second_i, q), line)
    two = _part(cell, (second_i, q), (first_i + n, p), line)
    is_one_below = line.side(one.middle) < 0.0
    return (one, two) if is_one_below else (two, one)


def cross(cell: Cell, line: Line, *, rank: int, use: Use) -> bool:
    """Carry a street through a cell that stays whole, over a river or under a railway."""
    ends = list(_find_ends(cell, line))
    if len(ends) != 2:  # noqa: PLR2004 - as above
        return False
    _note(cell, line, ends, rank, use)
    return True


def _note(cell: Cell, line: Line, ends: list[tuple[int, Point]], rank: int, use: Use) -> None:
    (first_i, p), (second_i, q) = ends
    line.take(p, q, rank, use)
    for side_i, point in ((first_i, p), (second_i, q)):
        cell.lines[side_i].touch(point)
        if _is_near(point, cell.corners[side_i]):
            cell.lines[side_i - 1].touch(point)


def _find_ends(cell: Cell, line: Line) -> Iterator[tuple[int, Point]]:
    """Where the line enters and leaves: the side and the point; a corner counts with its side."""
    n = len(cell.corners)
    sides = [line.side(corner) for corner in cell.corners]
    for i in range(n):
        here, there = sides[i], sides[(i + 1) % n]
        if abs(here) <= _NEAR_M:
            yield i, cell.corners[i]
        elif abs(there) > _NEAR_M and (here < 0.0) != (there < 0.0):
            yield i, _meet(line, cell.lines[i], (cell.corners[i], cell.corners[(i + 1) % n]))


def _meet(line: Line, other: Line, side: tuple[Point, Point]) -> Point:
    """The crossing of two lines, the same bits whichever is asked about."""
    if {line.axis, other.axis} == {0, 1}:
        return (line.at, other.at) if line.axis == 0 else (other.at, line.at)
    slanted, straight = (line, other) if line.axis == SLANTED else (other, line)
    if straight.axis == SLANTED:
        a, b = line.side(side[0]), line.side(side[1])
        share = a / (a - b)
        (u_a, v_a), (u_b, v_b) = side
        return round(u_a + share * (u_b - u_a), 2), round(v_a + share * (v_b - v_a), 2)
    fixed = 0 if straight.axis == 0 else 1
    t = (straight.at - slanted.origin[fixed]) / slanted.direction[fixed]
    met = slanted.point_at(t)
    return (straight.at, round(met[1], 2)) if fixed == 0 else (round(met[0], 2), straight.at)


def _part(cell: Cell, start: tuple[int, Point], end: tuple[int, Point], line: Line) -> Cell:
    """The piece of the cell's rim from one end of a cut to the other, closed by the cut."""
    n = len(cell.corners)
    corners, lines = [start[1]], [cell.lines[start[0] % n]]
    for i in range(start[0] + 1, end[0] + 1):
        corner = cell.corners[i % n]
        if _is_near(corner, corners[-1]):
            lines[-1] = cell.lines[i % n]
            continue
        corners.append(corner)
        lines.append(cell.lines[i % n])
    if _is_near(corners[-1], end[1]):
        lines[-1] = line
    else:
        corners.append(end[1])
        lines.append(line)
    return Cell(corners, lines, cell.kind)


def _is_near(a: Point, b: Point) -> bool:
    return abs(a[0] - b[0]) <= _NEAR_M and abs(a[1] - b[1]) <= _NEAR_M
