"""The streets of invented cities: connected, bridged seldom, named once each, gates on streets."""

from collections import defaultdict

import numpy as np
import pytest
import shapely

from kuaifan.city.invent_plan import CityPlan, draw_plan
from kuaifan.city.invent_size import get_size
from kuaifan.geo.points import distances_m
from kuaifan.roads.build import BuildReport, build_network
from kuaifan.roads.network import ROAD_CLASSES, RoadNetwork

SEEDS = (1, 2, 3, 4)
Built = tuple[CityPlan, RoadNetwork, BuildReport]


@pytest.fixture(scope="module", params=SEEDS)
def built(request: pytest.FixtureRequest) -> Built:
    plan = draw_plan(get_size("small"), seed=request.param)
    return plan, *build_network(plan.raw)


def class_of(network: RoadNetwork, arc: int) -> str:
    return ROAD_CLASSES[network.road_class[arc]]


def shape_of(network: RoadNetwork, arc: int) -> shapely.LineString:
    points = slice(network.shape_first[arc], network.shape_first[arc + 1])
    return shapely.LineString(
        np.column_stack((network.shape_lon[points], network.shape_lat[points]))
    )


def test_a_small_city_has_about_two_thousand_junctions(built: Built) -> None:
    assert 1_700 <= built[1].n_nodes <= 2_400


def test_nearly_every_node_can_be_driven_to_and_from(built: Built) -> None:
    steps = {step.name: step.n_nodes for step in built[2].steps}
    assert steps["largest strongly connected part"] > 0.97 * steps["duplicates folded"]


def test_roads_cross_the_river_only_on_a_few_bridges(built: Built) -> None:
    plan, network, _ = built
    river = next(line for line in plan.features.lines if line.kind == "river")
    water = shapely.LineString([(lon, lat) for lat, lon in river.line])
    over = [arc for arc in range(network.n_arcs) if shape_of(network, arc).crosses(water)]
    names = {network.names[network.name_i[arc]] for arc in over}
    assert 3 <= len(names) <= 6
    assert {class_of(network, arc) for arc in over} <= {"primary", "trunk"}
    bridges = [point for point in plan.features.points if point.kind == "bridge"]
    assert len(bridges) == len(names)


def test_no_building_stands_in_the_water(built: Built) -> None:
    rings = defaultdict(list)
    for area in built[0].features.areas:
        rings[area.kind].append(shapely.Polygon([(lon, lat) for lat, lon in area.rings[0]]))
    water = shapely.unary_union(rings["water"])
    assert water.is_valid
    assert not shapely.intersects(water, np.array(rings["building"])).any()


def test_a_name_belongs_to_one_unbroken_street(built: Built) -> None:
    network = built[1]
    arcs: dict[str, list[int]] = defaultdict(list)
    for arc in range(network.n_arcs):
        name = network.names[network.name_i[arc]]
        # The two carriageways of an expressway meet only where they end.
        if name and class_of(network, arc) != "trunk":
            arcs[name].append(arc)
    assert len(arcs) > 250
    broken = [name for name, members in arcs.items() if count_parts(network, members) != 1]
    assert broken == []


def count_parts(network: RoadNetwork, arcs: list[int]) -> int:
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        while parent.setdefault(node, node) != node:
            node = parent[node]
        return node

    for arc in arcs:
        parent[root(int(network.tail[arc]))] = root(int(network.head[arc]))
    return len({root(node) for node in parent})


def test_main_streets_are_divided_by_direction(built: Built) -> None:
    names = set(built[1].names)
    assert {"解放南路", "解放北路"} <= names or {"解放南大道", "解放北大道"} <= names
    assert {"人民东路", "人民西路"} <= names or {"人民东大道", "人民西大道"} <= names


def test_every_estate_can_be_reached_by_a_gate(built: Built) -> None:
    plan, network, _ = built
    estates = [point.name for point in plan.features.points if point.kind == "estate"]
    assert len(estates) > 60
    assert set(estates) <= set(plan.gates)
    for name in estates:
        gates = np.array(plan.gates[name])
        away_m = distances_m(
            gates[:, :1], gates[:, 1:], to_lat=network.node_lat, to_lon=network.node_lon
        )
        assert away_m.min(axis=1).max() < 0.1, name


def test_the_old_town_has_one_way_streets_and_expressways_two_carriageways(built: Built) -> None:
    network = built[1]
    by_class = defaultdict(int)
    is_one_way = network.is_driven & (network.driven_twin < 0)
    for arc in np.flatnonzero(is_one_way).tolist():
        by_class[class_of(network, arc)] += 1
    assert by_class["trunk"] > 10
    assert by_class["trunk_link"] >= 8
    assert by_class["tertiary"] + by_class["residential"] > 20


def test_a_street_near_the_middle_is_for_walking_and_joined_at_both_ends(built: Built) -> None:
    network = built[1]
    walked = np.flatnonzero(~network.is_driven & ~network.is_driven[network.twin])
    walked = walked[~network.is_turn[walked]]
    assert {class_of(network, arc) for arc in walked.tolist()} == {"pedestrian"}
    driven = network.is_driven & ~network.is_turn
    ends = np.concatenate((network.tail[driven], network.head[driven]))
    assert set(network.tail[walked].tolist()) <= set(ends.tolist())


def test_names_of_one_kind_of_place_differ(built: Built) -> None:
    named = [(point.kind, point.name) for point in built[0].features.points]
    assert len(set(named)) == len(named)


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("size", "low", "high"), [("medium", 13_000, 17_500), ("large", 54_000, 68_000)]
)
def test_larger_cities_have_their_size_too(size: str, low: int, high: int) -> None:
    network, report = build_network(draw_plan(get_size(size), seed=1).raw)
    steps = {step.name: step.n_nodes for step in report.steps}
    assert low <= network.n_nodes <= high
    assert steps["largest strongly connected part"] > 0.97 * steps["duplicates folded"]
