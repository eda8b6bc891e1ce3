"""Diversions (改派): units on their way to something less urgent that would be there much sooner.

Nothing is diverted by itself: these are offers beside the ranking, with what each would leave.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.policy import patrol_first
from kuaifan.policy.explain import Why
from kuaifan.policy.fleet import ASSIGNED, EN_ROUTE, PATROLLING, Fleet
from kuaifan.policy.need import Need, are_in_time
from kuaifan.policy.ranking import Policy, Ranked
from kuaifan.policy.scoring import UNREACHABLE_MS, Int, Scorer, score_numpy

MIN_GAIN_MS: Final = 60_000
"""A crew is turned round for a minute or more, never for less."""
MAX_DIVERSIONS: Final = 3
NEVER_MS: Final = -1
"""No road time: being the nearest of all is no reason here, the gain is."""


def rank_diversions(  # noqa: PLR0913 - as `rank_units`, with who is meant
    fleet: Fleet,
    need: Need,
    travel_ms: Int,
    now_ms: int,
    *,
    order_priority: NDArray[np.int8],
    can_divert: Int | NDArray[np.bool_],
    skill_mask: int = 0,
    policy: Policy = patrol_first.POLICY,
    scorer: Scorer = score_numpy,
) -> tuple[Ranked, ...]:
    """Rank the units that could be diverted to an incident, best first (改派候选).

    travel_ms: (n_units,) road time of the free units and of those under way. order_priority:
    (n_units,), the priority of the incident of the open order, 0 = none; can_divert: (n_units,),
    false where an order may not be left. skill_mask: only units with all these skills, free or
    under way, count: what a short team lacks. The gain is over the free unit that would be there
    first; where there is none, any unit is a gain. Under a policy that turns round in time only,
    one that would be late as well is none, unless it brings a skill. The order is by the score of
    the policy, then the less urgent order, then the unit id. O(n).
    """
    is_on_way = (fleet.state == ASSIGNED) | (fleet.state == EN_ROUTE)
    # A unit under way moves: it is scored, and its fix ages, as if it were on patrol.
    scores = policy.score(
        fleet,
        need,
        travel_ms,
        price_ms=np.zeros(len(fleet), np.int64),
        state=np.where(is_on_way, PATROLLING, fleet.state).astype(np.int8),
        now_ms=now_ms,
        scorer=scorer,
    )
    fit = (scores.why == 0) & ((fleet.skills & skill_mask) == skill_mask)
    free = np.flatnonzero(fit & ~is_on_way)
    best_free_ms = int(travel_ms[free].min()) if len(free) else UNREACHABLE_MS
    gain_ms = best_free_ms - travel_ms.astype(np.int64)
    is_worth = gain_ms >= MIN_GAIN_MS
    if policy.turns_in_time and not skill_mask:
        is_worth &= are_in_time(travel_ms, need.target_ms)
    is_worth |= len(free) == 0
    may = is_on_way & (can_divert != 0) & is_worth
    found = np.flatnonzero(fit & may & (order_priority > need.priority))
    order = np.lexsort((found, -order_priority[found].astype(np.int64), scores.score_ms[found]))
    explainer = policy.explainer(fleet, need, travel_ms, scores)
    offers = list[Ranked]()
    for unit_i in found[order][:MAX_DIVERSIONS].tolist():
        won: Why = ("gains", int(gain_ms[unit_i]), "") if len(free) else ("no_free_unit", 0, "")
        left: Why = ("diverts_from_priority", int(order_priority[unit_i]), "")
        reasons = (left, won, *explainer.of_unit(unit_i, nearest_ms=NEVER_MS))
        score_ms = int(scores.score_ms[unit_i])
        offers.append(Ranked(unit_i, int(travel_ms[unit_i]), score_ms, reasons))
    return tuple(offers)
