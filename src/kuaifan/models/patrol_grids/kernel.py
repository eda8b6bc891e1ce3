"""Moves of cells between grids, compiled; imported only when grids are made.

graph = (first neighbour of each cell, neighbours). sums = of each grid: work, cells, Σx, Σy,
Σ(x² + y²).
A score is small where work is within the tolerance and cells lie near their grid's middle.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Graph = tuple[Ints, Ints]
# (n, 5): work, 1, x, y, x² + y² of each cell.
Cells = Floats
# mean work, tolerance, scale of spread.
Aim = tuple[float, float, float]

# cells, label, lock.
Division = tuple[Cells, Ints, Ints]

OUT_OF_BALANCE = 1_000.0
SLACK = 1e-12


@njit(cache=True, nogil=True)
def _score(s: Floats, aim: Aim) -> float:
    """Of one grid by its sums."""
    mean, tolerance, spread = aim
    off = max(0.0, abs(s[0] / mean - 1.0) - tolerance)
    if s[1] == 0.0:
        return 1e18
    inertia = s[4] - (s[2] * s[2] + s[3] * s[3]) / s[1]
    # The square spreads what is too much over all; the plain share takes the last of it away.
    score: float = OUT_OF_BALANCE * off * (0.5 + off) + inertia / spread
    return score


@njit(cache=True, nogil=True)
def score_all(sums: Floats, aim: Aim) -> float:
    """Of all grids together."""
    total = 0.0
    for g in range(len(sums)):
        total += _score(sums[g], aim)
    return total


@njit(cache=True, nogil=True)
def sum_up(cells: Cells, label: Ints, n_grids: int) -> Floats:
    """(n_grids, 5) sums of each grid."""
    sums = np.zeros((n_grids, 5))
    for i in range(len(label)):
        sums[label[i]] += cells[i]
    return sums


@njit(cache=True, nogil=True)
def _stays_whole(graph: Graph, label: Ints, v: int, seen: Ints, stamp: int) -> bool:
    """Whether a grid hangs together without one of its cells."""
    first, neighbour = graph
    n_mine, start = 0, -1
    for k in range(first[v], first[v + 1]):
        if label[neighbour[k]] == label[v]:
            n_mine, start = n_mine + 1, neighbour[k]
    if n_mine <= 1:
        return n_mine == 1
    stack = np.empty(len(label), np.int64)
    seen[v], seen[start], stack[0], top, n_found = stamp, stamp, start, 1, 0
    while top:
        top -= 1
        u = stack[top]
        for k in range(first[u], first[u + 1]):
            w = neighbour[k]
            n_found += w == v
            if label[w] == label[v] and seen[w] != stamp:
                seen[w], stack[top] = stamp, w
                top += 1
        if n_found == n_mine:
            return True
    return False


@njit(cache=True, nogil=True)
def settle(graph: Graph, cells: Cells, label: Ints, lock: Ints, sums: Floats, aim: Aim) -> int:
    """Move border cells one by one while that betters the score; return how many moved."""
    first, neighbour = graph
    seen, stamp, n_moved = np.zeros(len(label), np.int64), 0, 0
    is_better = True
    while is_better:
        is_better = False
        for v in range(len(label)):
            a = label[v]
            if lock[v] >= 0 or sums[a, 1] <= 1.0:
                continue
            before, best, gain = _score(sums[a], aim), -1, -SLACK
            without = _score(sums[a] - cells[v], aim)
            for k in range(first[v], first[v + 1]):
                b = label[neighbour[k]]
                if b != a and b != best:  # noqa: PLR1714 - compiled
                    change = without - before - _score(sums[b], aim)
                    change += _score(sums[b] + cells[v], aim)
                    if change < gain:
                        best, gain = b, change
            if best < 0:
                continue
            stamp += 1
            if _stays_whole(graph, label, v, seen, stamp):
                sums[a] -= cells[v]
                sums[best] += cells[v]
                label[v], is_better, n_moved = best, True, n_moved + 1
    return n_moved


@njit(cache=True, nogil=True)
def _next_draw(draw: int) -> int:
    return (draw * 1103515245 + 12345) % 2147483648


@njit(cache=True, nogil=True)
def _random_tree(
    graph: Graph, label: Ints, pair: tuple[int, int], root: int, draw: int
) -> tuple[Ints, Ints, int]:
    """A spanning tree of two grids, grown at random edges: cells in their order, their parents."""
    first, neighbour = graph
    parent = np.full(len(label), -2, np.int64)
    order, edge = np.empty(len(label), np.int64), np.empty((len(neighbour) + 1, 2), np.int64)
    n_order, n_edges = 0, 1
    edge[0, 0], edge[0, 1] = root, -1
    while n_edges:
        draw = _next_draw(draw)
        k = (draw >> 8) % n_edges
        v, p = edge[k, 0], edge[k, 1]
        n_edges -= 1
        edge[k] = edge[n_edges]
        if parent[v] != -2:  # noqa: PLR2004 - not in the tree yet
            continue
        parent[v], order[n_order] = p, v
        n_order += 1
        for q in range(first[v], first[v + 1]):
            w = neighbour[q]
            if parent[w] == -2 and (label[w] == pair[0] or label[w] == pair[1]):  # noqa: PLR2004 - compiled
                edge[n_edges, 0], edge[n_edges, 1] = w, v
                n_edges += 1
    return order[:n_order], parent, draw


@njit(cache=True, nogil=True)
def _best_cut(
    order: Ints, parent: Ints, cells: Cells, locks: Ints, aim: Aim
) -> tuple[float, int, bool]:
    """The best edge of a tree to cut: score of both sides, the cell below, whether below is a.

    locks: (n, 2) whether a cell is locked to the one or the other grid.
    """
    n = len(parent)
    below, locked = np.zeros((n, 5)), np.zeros((n, 2), np.int64)
    for v in order:
        below[v] = cells[v]
        locked[v] = locks[v]
    for k in range(len(order) - 1, 0, -1):
        v = order[k]
        below[parent[v]] += below[v]
        locked[parent[v]] += locked[v]
    root = order[0]
    best, at, is_a = 1e18, -1, True
    for k in range(1, len(order)):
        v = order[k]
        rest = locked[root] - locked[v]
        may_a = locked[v, 1] == 0 and rest[0] == 0
        may_b = locked[v, 0] == 0 and rest[1] == 0
        if may_a or may_b:
            score = _score(below[v], aim) + _score(below[root] - below[v], aim)
            if score < best:
                best, at, is_a = score, v, may_a
    return best, at, is_a


@njit(cache=True, nogil=True)
def recombine(
    graph: Graph, division: Division, sums: Floats, aim: Aim, pair: tuple[int, int], *turn: int
) -> tuple[bool, int]:
    """Throw two bordering grids together and cut them anew by random trees; keep what is better.

    turn: the draw, and how many trees; with none the first tree's best cut is kept, better or not.
    """
    a, b = pair
    draw, n_trees = turn
    cells, label, lock = division
    mine = np.flatnonzero((label == a) | (label == b))
    locks = np.zeros((len(label), 2), np.int64)
    for v in mine:
        locks[v, 0], locks[v, 1] = lock[v] == a, lock[v] == b
    now, is_better = _score(sums[a], aim) + _score(sums[b], aim), False
    if not n_trees:
        now = 1e17
    for _ in range(max(1, n_trees)):
        draw = _next_draw(draw)
        root = mine[(draw >> 8) % len(mine)]
        order, parent, draw = _random_tree(graph, label, pair, root, draw)
        score, at, is_a = _best_cut(order, parent, cells, locks, aim)
        if at < 0 or score >= now - SLACK:
            continue
        now, is_better = score, True
        side, other = (a, b) if is_a else (b, a)
        for v in order:
            label[v] = side if v == at or (parent[v] >= 0 and label[parent[v]] == -1) else other
            if label[v] == side:
                label[v] = -1
        label[label == -1] = side
        sums[a], sums[b] = 0.0, 0.0
        for v in order:
            sums[label[v]] += cells[v]
    return is_better, draw


@njit(cache=True, nogil=True)
def list_bordering(graph: Graph, label: Ints, n_grids: int) -> Ints:
    """(n, 2) pairs of grids that border each other."""
    first, neighbour = graph
    meets = np.zeros((n_grids, n_grids), np.bool_)
    for v in range(len(label)):
        for k in range(first[v], first[v + 1]):
            meets[label[v], label[neighbour[k]]] = True
    found = np.empty((n_grids * n_grids, 2), np.int64)
    n = 0
    for a in range(n_grids):
        for b in range(a + 1, n_grids):
            if meets[a, b]:
                found[n, 0], found[n, 1] = a, b
                n += 1
    return found[:n]
