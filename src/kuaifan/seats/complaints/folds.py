"""Folds of the inspection desk (投诉归并)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.seat_terms import terms_of
from kuaifan.board.state import Board
from kuaifan.seats.complaints import words
from kuaifan.seats.complaints.inquiry import TRUE
from kuaifan.seats.complaints.lookup import slice_of
from kuaifan.seats.complaints.papers import Complaint, Feedback, Terms


def taken(board: Board, event: words.ComplaintTaken, at_ms: int) -> None:
    """It has an owner and a time; counted by how it came."""
    mine = slice_of(board)
    mine.n_complaints += 1
    mine.complaints[event.complaint_id] = Complaint(
        complaint_id=event.complaint_id,
        incident_id=event.incident_id,
        desk_id=event.desk_id,
        channel=event.channel,
        their_id=event.their_id,
        ongoing=event.ongoing,
        wants_answer=event.wants_answer,
        contact=event.contact,
        item_id=event.item_id,
        attend_item_id=event.attend_item_id,
        taken_at_ms=at_ms,
        answer_by_ms=event.answer_by_ms,
    )
    mine.by_incident[event.incident_id] = event.complaint_id
    if event.their_id:
        mine.by_their_id[f"{event.channel}:{event.their_id}"] = event.complaint_id
    mine.tally.add(at_ms, "taken")
    mine.tally.add(at_ms, f"by_{event.channel}")
    mine.tally.add(at_ms, "to_be_answered", int(event.wants_answer))
    mine.tally.add(at_ms, "ongoing", int(event.ongoing))


def inspection_sent(board: Board, event: words.InspectionSent, _at_ms: int) -> None:
    """On its way; in time or not is said by the item."""
    mine = slice_of(board)
    complaint = mine.complaints[event.complaint_id]
    complaint.sent = event.unit_id or event.inspector
    mine.tally.add(complaint.taken_at_ms, "attended")


def begun(board: Board, event: words.InquiryBegun, _at_ms: int) -> None:
    """Somebody by name."""
    complaint = slice_of(board).complaints[event.complaint_id]
    complaint.state, complaint.inspector = "inquiring", event.inspector


def concluded(board: Board, event: words.ComplaintConcluded, at_ms: int) -> None:
    """What was found; 属实率 = founded and partly / concluded."""
    mine = slice_of(board)
    complaint = mine.complaints[event.complaint_id]
    complaint.finding, complaint.account = event.finding, event.account
    complaint.correction_item_id, complaint.responsible = event.item_id, event.responsible
    complaint.state = "answering"
    if not complaint.wants_answer or event.finding == "withdrawn":
        complaint.state, complaint.ended_at_ms = "closed", at_ms
        # Whoever takes it back waits for no answer.
        mine.tally.add(complaint.taken_at_ms, "to_be_answered", -int(complaint.wants_answer))
    mine.tally.add(at_ms, "concluded")
    mine.tally.add(at_ms, "founded", int(event.finding in TRUE))
    mine.tally.add(at_ms, "to_correct", int(bool(event.item_id)))


def complainant_answered(board: Board, event: words.ComplainantAnswered, at_ms: int) -> None:
    """及时答复率 = answered in time / to be answered, on the day that it was taken."""
    mine = slice_of(board)
    complaint = mine.complaints[event.complaint_id]
    complaint.state, complaint.answered_at_ms, complaint.ended_at_ms = "closed", at_ms, at_ms
    mine.tally.add(complaint.taken_at_ms, "answered_in_time", int(event.in_time))


def corrected(board: Board, event: words.CorrectionConfirmed, at_ms: int) -> None:
    """It has changed."""
    mine = slice_of(board)
    mine.complaints[event.complaint_id].corrected_at_ms = at_ms
    mine.tally.add(at_ms, "corrected")


def feedback_received(board: Board, event: words.FeedbackReceived, at_ms: int) -> None:
    """A message with an owner."""
    mine = slice_of(board)
    mine.n_feedback += 1
    mine.feedback[event.feedback_id] = Feedback(
        feedback_id=event.feedback_id,
        incident_id=event.incident_id,
        channel=event.channel,
        topic=event.topic,
        their_id=event.their_id,
        text=event.text,
        contact=event.contact,
        item_id=event.item_id,
        received_at_ms=at_ms,
        answer_by_ms=event.answer_by_ms,
    )
    if event.their_id:
        mine.by_their_id[f"{event.channel}:{event.their_id}"] = event.feedback_id
    mine.tally.add(at_ms, "messages")


def feedback_answered(board: Board, event: words.FeedbackAnswered, _at_ms: int) -> None:
    """Answered: it leaves the list, and the log has it."""
    mine = slice_of(board)
    found = mine.feedback.pop(event.feedback_id)
    mine.by_their_id.pop(f"{found.channel}:{found.their_id}", None)
    mine.tally.add(found.received_at_ms, "messages_in_time", int(event.in_time))


def terms_set(board: Board, event: words.ComplaintTermsSet, _at_ms: int) -> None:
    """From now on."""
    slice_of(board).terms = terms_of(Terms, event)


def retired(board: Board, event: words.ComplaintRetired, _at_ms: int) -> None:
    """Off the list; the log has it."""
    mine = slice_of(board)
    complaint = mine.complaints.pop(event.complaint_id)
    mine.by_incident.pop(complaint.incident_id, None)
    mine.by_their_id.pop(f"{complaint.channel}:{complaint.their_id}", None)


EVOLVERS: Final[Mapping[type, Callable[..., None]]] = {
    words.ComplaintTaken: taken,
    words.InspectionSent: inspection_sent,
    words.InquiryBegun: begun,
    words.ComplaintConcluded: concluded,
    words.ComplainantAnswered: complainant_answered,
    words.CorrectionConfirmed: corrected,
    words.FeedbackReceived: feedback_received,
    words.FeedbackAnswered: feedback_answered,
    words.ComplaintTermsSet: terms_set,
    words.ComplaintRetired: retired,
}
