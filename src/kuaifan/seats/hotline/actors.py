"""Simulated people of the hand-over seat (仿真联动): the other side signs, returns, answers.

The shares are ours [U]. The year's 8,519 requests are an input of the twin's: `on_opened` hands
over what the table of types refers, and lets the hotline hand something in now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command
from kuaifan.seats.hotline import words
from kuaifan.seats.hotline.lookup import slice_of
from kuaifan.vocabulary import incident as incidents

Draw = Callable[[str], float]
Says = Iterable[tuple[int, Command]]
BY, THEIRS, CHIEF = "联动席", "对方坐席", "值班领导"
P_RETURN, P_SLOW, P_LATE_ANSWER, P_KEEP = 0.08, 0.06, 0.07, 0.25
P_CONTENT, P_FAIRLY, P_UNREACHED, P_URGE, P_INBOUND = 0.86, 0.95, 0.1, 0.15, 0.12
REFERRED: Final[Mapping[str, str]] = {
    "gov_service_request": "12345",
    "municipal_facility": "12345",
    "utility_repair": "12345",
    "urban_management": "urban_mgmt",
    "market_regulation": "market_reg",
    "environment_noise": "ecology",
    "wage_dispute": "labour",
}
"""Types that are another's, with whose."""


def on_opened(board: Board, event: incidents.IncidentOpened, _at_ms: int, draw: Draw) -> Says:
    """What is another's is handed over; and another's citizens ring 12345 with what is ours."""
    found = board.reference.types[event.type_code]
    to = REFERRED.get(found.key)
    if to is not None and event.source != "12345":
        yield (
            int(draw("hand over") * 20 * MINUTE_MS) + MINUTE_MS,
            words.OfferTicket(incident_id=event.incident_id, to=to, kind="help", by=BY),
        )
    if to is not None and draw("inbound") < P_INBOUND:
        yield (
            HOUR_MS,
            words.ReceiveTicket(
                from_agency="12345",
                their_id=f"GD-{event.incident_id}",
                service_code=board.reference.types_by_key["noise"].code,
                description="夜间噪音扰民，市民请求处置",
                by=THEIRS,
                danger=draw("inbound danger") < P_LATE_ANSWER,
            ),
        )


def on_offered(board: Board, event: words.TicketOffered, _at_ms: int, draw: Draw) -> Says:
    """Signed within two hours, mostly; some return it, some once more and again."""
    slow_ms = 3 * HOUR_MS if draw(f"slow {event.nth}") < P_SLOW else 0
    wait_ms = int(draw(f"sign {event.nth}") * HOUR_MS) + slow_ms
    by = THEIRS if event.direction == "out" else BY
    stubborn = draw("stubborn") < P_RETURN
    if stubborn and draw(f"returns {event.nth}") < 0.8:  # noqa: PLR2004 - a share of ours
        yield (
            wait_ms,
            words.ReturnTicket(
                ticket_id=event.ticket_id, code="not_theirs", reason="不属本部门职责", by=by
            ),
        )
        return
    ticket = slice_of(board).tickets.get(event.ticket_id)
    if ticket is not None and ticket.state == "offered":
        yield wait_ms, words.AcceptTicket(ticket_id=event.ticket_id, by=by)


def on_returned(board: Board, event: words.TicketReturned, _at_ms: int, draw: Draw) -> Says:
    """Offered once more with more words, or kept; the third time a supervisor says."""
    ticket = slice_of(board).tickets[event.ticket_id]
    if event.to_supervisor:
        owner: words.Holder = "them" if draw("decision") < 0.5 else "us"  # noqa: PLR2004 - a coin
        yield (
            HOUR_MS,
            words.DecideTicket(
                ticket_id=event.ticket_id, owner=owner, reason="按职责清单", by=CHIEF
            ),
        )
    elif ticket.direction == "out" and draw(f"keeps {ticket.n_returned}") < P_KEEP:
        keep = words.KeepTicket(ticket_id=event.ticket_id, reason="先行处置", by=BY)
        yield 30 * MINUTE_MS, keep
    elif ticket.direction == "out":
        again = words.ReofferTicket(
            ticket_id=event.ticket_id, to=ticket.other, what="补充现场情况", by=BY
        )
        yield 40 * MINUTE_MS, again


def on_accepted(board: Board, event: words.TicketAccepted, at_ms: int, draw: Draw) -> Says:
    """Worked on and answered, some days late, some after urging."""
    ticket = slice_of(board).tickets[event.ticket_id]
    by = THEIRS if ticket.direction == "out" else BY
    yield HOUR_MS, words.StartTicket(ticket_id=event.ticket_id, by=by)
    if ticket.direction == "in":
        # Nobody rang the desk about it: it is dealt with on the telephone.
        settle = incidents.SettleByPhone(
            incident_id=ticket.incident_id, disposition="by_phone", approved_by=CHIEF
        )
        yield 2 * HOUR_MS, settle
    left_ms = event.due_at_ms - at_ms
    is_late = draw("answer late") < P_LATE_ANSWER
    wait_ms = left_ms + DAY_MS if is_late else int(draw("answer") * left_ms * 0.9)
    if is_late or draw("urge") < P_URGE:
        urge = words.UrgeTicket(ticket_id=event.ticket_id, text="请尽快答复", by=BY)
        yield wait_ms // 2 + HOUR_MS, urge
    answer = words.AnswerTicket(ticket_id=event.ticket_id, answer="已到场处理并整改", by=by)
    yield max(wait_ms, 2 * HOUR_MS), answer


def on_answered(board: Board, event: words.TicketAnswered, _at_ms: int, draw: Draw) -> Says:
    """The citizen is asked; where nobody may be, it is closed."""
    n = slice_of(board).tickets[event.ticket_id].n_called
    yield from _ring(event.ticket_id, draw, n)
    yield 2 * DAY_MS, words.CloseTicket(ticket_id=event.ticket_id, by=BY)


def on_called_back(board: Board, event: words.TicketCalledBack, _at_ms: int, draw: Draw) -> Says:
    """Closed; rung again; or done once more."""
    ticket = slice_of(board).tickets[event.ticket_id]
    if event.state == "called_back":
        yield HOUR_MS, words.CloseTicket(ticket_id=event.ticket_id, by=BY)
    elif event.state == "answered":
        yield from _ring(event.ticket_id, draw, ticket.n_called)
    else:
        answer = words.AnswerTicket(ticket_id=event.ticket_id, answer="已再次处理", by=THEIRS)
        yield DAY_MS, answer


def _ring(ticket_id: str, draw: Draw, n: int) -> Says:
    """One ring of the citizen's telephone."""
    told = draw(f"rating {n}")
    result: words.CallBackResult = "not"
    if draw(f"unreached {n}") < P_UNREACHED:
        result = "unreached"
    elif told < P_FAIRLY:
        result = "satisfied" if told < P_CONTENT else "fairly"
    note = "未解决" if result == "not" else ""
    command = words.CallBackTicket(ticket_id=ticket_id, result=result, by=BY, note=note)
    yield int(draw(f"ring {n}") * 10 * HOUR_MS) + HOUR_MS, command


ACTORS: Final[Mapping[type, Callable[[Board, Any, int, Draw], Says]]] = {
    incidents.IncidentOpened: on_opened,
    words.TicketOffered: on_offered,
    words.TicketReturned: on_returned,
    words.TicketAccepted: on_accepted,
    words.TicketAnswered: on_answered,
    words.TicketCalledBack: on_called_back,
}
