"""From the candidates of one fix to those of the next by road (转移), compiled; imported lazily."""

import numpy as np
from numba import njit

from kuaifan.roads.dijkstra_kernel import _push, _sift_down
from kuaifan.roads.matching_tables import CM_PER_M, Layer, MatchModel, Room, Streets

_NODE_MASK = 0xFFFFFFFF
_HOPELESS = -40.0
_NO_WAY = 1e18
Way = tuple[float, float, int]


@njit(cache=True, nogil=True)
def _mark(streets: Streets, now: Layer, room: Room) -> int:
    """Mark the nodes that the next candidates are entered by, and return how many they are."""
    number, n_wanted = room.number[0], 0
    for arc in now.arc:
        node = streets.tail[arc]
        if room.wanted[node] != number:
            room.wanted[node] = number
            n_wanted += 1
    return n_wanted


@njit(cache=True, nogil=True)
def _search(
    streets: Streets, start: tuple[int, int, int], bound_cm: int, n_wanted: int, room: Room
) -> None:
    """Shortest ways from a node to those that are wanted, with the time that they take."""
    number, node = room.number[0], start[0]
    room.cm[node], room.ms[node], room.seen[node] = start[1], start[2], number
    _push(room.heap, 0, (start[1] << 32) | node)
    size = 1
    while size > 0 and n_wanted > 0:
        entry = room.heap[0]
        size -= 1
        if size > 0:
            _sift_down(room.heap, size, room.heap[size])
        node, cm = entry & _NODE_MASK, entry >> 32
        if cm > room.cm[node]:
            continue
        if room.wanted[node] == number:
            n_wanted -= 1
        for arc in range(streets.first_arc[node], streets.first_arc[node + 1]):
            near, near_cm = streets.head[arc], cm + streets.length_cm[arc]
            if near_cm > bound_cm or (room.seen[near] == number and near_cm >= room.cm[near]):
                continue
            room.cm[near], room.seen[near] = near_cm, number
            room.ms[near] = room.ms[node] + streets.travel_ms[arc]
            _push(room.heap, size, (near_cm << 32) | near)
            size += 1


@njit(cache=True, nogil=True)
def _straight(
    streets: Streets, here: tuple[int, float], there: tuple[int, float], model: MatchModel
) -> Way:
    """Along one street: ahead, back a little, backwards on a one-way street, or turned round."""
    (arc, share), (goal, goal_share) = here, there
    length_cm, twin = streets.length_cm[arc], streets.twin[arc]
    if goal == arc:
        ahead_cm = (goal_share - share) * length_cm
        if ahead_cm >= 0.0:
            return ahead_cm, (goal_share - share) * streets.travel_ms[arc], 0
        if -ahead_cm <= model.back_m * CM_PER_M:
            return -ahead_cm, 0.0, 0
        if twin < 0:
            return -ahead_cm, (share - goal_share) * streets.travel_ms[arc], 1
    elif goal == twin:
        # A street may turn in itself: then the twin lies ahead of the arc's own head.
        moved = abs(1.0 - goal_share - share)
        turned_cm = moved * length_cm + model.u_turn_m * CM_PER_M
        return turned_cm, moved * streets.travel_ms[arc], 0
    elif streets.head[goal] == streets.tail[arc] and streets.twin[goal] < 0:
        back_cm = share * length_cm + (1.0 - goal_share) * streets.length_cm[goal]
        back_ms = share * streets.travel_ms[arc] + (1.0 - goal_share) * streets.travel_ms[goal]
        return back_cm, back_ms, 1
    return _NO_WAY, _NO_WAY, 0


@njit(cache=True, nogil=True)
def _way(
    streets: Streets,
    here: tuple[int, float],
    there: tuple[int, float],
    model: MatchModel,
    room: Room,
) -> Way:
    """The shorter of the way along one street and the way over its end; backwards costs more."""
    straight = _straight(streets, here, there, model)
    goal, goal_share = there
    node = streets.tail[goal]
    if room.seen[node] != room.number[0]:
        return straight
    around_cm = room.cm[node] + goal_share * streets.length_cm[goal]
    extra_cm = straight[2] * model.reverse_cost * model.beta_m * CM_PER_M
    if straight[0] + extra_cm <= around_cm:
        return straight
    return around_cm, room.ms[node] + goal_share * streets.travel_ms[goal], 0


@njit(cache=True, nogil=True)
def _weigh_from(
    streets: Streets,
    source: tuple[int, float, float, int],
    now: Layer,
    gap: tuple[float, float],
    model: MatchModel,
    room: Room,
) -> None:
    """Better the scores of the next candidates by the ways from one candidate before."""
    arc, share, score, source_i = source
    beeline_m, gap_ms = gap
    furthest_m = model.max_speed_mps * (gap_ms + model.slack_ms) / 1000.0
    longest_ms = model.speed_share * (gap_ms + model.slack_ms)
    for at in range(len(now.arc)):
        way = _way(streets, (arc, share), (now.arc[at], now.share[at]), model, room)
        way_m = way[0] / CM_PER_M
        if way_m > furthest_m or way[1] > longest_ms:
            continue
        cost = abs(way_m - beeline_m) / model.beta_m + way[2] * model.reverse_cost
        total = score - cost + now.log[at]
        if total > now.score[at]:
            now.score[at], now.before[at], now.reversed_[at] = total, source_i, way[2]


@njit(cache=True, nogil=True)
def step(
    streets: Streets,
    before: Layer,
    now: Layer,
    gap: tuple[float, float],
    model: MatchModel,
    room: Room,
) -> bool:
    """Score the candidates of a fix by the best chains that lead to them; False if none does.

    gap: beeline in metres and milliseconds since the fix before. Where no chain leads here `now`
    is left as it was.
    """
    alone, against = now.score.copy(), now.reversed_.copy()
    now.score[:] = -np.inf
    bound_cm = int((2.0 * gap[0] + 500.0) * CM_PER_M)
    for source_i in range(len(before.arc)):
        score = before.score[source_i]
        if score < _HOPELESS:
            continue
        arc, rest = before.arc[source_i], 1.0 - before.share[source_i]
        start = (
            streets.head[arc],
            int(rest * streets.length_cm[arc]),
            int(rest * streets.travel_ms[arc]),
        )
        room.number[0] += 1
        _search(streets, start, bound_cm, _mark(streets, now, room), room)
        source = (arc, before.share[source_i], score, source_i)
        _weigh_from(streets, source, now, gap, model, room)
    best = now.score.max()
    if best == -np.inf:
        now.score[:], now.before[:] = alone, -1
        return False
    now.score[:] -= best
    now.reversed_[:] |= against
    return True
