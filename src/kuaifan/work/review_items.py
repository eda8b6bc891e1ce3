"""Items (事项): whose they are and until when; the seats say what they are about.

An item is taken, handed on, put off for a reason, and never left without an owner or a due time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.item_papers import Item
from kuaifan.board.items import CLOSED, HOUR_MS, ItemKind, close_item, get_item, open_item
from kuaifan.board.lookup import get_incident, get_unit
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import alarm as alarms
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items
from kuaifan.vocabulary.item import MAX_POSTPONED, Owner

MAX_AHEAD_MS: Final = 400 * 24 * HOUR_MS
"""No loop of the house runs longer; a date beyond it is an error of entry."""


TASK: Final = ItemKind(
    seat_id="desk",
    kind="task",
    title_zh="交办事项",
    title_en="task",
    steps={"open": (CLOSED,)},
    words={"open": ("办理中", "open")},
    outcomes={"done": ("已办", "done"), "dropped": ("撤销", "dropped")},
)
"""What anybody may be asked to do; it keeps no incident open, for its owner outlasts the case."""


def give_task(board: Board, command: items.GiveTask, now_ms: int) -> list[Event]:
    """Somebody is to do something (交办), with a name and a date."""
    incident = get_incident(board, command.incident_id)
    need_name(command.by)
    _need_text(command.text)
    if not now_ms < command.due_at_ms <= now_ms + MAX_AHEAD_MS:
        raise Refused(
            "no_due_time",
            "期限须晚于现在，且不超过 400 天",
            "the due time must lie ahead, by 400 days at most",
        )
    opened = open_item(
        board,
        TASK,
        owner=command.to,
        due_at_ms=command.due_at_ms,
        incident_id=incident.incident_id,
    )
    _check_owner(board, TASK.seat_id, opened.item_id, command.to)
    _refuse_complained_of(incident.incident_id, incident.complained_of, command.to)
    told = items.ItemNoted(
        item_id=opened.item_id,
        by=command.by,
        incident_id=incident.incident_id,
        text=command.text,
    )
    return [opened, told]


def end_task(board: Board, command: items.EndTask, _now_ms: int) -> list[Event]:
    """Done, or not wanted any more (交办办结)."""
    item = get_item(board, command.item_id, TASK)
    need_name(command.by)
    if command.outcome == "dropped":
        need_reason(command.note)
    return [close_item(TASK, item, command.outcome, by=command.by, note=command.note)]


def take_item(board: Board, command: items.TakeItem, _now_ms: int) -> list[Event]:
    """A person takes it (认领)."""
    item = get_item(board, command.item_id)
    need_name(command.by)
    return [_handed(item, Owner("person", command.by.strip()), command.by, "")]


def hand_on_item(board: Board, command: items.HandOnItem, _now_ms: int) -> list[Event]:
    """Somebody else has it now (转交), with a reason."""
    item = get_item(board, command.item_id)
    need_name(command.by)
    need_reason(command.reason)
    _check_owner(board, item.seat_id, item.item_id, command.to)
    _refuse_complained_of(item.incident_id, item.kept_from, command.to)
    return [_handed(item, command.to, command.by, command.reason)]


def postpone_item(board: Board, command: items.PostponeItem, now_ms: int) -> list[Event]:
    """Due later (延期): for a reason, and not for ever."""
    item = get_item(board, command.item_id)
    need_name(command.by)
    need_reason(command.reason)
    if item.n_postponed >= MAX_POSTPONED:
        raise Refused(
            "postponed_enough",
            f"事项 {item.item_id} 已延期 {item.n_postponed} 次，请转交或办结",
            f"item {item.item_id} was put off {item.n_postponed} times: hand it on or close it",
        )
    if not max(now_ms, item.due_at_ms) < command.due_at_ms <= now_ms + MAX_AHEAD_MS:
        raise Refused(
            "no_due_time",
            f"事项 {item.item_id} 的新期限须晚于原期限和现在，且不超过 400 天",
            f"the new due time of {item.item_id} must lie after the old one and now, by 400 days",
        )
    return [
        items.ItemPostponed(
            item_id=item.item_id,
            due_at_ms=command.due_at_ms,
            by=command.by,
            incident_id=item.incident_id,
            reason=command.reason,
        )
    ]


def note_item(board: Board, command: items.NoteItem, _now_ms: int) -> list[Event]:
    """What was done or found (记事)."""
    item = get_item(board, command.item_id)
    need_name(command.by)
    _need_text(command.text)
    return [
        items.ItemNoted(
            item_id=item.item_id, by=command.by, incident_id=item.incident_id, text=command.text
        )
    ]


def rehang_items(board: Board, command: items.RehangItems, _now_ms: int) -> list[Event]:
    """What was owed for an incident that was merged is owed for the other (改挂)."""
    incident = board.incidents.get(command.incident_id)
    return [
        items.ItemRehung(item_id=item_id, incident_id=command.into_incident_id)
        for item_id in (incident.item_ids if incident else ())
    ]


def on_merged(board: Board, event: incidents.IncidentMerged, _now_ms: int) -> list[Follow]:
    """Its items go with it."""
    incident = board.incidents[event.incident_id]
    if not incident.item_ids:
        return []
    return [
        items.RehangItems(incident_id=event.incident_id, into_incident_id=event.into_incident_id)
    ]


def on_due(
    board: Board, event: items.ItemOpened | items.ItemMoved | items.ItemPostponed, _now_ms: int
) -> list[Follow]:
    """Due at another time: the ladder begins there, and nothing is late before."""
    item = board.items.get(event.item_id)
    if item is None:
        # It was closed in the same breath.
        return []
    check = alarms.CheckClock(kind="item", subject_id=event.item_id, level=1)
    first_ms = event.due_at_ms + item.ladder[0].after_ms
    return [*_silence(board, event.item_id), SetTimer(_clock(event.item_id), first_ms, check)]


def on_closed(board: Board, event: items.ItemClosed, _now_ms: int) -> list[Follow]:
    """Nothing is late any more."""
    return [*_silence(board, event.item_id), CancelTimer(_clock(event.item_id))]


def _silence(board: Board, item_id: str) -> list[Follow]:
    standing = _clock(item_id)
    return [alarms.ClearAlarm(alarm_id=standing)] if standing in board.alarms else []


def _clock(item_id: str) -> str:
    """Id of the item's timer, and of its alarm."""
    return f"item:{item_id}"


def _need_text(text: str) -> None:
    if not text.strip():
        raise Refused("no_text", "须填写内容", "write what it is about")


def _handed(item: Item, owner: Owner, by: str, reason: str) -> items.ItemHandedOn:
    if owner == item.owner:
        raise Refused(
            "same_owner",
            f"事项 {item.item_id} 已由 {owner.owner_id} 负责",
            f"item {item.item_id} is already {owner.owner_id}'s",
        )
    return items.ItemHandedOn(
        item_id=item.item_id, owner=owner, by=by, incident_id=item.incident_id, reason=reason
    )


def _check_owner(board: Board, seat_id: str, item_id: str, owner: Owner) -> None:
    """Refuse an owner who does not exist: unknown_desk, unknown_unit, other_seat, no_owner."""
    if not owner.owner_id.strip():
        raise Refused("no_owner", "须填写责任人", "say who does it")
    if owner.kind == "unit":
        get_unit(board, owner.owner_id)
    if owner.kind == "desk" and owner.owner_id not in board.reference.desks:
        raise Refused(
            "unknown_desk",
            f"没有指挥席 {owner.owner_id}",
            f"there is no desk {owner.owner_id}",
        )
    if owner.kind == "seat" and owner.owner_id != seat_id:
        raise Refused(
            "other_seat",
            f"事项 {item_id} 属专席 {seat_id}，可转交个人、指挥席或警组",
            f"item {item_id} is of seat {seat_id}: hand it to a person, desk or unit",
        )


def _refuse_complained_of(incident_id: str, unit_ids: Sequence[str], owner: Owner) -> None:
    """Refuse complained_of: what is told about a unit is never that unit's to deal with."""
    if owner.kind == "unit" and owner.owner_id in unit_ids:
        raise Refused(
            "complained_of",
            f"{owner.owner_id} 是警情 {incident_id} 的被投诉警组，请另定责任人",
            f"incident {incident_id} complains of unit {owner.owner_id}: name another owner",
        )


RULES = Rules[Board](
    deciders={
        items.GiveTask: give_task,
        items.EndTask: end_task,
        items.TakeItem: take_item,
        items.HandOnItem: hand_on_item,
        items.PostponeItem: postpone_item,
        items.NoteItem: note_item,
        items.RehangItems: rehang_items,
    },
    reactions={
        incidents.IncidentMerged: [on_merged],
        items.ItemOpened: [on_due],
        items.ItemMoved: [on_due],
        items.ItemPostponed: [on_due],
        items.ItemClosed: [on_closed],
    },
)
