"""An item (事项) as the board keeps it, from its opening to its closing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from kuaifan.vocabulary.item import Owner, Rung
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Role


class Item(msgspec.Struct, kw_only=True):
    """What somebody owes (事项); see ItemOpened. stage_at_ms: since when it is where it is.

    kept_from: units that its incident complains of; they see nothing of it, also once the incident
    has left the board.
    """

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
    kept_from: list[str] = []
    seq: int = 0
    readers: tuple[Role, ...] = ()


def follow_desk(items: Mapping[str, Item], item_ids: Iterable[str], before: str, now: str) -> None:
    """Items of a case that another desk owns now are of that desk; those of a third desk stay."""
    for item_id in item_ids:
        if items[item_id].desk_id == before:
            items[item_id].desk_id = now


def index_subjects(items: Iterable[Item]) -> dict[tuple[str, str], dict[str, None]]:
    """Ids of items by their seat and what of the seat's own they are about, oldest first."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for item in items:
        put_subject(found, item)
    return found


def put_subject(index: dict[tuple[str, str], dict[str, None]], item: Item) -> None:
    """An item is found by its subject from now on, if it has one."""
    if item.subject_id:
        index.setdefault((item.seat_id, item.subject_id), {})[item.item_id] = None


def drop_subject(index: dict[tuple[str, str], dict[str, None]], item: Item) -> None:
    """It is found no more."""
    key = (item.seat_id, item.subject_id)
    if (known := index.get(key)) is not None:
        known.pop(item.item_id, None)
        if not known:
            del index[key]
