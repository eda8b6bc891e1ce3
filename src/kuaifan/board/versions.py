"""The version of what a command is about (版本): the last record that touched it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kuaifan.board.state import Board
from kuaifan.board.view_builders import incident_seq
from kuaifan.kernel.message import Command


def version_of(board: Board, command: Command) -> int:
    """Seq of the last record that touched the command's subject, 0 where it has none.

    The subject is the incident named, or that of the order named; else whatever else is named that
    has a row of its own, the unit last. Of a request for an approval it is what is asked about.
    """
    if isinstance(what := getattr(command, "what", None), Command):
        return version_of(board, what)
    order = board.orders.get(getattr(command, "order_id", ""))
    incident_id = order.incident_id if order else getattr(command, "incident_id", "")
    if (incident := board.incidents.get(incident_id)) is not None:
        return incident_seq(board, incident)
    for field, entities in _others(board):
        if (found := entities.get(getattr(command, field, ""))) is not None:
            seq: int = found.seq
            return seq
    return 0


def _others(board: Board) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    """What a command may name beside an incident, the nearest to it first."""
    return (
        ("call_id", board.calls),
        ("closure_id", board.closures),
        ("note_id", board.premises),
        ("broadcast_id", board.broadcasts),
        ("item_id", board.items),
        ("effect_id", board.outbox.letters),
        ("approval_id", board.approvals.approvals),
        ("emergency_id", board.emergencies),
        ("block_id", board.card_blocks),
        ("glass_id", board.access.glass),
        ("unit_id", board.units),
    )
