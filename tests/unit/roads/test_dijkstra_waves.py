"""Times to many targets at once by numpy: those of one search after the other."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.roads.made_networks import network_of, raw_town

from kuaifan.roads import dijkstra_waves
from kuaifan.roads.build import build_network
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import PPM, RoadPosition

N_NODES = 9
times = st.one_of(st.integers(1, 40), st.just(UNREACHABLE_MS))
streets = st.tuples(
    st.integers(0, N_NODES - 1), st.integers(0, N_NODES - 1), times, st.one_of(st.none(), times)
)


@settings(deadline=None, max_examples=200)
@given(st.lists(streets, min_size=1, max_size=30), st.integers(0, 200), st.data())
def test_the_times_are_those_of_one_search_for_each_target(made, bound_ms, data):
    network = network_of(N_NODES, made)
    engine = DijkstraTravelTimes(network)
    arcs = st.integers(0, network.n_arcs - 1)
    targets = data.draw(
        st.lists(st.builds(RoadPosition, arcs, st.integers(0, PPM)), min_size=0, max_size=4)
    )
    steps = data.draw(st.sampled_from([0, 5, 1_000]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dijkstra_waves, "STEP_MS", steps)
        found = engine.to_nodes_ms(targets, bound_ms=bound_ms)
    assert found.shape == (N_NODES, len(targets))
    for i, target in enumerate(targets):
        assert found[:, i].tolist() == engine.to_node_ms(target, bound_ms=bound_ms).tolist()


def test_every_engine_gives_the_same_table_before_and_after_a_closure():
    network, _ = build_network(raw_town(3))
    rng = np.random.default_rng(1)
    targets = [RoadPosition(int(arc), PPM // 3) for arc in rng.integers(network.n_arcs, size=12)]
    plain, compiled = DijkstraTravelTimes(network), DijkstraTravelTimes(network)
    compiled.load_kernel()
    cch = CchTravelTimes(network, range(network.n_nodes))
    shut = rng.choice(network.n_arcs, 20, replace=False)
    for _ in range(2):
        tables = [
            engine.to_nodes_ms(targets, profile=1, bound_ms=90_000)
            for engine in (plain, compiled, cch)
        ]
        assert np.array_equal(tables[0], tables[1])
        assert np.array_equal(tables[0], tables[2])
        for engine in (plain, compiled, cch):
            engine.change_arcs(shut, np.full((len(network.profiles), len(shut)), UNREACHABLE_MS))
