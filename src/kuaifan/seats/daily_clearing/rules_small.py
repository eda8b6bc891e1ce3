"""Small cases (民生小案): each theft is watched 必盯, its scene examined 必勘, and studied 必研."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.items import HOUR_MS, close_item, get_item, move_item, open_item
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.item import Owner

from .clearing import papers_of
from .kinds import SEAT_ID, SMALL
from .words import (
    DropSmallCase,
    OpenSmallCase,
    SmallCaseDropped,
    SmallCaseOpened,
    SmallCaseStepped,
    SmallStep,
    StepSmallCase,
)

THEFT_KEYS: Final = frozenset(
    {
        *("burglary_in_progress", "burglary_cold", "vehicle_theft", "ebike_theft"),
        *("theft_property", "petty_theft_fraud"),
    }
)
"""Types that are small cases (盗窃类)."""
AFTER: Final[dict[SmallStep, SmallStep]] = {"to_watch": "to_examine", "to_examine": "to_study"}


def is_theft(board: Board, type_code: str) -> bool:
    """Whether incidents of a type are small cases."""
    found = board.reference.types.get(type_code)
    return found is not None and found.key in THEFT_KEYS


def open_small(board: Board, command: OpenSmallCase, now_ms: int) -> list[Event]:
    """A theft is followed (小案建档); once."""
    incident = get_open_incident(board, command.incident_id)
    papers = papers_of(board)
    if incident.incident_id in papers.small or not is_theft(board, incident.type_code):
        return []
    opened = open_item(
        board,
        SMALL,
        owner=Owner("seat", SEAT_ID),
        due_at_ms=now_ms + papers.terms.watch_h * HOUR_MS,
        incident_id=incident.incident_id,
        subject_id=incident.incident_id,
    )
    return [
        opened,
        SmallCaseOpened(incident_id=incident.incident_id, item_id=opened.item_id),
    ]


def step_small(board: Board, command: StepSmallCase, now_ms: int) -> list[Event]:
    """One of the three (必盯、必勘、必研), in their order."""
    item = get_item(board, command.item_id, SMALL)
    need_name(command.by)
    need_reason(command.note)
    if command.done != item.stage:
        raise Refused(
            "no_such_step",
            f"小案 {item.subject_id} 当前为“{SMALL.words[item.stage][0]}”，请先完成",
            f"small case {item.subject_id} is {SMALL.words[item.stage][1]}; that comes first",
        )
    stepped = SmallCaseStepped(incident_id=item.subject_id, item_id=item.item_id, done=command.done)
    if command.done == "to_study":
        ended = close_item(SMALL, item, "done", by=command.by, note=command.note)
        return [ended, stepped]
    owner = item.owner
    if command.done == "to_watch":
        need_name(command.officer, zh="须填写盯办民警", en="say which officer watches it")
        owner = Owner("person", command.officer.strip())
    terms = papers_of(board).terms
    hours = terms.examine_h if command.done == "to_watch" else terms.study_h
    moved = move_item(
        SMALL,
        item,
        AFTER[command.done],
        by=command.by,
        due_at_ms=now_ms + hours * HOUR_MS,
        owner=owner,
        note=command.note,
    )
    return [moved, stepped]


def drop_small(board: Board, command: DropSmallCase, _now_ms: int) -> list[Event]:
    """No theft (小案撤销)."""
    item = get_item(board, command.item_id, SMALL)
    need_name(command.by)
    need_reason(command.reason)
    return [
        close_item(SMALL, item, "no_theft", by=command.by, note=command.reason),
        SmallCaseDropped(incident_id=item.subject_id, item_id=item.item_id),
    ]


def on_opened(
    board: Board, event: incidents.IncidentOpened | incidents.IncidentUpdated, _now_ms: int
) -> list[Follow]:
    """Each theft, from its first minute or from when it turns out to be one."""
    if not is_theft(board, event.type_code) or event.incident_id in papers_of(board).small:
        return []
    return [OpenSmallCase(incident_id=event.incident_id)]


def on_merged(board: Board, event: incidents.IncidentMerged, _now_ms: int) -> list[Follow]:
    """The other incident is followed, and this one with it."""
    small = papers_of(board).small.get(event.incident_id)
    if small is None or small.item_id not in board.items:
        return []
    reason = f"merged into {event.into_incident_id}"
    return [DropSmallCase(item_id=small.item_id, reason=reason, by=SEAT_ID)]


RULES: Final = Rules[Board](
    deciders={
        OpenSmallCase: open_small,
        StepSmallCase: step_small,
        DropSmallCase: drop_small,
    },
    reactions={
        incidents.IncidentOpened: [on_opened],
        incidents.IncidentUpdated: [on_opened],
        incidents.IncidentMerged: [on_merged],
    },
)
