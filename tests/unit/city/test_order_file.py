"""The order of contraction: kept beside the roads, believed only if it is one, never decisive."""

import numpy as np
import pytest
from unit.roads.made_networks import raw_town

from kuaifan.app.reference import load_kernels, make_reference
from kuaifan.city.folder import hash_bytes, read_city
from kuaifan.city.invent import invent_city
from kuaifan.city.order_file import ORDER_FILE, pack_order, unpack_order
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.travel import RoadPosition


@pytest.fixture
def made_city(tmp_path):
    invent_city(tmp_path / "made", seed=5, size="small", progress=lambda _: None)
    return tmp_path / "made"


def test_what_is_packed_is_a_permutation_of_the_nodes_of_its_network(tmp_path):
    network, _ = build_network(raw_town(1))
    network_hash, ranks = unpack_order(pack_order(network), tmp_path / ORDER_FILE)
    assert network_hash == network.content_hash()
    assert sorted(ranks.tolist()) == list(range(network.n_nodes))


@pytest.mark.parametrize("data", [b"", b"no such file", b"PK\x03\x04 half a zip"])
def test_what_is_no_order_is_said_in_a_sentence(tmp_path, data):
    with pytest.raises(CityFolderError, match="damaged or no order of roads: restore it"):
        unpack_order(data, tmp_path / ORDER_FILE)


def test_ranks_that_are_no_permutation_are_refused(tmp_path):
    np.savez(
        tmp_path / "bad.npz",
        magic="kuaifan order",
        network="x",
        ranks=np.array([0, 0, 1], np.int32),
    )
    with pytest.raises(CityFolderError, match="holds no order"):
        unpack_order((tmp_path / "bad.npz").read_bytes(), tmp_path / ORDER_FILE)


def test_a_city_without_its_order_is_the_same_city_and_gives_the_same_times(made_city):
    whole = read_city(made_city)
    assert whole.road_order is not None
    text = (made_city / "city.toml").read_text(encoding="utf-8")
    order_hash = hash_bytes((made_city / ORDER_FILE).read_bytes())
    kept = [line for line in text.splitlines() if order_hash not in line]
    (made_city / "city.toml").write_text("\n".join(kept) + "\n", encoding="utf-8")
    (made_city / ORDER_FILE).unlink()
    without = read_city(made_city)
    assert without.road_order is None
    assert without.content_hash == whole.content_hash
    one, other = make_reference(whole), make_reference(without)
    plain = DijkstraTravelTimes(whole.network)
    for reference in (one, other):
        load_kernels(reference)
        assert isinstance(reference.travel, CchTravelTimes)
    arcs = np.arange(0, whole.network.n_arcs, 97)
    ppm, target = np.full(len(arcs), 300_000), RoadPosition(11, 500_000)
    expected = plain.to_one(arcs, ppm, target).tolist()
    assert one.travel.to_one(arcs, ppm, target).tolist() == expected
    assert other.travel.to_one(arcs, ppm, target).tolist() == expected
