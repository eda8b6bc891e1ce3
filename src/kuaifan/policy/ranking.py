"""What the policies share (推荐排序): from arrays to a team and candidates with reasons.

The scorer gives integers; the best of them become candidates, the rest why-nots. Ties break by
unit id. Same inputs, same ranking, on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy.coverage import EDGE_PRICE_MS, LOST_PRICE_MS, Coverage
from kuaifan.policy.explain import (
    Explainer,
    LinePrices,
    Why,
    circle_reasons,
    need_column,
    skill_names,
)
from kuaifan.policy.fleet import Fleet
from kuaifan.policy.listing import PLAIN, Facts, Lister
from kuaifan.policy.need import Need, check_requirements
from kuaifan.policy.scoring import (
    WHY_NOT,
    Int,
    Scorer,
    Scores,
    Terms,
    Weights,
    score_numpy,
)
from kuaifan.policy.team import TeamWish, choose_team, filled_skills, unmet

MAX_CANDIDATES: Final = 8
EMERGENCY_PRIORITY: Final = 2
"""From this priority on nobody is kept back for a circle: the coverage price is shown, not paid."""


SET_OUT_MS: Final = 60_000
"""A crew needs so long to set out: whoever drives the whole target is late."""


def is_in_time(travel_ms: int, target_ms: int) -> bool:
    """Whether a drive of so long leaves a crew time to set out; without a target every one does."""
    return not target_ms or travel_ms <= target_ms - SET_OUT_MS


@lru_cache(maxsize=64)
def _line_column(prices: LinePrices) -> NDArray[np.int64]:
    """The prices of the lines as a column, which nobody writes on."""
    return np.array([price.ms for price in prices], np.int64)


class Ranked(NamedTuple):
    """A unit that can go, with its reasons (候选)."""

    unit_i: int
    travel_ms: int
    score_ms: int
    reasons: tuple[Why, ...]


class Ranking(NamedTuple):
    """Candidates, the team's first, each best first; first passed over; counts per why-not (排序).

    team: the units that go together; short: what they leave unmet, as (skill bits, how many
    units), with 0 for units of any skill.
    """

    candidates: tuple[Ranked, ...]
    passed_over: tuple[tuple[int, str], ...]
    counts: dict[str, int]
    team: tuple[int, ...] = ()
    short: tuple[tuple[int, int], ...] = ()


class Policy(NamedTuple):
    """Who goes first (派警策略): prices in road time; an id by which it is chosen and logged.

    line_prices: what each line costs for a need; pays_circles: whether the coverage price is paid;
    n_kept: so many units are kept for what is urgent: what is not waits rather than take them.
    lost_ms, edge_ms: the price of a circle left empty and of its last reserve.
    """

    policy_id: str
    weights: Weights
    line_prices: Callable[[Need], LinePrices]
    pays_circles: bool = True
    n_kept: int = 0
    lost_ms: int = LOST_PRICE_MS
    edge_ms: int = EDGE_PRICE_MS

    def rank_units(
        self,
        fleet: Fleet,
        need: Need,
        travel_ms: Int,
        coverage: Coverage,
        now_ms: int,
        *,
        scorer: Scorer = score_numpy,
        lister: Lister = PLAIN,
    ) -> Ranking:
        """Rank all units for an incident (推荐警力).

        travel_ms: (n_units,) road time of each unit to the place, UNREACHABLE_MS where there is
        none. Raises BadInputError on requirements nobody can weigh. O(n log n) in numpy or njit;
        no Python loop over units, only over the candidates shown and those a team is chosen from.
        """
        check_requirements(need.requirements)
        available = fleet.available()
        n_holding = coverage.n_holding(available)
        price_ms = self._paid_ms(need, coverage, available, n_holding)
        scores = self.score(
            fleet,
            need,
            travel_ms,
            price_ms=price_ms,
            state=fleet.state,
            now_ms=now_ms,
            scorer=scorer,
        )
        explainer = self.explainer(fleet, need, travel_ms, scores)
        return _ranking(explainer, scores, coverage, n_holding, lister)

    def _paid_ms(
        self,
        need: Need,
        coverage: Coverage,
        available: NDArray[np.bool_],
        n_holding: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """What each unit costs beside its road time and line: what its circles miss, if paid."""
        if not self.pays_circles or need.priority <= EMERGENCY_PRIORITY:
            return np.zeros(len(available), np.int64)
        return coverage.price_ms(
            available, lost_ms=self.lost_ms, edge_ms=self.edge_ms, n_holding=n_holding
        )

    def n_spared(self, n_wanted: int, n_free: int, priority: int) -> int:
        """How many of the units wanted are sent, so that enough are kept for the urgent (预留)."""
        if not self.n_kept or priority <= EMERGENCY_PRIORITY:
            return n_wanted
        return max(0, min(n_wanted, n_free - self.n_kept))

    def score(
        self,
        fleet: Fleet,
        need: Need,
        travel_ms: Int,
        *,
        price_ms: NDArray[np.int64],
        state: NDArray[np.int8],
        now_ms: int,
        scorer: Scorer,
    ) -> Scores:
        """Score every unit as if it were in the state given. O(n)."""
        return scorer(
            state,
            fleet.line,
            fleet.skills,
            fleet.arc,
            fleet.fix_at_ms,
            need.asked,
            travel_ms,
            price_ms,
            wanted_skills=need.wanted_skills,
            now_ms=now_ms,
            weights=self.weights,
            terms=self._terms(fleet, need),
        )

    def explainer(self, fleet: Fleet, need: Need, travel_ms: Int, scores: Scores) -> Explainer:
        """Make what says the reasons of these scores."""
        lines = self.line_prices(need)
        circle_ms = self.lost_ms, self.edge_ms
        return Explainer(fleet, need, travel_ms, scores.stale_ms, lines, self.weights, circle_ms)

    def _terms(self, fleet: Fleet, need: Need) -> Terms:
        n_units = len(fleet)
        return Terms(
            _line_column(self.line_prices(need)),
            fleet.uncertainty_m,
            need_column(need.reserved, n_units),
            need_column(need.is_owner, n_units),
        )


def _ranking(
    explainer: Explainer,
    scores: Scores,
    coverage: Coverage,
    n_holding: NDArray[np.int64],
    lister: Lister,
) -> Ranking:
    need, skills = explainer.need, explainer.fleet.skills
    listed = lister.order(scores.score_ms, scores.why, explainer.travel_ms)
    wish = TeamWish(need.n_wanted, need.requirements, explainer.weights.missing_skill_ms)
    team = choose_team(listed.best, scores.score_ms, skills, wish)
    shown = np.array(_shown(team, listed.best), np.int64)
    facts = lister.facts(shown, explainer.columns(scores.score_ms)).tolist()
    thin = lister.thin(shown, coverage.within, n_holding).tolist()
    circles = circle_reasons(thin, coverage.circle_ids, len(facts), explainer.circle_ms)
    filled = filled_skills(team, skills, need.requirements)
    return Ranking(
        candidates=tuple(
            _ranked(explainer, Facts(*each), listed.nearest_ms, filled.get(each[0], 0), left)
            for each, left in zip(facts, circles, strict=True)
        ),
        passed_over=tuple((unit_i, WHY_NOT[code]) for unit_i, code in listed.passed.tolist()),
        counts={
            name: n for name, n in zip(WHY_NOT, listed.counts.tolist(), strict=True) if name and n
        },
        team=team,
        short=unmet(team, skills, wish),
    )


def _ranked(
    explainer: Explainer, facts: Facts, nearest_ms: int, filled: int, circles: list[Why]
) -> Ranked:
    """One candidate; filled: the skills it is in the team for, as bits."""
    reasons = explainer.of_facts(facts, nearest_ms=nearest_ms)
    if filled:
        reasons += [("fills_skill", 0, name) for name in skill_names(filled)]
    return Ranked(facts.unit_i, facts.travel_ms, facts.score_ms, (*reasons, *circles))


def _shown(team: tuple[int, ...], best: NDArray[np.int64]) -> list[int]:
    """List the whole team, then the best others up to the number of candidates."""
    others = [
        unit_i for unit_i in best[: len(team) + MAX_CANDIDATES].tolist() if unit_i not in team
    ]
    return [*team, *others[: max(0, MAX_CANDIDATES - len(team))]]
