"""Who may see a record, and which documents it changed (可见范围与读表)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec

from kuaifan.board.asked_about import subject_of
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record, Scope
from kuaifan.kernel.rulebook import Row
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import kinship, recall
from kuaifan.vocabulary.plan import PlanUsed
from kuaifan.vocabulary.seat_archive import SEAT_PAPERS, SeatPaperRetired, seat_paper_row_id

CITY_SCOPE = Scope()
ID_FIELDS = (
    "call_id",
    "incident_id",
    "into_incident_id",
    "left_incident_id",
    "other_incident_id",
    "order_id",
    "unit_id",
    "alarm_id",
    "closure_id",
    "block_id",
    "note_id",
    "broadcast_id",
    "effect_id",
    "item_id",
)
TABLES: Final = {
    "call_id": "calls",
    "order_id": "orders",
    "unit_id": "units",
    "incident_id": "incidents",
    "into_incident_id": "incidents",
    "left_incident_id": "incidents",
    "other_incident_id": "incidents",
}
"""Where the board and the store keep what is named; the rest is on the board and in the log."""
OF_AN_INCIDENT = (
    ("order_id", "orders"),
    ("call_id", "calls"),
    ("item_id", "items"),
    ("emergency_id", "emergencies"),
)
"""What a message may name that belongs to an incident, and where the board has it."""
MOVED = (
    incidents.IncidentPlaced,
    incidents.IncidentUpdated,
    incidents.IncidentMerged,
    calls.CallAttached,
    kinship.IncidentSplit,
    recall.IncidentRecalled,
)
"""After these the papers of an incident may belong to another station or class, or incident."""
MOVES_PAPERS: Final = frozenset({*MOVED, PlanUsed})


def scope_of(board: Board, command: Command, events: Sequence[Event]) -> Scope:
    """Scope of the first incident the record is about; the whole city's where there is none.

    Papers of many incidents leave with one record: it is as restricted as any of them.
    """
    for message in (*events, command):
        about = _about(type(message))
        if about is None:
            continue
        if isinstance(message, SeatPaperRetired) and message.paper.record_class != "ordinary":
            return Scope("", message.paper.record_class)
        incident_id = getattr(message, "incident_id", "") or _incident_of(board, message)
        if incident := board.incidents.get(incident_id):
            return Scope(incident.jurisdiction, incident.record_class)
    return CITY_SCOPE


def about_of(board: Board, command: Command) -> str:
    """The case or call that a command is about through what it names, as noun:id; else empty."""
    if incident_id := _incident_of(board, command):
        return f"incident:{incident_id}"
    call_id = subject_of(board, _asked(board, command)).call_id
    return f"call:{call_id}" if call_id else ""


def rows_of(board: Board, record: Record) -> list[Row]:
    """Images of every call, incident, order and unit that the record's events changed."""
    touched: dict[tuple[str, str], None] = {}
    archived: list[Row] = []
    for event in record.events:
        kind = type(event)
        for field, table in _kept_ids(kind):
            if row_id := getattr(event, field):
                touched[table, row_id] = None
        if kind in MOVES_PAPERS:
            touched.update(dict.fromkeys(_moved(board, event)))
        elif isinstance(event, SeatPaperRetired):
            archived.append(_archived(event))
    rows: list[Row] = []
    for table, row_id in touched:
        entities: dict[str, Any] = getattr(board, table)
        entity = entities.get(row_id)
        if entity is not None:
            incident = board.incidents.get(getattr(entity, "incident_id", ""))
            scope = Scope(incident.jurisdiction, incident.record_class) if incident else CITY_SCOPE
            rows.append(Row(table, row_id, scope, entity))
    return rows + archived


def _archived(event: SeatPaperRetired) -> Row:
    """A paper of a special seat that left, by its incident."""
    paper = event.paper
    return Row(SEAT_PAPERS, seat_paper_row_id(paper), Scope("", paper.record_class), paper)


def list_named_ids(event: Event) -> list[tuple[str, str]]:
    """List (field, id) of all that an event names: call, incident, order, unit, alarm, closure."""
    fields = _id_fields(type(event))
    return [(field, row_id) for field in fields if (row_id := getattr(event, field))]


def _incident_of(board: Board, message: msgspec.Struct) -> str:
    """Incident of the order, call, item … that a message names; empty where there is none."""
    about = _about(type(message))
    if about is None:
        return ""
    for field, entities in about.papers:
        if paper_id := getattr(message, field):
            found = getattr(board, entities).get(paper_id)
            return found.incident_id if found is not None else ""
    asked = _asked(board, message) if about.is_asked else None
    return subject_of(board, asked).incident_id if asked is not None else ""


def _asked(board: Board, message: msgspec.Struct) -> Command | None:
    """What an approval is asked, given or refused for."""
    found = board.approvals.approvals.get(getattr(message, "approval_id", ""))
    what = found.what if found is not None else getattr(message, "what", None)
    return what if isinstance(what, Command) else None


def _moved(board: Board, event: Event) -> list[tuple[str, str]]:
    """Rows that an event changes without naming them."""
    if isinstance(event, PlanUsed):
        return [("units", stand.unit_id) for stand in event.stands]
    ids = (getattr(event, name, "") for name in ("incident_id", "into_incident_id"))
    found = [board.incidents[incident_id] for incident_id in ids if incident_id in board.incidents]
    call_rows = [("calls", call_id) for incident in found for call_id in incident.call_ids]
    order_rows = [("orders", order_id) for incident in found for order_id in incident.order_ids]
    return [*call_rows, *order_rows]


class _About(NamedTuple):
    """How a type of messages may name an incident: itself, by its papers, by what it asks for."""

    has_incident: bool
    papers: tuple[tuple[str, str], ...]
    is_asked: bool


@cache
def _about(message: type[msgspec.Struct]) -> _About | None:
    """How a type may name an incident, None where it cannot: a third of all are timers."""
    papers = tuple(each for each in OF_AN_INCIDENT if hasattr(message, each[0]))
    is_asked = hasattr(message, "approval_id") or hasattr(message, "what")
    about = _About(hasattr(message, "incident_id"), papers, is_asked)
    return about if any(about) or issubclass(message, SeatPaperRetired) else None


@cache
def _id_fields(event: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name in ID_FIELDS if name in event.__struct_fields__)


@cache
def _kept_ids(event: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """List (field, table) of what a type of events names that a table keeps."""
    return tuple((name, TABLES[name]) for name in _id_fields(event) if name in TABLES)
