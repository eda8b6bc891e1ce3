"""Complaints about police in words (投诉监督词汇), and what citizens write to the police."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import MAX_TEXT_CHARS, Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold

Channel = Literal["110", "12389", "letter", "visit", "web", "other"]
"""How it reached us; 12389: the national line for complaints about police."""
WrittenChannel = Literal["12389", "letter", "visit", "web", "other"]
Finding = Literal["founded", "partly", "unfounded", "unproven", "withdrawn"]
"""属实、部分属实、不属实、无法查实、撤回."""
Topic = Literal["suggestion", "thanks", "criticism", "question"]
FeedbackChannel = Literal["account", "web", "letter", "visit", "phone"]
"""account: a message left on our own official account, addressed to us; nothing is collected."""
Words = Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS), Personal("incident")]
Contact = Annotated[str, msgspec.Meta(max_length=200), Personal("incident")]
Instant = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Minutes = Annotated[int, msgspec.Meta(ge=1, le=240)]
Hours = Annotated[int, msgspec.Meta(ge=1, le=720)]
Days = Annotated[int, msgspec.Meta(ge=1, le=90)]
KeptDays = Annotated[int, msgspec.Meta(ge=7, le=1095)]
"""How long what is over stays on the page, before the archive has it."""


class LogComplaint(Command, frozen=True):
    """A complaint that came by letter, visit, 12389 or the web (登记投诉), without a call.

    ongoing: it is happening now. their_id: the channel's own number, which makes it once.
    unit_id: the unit it is about, which sees nothing of it from the first moment.
    """

    channel: WrittenChannel
    ongoing: bool
    text: Words
    wants_answer: bool
    by: ShortText
    contact: Contact = ""
    unit_id: Id = ""
    their_id: Id = ""
    address: Annotated[str, msgspec.Meta(max_length=400), Personal("incident")] = ""
    lat: Annotated[float, msgspec.Meta(ge=-90, le=90)] | None = None
    lon: Annotated[float, msgspec.Meta(ge=-180, le=180)] | None = None


class TakeComplaint(Command, frozen=True):
    """An incident is a complaint (投诉受理); a rule asks, whoever opened it."""

    incident_id: Id


class SendInspection(Command, frozen=True):
    """A unit that does inspection goes there (派督察); never one that is complained of."""

    complaint_id: Id
    unit_id: Id
    by: ShortText


class SendInspector(Command, frozen=True):
    """An inspector goes there without a unit (督察员到场)."""

    complaint_id: Id
    inspector: ShortText
    by: ShortText


class NoteInspectionSent(Command, frozen=True):
    """Inspection is on its way (督察已派); a rule asks, when the order is given."""

    complaint_id: Id
    unit_id: Id


class BeginInquiry(Command, frozen=True):
    """An inspector has it (开始核查)."""

    complaint_id: Id
    inspector: ShortText
    by: ShortText


class ConcludeComplaint(Command, frozen=True):
    """What was found (核查结论); where it is true, what is to change, by whom and until when."""

    complaint_id: Id
    finding: Finding
    account: Words
    by: ShortText
    correction: IncidentReason = ""
    responsible: ShortText = ""
    correct_by_ms: Instant = 0


class AnswerComplainant(Command, frozen=True):
    """The complainant is told (答复投诉人)."""

    complaint_id: Id
    answer: Words
    how: ShortText
    by: ShortText


class ConfirmCorrection(Command, frozen=True):
    """What was to change has changed (整改确认), as somebody else has seen."""

    complaint_id: Id
    account: Words
    by: ShortText


class ReceiveFeedback(Command, frozen=True):
    """Somebody wrote to the police about the police (收到意见建议)."""

    channel: FeedbackChannel
    topic: Topic
    text: Words
    by: ShortText
    contact: Contact = ""
    their_id: Id = ""


class AnswerFeedback(Command, frozen=True):
    """It is answered, or noted where nobody can be answered (答复意见建议)."""

    feedback_id: Id
    answer: Words
    by: ShortText


class SetComplaintTerms(Command, frozen=True):
    """Other times hold from now on (设定投诉时限); what is left out stays."""

    by: ShortText
    attend_minutes: Minutes | None = None
    begin_hours: Hours | None = None
    inquire_working_days: Days | None = None
    answer_working_days: Days | None = None
    feedback_working_days: Days | None = None
    kept_days: KeptDays | None = None
    off_days: Annotated[str, msgspec.Meta(max_length=4000)] | None = None
    on_days: Annotated[str, msgspec.Meta(max_length=4000)] | None = None


class RetireComplaint(Command, frozen=True):
    """A timer of old logs (投诉归档); the seats' archive takes them by itself since."""

    complaint_id: Id


class ComplaintTaken(Event, frozen=True):
    """A complaint has an owner and a time (投诉已受理); item_id: of the inquiry."""

    complaint_id: str
    item_id: str
    incident_id: str
    desk_id: str
    channel: Channel
    their_id: str
    ongoing: bool
    attend_item_id: str
    wants_answer: bool
    contact: Contact
    answer_by_ms: int


class InspectionSent(Event, frozen=True):
    """Inspection goes there (督察已派出): a unit, or a person by name."""

    complaint_id: str
    incident_id: str
    unit_id: str
    inspector: str


class InquiryBegun(Event, frozen=True):
    """An inspector has it (已开始核查)."""

    complaint_id: str
    incident_id: str
    inspector: str


class ComplaintConcluded(Event, frozen=True):
    """What was found (核查已有结论); item_id: of the correction, empty where nothing is wrong."""

    complaint_id: str
    incident_id: str
    finding: Finding
    account: Words
    correction: IncidentReasonTold
    responsible: str
    item_id: str
    by: str


class ComplainantAnswered(Event, frozen=True):
    """The complainant was told (已答复投诉人); in_time: within the promised working days."""

    complaint_id: str
    incident_id: str
    answer: Words
    how: str
    in_time: bool


class CorrectionConfirmed(Event, frozen=True):
    """It has changed (整改已确认)."""

    complaint_id: str
    incident_id: str
    account: Words
    by: str


class FeedbackReceived(Event, frozen=True):
    """Somebody wrote to us (意见建议已收)."""

    feedback_id: str
    item_id: str
    incident_id: str
    channel: FeedbackChannel
    topic: Topic
    their_id: str
    text: Words
    contact: Contact
    answer_by_ms: int


class FeedbackAnswered(Event, frozen=True):
    """It was answered (意见建议已答复)."""

    feedback_id: str
    incident_id: str
    answer: Words
    in_time: bool
    by: str


class ComplaintTermsSet(Event, frozen=True):
    """Other times hold (投诉时限已设定)."""

    by: str
    attend_ms: int
    begin_ms: int
    inquire_working_days: int
    answer_working_days: int
    feedback_working_days: int
    off: tuple[int, ...]
    on: tuple[int, ...]
    kept_days: int = 90


class ComplaintRetired(Event, frozen=True):
    """It has left the seat's list (投诉已归档); in old logs only."""

    complaint_id: str


COMMANDS = (
    *(LogComplaint, TakeComplaint, SendInspection, SendInspector, NoteInspectionSent),
    *(BeginInquiry, ConcludeComplaint, AnswerComplainant, ConfirmCorrection, ReceiveFeedback),
    *(AnswerFeedback, SetComplaintTerms, RetireComplaint),
)
INNER = (TakeComplaint, NoteInspectionSent, RetireComplaint)
"""Asked for by rules and timers alone: nobody submits them."""
EVENTS = (
    *(ComplaintTaken, InspectionSent, InquiryBegun, ComplaintConcluded, ComplainantAnswered),
    *(CorrectionConfirmed, FeedbackReceived, FeedbackAnswered, ComplaintTermsSet),
    ComplaintRetired,
)
