"""Lays out the streets of an invented city on paper (街道布局): from great roads to lanes."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from kuaifan.city.invent_grid import Grid, make_grid
from kuaifan.city.invent_land import CORE_UNTIL, EASTWARD, NORTHWARD, Land, Zone
from kuaifan.city.invent_net import Cell, Line, Net, Point, cross, split

Special = Literal["", "lake", "hill", "station", "university", "square"]

PRIMARY, SECONDARY, TERTIARY, LANE = 1, 2, 3, 4
_BLOCK_M: dict[Zone, float] = {
    "old": 230.0,
    "core": 300.0,
    "urban": 350.0,
    "suburban": 520.0,
    "rural": 1e9,
}
_LANE_BLOCK_M = 105.0
_OFF_LINE = {"old": 0.45, "core": 0.25, "urban": 0.3, "suburban": 0.3, "rural": 0.0}
_MIN_SHARE = 0.3
_SKIPPED_PRIMARY = 0.1
_SLANT_UNTIL = 0.95


@dataclass(slots=True, eq=False)
class Block:
    """One block between streets (街区): its cell, its zone and what is special about it."""

    cell: Cell
    zone: Zone
    superblock_i: int
    special: Special = ""


@dataclass(slots=True, eq=False)
class Layout:
    """The paper with all its cuts; blocks are what is left between them.

    strips: cells of rivers, railways and expressways. express_stems: by the strip's position.
    """

    land: Land
    net: Net
    grid: Grid
    superblocks: list[Cell]
    blocks: list[Block] = field(default_factory=list)
    strips: list[Cell] = field(default_factory=list)
    express_stems: dict[float, str] = field(default_factory=dict)


def lay_out(land: Land, rng: np.random.Generator) -> Layout:
    """Cut the paper of one city, largest things first."""
    net = Net()
    grid = make_grid(land, rng)
    sectors, strips = _cut_bands(land, net)
    superblocks = [
        part for sector in sectors for part in _cut_primary(sector, (land, net, grid), rng)
    ]
    superblocks = _cut_diagonals(superblocks, strips, (land, net), rng)
    layout = Layout(land, net, grid, superblocks, strips=strips)
    _cross_strips(layout, rng)
    specials = choose_specials(layout, rng)
    for superblock_i, superblock in enumerate(superblocks):
        special = specials.get(superblock_i, "")
        cutter = _Cutter(layout, superblock_i, special, rng)
        cutter.cut(superblock)
    return layout


def _cut_bands(land: Land, net: Net) -> tuple[list[Cell], list[Cell]]:
    """Cut out rivers, railways and expressways; a road runs along both sides of each."""
    dry = [net.sheet(land.edge_u, land.edge_v)]
    strips: list[Cell] = []
    for band in land.bands:
        rank = TERTIARY if band.kind == "rail" else SECONDARY
        low = net.straight(band.axis, band.at - band.half_m)
        high = net.straight(band.axis, band.at + band.half_m)
        low.along = high.along = band.kind
        strips = [part for strip in strips for part in _cut_strip(strip, (low, high), rank)]
        whole, dry = dry, []
        for cell in whole:
            if not _is_crossed(cell, low):
                dry.append(cell)
                continue
            below, within, above = _cut_out(cell, (low, high), rank)
            within.kind = band.kind
            dry += [below, above]
            strips.append(within)
    return dry, strips


def _is_crossed(cell: Cell, line: Line) -> bool:
    low, high = cell.span(0 if line.axis == NORTHWARD else 1)
    return low < line.at < high


def _cut_out(cell: Cell, lines: tuple[Line, Line], rank: int) -> tuple[Cell, Cell, Cell]:
    below, rest = _halves(cell, lines[0], rank)
    within, above = _halves(rest, lines[1], rank)
    return below, within, above


def _cut_strip(strip: Cell, lines: tuple[Line, Line], rank: int) -> list[Cell]:
    """Where a later band crosses an earlier strip its roads cross too, unless that is water."""
    if strip.kind == "river":
        return [strip]
    return list(_cut_out(strip, lines, rank)) if _is_crossed(strip, lines[0]) else [strip]


def _halves(cell: Cell, line: Line, rank: int) -> tuple[Cell, Cell]:
    parts = split(cell, line, rank=rank)
    if parts is None:
        raise AssertionError("a band lies off the paper")
    return parts


def _cut_primary(cell: Cell, plan: tuple[Land, Net, Grid], rng: np.random.Generator) -> list[Cell]:
    """Cut a sector by every primary line through it; now and then one stops at another."""
    land, net, grid = plan
    done: list[Cell] = []
    todo = [cell]
    while todo:
        cell = todo.pop()
        is_remote = land.remoteness(*cell.middle) > CORE_UNTIL
        is_skipped = is_remote and rng.random() < _SKIPPED_PRIMARY
        line = _find_primary(cell, net, grid)
        if line is None or (is_skipped and cell.area_m2() < grid.skipped_m2):
            done.append(cell)
            continue
        parts = split(cell, line, rank=PRIMARY)
        todo += [] if parts is None else parts[::-1]
    return done


def _find_primary(cell: Cell, net: Net, grid: Grid) -> Line | None:
    """The primary line nearest the middle of the longer side, else of the other."""
    spans = [cell.span(axis) for axis in (0, 1)]
    longer = 0 if spans[0][1] - spans[0][0] >= spans[1][1] - spans[1][0] else 1
    for axis in (NORTHWARD, EASTWARD) if longer == 0 else (EASTWARD, NORTHWARD):
        low, high = spans[axis]
        at = grid.find(axis, (low + 60.0, high - 60.0), max_level=1)
        if at is not None:
            return net.straight(axis, at)
    return None


def _cut_diagonals(
    cells: list[Cell], strips: list[Cell], plan: tuple[Land, Net], rng: np.random.Generator
) -> list[Cell]:
    """Cut a few avenues slantwise (放射路), from the old town outwards, through whole cells."""
    land, net = plan
    angles = (0.25 + 0.5 * np.arange(4) + rng.uniform(-0.06, 0.06, 4)) * np.pi
    keep = rng.permutation(4)[: land.size.n_diagonals]
    for angle in sorted(angles[keep].tolist()):
        line = net.slanted((0.0, 0.0), (float(np.cos(angle)), float(np.sin(angle))))
        cells = [part for cell in cells for part in _cut_slantwise(cell, line, land)]
        for strip in strips:
            if strip.kind != "river" and _is_on_slant(strip, line, land):
                cross(strip, line, rank=PRIMARY, use="underpass")
    return cells


def _cut_slantwise(cell: Cell, line: Line, land: Land) -> list[Cell]:
    if not _is_on_slant(cell, line, land) or not _is_cut_well(cell, line):
        return [cell]
    parts = split(cell, line, rank=PRIMARY)
    return [cell] if parts is None else list(parts)


def _is_on_slant(cell: Cell, line: Line, land: Land) -> bool:
    """Whether an avenue goes so far; none crosses the river, which has few bridges."""
    ends = line.near_ends(cell)
    if ends is None or (cell.middle[1] - land.river.at) * land.river_side > 0.0:
        return False
    return ends[0] > 0.9 * land.size.old_m and ends[1] < _SLANT_UNTIL * land.size.radius_m


def _is_cut_well(cell: Cell, line: Line) -> bool:
    """Whether no sliver is cut off; a corner passed closely is left alone."""
    sides = [line.side(corner) for corner in cell.corners]
    return min(sides) < -120.0 and max(sides) > 120.0  # noqa: PLR2004 - half a block


def _cross_strips(layout: Layout, rng: np.random.Generator) -> None:
    """Carry streets over the river (few), under the railway and the expressways (most)."""
    grid, net = layout.grid, layout.net
    for strip in layout.strips:
        axis = EASTWARD if _runs_north(layout, strip) else NORTHWARD
        low, high = strip.span(axis)
        for at, level in grid.list_within(axis, (low + 20.0, high - 20.0)):
            if strip.kind == "river":
                if at in grid.bridges:
                    cross(strip, net.straight(axis, at), rank=PRIMARY, use="bridge")
            elif level == 1 or (level == SECONDARY and rng.random() < 0.55):  # noqa: PLR2004
                cross(strip, net.straight(axis, at), rank=level, use="underpass")


def _runs_north(layout: Layout, strip: Cell) -> bool:
    u, v = strip.middle
    return any(
        abs((u, v)[band.axis] - band.at) < 1.0 and band.axis == NORTHWARD
        for band in layout.land.list_bands("express", NORTHWARD)
        if strip.kind == "express"
    )


class _Cutter:
    """Cuts one superblock down to blocks; its streets are a little denser or sparser than next."""

    def __init__(
        self, layout: Layout, superblock_i: int, special: Special, rng: np.random.Generator
    ) -> None:
        self.layout, self.superblock_i, self.special = layout, superblock_i, special
        self.rng = rng
        self.factor = float(rng.uniform(0.82, 1.25))

    def cut(self, superblock: Cell) -> None:
        """Cut until every block is small enough for its zone."""
        land = self.layout.land
        todo = [superblock]
        while todo:
            cell = todo.pop()
            zone = land.zone(*cell.middle)
            parts = None if self._is_whole(cell, zone) else self._cut_once(cell, zone)
            if parts is None:
                block = Block(cell, zone, self.superblock_i, self.special)
                self.layout.blocks.append(block)
            else:
                todo += parts[::-1]

    def _is_whole(self, cell: Cell, zone: Zone) -> bool:
        if self.special in {"lake", "hill"} or zone == "rural":
            return True
        if self.special == "university" and cell.area_m2() < 900_000.0:  # noqa: PLR2004
            return True
        sides = [high - low for low, high in (cell.span(0), cell.span(1))]
        if zone == "old":
            return max(sides) < _LANE_BLOCK_M * self.rng.uniform(0.9, 1.7)
        return max(sides) < _BLOCK_M[zone] * self.factor * self.rng.uniform(0.85, 1.35)

    def _cut_once(self, cell: Cell, zone: Zone) -> tuple[Cell, Cell] | None:
        spans = [cell.span(axis) for axis in (0, 1)]
        sides = [high - low for low, high in spans]
        axis = NORTHWARD if sides[0] * self.rng.uniform(0.85, 1.18) >= sides[1] else EASTWARD
        low, high = spans[axis]
        inset = _MIN_SHARE * (high - low)
        inner = (low + inset, high - inset)
        at = self.layout.grid.find(axis, inner, max_level=LANE)
        level = LANE if at is None else self.layout.grid.level(axis, at)
        is_off = level > SECONDARY and self.rng.random() < _OFF_LINE[zone]
        if at is None or is_off:
            at = round(float(self.rng.uniform(*inner)), 1)
        rank = level
        if zone == "old" and max(sides) < 1.25 * _BLOCK_M["old"]:
            rank = LANE
        elif rank == LANE and zone != "old":
            rank = TERTIARY
        return split(cell, self.layout.net.straight(axis, at), rank=rank)


def choose_specials(layout: Layout, rng: np.random.Generator) -> dict[int, Special]:
    """Which superblocks are a lake, a hill, the station or a university (湖、山、车站、大学)."""
    land, size = layout.land, layout.land.size
    remote = [land.remoteness(*cell.middle) for cell in layout.superblocks]
    big = [cell.area_m2() > 250_000.0 and len(cell.corners) == 4 for cell in layout.superblocks]  # noqa: PLR2004
    order = rng.permutation(len(remote)).tolist()
    chosen: dict[int, Special] = {}
    wishes: tuple[tuple[Special, int, float, float], ...] = (
        ("lake", size.n_lakes, 0.36, 0.8),
        ("hill", size.n_hills, 0.75, 1.12),
        ("university", max(1, size.n_lakes // 2), 0.5, 0.95),
    )
    for special, n, low, high in wishes:
        fitting = [i for i in order if i not in chosen and big[i] and low < remote[i] < high]
        chosen |= dict.fromkeys(fitting[:n], special)
    chosen[_find_station(layout, chosen)] = "station"
    return chosen


def _find_station(layout: Layout, taken: dict[int, Special]) -> int:
    """The superblock on the town's side of the railway nearest the middle."""
    rail = layout.land.list_bands("rail")[0]

    def away(superblock_i: int) -> float:
        cell = layout.superblocks[superblock_i]
        is_beside = any(line.along == "rail" for line in cell.lines)
        is_inside = abs(cell.middle[1]) < abs(rail.at)
        return abs(cell.middle[0]) if is_beside and is_inside else float("inf")

    free = [i for i in range(len(layout.superblocks)) if i not in taken]
    return min(free, key=away)


def cell_ring(cell: Cell) -> list[Point]:
    """The corners of a cell, closed."""
    return [*cell.corners, cell.corners[0]]
