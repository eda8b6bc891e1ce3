"""Districts of invented cities: they tile the ground, each with a desk, posts and patrols."""

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
import shapely

from kuaifan.city.areas import find_district, pack_areas, unpack_areas
from kuaifan.city.check_ground import count_districts, list_tile_faults
from kuaifan.city.forces import ForceWishes, place_forces
from kuaifan.city.invent_demand import to_population
from kuaifan.city.invent_desks import make_desks, take_gps_from_some
from kuaifan.city.invent_plan import CityPlan, draw_plan
from kuaifan.city.invent_size import get_size
from kuaifan.city.invent_tiles import join_faces
from kuaifan.geo.polygons import ring_contains
from kuaifan.roads.build import build_network
from kuaifan.roads.network import RoadNetwork

SEEDS = (1, 2, 3, 4, 5, 6)
Built = tuple[CityPlan, RoadNetwork]


@pytest.fixture(scope="module", params=SEEDS)
def built(request: pytest.FixtureRequest) -> Built:
    plan = draw_plan(get_size("small"), seed=request.param)
    return plan, build_network(plan.raw)[0]


def test_every_road_node_lies_in_exactly_one_district(built: Built) -> None:
    plan, network = built
    n_in = count_districts(plan.districts, network.node_lat, network.node_lon)
    assert np.array_equal(n_in, np.ones(network.n_nodes))
    assert list_tile_faults(plan.districts, network) == []


def test_the_desk_finds_the_same_district_point_by_point(built: Built) -> None:
    plan, network = built
    nodes = slice(0, None, 5)
    for lat, lon in zip(network.node_lat[nodes], network.node_lon[nodes], strict=True):
        rings = [ring for area in plan.districts for ring in area.polygons]
        assert sum(ring_contains(ring, lat=lat, lon=lon) for ring in rings) == 1


def test_the_rings_share_their_borders_vertex_by_vertex(built: Built) -> None:
    rings = [
        shapely.Polygon([(lon, lat) for lat, lon in ring])
        for area in built[0].districts
        for ring in area.polygons
    ]
    assert all(ring.is_valid for ring in rings)
    assert shapely.coverage_is_valid(rings)


def test_there_are_districts_and_counties_and_a_desk_for_each(built: Built) -> None:
    districts = built[0].districts
    assert [(area.area_id, area.level) for area in districts] == [
        ("D1", "district"),
        ("D2", "district"),
        ("D3", "district"),
        ("C1", "county"),
    ]
    desks = make_desks(districts)
    assert [desk.desk_id for desk in desks] == ["city", "d1", "d2", "d3", "c1"]
    assert desks[4].name == f"{districts[3].name}指挥席"
    assert [desk.districts for desk in desks[1:]] == [("D1",), ("D2",), ("D3",), ("C1",)]
    assert unpack_areas(pack_areas(districts), Path("areas.geojson")) == districts


def test_each_district_has_a_station_and_a_patrol_in_every_shift(built: Built) -> None:
    plan, network = built
    wishes = ForceWishes(districts=plan.districts)
    forces = place_forces(network, to_population(plan.demand), 1, wishes).forces
    at = {
        post.post_id: find_district(plan.districts, lat=post.lat, lon=post.lon)
        for post in forces.posts
    }
    stations = {at[post.post_id].area_id for post in forces.posts if post.kind == "station"}
    patrols = defaultdict(set)
    for unit in forces.units:
        if unit.line == "patrol":
            patrols[unit.shift.name].add(at[unit.home_post_id].area_id)
    wanted = {area.area_id for area in plan.districts}
    assert stations == wanted
    assert list(patrols.values()) == [wanted] * 3


def test_one_crew_in_fifteen_is_heard_by_radio_only_and_never_the_first_cars(
    built: Built,
) -> None:
    forces = take_gps_from_some(place_forces(built[1], None, 1).forces)
    silent = [unit.unit_id for unit in forces.units if not unit.has_gps]
    assert 1 <= len(silent) <= len(forces.units) / 15
    assert not set(silent) & {f"P{number:03d}" for number in range(1, 11)}


def test_a_gap_and_an_overlap_are_found(built: Built) -> None:
    plan, network = built
    first, *rest = plan.districts
    (gap,) = list_tile_faults(rest, network)
    assert "in no district, the first at" in gap
    (overlap,) = list_tile_faults([*plan.districts, first], network)
    assert "in more than one district" in overlap


def test_ground_around_other_ground_becomes_parts_without_a_hole() -> None:
    faces = [shapely.box(u, v, u + 1, v + 1) for u in range(3) for v in range(3)]
    del faces[4]
    parts = join_faces(faces)
    assert not any(part.interiors for part in parts)
    assert shapely.unary_union(parts).equals(shapely.unary_union(faces))
    assert sum(part.area for part in parts) == 8.0


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize("size", ["medium", "large"])
def test_larger_cities_are_tiled_too(size: str) -> None:
    plan = draw_plan(get_size(size), seed=1)
    network = build_network(plan.raw)[0]
    assert list_tile_faults(plan.districts, network) == []
    assert len(plan.districts) == get_size(size).n_urban + get_size(size).n_county
