"""How near many places are to fixed targets (圈层标记), compiled; imported only when loaded."""

import numpy as np
from numba import njit
from numpy.typing import NDArray

from kuaifan.roads.cch_row_kernel import wide
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.reach import WHOLE_PPM, Columns, Marks, Reach, Table, Targets
from kuaifan.roads.travel import TravelTimes

Int32s = NDArray[np.int32]
Int64s = NDArray[np.int64]


@njit(cache=True, nogil=True)
def _ahead_ms(weight_ms: int, ppm: int, target_ppm: int) -> int:
    """Straight along one arc, if the target lies ahead."""
    if target_ppm < ppm:
        return UNREACHABLE_MS
    return weight_ms * target_ppm // WHOLE_PPM - weight_ms * ppm // WHOLE_PPM


@njit(cache=True, nogil=True)
def _leave(
    table: Table, targets: Targets, heads: Int32s, place: tuple[int, int], best_ms: Int64s
) -> None:
    """Lower the times to all targets to those when leaving along one arc, to its head and on."""
    arc, ppm = place
    travel_ms, node_ms = table
    target_arc, target_ppm, target_twin, has_target = targets
    weight_ms = travel_ms[arc]
    # A closed arc is not driven, however little of it is left.
    if weight_ms >= UNREACHABLE_MS:
        return
    rest_ms, from_head_ms = weight_ms - weight_ms * ppm // WHOLE_PPM, node_ms[heads[arc]]
    for i in range(len(best_ms)):
        best_ms[i] = min(best_ms[i], rest_ms + from_head_ms[i])
    if not has_target[arc]:
        return
    for i in range(len(best_ms)):
        if target_arc[i] == arc:
            best_ms[i] = min(best_ms[i], _ahead_ms(weight_ms, ppm, target_ppm[i]))
        if target_twin[i] == arc:
            back_ms = _ahead_ms(weight_ms, ppm, WHOLE_PPM - target_ppm[i])
            best_ms[i] = min(best_ms[i], back_ms)


@njit(cache=True, nogil=True)
def _mark_rows(
    parts: tuple[Table, Targets, tuple[Int32s, Int32s], int],
    rows: Int64s,
    places: tuple[Int32s, Int32s],
    marks: Marks,
) -> None:
    table, targets, (heads, twins), bound_ms = parts
    band, near, way_ms, limits_ms, near_ms = marks
    best_ms = np.empty(len(targets.arc), np.int64)
    for row in rows:
        arc, ppm = wide(places[0][row]), wide(places[1][row])
        best_ms[:] = UNREACHABLE_MS
        _leave(table, targets, heads, (arc, ppm), best_ms)
        if twins[arc] >= 0:
            _leave(table, targets, heads, (twins[arc], WHOLE_PPM - ppm), best_ms)
        for i in range(len(best_ms)):
            ms = best_ms[i] if best_ms[i] <= bound_ms else UNREACHABLE_MS
            near[row, i], way_ms[row, i] = ms <= near_ms, ms
            n_short = 0
            while n_short < len(limits_ms) and limits_ms[n_short] < ms:
                n_short += 1
            band[row, i] = n_short


def mark_compiled(reach: Reach, rows: Int64s, places: Columns, marks: Marks) -> None:
    """Mark how near some rows are to each target; the same marks as `mark_plain`."""
    _mark_rows(reach.parts, rows, places, marks)


def load_marker(network: RoadNetwork, travel: TravelTimes) -> None:
    """Have the kernel compiled, or read, before anybody waits for it; may run in a thread."""
    nobody, nowhere = np.empty(0, np.int64), np.empty(0, np.int32)
    none = np.empty((0, 0), np.int8)
    marks = Marks(none, none.astype(np.bool_), none.astype(np.int32), nobody, 0)
    mark_compiled(Reach(network, travel, [], bound_ms=0), nobody, (nowhere, nowhere), marks)
