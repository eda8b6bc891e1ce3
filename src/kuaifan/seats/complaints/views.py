"""Tables of the inspection desk (投诉表): complaints, and messages to the police."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kuaifan.board.state import Board
from kuaifan.seats.complaints.lookup import slice_of
from kuaifan.seats.complaints.words import Contact, Words
from kuaifan.vocabulary.record_class import RecordClass


class ComplaintRow(msgspec.Struct, frozen=True, kw_only=True):
    """A complaint as it is listed (投诉行); its class keeps it from whoever may not read it."""

    row_id: str
    incident_id: str
    desk_id: str
    channel: str
    ongoing: str
    state: str
    units: str
    sent: str
    inspector: str
    finding: str
    account: Words
    responsible: str
    contact: Contact
    due_at_ms: int
    answer_by_ms: int
    correct_by_ms: int
    taken_at_ms: int
    record_class: RecordClass = "complaint"


class FeedbackRow(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it is listed (意见行)."""

    row_id: str
    incident_id: str
    desk_id: str
    channel: str
    topic: str
    text: Words
    contact: Contact
    due_at_ms: int
    received_at_ms: int
    record_class: RecordClass = "ordinary"


def list_complaints(board: Board) -> Iterator[ComplaintRow]:
    """Complaints, the newest first."""
    for each in reversed(slice_of(board).complaints.values()):
        incident = board.incidents.get(each.incident_id)
        item = board.items.get(each.item_id)
        correction = board.items.get(each.correction_item_id)
        named = [board.units[unit_id] for unit_id in (incident.complained_of if incident else ())]
        yield ComplaintRow(
            row_id=each.complaint_id,
            incident_id=each.incident_id,
            desk_id=incident.desk_id if incident else each.desk_id,
            channel=each.channel,
            ongoing="yes" if each.ongoing else "no",
            state=each.state,
            units="、".join(unit.call_sign for unit in named),
            sent=each.sent,
            inspector=each.inspector,
            finding=each.finding or "",
            account=each.account,
            responsible=each.responsible,
            contact=each.contact,
            due_at_ms=item.due_at_ms if item else 0,
            answer_by_ms=each.answer_by_ms,
            correct_by_ms=correction.due_at_ms if correction else 0,
            taken_at_ms=each.taken_at_ms,
        )


def list_feedback(board: Board) -> Iterator[FeedbackRow]:
    """Messages that wait for an answer, the oldest first."""
    for each in slice_of(board).feedback.values():
        item, incident = board.items.get(each.item_id), board.incidents.get(each.incident_id)
        yield FeedbackRow(
            row_id=each.feedback_id,
            incident_id=each.incident_id,
            desk_id=incident.desk_id if incident else "city",
            channel=each.channel,
            topic=each.topic,
            text=each.text,
            contact=each.contact,
            due_at_ms=item.due_at_ms if item else 0,
            received_at_ms=each.received_at_ms,
        )


VIEWS = {"complaints": list_complaints, "feedback": list_feedback}
