"""Ten thousand pairs on the streets of Porto, open and with closures, equal Dijkstra's."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kuaifan.city.read_osm import read_osm
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.cch_order import order_nodes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import PPM, RoadPosition

PORTO = Path(__file__).resolve().parents[4] / "shared" / "data" / "roads" / "porto_portugal.osm.pbf"
N_TARGETS, N_UNITS = 12, 500


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.skipif(not PORTO.parent.is_dir(), reason="there is no folder shared/data here")
def test_ten_thousand_pairs_on_porto_equal_dijkstra_there_and_back():
    network, _ = build_network(read_osm(PORTO)[0])
    engine, rng = CchTravelTimes(network, order_nodes(network)), np.random.default_rng(1)
    travel_ms = network.travel_ms.copy()
    for closed in ([], rng.choice(network.n_arcs, 300, replace=False)):
        travel_ms[:, closed] = UNREACHABLE_MS
        engine.change_arcs(closed, travel_ms[:, closed])
        truth = DijkstraTravelTimes(replace(network, travel_ms=travel_ms))
        truth.load_kernel()
        for _ in range(N_TARGETS):
            arcs = rng.integers(network.n_arcs, size=N_UNITS)
            ppm = rng.integers(PPM + 1, size=N_UNITS)
            one = RoadPosition(int(arcs[0]), int(rng.integers(PPM + 1)))
            assert np.array_equal(engine.to_one(arcs, ppm, one), truth.to_one(arcs, ppm, one))
            assert np.array_equal(engine.from_one(one, arcs, ppm), truth.from_one(one, arcs, ppm))
            start = RoadPosition(int(arcs[1]), int(ppm[1]))
            assert engine.path(start, one).travel_ms == truth.path(start, one).travel_ms
