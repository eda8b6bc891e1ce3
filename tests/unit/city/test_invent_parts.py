"""Parts of invented cities alone: paper that never folds, cuts that meet, files that come back."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kuaifan.city.demand_file import Demand, pack_demand, unpack_demand
from kuaifan.city.invent_demand import make_hours
from kuaifan.city.invent_land import make_land
from kuaifan.city.invent_net import Net, split
from kuaifan.city.invent_size import SIZE_NAMES, get_size
from kuaifan.city.invent_words import chinese_number
from kuaifan.city.sites_file import Site, pack_sites, unpack_sites
from kuaifan.city.whole_folder import CityFolderError


@pytest.mark.parametrize("size", SIZE_NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_paper_is_bent_but_never_folded(size: str, seed: int) -> None:
    land = make_land(get_size(size), np.random.default_rng(seed))
    u, v = np.meshgrid(
        np.linspace(-land.edge_u, land.edge_u, 200), np.linspace(-land.edge_v, land.edge_v, 200)
    )
    x, y = land.warp.to_ground(u, v)
    east_x, east_y = land.warp.to_ground(u + 1.0, v)
    north_x, north_y = land.warp.to_ground(u, v + 1.0)
    area = (east_x - x) * (north_y - y) - (north_x - x) * (east_y - y)
    assert area.min() > 0.1


def test_a_cut_makes_two_cells_that_share_their_junctions() -> None:
    net = Net()
    parts = split(net.sheet(100.0, 50.0), net.straight(0, 20.0), rank=1)
    assert parts is not None
    west, east = parts
    assert (west.area_m2(), east.area_m2()) == (12_000.0, 8_000.0)
    assert set(net.straight(0, 20.0).nodes) == {(20.0, -50.0), (20.0, 50.0)}
    assert (20.0, 50.0) in net.straight(1, 50.0).nodes


def test_a_slanted_cut_meets_a_straight_one_in_the_same_point_from_both_sides() -> None:
    net = Net()
    west, east = split(net.sheet(100.0, 100.0), net.straight(0, 10.0), rank=1) or ((), ())
    avenue = net.slanted((0.0, 0.0), (0.8, 0.6))
    assert split(west, avenue, rank=1) is not None
    assert split(east, avenue, rank=1) is not None
    assert (10.0, 7.5) in net.straight(0, 10.0).nodes
    assert len([point for point in avenue.nodes if point[0] == 10.0]) == 1


def test_a_line_past_a_cell_cuts_nothing() -> None:
    net = Net()
    assert split(net.sheet(10.0, 10.0), net.straight(1, 11.0), rank=1) is None


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (3, "三"),
        (10, "十"),
        (12, "十二"),
        (23, "二十三"),
        (100, "一百"),
        (103, "一百零三"),
        (115, "一百一十五"),
    ],
)
def test_numbers_are_said_in_chinese(number: int, words: str) -> None:
    assert chinese_number(number) == words


SITE = Site("S0001", "school", "第三中学", 32.5, 117.0, 3, "人民东路12号")


def test_sites_come_back_as_they_were_written() -> None:
    assert unpack_sites(pack_sites((SITE,)), Path("sites.csv")) == (SITE,)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (replace(SITE, site_class=2), "line 2: site_class 2 is not 1, 3 or 5"),
        (replace(SITE, lat=99.0), "line 2: the place is not in degrees"),
    ],
)
def test_a_wrong_site_is_named_by_its_line(wrong: Site, complaint: str) -> None:
    with pytest.raises(CityFolderError, match=complaint):
        unpack_sites(pack_sites((wrong,)), Path("sites.csv"))


def test_sites_without_a_column_say_which() -> None:
    with pytest.raises(CityFolderError, match="lacks the column address"):
        unpack_sites(b"site_id,kind,name,lat,lon,site_class\n", Path("sites.csv"))


def test_demand_comes_back_as_it_was_written() -> None:
    demand = make_demand()
    again = unpack_demand(pack_demand(demand), Path("demand.npz"))
    assert np.array_equal(again.weekly, demand.weekly)
    assert np.array_equal(again.shape, demand.shape)
    assert (again.classes, again.cell_m) == (demand.classes, demand.cell_m)
    assert pack_demand(again) == pack_demand(demand)


def test_demand_below_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="below zero"):
        replace(make_demand(), population=np.array([-1.0, 2.0], np.float32))


def make_demand() -> Demand:
    return Demand(
        cell_m=250.0,
        lat=np.array([32.0, 32.01]),
        lon=np.array([117.0, 117.01]),
        population=np.array([10.0, 20.0], np.float32),
        weekly=np.ones((2, 6), np.float32),
        shape=make_hours(),
        variance_to_mean=2.4,
        effective_share=0.244,
    )
