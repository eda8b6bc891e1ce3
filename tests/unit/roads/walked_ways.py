"""A search on foot from crossing to crossing, whatever turns are forbidden on whatever streets."""

import heapq

import numpy as np
from unit.roads.driven_histories import both_sides

from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.speeds import PROFILES
from kuaifan.roads.travel import PPM

WALK = PROFILES.index("foot")


def spots_of(network):
    at = {place: i for i, place in enumerate(zip(network.node_lat, network.node_lon, strict=True))}
    places = zip(network.node_lat, network.node_lon, strict=True)
    return np.array([at[place] for place in places])


def walked_ms(network, start, goal):
    """From crossing to crossing, whatever turns are forbidden and whatever way a street runs."""
    spot, ms = spots_of(network), network.travel_ms[WALK].tolist()
    streets = [
        (ms[arc], int(spot[network.tail[arc]]), int(spot[network.head[arc]]))
        for arc in np.flatnonzero(~network.is_turn).tolist()
        if ms[arc] < UNREACHABLE_MS
    ]
    (begins, best), ends = seeds(network, start, goal), {}
    for arc, ppm in both_sides(network, goal):
        if ms[arc] < UNREACHABLE_MS:
            node = int(spot[network.tail[arc]])
            ends[node] = min(ends.get(node, UNREACHABLE_MS), ms[arc] * ppm // PPM)
    heap, done = [(each_ms, int(spot[node])) for each_ms, node in begins], set()
    heapq.heapify(heap)
    while heap:
        at_ms, node = heapq.heappop(heap)
        if node in done:
            continue
        done.add(node)
        best = min(best, at_ms + ends.get(node, UNREACHABLE_MS))
        for each_ms, one, other in streets:
            if one == node:
                heapq.heappush(heap, (at_ms + each_ms, other))
    return best


def seeds(network, start, goal):
    """Where a start is left for, and the way straight along its street."""
    ms, goals = network.travel_ms[WALK].tolist(), dict(both_sides(network, goal))
    begins, best = [], UNREACHABLE_MS
    for arc, ppm in both_sides(network, start):
        if ms[arc] < UNREACHABLE_MS:
            behind = ms[arc] * ppm // PPM
            begins.append((ms[arc] - behind, int(network.head[arc])))
            if goals.get(arc, -1) >= ppm:
                best = min(best, ms[arc] * goals[arc] // PPM - behind)
    return begins, best
