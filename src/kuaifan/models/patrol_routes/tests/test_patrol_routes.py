"""Routes against all routes; kept by the clock; why a visit is not made; what cannot be."""

from itertools import permutations

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kuaifan.models.patrol_routes.problem import Instance, PatrolCrew, Place, Tier, pose
from kuaifan.models.patrol_routes.solve import solve
from kuaifan.plan.siting import ProblemError


def a_town(seed, n_places=4, *, shift_min=60.0, n_crews=2, grids=("",), windows=()):
    rng = np.random.default_rng(seed)
    points = rng.random((n_places + 1, 2)) * 20
    travel = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    return Instance(
        places=[
            Place(name=f"L{i}", tier=1 + i % 2, grid=grids[i % len(grids)])
            for i in range(n_places)
        ],
        crews=[
            PatrolCrew(
                name=f"P{c}", base=0, from_min=10.0 * c, until_min=10.0 * c + shift_min,
                grid=grids[c % len(grids)],
            )
            for c in range(n_crews)
        ],
        travel_min=travel.tolist(),
        tiers=(
            Tier(tier=1, visits=1, worth=5, stop_min=10, windows_min=windows),
            Tier(tier=2, visits=1, worth=3, stop_min=12),
        ),
    )  # fmt: skip


def can_be_driven(problem, crew, visits):
    """By the clock, knowing nothing of slack."""
    node = base = problem.base_node(crew)
    at = crew.from_min * 60
    for v in visits:
        visit = problem.visits[v]
        at = max(at + problem.travel_s[node, visit.place], visit.open_s) + visit.stop_s
        if at > visit.close_s:
            return False
        node = visit.place
    return at + problem.travel_s[node, base] <= crew.until_min * 60


def best_by_trying(problem):
    """The most worth of all ways to deal and order the visits."""
    n, allowed = len(problem.visits), problem.allowed()
    sets = []
    for c, crew in enumerate(problem.crews):
        sets.append(
            {frozenset(order) for size in range(n + 1)
             for order in permutations(np.flatnonzero(allowed[c]).tolist(), size)
             if can_be_driven(problem, crew, order)}
        )  # fmt: skip
    done = {frozenset()}
    for mine in sets:
        done = {a | b for a in done for b in mine if not a & b}
    return max(sum(problem.visits[v].worth for v in each) for each in done)


@pytest.mark.parametrize("seed", range(10))
def test_no_routes_are_worth_more(seed):
    options = {"windows": ((20.0, 60.0),)} if seed % 2 else {"grids": ("", "A")}
    problem = pose(a_town(seed, 5, shift_min=35.0 + 5 * (seed % 4), **options))
    best = best_by_trying(problem)
    routes = solve(problem)
    assert routes.value == best <= routes.bound


@settings(deadline=None, max_examples=25)
@given(
    st.integers(0, 99),
    st.integers(1, 9),
    st.sampled_from([20.0, 75.0, 200.0]),
    st.sampled_from([("",), ("A", "B")]),
)
def test_routes_keep_windows_shifts_and_grids(seed, n_places, shift_min, grids):
    instance = a_town(seed, n_places, shift_min=shift_min, grids=grids, windows=((15.0, 90.0),))
    problem = pose(instance)
    routes = solve(problem)
    crews = {crew.name: crew for crew in instance.crews}
    places = {place.name: place for place in instance.places}
    made = [(stop.place, stop.nth) for route in routes.routes for stop in route.stops]
    assert len(made) == len(set(made)) == len(problem.visits) - len(routes.missed)
    for route in routes.routes:
        crew, at = crews[route.crew], crews[route.crew].from_min
        assert route.back_min <= crew.until_min
        for stop in route.stops:
            assert at <= stop.from_min
            assert 9.98 <= stop.until_min - stop.from_min <= 16.02
            assert crew.grid in ("", places[stop.place].grid)
            assert stop.tier != 1 or 15 <= stop.from_min < stop.until_min <= 90
            at = stop.until_min
    assert routes.bound >= routes.value
    assert solve(problem) == routes


def test_visits_of_a_place_are_spread_over_its_hours():
    tier = Tier(tier=1, visits=3, worth=1, windows_min=((60.0, 120.0), (180.0, 210.0)))
    instance = a_town(1, 1, shift_min=300.0, n_crews=1)
    visits = pose(msgspec.structs.replace(instance, tiers=(tier,))).visits
    assert [(v.open_s / 60, v.close_s / 60) for v in visits] == [(60, 90), (90, 120), (180, 210)]


def test_spare_time_goes_into_the_stops():
    [route] = solve(pose(a_town(1, 1, shift_min=300.0, n_crews=1))).routes
    assert route.stops[0].until_min - route.stops[0].from_min == pytest.approx(16.0, abs=0.02)


def test_the_stops_are_shared_evenly_where_that_costs_no_visit():
    routes = solve(pose(a_town(1, 9, shift_min=400.0, n_crews=3))).routes
    assert [len(route.stops) for route in routes] == [3, 3, 3]


def test_why_a_visit_is_not_made_is_said():
    instance = a_town(1, 3, shift_min=40.0, n_crews=1, grids=("A", "B", ""))
    far = [[None if 2 in (i, j) else t for j, t in enumerate(row)]
           for i, row in enumerate(instance.travel_min)]  # fmt: skip
    routes = solve(pose(msgspec.structs.replace(instance, travel_min=far)))
    said = {each.place: each.why for each in routes.missed}
    assert said["L1"] == "no crew is in its grid B"
    assert said["L2"].startswith("no crew of its grid gets there and back")
    assert any("visits are not made: no crew is in its grid B" in each for each in routes.reasons)
    busy = solve(pose(a_town(3, 9, shift_min=45.0, n_crews=1)))
    assert {each.why for each in busy.missed} == {"no time is left for it"}


def test_a_way_round_is_taken_where_it_is_shorter():
    instance = a_town(1, 2, n_crews=1)
    travel = [[0.0, 50.0, 1.0], [50.0, 0.0, 1.0], [1.0, 1.0, 0.0]]
    problem = pose(msgspec.structs.replace(instance, travel_min=travel))
    assert problem.travel_s[0, 1] == 120


def change(**options):
    return msgspec.structs.replace(a_town(1), **options)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"places": []}, "there is no place to visit"),
        ({"crews": []}, "there are 0 crews"),
        ({"travel_min": [[0.0] * 4] * 4}, "travel is 4 by 4: give a row"),
        ({"travel_min": [[0.0] * 5] * 6}, "travel is 6 by 5"),
        ({"travel_min": [[0.0] * 5] * 4 + [[0.0]]}, "row 4 of the travel has 1 entries"),
        ({"travel_min": [[-1.0] * 5] * 5}, "below zero"),
        ({"tiers": ()}, "place L0 is of tier 1: the tiers are []"),
        ({"tiers": (Tier(tier=1, visits=1, worth=1, stop_min=5),)}, "stops for 5 min: give 10 to"),
        ({"tiers": (Tier(tier=1, visits=1, worth=1, stop_min=30),)}, "stops for 30 min"),
        ({"tiers": (Tier(tier=1, visits=-1, worth=1),)}, "asks for -1 visits worth 1"),
        ({"tiers": (Tier(tier=1, visits=1, worth=0),)}, "asks for 1 visits worth 0"),
        ({"tiers": (Tier(tier=1, visits=9, worth=1),)}, "9 visits of 13 min in 70 min"),
        (
            {"tiers": (Tier(tier=1, visits=1, worth=1, windows_min=((90.0, 30.0),)),)},
            "hours from 90 to 30 min",
        ),
        (
            {"tiers": tuple(Tier(tier=t, visits=0, worth=1) for t in (1, 2))},
            "0 visits are due: 1 to",
        ),
        ({"crews": [PatrolCrew(name="P", base=1, from_min=0, until_min=9)]}, "starts at base 1"),
        ({"crews": [PatrolCrew(name="P", base=0, from_min=9, until_min=9)]}, "from 9 to 9 min"),
        (
            {"crews": [PatrolCrew(name="P", base=0, from_min=0, until_min=1e9)]},
            "a shift ends after it begins",
        ),
    ],
)
def test_what_cannot_be_is_said(options, words):
    with pytest.raises(ProblemError) as refused:
        solve(pose(change(**options)))
    assert words in str(refused.value)
