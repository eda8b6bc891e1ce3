"""Why a unit stands where it does in a ranking (推荐理由): its integers turned into reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.coverage import ALONE
from kuaifan.policy.fleet import SKILLS, Fleet
from kuaifan.policy.listing import Columns, Facts, facts_plain
from kuaifan.policy.look_ahead import Ahead
from kuaifan.policy.need import Need, is_in_time
from kuaifan.policy.scoring import RESERVED_ELSEWHERE, RESERVED_HERE, Int, Weights

Why = tuple[str, int, str]
"""A reason: its code, its number, and the circle or skill it is about (理由)."""
LOST, EDGE, AHEAD = "leaves_circle_lost", "leaves_circle_edge", "next_calls_wait"
OF_CIRCLES: Final = frozenset({LOST, EDGE, AHEAD})
"""Where the last of them stands, the numbers of all are what the calls to come lose, and its own is
what they lose at circles that it does not name; without it they are fixed prices."""


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
        [facts] = facts_plain(np.array([unit_i]), self.columns(self.travel_ms)).tolist()
        return self.of_facts(Facts(*facts), nearest_ms=nearest_ms)

    def of_facts(self, facts: Facts, *, nearest_ms: int) -> list[Why]:
        """List the reasons that follow from the numbers of one unit."""
        found, need, travel_ms = list[Why](), self.need, facts.travel_ms
        if travel_ms == nearest_ms:
            found.append(("nearest_by_road", travel_ms, ""))
        if need.target_ms and travel_ms > need.target_ms:
            found.append(("beyond_target", travel_ms - need.target_ms, ""))
        if self.late_ms and not is_in_time(travel_ms, need.target_ms):
            found.append(("not_in_time", self.late_ms, ""))
        if facts.stale_ms > 0:
            found.append(("stale_fix", facts.stale_ms, ""))
        if facts.uncertainty_m > 0:
            found.append(("position_uncertain", facts.uncertainty_m, ""))
        # Whose unit it is, and for whom it is kept.
        if (price := self.lines[facts.place]).code:
            found.append((price.code, price.ms, ""))
        if facts.reserved:
            found += self._kept(facts.reserved)
        if facts.other_desk:
            found.append(("other_desk", 0, ""))
        return found + self._skills(facts.skills) if need.wanted_skills else found

    def columns(self, score_ms: Int) -> Columns:
        """What the reasons are made from, with the scores."""
        fleet, need, n_units = self.fleet, self.need, len(self.fleet)
        return Columns(
            self.travel_ms,
            score_ms,
            self.stale_ms,
            fleet.uncertainty_m,
            fleet.line,
            need_column(need.is_owner, n_units),
            fleet.skills,
            need_column(need.reserved, n_units),
            need_column(need.other_desk, n_units),
        )

    def _kept(self, reserved: int) -> list[Why]:
        if reserved == RESERVED_ELSEWHERE:
            return [("reserved_elsewhere", self.weights.reserved_elsewhere_ms, "")]
        if reserved == RESERVED_HERE:
            return [("reserved_here", self.weights.reserved_here_ms, "")]
        return []

    def _skills(self, has: int) -> list[Why]:
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
    thin: Sequence[Sequence[int]],
    circle_ids: tuple[str, ...],
    shown: Sequence[int],
    circles: CirclePrices,
) -> list[list[Why]]:
    """List for each available unit shown what becomes of the circles that it leaves, and the cost.

    thin: as a `Lister` finds them. Where the calls to come are known, whoever costs them anything
    or leaves a circle says so last, with what they lose at the other circles.
    """
    found: list[list[Why]] = [[] for _ in shown]
    ahead = circles.ahead
    costs = None if ahead is None else [ahead.of_unit(unit_i) for unit_i in shown]
    for place, circle_i, n_holding in thin:
        is_lost = n_holding == ALONE
        code = LOST if is_lost else EDGE
        fixed_ms = circles.lost_ms if is_lost else circles.edge_ms
        ms = fixed_ms if costs is None else int(costs[place][circle_i])
        found[place].append((code, ms, circle_ids[circle_i]))
    for cost, reasons in zip(costs or (), found, strict=False):
        others_ms = int(cost.sum()) - sum(ms for _, ms, _ in reasons)
        if others_ms or reasons:
            reasons.append((AHEAD, others_ms, ""))
    return found


def lost_to_come_ms(reasons: Iterable[Why]) -> int | None:
    """What the calls to come lose in all by a unit's reasons; None where nobody knows them."""
    costs = [(code, ms) for code, ms, _ in reasons if code in OF_CIRCLES]
    return sum(ms for _, ms in costs) if any(code == AHEAD for code, _ in costs) else None
