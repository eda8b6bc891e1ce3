"""The rules of the inspection desk (投诉监督规则): who decides, and what follows by itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.kernel.rulebook import Follow
from kuaifan.seats.complaints import inquiry, taking, words
from kuaifan.seats.complaints.lookup import slice_of
from kuaifan.seats.complaints.papers import INSPECTION
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.complaint import ComplainedOfNamed


def on_opened(
    board: Board, event: incidents.IncidentOpened | incidents.IncidentUpdated, _now_ms: int
) -> list[Follow]:
    """No complaint without an owner, whoever opened it or made it one."""
    found = board.reference.types[event.type_code]
    if found.class_key != taking.COMPLAINT or event.incident_id in slice_of(board).by_incident:
        return []
    return [words.TakeComplaint(incident_id=event.incident_id)]


def on_assigned(board: Board, event: orders.UnitAssigned, _now_ms: int) -> list[Follow]:
    """Whoever sent inspection there, it is on its way."""
    complaint = slice_of(board).complaints.get(
        slice_of(board).by_incident.get(event.incident_id, "")
    )
    if complaint is None or complaint.attend_item_id not in board.items:
        return []
    if INSPECTION not in board.units[event.unit_id].skills:
        return []
    return [words.NoteInspectionSent(complaint_id=complaint.complaint_id, unit_id=event.unit_id)]


def on_named(board: Board, event: ComplainedOfNamed, _now_ms: int) -> list[Follow]:
    """Who is complained of is not proposed any more."""
    incident = board.incidents[event.incident_id]
    if not incident.is_placed or incident.is_over or not event.unit_ids:
        return []
    return [incidents.RecommendUnits(incident_id=event.incident_id)]


def on_feedback_answered(board: Board, event: words.FeedbackAnswered, _now_ms: int) -> list[Follow]:
    """Its record is settled with it; nobody has to go anywhere."""
    incident = board.incidents.get(event.incident_id)
    if incident is None or incident.is_over or incident.settled or incident.order_ids:
        return []
    return [
        incidents.SettleByPhone(
            incident_id=event.incident_id, disposition="by_phone", approved_by=event.by
        )
    ]


DECIDERS: Final[Mapping[type, Callable[..., list[Event]]]] = {
    words.LogComplaint: taking.log,
    words.TakeComplaint: taking.take,
    words.SendInspection: inquiry.send_inspection,
    words.SendInspector: inquiry.send_inspector,
    words.NoteInspectionSent: inquiry.note_sent,
    words.BeginInquiry: inquiry.begin,
    words.ConcludeComplaint: inquiry.conclude,
    words.AnswerComplainant: inquiry.answer,
    words.ConfirmCorrection: inquiry.confirm_correction,
    words.ReceiveFeedback: taking.receive_feedback,
    words.AnswerFeedback: inquiry.answer_feedback,
    words.SetComplaintTerms: inquiry.set_terms,
    words.RetireComplaint: inquiry.retire,
}
REACTIONS: Final[Mapping[type, tuple[Callable[[Board, Any, int], list[Follow]], ...]]] = {
    incidents.IncidentOpened: (on_opened,),
    incidents.IncidentUpdated: (on_opened,),
    orders.UnitAssigned: (on_assigned,),
    ComplainedOfNamed: (on_named,),
    words.FeedbackAnswered: (on_feedback_answered,),
}
