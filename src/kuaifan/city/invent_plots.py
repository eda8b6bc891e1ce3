"""What stands on each block of an invented city (用地): homes, shops, works, schools, parks."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from kuaifan.city.invent_grid import Grid
from kuaifan.city.invent_land import Land, Zone
from kuaifan.city.invent_layout import Block, Layout, Special
from kuaifan.city.invent_net import Cell, Line, Point

Use = Literal[
    "estate",
    "old_homes",
    "commercial",
    "mall",
    "market",
    "industrial",
    "school",
    "hospital",
    "government",
    "park",
    "university",
    "station",
    "square",
    "lake",
    "hill",
    "fields",
]

_WEIGHTS: dict[Zone, dict[Use, float]] = {
    "old": {
        "old_homes": 0.57,
        "commercial": 0.24,
        "school": 0.05,
        "park": 0.04,
        "government": 0.04,
        "market": 0.03,
        "hospital": 0.012,
    },
    "core": {
        "estate": 0.5,
        "commercial": 0.24,
        "school": 0.07,
        "park": 0.05,
        "government": 0.05,
        "mall": 0.04,
        "hospital": 0.03,
        "market": 0.02,
    },
    "urban": {
        "estate": 0.64,
        "commercial": 0.11,
        "school": 0.08,
        "park": 0.06,
        "industrial": 0.05,
        "market": 0.025,
        "hospital": 0.02,
        "mall": 0.015,
    },
    "suburban": {
        "estate": 0.34,
        "industrial": 0.28,
        "fields": 0.24,
        "commercial": 0.05,
        "school": 0.05,
        "park": 0.04,
    },
    "rural": {"fields": 1.0},
}
_SPECIAL_USES: dict[Special, Use] = {
    "lake": "lake",
    "hill": "hill",
    "university": "university",
}
_INSET_M = {1: 20.0, 2: 15.0, 3: 11.0, 4: 7.0}
_BAND_INSET_M = 14.0
_LANE_INSET_M = 5.0
_MIN_RING_M2 = 900.0
_JUNCTION_CLEAR_M = 330.0
BEYOND_RAIL = 6.0


@dataclass(slots=True, eq=False)
class Plot:
    """One block with its use; ring: its corners on paper, set back from the streets."""

    block: Block
    use: Use
    ring: list[Point]
    name: str = ""

    @property
    def cell(self) -> Cell:
        """The ground between the middles of the streets."""
        return self.block.cell

    @property
    def zone(self) -> Zone:
        """The zone of its middle."""
        return self.block.zone


def assign_uses(layout: Layout, rng: np.random.Generator) -> list[Plot]:
    """Give every block a use, in their order; then make sure that no kind is missing."""
    plots = []
    for block in layout.blocks:
        ring = set_back(block.cell, layout.grid)
        plots.append(Plot(block, _choose_use(layout.land, block, rng), ring))
    _place_station(layout.land, plots)
    _ensure_kinds(plots, layout.land)
    return plots


def _choose_use(land: Land, block: Block, rng: np.random.Generator) -> Use:
    chance = float(rng.random())
    if block.special in _SPECIAL_USES:
        return _SPECIAL_USES[block.special]
    if _is_under_junction(land, block.cell.middle):
        return "park"
    weights = dict(_WEIGHTS[block.zone])
    if len(block.cell.corners) != 4:  # noqa: PLR2004 - corners cut off by avenues make pocket parks
        weights = {"commercial": 0.6, "park": 0.4} if block.zone != "rural" else weights
    rail = land.list_bands("rail")[0]
    is_beyond = (block.cell.middle[1] - rail.at) * land.river_side < 0.0
    if is_beyond and "industrial" in weights:
        weights["industrial"] *= BEYOND_RAIL
    if any(line.along == "river" for line in block.cell.lines) and "park" in weights:
        weights["park"] += 0.2
    return _draw(weights, chance)


def _draw(weights: dict[Use, float], chance: float) -> Use:
    left = chance * sum(weights.values())
    last: Use = "commercial"
    for use, weight in weights.items():
        last = use
        left -= weight
        if left < 0.0:
            break
    return last


def _is_under_junction(land: Land, middle: Point) -> bool:
    """Whether two expressways cross there: their loops need the ground."""
    north, east = land.list_bands("express", 0), land.list_bands("express", 1)
    near = [
        abs(middle[0] - a.at) < _JUNCTION_CLEAR_M and abs(middle[1] - b.at) < _JUNCTION_CLEAR_M
        for a in north
        for b in east
    ]
    return any(near)


def _place_station(land: Land, plots: list[Plot]) -> None:
    """The railway station lies on the tracks, its square in front of it (站前广场)."""
    rail = land.list_bands("rail")[0]
    beside = [
        plot
        for plot in plots
        if plot.block.special == "station" and any(n.along == "rail" for n in plot.cell.lines)
    ]
    if not beside:
        return
    station = max(beside, key=lambda plot: plot.cell.area_m2())
    station.use = "station"
    near = [p for p in plots if p.block.special == "station" and p is not station]
    middle = station.cell.middle
    if near:
        front = min(
            near,
            key=lambda p: (
                abs(p.cell.middle[0] - middle[0]) + abs(abs(p.cell.middle[1] - rail.at) - 250.0)
            ),
        )
        front.use = "square"


def _ensure_kinds(plots: list[Plot], land: Land) -> None:
    """The town needs its square and its seat of government near the middle, and one of each."""
    near = sorted(
        (p for p in plots if p.zone in {"old", "core"} and p.use != "station"),
        key=lambda p: (round(abs(p.cell.middle[0]) + abs(p.cell.middle[1])), p.cell.middle),
    )
    wanted: tuple[Use, ...] = ("square", "commercial", "mall", "government", "hospital", "market")
    for plot, use in zip(near, wanted, strict=False):
        plot.use = use
    far = [p for p in plots if p.use == "estate" and land.remoteness(*p.cell.middle) > 0.5]  # noqa: PLR2004
    outer: tuple[Use, ...] = ("hospital", "school", "mall")
    for plot, use in zip(far[:: max(1, len(far) // 4)], outer, strict=False):
        plot.use = use


def set_back(cell: Cell, grid: Grid) -> list[Point]:
    """The corners of a cell moved inwards from each street by half its width; [] if too small."""
    insets = [_inset_m(line, grid) for line in cell.lines]
    corners = []
    for i in range(len(cell.corners)):
        corner = _move_in(cell, i, (insets[i - 1], insets[i]))
        if corner is None:
            return []
        corners.append(corner)
    is_turned = _doubled_area(corners) < 2.0 * _MIN_RING_M2
    return [] if is_turned else corners


def _inset_m(line: Line, grid: Grid) -> float:
    if line.along:
        return _BAND_INSET_M
    if line.axis == 2:  # noqa: PLR2004 - SLANTED
        return _INSET_M[1]
    level = grid.find_level(line.axis, line.at)
    return _LANE_INSET_M if level is None else _INSET_M[level]


def _move_in(cell: Cell, i: int, insets: tuple[float, float]) -> Point | None:
    """The corner where the sides before and after corner i meet once moved inwards."""
    n = len(cell.corners)
    before, here, after = cell.corners[i - 1], cell.corners[i], cell.corners[(i + 1) % n]
    a_u, a_v = here[0] - before[0], here[1] - before[1]
    b_u, b_v = after[0] - here[0], after[1] - here[1]
    length_a, length_b = (a_u * a_u + a_v * a_v) ** 0.5, (b_u * b_u + b_v * b_v) ** 0.5
    sine = (a_u * b_v - a_v * b_u) / (length_a * length_b)
    if sine < 0.2:  # noqa: PLR2004 - too sharp a corner to set back
        return None
    # Inwards is to the left of each side, for corners run against the clock.
    shift_u = (b_u / length_b * insets[0] - a_u / length_a * insets[1]) / sine
    shift_v = (b_v / length_b * insets[0] - a_v / length_a * insets[1]) / sine
    return here[0] + shift_u, here[1] + shift_v


def _doubled_area(corners: list[Point]) -> float:
    following = corners[1:] + corners[:1]
    return sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(corners, following, strict=True))
