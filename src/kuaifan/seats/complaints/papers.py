"""What the inspection desk keeps (投诉监督分态): complaints, messages, times, counts."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from kuaifan.board.day_tally import DayTally
from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.working_days import WorkingDays
from kuaifan.seats.complaints.words import Channel, Contact, FeedbackChannel, Finding, Topic, Words
from kuaifan.vocabulary.rights import Role

SEAT_ID: Final = "complaints"
INSPECTION: Final = "inspection"
"""The skill of a unit that does inspection (督察)."""
READERS: Final[tuple[Role, ...]] = ("commander", "reviewer")
"""Who keeps the inspection desk; no crew, and no desk that the complaint may be about."""
State = Literal["received", "inquiring", "answering", "closed"]


class Terms(msgspec.Struct, frozen=True):
    """The desk's times (投诉时限), all local [U]; kept_days: on the page after the end."""

    attend_ms: int = 10 * MINUTE_MS
    begin_ms: int = 24 * HOUR_MS
    inquire_working_days: int = 7
    answer_working_days: int = 10
    feedback_working_days: int = 3
    kept_days: int = 90
    days: WorkingDays = WorkingDays()


class Complaint(msgspec.Struct, kw_only=True):
    """A complaint about police (投诉).

    item_id: of the inquiry; attend_item_id: until inspection is on its way; correction_item_id:
    until it has changed. answer_by_ms: promised when it was taken.
    """

    complaint_id: str
    incident_id: str
    desk_id: str
    channel: Channel
    their_id: str
    ongoing: bool
    wants_answer: bool
    contact: Contact
    item_id: str
    attend_item_id: str
    taken_at_ms: int
    answer_by_ms: int
    state: State = "received"
    sent: str = ""
    inspector: str = ""
    finding: Finding | None = None
    account: Words = ""
    correction_item_id: str = ""
    responsible: str = ""
    answered_at_ms: int = 0
    corrected_at_ms: int = 0
    ended_at_ms: int = 0


class Feedback(msgspec.Struct, kw_only=True):
    """A message to the police about the police (意见建议)."""

    feedback_id: str
    incident_id: str
    channel: FeedbackChannel
    topic: Topic
    their_id: str
    text: Words
    contact: Contact
    item_id: str
    received_at_ms: int
    answer_by_ms: int


class Slice(msgspec.Struct):
    """All that the desk keeps (投诉监督专席)."""

    terms: Terms = Terms()
    complaints: dict[str, Complaint] = {}
    by_incident: dict[str, str] = {}
    by_their_id: dict[str, str] = {}
    feedback: dict[str, Feedback] = {}
    n_complaints: int = 0
    n_feedback: int = 0
    tally: DayTally = msgspec.field(default_factory=DayTally)
