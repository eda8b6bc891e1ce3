"""An item (事项) as the board keeps it, from its opening to its closing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from kuaifan.vocabulary.item import Owner, Rung
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Role


class Item(msgspec.Struct, kw_only=True):
    """What somebody owes (事项); see ItemOpened. stage_at_ms: since when it is where it is."""

    item_id: str
    seat_id: str
    kind: str
    title_zh: str
    title_en: str
    stage: str
    owner: Owner
    due_at_ms: int
    ladder: tuple[Rung, ...]
    incident_id: str
    subject_id: str
    desk_id: str
    record_class: RecordClass
    holds: bool
    opened_at_ms: int
    stage_at_ms: int
    n_postponed: int = 0
    n_notes: int = 0
    seq: int = 0
    readers: tuple[Role, ...] = ()


def follow_desk(items: Mapping[str, Item], item_ids: Iterable[str], before: str, now: str) -> None:
    """Items of a case that another desk owns now are of that desk; those of a third desk stay."""
    for item_id in item_ids:
        if items[item_id].desk_id == before:
            items[item_id].desk_id = now
