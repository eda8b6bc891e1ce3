"""What turning takes at real junctions (转向耗时), by its angle, where cars drive on the right."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.geo.points import bearings_deg
from kuaifan.roads.junctions import TURN_CLASSES, Turn
from kuaifan.roads.network import ROAD_CLASSES
from kuaifan.roads.pieces import BACKWARD, FORWARD, Pieces

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STRAIGHT_DEG, BACK_DEG = 40.0, 150.0
"""A smaller bend is straight on; a larger one goes back, be it on another carriageway."""

N_STREETS: Final = 3
"""Fewer streets that meet are no junction."""

TURN_MS: Final[Mapping[str, tuple[int, ...]]] = {
    "normal": (0, 2_000, 5_000, 15_000),
    "siren": (0, 1_000, 2_000, 6_000),
    "motorcycle": (0, 2_000, 5_000, 15_000),
}
"""By profile, in the order of TURN_CLASSES; all [U]. A motorcycle waits for the same lights and
the same oncoming traffic as a car. A profile that is not here, on foot, turns at once."""

MAIN_WORDS = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary"})
MAIN_CLASSES: Final = tuple(
    i for i, word in enumerate(ROAD_CLASSES) if word.removesuffix("_link") in MAIN_WORDS
)


class TurnPenalties(StrEnum):
    """Where turning takes time (转向耗时范围).

    OFF: nowhere. MAIN: where three streets or more meet, one of them tertiary or above.
    ALL: wherever three streets or more meet.
    """

    OFF = "off"
    MAIN = "main"
    ALL = "all"


def list_junctions(pieces: Pieces, road_class: NDArray[np.uint8], where: TurnPenalties) -> set[int]:
    """The nodes at which turning takes time; road_class: (n_pieces,).

    What is only walked makes no junction.
    """
    if where is TurnPenalties.OFF:
        return set()
    driven = np.flatnonzero(np.any(pieces.kmh > 0.0, axis=0))
    ends = np.concatenate((pieces.a[driven], pieces.b[driven]))
    is_junction = np.bincount(ends) >= N_STREETS
    if where is TurnPenalties.MAIN:
        is_main = np.tile(np.isin(road_class[driven], MAIN_CLASSES), 2)
        is_junction &= np.bincount(ends[is_main], minlength=len(is_junction)) > 0
    return set(np.flatnonzero(is_junction).tolist())


class TurnAngles:
    """Tells the class of a turn from how its two streets are drawn (转向角)."""

    def __init__(self, pieces: Pieces, lat: Floats, lon: Floats) -> None:
        first, line_lat, line_lon = pieces.lines(lat, lon)
        begin = _bearings(line_lat, line_lon, first[:-1])
        end = _bearings(line_lat, line_lon, first[1:] - 2)
        self._leave_deg = {FORWARD: begin, BACKWARD: end + 180.0}
        self._arrive_deg = {FORWARD: end, BACKWARD: begin + 180.0}

    def classify(self, turn: Turn) -> int:
        """Index into TURN_CLASSES."""
        (into, there), (out, onward) = turn
        if into == out and there != onward:
            return TURN_CLASSES.index("u_turn")
        bend_deg = float(self._leave_deg[onward][out] - self._arrive_deg[there][into])
        bend_deg = (bend_deg + 180.0) % 360.0 - 180.0
        if abs(bend_deg) <= STRAIGHT_DEG:
            return 0
        if abs(bend_deg) >= BACK_DEG:
            return TURN_CLASSES.index("u_turn")
        return TURN_CLASSES.index("right" if bend_deg > 0.0 else "left")


def turn_ms(profiles: tuple[str, ...], turn_class: NDArray[np.int8]) -> NDArray[np.int32]:
    """(n_profiles, k) what k turns take."""
    nothing = (0,) * len(TURN_CLASSES)
    table = np.asarray([TURN_MS.get(profile, nothing) for profile in profiles], np.int32)
    return np.asarray(table[:, turn_class])


def _bearings(lat: Floats, lon: Floats, at: Ints) -> Floats:
    return bearings_deg(lat[at], lon[at], to_lat=lat[at + 1], to_lon=lon[at + 1])
