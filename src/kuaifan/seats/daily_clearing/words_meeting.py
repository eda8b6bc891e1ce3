"""What is said at the daily meeting (三级会议用语): agenda from the board, minutes, tasks.

The agenda is made of incidents, cases, corrections and tasks, and of nothing else: there is no
field in which anybody's opinion or petition could be put on it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.item import ItemNote

from .words_check import ToKind

MeetingLevel = Literal["city", "county", "station"]
AgendaKind = Literal["uncleared", "defect", "case", "small_case", "task", "other_item"]
Minutes = Annotated[str, Personal("incident")]


class AgendaLine(msgspec.Struct, frozen=True):
    """One thing to speak about (议程): an open item that is late or due today."""

    kind: AgendaKind
    item_id: str
    incident_id: str
    is_late: bool


class OpenMeeting(Command, frozen=True):
    """The daily meeting begins (开会); link: to the city's own video system."""

    level: MeetingLevel
    chair: ShortText
    by: ShortText
    link: Annotated[str, msgspec.Meta(max_length=300, pattern=r"^(https?://\S+)?$")] = ""


class WriteMinutes(Command, frozen=True):
    """What was said of a line (会议记录); line_id: meeting and number, as `M1-3`."""

    line_id: Id
    text: ItemNote
    by: ShortText


class GiveMeetingTask(Command, frozen=True):
    """Somebody does something about a line by then (会议交办)."""

    line_id: Id
    text: ItemNote
    to_kind: ToKind
    to_id: ShortText
    due_at_ms: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    by: ShortText


class EndMeetingTask(Command, frozen=True):
    """The task is done, or dropped for a reason (会议任务办结)."""

    item_id: Id
    outcome: Literal["done", "dropped"]
    by: ShortText
    note: ItemNote = ""


class EndMeeting(Command, frozen=True):
    """The meeting is over (散会)."""

    meeting_id: Id
    by: ShortText


class MeetingOpened(Event, frozen=True):
    """A meeting began with its agenda (会议已开始)."""

    meeting_id: str
    level: MeetingLevel
    chair: str
    by: str
    link: str
    agenda: tuple[AgendaLine, ...]


class MinutesWritten(Event, frozen=True):
    """What was said of a line (会议记录已写)."""

    meeting_id: str
    line_no: int
    incident_id: str
    text: Minutes
    by: str


class MeetingTaskGiven(Event, frozen=True):
    """Somebody has a task of the meeting (会议任务已交办)."""

    meeting_id: str
    line_no: int
    incident_id: str
    item_id: str


class MeetingTaskEnded(Event, frozen=True):
    """It is done or dropped (会议任务已办结)."""

    item_id: str
    outcome: Literal["done", "dropped"]
    is_late: bool


class MeetingEnded(Event, frozen=True):
    """The meeting is over (会议已结束)."""

    meeting_id: str
    by: str


COMMANDS = (OpenMeeting, WriteMinutes, GiveMeetingTask, EndMeetingTask, EndMeeting)
EVENTS = (MeetingOpened, MinutesWritten, MeetingTaskGiven, MeetingTaskEnded, MeetingEnded)
