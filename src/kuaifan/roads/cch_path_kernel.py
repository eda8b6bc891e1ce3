"""One fastest way, arc by arc (路径展开), compiled: up from both ends, then unpacked."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.roads.cch_change_kernel import slot_of
from kuaifan.roads.cch_layout import ArcSlots, Below, Rows, Scratch, Streets, Tree
from kuaifan.roads.cch_row_kernel import wide
from kuaifan.roads.cch_sweep_kernel import clear_both, raise_both, seed
from kuaifan.roads.cch_tree_kernel import column_of
from kuaifan.roads.lines import PPM
from kuaifan.roads.network import UNREACHABLE_MS

Int32s = NDArray[np.int32]
UInt32s = NDArray[np.uint32]
Int64s = NDArray[np.int64]
Seeds = tuple[Int64s, Int64s]
Step = tuple[int, int]
Place = tuple[int, int]

_ARC, _PPM, _FROM_TAIL_MS, _TO_HEAD_MS = range(4)
"""Columns of a place's sides, as the fields of `cch_path.Side`."""


@njit(cache=True, nogil=True)
def find_way(
    shape: tuple[Tree, Below, ArcSlots],
    weights: tuple[Streets, Rows],
    ends: tuple[Place, Place],
    searches: tuple[Scratch, UInt32s],
    walk: tuple[Int32s, Int32s, Int32s],
) -> tuple[int, int, int, int]:
    """The fastest way from one place to another; straight along the street if equally fast.

    searches: a scratch, and the times of a second search from the other end. walk: as
    `Context.walk`, the arcs of the way are left in its second part.
    Returns the time, the number of arcs, and where the first is entered and the last one left.
    """
    tree, (streets, rows), (steps, path, waiting) = shape[0], weights, walk
    starts, goals = _list_sides(streets, ends[0]), _list_sides(streets, ends[1])
    straight_ms, start_side, goal_side = _straight(starts, goals)
    seeds = (
        _seeds_of(streets.head_rank, starts, _TO_HEAD_MS),
        _seeds_of(streets.tail_rank, goals, _FROM_TAIL_MS),
    )
    there, back_ms = searches
    back = Scratch(
        back_ms,
        there.swept_ms,
        there.columns_ms,
        there.stamp,
        there.waiting,
        there.shelf_end,
    )
    around_ms, n_steps, first_side, last_side = meet(tree, rows, seeds, (there, back), steps)
    travel_ms = min(straight_ms, around_ms)
    if travel_ms >= UNREACHABLE_MS:
        return UNREACHABLE_MS, 0, 0, 0
    n_arcs = 1
    if straight_ms > around_ms:
        start_side, goal_side = first_side, last_side
        n_between = unpack(shape, (streets.travel_ms, rows), steps[:n_steps], path[1:], waiting)
        n_arcs = n_between + 2
        path[n_arcs - 1] = goals[goal_side, _ARC]
    path[0] = starts[start_side, _ARC]
    return travel_ms, n_arcs, starts[start_side, _PPM], goals[goal_side, _PPM]


@njit(cache=True, nogil=True)
def _list_sides(streets: Streets, place: Place) -> Int64s:
    """(2, 4) as `list_sides`: the place along its open arcs; arc -1 where there is none more."""
    sides = np.full((2, 4), -1, np.int64)
    n_sides = 0
    arc, ppm = place
    for _ in range(2):
        if arc >= 0 and streets.travel_ms[arc] < UNREACHABLE_MS:
            weight_ms = wide(streets.travel_ms[arc])
            sides[n_sides, _ARC], sides[n_sides, _PPM] = arc, ppm
            sides[n_sides, _FROM_TAIL_MS] = weight_ms * ppm // PPM
            sides[n_sides, _TO_HEAD_MS] = weight_ms - sides[n_sides, _FROM_TAIL_MS]
            n_sides += 1
        arc, ppm = wide(streets.twin[place[0]]), PPM - place[1]
    return sides


@njit(cache=True, nogil=True)
def _straight(starts: Int64s, goals: Int64s) -> tuple[int, int, int]:
    """The time along one street, and which sides of the two places are on it."""
    best_ms, start_side, goal_side = wide(UNREACHABLE_MS), 0, 0
    for start in range(2):
        for goal in range(2):
            is_one = starts[start, _ARC] >= 0 and starts[start, _ARC] == goals[goal, _ARC]
            if is_one and starts[start, _PPM] <= goals[goal, _PPM]:
                ms = goals[goal, _FROM_TAIL_MS] - starts[start, _FROM_TAIL_MS]
                if ms < best_ms:
                    best_ms, start_side, goal_side = ms, start, goal
    return best_ms, start_side, goal_side


@njit(cache=True, nogil=True)
def _seeds_of(rank_of: Int32s, sides: Int64s, column: int) -> Seeds:
    """Ranks and times of two seeds, rank -1 for none."""
    ranks, times_ms = np.full(2, -1, np.int64), np.zeros(2, np.int64)
    for side in range(2):
        if sides[side, _ARC] >= 0:
            ranks[side], times_ms[side] = rank_of[sides[side, _ARC]], sides[side, column]
    return ranks, times_ms


@njit(cache=True, nogil=True)
def meet(
    tree: Tree,
    rows: Rows,
    seeds: tuple[Seeds, Seeds],
    searches: tuple[Scratch, Scratch],
    steps: Int32s,
) -> tuple[int, int, int, int]:
    """Search from both ends at once.

    seeds: of the starts and of the goals.
    steps: filled with the nodes from a start to a goal, joined after contraction one by one.
    Returns the time, the number of steps, and which of the starts and goals they join.
    """
    starts, goals = seeds
    there, back = searches
    from_blocks = _raise_seeds(tree, rows.up_ms, starts, there)
    to_blocks = _raise_seeds(tree, rows.down_ms, goals, back)
    node, best_ms = _find_meeting(tree, from_blocks, there.raised_ms, back.raised_ms)
    n_steps = first_side = last_side = 0
    if node >= 0:
        steps[0] = node
        n_steps, first_side = _walk_down(tree, rows.up_ms, there.raised_ms, starts, steps)
        steps[:n_steps] = steps[:n_steps][::-1].copy()
        onward = steps[n_steps - 1 :]
        n_onward, last_side = _walk_down(tree, rows.down_ms, back.raised_ms, goals, onward)
        n_steps += n_onward - 1
    clear_both(tree, from_blocks, there.raised_ms)
    clear_both(tree, to_blocks, back.raised_ms)
    return best_ms, n_steps, first_side, last_side


@njit(cache=True, nogil=True)
def _raise_seeds(tree: Tree, rows_ms: UInt32s, seeds: Seeds, search: Scratch) -> tuple[int, int]:
    for side in range(2):
        if seeds[0][side] >= 0:
            seed(search.raised_ms, seeds[0][side], seeds[1][side])
    one, other = seeds[0]
    blocks = (
        wide(tree.block_of[one]) if one >= 0 else -1,
        wide(tree.block_of[other]) if other >= 0 else -1,
    )
    raise_both(tree, rows_ms, blocks, search)
    return blocks


@njit(cache=True, nogil=True)
def _find_meeting(tree: Tree, blocks: tuple[int, int], there_ms: UInt32s, back_ms: UInt32s) -> Step:
    """The first node on the ways up where two raised searches meet soonest, and the time."""
    best, best_ms = -1, wide(UNREACHABLE_MS)
    for start in blocks:
        block = start
        while block >= 0:
            for node in range(tree.block_first[block], tree.block_first[block + 1]):
                ms = wide(there_ms[node]) + wide(back_ms[node])
                if ms < best_ms:
                    best, best_ms = node, ms
            block = tree.parent[block]
    return best, best_ms


@njit(cache=True, nogil=True)
def _walk_down(
    tree: Tree, rows_ms: UInt32s, raised_ms: UInt32s, seeds: Seeds, steps: Int32s
) -> tuple[int, int]:
    """From the node in steps[0] down to a seed, by times alone; returns the steps, the seed."""
    seed_rank, seed_ms = seeds
    last = 0
    while True:
        node = steps[last]
        for side in range(2):
            if seed_rank[side] == node and seed_ms[side] == raised_ms[node]:
                return last + 1, side
        last += 1
        steps[last] = _find_below(tree, rows_ms, raised_ms, seed_rank, node)


@njit(cache=True, nogil=True)
def _find_below(
    tree: Tree, rows_ms: UInt32s, raised_ms: UInt32s, seed_rank: Int64s, node: int
) -> int:
    """The node that gave another one its time."""
    for start in seed_rank:
        block = tree.block_of[start] if start >= 0 else -1
        while 0 <= block <= tree.block_of[node]:
            end = tree.block_first[block + 1]
            column = column_of(tree, block, node)
            if block == tree.block_of[node]:
                end = node
            elif column < 0:
                end = 0
            for below in range(tree.block_first[block], end):
                ms = wide(raised_ms[below]) + wide(rows_ms[tree.row_first[below] + column])
                if ms == raised_ms[node]:
                    return below
            block = tree.parent[block]
    return -1


@njit(cache=True, nogil=True)
def unpack(
    shape: tuple[Tree, Below, ArcSlots],
    weights: tuple[Int32s, Rows],
    steps: Int32s,
    path: Int32s,
    waiting: Int32s,
) -> int:
    """Write the arcs between the nodes of `steps` into `path`; returns their number.

    waiting: (height + 2, 2) room for pairs of nodes still to be joined, the next one last.
    """
    tree, below, arcs = shape
    n_arcs = 0
    for step in range(len(steps) - 1):
        n_waiting = 1
        waiting[0, 0], waiting[0, 1] = steps[step], steps[step + 1]
        while n_waiting > 0:
            n_waiting -= 1
            tail, head = waiting[n_waiting]
            arc = _find_arc(tree, arcs, weights, (tail, head))
            if arc >= 0:
                path[n_arcs] = arc
                n_arcs += 1
                continue
            through = _find_through(tree, below, weights[1], (tail, head))
            waiting[n_waiting, 0], waiting[n_waiting, 1] = through, head
            waiting[n_waiting + 1, 0], waiting[n_waiting + 1, 1] = tail, through
            n_waiting += 2
    return n_arcs


@njit(cache=True, nogil=True)
def _weight_of(tree: Tree, rows: Rows, pair: Step) -> int:
    tail, head = pair
    slot = slot_of(tree, min(tail, head), max(tail, head))
    return wide(rows.up_ms[slot] if tail < head else rows.down_ms[slot])


@njit(cache=True, nogil=True)
def _find_arc(tree: Tree, arcs: ArcSlots, weights: tuple[Int32s, Rows], pair: Step) -> int:
    """The lowest arc between two joined nodes that is as fast as any way between them, or -1."""
    (travel_ms, rows), (tail, head) = weights, pair
    slot = slot_of(tree, min(tail, head), max(tail, head))
    weight_ms = _weight_of(tree, rows, pair)
    low = min(tail, head)
    for at in range(arcs.row_first[low], arcs.row_first[low + 1]):
        if arcs.sorted_slot[at] != slot:
            continue
        arc = arcs.sorted_arc[at]
        if arcs.is_up[arc] == (tail < head) and travel_ms[arc] == weight_ms:
            return wide(arc)
    return -1


@njit(cache=True, nogil=True)
def _find_through(tree: Tree, below: Below, rows: Rows, pair: Step) -> int:
    """A lower node on a fastest way between two joined nodes: that of the lowest block."""
    low, high = min(pair), max(pair)
    at, other = below.first[low], below.first[high]
    while at < below.first[low + 1] and other < below.first[high + 1]:
        if below.block[at] == below.block[other]:
            block = below.block[at]
            end = tree.block_first[block + 1]
            through = _find_within(tree, rows, (tree.block_first[block], end), pair)
            if through >= 0:
                return through
        if below.block[at] <= below.block[other]:
            at += 1
        else:
            other += 1
    return _find_within(tree, rows, (tree.block_first[tree.block_of[low]], low), pair)


@njit(cache=True, nogil=True)
def _find_within(tree: Tree, rows: Rows, nodes: Step, pair: Step) -> int:
    """As `_find_through`, among the nodes of one block; -1 if none is."""
    weight_ms, (tail, head) = _weight_of(tree, rows, pair), pair
    if nodes[0] == nodes[1]:
        return -1
    block = tree.block_of[nodes[0]]
    from_tail, to_head = column_of(tree, block, tail), column_of(tree, block, head)
    for through in range(nodes[0], nodes[1]):
        row = tree.row_first[through]
        ms = wide(rows.down_ms[row + from_tail]) + wide(rows.up_ms[row + to_head])
        if ms == weight_ms:
            return through
    return -1
