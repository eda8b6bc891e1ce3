"""Times between many places and one (批量到达), compiled: one search up, one lazy sweep down."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.roads.cch_layout import Rows, Scratch, Streets, Tree
from kuaifan.roads.cch_row_kernel import wide
from kuaifan.roads.cch_sweep_kernel import clear_both, raise_both, seed, sweep_to
from kuaifan.roads.lines import PPM
from kuaifan.roads.network import UNREACHABLE_MS
from kuaifan.roads.travel import Places

Int32s = NDArray[np.int32]
UInt32s = NDArray[np.uint32]
Int64s = NDArray[np.int64]
Place = tuple[int, int]

_MANY = 256
"""So many places are worth sorting: the shelves alone cost as much as a sweep to a few."""

TO_ONE, FROM_ONE = 1, -1
"""Which way is driven: from the many places to the one, or from the one to the many."""


@njit(cache=True, nogil=True)
def end_ms(weight_ms: int, ppm: int, leaving: int) -> int:
    """The part of an arc between a place and the head it is left over, or its tail (-1)."""
    from_tail_ms = wide(weight_ms) * ppm // PPM
    return weight_ms - from_tail_ms if leaving == TO_ONE else from_tail_ms


@njit(cache=True, nogil=True)
def one_way_ms(streets: Streets, arc: int, fractions_ppm: tuple[int, int], direction: int) -> int:
    """Straight along one arc between the fractions of a place and of the one, if it lies ahead."""
    weight_ms, (ppm, one_ppm) = streets.travel_ms[arc], fractions_ppm
    if weight_ms >= UNREACHABLE_MS or (one_ppm - ppm) * direction < 0:
        return UNREACHABLE_MS
    return abs(end_ms(weight_ms, one_ppm, FROM_ONE) - end_ms(weight_ms, ppm, FROM_ONE))


@njit(cache=True, nogil=True)
def straight_ms(streets: Streets, place: Place, one: Place, direction: int) -> int:
    """Straight along the street, either way; unreachable if the two are on different streets."""
    (arc, ppm), (one_arc, one_ppm) = place, one
    twin = streets.twin[arc]
    if arc != one_arc:
        if twin < 0 or twin != one_arc:
            return UNREACHABLE_MS
        one_ppm = PPM - one_ppm
    best_ms = one_way_ms(streets, arc, (ppm, one_ppm), direction)
    if twin >= 0:
        back_ms = one_way_ms(streets, twin, (PPM - ppm, PPM - one_ppm), direction)
        best_ms = min(best_ms, back_ms)
    return best_ms


@njit(cache=True, nogil=True)
def seed_one(
    tree: Tree, streets: Streets, one: Place, direction: int, raised_ms: UInt32s
) -> tuple[int, int]:
    """Let a search begin at both ends of a place's street; returns their blocks, -1 for none."""
    arc, ppm = one
    ranks = streets.tail_rank if direction == TO_ONE else streets.head_rank
    blocks = (-1, -1)
    weight_ms, twin = streets.travel_ms[arc], streets.twin[arc]
    if weight_ms < UNREACHABLE_MS:
        seed(raised_ms, ranks[arc], end_ms(weight_ms, ppm, -direction))
        blocks = (tree.block_of[ranks[arc]], -1)
    if twin >= 0 and streets.travel_ms[twin] < UNREACHABLE_MS:
        seed(raised_ms, ranks[twin], end_ms(streets.travel_ms[twin], PPM - ppm, -direction))
        blocks = (blocks[0], tree.block_of[ranks[twin]])
    return blocks


@njit(cache=True, nogil=True)
def find_wrong_place(n_arcs: int, arcs: Int64s, fractions_ppm: Int64s) -> int:
    """The first place that is off the network, or -1."""
    for i in range(len(arcs)):
        if not (0 <= arcs[i] < n_arcs and 0 <= fractions_ppm[i] <= PPM):
            return i
    return -1


@njit(cache=True, nogil=True)
def leave_streets(
    streets: Streets, places: tuple[Int64s, Int64s], direction: int, ends: tuple[UInt32s, Int32s]
) -> None:
    """The ends of k places' streets into (2 k,) ranks and times; where none, again the other."""
    (arcs, fractions_ppm), (end_rank, part_ms) = places, ends
    tail_rank, head_rank, twins, travel_ms = streets
    ranks = head_rank if direction == TO_ONE else tail_rank
    n = len(arcs)
    for i in range(n):
        arc, twin = arcs[i], twins[arcs[i]]
        end_rank[i] = end_rank[n + i] = ranks[arc]
        part_ms[i] = part_ms[n + i] = UNREACHABLE_MS
        if travel_ms[arc] < UNREACHABLE_MS:
            part_ms[i] = end_ms(travel_ms[arc], fractions_ppm[i], direction)
        if twin >= 0 and travel_ms[twin] < UNREACHABLE_MS:
            end_rank[n + i] = ranks[twin]
            part_ms[n + i] = end_ms(travel_ms[twin], PPM - fractions_ppm[i], direction)


@njit(cache=True, nogil=True)
def _sort_roughly(ranks: UInt32s, n_nodes: int, shelf_end: Int32s, sorted_rank: UInt32s) -> None:
    """Put neighbours in rank one after another, so that they find in the cache what they share.

    On a large network, thousands of places are swept to in two thirds of the time.
    """
    shift, n_shelves = 0, len(shelf_end) - 1
    while n_nodes >> shift >= n_shelves:
        shift += 1
    shelf_end[:] = 0
    for rank in ranks:
        shelf_end[(rank >> shift) + 1] += 1
    for shelf in range(n_shelves):
        shelf_end[shelf + 1] += shelf_end[shelf]
    # What was the end of the shelf before is where this one begins, and grows to its end.
    for rank in ranks:
        shelf = rank >> shift
        sorted_rank[shelf_end[shelf]] = rank
        shelf_end[shelf] += 1


@njit(cache=True, nogil=True)
def rank_places(
    shape: tuple[Tree, Streets],
    ways_ms: tuple[UInt32s, UInt32s],
    places: tuple[Int64s, Int64s],
    question: tuple[int, int, int, int, int],
    room: tuple[Scratch, UInt32s, Int32s, UInt32s, Int32s],
) -> int:
    """Times between k places and one; returns the first place off the network, or -1.

    ways_ms: the rows to raise by and to sweep by: down and up to one place, up and down from it.
    question: arc and fraction of the one, direction, the longest time wanted, a new token.
    room: buffers; (2 k,) for the ranks of the streets' ends, their times, and the ranks sorted;
    (k,) for the answer.
    """
    (tree, streets), (raise_by_ms, sweep_by_ms), (arcs, fractions_ppm) = shape, ways_ms, places
    scratch, end_rank, part_ms, sorted_rank, out_ms = room
    wrong = find_wrong_place(len(streets.twin), arcs, fractions_ppm)
    if wrong >= 0:
        return wrong
    one, direction, limit_ms, token = question[:2], question[2], question[3], question[4]
    blocks = seed_one(tree, streets, one, direction, scratch.raised_ms)
    raise_both(tree, raise_by_ms, blocks, scratch)
    leave_streets(streets, places, direction, (end_rank, part_ms))
    n = len(arcs)
    if n < _MANY:
        sorted_rank[:] = end_rank
    else:
        _sort_roughly(end_rank, len(tree.block_of), scratch.shelf_end, sorted_rank)
    sweep_to(tree, sweep_by_ms, sorted_rank, token, scratch)
    one_arc, one_twin, swept_ms = one[0], streets.twin[one[0]], scratch.swept_ms
    for i in range(n):
        best_ms = wide(part_ms[i]) + swept_ms[end_rank[i]]
        best_ms = min(best_ms, wide(part_ms[n + i]) + swept_ms[end_rank[n + i]])
        if arcs[i] == one_arc or arcs[i] == one_twin:
            place = arcs[i], fractions_ppm[i]
            best_ms = min(best_ms, straight_ms(streets, place, one, direction))
        out_ms[i] = best_ms if best_ms <= limit_ms else UNREACHABLE_MS
    clear_both(tree, blocks, scratch.raised_ms)
    return -1


@njit(cache=True, nogil=True)
def _list_asked(places: Places, profile: int, n_arcs: int, rows: Int64s) -> int:
    """How many are asked for by one profile, with their rows; below 0: the row off the network."""
    arcs, fractions_ppm, profiles, is_asked = places
    n_asked = 0
    for row in range(len(arcs)):
        if is_asked[row] and arcs[row] >= 0 and profiles[row] == profile:
            if arcs[row] >= n_arcs or not 0 <= fractions_ppm[row] <= PPM:
                return -1 - row
            rows[n_asked] = row
            n_asked += 1
    return n_asked


@njit(cache=True, nogil=True)
def rank_each(
    tree: Tree,
    weights: tuple[tuple[Streets, Rows], ...],
    places: Places,
    question: tuple[int, int, int],
    room: tuple[Scratch, UInt32s, Int32s, UInt32s, Int32s, int],
) -> int:
    """Times from many places to one, each by its own profile; returns the first wrong row, or -1.

    weights: of every profile. question: arc and fraction of the one, and the longest time wanted.
    room: as for `rank_places`, with the first of as many new tokens as there are profiles.
    """
    scratch, end_rank, part_ms, sorted_rank, out_ms, token = room
    one_arc, one_ppm, limit_ms = question
    n = len(out_ms)
    rows, own_ms = np.empty(n, np.int64), np.empty(n, np.int32)
    arcs, fractions_ppm = np.empty(n, np.int64), np.empty(n, np.int64)
    out_ms[:] = UNREACHABLE_MS
    for row in range(n):
        if places.is_asked[row] and not 0 <= places.profile[row] < len(weights):
            return row
    for profile in range(len(weights)):
        streets, (up_ms, down_ms) = weights[profile]
        k = _list_asked(places, profile, len(streets.twin), rows)
        if k < 0:
            return -1 - k
        if k == 0:
            continue
        for i in range(k):
            arcs[i], fractions_ppm[i] = places.arc[rows[i]], places.fraction_ppm[rows[i]]
        rank_places(
            (tree, streets),
            (down_ms, up_ms),
            (arcs[:k], fractions_ppm[:k]),
            (one_arc, one_ppm, TO_ONE, limit_ms, token + profile),
            (scratch, end_rank[: 2 * k], part_ms[: 2 * k], sorted_rank[: 2 * k], own_ms[:k]),
        )
        for i in range(k):
            out_ms[rows[i]] = own_ms[i]
    return -1
