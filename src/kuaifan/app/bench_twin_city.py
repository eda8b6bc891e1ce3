"""Cities on a plane for the kernels' speed (孪生基准城市): drawn, no streets and no folder."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.reference import HOLDING_RING_MS
from kuaifan.policy.fleet import PATROL_LINE, STATION_LINE, TRAFFIC_BIT, TRAFFIC_LINE
from kuaifan.policy.look_ahead import wait_of
from kuaifan.policy.ranking import Policy
from kuaifan.roads.travel import RoadPosition
from kuaifan.twin import kernel_layout as at
from kuaifan.twin.kernel_city import KernelCity, line_prices, pack_bits

Int64s = NDArray[np.int64]
SIDE_M: Final = 14_000.0
CALM_MPS, URGENT_MPS = 9.0, 12.0
N_CALL_PLACES, N_CIRCLES, N_STATIONS = 1_000, 53, 10
LOAD_BASIC, LOAD_FULL = 0.7, 0.6
SERVICE_MIN: Final = 25.0
SIGMA: Final = 0.6
MINUTE_MS: Final = 60_000
TRAFFIC_SHARE: Final = 0.2
SEED: Final = 1
SHARE_BY_PRIORITY: Final = (0.03, 0.17, 0.4, 0.3, 0.1)
SHARE_BY_UNITS: Final = (0.85, 0.12, 0.03)
TARGETS_MS: Final = (300_000, 480_000, 900_000, 1_800_000, 3_600_000)
LINES: Final = (PATROL_LINE,) * 6 + (STATION_LINE,) * 3 + (TRAFFIC_LINE,)


class BasicCase(NamedTuple):
    """Calls for the basic kernel (最简算例); as `run_basic` takes them."""

    at_ms: Int64s
    place: Int64s
    busy_ms: Int64s
    travel_ms: NDArray[np.int32]


class FullCase(NamedTuple):
    """Calls and a city for the full kernel (完整算例)."""

    calls: Int64s
    city: KernelCity
    line_ms: Int64s


def draw_basic(n_calls: int, n_units: int) -> BasicCase:
    """Poisson calls over a plane, each unit at its own corner, 70 % busy on scene alone."""
    rng = np.random.default_rng(SEED)
    places, homes = rng.random((N_CALL_PLACES, 2)), rng.random((n_units, 2))
    return BasicCase(
        at_ms=_times(rng, n_calls, SERVICE_MIN * MINUTE_MS / (n_units * LOAD_BASIC)),
        place=rng.integers(0, N_CALL_PLACES, n_calls),
        busy_ms=_service(rng, n_calls),
        travel_ms=_drives(places, homes, CALM_MPS),
    )


def draw_full(n_calls: int, n_units: int, policy: Policy) -> FullCase:
    """Calls of every priority over a plane with 53 circles and ten stations."""
    rng = np.random.default_rng(SEED)
    spots = rng.random((N_CIRCLES + N_STATIONS + N_CALL_PLACES, 2))
    n_posts = N_CIRCLES + N_STATIONS
    calls = np.zeros((at.N_CALL_COLUMNS, n_calls), np.int64)
    priority = 1 + rng.choice(5, n_calls, p=SHARE_BY_PRIORITY)
    needed = 1 + rng.choice(3, n_calls, p=SHARE_BY_UNITS)
    each_ms = (SERVICE_MIN + 6) * MINUTE_MS * needed.mean() / (n_units * LOAD_FULL)
    wants = rng.random(n_calls) < TRAFFIC_SHARE
    calls[at.AT] = _times(rng, n_calls, each_ms)
    calls[at.PLACE] = n_posts + rng.integers(0, N_CALL_PLACES, n_calls)
    calls[at.PRIORITY], calls[at.N_NEEDED] = priority, needed
    calls[at.WANTED] = np.where(wants, TRAFFIC_BIT, 0)
    calls[at.OWNER] = N_CIRCLES + rng.integers(0, N_STATIONS, n_calls)
    calls[at.PRICES] = wants
    calls[at.TARGET] = np.array(TARGETS_MS)[priority - 1]
    calls[at.SERVICE] = _service(rng, n_calls)
    calls[at.TURNOUT] = rng.integers(15_000, 90_000, n_calls)
    calls[[at.SENT_AT, at.THERE_AT]] = -1
    line_ms = line_prices(policy, {(False, True): 0, (True, True): 1})
    return FullCase(calls, _city(rng, spots, n_units), line_ms)


def _city(rng: np.random.Generator, spots: NDArray[np.float64], n_units: int) -> KernelCity:
    travel_ms = np.stack([_drives(spots, spots, speed) for speed in (CALM_MPS, URGENT_MPS)])
    near = travel_ms[0][:N_CIRCLES].T <= HOLDING_RING_MS
    units = np.zeros((at.N_UNIT_COLUMNS, n_units), np.int64)
    units[at.LINE] = rng.permutation(np.resize(LINES, n_units))
    is_station, is_traffic = units[at.LINE] == STATION_LINE, units[at.LINE] == TRAFFIC_LINE
    units[at.SKILLS] = np.where(is_traffic, TRAFFIC_BIT, 1)
    units[at.URGENT], units[at.HAS_WHEELS] = 1, 1
    units[at.HOME] = np.where(
        is_station,
        N_CIRCLES + rng.integers(0, N_STATIONS, n_units),
        np.arange(n_units) % N_CIRCLES,
    )
    units[at.HOME_POST] = units[at.HOME]
    return KernelCity(
        positions=tuple(RoadPosition(i, 0) for i in range(len(spots))),
        units=units,
        travel_ms=travel_ms,
        within=np.stack([pack_bits(near)] * 2),
        post_places=np.arange(N_CIRCLES),
        reach=pack_bits(near[:N_CIRCLES]),
        wait_ms=np.stack([wait_of(travel_ms[0][:N_CIRCLES].T)] * 2),
    )


def _times(rng: np.random.Generator, n_calls: int, each_ms: float) -> Int64s:
    times = np.cumsum(rng.exponential(each_ms, n_calls))
    since_first: Int64s = np.rint(times - times[0]).astype(np.int64)
    return since_first


def _service(rng: np.random.Generator, n_calls: int) -> Int64s:
    minutes = rng.lognormal(np.log(SERVICE_MIN) - SIGMA**2 / 2, SIGMA, n_calls)
    service: Int64s = np.rint(minutes * MINUTE_MS).astype(np.int64)
    return service


def _drives(
    to: NDArray[np.float64], origin: NDArray[np.float64], speed_mps: float
) -> NDArray[np.int32]:
    """(to, from) ms along streets that run north and east."""
    metres = np.abs(to[:, None] - origin[None]).sum(axis=2) * SIDE_M
    drives: NDArray[np.int32] = np.rint(metres / speed_mps * 1000).astype(np.int32)
    return drives
