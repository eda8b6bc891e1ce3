"""Approvals on the screens (批准申请): whom a request is about, and what was said to it."""

from __future__ import annotations

from typing import Annotated

import msgspec

from kuaifan.board.asked_about import subject_of
from kuaifan.board.seat_consents import reason_of
from kuaifan.board.state import Board
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.approval import ApprovalState, SeatAct
from kuaifan.vocabulary.free_words import IncidentReasonTold
from kuaifan.vocabulary.rights import Role


class ApprovalRow(msgspec.Struct, frozen=True, kw_only=True):
    """An approval on the screens (批准申请行); command: what is asked for, by its name.

    priority: asked for, 0 where it is about none. answer: why it was refused. not_done: why the
    rules did not allow what was consented to. seat_id, title, right, readers: of a special seat's
    own command, what it is called there and who may consent to it; else empty.
    """

    approval_id: str
    person: str
    command: str
    incident_id: str
    call_id: str
    unit_id: str
    priority: int
    reason: IncidentReasonTold
    state: ApprovalState
    decided_by: str
    answer: IncidentReasonTold
    not_done_zh: str
    not_done_en: str
    asked_at_ms: int
    until_ms: int
    seat_id: str
    title_zh: Annotated[str, Personal("incident")]
    title_en: Annotated[str, Personal("incident")]
    right: str
    readers: tuple[Role, ...]
    seq: int


def approval_row(board: Board, approval_id: str) -> ApprovalRow | None:
    """The row of one, None once it is over."""
    found = board.approvals.approvals.get(approval_id)
    if found is None:
        return None
    what, subject, of_seat = found.what, subject_of(board, found.what), found.of_seat
    return ApprovalRow(
        approval_id=approval_id,
        person=found.person,
        command=what.name if isinstance(what, SeatAct) else str(what.__struct_config__.tag),
        incident_id=subject.incident_id,
        call_id=subject.call_id,
        unit_id=getattr(what, "unit_id", ""),
        priority=getattr(what, "priority", 0),
        reason=reason_of(what) if isinstance(what, SeatAct) else getattr(what, "reason", ""),
        state=found.state,
        decided_by=found.decided_by,
        answer=found.answer,
        not_done_zh=found.not_done_zh,
        not_done_en=found.not_done_en,
        asked_at_ms=found.asked_at_ms,
        until_ms=found.until_ms,
        seat_id=of_seat.seat_id if of_seat else "",
        title_zh=of_seat.zh if of_seat else "",
        title_en=of_seat.en if of_seat else "",
        right=of_seat.right if of_seat else "",
        readers=of_seat.readers if of_seat else (),
        seq=found.seq,
    )
