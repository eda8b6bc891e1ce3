"""Why a unit stands where it does in a ranking (推荐理由): its integers turned into reasons."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.coverage import ALONE, PAIR, Coverage
from kuaifan.policy.fleet import SKILLS, Fleet
from kuaifan.policy.look_ahead import Ahead
from kuaifan.policy.need import Need, is_in_time
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


class CirclePrices(NamedTuple):
    """What leaving the circles costs now (各圈代价).

    available: (n_units,); n_holding: (n_circles,), of them. lost_ms, edge_ms: of a circle left
    empty and of its last reserve; ahead: what the calls to come would lose, in place of these.
    """

    available: NDArray[np.bool_]
    n_holding: NDArray[np.int64]
    lost_ms: int
    edge_ms: int
    ahead: Ahead | None


class Explainer(NamedTuple):
    """What all reasons of one ranking are made from; late_ms: what being late costs a unit."""

    fleet: Fleet
    need: Need
    travel_ms: Int
    stale_ms: Int
    lines: LinePrices
    weights: Weights
    late_ms: int

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
        if self.late_ms and not is_in_time(travel_ms, self.need.target_ms):
            found.append(("not_in_time", self.late_ms, ""))
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


def circle_reasons(coverage: Coverage, circles: CirclePrices, unit_i: int) -> list[Why]:
    """List what becomes of the circles that an available unit leaves, and what that costs."""
    n_holding, ahead, circle_ids = circles.n_holding, circles.ahead, coverage.circle_ids
    thin = np.flatnonzero(coverage.within[unit_i] & (n_holding <= PAIR))
    if not len(thin) and ahead is None:
        return []
    lost, edge = thin[n_holding[thin] == ALONE], thin[n_holding[thin] == PAIR]
    if ahead is None:
        lost_ms, edge_ms, others_ms = (
            [circles.lost_ms] * len(lost),
            [circles.edge_ms] * len(edge),
            0,
        )
    else:
        costs = ahead.of_unit(unit_i)
        lost_ms, edge_ms = costs[lost].tolist(), costs[edge].tolist()
        others_ms = int(costs.sum()) - sum(lost_ms) - sum(edge_ms)
    found: list[Why] = [
        *(("leaves_circle_lost", ms, circle_ids[i]) for i, ms in zip(lost, lost_ms, strict=True)),
        *(("leaves_circle_edge", ms, circle_ids[i]) for i, ms in zip(edge, edge_ms, strict=True)),
    ]
    return [*found, ("next_calls_wait", others_ms, "")] if others_ms else found
