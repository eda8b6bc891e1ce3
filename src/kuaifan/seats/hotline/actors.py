"""Simulated people of the hand-over seat (仿真联动): the other side signs, returns, answers.

How much is handed over is Huainan's; the other shares are ours [U]. `on_opened` hands over of what
the table of types refers, and lets the hotline hand something in now and then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.item_papers import Item
from kuaifan.board.items import HOUR_MS
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command
from kuaifan.seats.hotline import words
from kuaifan.seats.hotline.lookup import slice_of
from kuaifan.seats.hotline.papers import SEAT_ID, Ticket
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import item as items

Draw = Callable[[str], float]
Says = Iterable[tuple[int, Command]]
BY, THEIRS, CHIEF = "联动席", "对方坐席", "值班领导"
P_RETURN, P_SLOW, P_LATE_ANSWER, P_KEEP = 0.08, 0.06, 0.07, 0.25
P_AGAIN, P_THEIRS = 0.8, 0.5
P_CONTENT, P_FAIRLY, P_UNREACHED, P_URGE = 0.86, 0.95, 0.1, 0.15
P_OUT, P_INBOUND = 0.35, 0.12
"""Of the year's incidents 64 in a thousand are another's by the table of types, 15,800 of 247,300;
8,519 requests were handed over, in both directions (domain page, row 44), the others are told whom
to ring."""
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
    if to is not None and event.source != "12345" and draw("out") < P_OUT:
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


def on_item(
    board: Board, event: items.ItemOpened | items.ItemMoved, at_ms: int, draw: Draw
) -> Says:
    """Whatever stands somewhere is somebody's next step; so also after a restart."""
    item = board.items.get(event.item_id)
    if item is None or item.seat_id != SEAT_ID:
        return
    ticket = slice_of(board).tickets[item.subject_id]
    steps = WORK if item.kind in {"theirs", "ours"} else HANDING
    yield from steps[item.stage if steps is WORK else item.kind](ticket, item, at_ms, draw)


def _offered(ticket: Ticket, _item: Item, _at_ms: int, draw: Draw) -> Says:
    """Signed within two hours, mostly; some return it, some once more and again."""
    slow_ms = 3 * HOUR_MS if draw(f"slow {ticket.n_offered}") < P_SLOW else 0
    wait_ms = int(draw(f"sign {ticket.n_offered}") * HOUR_MS) + slow_ms
    by = THEIRS if ticket.direction == "out" else BY
    if draw("stubborn") < P_RETURN and draw(f"returns {ticket.n_offered}") < P_AGAIN:
        yield (
            wait_ms,
            words.ReturnTicket(
                ticket_id=ticket.ticket_id, code="not_theirs", reason="不属本部门职责", by=by
            ),
        )
        return
    yield wait_ms, words.AcceptTicket(ticket_id=ticket.ticket_id, by=by)


def _returned(ticket: Ticket, _item: Item, _at_ms: int, draw: Draw) -> Says:
    """Offered once more with more words, or kept."""
    if draw(f"keeps {ticket.n_returned}") < P_KEEP:
        keep = words.KeepTicket(ticket_id=ticket.ticket_id, reason="先行处置", by=BY)
        yield 30 * MINUTE_MS, keep
        return
    again = words.ReofferTicket(
        ticket_id=ticket.ticket_id, to=ticket.other, what="补充现场情况", by=BY
    )
    yield 40 * MINUTE_MS, again


def _deciding(ticket: Ticket, _item: Item, _at_ms: int, draw: Draw) -> Says:
    """A supervisor says whose it is."""
    owner: words.Holder = "them" if draw("decision") < P_THEIRS else "us"
    decide = words.DecideTicket(
        ticket_id=ticket.ticket_id, owner=owner, reason="按职责清单", by=CHIEF
    )
    yield HOUR_MS, decide


def _accepted(ticket: Ticket, item: Item, at_ms: int, draw: Draw) -> Says:
    """Somebody begins; some are urged."""
    by = THEIRS if ticket.direction == "out" else BY
    yield HOUR_MS, words.StartTicket(ticket_id=ticket.ticket_id, by=by)
    if ticket.direction == "in":
        # Nobody rang the desk about it: it is dealt with on the telephone.
        settle = incidents.SettleByPhone(
            incident_id=ticket.incident_id, disposition="by_phone", approved_by=CHIEF
        )
        yield 2 * HOUR_MS, settle
    if draw("answer late") < P_LATE_ANSWER or draw("urge") < P_URGE:
        urge = words.UrgeTicket(ticket_id=ticket.ticket_id, text="请尽快答复", by=BY)
        yield max(0, item.due_at_ms - at_ms) // 2 + 2 * HOUR_MS, urge


def _working(ticket: Ticket, item: Item, at_ms: int, draw: Draw) -> Says:
    """Answered, some a day late; once more is done within the day."""
    by = THEIRS if ticket.direction == "out" else BY
    left_ms = max(0, item.due_at_ms - at_ms)
    wait_ms = int(draw("answer") * left_ms * 0.9) + HOUR_MS
    if draw("answer late") < P_LATE_ANSWER:
        wait_ms = left_ms + DAY_MS
    if ticket.n_reworked:
        wait_ms = DAY_MS
    answer = words.AnswerTicket(ticket_id=ticket.ticket_id, answer="已到场处理并整改", by=by)
    yield wait_ms, answer


def _answered(ticket: Ticket, _item: Item, _at_ms: int, draw: Draw) -> Says:
    """One ring of the citizen's telephone; where nobody may be rung, it is closed."""
    n = ticket.n_called
    told = draw(f"rating {n}")
    result: words.CallBackResult = "not"
    if draw(f"unreached {n}") < P_UNREACHED:
        result = "unreached"
    elif told < P_FAIRLY:
        result = "satisfied" if told < P_CONTENT else "fairly"
    note = "未解决" if result == "not" else ""
    command = words.CallBackTicket(ticket_id=ticket.ticket_id, result=result, by=BY, note=note)
    yield int(draw(f"ring {n}") * 10 * HOUR_MS) + HOUR_MS, command
    yield 2 * DAY_MS, words.CloseTicket(ticket_id=ticket.ticket_id, by=BY)


def _called_back(ticket: Ticket, _item: Item, _at_ms: int, _draw: Draw) -> Says:
    """Closed."""
    yield HOUR_MS, words.CloseTicket(ticket_id=ticket.ticket_id, by=BY)


Step = Callable[[Ticket, Item, int, Draw], Says]
HANDING: Final[Mapping[str, Step]] = {
    "offer": _offered,
    "returned": _returned,
    "decision": _deciding,
}
WORK: Final[Mapping[str, Step]] = {
    "accepted": _accepted,
    "working": _working,
    "answered": _answered,
    "called_back": _called_back,
}
ACTORS: Final[Mapping[type, Callable[[Board, Any, int, Draw], Says]]] = {
    incidents.IncidentOpened: on_opened,
    items.ItemOpened: on_item,
    items.ItemMoved: on_item,
}
