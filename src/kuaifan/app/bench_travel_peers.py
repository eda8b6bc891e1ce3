"""Other engines on the same questions in the same run (同场对照), those of them installed here.

They rank nodes, which is the easier question: ours ranks places inside streets, so that most
units count with both ends of theirs. All are asked about units that have moved since.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from time import perf_counter, thread_time
from typing import Any, cast

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.network import RoadNetwork

Ints = NDArray[np.int64]
ToOne = Callable[[Ints, int], object]
Matrix = Callable[[Ints, Ints], object]


class PeerFigures(msgspec.Struct, frozen=True):
    """How long a peer takes to rank all units (对照耗时)."""

    wall_p50_ms: float
    cpu_p50_ms: float


class PeerMatrixFigures(msgspec.Struct, frozen=True):
    """How long a peer takes for the whole matrix."""

    wall_s: float
    cpu_s: float


class Graph(msgspec.Struct, frozen=True):
    """What every peer is given: arcs without loops, one profile, and our order of contraction."""

    network: RoadNetwork
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    travel_ms: NDArray[np.int32]
    ranks: NDArray[np.int32]


def make_graph(network: RoadNetwork, ranks: NDArray[np.int32]) -> Graph:
    """The network as the peers take it."""
    kept = (network.tail != network.head) & network.is_driven & network.is_through
    return Graph(
        network=network,
        tail=network.tail[kept],
        head=network.head[kept],
        travel_ms=network.travel_ms[0][kept],
        ranks=ranks,
    )


def make_peers(graph: Graph) -> dict[str, ToOne]:
    """The peers installed here, ready to rank nodes against a target."""
    return {name: make(graph) for name, make in _installed(_TO_ONE).items()}


def summarize(took_ms: NDArray[np.float64]) -> PeerFigures:
    """Medians of (n, 2) milliseconds on the wall and of the thread."""
    wall_ms, cpu_ms = np.median(took_ms, axis=0).tolist()
    return PeerFigures(round(wall_ms, 3), round(cpu_ms, 3))


def time_peer_matrices(graph: Graph, origins: Ints, targets: Ints) -> dict[str, PeerMatrixFigures]:
    """Fill the matrix once by each peer."""
    figures = {}
    for name, make in _installed(_MATRIX).items():
        fill = make(graph)
        fill(origins[:1], targets[:1])
        began_s, began_cpu_s = perf_counter(), thread_time()
        fill(origins, targets)
        wall_s, cpu_s = perf_counter() - began_s, thread_time() - began_cpu_s
        figures[name] = PeerMatrixFigures(round(wall_s, 3), round(cpu_s, 3))
    return figures


def _installed(makers: Mapping[str, Any]) -> dict[str, Any]:
    modules = {"scipy": "scipy", "pyroutingkit": "pyroutingkit", "routingkit_cch": "routingkit_cch"}
    return {name: make for name, make in makers.items() if find_spec(modules[name]) is not None}


def _routingkit_metric(graph: Graph) -> Any:  # noqa: ANN401 - an optional package's own type
    import routingkit_cch

    order = np.argsort(graph.ranks).tolist()
    hierarchy = routingkit_cch.CCH(order, graph.tail.tolist(), graph.head.tolist(), False)
    return routingkit_cch.CCHMetric(hierarchy, graph.travel_ms.tolist())


def _routingkit_to_one(graph: Graph) -> ToOne:
    import routingkit_cch

    query = routingkit_cch.CCHManyToOne(_routingkit_metric(graph), [0])

    def ask(nodes: Ints, target: int) -> object:
        query.repin_sources(nodes.tolist())
        return query.distances_to(target)

    return ask


def _routingkit_matrix(graph: Graph) -> Matrix:
    import routingkit_cch

    metric = _routingkit_metric(graph)

    def fill(origins: Ints, targets: Ints) -> object:
        query = routingkit_cch.CCHManyToOne(metric, origins.tolist())
        return [query.distances_to(target) for target in targets.tolist()]

    return fill


def _pyroutingkit(graph: Graph) -> Any:  # noqa: ANN401 - an optional package's own type
    import pyroutingkit

    hierarchy, network = pyroutingkit.CCH(), graph.network
    lat, lon = network.node_lat.astype(np.float32), network.node_lon.astype(np.float32)
    ends = graph.tail.astype(np.uint32), graph.head.astype(np.uint32)
    hierarchy.build_topology(*ends, lat, lon, node_count=network.n_nodes)
    hierarchy.customize_weights(graph.travel_ms.astype(np.uint32))
    return hierarchy


def _pyroutingkit_matrix(graph: Graph) -> Matrix:
    hierarchy = _pyroutingkit(graph)

    def fill(origins: Ints, targets: Ints) -> object:
        nodes = origins.astype(np.uint32), targets.astype(np.uint32)
        return hierarchy.distances_many_to_many(*nodes)

    return fill


def _pyroutingkit_to_one(graph: Graph) -> ToOne:
    fill = _pyroutingkit_matrix(graph)
    return lambda nodes, target: fill(nodes, np.array([target]))


def _scipy_graph(graph: Graph) -> Any:  # noqa: ANN401 - scipy's own type
    from scipy.sparse import csr_array

    size = graph.network.n_nodes
    # Of parallel arcs the fastest: a sparse matrix would add them up.
    order = np.lexsort((graph.travel_ms, graph.tail, graph.head))
    head, tail = graph.head[order], graph.tail[order]
    kept = np.concatenate(([True], (np.diff(head) != 0) | (np.diff(tail) != 0)))
    weights = graph.travel_ms[order][kept].astype(float)
    return csr_array((weights, (head[kept], tail[kept])), shape=(size, size))


def _scipy_to_one(graph: Graph) -> ToOne:
    from scipy.sparse import csgraph

    backwards, dijkstra = _scipy_graph(graph), cast("Any", csgraph.dijkstra)

    def ask(nodes: Ints, target: int) -> object:
        return dijkstra(backwards, indices=target)[nodes]

    return ask


_TO_ONE: Mapping[str, Callable[[Graph], ToOne]] = {
    "routingkit_cch": _routingkit_to_one,
    "pyroutingkit": _pyroutingkit_to_one,
    "scipy": _scipy_to_one,
}
_MATRIX: Mapping[str, Callable[[Graph], Matrix]] = {
    "routingkit_cch": _routingkit_matrix,
    "pyroutingkit": _pyroutingkit_matrix,
}
