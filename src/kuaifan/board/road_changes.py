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
    """Arcs whose times differ from those of the hour (路权), and those times; never changed.

    arcs: (k,) ascending. travel_ms: (n_profiles, k). hour_class: of the hour, '' for the map's own
    times. hash: empty where nothing differs from the map.
    """

    def __init__(
        self, arcs: NDArray[np.int64], travel_ms: NDArray[np.int32], hour_class: str = ""
    ) -> None:
        self.arcs, self.travel_ms, self.hour_class = arcs, travel_ms, hour_class
        content = arcs.tobytes() + travel_ms.tobytes() + hour_class.encode()
        digest = hashlib.sha256(content).hexdigest()
        self.hash = digest[:32] if len(arcs) or hour_class else ""

    def closed_to(self, profile: int) -> NDArray[np.int64]:
        """Arcs that this profile may not go along now."""
        if not len(self.arcs):
            return self.arcs
        shut: NDArray[np.int64] = self.arcs[self.travel_ms[profile] >= UNREACHABLE_MS]
        return shut


NO_CHANGES: Final = RoadChanges(np.empty(0, np.int64), np.empty((0, 0), np.int32))


def changes_of(
    network: RoadNetwork,
    closures: Iterable[Closure],
    hour_class: str = "",
    hour_ms: NDArray[np.int32] | None = None,
) -> RoadChanges:
    """The weights that follow from all closures; where two overlap the slower holds.

    hour_ms: (n_profiles, n_arcs) the times of the hour; the map's own without. Nobody drives or
    rides along a closed road, while whoever walks passes it, slowed or closed.
    """
    percents: dict[int, int] = {}
    for closure in closures:
        for arc in closure.arcs:
            percents[arc] = min(closure.percent, percents.get(arc, WHOLE))
    if not percents:
        none = NO_CHANGES.arcs, NO_CHANGES.travel_ms
        return RoadChanges(*none, hour_class) if hour_class else NO_CHANGES
    arcs = np.array(sorted(percents), np.int64)
    # Others may cross where a closed way turns: the turn itself stays open.
    arcs = arcs[~network.is_turn[arcs] & network.is_driven[arcs]]
    arcs, percents = _with_doubles(network, arcs, percents)
    share = np.array([percents[int(arc)] for arc in arcs], np.int64)
    base_ms = (network.travel_ms if hour_ms is None else hour_ms)[:, arcs].astype(np.int64)
    slowed_ms = np.minimum(base_ms * WHOLE // np.maximum(share, 1), UNREACHABLE_MS)
    times_ms = np.where(share == CLOSED, UNREACHABLE_MS, slowed_ms)
    on_foot = network.find_profile("foot")
    if on_foot is not None:
        times_ms[on_foot] = base_ms[on_foot]
    return RoadChanges(arcs, times_ms.astype(np.int32), hour_class)


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
    *,
    profile: int = 0,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Places with those on closed arcs moved to the nearer open end of their street.

    So an incident on a closed street, or the car that guards it, is still reached: up to there.
    """
    arc_i, ppm = np.array(arcs, np.int64).reshape(-1), np.array(fractions_ppm, np.int64).reshape(-1)
    closed = changes.closed_to(profile)
    may_go = network.travel_ms[profile] < UNREACHABLE_MS if len(closed) else None
    for at in np.flatnonzero(np.isin(arc_i, closed)).tolist() if len(closed) else ():
        ends = [int(network.tail[arc_i[at]]), int(network.head[arc_i[at]])]
        nearer_first = ends if ppm[at] < HALF_PPM else ends[::-1]
        found = (_open_at(network, closed, node, may_go) for node in nearer_first)
        arc_i[at], ppm[at] = next((place for place in found if place), (arc_i[at], ppm[at]))
    return arc_i, ppm


def _open_at(
    network: RoadNetwork,
    closed: NDArray[np.int64],
    node: int,
    may_go: NDArray[np.bool_] | None,
) -> tuple[int, int] | None:
    """A place at a crossing: the end of an open arc that comes in, else the start of another."""
    lat, lon = network.node_lat, network.node_lon
    # A junction with forbidden turns is several nodes in one place.
    is_here = (lat == lat[node]) & (lon == lon[node])
    for ends, ppm in ((network.head, WHOLE_PPM), (network.tail, 0)):
        near = np.flatnonzero(is_here[ends] & ~network.is_turn)
        arcs = np.setdiff1d(near if may_go is None else near[may_go[near]], closed)
        if len(arcs):
            return int(arcs[0]), ppm
    return None


def difference(
    network: RoadNetwork,
    before: RoadChanges,
    after: RoadChanges,
    hour_ms: NDArray[np.int32] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Arcs to be set, and to what, so that an engine under `before` comes to be under `after`.

    Both are of one hour; hour_ms as for `changes_of`.
    """
    arcs = np.union1d(before.arcs, after.arcs)
    times_ms = (network.travel_ms if hour_ms is None else hour_ms)[:, arcs].copy()
    if len(after.arcs):
        times_ms[:, np.searchsorted(arcs, after.arcs)] = after.travel_ms
    return arcs, times_ms
