"""From the receipt to the end (办理、答复、回访、办结): the two-way flow with closed feedback."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.items import HOUR_MS, close_item, move_item
from kuaifan.board.lookup import get_call
from kuaifan.board.seat_terms import terms_of
from kuaifan.board.state import Board
from kuaifan.board.working_days import with_days
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.hotline import words
from kuaifan.seats.hotline.lookup import (
    class_of,
    get_in,
    get_owed,
    get_ticket,
    slice_of,
    work_of,
)
from kuaifan.seats.hotline.papers import Terms

MAX_UNREACHED: Final = 3
"""So often somebody is rung who does not answer."""
MAX_REWORKED: Final = 1
"""Worked on once more after 不满意; then a person closes it as it is."""
OUTCOMES: Final[dict[str, words.Outcome]] = {
    "satisfied": "solved",
    "fairly": "solved",
    "not": "unsatisfied",
    "unreached": "unreached",
}


def start(board: Board, command: words.StartTicket, _now_ms: int) -> list[Event]:
    """Somebody works on it (开始办理); its time stays."""
    ticket = get_in(board, command.ticket_id, "accepted")
    need_name(command.by)
    item, kind = get_owed(board, ticket), work_of(ticket)
    return [
        words.TicketStarted(
            ticket_id=ticket.ticket_id, incident_id=ticket.incident_id, by=command.by
        ),
        move_item(kind, item, "working", by=command.by, due_at_ms=item.due_at_ms),
    ]


def answer(board: Board, command: words.AnswerTicket, now_ms: int) -> list[Event]:
    """What was done (答复); the call-back is due next."""
    ticket = get_in(board, command.ticket_id, "accepted", "working")
    need_name(command.by)
    need_name(command.answer, zh="须填写答复内容", en="write down what was done")
    terms = slice_of(board).terms
    due_at_ms = terms.days.end_after(now_ms, terms.call_back_working_days)
    item = get_owed(board, ticket)
    return [
        words.TicketAnswered(
            ticket_id=ticket.ticket_id,
            incident_id=ticket.incident_id,
            answer=command.answer,
            in_time=now_ms <= ticket.answer_by_ms,
            by=command.by,
        ),
        move_item(work_of(ticket), item, "answered", by=command.by, due_at_ms=due_at_ms),
    ]


def call_back(board: Board, command: words.CallBackTicket, now_ms: int) -> list[Event]:
    """What the citizen says (回访)."""
    ticket = get_in(board, command.ticket_id, "answered")
    need_name(command.by)
    if class_of(board, ticket) != "ordinary":
        raise Refused(
            "restricted_record",
            f"工单 {ticket.ticket_id} 属限制类记录，不作回访，可直接办结",
            f"ticket {ticket.ticket_id} is of a restricted record: nobody is rung; close it",
        )
    terms = slice_of(board).terms
    state: words.TicketState = "called_back"
    days = terms.call_back_working_days
    if command.result == "not" and ticket.n_reworked < MAX_REWORKED:
        need_reason(command.note)
        state, days = "working", terms.answer_days(ticket.kind)
    elif command.result == "unreached" and ticket.n_called + 1 < MAX_UNREACHED:
        state = "answered"
    due_at_ms = terms.days.end_after(now_ms, days)
    item = get_owed(board, ticket)
    return [
        words.TicketCalledBack(
            ticket_id=ticket.ticket_id,
            incident_id=ticket.incident_id,
            result=command.result,
            state=state,
            note=command.note,
            by=command.by,
        ),
        move_item(work_of(ticket), item, state, by=command.by, due_at_ms=due_at_ms),
    ]


def close(board: Board, command: words.CloseTicket, _now_ms: int) -> list[Event]:
    """Nothing is left to do (工单办结), after the call-back."""
    ticket = get_ticket(board, command.ticket_id)
    need_name(command.by)
    is_restricted = class_of(board, ticket) != "ordinary"
    if not (ticket.state == "answered" and is_restricted):
        get_in(board, command.ticket_id, "called_back")
    outcome = OUTCOMES.get(ticket.result or "", "solved")
    return [
        words.TicketClosed(
            ticket_id=ticket.ticket_id,
            incident_id=ticket.incident_id,
            outcome=outcome,
            by=command.by,
        ),
        close_item(work_of(ticket), get_owed(board, ticket), outcome, by=command.by),
    ]


def urge(board: Board, command: words.UrgeTicket, now_ms: int) -> list[Event]:
    """Ask when (催办): of whoever owes a receipt or an answer."""
    ticket = get_in(board, command.ticket_id, "offered", "accepted", "working")
    need_name(command.by)
    need_reason(command.text)
    gap_ms = slice_of(board).terms.urge_ms
    if ticket.n_urged and now_ms < ticket.urged_at_ms + gap_ms:
        raise Refused(
            "urged_already",
            f"工单 {ticket.ticket_id} 刚刚催办过",
            f"ticket {ticket.ticket_id} has just been urged",
        )
    return [
        words.TicketUrged(
            ticket_id=ticket.ticket_id,
            incident_id=ticket.incident_id,
            text=command.text,
            by=command.by,
        )
    ]


def set_terms(board: Board, command: words.SetHotlineTerms, _now_ms: int) -> list[Event]:
    """Other times (设定联动时限); what runs keeps the due time it has."""
    need_name(command.by)
    was = slice_of(board).terms
    days = with_days(was.days, off=command.off_days, on=command.on_days)
    told = words.HotlineTermsSet(
        by=command.by,
        accept_ms=_ms(command.accept_hours, was.accept_ms),
        return_working_days=command.return_working_days or was.return_working_days,
        consult_working_days=command.consult_working_days or was.consult_working_days,
        help_working_days=command.help_working_days or was.help_working_days,
        call_back_working_days=command.call_back_working_days or was.call_back_working_days,
        urge_ms=_ms(command.urge_hours, was.urge_ms),
        n_returns=command.n_returns or was.n_returns,
        kept_days=command.kept_days or was.kept_days,
        off=days.off,
        on=days.on,
    )
    if terms_of(Terms, told) == was:
        raise Refused("nothing_new", "没有改动任何时限", "nothing is changed by this")
    return [told]


def count_voice(board: Board, command: words.CountVoiceHandOver, _now_ms: int) -> list[Event]:
    """A call that has just gone to another service (语音转接计数), once."""
    call = get_call(board, command.call_id)
    if not call.handed_to or call.seq != board.seq:
        raise Refused(
            "not_just_handed",
            f"来电 {call.call_id} 不是刚刚转接，不重复计数",
            f"call {call.call_id} has not just been passed on: it is counted once",
        )
    return [words.VoiceHandOverCounted(call_id=call.call_id, other=call.handed_to)]


def retire(_board: Board, _command: words.RetireTicket, _now_ms: int) -> list[Event]:
    """Nothing (工单归档): a timer of old logs; the seats' archive takes the ticket."""
    return []


def _ms(hours: int | None, was_ms: int) -> int:
    return was_ms if hours is None else hours * HOUR_MS
