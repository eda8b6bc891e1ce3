"""The ranking of the moment (推荐警力): what an incident asks for, and who could go, with reasons.

Reads the board, decides nothing. Road times are asked for units that can be sent; those of units
under way only where an urgent incident finds no free unit in time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.circle_calls import known_calls
from kuaifan.board.driving import is_urgent
from kuaifan.board.entities import Incident
from kuaifan.board.papers import PolicyInForce
from kuaifan.board.policies import choice_in_force, policy_of
from kuaifan.board.reference import CITY_DESK
from kuaifan.board.road_times import times_of_all, times_to
from kuaifan.board.shortfall import ANY_SKILL, Shortfall, shortfall_of
from kuaifan.board.state import AskedTimes, Board
from kuaifan.policy.divert import rank_diversions
from kuaifan.policy.explain import Why, skill_names
from kuaifan.policy.fleet import ASSIGNED, EN_ROUTE, skill_mask
from kuaifan.policy.need import Need, Requirement, is_in_time
from kuaifan.policy.ranking import EMERGENCY_PRIORITY, Policy, Ranked, Ranking
from kuaifan.policy.scoring import RESERVED_ELSEWHERE, RESERVED_HERE, UNREACHABLE_MS
from kuaifan.roads.travel import RoadPosition
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.incident_types import TRAFFIC_CLASS

MAX_TEAM: Final = 12
"""One ranking proposes so many units at most; what a mass incident wants beyond comes with the
next one."""

MAX_ASKED: Final = 32
"""So many incidents' road times are kept, of the rankings made last."""

SUCCESSOR_MS: Final = 1_800_000
"""Who would be at a place that a unit leaves only after half an hour takes nobody's place; the
search goes no further, as it is made for each diversion offered."""


def recommendation_of(
    board: Board, incident: Incident, now_ms: int
) -> incidents.RecommendationMade:
    """Rank all units for a placed incident by the policy in force. Costs one road search."""
    choice = choice_in_force(board, incident.desk_id, now_ms)
    policy = policy_of(choice)
    travel_ms = travel_to(board, incident, board.fleet.available())
    _keep_times(board, incident, travel_ms)
    need, ranking = _rank(board, incident, policy, travel_ms, now_ms)
    turns = choice.ways.turns
    offers = _diversions(board, incident, policy, need, ranking, now_ms) if turns else ()
    diverted = [each._replace(reasons=_with_left(board, each, now_ms)) for each in offers]
    unit_ids = board.fleet.unit_ids
    return incidents.RecommendationMade(
        incident_id=incident.incident_id,
        policy=policy.policy_id,
        n_wanted=need.n_wanted,
        n_units=len(board.fleet),
        candidates=_candidates(board, ranking.candidates),
        passed_over=tuple(
            incidents.PassedOver(unit_ids[unit_i], code) for unit_i, code in ranking.passed_over
        ),
        counts=ranking.counts,
        team=tuple(unit_ids[unit_i] for unit_i in ranking.team),
        short={_skill_of(mask): n for mask, n in ranking.short},
        diversions=_candidates(board, diverted),
    )


def ranking_under(
    board: Board, incident: Incident, choice: PolicyInForce, now_ms: int
) -> Ranking | None:
    """How another choice of a policy would rank (影子推荐); None where it sends nobody."""
    if not incident.is_placed:
        return None
    policy = policy_of(choice)
    travel_ms = travel_to(board, incident, board.fleet.available())
    _, ranking = _rank(board, incident, policy, travel_ms, now_ms)
    return ranking if ranking.candidates else None


def travel_to(
    board: Board, incident: Incident, who: NDArray[np.bool_], *, bound_ms: int = UNREACHABLE_MS
) -> NDArray[np.int32]:
    """Road time of some units to a placed incident, (n_units,) ms; others unreachable."""
    target = RoadPosition(incident.arc, incident.fraction_ppm)
    return times_of_all(board, who, target, is_urgent=is_urgent(incident), bound_ms=bound_ms)


def travel_of(board: Board, incident: Incident, unit_id: str) -> int:
    """Road time of one unit from where it is, 0 where that or the place is unknown."""
    fleet = board.fleet
    unit_i = fleet.index[unit_id]
    if fleet.arc[unit_i] < 0 or not incident.is_placed:
        return 0
    if known_ms := _known_ms(board, incident, unit_i):
        return known_ms
    target = RoadPosition(incident.arc, incident.fraction_ppm)
    travel_ms = times_to(board, np.array([unit_i]), target, is_urgent=is_urgent(incident))
    return 0 if travel_ms[0] >= UNREACHABLE_MS else int(travel_ms[0])


def _keep_times(board: Board, incident: Incident, travel_ms: NDArray[np.int32]) -> None:
    """Keep what a ranking has asked for: whoever is sent by it mostly stands where they stood."""
    asked, fleet = board.asked_times, board.fleet
    asked.pop(incident.incident_id, None)
    if len(asked) >= MAX_ASKED:
        del asked[next(iter(asked))]
    asked[incident.incident_id] = AskedTimes(
        fleet,
        board.reference.unit_profiles[int(is_urgent(incident))],
        board.road_changes,
        RoadPosition(incident.arc, incident.fraction_ppm),
        fleet.arc.copy(),
        fleet.fraction_ppm.copy(),
        travel_ms,
    )


def _known_ms(board: Board, incident: Incident, unit_i: int) -> int:
    """What the last ranking said of a unit, if that is still so; else 0."""
    asked, fleet = board.asked_times.get(incident.incident_id), board.fleet
    if (
        asked is None
        or asked.fleet is not fleet
        or asked.changes is not board.road_changes
        or asked.target != (incident.arc, incident.fraction_ppm)
        or asked.arc[unit_i] != fleet.arc[unit_i]
        or asked.fraction_ppm[unit_i] != fleet.fraction_ppm[unit_i]
        or asked.travel_ms[unit_i] >= UNREACHABLE_MS
    ):
        return 0
    is_same = (
        asked.profiles[unit_i] == board.reference.unit_profiles[int(is_urgent(incident)), unit_i]
    )
    return int(asked.travel_ms[unit_i]) if is_same else 0


def _rank(
    board: Board, incident: Incident, policy: Policy, travel_ms: NDArray[np.int32], now_ms: int
) -> tuple[Need, Ranking]:
    """Rank without those asked in vain; where nobody else is left, with them."""
    if policy.away_ms:
        board.coverage.calls_a_week = known_calls(board)
    need = _need(board, incident, policy, travel_ms, incident.asked_unit_ids)
    ranking = _ranking(board, need, policy, travel_ms, now_ms)
    if incident.asked_unit_ids and not ranking.candidates:
        need = _need(board, incident, policy, travel_ms, ())
        ranking = _ranking(board, need, policy, travel_ms, now_ms)
    return need, ranking


def _ranking(
    board: Board, need: Need, policy: Policy, travel_ms: NDArray[np.int32], now_ms: int
) -> Ranking:
    reference = board.reference
    return policy.rank_units(
        board.fleet,
        need,
        travel_ms,
        board.coverage,
        now_ms,
        scorer=reference.scorer,
        lister=reference.lister,
    )


def _need(
    board: Board,
    incident: Incident,
    policy: Policy,
    travel_ms: NDArray[np.int32],
    in_vain: Sequence[str],
) -> Need:
    incident_type = board.reference.types[incident.type_code]
    # Where the plan names a traffic unit beside others, the others are the nearest patrols.
    wants_traffic = incident_type.class_key == TRAFFIC_CLASS and not _names_traffic(board, incident)
    busy = [order.unit_id for order in board.active_orders(incident)]
    # Nobody is proposed for what is told about them: it would be refused.
    asked = _marked(board, (*in_vain, *busy, *incident.complained_of))
    short = shortfall_of(board, incident)
    can_go = (travel_ms < UNREACHABLE_MS) & (asked == 0)
    n_wanted = _n_wanted(board, short, can_go)
    return Need(
        priority=incident.priority,
        n_wanted=policy.n_spared(n_wanted, int(np.count_nonzero(can_go)), incident.priority),
        wanted_skills=skill_mask(("traffic",)) if wants_traffic else 0,
        target_ms=board.reference.target_ms(
            incident.priority, incident.area_class, incident.desk_id
        ),
        asked=asked,
        requirements=_requirements(short, wants_traffic=wants_traffic),
        is_owner=_owners(board, incident),
        reserved=_reserved(board, incident),
        other_desk=_other_desk(board, incident),
    )


def _names_traffic(board: Board, incident: Incident) -> bool:
    plan = board.reference.find_plan(incident.plan)
    capabilities = plan.capabilities if plan else ()
    return any(each.skill == "traffic" and not each.is_wish for each in capabilities)


def _requirements(short: Shortfall, *, wants_traffic: bool) -> tuple[Requirement, ...]:
    """What the team has to bring; a wish that every unit is scored by is not counted twice."""
    return tuple(
        Requirement(skill_mask((each.skill,)), each.n, each.is_wish)
        for each in short.capabilities
        if not (each.is_wish and wants_traffic and each.skill == "traffic")
    )


def _n_wanted(board: Board, short: Shortfall, can_go: NDArray[np.bool_]) -> int:
    """Units missing; beyond the number, only as many as could bring a skill that is missing.

    A plan that has its number and lacks a skill nobody free has wants nobody: another unit
    without it would not help.
    """
    n_wanted = short.n_units
    for each in short.hard:
        has = (board.fleet.skills & skill_mask((each.skill,))) != 0
        n_wanted = max(n_wanted, min(each.n, int(np.count_nonzero(has & can_go))))
    return min(n_wanted, MAX_TEAM)


def _marked(board: Board, unit_ids: Iterable[str]) -> NDArray[np.int8]:
    column = np.zeros(len(board.fleet), np.int8)
    for unit_id in unit_ids:
        column[board.fleet.index[unit_id]] = 1
    return column


def _owners(board: Board, incident: Incident) -> NDArray[np.int8] | None:
    if not incident.jurisdiction:
        return None
    return board.reference.at_home(incident.jurisdiction)


def _reserved(board: Board, incident: Incident) -> NDArray[np.int8] | None:
    if not board.reserved_unit_ids:
        return None
    column = _marked(board, board.reserved_unit_ids) * np.int8(RESERVED_ELSEWHERE)
    for unit_id in incident.reserved_unit_ids:
        column[board.fleet.index[unit_id]] = RESERVED_HERE
    return column


def _other_desk(board: Board, incident: Incident) -> NDArray[np.int8] | None:
    if incident.desk_id in {"", CITY_DESK}:
        return None
    return board.reference.of_other_desks(incident.desk_id)


def _diversions(
    board: Board,
    incident: Incident,
    policy: Policy,
    need: Need,
    ranking: Ranking,
    now_ms: int,
) -> tuple[Ranked, ...]:
    """Units under way to something less urgent, where no free unit is there in time."""
    short = dict(ranking.short)
    # Where units of any kind are missing, one without the skill is better than nobody.
    lacks = 0 if 0 in short else next(iter(short), 0)
    if incident.priority > EMERGENCY_PRIORITY or not (need.n_wanted or lacks):
        return ()
    nearest_ms = min((each.travel_ms for each in ranking.candidates), default=UNREACHABLE_MS)
    in_time = is_in_time(nearest_ms, need.target_ms)
    if ranking.candidates and in_time and not lacks:
        return ()
    under_way = (board.fleet.state == ASSIGNED) | (board.fleet.state == EN_ROUTE)
    order_priority = _priorities_under_way(board, np.flatnonzero(under_way))
    worth = under_way & (order_priority > incident.priority)
    if not worth.any():
        return ()
    return rank_diversions(
        board.fleet,
        need,
        travel_to(board, incident, board.fleet.available() | worth),
        now_ms,
        order_priority=order_priority,
        can_divert=worth,
        skill_mask=lacks,
        policy=policy,
        scorer=board.reference.scorer,
    )


def _with_left(board: Board, offer: Ranked, now_ms: int) -> tuple[Why, ...]:
    """Reasons of a diversion, and what becomes of the incident it leaves (改派后果)."""
    unit = board.units[board.fleet.unit_ids[offer.unit_i]]
    order = board.orders[unit.order_id]
    left = board.incidents[order.incident_id]
    n_others = sum(o.is_active and o.unit_id != unit.unit_id for o in board.active_orders(left))
    if n_others:
        return (*offer.reasons, ("left_with_others", n_others, left.incident_id))
    if not left.is_placed:
        return (*offer.reasons, ("left_unplaced", 0, left.incident_id))
    travel_ms = travel_to(board, left, board.fleet.available(), bound_ms=SUCCESSOR_MS)
    soonest_ms = int(travel_ms.min()) if len(travel_ms) else UNREACHABLE_MS
    if soonest_ms > SUCCESSOR_MS:
        return (*offer.reasons, ("left_without_unit", 0, left.incident_id))
    expected_at_ms = order.expected_at_ms
    remaining_ms = (
        max(0, expected_at_ms - now_ms) if expected_at_ms else travel_of(board, left, unit.unit_id)
    )
    later_ms = max(0, soonest_ms - remaining_ms)
    return (*offer.reasons, ("left_reached_later", later_ms, left.incident_id))


def _priorities_under_way(board: Board, rows: NDArray[np.int64]) -> NDArray[np.int8]:
    """Priority of what each unit under way drives to, 0 for one that may not be turned round."""
    column = np.zeros(len(board.fleet), np.int8)
    for unit_i in rows.tolist():
        unit = board.units[board.fleet.unit_ids[unit_i]]
        if not unit.beside_order_ids and not unit.emergency_id:
            incident_id = board.orders[unit.order_id].incident_id
            column[unit_i] = board.incidents[incident_id].priority
    return column


def _candidates(board: Board, ranked: Iterable[Ranked]) -> tuple[incidents.Candidate, ...]:
    unit_ids = board.fleet.unit_ids
    return tuple(
        incidents.Candidate(
            unit_id=unit_ids[each.unit_i],
            travel_ms=each.travel_ms,
            score_ms=each.score_ms,
            reasons=tuple(incidents.Reason(*reason) for reason in each.reasons),
        )
        for each in ranked
    )


def _skill_of(mask: int) -> str:
    return "+".join(skill_names(mask)) or ANY_SKILL
