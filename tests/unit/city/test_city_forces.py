"""Forces placed where a map gives none: how many, where, in which lines; the same for one seed."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from kuaifan.city.check_ground import list_manned
from kuaifan.city.city_faults import list_off_road, list_roster_faults
from kuaifan.city.force_csv import pack_forces, unpack_forces
from kuaifan.city.force_places import share_out
from kuaifan.city.forces import ForceWishes, count_forces, place_forces
from kuaifan.city.invent_size import get_size
from kuaifan.city.population import Population, read_population
from kuaifan.city.roster import share_kinds
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.geo.points import distance_m
from kuaifan.roads.build import RawWay, RawWays, build_network


def grid(n, *, step_deg=0.005):
    """A town of n x n crossings about half a kilometre apart, every street named."""
    ids = np.arange(n * n, dtype=np.int64)
    rows = [tuple(range(i * n, i * n + n)) for i in range(n)]
    columns = [tuple(range(i, n * n, n)) for i in range(n)]
    ways = [
        RawWay(way_id=i, nodes=nodes, highway="residential", name=f"{i}路")
        for i, nodes in enumerate(rows + columns)
    ]
    return build_network(
        RawWays(
            node_id=ids,
            node_lat=22.5 + (ids // n) * step_deg,
            node_lon=114.0 + (ids % n) * step_deg,
            ways=ways,
        )
    )[0]


TOWN = grid(16)


def test_a_full_city_gets_the_posts_and_units_of_a_real_one():
    placed = place_forces(TOWN, None, 1)
    kinds = Counter(post.kind for post in placed.forces.posts)
    assert kinds == {"station": 8, "street_station": 10, "standby_post": 21}
    on_wheels = [unit for unit in placed.forces.units if unit.kind != "foot_patrol"]
    assert len(placed.forces.units) == 66
    assert Counter(unit.shift.name for unit in on_wheels) == {
        "早班": 20,
        "中班": 20,
        "夜班": 20,
    }
    assert {item.placed_by for item in (*placed.forces.posts, *placed.forces.units)} == {
        "road density"
    }


def test_a_village_gets_its_share_and_still_every_line():
    forces = place_forces(grid(3), None, 1).forces
    assert {post.kind for post in forces.posts} == {"station", "street_station", "standby_post"}
    assert len(forces.units) == 9
    assert {unit.line for unit in forces.units} >= {"patrol", "station"}
    assert list_roster_faults(forces) == []


@pytest.mark.parametrize("n_units", range(3, 41))
def test_kinds_share_out_every_unit(n_units):
    n_of = share_kinds(n_units)
    assert sum(n_of.values()) == n_units
    assert n_of["patrol_car"] >= n_of["station_car"] >= 1
    assert min(n_of.values()) >= 0


def test_motorcycles_and_foot_patrols_stand_at_posts_that_are_held_in_every_shift():
    forces = place_forces(TOWN, None, 1).forces
    by_kind = Counter((unit.kind, unit.shift.name) for unit in forces.units)
    assert by_kind["motorcycle", "夜班"] == 3
    assert by_kind["foot_patrol", "夜班"] == 2
    walking = [unit for unit in forces.units if unit.kind == "foot_patrol"]
    kinds = {post.post_id: post.kind for post in forces.posts}
    assert {kinds[unit.home_post_id] for unit in walking} == {"street_station"}


def test_placed_forces_have_no_fault_and_stand_on_their_roads():
    forces = place_forces(TOWN, None, 7).forces
    assert list_roster_faults(forces) == []
    assert list_off_road(forces, TOWN) == []
    bases = [post.arc for post in forces.posts if post.kind != "station"]
    assert len(set(bases)) == len(bases)
    assert len({post.name for post in forces.posts}) == len(forces.posts)


def test_equal_seeds_give_equal_forces_and_another_seed_differs():
    assert place_forces(TOWN, None, 3) == place_forces(TOWN, None, 3)
    assert place_forces(TOWN, None, 3) != place_forces(TOWN, None, 4)


def test_every_unit_has_two_command_lines_and_a_crew_led_by_an_officer():
    forces = place_forces(TOWN, None, 1).forces
    stations = {post.post_id for post in forces.posts if post.kind == "station"}
    for unit in forces.units:
        assert unit.officers >= 1
        assert unit.crew >= 2
        assert unit.admin_parent != unit.operational_parent
        assert (unit.operational_parent in stations) == (unit.line == "station")
        assert unit.line != "traffic" or "traffic" in unit.skills


def test_posts_go_where_people_live():
    corner = Population(np.array([22.501]), np.array([114.001]), np.array([50_000.0]))
    placed = place_forces(TOWN, corner, 1)
    assert placed.placed_by == "population"
    heaviest = next(post for post in placed.forces.posts if post.kind == "street_station")
    assert distance_m(22.501, 114.001, to_lat=heaviest.lat, to_lon=heaviest.lon) < 500.0


def test_who_lives_far_from_every_street_is_left_out_and_counted():
    people = Population(
        np.array([22.501, 25.0]), np.array([114.001, 114.0]), np.array([500.0, 70.0])
    )
    assert place_forces(TOWN, people, 1).n_people_left_out == 70


def test_a_population_of_another_city_is_refused():
    elsewhere = Population(np.array([50.0]), np.array([8.0]), np.array([1000.0]))
    with pytest.raises(ValueError, match="another city, another datum"):
        place_forces(TOWN, elsewhere, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("lat,lon\n1,2\n", "lacks the column population"),
        ("lat,lon,population\n1,2,3\n1,x,3\n", "line 3"),
        ("lat,lon,population\n1,2,-3\n", "line 2"),
        ("lat,lon,population\n1,2,nan\n", "line 2"),
        ("lat,lon,population\n1,2\n", "line 2"),
        ("lat,lon,population\n", "holds no rows"),
        ("", "lacks the column lat"),
    ],
)
def test_an_unreadable_population_names_the_line(text, reason, tmp_path):
    file = tmp_path / "people.csv"
    file.write_text(text)
    with pytest.raises(ValueError, match=reason):
        read_population(file)


def test_a_population_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ValueError, match="cannot read the population file"):
        read_population(tmp_path / "none.csv")


def test_forces_read_back_the_same(tmp_path):
    forces = place_forces(TOWN, None, 1).forces
    assert unpack_forces(pack_forces(forces), tmp_path) == (forces, [])


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("patrol_car", "tank", "kind 'tank' is none of"),
        ("unit,P001", "spaceship,P001", "record 'spaceship'"),
        ("unit,P001", "unit,", "has no id"),
        ("unit,P001,", "unit,P001,,", "has not as many columns"),
    ],
)
def test_an_unreadable_line_of_forces_is_named(old, new, reason, tmp_path):
    data = pack_forces(place_forces(TOWN, None, 1).forces).decode().replace(old, new, 1)
    _, bad = unpack_forces(data.encode(), tmp_path)
    assert len(bad) == 1
    assert bad[0].startswith("line ")
    assert reason in bad[0]


def test_a_table_without_the_column_of_gps_is_an_old_one_whose_units_all_have_it(tmp_path):
    forces = place_forces(TOWN, None, 1).forces
    lines = pack_forces(forces).decode().splitlines()
    old = "\n".join(line.rpartition(",")[0] for line in lines).encode()
    assert unpack_forces(old, tmp_path) == (forces, [])


def test_a_unit_without_gps_is_written_and_read_as_one(tmp_path):
    forces = place_forces(TOWN, None, 1).forces
    silent = replace(forces, units=tuple(replace(unit, has_gps=False) for unit in forces.units))
    assert unpack_forces(pack_forces(silent), tmp_path) == (silent, [])


@pytest.mark.parametrize("n_circles", [1, 2, 31, 53, 60])
def test_circles_asked_for_are_placed_and_manned_in_every_shift(n_circles):
    forces = place_forces(TOWN, None, 1, ForceWishes(n_circles=n_circles)).forces
    kinds = Counter(post.kind for post in forces.posts)
    assert kinds["street_station"] + kinds["standby_post"] == n_circles
    assert kinds["street_station"] <= 10
    assert len(list_manned(forces)) == n_circles
    assert list_roster_faults(forces) == []


def test_fifty_three_circles_are_ten_street_stations_and_forty_three_standby_posts():
    numbers = count_forces(2_000.0, ForceWishes(n_circles=53, n_stations=15))
    assert numbers.n_of == {"station": 15, "street_station": 10, "standby_post": 43}
    assert get_size("large").n_circles == 53
    placed = place_forces(TOWN, None, 1, ForceWishes(n_circles=53))
    assert sum(unit.crew for unit in placed.forces.units) >= 450


@pytest.mark.parametrize("n_circles", [0, -3, 501])
def test_a_number_of_circles_that_no_city_has_is_refused(n_circles):
    with pytest.raises(ValueError, match="not between 1 and 500"):
        place_forces(TOWN, None, 1, ForceWishes(n_circles=n_circles))


def test_more_circles_than_streets_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        place_forces(grid(3), None, 1, ForceWishes(n_circles=40))


def test_things_are_shared_out_in_proportion_with_the_least_for_everyone():
    assert share_out(10, [6.0, 3.0, 1.0], least=0) == [6, 3, 1]
    assert share_out(5, [97.0, 2.0, 1.0], least=1) == [3, 1, 1]
    assert share_out(2, [97.0, 2.0, 1.0], least=1) == [2, 0, 0]


def test_a_table_without_the_columns_is_no_forces_table(tmp_path):
    with pytest.raises(CityFolderError, match="lacks the columns"):
        unpack_forces(b"a,b\n1,2\n", tmp_path)
