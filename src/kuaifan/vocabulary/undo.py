"""Undo (撤销): take back one's last action, as a new action that compensates it."""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event

UNDO_REASON: Final = "undo"
"""Reason of an order withdrawn by undo; the unit was never asked in vain."""

UndoableKind = Literal["assign", "status", "priority"]
"""What can be taken back (可撤销动作)."""


class Undo(Command, frozen=True):
    """Take back what was decided under a number, soon after and untouched since (撤销)."""

    seq: Annotated[int, msgspec.Meta(ge=1)]


class ActionUndone(Event, frozen=True):
    """An action is being compensated (已撤销); what compensates it follows in the same record."""

    undone_seq: int
    kind: UndoableKind
    subject_id: str
    value: str


COMMANDS = (Undo,)
EVENTS = (ActionUndone,)
