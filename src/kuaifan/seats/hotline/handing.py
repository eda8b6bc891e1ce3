"""Whose it is (首接责任): offered, signed for, returned, agreed by three, decided."""

from __future__ import annotations

import msgspec

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.items import close_item, open_item
from kuaifan.board.lookup import get_call, get_open_incident
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.hotline import words
from kuaifan.seats.hotline.kinds import DECISION, OFFER, OURS, RETURNED
from kuaifan.seats.hotline.lookup import (
    check_department,
    find_live,
    get_in,
    get_owed,
    open_for,
    slice_of,
    work_of,
)
from kuaifan.seats.hotline.papers import SEAT_ID, Ticket
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.item import ItemOpened, Owner
from kuaifan.vocabulary.record_class import record_class_of_type
from kuaifan.work.intake import open_incident


def offer(board: Board, command: words.OfferTicket, now_ms: int) -> list[Event]:
    """Hand an incident over (移交联动); it stays ours until the receipt."""
    incident = get_open_incident(board, command.incident_id)
    need_name(command.by)
    named = check_department(command.to)
    standing = find_live(board, incident.incident_id, command.to)
    if standing is not None:
        raise Refused(
            "already_offered",
            f"警情 {incident.incident_id} 已有 {named} 工单 {standing.ticket_id}",
            f"incident {incident.incident_id} has ticket {standing.ticket_id} with {command.to}",
        )
    opened = open_item(
        board,
        OFFER,
        owner=Owner("desk", incident.desk_id),
        due_at_ms=now_ms + slice_of(board).terms.accept_ms,
        incident_id=incident.incident_id,
        subject_id=f"H{slice_of(board).n_tickets + 1}",
    )
    told = words.TicketOffered(
        ticket_id=opened.subject_id,
        item_id=opened.item_id,
        incident_id=incident.incident_id,
        desk_id=incident.desk_id,
        record_class=opened.record_class,
        direction="out",
        other=command.to,
        kind=command.kind,
        nth=1,
        what=command.what,
    )
    return [told, opened]


def receive(board: Board, command: words.ReceiveTicket, now_ms: int) -> list[Event]:
    """The other side hands something over (转入工单); its number makes it once."""
    need_name(command.by, command.their_id, command.description)
    check_department(command.from_agency)
    known_id = slice_of(board).by_their_id.get(f"{command.from_agency}:{command.their_id}", "")
    known = slice_of(board).tickets.get(known_id)
    if known is not None:
        return _receive_again(board, known, command, now_ms)
    asked = incidents.OpenIncident(
        type_code=command.service_code,
        source="12345" if command.from_agency == "12345" else "other_desk",
        narrative=command.description,
        address=command.address,
        lat=command.lat,
        lon=command.lon,
    )
    events = open_incident(board, asked, now_ms)
    opened = next(each for each in events if isinstance(each, incidents.IncidentOpened))
    return [*events, *_received(board, command, opened, now_ms)]


def accept(board: Board, command: words.AcceptTicket, now_ms: int) -> list[Event]:
    """The receipt (签收); from now on it is theirs who accept."""
    ticket = get_in(board, command.ticket_id, "offered")
    need_name(command.by)
    item = get_owed(board, ticket, OFFER)
    return [
        close_item(OFFER, item, "accepted", by=command.by),
        *_accepted(board, ticket, by=command.by, now_ms=now_ms, their_id=command.their_id),
    ]


def send_back(board: Board, command: words.ReturnTicket, now_ms: int) -> list[Event]:
    """Not theirs (退回); the third time a supervisor says whose it is."""
    ticket = get_in(board, command.ticket_id, "offered", "accepted")
    need_name(command.by)
    need_reason(command.reason)
    terms = slice_of(board).terms
    if ticket.state == "accepted":
        latest_ms = terms.days.end_after(ticket.accepted_at_ms, terms.return_working_days)
        if now_ms > latest_ms:
            raise Refused(
                "too_late_to_return",
                f"工单 {ticket.ticket_id} 签收已逾 {terms.return_working_days} 个工作日，不得退回",
                f"ticket {ticket.ticket_id} was accepted more than {terms.return_working_days} "
                "working days ago: it cannot be returned",
            )
    elif ticket.direction == "in" and _is_dangerous(board, ticket):
        raise Refused(
            "danger_is_ours",
            f"工单 {ticket.ticket_id} 涉及人身或财产危险，110 应当先行处置",
            f"ticket {ticket.ticket_id} tells of danger: 110 takes it first",
        )
    kind = OFFER if ticket.state == "offered" else work_of(ticket)
    closed = close_item(kind, get_owed(board, ticket), "returned", by=command.by)
    return [closed, *_returned(board, ticket, command, now_ms)]


def reoffer(board: Board, command: words.ReofferTicket, now_ms: int) -> list[Event]:
    """Once more (再次移交), with what was missing."""
    ticket = get_in(board, command.ticket_id, "returned")
    _need_ours(ticket)
    need_name(command.by)
    need_reason(command.what)
    check_department(command.to)
    item = get_owed(board, ticket, RETURNED)
    owner = Owner("desk", ticket.desk_id)
    opened = open_for(board, ticket, OFFER, now_ms + slice_of(board).terms.accept_ms, owner)
    return [
        close_item(RETURNED, item, "offered_again", by=command.by),
        _offered(ticket, opened, other=command.to, what=command.what),
        opened,
    ]


def keep(board: Board, command: words.KeepTicket, _now_ms: int) -> list[Event]:
    """The first receiver does it (首接自办)."""
    ticket = get_in(board, command.ticket_id, "offered", "returned", "accepted", "working")
    _need_ours(ticket)
    need_name(command.by)
    need_reason(command.reason)
    return _kept(board, ticket, reason=command.reason, by=command.by)


def decide(board: Board, command: words.DecideTicket, now_ms: int) -> list[Event]:
    """A supervisor says whose it is (协调定责), and that is that."""
    ticket = get_in(board, command.ticket_id, "deciding")
    need_name(command.by)
    need_reason(command.reason)
    decided = words.TicketDecided(
        ticket_id=ticket.ticket_id,
        incident_id=ticket.incident_id,
        owner=command.owner,
        reason=command.reason,
        by=command.by,
    )
    item = get_owed(board, ticket, DECISION)
    events: list[Event] = [decided, close_item(DECISION, item, command.owner, by=command.by)]
    takes = "them" if ticket.direction == "out" else "us"
    if command.owner == takes:
        return [*events, *_accepted(board, ticket, by=command.by, now_ms=now_ms)]
    return [*events, _kept_event(ticket, command.reason, command.by)]


def start_three_way(board: Board, command: words.StartThreeWay, _now_ms: int) -> list[Event]:
    """The other side joins the call (三方通话)."""
    ticket = get_in(board, command.ticket_id, "offered")
    need_name(command.by)
    call = get_call(board, command.call_id)
    if call.state != "talking":
        raise Refused(
            "call_over",
            f"来电 {call.call_id} 不在通话中，无法三方",
            f"call {call.call_id} is not being talked: nobody can join it",
        )
    if ticket.three_way_call_id == call.call_id:
        raise Refused(
            "three_way_runs",
            f"工单 {ticket.ticket_id} 已在来电 {call.call_id} 三方通话",
            f"ticket {ticket.ticket_id} is talked of by three in call {call.call_id} already",
        )
    return [
        words.ThreeWayStarted(
            ticket_id=ticket.ticket_id,
            incident_id=ticket.incident_id,
            call_id=call.call_id,
            other=ticket.other,
            number=command.number,
        )
    ]


def agree_three_way(board: Board, command: words.AgreeThreeWay, now_ms: int) -> list[Event]:
    """Whose it is (三方商定); where nobody wants it, the first receiver has it."""
    ticket = get_in(board, command.ticket_id, "offered")
    need_name(command.by)
    if not ticket.three_way_call_id:
        raise Refused(
            "no_three_way",
            f"工单 {ticket.ticket_id} 尚未三方通话",
            f"nobody has talked of ticket {ticket.ticket_id} by three yet",
        )
    first = "us" if ticket.direction == "out" else "them"
    owner = first if command.owner == "nobody" else command.owner
    reason = "三方商定" if command.owner != "nobody" else "协商不成，首接办理"
    if owner == first:
        return _kept(board, ticket, reason=reason, by=command.by)
    item = get_owed(board, ticket, OFFER)
    return [
        close_item(OFFER, item, "accepted", by=command.by),
        *_accepted(board, ticket, by=command.by, now_ms=now_ms),
    ]


def _received(
    board: Board, command: words.ReceiveTicket, opened: incidents.IncidentOpened, now_ms: int
) -> list[Event]:
    """The ticket of an incident that this very command opens; danger is taken at once."""
    terms, ticket_id = slice_of(board).terms, f"H{slice_of(board).n_tickets + 1}"
    if command.danger:
        due_at_ms = terms.days.end_after(now_ms, terms.answer_days(command.kind))
        kind, owner = OURS, Owner("desk", opened.desk_id)
    else:
        due_at_ms, kind, owner = now_ms + terms.accept_ms, OFFER, Owner("seat", SEAT_ID)
    item = open_item(
        board,
        kind,
        owner=owner,
        due_at_ms=due_at_ms,
        incident_id=opened.incident_id,
        subject_id=ticket_id,
        desk_id=opened.desk_id,
    )
    # The incident is not on the board yet, so that the core cannot look it up.
    of_type = record_class_of_type(board.reference.types[opened.type_code])
    of_case = "ordinary" if opened.record_class == "ordinary" else of_type
    item = msgspec.structs.replace(item, holds=True, record_class=of_case)
    told: list[Event] = [
        words.TicketOffered(
            ticket_id=ticket_id,
            item_id=item.item_id,
            incident_id=opened.incident_id,
            desk_id=opened.desk_id,
            record_class=of_case,
            direction="in",
            other=command.from_agency,
            kind=command.kind,
            nth=1,
            what="",
        ),
        words.TicketReceived(
            ticket_id=ticket_id,
            incident_id=opened.incident_id,
            other=command.from_agency,
            their_id=command.their_id,
            service_code=command.service_code,
            description=command.description,
            contact=command.contact,
            danger=command.danger,
        ),
        item,
    ]
    if command.danger:
        told.append(
            words.TicketAccepted(
                ticket_id=ticket_id,
                item_id=item.item_id,
                incident_id=opened.incident_id,
                their_id=command.their_id,
                due_at_ms=due_at_ms,
                by=command.by,
            )
        )
    return told


def _receive_again(
    board: Board, ticket: Ticket, command: words.ReceiveTicket, now_ms: int
) -> list[Event]:
    """Their number once more: nothing new, a new offer after a return, or another matter."""
    if ticket.state == "returned":
        owner = Owner("seat", SEAT_ID)
        opened = open_for(board, ticket, OFFER, now_ms + slice_of(board).terms.accept_ms, owner)
        return [_offered(ticket, opened, other=ticket.other, what=command.description), opened]
    if command.description == ticket.description:
        return []
    raise Refused(
        "other_request",
        f"对方编号 {command.their_id} 已是工单 {ticket.ticket_id}，内容不同，请另用编号",
        f"their number {command.their_id} is ticket {ticket.ticket_id} already, with other words: "
        "give a new number",
    )


def _accepted(
    board: Board, ticket: Ticket, *, by: str, now_ms: int, their_id: str = ""
) -> list[Event]:
    terms = slice_of(board).terms
    due_at_ms = terms.days.end_after(now_ms, terms.answer_days(ticket.kind))
    owner = Owner("desk", ticket.desk_id) if ticket.direction == "in" else None
    opened = open_for(board, ticket, work_of(ticket), due_at_ms, owner)
    return [
        words.TicketAccepted(
            ticket_id=ticket.ticket_id,
            item_id=opened.item_id,
            incident_id=ticket.incident_id,
            their_id=their_id or ticket.their_id,
            due_at_ms=due_at_ms,
            by=by,
        ),
        opened,
    ]


def _returned(
    board: Board, ticket: Ticket, command: words.ReturnTicket, now_ms: int
) -> list[Event]:
    """What there is to do about a return: ours to deal with, a supervisor's, or theirs."""
    terms = slice_of(board).terms
    to_supervisor = ticket.n_returned + 1 >= terms.n_returns
    opened: ItemOpened | None = None
    if to_supervisor:
        # Due at once, so that the supervisor is told at once.
        opened = open_for(board, ticket, DECISION, now_ms)
    elif ticket.direction == "out":
        owner = Owner("desk", ticket.desk_id)
        opened = open_for(board, ticket, RETURNED, now_ms + terms.accept_ms, owner)
    told = words.TicketReturned(
        ticket_id=ticket.ticket_id,
        item_id=opened.item_id if opened else "",
        incident_id=ticket.incident_id,
        code=command.code,
        reason=command.reason,
        to_supervisor=to_supervisor,
        by=command.by,
    )
    return [told, opened] if opened else [told]


def _kept(board: Board, ticket: Ticket, *, reason: str, by: str) -> list[Event]:
    kinds = {"offered": OFFER, "returned": RETURNED}
    kind = kinds.get(ticket.state, work_of(ticket))
    closed = close_item(kind, get_owed(board, ticket), "kept", by=by)
    return [closed, _kept_event(ticket, reason, by)]


def _kept_event(ticket: Ticket, reason: str, by: str) -> words.TicketKept:
    return words.TicketKept(
        ticket_id=ticket.ticket_id, incident_id=ticket.incident_id, reason=reason, by=by
    )


def _offered(ticket: Ticket, opened: ItemOpened, *, other: str, what: str) -> words.TicketOffered:
    return words.TicketOffered(
        ticket_id=ticket.ticket_id,
        item_id=opened.item_id,
        incident_id=ticket.incident_id,
        desk_id=ticket.desk_id,
        record_class=ticket.record_class,
        direction=ticket.direction,
        other=other,
        kind=ticket.kind,
        nth=ticket.n_offered + 1,
        what=what,
    )


def _need_ours(ticket: Ticket) -> None:
    """Refuse: not_ours_to_say. What came from the other side is theirs to offer or to keep."""
    if ticket.direction == "in":
        raise Refused(
            "not_ours_to_say",
            f"工单 {ticket.ticket_id} 由对方转入，由对方决定",
            f"ticket {ticket.ticket_id} came from the other side: that is for them to do",
        )


def _is_dangerous(board: Board, ticket: Ticket) -> bool:
    """Whether what came in turned out to be danger: units are out, or its facts say so."""
    incident = board.incidents.get(ticket.incident_id)
    if incident is None:
        return False
    return bool(board.active_orders(incident)) or incident.facts.get("danger") == "yes"
