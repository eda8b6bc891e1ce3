"""Invented cities as folders: the same for a seed, checked clean, and refused where they should."""

from pathlib import Path

import pytest

from kuaifan.city.check import check_city
from kuaifan.city.folder import read_city, read_demand, read_features, read_sites
from kuaifan.city.invent import InventReport, invent_city
from kuaifan.city.whole_folder import CityFolderError


def make(target: Path, seed: int = 1, **wishes: object) -> InventReport:
    return invent_city(target, seed=seed, size="small", progress=lambda _: None, **wishes)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, InventReport]:
    target = tmp_path_factory.mktemp("invented") / "city"
    return target, make(target)


def read_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_an_invented_city_is_checked_clean(made: tuple[Path, InventReport]) -> None:
    assert check_city(made[0]) == []


def test_one_seed_gives_the_same_folder_byte_for_byte(
    made: tuple[Path, InventReport], tmp_path: Path
) -> None:
    make(tmp_path / "again")
    assert read_files(tmp_path / "again") == read_files(made[0])


def test_another_seed_gives_another_city(made: tuple[Path, InventReport], tmp_path: Path) -> None:
    other = make(tmp_path / "other", seed=2)
    assert other.content_hash != made[1].content_hash
    city, another = read_city(made[0]), read_city(tmp_path / "other")
    assert set(city.network.names) != set(another.network.names)
    assert city.meta.centre_lat != another.meta.centre_lat


def test_a_wished_name_is_the_citys_name(tmp_path: Path) -> None:
    make(tmp_path / "city", name=" 望淮 ")
    assert read_city(tmp_path / "city").meta.name == "望淮"


def test_it_has_forces_placed_by_population(made: tuple[Path, InventReport]) -> None:
    city = read_city(made[0])
    kinds = [post.kind for post in city.posts]
    assert 6 <= kinds.count("station") <= 8
    assert kinds.count("street_station") == 10
    assert kinds.count("standby_post") == 21
    kinds = [unit.kind for unit in city.units]
    assert (len(kinds), kinds.count("motorcycle"), kinds.count("foot_patrol")) == (66, 9, 6)
    assert len({unit.shift.name for unit in city.units}) == 3
    assert {post.placed_by for post in city.posts} == {"population"}


def test_its_areas_name_districts_and_all_four_classes(made: tuple[Path, InventReport]) -> None:
    city = read_city(made[0])
    districts = [area.name for area in city.areas if area.kind == "jurisdiction"]
    assert len(districts) == 4
    assert sum(name.endswith("县") for name in districts) == 1
    classes = {area.area_class for area in city.areas if area.kind == "area_class"}
    assert classes == {"core", "urban", "suburban", "rural"}


def test_its_map_shows_every_kind_of_ground(made: tuple[Path, InventReport]) -> None:
    features = read_features(made[0])
    assert features is not None
    assert {area.kind for area in features.areas} >= {
        *("water", "green", "residential", "commercial", "industrial", "campus", "hospital"),
        "building",
    }
    assert {line.kind for line in features.lines} == {"river", "railway"}
    points = {point.kind for point in features.points}
    assert points >= {"school", "hospital", "estate", "bank", "hotel", "bus_stop", "gas_station"}
    assert points >= {"railway_station", "government", "mall", "market", "park", "bridge"}
    assert sum(area.kind == "building" for area in features.areas) <= 3_200


def test_its_key_sites_ask_for_rings_of_one_three_and_five_minutes(
    made: tuple[Path, InventReport],
) -> None:
    sites = read_sites(made[0])
    assert {site.site_class for site in sites} == {1, 3, 5}
    assert "railway_station" in {site.kind for site in sites if site.site_class == 1}
    assert {site.site_class for site in sites if site.kind == "school"} == {3}
    assert len({site.site_id for site in sites}) == len(sites)


def test_its_demand_is_what_its_people_call(made: tuple[Path, InventReport]) -> None:
    demand = read_demand(made[0])
    assert demand is not None
    assert demand.population.sum() == pytest.approx(260_000, rel=0.01)
    yearly = demand.incidents_per_day * 365.0 / demand.population.sum() * 1000.0
    assert yearly == pytest.approx(82.0, rel=0.01)
    by_hour = [demand.rates(hour).sum() for hour in range(168)]
    assert sum(by_hour) == pytest.approx(float(demand.weekly.sum()), rel=1e-3)
    # Domain §3.5: the small hours are the quietest quarter of the day, the afternoon the busiest.
    quarters = [
        sum(sum(by_hour[d * 24 + q : d * 24 + q + 6]) for d in range(7)) for q in range(0, 24, 6)
    ]
    assert quarters[0] == min(quarters)
    assert quarters[2] == max(quarters)


def test_a_damaged_demand_file_is_found(tmp_path: Path) -> None:
    make(tmp_path / "city")
    (tmp_path / "city" / "demand.npz").write_bytes(b"no zip")
    assert [finding.file for finding in check_city(tmp_path / "city")] == ["demand.npz"]
    with pytest.raises(CityFolderError, match="damaged or edited"):
        read_demand(tmp_path / "city")


def test_a_wrong_wish_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="size 'huge' is unknown"):
        invent_city(tmp_path / "a", seed=1, size="huge", progress=lambda _: None)
    with pytest.raises(ValueError, match="seed -1 is not between"):
        make(tmp_path / "b", seed=-1)
    with pytest.raises(ValueError, match="name of the city"):
        make(tmp_path / "c", name="  ")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CityFolderError, match="left alone"):
        make(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
