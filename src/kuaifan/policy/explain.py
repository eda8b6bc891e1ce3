"""Why a unit stands where it does in a ranking (推荐理由): its integers turned into reasons."""

from __future__ import annotations

from typing import Final, NamedTuple

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
        return self.of_units(np.array([unit_i]), nearest_ms=nearest_ms)[0]

    def of_units(self, units: NDArray[np.int64], *, nearest_ms: int) -> list[list[Why]]:
        """List the reasons of each of some units, without those of the circles and of the team.

        What they need is taken out of the columns at once: an array asked for one number at a time
        costs more than the reasons.
        """
        need, columns = self.need, self.fleet
        nothing = [0] * len(units)
        roads_ms, stale_ms = self.travel_ms[units].tolist(), self.stale_ms[units].tolist()
        uncertain_m = columns.uncertainty_m[units].tolist()
        owners, reserved, others = (
            nothing if column is None else column[units].tolist()
            for column in (need.is_owner, need.reserved, need.other_desk)
        )
        lines, skills = columns.line[units].tolist(), columns.skills[units].tolist()
        return [
            [
                *self._road(roads_ms[i], nearest_ms),
                *_position(stale_ms[i], uncertain_m[i]),
                *self._bonds(line_place(lines[i], is_owner=bool(owners[i])), reserved[i]),
                *_OTHER_DESK[bool(others[i])],
                *self._skills(skills[i]),
            ]
            for i in range(len(units))
        ]

    def _road(self, travel_ms: int, nearest_ms: int) -> list[Why]:
        found: list[Why] = []
        if travel_ms == nearest_ms:
            found.append(("nearest_by_road", travel_ms, ""))
        if self.need.target_ms and travel_ms > self.need.target_ms:
            found.append(("beyond_target", travel_ms - self.need.target_ms, ""))
        return found

    def _bonds(self, place: int, reserved: int) -> list[Why]:
        """Whose unit it is, and for whom it is kept."""
        price = self.lines[place]
        found: list[Why] = [(price.code, price.ms, "")] if price.code else []
        if reserved == RESERVED_ELSEWHERE:
            found.append(("reserved_elsewhere", self.weights.reserved_elsewhere_ms, ""))
        if reserved == RESERVED_HERE:
            found.append(("reserved_here", self.weights.reserved_here_ms, ""))
        return found

    def _skills(self, has: int) -> list[Why]:
        wanted = self.need.wanted_skills
        if not wanted:
            return []
        return [
            ("has_skill" if has >> bit & 1 else "lacks_skill", 0, name)
            for bit, name in enumerate(SKILLS)
            if wanted >> bit & 1
        ]


_OTHER_DESK: Final[tuple[tuple[Why, ...], ...]] = ((), (("other_desk", 0, ""),))


def _position(stale_ms: int, uncertain_m: int) -> list[Why]:
    found: list[Why] = []
    if stale_ms > 0:
        found.append(("stale_fix", stale_ms, ""))
    if uncertain_m > 0:
        found.append(("position_uncertain", uncertain_m, ""))
    return found


def need_column(given: NDArray[np.int8] | None, n_units: int) -> NDArray[np.int8]:
    """Return an optional column of a need, nobody's where it is not given."""
    return np.zeros(n_units, np.int8) if given is None else np.asarray(given, np.int8)


def skill_names(mask: int) -> list[str]:
    """Names of the skills of some bits, in the order of the bits."""
    return [name for bit, name in enumerate(SKILLS) if mask >> bit & 1]


def circle_reasons(
    coverage: Coverage,
    n_holding: NDArray[np.int64],
    units: NDArray[np.int64],
    circle_ms: tuple[int, int],
) -> list[list[Why]]:
    """List for each of some available units what becomes of the circles that it leaves.

    circle_ms: price of a circle lost and of one on the edge. The lost ones come first.
    """
    lost: list[list[Why]] = [[] for _ in range(len(units))]
    thin = np.flatnonzero((n_holding == ALONE) | (n_holding == PAIR))
    if not len(thin):
        return lost
    edge: list[list[Why]] = [[] for _ in range(len(units))]
    circle_ids, (lost_ms, edge_ms) = coverage.circle_ids, circle_ms
    is_lost = (n_holding[thin] == ALONE).tolist()
    found = np.nonzero(coverage.within[units[:, None], thin])
    for at, column in zip(found[0].tolist(), found[1].tolist(), strict=True):
        circle_id = circle_ids[thin[column]]
        if is_lost[column]:
            lost[at].append(("leaves_circle_lost", lost_ms, circle_id))
        else:
            edge[at].append(("leaves_circle_edge", edge_ms, circle_id))
    return [[*one, *other] for one, other in zip(lost, edge, strict=True)]
