"""Whom an approval is about (批准申请所涉): the case of what is asked for, and the call."""

from __future__ import annotations

from typing import NamedTuple

from kuaifan.board.state import Board
from kuaifan.kernel.message import Command


class Subject(NamedTuple):
    """A case and a call, either empty (所涉警情与来电); of a call that became a case both."""

    incident_id: str = ""
    call_id: str = ""


def subject_of(board: Board, what: Command | None) -> Subject:
    """Whom a command is about, as the board stands."""
    call_id = getattr(what, "call_id", "") or _limited_call(board, getattr(what, "limit_id", ""))
    call = board.calls.get(call_id)
    incident_id = getattr(what, "incident_id", "") or (call.incident_id if call else "")
    return Subject(incident_id, call_id)


def _limited_call(board: Board, limit_id: str) -> str:
    """The call that a limit of calls was made for, empty where there is none."""
    limits = (each for each in board.limits.values() if each.limit_id == limit_id)
    return next((each.call_id for each in limits), "")
