"""A place in a city where one closed road changes everything (封路情景): found, not invented.

A post, and a unit some two minutes from it whose way has no good way round: a bridge, mostly.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from kuaifan.board.reference import HOLDING_RING_MS, Post
from kuaifan.board.road_changes import Closure, changes_of, difference
from kuaifan.roads.dijkstra import DijkstraTravelTimes
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import RoadPosition

NEAR_MS, FAR_MS = 60_000, 170_000
MARGIN_MS = 25_000
MIDDLE_PPM = 500_000
MIN_CLICK_M = 60
N_TRIES = 400


class Scene(NamedTuple):
    """Where to put two units and what to click; all places are (lat, lon).

    near: drives to the post in time until the road is closed. aside: drives longer, and the
    closure is nothing to it.
    """

    post: Post
    near: tuple[float, float]
    aside: tuple[float, float]
    clicks: list[tuple[float, float]]
    before_ms: int
    after_ms: int
    aside_ms: int


def find_scene(reference, hour_class):
    """The first scene of a fixed order of tries, by the road times of a class of hours."""
    network, draw = reference.network, np.random.default_rng(110)
    hour_ms = reference.hour_ms(hour_class)
    travel = _whole(network, hour_ms)
    for _ in range(N_TRIES):
        post = reference.circle_posts[draw.integers(len(reference.circle_posts))]
        target = RoadPosition(post.arc, post.fraction_ppm)
        near = RoadPosition(int(draw.integers(network.n_arcs)), MIDDLE_PPM)
        path = travel.path(near, target)
        if NEAR_MS <= path.travel_ms <= FAR_MS and (scene := _try(reference, hour_ms, post, near)):
            return scene
    raise AssertionError("no road of this city matters so much")


def _try(reference, hour_ms, post, near):
    network, lines = reference.network, reference.snapper.lines
    target = RoadPosition(post.arc, post.fraction_ppm)
    path = _whole(network, hour_ms).path(near, target)
    middle = [arc for arc in path.arcs[2:-2] if arc != near.arc]
    clicked = [arc for arc in middle if network.length_m[arc] >= MIN_CLICK_M]
    if not clicked:
        return None
    shut = _both_ways(network, middle[middle.index(clicked[0]) : middle.index(clicked[-1]) + 1])
    if {near.arc, post.arc, int(network.twin[post.arc])} & set(shut):
        return None
    whole, closed = _whole(network, hour_ms), _closed(network, shut, hour_ms)
    after_ms = closed.path(near, target).travel_ms
    least_ms = HOLDING_RING_MS + 3 * MARGIN_MS
    if not least_ms <= after_ms < UNREACHABLE_MS:
        return None
    arcs = np.arange(network.n_arcs)
    ppm = np.full(len(arcs), MIDDLE_PPM)
    times = [each.to_one(arcs, ppm, target).astype(np.int64) for each in (whole, closed)]
    late_ms = max(path.travel_ms, HOLDING_RING_MS) + MARGIN_MS
    fits = (times[0] == times[1]) & (times[0] > late_ms) & network.is_driven & ~network.is_turn
    found = np.flatnonzero(fits & (times[0] < after_ms - MARGIN_MS))
    if not len(found):
        return None
    aside = int(found[0])
    return Scene(
        post=post,
        near=lines.point_at(near.arc, near.fraction_ppm),
        aside=lines.point_at(aside, MIDDLE_PPM),
        clicks=[lines.point_at(arc, MIDDLE_PPM) for arc in clicked],
        before_ms=path.travel_ms,
        after_ms=after_ms,
        aside_ms=int(times[0][aside]),
    )


def _whole(network, hour_ms):
    """Times of the hour, with every street open."""
    travel = DijkstraTravelTimes(network)
    travel.load_kernel()
    travel.use_weights(hour_ms)
    return travel


def _closed(network, arcs, hour_ms):
    """Times with some arcs shut."""
    closure = Closure(
        closure_id="R1", points=(), arcs=tuple(arcs), percent=0, reason="", by="", until_ms=0
    )
    changes = changes_of(network, [closure], "", hour_ms)
    travel = _whole(network, hour_ms)
    travel.change_arcs(*difference(network, changes_of(network, []), changes, hour_ms))
    return travel


def _both_ways(network, arcs):
    twins = [int(network.twin[arc]) for arc in arcs]
    return [*arcs, *(twin for twin in twins if twin >= 0)]
