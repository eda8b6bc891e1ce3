"""Silent calls (静默来电): what can still be done for one, and which step is next.

Listen, ring back, send a link, send one unit; a step that cannot be done is passed over. Where a
ring would endanger the caller, only the unit is left.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Call
from kuaifan.board.lookup import MAX_OFF_ROAD_M
from kuaifan.board.state import Board
from kuaifan.geo.points import distance_m
from kuaifan.kernel.personal import is_erased
from kuaifan.vocabulary.lines import CHANNELS
from kuaifan.vocabulary.missed import SilentStep

OPEN_STEPS: Final[frozenset[SilentStep]] = frozenset(
    {"listening", "call_back", "text_link", "send_unit"}
)
"""A silent call at one of these is still owed something."""
PROTECTED_RADIUS_M: Final = 100
"""So near to an open restricted incident a call is taken as from the same home."""
SEND_UNCERTAINTY_M: Final = 1_000
"""A unit finds nobody in a wider circle; the place must be found first."""


def is_protected(board: Board, lat: float, lon: float) -> bool:
    """Whether an open restricted incident is within 100 m (受保护地点)."""
    for incident_id in board.open_places.near(lat, lon):
        incident = board.incidents[incident_id]
        if incident.record_class != "restricted":
            continue
        if distance_m(lat, lon, to_lat=incident.lat, to_lon=incident.lon) <= PROTECTED_RADIUS_M:
            return True
    return False


def is_located(call: Call) -> bool:
    """Whether anything is known of where the caller is."""
    return call.uncertainty_m >= 0


def find_place(board: Board, call: Call) -> tuple[float, float] | None:
    """Where a unit could be sent for a silent call: the circle's middle, if it is small enough."""
    if not is_located(call) or call.uncertainty_m > SEND_UNCERTAINTY_M:
        return None
    if board.reference.place(call.lat, call.lon).offset_m > MAX_OFF_ROAD_M:
        return None
    return call.lat, call.lon


def has_place(board: Board, call: Call) -> bool:
    """Whether a unit could be sent: by the caller's position, or that of its incident."""
    incident = board.incidents.get(call.incident_id)
    return (incident is not None and incident.is_placed) or find_place(board, call) is not None


def has_number(call: Call) -> bool:
    """Whether there is a number to ring or to write to; an erased one is none."""
    return bool(call.caller_number) and not is_erased(call.caller_number)


def has_written(call: Call) -> bool:
    """Whether the caller wrote first; then an answer endangers nobody."""
    return any(line.text_no == 0 for line in call.texts)


def can_ring(call: Call) -> bool:
    """Whether anybody may ring back."""
    return has_number(call) and not call.never_ring and CHANNELS[call.line].is_voice


def can_text(call: Call) -> bool:
    """Whether anybody may write."""
    return has_number(call) and (not call.never_ring or has_written(call))


def next_step(board: Board, call: Call, after: SilentStep) -> SilentStep:
    """The first step after this one that can be done; the link stays owed where nothing can."""
    if after == "listening" and can_ring(call):
        return "call_back"
    if after in {"listening", "call_back"} and can_text(call):
        return "text_link"
    return "send_unit" if has_place(board, call) else "text_link"


def join(call: Call, incident_id: str) -> None:
    """A call belongs to an incident, which owes the rest; but a silent one its unit, till sent."""
    call.incident_id = incident_id
    if call.silent_step == "send_unit":
        return
    call.to_call_back = False
    if call.silent_step in OPEN_STEPS:
        call.silent_step = ""
