"""Out of the archive (调档): what a command names and the board let go, to come first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from kuaifan.board.entities import Call, Incident, Order
from kuaifan.board.stored_papers import recall_of
from kuaifan.kernel.message import Command
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.recall import RecallIncident
from kuaifan.vocabulary.seat_archive import SEAT_PAPERS, RecallSeatPapers, SeatPaper

INCIDENT_FIELDS = ("incident_id", "other_incident_id", "into_incident_id")


def names_missing(command: Command, is_shown: Callable[[str], bool]) -> bool:
    """Whether a command names an incident, or an order of one, that is not shown."""
    named = [getattr(command, field, "") for field in INCIDENT_FIELDS]
    named.append(getattr(command, "order_id", "").rpartition("-")[0])
    return any(each and not is_shown(each) for each in named)


def list_recalls(reader: LogReader, command: Command) -> list[RecallIncident | RecallSeatPapers]:
    """A recall for each incident that a command touches and the archive has; blocks on the disk.

    After it, one for the papers that special seats kept of the incident, where there are any.
    """
    wanted = dict.fromkeys(_named(reader, command))
    recalls: list[RecallIncident | RecallSeatPapers] = []
    for incident_id in wanted:
        found = find_recall(reader, incident_id)
        if found is not None:
            recalls.append(found)
            if papers := list_seat_papers(reader, incident_id):
                recalls.append(RecallSeatPapers(incident_id, papers))
    return recalls


def list_seat_papers(reader: LogReader, incident_id: str) -> tuple[SeatPaper, ...]:
    """What special seats kept of an incident, as it left; what was erased since reads as such."""
    rows = reader.list_rows_under(SEAT_PAPERS, f"{incident_id}/")
    return tuple(msgspec.json.decode(row.body, type=SeatPaper) for row in rows)


def find_recall(reader: LogReader, incident_id: str) -> RecallIncident | None:
    """The papers of an incident as they were stored last; None where there is none, or it is open.

    Read tables keep what left the board: nothing of a retired incident changes any more.
    """
    row = reader.find_row("incidents", incident_id)
    if row is None:
        return None
    incident = msgspec.json.decode(row.body, type=Incident)
    if not incident.is_over:
        return None
    return recall_of(incident, _calls(reader, incident), _orders(reader, incident))


def _named(reader: LogReader, command: Command) -> Iterator[str]:
    for field in INCIDENT_FIELDS:
        if named := getattr(command, field, ""):
            yield named
    order_id = getattr(command, "order_id", "")
    if order_id and (row := reader.find_row("orders", order_id)):
        yield msgspec.json.decode(row.body, type=Order).incident_id


def _calls(reader: LogReader, incident: Incident) -> Iterator[Call]:
    rows = (reader.find_row("calls", each) for each in incident.call_ids)
    calls = (msgspec.json.decode(row.body, type=Call) for row in rows if row)
    # The calls of a merged incident are the main one's, and come back with that.
    return (call for call in calls if call.incident_id == incident.incident_id)


def _orders(reader: LogReader, incident: Incident) -> Iterator[Order]:
    rows = (reader.find_row("orders", each) for each in incident.order_ids)
    return (msgspec.json.decode(row.body, type=Order) for row in rows if row)
