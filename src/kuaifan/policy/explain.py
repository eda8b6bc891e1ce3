"""Why a unit stands where it does in a ranking (推荐理由): its integers turned into reasons."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.coverage import ALONE, PAIR, Coverage
from kuaifan.policy.fleet import SKILLS, Fleet
from kuaifan.policy.need import Need
from kuaifan.policy.scoring import RESERVED_ELSEWHERE, RESERVED_HERE, Int, Weights, line_place

Why = tuple[str, int, str]
"""A reason: its code, its number, and the circle or skill it is about (理由)."""


class LinePrice(NamedTuple):
    """What the line of a unit costs for a need, and the reason that says so, if any does."""

    ms: int
    code: str = ""


class LinePrices(NamedTuple):
    """Prices in the order of the line codes, the own station last (各线代价)."""

    patrol: LinePrice
    station: LinePrice
    traffic: LinePrice
    own_station: LinePrice


class Explainer(NamedTuple):
    """What all reasons of one ranking are made from; circle_ms: of a lost and of an edge one."""

    fleet: Fleet
    need: Need
    travel_ms: Int
    stale_ms: Int
    lines: LinePrices
    weights: Weights
    circle_ms: tuple[int, int]

    def of_unit(self, unit_i: int, *, nearest_ms: int) -> list[Why]:
        """List the reasons of one unit, without those of the circles and of the team."""
        return [
            *self._road(unit_i, nearest_ms),
            *self._position(unit_i),
            *self._bonds(unit_i),
            *self._skills(unit_i),
        ]

    def _road(self, unit_i: int, nearest_ms: int) -> list[Why]:
        travel_ms, found = int(self.travel_ms[unit_i]), list[Why]()
        if travel_ms == nearest_ms:
            found.append(("nearest_by_road", travel_ms, ""))
        if self.need.target_ms and travel_ms > self.need.target_ms:
            found.append(("beyond_target", travel_ms - self.need.target_ms, ""))
        return found

    def _position(self, unit_i: int) -> list[Why]:
        found = list[Why]()
        if self.stale_ms[unit_i] > 0:
            found.append(("stale_fix", int(self.stale_ms[unit_i]), ""))
        if self.fleet.uncertainty_m[unit_i] > 0:
            found.append(("position_uncertain", int(self.fleet.uncertainty_m[unit_i]), ""))
        return found

    def _bonds(self, unit_i: int) -> list[Why]:
        """Whose unit it is, and for whom it is kept."""
        is_owner = self.need.is_owner is not None and bool(self.need.is_owner[unit_i])
        price = self.lines[line_place(int(self.fleet.line[unit_i]), is_owner=is_owner)]
        found: list[Why] = [(price.code, price.ms, "")] if price.code else []
        reserved = 0 if self.need.reserved is None else self.need.reserved[unit_i]
        if reserved == RESERVED_ELSEWHERE:
            found.append(("reserved_elsewhere", self.weights.reserved_elsewhere_ms, ""))
        if reserved == RESERVED_HERE:
            found.append(("reserved_here", self.weights.reserved_here_ms, ""))
        if self.need.other_desk is not None and self.need.other_desk[unit_i]:
            found.append(("other_desk", 0, ""))
        return found

    def _skills(self, unit_i: int) -> list[Why]:
        has = int(self.fleet.skills[unit_i])
        wanted = self.need.wanted_skills
        return [
            ("has_skill" if has >> bit & 1 else "lacks_skill", 0, name)
            for bit, name in enumerate(SKILLS)
            if wanted >> bit & 1
        ]


def need_column(given: NDArray[np.int8] | None, n_units: int) -> NDArray[np.int8]:
    """Return an optional column of a need, nobody's where it is not given."""
    return np.zeros(n_units, np.int8) if given is None else np.asarray(given, np.int8)


def skill_names(mask: int) -> list[str]:
    """Names of the skills of some bits, in the order of the bits."""
    return [name for bit, name in enumerate(SKILLS) if mask >> bit & 1]


def circle_reasons(
    coverage: Coverage, n_holding: NDArray[np.int64], unit_i: int, circle_ms: tuple[int, int]
) -> list[Why]:
    """List what becomes of the circles that an available unit leaves.

    circle_ms: price of a circle lost and of one on the edge.
    """
    thin = np.flatnonzero(coverage.within[unit_i] & (n_holding <= PAIR))
    if not len(thin):
        return []
    lost, edge = thin[n_holding[thin] == ALONE], thin[n_holding[thin] == PAIR]
    circle_ids, (lost_ms, edge_ms) = coverage.circle_ids, circle_ms
    return [
        *(("leaves_circle_lost", lost_ms, circle_ids[i]) for i in lost.tolist()),
        *(("leaves_circle_edge", edge_ms, circle_ids[i]) for i in edge.tolist()),
    ]
