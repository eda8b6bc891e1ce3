"""A complaint is looked into (投诉核查): inspection there, a finding, a correction, an answer."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import is_same_person, need_name, need_reason
from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.items import HOUR_MS, close_item, get_item, move_item, open_item
from kuaifan.board.lookup import get_unit
from kuaifan.board.seat_terms import terms_of
from kuaifan.board.state import Board
from kuaifan.board.working_days import with_days
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.complaints import words
from kuaifan.seats.complaints.kinds import ATTEND, CORRECTION, FEEDBACK, INQUIRY
from kuaifan.seats.complaints.lookup import (
    get_complaint,
    get_feedback,
    get_in,
    refuse_own,
    slice_of,
)
from kuaifan.seats.complaints.papers import INSPECTION, Complaint, Terms
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.item import Owner
from kuaifan.work.dispatch import assign_unit

TRUE: Final = frozenset({"founded", "partly"})
MAX_CORRECTION_DAYS: Final = 180
MINUTE_MS: Final = 60_000


def send_inspection(board: Board, command: words.SendInspection, now_ms: int) -> list[Event]:
    """A unit that does inspection (派督察); who is complained of is refused by the core."""
    complaint = _get_unattended(board, command.complaint_id)
    need_name(command.by)
    unit = get_unit(board, command.unit_id)
    if INSPECTION not in unit.skills:
        raise Refused(
            "no_inspection_skill",
            f"{unit.call_sign} 不是督察警组",
            f"unit {unit.unit_id} does no inspection",
        )
    order = orders.AssignUnit(
        incident_id=complaint.incident_id, unit_id=unit.unit_id, by=command.by
    )
    return assign_unit(board, order, now_ms)


def note_sent(board: Board, command: words.NoteInspectionSent, _now_ms: int) -> list[Event]:
    """The order was given (督察已派)."""
    complaint = _get_unattended(board, command.complaint_id)
    unit = get_unit(board, command.unit_id)
    item = get_item(board, complaint.attend_item_id, ATTEND)
    return [
        _sent(complaint, unit.unit_id, ""),
        close_item(ATTEND, item, "sent", by=unit.call_sign),
    ]


def send_inspector(board: Board, command: words.SendInspector, _now_ms: int) -> list[Event]:
    """An inspector without a unit (督察员到场)."""
    complaint = _get_unattended(board, command.complaint_id)
    need_name(command.by, command.inspector)
    refuse_own(board, complaint, command.inspector)
    item = get_item(board, complaint.attend_item_id, ATTEND)
    return [
        _sent(complaint, "", command.inspector),
        close_item(ATTEND, item, "sent", by=command.by),
    ]


def begin(board: Board, command: words.BeginInquiry, now_ms: int) -> list[Event]:
    """An inspector has it (开始核查), by name and until a day."""
    complaint = get_in(board, command.complaint_id, "received")
    need_name(command.by, command.inspector)
    refuse_own(board, complaint, command.inspector, command.by)
    terms = slice_of(board).terms
    item = get_item(board, complaint.item_id, INQUIRY)
    return [
        words.InquiryBegun(
            complaint_id=complaint.complaint_id,
            incident_id=complaint.incident_id,
            inspector=command.inspector,
        ),
        move_item(
            INQUIRY,
            item,
            "inquiring",
            by=command.by,
            due_at_ms=terms.days.end_after(now_ms, terms.inquire_working_days),
            owner=Owner("person", command.inspector.strip()),
        ),
    ]


def conclude(board: Board, command: words.ConcludeComplaint, now_ms: int) -> list[Event]:
    """What was found (核查结论); where it is true, somebody has to mend it by a day."""
    complaint = get_in(board, command.complaint_id, "inquiring")
    need_name(command.by)
    need_name(command.account, zh="须填写核查经过和结论", en="write down what was found")
    refuse_own(board, complaint, command.by, command.responsible)
    is_true = command.finding in TRUE
    if is_true:
        _check_correction(command, now_ms)
    inquiry = get_item(board, complaint.item_id, INQUIRY)
    events: list[Event] = []
    correction_id = ""
    if is_true:
        opened = open_item(
            board,
            CORRECTION,
            owner=Owner("person", command.responsible.strip()),
            due_at_ms=command.correct_by_ms,
            incident_id=inquiry.incident_id,
            subject_id=complaint.complaint_id,
        )
        correction_id = opened.item_id
        events.append(opened)
    concluded = words.ComplaintConcluded(
        complaint_id=complaint.complaint_id,
        incident_id=complaint.incident_id,
        finding=command.finding,
        account=command.account,
        correction=command.correction if is_true else "",
        responsible=command.responsible if is_true else "",
        item_id=correction_id,
        by=command.by,
    )
    if complaint.attend_item_id in board.items:
        attend = get_item(board, complaint.attend_item_id, ATTEND)
        events.append(close_item(ATTEND, attend, "over", by=command.by))
    if not complaint.wants_answer or command.finding == "withdrawn":
        closed = close_item(INQUIRY, inquiry, command.finding, by=command.by)
        return [concluded, *events, closed]
    due_at_ms = max(complaint.answer_by_ms, now_ms + HOUR_MS)
    moved = move_item(INQUIRY, inquiry, "answering", by=command.by, due_at_ms=due_at_ms)
    return [concluded, *events, moved]


def answer(board: Board, command: words.AnswerComplainant, now_ms: int) -> list[Event]:
    """The complainant is told (答复投诉人)."""
    complaint = get_in(board, command.complaint_id, "answering")
    need_name(command.by, command.how)
    need_name(command.answer, zh="须填写答复内容", en="write down what was said")
    refuse_own(board, complaint, command.by)
    item = get_item(board, complaint.item_id, INQUIRY)
    return [
        words.ComplainantAnswered(
            complaint_id=complaint.complaint_id,
            incident_id=complaint.incident_id,
            answer=command.answer,
            how=command.how,
            in_time=now_ms <= complaint.answer_by_ms,
        ),
        close_item(INQUIRY, item, complaint.finding or "unproven", by=command.by),
    ]


def confirm_correction(board: Board, command: words.ConfirmCorrection, _now_ms: int) -> list[Event]:
    """It has changed (整改确认), as somebody else than who had to change it has seen."""
    complaint = get_complaint(board, command.complaint_id)
    need_name(command.by)
    need_name(command.account, zh="须填写整改情况", en="write down what has changed")
    if complaint.correction_item_id not in board.items:
        raise Refused(
            "no_correction",
            f"投诉 {complaint.complaint_id} 没有待整改事项",
            f"complaint {complaint.complaint_id} has nothing to be corrected",
        )
    if is_same_person(command.by, complaint.responsible):
        raise Refused(
            "own_correction",
            "整改须由责任人以外的人确认",
            "somebody else than who had to correct it says that it is done",
        )
    refuse_own(board, complaint, command.by)
    item = get_item(board, complaint.correction_item_id, CORRECTION)
    return [
        words.CorrectionConfirmed(
            complaint_id=complaint.complaint_id,
            incident_id=complaint.incident_id,
            account=command.account,
            by=command.by,
        ),
        close_item(CORRECTION, item, "done", by=command.by),
    ]


def answer_feedback(board: Board, command: words.AnswerFeedback, now_ms: int) -> list[Event]:
    """It is answered (答复意见建议)."""
    found = get_feedback(board, command.feedback_id)
    need_name(command.by)
    need_name(command.answer, zh="须填写答复内容", en="write down what was said")
    item = get_item(board, found.item_id, FEEDBACK)
    return [
        words.FeedbackAnswered(
            feedback_id=found.feedback_id,
            incident_id=found.incident_id,
            answer=command.answer,
            in_time=now_ms <= found.answer_by_ms,
            by=command.by,
        ),
        close_item(FEEDBACK, item, "answered", by=command.by),
    ]


def set_terms(board: Board, command: words.SetComplaintTerms, _now_ms: int) -> list[Event]:
    """Other times (设定投诉时限); what runs keeps the due time it has."""
    need_name(command.by)
    was = slice_of(board).terms
    days = with_days(was.days, off=command.off_days, on=command.on_days)
    minutes, hours = command.attend_minutes, command.begin_hours
    told = words.ComplaintTermsSet(
        by=command.by,
        attend_ms=was.attend_ms if minutes is None else minutes * MINUTE_MS,
        begin_ms=was.begin_ms if hours is None else hours * HOUR_MS,
        inquire_working_days=command.inquire_working_days or was.inquire_working_days,
        answer_working_days=command.answer_working_days or was.answer_working_days,
        feedback_working_days=command.feedback_working_days or was.feedback_working_days,
        kept_days=command.kept_days or was.kept_days,
        off=days.off,
        on=days.on,
    )
    if terms_of(Terms, told) == was:
        raise Refused("nothing_new", "没有改动任何时限", "nothing is changed by this")
    return [told]


def retire(_board: Board, _command: words.RetireComplaint, _now_ms: int) -> list[Event]:
    """Nothing (投诉归档): a timer of old logs; the seats' archive takes it."""
    return []


def _get_unattended(board: Board, complaint_id: str) -> Complaint:
    """Return a complaint to which inspection has to go, or refuse: not_ongoing, inspection_sent."""
    complaint = get_complaint(board, complaint_id)
    if not complaint.ongoing:
        raise Refused(
            "not_ongoing",
            f"投诉 {complaint_id} 不是正在发生，由督察席核查",
            f"complaint {complaint_id} is not going on: the inspection desk looks into it",
        )
    if complaint.attend_item_id not in board.items:
        raise Refused(
            "inspection_sent",
            f"投诉 {complaint_id} 督察已派",
            f"inspection is on its way to complaint {complaint_id} already",
        )
    return complaint


def _sent(complaint: Complaint, unit_id: str, inspector: str) -> words.InspectionSent:
    return words.InspectionSent(
        complaint_id=complaint.complaint_id,
        incident_id=complaint.incident_id,
        unit_id=unit_id,
        inspector=inspector,
    )


def _check_correction(command: words.ConcludeComplaint, now_ms: int) -> None:
    """Refuse: reason_needed, no_name, no_due_time. What is true is to change something."""
    need_reason(command.correction)
    need_name(command.responsible, zh="须填写整改责任人", en="say who has to correct it")
    if not now_ms < command.correct_by_ms <= now_ms + MAX_CORRECTION_DAYS * DAY_MS:
        raise Refused(
            "no_due_time",
            f"整改期限须晚于现在，且不超过 {MAX_CORRECTION_DAYS} 天",
            f"the correction is due ahead of now, within {MAX_CORRECTION_DAYS} days",
        )
