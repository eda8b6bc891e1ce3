"""Who acts in the twin and under which name (仿真人物): one actor name for every kind of person."""

from __future__ import annotations

from typing import Final

CALLER: Final = "sim:caller:"
CALL_TAKERS: Final = "sim:seat:"
DISPATCHER: Final = "sim:dispatcher"
SUPERVISOR: Final = "sim:supervisor"
COMMANDER: Final = "sim:commander"
CREW: Final = "sim:crew:"
RADIO_ROOM: Final = "sim:radio_room:"
"""Enters what a crew without phone or GPS says (电台室); part of that crew's life."""
RADIOS: Final = "sim:radios"
AGENCY: Final = "sim:agency:"
REVIEWER: Final = "sim:reviewer"
SPECIAL: Final = "sim:special:"
"""People at the special seats, by the seat's id."""
ROSTER: Final = "sim:roster"
PLANNER: Final = "sim:planner"


def dispatcher_of(desk_id: str) -> str:
    """The dispatcher at a desk."""
    return f"{DISPATCHER}:{desk_id}"
