"""The daily meeting of three levels (三级会议): agenda from the board, minutes, tasks with dates.

City, county and stations speak about what is open, and about nothing else. What was asked of
somebody stays an item until it is done, and stands on the next day's agenda.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.day_tally import DAY_MS, day_of, start_of_day
from kuaifan.board.item_papers import Item
from kuaifan.board.items import close_item, get_item, open_item
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary.item import ItemNoted, Owner

from .clearing import papers_of
from .kinds import CASE, CHECK, SEAT_ID, SMALL, TASK, UNCLEARED
from .papers import Meeting
from .words_meeting import (
    AgendaKind,
    AgendaLine,
    EndMeeting,
    EndMeetingTask,
    GiveMeetingTask,
    MeetingEnded,
    MeetingOpened,
    MeetingTaskEnded,
    MeetingTaskGiven,
    MinutesWritten,
    OpenMeeting,
    WriteMinutes,
)

MAX_LINES: Final = 300
MAX_TASK_MS: Final = 30 * DAY_MS
KIND_OF: Final[dict[str, AgendaKind]] = {
    UNCLEARED.kind: "uncleared",
    CHECK.kind: "defect",
    CASE.kind: "case",
    SMALL.kind: "small_case",
    TASK.kind: "task",
}
ALWAYS: Final = frozenset({"uncleared", "task"})
"""On the agenda as long as they are open; the others once they are late or due today."""


def make_agenda(board: Board, now_ms: int) -> tuple[AgendaLine, ...]:
    """What is spoken about, most overdue first. O(items log items)."""
    end_ms = start_of_day(day_of(now_ms) + 1)
    lines = [
        (item.due_at_ms, item.item_id, kind, item.incident_id)
        for item in board.items.values()
        if (kind := _kind_of(item)) is not None
        if kind in ALWAYS or item.due_at_ms < (now_ms if kind == "other_item" else end_ms)
    ]
    return tuple(
        AgendaLine(kind, item_id, incident_id, due_at_ms < now_ms)
        for due_at_ms, item_id, kind, incident_id in sorted(lines)[:MAX_LINES]
    )


def open_meeting(board: Board, command: OpenMeeting, now_ms: int) -> list[Event]:
    """The meeting begins (开会); one of a level at a time."""
    papers = papers_of(board)
    need_name(command.by, command.chair)
    for meeting in papers.meetings.values():
        if meeting.level == command.level and not meeting.ended_at_ms:
            raise Refused(
                "meeting_open",
                f"会议 {meeting.meeting_id} 尚未结束",
                f"meeting {meeting.meeting_id} is not over",
            )
    return [
        MeetingOpened(
            meeting_id=f"M{papers.n_meetings + 1}",
            level=command.level,
            chair=command.chair,
            by=command.by,
            link=command.link,
            agenda=make_agenda(board, now_ms),
        )
    ]


def write_minutes(board: Board, command: WriteMinutes, _now_ms: int) -> list[Event]:
    """What was said of a line (会议记录)."""
    meeting, line_no, line = get_line(board, command.line_id)
    need_name(command.by)
    _need_text(command.text)
    return [
        MinutesWritten(
            meeting_id=meeting.meeting_id,
            line_no=line_no,
            incident_id=line.incident_id,
            text=command.text,
            by=command.by,
        )
    ]


def give_task(board: Board, command: GiveMeetingTask, now_ms: int) -> list[Event]:
    """Somebody does something by then (会议交办)."""
    meeting, line_no, line = get_line(board, command.line_id)
    need_name(command.by)
    _need_text(command.text)
    if not command.to_id.strip():
        raise Refused("no_owner", "须填写责任人", "say who does it")
    if not now_ms < command.due_at_ms <= now_ms + MAX_TASK_MS:
        raise Refused(
            "no_due_time",
            "期限须晚于现在，且不超过 30 天",
            "the task is due later than now, by 30 days at most",
        )
    opened = open_item(
        board,
        TASK,
        owner=Owner(command.to_kind, command.to_id.strip()),
        due_at_ms=command.due_at_ms,
        incident_id=line.incident_id,
        subject_id=meeting.meeting_id,
    )
    return [
        opened,
        ItemNoted(
            item_id=opened.item_id,
            by=command.by,
            incident_id=line.incident_id,
            text=command.text,
        ),
        MeetingTaskGiven(
            meeting_id=meeting.meeting_id,
            line_no=line_no,
            incident_id=line.incident_id,
            item_id=opened.item_id,
        ),
    ]


def end_task(board: Board, command: EndMeetingTask, now_ms: int) -> list[Event]:
    """Done or dropped (会议任务办结)."""
    item = get_item(board, command.item_id, TASK)
    need_name(command.by)
    if command.outcome == "dropped":
        need_reason(command.note)
    return [
        close_item(TASK, item, command.outcome, by=command.by, note=command.note),
        MeetingTaskEnded(
            item_id=item.item_id,
            outcome=command.outcome,
            is_late=now_ms > item.due_at_ms,
        ),
    ]


def end_meeting(board: Board, command: EndMeeting, _now_ms: int) -> list[Event]:
    """Over (散会): each uncleared incident was spoken about."""
    meeting = get_meeting(board, command.meeting_id)
    need_name(command.by)
    spoken = {minute.line_no for minute in meeting.minutes} | set(meeting.task_lines)
    silent = [
        line
        for no, line in enumerate(meeting.agenda, 1)
        if line.kind == "uncleared" and no not in spoken and line.item_id in board.items
    ]
    if silent:
        told = "、".join(line.incident_id for line in silent[:5])
        raise Refused(
            "lines_open",
            f"尚有 {len(silent)} 起未清警情没有会议记录或交办：{told}",
            f"{len(silent)} uncleared incidents were not spoken about: {told}",
        )
    return [MeetingEnded(meeting_id=meeting.meeting_id, by=command.by)]


def get_meeting(board: Board, meeting_id: str) -> Meeting:
    """Return a meeting that is not over, or refuse: unknown_meeting, meeting_over."""
    meeting = papers_of(board).meetings.get(meeting_id)
    if meeting is None:
        raise Refused(
            "unknown_meeting", f"没有会议 {meeting_id}", f"there is no meeting {meeting_id}"
        )
    if meeting.ended_at_ms:
        raise Refused("meeting_over", f"会议 {meeting_id} 已结束", f"meeting {meeting_id} is over")
    return meeting


def _kind_of(item: Item) -> AgendaKind | None:
    """What an item is on the agenda; samples are the reviewers' own work."""
    return KIND_OF.get(item.kind) if item.seat_id == SEAT_ID else "other_item"


def get_line(board: Board, line_id: str) -> tuple[Meeting, int, AgendaLine]:
    """Return a meeting, the number and the line, or refuse: unknown_line, unknown_meeting."""
    meeting_id, _, text = line_id.rpartition("-")
    meeting = get_meeting(board, meeting_id)
    line_no = int(text) if text.isdecimal() else 0
    if not 1 <= line_no <= len(meeting.agenda):
        raise Refused(
            "unknown_line",
            f"会议 {meeting.meeting_id} 没有第 {text} 项",
            f"meeting {meeting.meeting_id} has no line {text}",
        )
    return meeting, line_no, meeting.agenda[line_no - 1]


def _need_text(text: str) -> None:
    if not text.strip():
        raise Refused("no_text", "须填写内容", "write what it is about")


RULES: Final = Rules[Board](
    deciders={
        OpenMeeting: open_meeting,
        WriteMinutes: write_minutes,
        GiveMeetingTask: give_task,
        EndMeetingTask: end_task,
        EndMeeting: end_meeting,
    }
)
