"""Small road networks made for the tests: by hand, at random, and as a town with bent streets."""

import numpy as np

from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.raw import RawWay, RawWays

METRES_PER_DEGREE = 111_195.0


def network_of(n_nodes, streets):
    """Streets are (tail, head, ms there, ms back or None); each is a straight line."""
    lat = 30.0 + 0.001 * np.arange(n_nodes)
    lon = 110.0 + 0.001 * ((7 * np.arange(n_nodes)) % 5)
    arcs = []
    for street_i, (a, b, there_ms, back_ms) in enumerate(streets):
        arcs.append((a, b, street_i, 0, there_ms))
        if back_ms is not None:
            arcs.append((b, a, street_i, 1, back_ms))
    arcs.sort()
    at = {(street_i, side): i for i, (_, _, street_i, side, _) in enumerate(arcs)}
    tail = np.array([arc[0] for arc in arcs])
    head = np.array([arc[1] for arc in arcs])
    ms = np.array([arc[4] for arc in arcs])
    shape = np.stack((tail, head), axis=1).ravel()
    return RoadNetwork(
        node_lat=lat,
        node_lon=lon,
        tail=tail,
        head=head,
        first_arc=np.searchsorted(tail, np.arange(n_nodes + 1)),
        length_m=np.ones(len(arcs)),
        profiles=("normal", "siren"),
        travel_ms=np.stack((ms, np.maximum(ms // 2, 1))),
        road_class=np.zeros(len(arcs)),
        name_i=np.zeros(len(arcs)),
        names=("",),
        twin=np.array([at.get((street_i, 1 - side), -1) for _, _, street_i, side, _ in arcs]),
        shape_first=2 * np.arange(len(arcs) + 1),
        shape_lat=lat[shape],
        shape_lon=lon[shape],
        attribution="made for a test",
    )


def raw_map(positions, ways, **more):
    """Positions are (lat, lon) of the nodes 1, 2, 3 ...; ways are RawWay or (nodes, oneway)."""
    made = [
        way if isinstance(way, RawWay) else RawWay(i + 1, tuple(way[0]), "residential", way[1])
        for i, way in enumerate(ways)
    ]
    lat, lon = np.array(positions, float).reshape(-1, 2).T
    return RawWays(np.arange(1, len(lat) + 1), lat, lon, made, **more)


def raw_town(seed, n_side=9):
    """Blocks of some 150 m with bent streets, a few one-way, in four classes."""
    rng = np.random.default_rng(seed)
    crossing = np.arange(n_side * n_side).reshape(n_side, n_side)
    spots = [(i // n_side * 150.0, i % n_side * 150.0) for i in range(n_side * n_side)]
    spots = [tuple(spot + rng.normal(0.0, 20.0, 2)) for spot in spots]
    pairs = [*zip(crossing[:, :-1].flat, crossing[:, 1:].flat, strict=True)]
    pairs += [*zip(crossing[:-1].flat, crossing[1:].flat, strict=True)]
    ways = []
    for way_id, (a, b) in enumerate(pairs, start=1):
        bends = np.linspace(spots[a], spots[b], int(rng.integers(2, 6)))[1:-1]
        bends = bends + rng.normal(0.0, 6.0, bends.shape)
        nodes = (a + 1, *range(len(spots) + 1, len(spots) + 1 + len(bends)), b + 1)
        spots.extend(map(tuple, bends))
        highway = str(rng.choice(["primary", "tertiary", "residential", "service"]))
        oneway = int(rng.choice([0, 0, 0, 1, -1]))
        ways.append(RawWay(way_id, tuple(map(int, nodes)), highway, oneway, name=f"Road {way_id}"))
    metres = np.array(spots)
    lat = 32.6 + metres[:, 0] / METRES_PER_DEGREE
    lon = 117.0 + metres[:, 1] / (METRES_PER_DEGREE * np.cos(np.radians(32.6)))
    return RawWays(np.arange(1, len(lat) + 1), lat, lon, ways, attribution="made for a test")
