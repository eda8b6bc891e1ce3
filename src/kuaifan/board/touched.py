"""Which rows a record may have changed (受影响的行): ids in its events, and what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from kuaifan.board.asked_about import subject_of
from kuaifan.board.scope import list_named_ids
from kuaifan.board.seat_rows import list_touched_seats
from kuaifan.board.state import Board
from kuaifan.board.view_rows import ViewName
from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.call import CallAttached
from kuaifan.vocabulary.complaint import ComplainedOfNamed
from kuaifan.vocabulary.desk import (
    HandOverAccepted,
    HandOverOffered,
    HandOverRefused,
    IncidentTakenOver,
)
from kuaifan.vocabulary.kinship import IncidentRetired, IncidentSplit
from kuaifan.vocabulary.missed import CallerLimited, CallerLimitEnded
from kuaifan.vocabulary.plan import PlanUsed
from kuaifan.vocabulary.premise import PremiseNoteAdded, PremiseNoteEnded
from kuaifan.vocabulary.recall import IncidentRecalled
from kuaifan.vocabulary.seat import SeatLoggedOn
from kuaifan.vocabulary.setting import SettingChanged

ViewKey = tuple[ViewName, str]
CHANGES_DESK: Final = (
    *(HandOverAccepted, HandOverOffered, HandOverRefused, IncidentTakenOver),
    *(incidents.IncidentPlaced, incidents.IncidentUpdated, incidents.IncidentMerged),
    *(CallAttached, IncidentSplit, ComplainedOfNamed),
)
"""After these what hangs on an incident may be of another desk or class, or kept from a unit."""
OF_ITSELF: Final[Mapping[str, ViewName]] = {
    "closure_id": "closures",
    "block_id": "cards",
    "note_id": "premises",
    "broadcast_id": "broadcasts",
    "effect_id": "letters",
}
"""Ids of things on which no other row hangs."""
BESIDE_CASES: Final[Mapping[str, ViewName]] = {
    "emergency_id": "emergencies",
    "approval_id": "approvals",
    "glass_id": "glass",
}
INCIDENT_ALARMS: Final = ("queue", "hand_over", "other_desk_ground")
"""Alarms whose words follow the incident: its priority, its place, the desk it waits for."""


def touched_keys(board: Board, record: Record) -> list[ViewKey]:
    """List rows to build anew, each once; circles are compared as a whole, elsewhere."""
    found: dict[ViewKey, None] = {}
    for event in record.events:
        for field, row_id in list_named_ids(event):
            found.update(dict.fromkeys(_hanging_on(board, field, row_id)))
        found.update(_beside_cases(event))
        if isinstance(event, IncidentSplit):
            found.update(dict.fromkeys(_of_moved(board, event.order_ids)))
        found.update(dict.fromkeys(_of_other_owner(board, event)))
        if isinstance(event, SettingChanged):
            found.update(dict.fromkeys(_of_settings(board)))
        if isinstance(event, PlanUsed):
            found.update(dict.fromkeys(("units", stand.unit_id) for stand in event.stands))
        if isinstance(event, CallerLimited | CallerLimitEnded):
            # Seldom; every call of the number shows its limit.
            found.update(dict.fromkeys(("calls", call_id) for call_id in board.calls))
        if isinstance(event, PremiseNoteAdded | PremiseNoteEnded):
            near = board.open_places.near(event.lat, event.lon)
            found.update(dict.fromkeys(("incidents", incident_id) for incident_id in near))
    found.update(dict.fromkeys(("seats", each) for each in list_touched_seats(board, record.seq)))
    return list(found)


def _beside_cases(event: Event) -> Iterator[tuple[ViewKey, None]]:
    """Rows of what an event names and no case hangs on."""
    for field, view in BESIDE_CASES.items():
        if row_id := getattr(event, field, ""):
            yield (view, row_id), None
    if request_id := getattr(event, "request_id", ""):
        # Its words name the service that is asked.
        yield ("alarms", f"agency_untold:{request_id}"), None


def all_keys(board: Board) -> list[ViewKey]:
    """List every row that could be shown."""
    found: dict[ViewKey, None] = {}
    for call_id in board.calls:
        found.update(dict.fromkeys(_of_call(board, call_id)))
    for incident_id in board.incidents:
        found.update(dict.fromkeys(_of_incident(board, incident_id)))
    for order_id in board.orders:
        found.update(dict.fromkeys(_of_order(board, order_id)))
    found.update(dict.fromkeys(("units", unit_id) for unit_id in board.units))
    found.update(dict.fromkeys(("alarms", alarm_id) for alarm_id in board.alarms))
    found.update(dict.fromkeys(("closures", closure_id) for closure_id in board.closures))
    found.update(dict.fromkeys(("cards", block_id) for block_id in board.card_blocks))
    found.update(dict.fromkeys(("emergencies", each) for each in board.emergencies))
    found.update(dict.fromkeys(("move_ups", unit_id) for unit_id in board.move_ups))
    found.update(dict.fromkeys(("seats", seat_id) for seat_id in board.desk_seats))
    found.update(dict.fromkeys(("premises", note_id) for note_id in board.premises))
    found.update(dict.fromkeys(("broadcasts", each) for each in board.broadcasts))
    found.update(dict.fromkeys(("items", item_id) for item_id in board.items))
    found.update(dict.fromkeys(("letters", each) for each in board.outbox.letters))
    found.update(dict.fromkeys(("approvals", each) for each in board.approvals.approvals))
    found.update(dict.fromkeys(("glass", each) for each in board.access.glass))
    return list(found)


def _hanging_on(board: Board, field: str, row_id: str) -> Iterator[ViewKey]:
    if field in OF_ITSELF:
        yield OF_ITSELF[field], row_id
    elif field == "call_id":
        yield from _of_call(board, row_id)
    elif field == "order_id":
        yield from _of_order(board, row_id)
    elif field == "unit_id":
        yield "units", row_id
        yield from _of_moves(board, row_id)
    elif field == "alarm_id":
        yield from _of_alarm(row_id)
    elif field == "item_id":
        yield "items", row_id
        yield "alarms", f"item:{row_id}"
    else:
        yield from _of_incident(board, row_id)


def _of_moves(board: Board, unit_id: str) -> Iterator[ViewKey]:
    """The suggestion for a unit, and what it means for the others: they may go to the same post."""
    yield "move_ups", unit_id
    for other_id in board.move_ups:
        yield "move_ups", other_id


def _of_moved(board: Board, order_ids: tuple[str, ...]) -> Iterator[ViewKey]:
    """Orders of another incident now: their units and their standing alarms say so."""
    for order_id in order_ids:
        yield from _of_order(board, order_id)
    for alarm in board.alarms.values():
        if alarm.order_id in order_ids:
            yield "alarms", alarm.alarm_id


def _of_other_owner(board: Board, event: Event) -> Iterator[ViewKey]:
    """What is another desk's after an event, or of another class, without being named by it."""
    if isinstance(event, CHANGES_DESK):
        for incident_id in (event.incident_id, getattr(event, "into_incident_id", "")):
            yield from _of_desk_change(board, incident_id)
    if isinstance(event, IncidentRetired | IncidentRecalled):
        # What is owed for it outlasts it, and is its desk's as long as it is here; seldom.
        about = (each for each in board.items.values() if each.incident_id == event.incident_id)
        yield from _with_alarms(each.item_id for each in about)
    if isinstance(event, SeatLoggedOn):
        # A call that is offered to a seat is of the seat's desk too.
        for call_id in board.ringing:
            yield from _of_call(board, call_id)


def _of_desk_change(board: Board, incident_id: str) -> Iterator[ViewKey]:
    """An incident of another desk, or class: so are its units and whatever alarms about it."""
    incident = board.incidents.get(incident_id)
    for order_id in incident.order_ids if incident else ():
        yield from _of_order(board, order_id)
    yield from _with_alarms(incident.item_ids if incident else ())
    if incident is not None:
        yield from _approvals_about(board, incident_id, "")
    beside: tuple[tuple[ViewName, Mapping[str, Any]], ...] = (
        ("alarms", board.alarms),
        ("emergencies", board.emergencies),
        ("broadcasts", board.broadcasts),
        ("letters", board.outbox.letters),
    )
    for view, papers in beside:
        yield from ((view, key) for key, each in papers.items() if each.incident_id == incident_id)


def _with_alarms(item_ids: Iterable[str]) -> Iterator[ViewKey]:
    """Items, and that they are late: an alarm is of whom its item is."""
    for item_id in item_ids:
        yield "items", item_id
        yield "alarms", f"item:{item_id}"


def _of_settings(board: Board) -> Iterator[ViewKey]:
    """Wherever names and targets stand: a setting is changed a few times a day."""
    for incident in board.incidents.values():
        if incident.major is not None:
            yield "majors", incident.incident_id
        if incident.is_over:
            continue
        yield "incidents", incident.incident_id
        for order_id in incident.order_ids:
            yield "alarms", f"unsigned:{order_id}"
            yield "alarms", f"feedback:{order_id}"
    for alarm_id in board.alarms:
        yield "alarms", alarm_id
    for emergency_id in board.emergencies:
        yield "emergencies", emergency_id
    for unit_id in board.move_ups:
        yield "move_ups", unit_id


def _of_alarm(alarm_id: str) -> Iterator[ViewKey]:
    """An alarm; an item says how late it is, and a call that is owed a ring is not just missed."""
    yield "alarms", alarm_id
    kind, _, subject_id = alarm_id.partition(":")
    if kind == "item":
        yield "items", subject_id
    if kind == "call_back":
        yield "alarms", f"abandoned:{subject_id}"


def _of_call(board: Board, call_id: str) -> Iterator[ViewKey]:
    """A call; what is asked about it goes with it into a case, and to another desk."""
    yield "calls", call_id
    yield "alarms", f"abandoned:{call_id}"
    yield from _approvals_about(board, "", call_id)


def _approvals_about(board: Board, incident_id: str, call_id: str) -> Iterator[ViewKey]:
    """Requests for an approval about a case or a call; there are few."""
    for approval in board.approvals.approvals.values():
        subject = subject_of(board, approval.what)
        if subject.incident_id == incident_id != "" or subject.call_id == call_id != "":
            yield "approvals", approval.approval_id


def _of_incident(board: Board, incident_id: str) -> Iterator[ViewKey]:
    """An incident, its waiting, and its calls: they leave the screens with it."""
    yield "incidents", incident_id
    yield "majors", incident_id
    for kind in INCIDENT_ALARMS:
        # One that has gone was named by the event that cleared it.
        if (alarm_id := f"{kind}:{incident_id}") in board.alarms:
            yield "alarms", alarm_id
    incident = board.incidents.get(incident_id)
    for call_id in incident.call_ids if incident else ():
        yield from _of_call(board, call_id)


def _of_order(board: Board, order_id: str) -> Iterator[ViewKey]:
    yield "alarms", f"unsigned:{order_id}"
    yield "alarms", f"feedback:{order_id}"
    if (order := board.orders.get(order_id)) is not None:
        yield "units", order.unit_id
        yield from _of_incident(board, order.incident_id)
