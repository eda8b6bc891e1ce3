"""Sums demands by the set of sites that cover them, compiled; imported when a plan is solved."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]
Words = NDArray[np.uint64]
Table = tuple[Int64s, Words, Floats, Int64s]


@njit(cache=True, nogil=True)
def _slot(key: Words, table: Int64s, keys: Words) -> int:
    """Where a key stands in an open table of row numbers, or the empty place it would take."""
    mixed = np.uint64(1469598103934665603)
    for word in key:
        mixed = (mixed ^ word) * np.uint64(1099511628211)
        mixed ^= mixed >> np.uint64(29)
    mask = len(table) - 1
    slot = np.int64(mixed & np.uint64(mask))
    while table[slot] >= 0:
        row, is_same = table[slot], True
        for k in range(len(key)):
            if keys[row, k] != key[k]:
                is_same = False
                break
        if is_same:
            break
        slot = (slot + 1) & mask
    return int(slot)


@njit(cache=True, nogil=True)
def _grown(table: Int64s, keys: Words, sums: Floats, n_rows: int) -> tuple[Int64s, Words, Floats]:
    """The same rows in a table of twice the size."""
    wider = np.full(len(table) * 2, -1, np.int64)
    more_keys = np.zeros((len(keys) * 2, keys.shape[1]), np.uint64)
    more_sums = np.zeros(len(sums) * 2)
    more_keys[:n_rows] = keys[:n_rows]
    more_sums[:n_rows] = sums[:n_rows]
    for row in range(n_rows):
        wider[_slot(keys[row], wider, more_keys)] = row
    return wider, more_keys, more_sums


@njit(cache=True, nogil=True)
def sum_by_key(all_keys: Words, weight: Floats) -> tuple[Words, Floats]:
    """Different keys and the sum of the weights of each."""
    table = np.full(2048, -1, np.int64)
    keys, sums = np.zeros((1024, all_keys.shape[1]), np.uint64), np.zeros(1024)
    n_rows = 0
    for j in range(len(weight)):
        slot = _slot(all_keys[j], table, keys)
        if table[slot] < 0:
            table[slot] = n_rows
            keys[n_rows] = all_keys[j]
            n_rows += 1
        sums[table[slot]] += weight[j]
        if n_rows == len(keys):
            table, keys, sums = _grown(table, keys, sums, n_rows)
    return keys[:n_rows], sums[:n_rows]


@njit(cache=True, nogil=True)
def _cut_plane(
    sites: Floats, radius: float, side: int, box: Floats
) -> tuple[Words, Int64s, Int32s]:
    """Per cell the sites that cover it wholly, and those whose circle's edge may pass it."""
    n_cells, n_words = side * side, (len(sites) + 63) // 64
    whole = np.zeros((n_cells, n_words), np.uint64)
    first = np.zeros(n_cells + 1, np.int64)
    edge = np.zeros(0, np.int32)
    # Rounding must never call an edge whole: circles are taken a little narrower and wider.
    low, high = radius * (1 - 1e-9), radius * (1 + 1e-9)
    for turn in range(2):
        if turn:
            first[1:] = np.cumsum(first[1:])
            edge = np.zeros(first[-1], np.int32)
        fill = first[:-1].copy()
        for cell in range(n_cells):
            x0 = box[0] + (cell // side) * box[2]
            y0 = box[1] + (cell % side) * box[3]
            x1, y1 = x0 + box[2] * (1 + 1e-9), y0 + box[3] * (1 + 1e-9)
            for i in range(len(sites)):
                x, y = sites[i, 0], sites[i, 1]
                near = np.hypot(max(x0 - x, 0.0, x - x1), max(y0 - y, 0.0, y - y1))
                if near > high:
                    continue
                if np.hypot(max(x1 - x, x - x0), max(y1 - y, y - y0)) < low:
                    whole[cell, i >> 6] |= np.uint64(1) << np.uint64(i & 63)
                elif turn:
                    edge[fill[cell]] = i
                    fill[cell] += 1
                else:
                    first[cell + 1] += 1
    return whole, first, edge


@njit(cache=True, nogil=True)
def sum_in_radius(
    sites: Floats, demands: Floats, weight: Floats, radius: float, side: int
) -> tuple[Words, Floats]:
    """Sum the weights of points of a plane by the set of sites within a radius."""
    box = np.empty(4)
    for axis in range(2):
        low, high = demands[:, axis].min(), demands[:, axis].max()
        box[axis], box[2 + axis] = low, max((high - low) / side, 1e-300)
    whole, first, edge = _cut_plane(sites, radius, side, box)
    table = np.full(2048, -1, np.int64)
    keys, sums = np.zeros((1024, whole.shape[1]), np.uint64), np.zeros(1024)
    key, n_rows = np.zeros(whole.shape[1], np.uint64), 0
    for j in range(len(demands)):
        x, y = demands[j, 0], demands[j, 1]
        cell_x = min(int((x - box[0]) / box[2]), side - 1)
        cell = cell_x * side + min(int((y - box[1]) / box[3]), side - 1)
        key[:] = whole[cell]
        for k in range(first[cell], first[cell + 1]):
            i = edge[k]
            dx, dy = sites[i, 0] - x, sites[i, 1] - y
            if dx * dx + dy * dy <= radius * radius:
                key[i >> 6] |= np.uint64(1) << np.uint64(i & 63)
        slot = _slot(key, table, keys)
        if table[slot] < 0:
            table[slot] = n_rows
            keys[n_rows] = key
            n_rows += 1
        sums[table[slot]] += weight[j]
        if n_rows == len(keys):
            table, keys, sums = _grown(table, keys, sums, n_rows)
    return keys[:n_rows], sums[:n_rows]
