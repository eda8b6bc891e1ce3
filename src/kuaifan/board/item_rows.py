"""The row of an item on the screens (事项行): whose it is, until when, and how late it is."""

from __future__ import annotations

import msgspec

from kuaifan.board.state import Board
from kuaifan.vocabulary.item import OwnerKind


class ItemRow(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody owes (事项行), as long as it is open; late: the level of its alarm, 0 for none.

    Without the words that were written down: those stand in the log, with whoever may read it.
    """

    item_id: str
    seat_id: str
    kind: str
    title_zh: str
    title_en: str
    stage: str
    owner_kind: OwnerKind
    owner_id: str
    incident_id: str
    subject_id: str
    desk_id: str
    holds: bool
    opened_at_ms: int
    stage_at_ms: int
    due_at_ms: int
    late: int
    n_postponed: int
    n_notes: int
    seq: int


def item_row(board: Board, item_id: str) -> ItemRow | None:
    """An item while it is open."""
    item = board.items.get(item_id)
    if item is None:
        return None
    alarm = board.alarms.get(f"item:{item_id}")
    return ItemRow(
        item_id=item.item_id,
        seat_id=item.seat_id,
        kind=item.kind,
        title_zh=item.title_zh,
        title_en=item.title_en,
        stage=item.stage,
        owner_kind=item.owner.kind,
        owner_id=item.owner.owner_id,
        incident_id=item.incident_id,
        subject_id=item.subject_id,
        desk_id=item.desk_id,
        holds=item.holds,
        opened_at_ms=item.opened_at_ms,
        stage_at_ms=item.stage_at_ms,
        due_at_ms=item.due_at_ms,
        late=alarm.level if alarm else 0,
        n_postponed=item.n_postponed,
        n_notes=item.n_notes,
        seq=item.seq,
    )
