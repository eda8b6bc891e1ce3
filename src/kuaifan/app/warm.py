"""Compiles the kernels once (预编译): run by `make setup`, so that no desk ever waits for it."""

from __future__ import annotations

import numpy as np

from kuaifan.app.bench_twin_city import draw_basic, draw_full
from kuaifan.app.byte_code import forget_kernels, write_byte_code
from kuaifan.app.reference import load_kernels
from kuaifan.board.reference import Reference
from kuaifan.models.hypercube import HypercubeProblem
from kuaifan.models.hypercube import solve as solve_hypercube
from kuaifan.models.mclp.solve import MaxCover
from kuaifan.models.mclp.solve import solve as solve_cover
from kuaifan.models.p_median.kernel import kick
from kuaifan.models.p_median.solve import solve
from kuaifan.models.patrol_grids.problem import GridProblem
from kuaifan.models.patrol_grids.solve import solve as divide
from kuaifan.models.patrol_routes.problem import Instance, PatrolCrew, Place, pose
from kuaifan.models.patrol_routes.solve import solve as send_round
from kuaifan.plan.covering import cover_in_radius, cover_within
from kuaifan.plan.siting import Siting
from kuaifan.policy.fleet import Fleet
from kuaifan.policy.patrol_first import WEIGHTS
from kuaifan.policy.policies import POLICIES
from kuaifan.roads.build import RawWay, RawWays, build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.cch_order import order_nodes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.matching import NO_TRACE, Fix, Matcher
from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.ride import Ride
from kuaifan.roads.rings import RingGrower
from kuaifan.roads.snap import Snapper
from kuaifan.roads.travel import Places, RoadPosition
from kuaifan.twin.kernel_basic import run_basic
from kuaifan.twin.kernel_run import KernelRules, new_sim, run_sim
from kuaifan.twin.kernel_tree import new_tree


def main() -> None:
    """Compile this program, and every engine, on a street of two corners with nobody on it."""
    write_byte_code()
    forget_kernels()
    network, _ = build_network(
        RawWays(
            node_id=np.array([1, 2], np.int64),
            node_lat=np.array([32.60, 32.61]),
            node_lon=np.array([117.0, 117.0]),
            ways=[RawWay(way_id=1, nodes=(1, 2), highway="residential")],
        )
    )
    reference = Reference(
        types={},
        posts=(),
        units=(),
        targets_ms={},
        network=network,
        travel=DijkstraTravelTimes(network),
        snapper=Snapper(network),
        city_hash="",
    )
    load_kernels(reference)
    warm_engine(network)
    reference.snapper.lines.load_kernel()
    ride = Ride(
        reference.snapper.lines, reference.travel.path(RoadPosition(0, 0), RoadPosition(0, 500_000))
    )
    ride.fixes_at(1, 10_000)
    RingGrower(network).grow([RoadPosition(0, 0)], 1_000)
    matcher, trace = Matcher(reference.snapper), NO_TRACE
    for at_ms in (0, 10_000):
        _, trace = matcher.match_next(trace, Fix(at_ms, 32.605, 117.0))
    one = np.ones(1)
    solve_hypercube(HypercubeProblem(calls_per_h=one / 2, served_per_h=one, travel=np.ones((1, 1))))
    fleet = Fleet([])
    nobody = np.zeros(0, np.int64)
    reference.scorer(
        fleet.state,
        fleet.line,
        fleet.skills,
        fleet.arc,
        fleet.fix_at_ms,
        nobody.astype(np.int8),
        nobody.astype(np.int32),
        nobody,
        wanted_skills=0,
        now_ms=0,
        weights=WEIGHTS,
    )
    warm_plans()
    warm_twin()


def warm_engine(network: RoadNetwork) -> None:
    """Compile what answers about whole cities, also while their streets close and open."""
    engine = CchTravelTimes(network, order_nodes(network))
    place = RoadPosition(0, 0)
    engine.to_one([0], [0], place)
    nobody = np.zeros(0, np.int32)
    engine.to_one_each(
        Places(nobody, nobody, nobody.astype(np.int8), nobody.astype(np.bool_)), place
    )
    engine.matrix(([0], [0]), ([1], [0]))
    engine.to_node_ms(place)
    engine.path(place, RoadPosition(1, 0))
    engine.change_arcs([0], np.full((len(network.profiles), 1), 1, np.int32))


def warm_plans() -> None:
    """Compile the planning models, on three places that are one another's posts."""
    places, weight = np.eye(3, 2), np.ones(3)
    cost = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    solve(Siting(cost=cost, weight=weight, n_open=2))
    # What so small a problem is proven without.
    kick(cost, weight, np.array([True, True, False]), np.zeros(3, np.int8), (1, 1, 1))
    cover_within(cost, weight, 1.0)
    solve_cover(MaxCover(covering=cover_in_radius(places, places, weight, 1.0), n_open=1))
    warm_patrols()


def warm_patrols() -> None:
    """Compile patrol grids and routes, on three cells in a row."""
    row = np.array([[0, 1], [1, 2]])
    divide(
        GridProblem(
            work=np.ones(3),
            place_m=np.eye(3, 2),
            borders=row,
            n_grids=2,
            region=np.zeros(3, np.int64),
        )
    )
    crew = PatrolCrew(name="P", base=0, from_min=0.0, until_min=60.0)
    place = Place(name="square", tier=1)
    send_round(pose(Instance(places=[place], crews=[crew], travel_min=[[0.0, 1.0], [1.0, 0.0]])))


def warm_twin() -> None:
    """Compile the fast twin, on four calls and three units of a plane without streets."""
    for policy in POLICIES.values():
        case = draw_full(4, 3, policy)
        run_sim(new_sim(case.city, case.calls, case.line_ms, policy=policy, rules=KernelRules()))
    run_basic(*draw_basic(4, 3), new_tree(3))


if __name__ == "__main__":
    main()
