"""What differs from the map on the roads now (路权变化): closures, and the times that follow."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork

CLOSED: Final = 0
WHOLE: Final = 100
WHOLE_PPM: Final = 1_000_000
HALF_PPM: Final = WHOLE_PPM // 2


class Closure(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of road closed or slowed (封路); percent 0: closed. seq: of its record."""

    closure_id: str
    points: tuple[tuple[float, float], ...]
    arcs: tuple[int, ...]
    percent: int
    reason: str
    by: str
    until_ms: int
    seq: int = 0


class RoadChanges:
    """Arcs whose times differ from the map's (路权), and those times; never changed once made.

    arcs: (k,) ascending. travel_ms: (n_profiles, k). hash: empty where nothing differs.
    """

    def __init__(self, arcs: NDArray[np.int64], travel_ms: NDArray[np.int32]) -> None:
        self.arcs, self.travel_ms = arcs, travel_ms
        digest = hashlib.sha256(arcs.tobytes() + travel_ms.tobytes()).hexdigest()
        self.hash = digest[:32] if len(arcs) else ""

    @property
    def closed(self) -> NDArray[np.int64]:
        """Arcs that nobody drives along."""
        if not len(self.arcs):
            return self.arcs
        shut: NDArray[np.int64] = self.arcs[(self.travel_ms >= UNREACHABLE_MS).all(axis=0)]
        return shut


NO_CHANGES: Final = RoadChanges(np.empty(0, np.int64), np.empty((0, 0), np.int32))


def changes_of(network: RoadNetwork, closures: Iterable[Closure]) -> RoadChanges:
    """The weights that follow from all closures; where two overlap the slower holds."""
    percents: dict[int, int] = {}
    for closure in closures:
        for arc in closure.arcs:
            percents[arc] = min(closure.percent, percents.get(arc, WHOLE))
    if not percents:
        return NO_CHANGES
    arcs = np.array(sorted(percents), np.int64)
    # Others may cross where a closed way turns: the turn itself stays open.
    arcs = arcs[~network.is_turn[arcs]]
    arcs, percents = _with_doubles(network, arcs, percents)
    share = np.array([percents[int(arc)] for arc in arcs], np.int64)
    base_ms = network.travel_ms[:, arcs].astype(np.int64)
    slowed_ms = np.minimum(base_ms * WHOLE // np.maximum(share, 1), UNREACHABLE_MS)
    times_ms = np.where(share == CLOSED, UNREACHABLE_MS, slowed_ms)
    return RoadChanges(arcs, times_ms.astype(np.int32))


def _with_doubles(
    network: RoadNetwork, arcs: NDArray[np.int64], percents: dict[int, int]
) -> tuple[NDArray[np.int64], dict[int, int]]:
    """A street is closed with all that it is driven on."""
    pairs = network.hidden[np.isin(network.hidden[:, 1], arcs)].tolist()
    more = {double: percents[street] for double, street in pairs}
    return np.union1d(arcs, np.array([*more], np.int64)), percents | more


def stand_beside(
    network: RoadNetwork,
    changes: RoadChanges,
    arcs: NDArray[np.integer],
    fractions_ppm: NDArray[np.integer],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places with those on closed arcs moved to the nearer open end of their street.

    So an incident on a closed street, or the car that guards it, is still reached: up to there.
    """
    arc_i, ppm = np.array(arcs, np.int64).reshape(-1), np.array(fractions_ppm, np.int64).reshape(-1)
    closed = changes.closed
    for at in np.flatnonzero(np.isin(arc_i, closed)).tolist() if len(closed) else ():
        ends = [int(network.tail[arc_i[at]]), int(network.head[arc_i[at]])]
        nearer_first = ends if ppm[at] < HALF_PPM else ends[::-1]
        found = (_open_at(network, closed, node) for node in nearer_first)
        arc_i[at], ppm[at] = next((place for place in found if place), (arc_i[at], ppm[at]))
    return arc_i, ppm


def _open_at(network: RoadNetwork, closed: NDArray[np.int64], node: int) -> tuple[int, int] | None:
    """A place at a crossing: the end of an open arc that comes in, else the start of another."""
    lat, lon = network.node_lat, network.node_lon
    # A junction with forbidden turns is several nodes in one place.
    is_here = (lat == lat[node]) & (lon == lon[node])
    for ends, ppm in ((network.head, WHOLE_PPM), (network.tail, 0)):
        arcs = np.setdiff1d(np.flatnonzero(is_here[ends] & ~network.is_turn), closed)
        if len(arcs):
            return int(arcs[0]), ppm
    return None


def difference(
    network: RoadNetwork, before: RoadChanges, after: RoadChanges
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Arcs to be set, and to what, so that an engine under `before` comes to be under `after`."""
    arcs = np.union1d(before.arcs, after.arcs)
    times_ms = network.travel_ms[:, arcs].copy()
    if len(after.arcs):
        times_ms[:, np.searchsorted(arcs, after.arcs)] = after.travel_ms
    return arcs, times_ms
