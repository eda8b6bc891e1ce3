"""Kinds of items (事项种类), and how a seat opens, moves and closes one, or is refused in words.

A seat declares its kinds as data; no step is skipped: only the stages that the kind names come
after another. An item has an owner and a due time as long as it is open, by its very shape.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from kuaifan.board.case_class import class_of_incident
from kuaifan.board.entities import Incident
from kuaifan.board.item_papers import Item
from kuaifan.board.reference import CITY_DESK, MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Refused
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.item import Owner, Rung
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Role

CLOSED: Final = "closed"
"""In the steps of a kind it says from which stages an item may be closed."""
HOUR_MS: Final = 60 * MINUTE_MS
USUAL_LADDER: Final = (
    Rung(0, "dispatcher"),
    Rung(HOUR_MS, "supervisor"),
    Rung(4 * HOUR_MS, "leader"),
)
DECIDES: Final = frozenset({"supervisor", "leader"})
"""Who may stand last on a ladder: a person who can do something about it."""


class ItemKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of item of a seat, as data (事项种类); raises BadInputError for one that has no end.

    steps: the stages that may follow each one, `closed` among them; an item begins in the first.
    words: of the stages; outcomes: of the ways to close it. ladder: who is told when it is late.
    record_class: of a restricted seat, whose items are its own even when their incident is gone.
    readers: the only roles that are shown such an item, on any screen; everybody's where empty.
    """

    seat_id: str
    kind: str
    title_zh: str
    title_en: str
    steps: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, str]]
    outcomes: Mapping[str, tuple[str, str]]
    ladder: tuple[Rung, ...] = USUAL_LADDER
    holds: bool = False
    record_class: RecordClass = "ordinary"
    readers: tuple[Role, ...] = ()

    def __post_init__(self) -> None:
        named = {stage for follow in self.steps.values() for stage in follow} - {CLOSED}
        if named - self.steps.keys() or self.words.keys() != self.steps.keys():
            raise BadInputError(f"{self.name}: every stage needs its steps and its words")
        if not self.outcomes or not any(CLOSED in follow for follow in self.steps.values()):
            raise BadInputError(f"{self.name}: no way leads to its end")
        offsets = [rung.after_ms for rung in self.ladder]
        if not self.ladder or self.ladder[-1].to not in DECIDES or sorted(set(offsets)) != offsets:
            raise BadInputError(f"{self.name}: its ladder must rise and end with a person")

    @property
    def name(self) -> str:
        """As messages about the declaration call it."""
        return f"item {self.seat_id}/{self.kind}"

    @property
    def first_stage(self) -> str:
        """Where an item begins."""
        return next(iter(self.steps))


def get_item(board: Board, item_id: str, kind: ItemKind | None = None) -> Item:
    """Return an open item, of a kind if one is given, or refuse: unknown_item, other_kind."""
    item = board.items.get(item_id)
    if item is None:
        raise Refused(
            "unknown_item",
            f"没有事项 {item_id}，或已办结",
            f"there is no item {item_id}, or it is closed",
        )
    if kind is not None and (item.seat_id, item.kind) != (kind.seat_id, kind.kind):
        raise Refused(
            "other_kind",
            f"事项 {item_id} 是“{item.title_zh}”，不是“{kind.title_zh}”",
            f"item {item_id} is a {item.title_en}, not a {kind.title_en}",
        )
    return item


def find_item(board: Board, kind: ItemKind, subject_id: str) -> Item | None:
    """The open item of a kind about a thing of the seat's own, the oldest where there are more."""
    for item_id in board.items_about.get((kind.seat_id, subject_id), ()):
        item = board.items[item_id]
        if item.kind == kind.kind:
            return item
    return None


def list_items(board: Board, seat_id: str, subject_id: str) -> list[Item]:
    """All open items of a seat about one of its own things, oldest first."""
    return [board.items[each] for each in board.items_about.get((seat_id, subject_id), ())]


def open_item(
    board: Board,
    kind: ItemKind,
    *,
    owner: Owner,
    due_at_ms: int,
    incident_id: str = "",
    subject_id: str = "",
    desk_id: str = "",
    nth: int = 1,
) -> items.ItemOpened:
    """The event that opens an item; nth: of those opened by the same command."""
    incident = board.incidents.get(incident_id)
    return items.ItemOpened(
        item_id=f"W{board.n_items + nth}",
        seat_id=kind.seat_id,
        kind=kind.kind,
        title_zh=kind.title_zh,
        title_en=kind.title_en,
        stage=kind.first_stage,
        owner=owner,
        due_at_ms=due_at_ms,
        ladder=kind.ladder,
        incident_id=incident_id,
        subject_id=subject_id,
        desk_id=desk_id or (incident.desk_id if incident else CITY_DESK),
        record_class=_class_of(board, kind, incident),
        holds=kind.holds and incident is not None,
        readers=kind.readers,
    )


def move_item(
    kind: ItemKind,
    item: Item,
    stage: str,
    *,
    by: str,
    due_at_ms: int,
    owner: Owner | None = None,
    note: str = "",
) -> items.ItemMoved:
    """The event of a step, or refuse: no_such_step."""
    _check_step(kind, item, stage)
    return items.ItemMoved(
        item_id=item.item_id,
        stage=stage,
        due_at_ms=due_at_ms,
        by=by,
        owner=owner or item.owner,
        incident_id=item.incident_id,
        note=note,
    )


def close_item(
    kind: ItemKind, item: Item, outcome: str, *, by: str, note: str = ""
) -> items.ItemClosed:
    """The event of its end, or refuse: no_such_step, no_such_outcome."""
    _check_step(kind, item, CLOSED)
    if outcome not in kind.outcomes:
        known = "、".join(kind.outcomes)
        raise Refused(
            "no_such_outcome",
            f"“{kind.title_zh}”的结果只有：{known}",
            f"a {kind.title_en} ends in one of: {', '.join(kind.outcomes)}",
        )
    return items.ItemClosed(
        item_id=item.item_id, outcome=outcome, by=by, incident_id=item.incident_id, note=note
    )


def is_held(board: Board, incident: Incident) -> bool:
    """Whether something is still owed before an incident may be closed."""
    return any(board.items[each].holds for each in incident.item_ids)


def refuse_if_held(board: Board, incident: Incident) -> None:
    """Refuse to close an incident for which something is still owed: items_open."""
    held = [board.items[each] for each in incident.item_ids if board.items[each].holds]
    if held:
        told = "、".join(f"{each.item_id} {each.title_zh}" for each in held)
        raise Refused(
            "items_open",
            f"警情 {incident.incident_id} 尚有未办结事项：{told}",
            f"incident {incident.incident_id} has open items: "
            + ", ".join(f"{each.item_id} {each.title_en}" for each in held),
        )


def _check_step(kind: ItemKind, item: Item, stage: str) -> None:
    follow = kind.steps[item.stage]
    if stage in follow:
        return
    zh, en = _words(kind, stage)
    here_zh, here_en = _words(kind, item.stage)
    raise Refused(
        "no_such_step",
        f"事项 {item.item_id} 当前为“{here_zh}”，不能转为“{zh}”",
        f"item {item.item_id} is {here_en}: it cannot become {en}",
    )


def _words(kind: ItemKind, stage: str) -> tuple[str, str]:
    return ("办结", "closed") if stage == CLOSED else kind.words.get(stage, (stage, stage))


def _class_of(board: Board, kind: ItemKind, incident: Incident | None) -> RecordClass:
    if kind.record_class != "ordinary":
        return kind.record_class
    return class_of_incident(board, incident) if incident else "ordinary"
