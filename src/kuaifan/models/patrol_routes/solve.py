"""Patrol routes (巡防路线): the most worth of visits due, each crew within its shift and grid.

    max Σ_v w_v Σ_c y_vc    y_vc: crew c makes visit v in its window, out and back in its shift

This is the team orienteering problem with time windows; the search drops stops in a row and fills
again: Vansteenwegen, P., Souffriau, W., Vanden Berghe, G. and Van Oudheusden, D. (2009), Computers
& Operations Research 36, 3281. Stops of 10 to 16 minutes: Koper, C. S. (1995), Justice Quarterly
12, 649.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.answers import Answer, is_within
from kuaifan.plan.solving import DEFAULT_GAP, Progress, Watch, gap_of, go_on

from .bound import most_worth
from .problem import KOPER_MIN, RouteProblem, Visit

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Task = tuple[Ints, Ints, Ints, Bools]

ROUNDS: Final = 45
"""At a time; the watch is asked in between."""
PATIENCE: Final = 6
"""Times without anything better before it is left."""
FAIRNESS: Final = (1.0, 1.25, 1.5, 2.0)
"""Stops of a crew at most, through the mean: the first that costs no visit is taken."""


class Stop(msgspec.Struct, frozen=True, kw_only=True):
    """One stop of a route (停留): which visit of the place, and from when to when."""

    place: str
    tier: int
    nth: int
    from_min: float
    until_min: float


class Route(msgspec.Struct, frozen=True, kw_only=True):
    """A crew's route from its base and back (路线)."""

    crew: str
    stops: tuple[Stop, ...]
    drive_min: float
    back_min: float


class Missed(msgspec.Struct, frozen=True, kw_only=True):
    """A visit due that nobody makes, and why (漏巡)."""

    place: str
    tier: int
    nth: int
    why: str


class Routes(Answer, frozen=True, kw_only=True):
    """Patrol routes (巡防路线). value: worth of the visits done."""

    routes: tuple[Route, ...]
    missed: tuple[Missed, ...]


def solve(problem: RouteProblem, *, gap: float = DEFAULT_GAP, watch: Watch = go_on) -> Routes:
    """Make the routes (求解). Its bound is a relaxation's: near on small problems only."""
    task = _task(problem)
    can = _can_alone(task)
    task = (*task[:3], can)
    bound = math.floor(most_worth(problem, can) + 1e-6)
    plan = _search(task, float(bound), watch)
    value = float(sum(problem.visits[v].worth for stops in plan for v in stops))
    routes = tuple(_route(problem, c, stops) for c, stops in enumerate(plan))
    missed = _missed(problem, can, plan)
    upper = max(float(bound), value)
    return Routes(
        value=value,
        bound=upper,
        gap=gap_of(value, upper),
        is_proven=is_within(value, upper, gap),
        reasons=_reasons(problem, routes, missed),
        routes=routes,
        missed=missed,
    )


def _task(problem: RouteProblem) -> Task:
    visits = [(v.place, v.open_s, v.close_s, v.stop_s, v.worth) for v in problem.visits]
    crews = [
        (problem.base_node(c), round(c.from_min * 60), round(c.until_min * 60))
        for c in problem.crews
    ]
    return (
        np.array(visits, np.int64),
        np.array(crews, np.int64),
        np.ascontiguousarray(problem.travel_s),
        problem.allowed(),
    )


def _can_alone(task: Task) -> Bools:
    """(crews, visits) whether a crew could make a visit if it made no other."""
    visits, crews, travel, allowed = task
    node, opens, closes, stop, _ = visits.T
    base, begin, until = crews.T[:, :, None]
    begins = np.maximum(begin + travel[base[:, 0]][:, node], opens)
    back = begins + stop + travel[node][:, base[:, 0]].T
    can: Bools = allowed & (begins + stop <= closes) & (back <= until)
    return can


def _search(task: Task, bound: float, watch: Watch) -> list[list[int]]:
    """The visits of each crew in their order, as evenly shared as costs no visit."""
    n_crews, n_visits = task[3].shape
    best, best_worth = _search_with(task, n_visits, bound, watch)
    fair = math.ceil(sum(map(len, best)) / n_crews)
    for share in FAIRNESS:
        n_most = math.ceil(fair * share)
        if n_most >= max(map(len, best)):
            break
        found, worth = _search_with(task, n_most, float(best_worth), watch)
        if worth >= best_worth:
            return found
    return best


def _search_with(
    task: Task, n_most: int, bound: float, watch: Watch
) -> tuple[list[list[int]], int]:
    """Routes of so many stops at most, and their worth."""
    from .kernel import judge, search

    n_crews, n_visits = task[3].shape
    plan, best = (
        (
            np.zeros((n_crews, n_most), np.int64),
            np.zeros(n_crews, np.int64),
            np.zeros(n_visits, np.bool_),
        )
        for _ in range(2)
    )
    turn, idle, before = np.array([0, 1, 1]), 0, (-1, 0)
    while idle < PATIENCE:
        search(task, plan, best, turn, ROUNDS)
        worth, driven = judge(task, best)
        idle = 0 if (worth, -driven) > before else idle + 1
        before = (worth, -driven)
        if worth >= bound or not watch(Progress(float(worth), bound, 0)):
            break
    return [best[0][c, : best[1][c]].tolist() for c in range(n_crews)], before[0]


def _route(problem: RouteProblem, crew_i: int, stops: list[int]) -> Route:
    """The route by the clock, its stops as long as they can be, 16 minutes at most."""
    visits = [problem.visits[v] for v in stops]
    for minutes in range(KOPER_MIN[1], KOPER_MIN[0], -1):
        found = _by_clock(problem, crew_i, visits, minutes * 60)
        if found is not None:
            return found
    as_asked = _by_clock(problem, crew_i, visits, 0)
    if as_asked is None:
        raise AssertionError(f"the route of {problem.crews[crew_i].name} breaks a window")
    return as_asked


def _by_clock(
    problem: RouteProblem, crew_i: int, visits: list[Visit], least_s: int
) -> Route | None:
    """The route if each stop lasts so long, or as long as its tier says; None if it breaks."""
    crew = problem.crews[crew_i]
    node = base = problem.base_node(crew)
    at_s, driven_s, stops = round(crew.from_min * 60), 0, list[Stop]()
    for visit in visits:
        leg_s = int(problem.travel_s[node, visit.place])
        begin_s = max(at_s + leg_s, visit.open_s)
        at_s = begin_s + max(visit.stop_s, least_s)
        if at_s > visit.close_s:
            return None
        place = problem.places[visit.place]
        stops.append(
            Stop(
                place=place.name,
                tier=place.tier,
                nth=visit.nth,
                from_min=round(begin_s / 60, 2),
                until_min=round(at_s / 60, 2),
            )
        )
        node, driven_s = visit.place, driven_s + leg_s
    back_s = int(problem.travel_s[node, base]) if visits else 0
    if at_s + back_s > crew.until_min * 60:
        return None
    return Route(
        crew=crew.name,
        stops=tuple(stops),
        drive_min=round((driven_s + back_s) / 60, 2),
        back_min=round((at_s + back_s) / 60, 2),
    )


def _missed(problem: RouteProblem, can: Bools, plan: list[list[int]]) -> tuple[Missed, ...]:
    done, allowed = {v for stops in plan for v in stops}, problem.allowed()
    found = []
    for v, visit in enumerate(problem.visits):
        if v in done:
            continue
        place = problem.places[visit.place]
        why = "no time is left for it"
        if not allowed[:, v].any():
            why = f"no crew is in its grid {place.grid}"
        elif not can[:, v].any():
            why = "no crew of its grid gets there and back within its hours and the shift"
        found.append(Missed(place=place.name, tier=place.tier, nth=visit.nth, why=why))
    return tuple(found)


def _reasons(
    problem: RouteProblem, routes: tuple[Route, ...], missed: tuple[Missed, ...]
) -> tuple[str, ...]:
    due = Counter(problem.places[visit.place].tier for visit in problem.visits)
    lost = Counter(each.tier for each in missed)
    tiers = [f"tier {t}: {due[t] - lost[t]} of {due[t]} visits due are made" for t in sorted(due)]
    crews = [
        f"{route.crew}: {len(route.stops)} stops, {route.drive_min:.0f} min on the road"
        for route in routes
    ]
    n_of = Counter(each.why for each in missed)
    whys = [f"{n} visits are not made: {why}" for why, n in sorted(n_of.items())]
    return (*tiers, *whys, *crews)
