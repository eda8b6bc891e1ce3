"""Who may see a record, and which documents it changed (可见范围与读表)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

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
WITHOUT_TABLE = frozenset(
    {"alarm_id", "closure_id", "note_id", "block_id", "broadcast_id", "effect_id", "item_id"}
)
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


def scope_of(board: Board, command: Command, events: Sequence[Event]) -> Scope:
    """Scope of the first incident the record is about; the whole city's where there is none.

    Papers of many incidents leave with one record: it is as restricted as any of them.
    """
    for message in (*events, command):
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
    for event in record.events:
        touched.update(dict.fromkeys(list_named_ids(event)))
        if isinstance(event, MOVED):
            touched.update(dict.fromkeys(_papers(board, event)))
        if isinstance(event, PlanUsed):
            touched.update(dict.fromkeys(("unit_id", stand.unit_id) for stand in event.stands))
    rows = (_row(board, field, row_id) for field, row_id in touched)
    return [*(row for row in rows if row is not None), *_archived(record)]


def _archived(record: Record) -> Iterator[Row]:
    """Papers of special seats that left with this record, by their incident."""
    for event in record.events:
        if isinstance(event, SeatPaperRetired):
            paper = event.paper
            scope = Scope("", paper.record_class)
            yield Row(SEAT_PAPERS, seat_paper_row_id(paper), scope, paper)


def list_named_ids(event: Event) -> list[tuple[str, str]]:
    """List (field, id) of all that an event names: call, incident, order, unit, alarm, closure."""
    named = ((field, getattr(event, field)) for field in _id_fields(type(event)))
    return [(field, row_id) for field, row_id in named if row_id]


def _incident_of(board: Board, message: msgspec.Struct) -> str:
    """Incident of the order, call, item … that a message names; empty where there is none."""
    for field, entities in OF_AN_INCIDENT:
        if paper_id := getattr(message, field, ""):
            about = getattr(board, entities).get(paper_id)
            return about.incident_id if about is not None else ""
    asked = _asked(board, message)
    return subject_of(board, asked).incident_id if asked is not None else ""


def _asked(board: Board, message: msgspec.Struct) -> Command | None:
    """What an approval is asked, given or refused for."""
    found = board.approvals.approvals.get(getattr(message, "approval_id", ""))
    what = found.what if found is not None else getattr(message, "what", None)
    return what if isinstance(what, Command) else None


def _papers(board: Board, event: Event) -> list[tuple[str, str]]:
    ids = (getattr(event, name, "") for name in ("incident_id", "into_incident_id"))
    found = [board.incidents[incident_id] for incident_id in ids if incident_id in board.incidents]
    call_rows = [("call_id", call_id) for incident in found for call_id in incident.call_ids]
    order_rows = [("order_id", order_id) for incident in found for order_id in incident.order_ids]
    return [*call_rows, *order_rows]


@cache
def _id_fields(event: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(name for name in ID_FIELDS if name in event.__struct_fields__)


def _row(board: Board, field: str, row_id: str) -> Row | None:
    table, entities = _table(board, field)
    entity = entities.get(row_id)
    if entity is None:
        return None
    return Row(table, row_id, _entity_scope(board, entity), entity)


def _table(board: Board, field: str) -> tuple[str, dict[str, Any]]:
    if field == "call_id":
        return "calls", board.calls
    if field == "order_id":
        return "orders", board.orders
    if field == "unit_id":
        return "units", board.units
    if field in WITHOUT_TABLE:
        # They stand on the board and in the log; no table of the store keeps them.
        return "", {}
    return "incidents", board.incidents


def _entity_scope(board: Board, entity: msgspec.Struct) -> Scope:
    incident = board.incidents.get(getattr(entity, "incident_id", ""))
    return Scope(incident.jurisdiction, incident.record_class) if incident else CITY_SCOPE
