"""A city laid side by side is one network that still holds each of its copies."""

import numpy as np
import pytest
from unit.roads.made_networks import raw_town

from kuaifan.app.bench_travel_tiles import tile_network
from kuaifan.roads.build import build_network
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import RoadPosition


@pytest.mark.parametrize("n_tiles", [2, 3, 5])
def test_tiles_are_whole_copies_that_can_all_be_reached_from_one_another(n_tiles):
    network, _ = build_network(raw_town(1, n_side=5))
    large = tile_network(network, n_tiles)
    assert large.n_nodes == n_tiles * network.n_nodes
    n_joints = large.n_arcs - n_tiles * network.n_arcs
    assert n_joints > 0
    drawn_m = n_tiles * network.length_m.sum(dtype=float)
    assert (
        np.sort(large.length_m)[:5].tolist()
        == np.sort(np.tile(network.length_m, n_tiles))[:5].tolist()
    )
    assert large.length_m.sum(dtype=float) > drawn_m
    assert large.profiles == network.profiles
    assert int((large.twin < 0).sum()) == n_tiles * int((network.twin < 0).sum())
    to_node_ms = DijkstraTravelTimes(large).to_node_ms(RoadPosition(0, 0))
    assert to_node_ms.max() < UNREACHABLE_MS


def test_one_tile_is_the_network_itself_and_none_is_refused():
    network, _ = build_network(raw_town(1, n_side=3))
    assert tile_network(network, 1) is network
    with pytest.raises(ValueError, match="0 tiles cannot be made"):
        tile_network(network, 0)
