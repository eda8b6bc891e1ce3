"""Approvals over HTTP (批准接口): what could not happen is not asked for, and not consented to."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import msgspec

from kuaifan.board.approval_rows import ApprovalRow
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event, Refusal, Refused
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.approval import (
    AskApproval,
    GiveApproval,
    RefuseApproval,
    SeatAct,
    consent_field,
    needs_consent,
)
from kuaifan.web.masking import may_answer
from kuaifan.web.problems import Problem
from kuaifan.web.viewer import Viewer, no_right

if TYPE_CHECKING:
    from kuaifan.web.desk import Desk

SOMEBODY: Final = "supervisor"
"""Stands for whoever will consent while a request is only tried out."""
ANSWER_S: Final = 20.0


def check_answer(desk: Desk, viewer: Viewer, message: Command) -> None:
    """Raise Problem 403 for an answer to a request that is another's to answer."""
    if not isinstance(message, GiveApproval | RefuseApproval):
        return
    shown = desk.store.find("approvals", message.approval_id)
    row = shown.row if shown is not None else None
    if not isinstance(row, ApprovalRow):
        return  # it is over: the rules say so
    if may_answer(viewer, row):
        return
    if not row.seat_id:
        raise no_right(viewer, "approve")
    raise Problem(
        403,
        "forbidden",
        "not_yours_to_answer",
        f"申请 {row.approval_id} 由该专席有权的另一人答复",
        f"{row.approval_id} is for another reader of that seat, who has the right, to answer",
        tried=row.right,
    )


async def check_asked(desk: Desk, message: Command) -> None:
    """Try out what an approval is asked or given for; raises Problem 409 where it cannot be."""
    what: Command | None = None
    if isinstance(message, AskApproval):
        what = message.what
    elif isinstance(message, GiveApproval):
        what = desk.find_asked(message.approval_id)
    if what is None or isinstance(what, SeatAct):
        # A seat's own is tried out by the rule; and whoever asked is told if it comes to nothing.
        return
    what = msgspec.structs.replace(what, **{consent_field(type(what)): SOMEBODY})
    try:
        async with asyncio.timeout(ANSWER_S):
            await asyncio.wrap_future(desk.try_out(what, _nothing))
    except Refused as refused:
        raise Problem(409, "refused", refused.code, refused.reason_zh, refused.reason_en) from None


def check_done(message: Command, record: Record) -> None:
    """That a consent led to what it was for; raises Problem 409 where the rules refused that."""
    if not isinstance(message, GiveApproval):
        return
    for each in record.refused:
        if needs_consent(type(each.command)):
            raise _not_done(each.refusal)


def _nothing(_board: Board, _events: list[Event]) -> None:
    return None


def _not_done(said: Refusal) -> Problem:
    return Problem(
        409,
        "refused",
        said.code,
        f"已批准，但未能执行：{said.reason_zh}",
        f"consented to, but it could not be done: {said.reason_en}",
    )
