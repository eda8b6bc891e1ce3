"""Simulated people of the inspection desk (仿真督察); the shares are ours [U]."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command
from kuaifan.seats.complaints import words
from kuaifan.seats.complaints.inquiry import TRUE
from kuaifan.seats.complaints.lookup import slice_of
from kuaifan.seats.complaints.papers import SEAT_ID, Complaint
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items

Draw = Callable[[str], float]
Says = Iterable[tuple[int, Command]]
DESK, INSPECTOR, LEADER = "督察席", "督察员", "所长"
P_WRITTEN, P_LATE, P_TRUE, P_PARTLY, P_UNPROVEN, P_ANONYMOUS = 0.002, 0.08, 0.12, 0.2, 0.3, 0.2
P_MESSAGE, P_NOW = 0.004, 0.15
CHANNELS: Final[tuple[words.WrittenChannel, ...]] = ("12389", "12389", "letter", "visit", "web")
TOPICS: Final[tuple[words.Topic, ...]] = ("suggestion", "thanks", "criticism", "question")


def on_closed(_board: Board, event: incidents.IncidentClosed, _at_ms: int, draw: Draw) -> Says:
    """Of some incidents somebody complains afterwards, or writes to us."""
    if draw("complains") < P_WRITTEN:
        now = draw("complains of now") < P_NOW
        yield (
            int(draw("complaint wait") * 2 * DAY_MS),
            words.LogComplaint(
                channel=CHANNELS[int(draw("channel") * len(CHANNELS))],
                ongoing=now,
                text="反映出警慢、态度生硬",
                wants_answer=draw("anonymous") >= P_ANONYMOUS,
                their_id=f"TS-{event.incident_id}",
                by=DESK,
            ),
        )
    if draw("writes") < P_MESSAGE:
        yield (
            int(draw("message wait") * 2 * DAY_MS),
            words.ReceiveFeedback(
                channel="account",
                topic=TOPICS[int(draw("topic") * len(TOPICS))],
                text="建议增设夜间巡逻",
                their_id=f"LY-{event.incident_id}",
                by=DESK,
            ),
        )


def on_item(
    board: Board, event: items.ItemOpened | items.ItemMoved, at_ms: int, draw: Draw
) -> Says:
    """Whatever stands somewhere is somebody's next step; so also after a restart."""
    item = board.items.get(event.item_id)
    if item is None or item.seat_id != SEAT_ID:
        return
    if item.kind == "feedback":
        days = 7 if draw("message late") < P_LATE else draw("message") * 2
        reply = words.AnswerFeedback(feedback_id=item.subject_id, answer="感谢您的意见", by=DESK)
        yield int(days * DAY_MS), reply
        return
    complaint = slice_of(board).complaints[item.subject_id]
    step = INQUIRY[item.stage] if item.kind == "inquiry" else STEPS[item.kind]
    yield from step(complaint, at_ms, draw)


def _attend(complaint: Complaint, _at_ms: int, draw: Draw) -> Says:
    """An inspector goes where it goes on, mostly in time."""
    wait_ms = (15 if draw("late") < P_LATE else 4) * MINUTE_MS
    go = words.SendInspector(complaint_id=complaint.complaint_id, inspector=INSPECTOR, by=DESK)
    yield wait_ms, go


def _received(complaint: Complaint, _at_ms: int, draw: Draw) -> Says:
    """An inquiry begins within the day, mostly."""
    wait_ms = 26 * HOUR_MS if draw("late") < P_LATE else int(draw("begin") * 20 * HOUR_MS)
    begin = words.BeginInquiry(complaint_id=complaint.complaint_id, inspector=INSPECTOR, by=DESK)
    yield wait_ms, begin


def _inquiring(complaint: Complaint, at_ms: int, draw: Draw) -> Says:
    """Found to be true or not; what is true is to be mended within two weeks."""
    told = draw("finding")
    finding: words.Finding = "unfounded"
    if told < P_TRUE:
        finding = "founded"
    elif told < P_PARTLY:
        finding = "partly"
    elif told < P_UNPROVEN:
        finding = "unproven"
    elif told > 1 - P_LATE:
        finding = "withdrawn"
    wait_ms = int((1 + draw("inquiry") * (12 if draw("slow") < P_LATE else 5)) * DAY_MS)
    is_true = finding in TRUE
    yield (
        wait_ms,
        words.ConcludeComplaint(
            complaint_id=complaint.complaint_id,
            finding=finding,
            account="调阅接处警记录和执法记录仪",
            by=INSPECTOR,
            correction="批评教育，规范用语" if is_true else "",
            responsible=LEADER if is_true else "",
            correct_by_ms=at_ms + wait_ms + 14 * DAY_MS if is_true else 0,
        ),
    )
    # Nobody was sent who could feed back: the inspection has dealt with it.
    settle = incidents.SettleByPhone(
        incident_id=complaint.incident_id, disposition="referred", approved_by=LEADER
    )
    yield wait_ms + HOUR_MS, settle


def _answering(complaint: Complaint, _at_ms: int, draw: Draw) -> Says:
    """Answered within a day; some after what was promised."""
    wait_ms = 14 * DAY_MS if draw("answer late") < P_LATE else int(draw("answer") * DAY_MS)
    answer = words.AnswerComplainant(
        complaint_id=complaint.complaint_id, answer="已查明并处理", how="电话", by=DESK
    )
    yield wait_ms, answer


def _correct(complaint: Complaint, _at_ms: int, draw: Draw) -> Says:
    """Corrected, some late."""
    days = 16 if draw("correct late") < 2 * P_LATE else 3 + int(draw("correct") * 9)
    confirm = words.ConfirmCorrection(
        complaint_id=complaint.complaint_id, account="已整改到位", by=DESK
    )
    yield days * DAY_MS, confirm


Step = Callable[[Complaint, int, Draw], Says]
INQUIRY: Final[Mapping[str, Step]] = {
    "received": _received,
    "inquiring": _inquiring,
    "answering": _answering,
}
STEPS: Final[Mapping[str, Step]] = {"attend": _attend, "correction": _correct}
ACTORS: Final[Mapping[type, Callable[[Board, Any, int, Draw], Says]]] = {
    incidents.IncidentClosed: on_closed,
    items.ItemOpened: on_item,
    items.ItemMoved: on_item,
}
