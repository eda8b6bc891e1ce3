"""A whole ride's fixes in one pass (行驶轨迹), compiled; imported only when loaded.

The same numbers, to the last bit, as `Ride.places_at` gives.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Int64s = NDArray[np.int64]
Drawn = tuple[NDArray[np.int32], Floats, Floats, Floats, Floats, Floats]
"""Of the network: where each arc's points begin; each point's share and key, place and heading."""

_PPM = 1_000_000


@njit(cache=True, nogil=True)
def lay_fixes(
    drawn: Drawn,
    length_m: NDArray[np.float32],
    steps: tuple[Int64s, Int64s, Int64s],
    ends_ppm: tuple[int, int],
    ticks: tuple[int, int, int],
) -> tuple[Int64s, Floats]:
    """Where a car is at equal steps of time, all of them within the ride.

    steps: the path's arcs, what each takes, and when each begins. ends_ppm: where the first arc is
    entered and the last one left. ticks: the first one after the start, the step, their number.
    Returns (n, 3) arc, fraction and heading, and (n, 3) latitude, longitude and speed.
    """
    arcs, arcs_ms, begins_ms = steps
    tick_ms, every_ms, n_ticks = ticks
    whole, real = np.empty((n_ticks, 3), np.int64), np.empty((n_ticks, 3), np.float64)
    step, last = 0, len(arcs) - 1
    for i in range(n_ticks):
        while step < last and begins_ms[step + 1] <= tick_ms:
            step += 1
        first_ppm = ends_ppm[0] if step == 0 else 0
        entered_ms = arcs_ms[0] * first_ppm // _PPM if step == 0 else 0
        ppm = (entered_ms + tick_ms - begins_ms[step]) * _PPM // arcs_ms[step]
        ppm = min(max(ppm, first_ppm), ends_ppm[1] if step == last else _PPM)
        lat, lon, heading_deg = place_at(drawn, arcs[step], ppm)
        whole[i, 0], whole[i, 1], whole[i, 2] = arcs[step], ppm, np.int64(np.rint(heading_deg))
        # In single precision, as the lengths are and numpy leaves them.
        mps = length_m[arcs[step]] * np.float32(1000.0) / arcs_ms[step]
        real[i, 0], real[i, 1], real[i, 2] = lat, lon, np.rint(mps * 100.0) / 100.0
        tick_ms += every_ms
    return whole, real


@njit(cache=True, nogil=True)
def place_at(drawn: Drawn, arc: int, ppm: int) -> tuple[float, float, float]:
    """As `ArcLines.places_at`: the point before the place, and how far on to the next one."""
    first, share_at, key_at, lat_at, lon_at, heading_at = drawn
    share = ppm / 1e6
    key = arc + share
    near, end = first[arc], first[arc + 1] - 2
    while near < end and key_at[near + 1] <= key:
        near += 1
    span = share_at[near + 1] - share_at[near]
    within = (share - share_at[near]) / (span if span > 0.0 else 1.0)
    within = min(max(within, 0.0), 1.0)
    lat = lat_at[near] + within * (lat_at[near + 1] - lat_at[near])
    lon = lon_at[near] + within * (lon_at[near + 1] - lon_at[near])
    return lat, lon, heading_at[near]
