"""Patrol first (特巡警优先): the nearest patrol goes, stations are the second line.

So are the traffic police for what is not traffic.

The scorer gives integers; this module turns the best of them into candidates with reasons and the
rest into why-nots. Ties break by unit id. Same inputs, same ranking, on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy import scoring
from kuaifan.policy.coverage import EDGE_PRICE_MS, LOST_PRICE_MS, Coverage
from kuaifan.policy.fleet import SKILLS, STATION_LINE, TRAFFIC_LINE, Fleet
from kuaifan.policy.scoring import WHY_NOT, Int, Scores, Weights, score_numpy

POLICY_ID: Final = "patrol_first"
WEIGHTS: Final = Weights(second_line_ms=240_000, missing_skill_ms=180_000)
"""A station unit must be four minutes nearer to go first; a missing skill costs three."""
MAX_CANDIDATES: Final = 8
MAX_PASSED_OVER: Final = 8
EMERGENCY_PRIORITY: Final = 2
"""From this priority on nobody is kept back for a circle: the coverage price is shown, not paid."""

Scorer = Callable[..., Scores]
Why = tuple[str, int, str]
"""A reason: its code, its number, and the circle or skill it is about (理由)."""


class Need(NamedTuple):
    """What an incident asks for (用警需求).

    asked: int8 (n_units,), 1 for units already on it or asked in vain; target_ms: 0 = no target.
    """

    priority: int
    n_wanted: int
    wanted_skills: int
    target_ms: int
    asked: NDArray[np.int8]


class Ranked(NamedTuple):
    """A unit that can go, with its reasons (候选)."""

    unit_i: int
    travel_ms: int
    score_ms: int
    reasons: tuple[Why, ...]


class Ranking(NamedTuple):
    """Candidates best first; the first units passed over with why; counts per why-not (排序)."""

    candidates: tuple[Ranked, ...]
    passed_over: tuple[tuple[int, str], ...]
    counts: dict[str, int]


def rank_units(
    fleet: Fleet,
    need: Need,
    travel_ms: Int,
    coverage: Coverage,
    now_ms: int,
    *,
    scorer: Scorer = score_numpy,
) -> Ranking:
    """Rank all units for an incident (推荐警力).

    travel_ms: (n_units,) road time of each unit to the place, UNREACHABLE_MS where there is none.
    O(n log n) in numpy or njit; no Python loop over units, only over the candidates shown.
    """
    available = fleet.available()
    price_ms = coverage.price_ms(available)
    paid_ms = price_ms if need.priority > EMERGENCY_PRIORITY else np.zeros_like(price_ms)
    scores = scorer(
        fleet.state,
        fleet.line,
        fleet.skills,
        fleet.arc,
        fleet.fix_at_ms,
        need.asked,
        travel_ms,
        paid_ms,
        wanted_skills=need.wanted_skills,
        now_ms=now_ms,
        weights=WEIGHTS,
    )
    eligible = np.flatnonzero(scores.why == 0)
    best = eligible[np.argsort(scores.score_ms[eligible], kind="stable")][:MAX_CANDIDATES]
    nearest_ms = int(travel_ms[eligible].min()) if len(eligible) else 0
    explain = _Explainer(fleet, need, travel_ms, coverage, available, scores, nearest_ms)
    candidates = tuple(
        Ranked(int(i), int(travel_ms[i]), int(scores.score_ms[i]), explain.reasons(int(i)))
        for i in best
    )
    return Ranking(candidates, _passed_over(scores), _counts(scores))


def _passed_over(scores: Scores) -> tuple[tuple[int, str], ...]:
    first = np.flatnonzero(scores.why)[:MAX_PASSED_OVER]
    return tuple((int(i), WHY_NOT[scores.why[i]]) for i in first)


def _counts(scores: Scores) -> dict[str, int]:
    found = np.bincount(scores.why, minlength=len(WHY_NOT))
    return {name: int(n) for name, n in zip(WHY_NOT, found, strict=True) if name and n}


class _Explainer(NamedTuple):
    """Turns one candidate's integers into reasons."""

    fleet: Fleet
    need: Need
    travel_ms: Int
    coverage: Coverage
    available: NDArray[np.bool_]
    scores: Scores
    nearest_ms: int

    def reasons(self, unit_i: int) -> tuple[Why, ...]:
        return (*self._road(unit_i), *self._skills(unit_i), *self._circles(unit_i))

    def _road(self, unit_i: int) -> list[Why]:
        travel_ms, found = int(self.travel_ms[unit_i]), list[Why]()
        if travel_ms == self.nearest_ms:
            found.append(("nearest_by_road", travel_ms, ""))
        if self.need.target_ms and travel_ms > self.need.target_ms:
            found.append(("beyond_target", travel_ms - self.need.target_ms, ""))
        if self.scores.stale_ms[unit_i] > 0:
            found.append(("stale_fix", int(self.scores.stale_ms[unit_i]), ""))
        line = self.fleet.line[unit_i]
        is_off_traffic = line == TRAFFIC_LINE and scoring.is_off_traffic(self.need.wanted_skills)
        if line == STATION_LINE or is_off_traffic:
            found.append(("second_line", WEIGHTS.second_line_ms, ""))
        return found

    def _skills(self, unit_i: int) -> list[Why]:
        wanted, has = self.need.wanted_skills, int(self.fleet.skills[unit_i])
        return [
            ("has_skill" if has >> bit & 1 else "lacks_skill", 0, name)
            for bit, name in enumerate(SKILLS)
            if wanted >> bit & 1
        ]

    def _circles(self, unit_i: int) -> list[Why]:
        lost = self.coverage.left_lost(unit_i, self.available)
        edge = self.coverage.left_edge(unit_i, self.available)
        return [
            *(("leaves_circle_lost", LOST_PRICE_MS, circle_id) for circle_id in lost),
            *(("leaves_circle_edge", EDGE_PRICE_MS, circle_id) for circle_id in edge),
        ]
