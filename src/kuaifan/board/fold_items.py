"""Folds of items (事项归并): open ones stand on the board; a closed one has left it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.item_papers import Item, drop_subject, put_subject
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import item as items


def opened(board: Board, event: items.ItemOpened, at_ms: int) -> None:
    """Somebody owes something."""
    board.n_items += 1
    incident = board.incidents.get(event.incident_id)
    board.items[event.item_id] = Item(
        item_id=event.item_id,
        seat_id=event.seat_id,
        kind=event.kind,
        title_zh=event.title_zh,
        title_en=event.title_en,
        stage=event.stage,
        owner=event.owner,
        due_at_ms=event.due_at_ms,
        ladder=event.ladder,
        incident_id=event.incident_id,
        subject_id=event.subject_id,
        desk_id=event.desk_id,
        record_class=event.record_class,
        holds=event.holds,
        opened_at_ms=at_ms,
        stage_at_ms=at_ms,
        kept_from=list(incident.complained_of) if incident else [],
        seq=board.seq,
        readers=event.readers,
    )
    put_subject(board.items_about, board.items[event.item_id])
    _hang(board, event.incident_id, event.item_id)


def moved(board: Board, event: items.ItemMoved, at_ms: int) -> None:
    """A step further."""
    item = board.items[event.item_id]
    item.stage, item.stage_at_ms = event.stage, at_ms
    item.owner, item.due_at_ms, item.seq = event.owner, event.due_at_ms, board.seq
    item.n_notes += bool(event.note)


def handed_on(board: Board, event: items.ItemHandedOn, _at_ms: int) -> None:
    """Another owner."""
    item = board.items[event.item_id]
    item.owner, item.seq = event.owner, board.seq


def postponed(board: Board, event: items.ItemPostponed, _at_ms: int) -> None:
    """Due later."""
    item = board.items[event.item_id]
    item.due_at_ms, item.seq = event.due_at_ms, board.seq
    item.n_postponed += 1


def noted(board: Board, event: items.ItemNoted, _at_ms: int) -> None:
    """Written down; the words stand in the log."""
    item = board.items[event.item_id]
    item.n_notes, item.seq = item.n_notes + 1, board.seq


def closed(board: Board, event: items.ItemClosed, _at_ms: int) -> None:
    """Nothing is owed any more."""
    item = board.items.pop(event.item_id)
    drop_subject(board.items_about, item)
    _unhang(board, item.incident_id, item.item_id)


def rehung(board: Board, event: items.ItemRehung, _at_ms: int) -> None:
    """Of another incident from now on, and of its desk; so is the alarm that it is late."""
    item = board.items[event.item_id]
    _unhang(board, item.incident_id, item.item_id)
    item.incident_id, item.seq = event.incident_id, board.seq
    item.desk_id = board.incidents[event.incident_id].desk_id
    if (alarm := board.alarms.get(f"item:{event.item_id}")) is not None:
        alarm.incident_id, alarm.seq = event.incident_id, board.seq
    _hang(board, event.incident_id, event.item_id)


def _hang(board: Board, incident_id: str, item_id: str) -> None:
    if (incident := board.incidents.get(incident_id)) is not None:
        incident.item_ids.append(item_id)
        incident.seq = board.seq


def _unhang(board: Board, incident_id: str, item_id: str) -> None:
    if (incident := board.incidents.get(incident_id)) is not None:
        incident.item_ids.remove(item_id)
        incident.seq = board.seq


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    items.ItemOpened: opened,
    items.ItemMoved: moved,
    items.ItemHandedOn: handed_on,
    items.ItemPostponed: postponed,
    items.ItemNoted: noted,
    items.ItemClosed: closed,
    items.ItemRehung: rehung,
}
