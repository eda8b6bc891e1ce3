"""Times to many targets at once (多目标波次松弛) by numpy alone: for a start that loads no kernel.

Dijkstra's order is kept only roughly: all that lies within one step of the soonest is looked at
together, and looked at again where it became sooner. The times are those of Dijkstra.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]
Star = tuple[Int32s, Int32s, Int32s]

STEP_MS: Final = 10_000
"""Some streets long: of shorter and longer ones the fastest on a made city of 62,000 nodes."""


def spread(star: Star, seeds: tuple[Int32s, Int64s], bound_ms: int, times_ms: Int32s) -> None:
    """Lower times to those of the seeds and of all that they reach within the bound.

    star: as `dijkstra_plain.settle` takes it. seeds: nodes and times, (2, k). times_ms: (n_nodes,
    k), lowered in place.
    """
    n_targets = times_ms.shape[1]
    flat_ms = times_ms.reshape(-1)
    nodes, seed_ms = seeds
    keys = (nodes.astype(np.int64) * n_targets + np.arange(n_targets)).reshape(-1)
    room = np.zeros(len(flat_ms), np.int32), np.zeros(len(flat_ms), np.bool_)
    waiting = _lower(flat_ms, (keys, seed_ms.reshape(-1)), bound_ms, room)
    while len(waiting):
        waiting_ms = flat_ms[waiting]
        is_now = waiting_ms <= waiting_ms.min() + STEP_MS
        now, later = waiting[is_now], waiting[~is_now]
        room[1][now] = False
        reached = _leave(star, (now, waiting_ms[is_now]), n_targets)
        waiting = np.concatenate((later, _lower(flat_ms, reached, bound_ms, room)))


def _leave(star: Star, now: tuple[Int64s, Int32s], n_targets: int) -> tuple[Int64s, Int64s]:
    """What lies at the other ends of the arcs of some nodes, and when it is reached."""
    (first, other_end, weight_ms), (keys, at_ms) = star, now
    node, target = np.divmod(keys, n_targets)
    begin, n_arcs = first[node], np.diff(first)[node]
    source = np.repeat(np.arange(len(keys)), n_arcs)
    slot = np.arange(len(source)) - np.repeat(np.cumsum(n_arcs) - n_arcs - begin, n_arcs)
    near = other_end[slot].astype(np.int64) * n_targets + target[source]
    return near, at_ms[source].astype(np.int64) + weight_ms[slot]


def _lower(
    flat_ms: Int32s,
    reached: tuple[Int64s, Int64s],
    bound_ms: int,
    room: tuple[Int32s, NDArray[np.bool_]],
) -> Int64s:
    """Lower times; returns what became sooner and is not waiting already, each once."""
    (keys, ms), (mark, is_waiting) = reached, room
    sooner = (ms <= bound_ms) & (ms < flat_ms[keys])
    keys, ms = keys[sooner], ms[sooner]
    np.minimum.at(flat_ms, keys, ms.astype(np.int32))
    keys = keys[~is_waiting[keys]]
    # The last to write its number is the one that stays.
    numbers = np.arange(len(keys), dtype=np.int32)
    mark[keys] = numbers
    fresh: Int64s = keys[mark[keys] == numbers]
    is_waiting[fresh] = True
    return fresh
