"""Complaints and messages come in (投诉受理、意见收集): by call, 12389, letter, visit, web."""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.asking import need_name
from kuaifan.board.items import ItemKind, open_item
from kuaifan.board.lookup import get_incident, get_type, get_unit
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.complaints import words
from kuaifan.seats.complaints.kinds import ATTEND, FEEDBACK, INQUIRY
from kuaifan.seats.complaints.lookup import slice_of
from kuaifan.seats.complaints.papers import SEAT_ID
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.call import Line
from kuaifan.vocabulary.complaint import ComplainedOfNamed
from kuaifan.vocabulary.item import ItemOpened, Owner
from kuaifan.vocabulary.record_class import record_class_of_type
from kuaifan.work.intake import open_incident

COMPLAINT: Final = "complaint"
NOW, LATER = "police_misconduct_now", "police_service_complaint"
MESSAGE: Final = "police_service_enquiry"
LINES: Final[dict[str, Line]] = {
    "12389": "other_desk",
    "letter": "other_desk",
    "visit": "walk_in",
    "web": "web",
    "other": "other_desk",
    "account": "web",
    "phone": "other_desk",
}
CHANNELS: Final[dict[str, words.Channel]] = {
    "walk_in": "visit",
    "web": "web",
    "other_desk": "other",
}
"""How a complaint reached us that was opened as an incident; by one of the lines otherwise."""


def log(board: Board, command: words.LogComplaint, now_ms: int) -> list[Event]:
    """A complaint without a call (登记投诉); the same number of a channel comes once."""
    need_name(command.by)
    need_name(command.text, zh="须填写投诉内容", en="write down what it is about")
    mine = slice_of(board)
    if command.their_id and (known := mine.by_their_id.get(_key(command))):
        raise Refused(
            "already_logged",
            f"{command.channel} {command.their_id} 已登记为投诉 {known}",
            f"{command.channel} {command.their_id} is complaint {known} already",
        )
    if command.unit_id:
        get_unit(board, command.unit_id)
    found = board.reference.types_by_key[NOW if command.ongoing else LATER]
    asked = incidents.OpenIncident(
        type_code=found.code,
        source=LINES[command.channel],
        narrative=command.text,
        address=command.address,
        lat=command.lat,
        lon=command.lon,
    )
    events = open_incident(board, asked, now_ms)
    opened = next(each for each in events if isinstance(each, incidents.IncidentOpened))
    if command.unit_id:
        named = ComplainedOfNamed(incident_id=opened.incident_id, unit_ids=(command.unit_id,))
        events.append(named)
    return [*events, *_taken(board, opened.incident_id, opened.desk_id, command, now_ms)]


def take(board: Board, command: words.TakeComplaint, now_ms: int) -> list[Event]:
    """Whoever opened it (投诉受理): it has an owner and a time from its first moment."""
    incident = get_incident(board, command.incident_id)
    found = get_type(board, incident.type_code)
    if found.class_key != COMPLAINT:
        raise Refused(
            "no_complaint",
            f"警情 {incident.incident_id} 不是投诉监督类",
            f"incident {incident.incident_id} is no complaint",
        )
    if incident.incident_id in slice_of(board).by_incident:
        raise Refused(
            "already_logged",
            f"警情 {incident.incident_id} 已受理为投诉",
            f"incident {incident.incident_id} is a complaint already",
        )
    told = Told(CHANNELS.get(incident.source, "110"), ongoing=found.key == NOW)
    return _taken(board, incident.incident_id, incident.desk_id, told, now_ms)


def receive_feedback(board: Board, command: words.ReceiveFeedback, now_ms: int) -> list[Event]:
    """Somebody wrote to us about us (收到意见建议); only what was addressed to the police."""
    need_name(command.by)
    need_name(command.text, zh="须填写内容", en="write down what was said")
    mine = slice_of(board)
    if command.their_id and (known := mine.by_their_id.get(_key(command))):
        raise Refused(
            "already_logged",
            f"{command.their_id} 已登记为意见建议 {known}",
            f"{command.their_id} is message {known} already",
        )
    asked = incidents.OpenIncident(
        type_code=board.reference.types_by_key[MESSAGE].code,
        source=LINES[command.channel],
        narrative=command.text,
    )
    events = open_incident(board, asked, now_ms)
    opened = next(each for each in events if isinstance(each, incidents.IncidentOpened))
    terms = mine.terms
    due_at_ms = terms.days.end_after(now_ms, terms.feedback_working_days)
    item = msgspec.structs.replace(
        open_item(
            board,
            FEEDBACK,
            owner=Owner("seat", SEAT_ID),
            due_at_ms=due_at_ms,
            incident_id=opened.incident_id,
            subject_id=f"YJ{mine.n_feedback + 1}",
            desk_id=opened.desk_id,
        ),
        holds=True,
    )
    told = words.FeedbackReceived(
        feedback_id=item.subject_id,
        item_id=item.item_id,
        incident_id=opened.incident_id,
        channel=command.channel,
        topic=command.topic,
        their_id=command.their_id,
        text=command.text,
        contact=command.contact,
        answer_by_ms=due_at_ms,
    )
    return [*events, told, item]


class Told(msgspec.Struct, frozen=True):
    """What is known of a complaint that came in as an incident (投诉要点)."""

    channel: words.Channel
    ongoing: bool
    wants_answer: bool = True
    contact: str = ""
    their_id: str = ""


def _taken(
    board: Board, incident_id: str, desk_id: str, told: words.LogComplaint | Told, now_ms: int
) -> list[Event]:
    """The complaint, its inquiry, and inspection to go there where it goes on."""
    mine = slice_of(board)
    terms, complaint_id = mine.terms, f"TS{mine.n_complaints + 1}"
    inquiry = _opened(board, INQUIRY, (incident_id, desk_id, complaint_id), now_ms + terms.begin_ms)
    items = [inquiry]
    if told.ongoing:
        about = (incident_id, desk_id, complaint_id)
        items.append(_opened(board, ATTEND, about, now_ms + terms.attend_ms, nth=2))
    taken = words.ComplaintTaken(
        complaint_id=complaint_id,
        item_id=inquiry.item_id,
        incident_id=incident_id,
        desk_id=desk_id,
        channel=told.channel,
        their_id=told.their_id,
        ongoing=told.ongoing,
        attend_item_id=items[1].item_id if told.ongoing else "",
        wants_answer=told.wants_answer,
        contact=told.contact,
        answer_by_ms=terms.days.end_after(now_ms, terms.answer_working_days),
    )
    return [taken, *items]


def _opened(
    board: Board, kind: ItemKind, about: tuple[str, str, str], due_at_ms: int, *, nth: int = 1
) -> ItemOpened:
    """An item of a complaint, of its class though its incident may not be on the board yet."""
    incident_id, desk_id, complaint_id = about
    item = open_item(
        board,
        kind,
        owner=Owner("seat", SEAT_ID),
        due_at_ms=due_at_ms,
        incident_id=incident_id,
        subject_id=complaint_id,
        desk_id=desk_id,
        nth=nth,
    )
    of_class = record_class_of_type(board.reference.types_by_key[LATER])
    return msgspec.structs.replace(item, holds=True, record_class=of_class)


def _key(command: words.LogComplaint | words.ReceiveFeedback) -> str:
    return f"{command.channel}:{command.their_id}"
