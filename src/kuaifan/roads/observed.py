"""How long driving really took (实测行车时间), by road class and hour, against the profile's times.

A matched track is cut into hops from fix to fix. Each hop's time is shared out over the classes
of road it ran along, as the profile shares its own; what stood longer than a traffic light holds
was not driving.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.points import distance_m
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.hours import HOUR_CLASSES
from kuaifan.roads.lines import PPM
from kuaifan.roads.matching import JUMP, OFF_ROAD, Fix, Matched
from kuaifan.roads.network import ROAD_CLASSES, UNREACHABLE_MS, RoadNetwork
from kuaifan.roads.travel import TravelTimes

Floats = NDArray[np.float64]

MAX_HOP_MS: Final = 60_000
MAX_STOP_MS: Final = 60_000
MIN_MOVED_M: Final = 20.0
PRIOR_MS: Final = 600_000
"""So much driving at the coarser factor is put beside what was seen in one cell."""


class Hop(NamedTuple):
    """From one fix to the next (一段): what it took, and the profile's time by road class."""

    hour_class: int
    took_ms: int
    profile_ms: Floats
    road_class: int


Trip = list[Hop]


def make_trip(
    travel: TravelTimes,
    network: RoadNetwork,
    track: Sequence[tuple[Fix, Matched]],
    hour_classes: Sequence[int],
) -> Trip:
    """The hops of one matched track that were driving; hour_classes: one a fix."""
    drives = _driving([fix for fix, _ in track])
    hops = []
    for at, ((fix, here), (next_fix, there)) in enumerate(pairwise(track)):
        took_ms = next_fix.at_ms - fix.at_ms
        is_sure = {here.code, there.code}.isdisjoint({OFF_ROAD, JUMP})
        if drives[at] and is_sure and 0 < took_ms <= MAX_HOP_MS:
            profile_ms = _profile_ms(travel, network, here, there)
            if profile_ms is not None:
                road_class = int(network.road_class[there.position.arc])
                hops.append(Hop(hour_classes[at], took_ms, profile_ms, road_class))
    return hops


def _driving(fixes: Sequence[Fix]) -> list[bool]:
    """(n - 1,) whether each hop is driving; a short stand on the way is, a long one is not."""
    stands = [
        distance_m(one.lat, one.lon, to_lat=other.lat, to_lon=other.lon) < MIN_MOVED_M
        for one, other in pairwise(fixes)
    ]
    drives, begin = [not stands_still for stands_still in stands], 0
    while begin < len(stands):
        end = begin + 1
        while end < len(stands) and stands[end] == stands[begin]:
            end += 1
        stood_ms = fixes[end].at_ms - fixes[begin].at_ms
        is_inside = begin > 0 and end < len(stands)
        if stands[begin] and is_inside and stood_ms <= MAX_STOP_MS:
            drives[begin:end] = [True] * (end - begin)
        begin = end
    return drives


def _profile_ms(
    travel: TravelTimes, network: RoadNetwork, here: Matched, there: Matched
) -> Floats | None:
    """(n_classes,) the profile's time from one place to the next, None where there is no way."""
    by_class = np.zeros(len(ROAD_CLASSES))
    if here.position.arc == there.position.arc:
        # Backwards along one arc is what noise makes of standing; no way round is looked for.
        share = max(there.position.fraction_ppm - here.position.fraction_ppm, 0) / PPM
        arc = here.position.arc
        by_class[network.road_class[arc]] = share * float(network.travel_ms[0, arc])
        return by_class
    path = travel.path(here.position, there.position)
    if path.travel_ms >= UNREACHABLE_MS:
        return None
    arcs = np.array(path.arcs, np.int64)
    parts_ms = network.travel_ms[0, arcs].astype(np.float64)
    left_ms = parts_ms[-1] * (1.0 - path.last_fraction_ppm / PPM)
    parts_ms[0] -= parts_ms[0] * path.first_fraction_ppm / PPM
    parts_ms[-1] -= left_ms
    np.add.at(by_class, network.road_class[arcs], parts_ms)
    return by_class


def fit_factors(trips: Sequence[Trip]) -> Floats:
    """(n_classes, n_hour_classes) how much longer driving took than the profile says.

    A cell with little driving leans on its class, a class on all of it.
    """
    took_ms = np.zeros((len(ROAD_CLASSES), len(HOUR_CLASSES)))
    profile_ms = np.zeros_like(took_ms)
    for hop in (hop for trip in trips for hop in trip):
        total_ms = float(hop.profile_ms.sum())
        profile_ms[:, hop.hour_class] += hop.profile_ms
        if total_ms > 0.0:
            took_ms[:, hop.hour_class] += hop.took_ms * hop.profile_ms / total_ms
        else:
            took_ms[hop.road_class, hop.hour_class] += hop.took_ms
    if not profile_ms.any():
        raise BadInputError("no track holds any driving, so there is nothing to learn from")
    overall = float(took_ms.sum() / profile_ms.sum())
    class_took_ms = took_ms.sum(axis=1) + PRIOR_MS * overall
    of_class = class_took_ms / (profile_ms.sum(axis=1) + PRIOR_MS)
    found: Floats = (took_ms + PRIOR_MS * of_class[:, None]) / (profile_ms + PRIOR_MS)
    return found


def trip_errors(trips: Sequence[Trip], factors: Floats) -> Floats:
    """(n_trips,) how far the time by some factors is from what each trip took, as a share of it."""
    errors = []
    for trip in trips:
        took_ms = sum(hop.took_ms for hop in trip)
        said_ms = sum(float(hop.profile_ms @ factors[:, hop.hour_class]) for hop in trip)
        errors.append(abs(said_ms - took_ms) / took_ms)
    return np.array(errors)
