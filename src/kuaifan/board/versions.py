"""The version of what a command is about (版本): the last record that touched it."""

from __future__ import annotations

from kuaifan.board.state import Board
from kuaifan.board.view_builders import incident_seq
from kuaifan.kernel.message import Command


def version_of(board: Board, command: Command) -> int:
    """Seq of the last record that touched the command's subject, 0 where it has none.

    The subject is the incident named, or that of the order named; else the call, the closure, the
    note of a place, the broadcast, the unit.
    """
    order = board.orders.get(getattr(command, "order_id", ""))
    incident_id = order.incident_id if order else getattr(command, "incident_id", "")
    if (incident := board.incidents.get(incident_id)) is not None:
        return incident_seq(board, incident)
    if (call := board.calls.get(getattr(command, "call_id", ""))) is not None:
        return call.seq
    if (closure := board.closures.get(getattr(command, "closure_id", ""))) is not None:
        return closure.seq
    if (note := board.premises.get(getattr(command, "note_id", ""))) is not None:
        return note.seq
    if (standing := board.broadcasts.get(getattr(command, "broadcast_id", ""))) is not None:
        return standing.seq
    unit = board.units.get(getattr(command, "unit_id", ""))
    return unit.seq if unit else 0
