"""Undo (撤销): the declared compensation of a person's last action, for ten seconds.

An order that the crew has signed since becomes a withdrawal that the crew signs too: it has to
know. What somebody else has touched since is theirs, and stays.
"""

from __future__ import annotations

from typing import assert_never

import msgspec

from kuaifan.board.entities import Undoable
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import undo
from kuaifan.vocabulary.incident import SetPriority
from kuaifan.vocabulary.order import WithdrawUnit
from kuaifan.vocabulary.unit import SetUnitStatus, UnitStatus


def undo_action(board: Board, command: undo.Undo, now_ms: int) -> list[Event]:
    """Take back an action of the last seconds that nobody has touched since."""
    action = board.undoable.get(command.seq)
    if action is None or action.kind == "several":
        raise Refused(
            "nothing_to_undo",
            f"第 {command.seq} 号操作不可撤销或已撤销",
            f"record {command.seq} is nothing that can be undone, or it was undone already",
        )
    limit_ms = board.reference.clocks.undo_ms
    if now_ms - action.at_ms > limit_ms:
        raise Refused(
            "undo_too_late",
            f"已超过 {limit_ms // 1000} 秒，不能撤销",
            f"more than {limit_ms // 1000} s have passed; withdraw or correct it instead",
        )
    if _last_touch(board, action) != action.seq and not _is_only_read(board, action):
        raise Refused(
            "touched_since",
            f"{action.subject_id} 之后已有新的操作，不能撤销",
            f"{action.subject_id} has been touched since; withdraw or correct it instead",
        )
    return [
        undo.ActionUndone(
            undone_seq=action.seq,
            kind=action.kind,
            subject_id=action.subject_id,
            value=action.value,
        )
    ]


def on_undone(_board: Board, event: undo.ActionUndone, _now_ms: int) -> list[Follow]:
    """The compensation is a command like any other, and may be refused like any other."""
    return [_compensation(event)]


def _compensation(event: undo.ActionUndone) -> Command:
    if event.kind == "assign":
        return WithdrawUnit(order_id=event.subject_id, reason=undo.UNDO_REASON)
    if event.kind == "status":
        status = msgspec.convert(event.value, UnitStatus)
        return SetUnitStatus(unit_id=event.subject_id, status=status)
    if event.kind == "priority":
        return SetPriority(
            incident_id=event.subject_id,
            priority=int(event.value),
            reason=undo.UNDO_REASON,
            approved_by=undo.UNDO_REASON,
        )
    assert_never(event.kind)


def _last_touch(board: Board, action: Undoable) -> int:
    if action.kind == "assign":
        return board.orders[action.subject_id].seq
    if action.kind == "status":
        return board.units[action.subject_id].seq
    return board.incidents[action.subject_id].seq


def _is_only_read(board: Board, action: Undoable) -> bool:
    """Whether an order was signed or driven off with, and nothing else: it can be called back."""
    if action.kind != "assign":
        return False
    order = board.orders[action.subject_id]
    return order.state in {"acknowledged", "en_route"} and not order.amendment_no


RULES = Rules[Board](deciders={undo.Undo: undo_action}, reactions={undo.ActionUndone: [on_undone]})
