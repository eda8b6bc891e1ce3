"""Roads inside the blocks of an invented city (小区内部路): gates, loops and closes."""

import math
from dataclasses import dataclass, field

import numpy as np

from kuaifan.city.invent_net import Cell, Point
from kuaifan.city.invent_plots import Plot, Use

N_SIDES = 4
_SNAP_M = 22.0
_MIN_ESTATE_M2 = 12_000.0
_ROADED: frozenset[Use] = frozenset(
    {"estate", "industrial", "hospital", "university", "school", "market", "lake", "hill"}
)


@dataclass(slots=True)
class InnerRoads:
    """Paths of points on paper, from junction to junction; gates: where they meet streets."""

    paths: list[list[Point]] = field(default_factory=list)
    gates: dict[int, list[Point]] = field(default_factory=dict)


def draw_inner_roads(plots: list[Plot], rng: np.random.Generator) -> InnerRoads:
    """Give each estate, works and campus its roads, and note its gates on the streets."""
    roads = InnerRoads()
    for plot_i, plot in enumerate(plots):
        if plot.use not in _ROADED or not plot.ring:
            continue
        drawer = _Drawer(plot, rng)
        drawer.draw()
        roads.paths += drawer.paths
        roads.gates[plot_i] = drawer.gates
    return roads


class _Drawer:
    """Draws in a block's own coordinates: s and t run from 0 to 1 along two of its sides."""

    def __init__(self, plot: Plot, rng: np.random.Generator) -> None:
        self.plot, self.cell, self.rng = plot, plot.cell, rng
        self.paths: list[list[Point]] = []
        self.gates: list[Point] = []

    def draw(self) -> None:
        """Choose a pattern by use and size."""
        if len(self.cell.corners) != N_SIDES or self.cell.area_m2() < _MIN_ESTATE_M2:
            self._close()
            return
        if self.plot.use in {"school", "hospital", "market"}:
            self._close()
            return
        if self.plot.use == "lake":
            self._loop((0.05, 0.07))
            return
        if self.plot.use in {"industrial", "hill"}:
            self._spine()
            return
        patterns = (self._loop, self._cross, self._comb, self._spine, self._loop)
        patterns[int(self.rng.integers(len(patterns)))]()

    def _at(self, s: float, t: float) -> Point:
        a, b, c, d = self.cell.corners
        u = (1 - s) * (1 - t) * a[0] + s * (1 - t) * b[0] + s * t * c[0] + (1 - s) * t * d[0]
        v = (1 - s) * (1 - t) * a[1] + s * (1 - t) * b[1] + s * t * c[1] + (1 - s) * t * d[1]
        return round(u, 2), round(v, 2)

    def _gate(self, side: int, share: float) -> Point:
        """A gate on a side of the block; an existing junction nearby is taken instead."""
        line = self.cell.lines[side]
        start, end = self.cell.corners[side], self.cell.corners[(side + 1) % len(self.cell.corners)]
        wished = line.position(start) + share * (line.position(end) - line.position(start))
        low, high = sorted((line.position(start), line.position(end)))
        near = [
            (abs(line.nodes[point] - wished), point)
            for point in line.list_near(wished)
            if abs(line.nodes[point] - wished) < _SNAP_M
            and low + _SNAP_M < line.nodes[point] < high - _SNAP_M
        ]
        if near:
            gate = min(near)[1]
        else:
            u, v = line.point_at(wished)
            gate = (round(u, 2), round(v, 2))
            line.touch(gate)
        self.gates.append(gate)
        return gate

    def _loop(self, inset: tuple[float, float] = (0.2, 0.3)) -> None:
        """A ring road (环路) with two or three gates."""
        a, b = self.rng.uniform(*inset, 2).tolist()
        south, east = self._at(0.5, a), self._at(1.0 - b, 0.5)
        north, west = self._at(0.5, 1.0 - a), self._at(b, 0.5)
        corner = [self._at(1 - b, a), self._at(1 - b, 1 - a), self._at(b, 1 - a), self._at(b, a)]
        rim = (south, east, north, west)
        for i in range(N_SIDES):
            start, end = rim[i], rim[(i + 1) % N_SIDES]
            self.paths.append([start, *_rounded(start, corner[i], end), end])
        first = int(self.rng.integers(N_SIDES))
        sides = [first, (first + 2) % N_SIDES]
        if self.rng.random() < 0.4:  # noqa: PLR2004 - two estates of five have a side gate
            sides.append((first + 1) % N_SIDES)
        for side in sides:
            self.paths.append([self._gate(side, 0.5), rim[side]])

    def _cross(self) -> None:
        """Two roads that cross, of which one or both run from gate to gate."""
        s, t = self.rng.uniform(0.38, 0.62, 2)
        middle = self._at(s, t)
        ends: list[Point] = [self._gate(0, s), self._gate(2, 1.0 - s)]
        is_through = self.rng.random() < 0.5  # noqa: PLR2004 - even odds
        ends.append(self._gate(1, t) if is_through else self._at(0.86, t))
        ends.append(self._at(0.14, t))
        self.paths += [[middle, end] for end in ends]

    def _comb(self) -> None:
        """One road in, with closes on both sides (尽端路)."""
        s = float(self.rng.uniform(0.4, 0.6))
        rungs = (0.3, 0.62) if self.rng.random() < 0.6 else (0.22, 0.5, 0.78)  # noqa: PLR2004
        before = self._gate(0, s)
        for rung in rungs:
            here = self._at(s, rung)
            self.paths += [[before, here], [here, self._at(0.12, rung)]]
            if rung != rungs[-1] or self.rng.random() < 0.5:  # noqa: PLR2004 - even odds
                self.paths.append([here, self._at(0.88, rung)])
            before = here
        if self.rng.random() < 0.5:  # noqa: PLR2004 - even odds
            self.paths.append([before, self._gate(2, 1.0 - s)])

    def _spine(self) -> None:
        """A gently bent road from gate to gate, with one close."""
        s = float(self.rng.uniform(0.35, 0.65))
        side = int(self.rng.integers(2))
        start = self._gate(side, s)
        end = self._gate(side + 2, 1.0 - s)
        bend = float(self.rng.uniform(-0.1, 0.1))
        middle = self._at(s + bend, 0.5) if side == 0 else self._at(0.5, s + bend)
        close = self._at(0.85, 0.5) if side == 0 else self._at(0.5, 0.85)
        self.paths += [[start, middle], [middle, end], [middle, close]]

    def _close(self) -> None:
        """One gate on the longest side and a short way in."""
        cell = self.cell
        side = max(range(len(cell.corners)), key=lambda i: (_length(cell, i), -i))
        gate = self._gate(side, 0.5)
        middle = cell.middle
        inner = (gate[0] + 0.7 * (middle[0] - gate[0]), gate[1] + 0.7 * (middle[1] - gate[1]))
        self.paths.append([gate, (round(inner[0], 2), round(inner[1], 2))])


def _length(cell: Cell, i: int) -> float:
    a, b = cell.corners[i], cell.corners[(i + 1) % len(cell.corners)]
    return round(math.hypot(a[0] - b[0], a[1] - b[1]), 1)


def _rounded(start: Point, corner: Point, end: Point) -> list[Point]:
    """Points that turn a corner in a curve."""
    bent = []
    for share in (0.55, 0.78, 1.0):
        inner = share * 0.93
        bent.append(
            (
                start[0] + (corner[0] - start[0]) * inner,
                start[1] + (corner[1] - start[1]) * inner,
            )
        )
    back = [
        (end[0] + (corner[0] - end[0]) * share, end[1] + (corner[1] - end[1]) * share)
        for share in (0.72, 0.5)
    ]
    return [(round(u, 2), round(v, 2)) for u, v in (*bent[:2], *back)]
