"""What the hand-over seat keeps (联动专席分态): tickets, times, counts."""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.day_tally import DayTally
from kuaifan.board.items import HOUR_MS
from kuaifan.board.working_days import WorkingDays
from kuaifan.seats.hotline.words import (
    Answer,
    CallBackResult,
    Contact,
    Direction,
    Holder,
    Outcome,
    ReturnCode,
    TicketKind,
    TicketState,
    What,
)
from kuaifan.vocabulary.agency import AGENCIES
from kuaifan.vocabulary.record_class import RecordClass

SEAT_ID: Final = "hotline"
DEPARTMENTS: Final = (
    *("12345", "civil_affairs", "ecology", "health"),
    *("urban_mgmt", "sanitation", "market_reg", "labour"),
)
"""Services that answer in days and not in minutes: what they are told is a ticket."""
NAMES: Final = {each: AGENCIES[each] for each in DEPARTMENTS}


class Terms(msgspec.Struct, frozen=True):
    """The seat's times (联动时限), all local [U]: domain §2.4.

    kept_days: a closed ticket stays on the list, and its number with the other side is known.
    """

    accept_ms: int = 2 * HOUR_MS
    return_working_days: int = 1
    consult_working_days: int = 2
    help_working_days: int = 5
    call_back_working_days: int = 1
    urge_ms: int = HOUR_MS
    n_returns: int = 3
    kept_days: int = 90
    days: WorkingDays = WorkingDays()

    def answer_days(self, kind: TicketKind) -> int:
        """Working days until the answer."""
        return self.consult_working_days if kind == "consult" else self.help_working_days


class Ticket(msgspec.Struct, kw_only=True):
    """A hand-over (联动工单).

    other: the side that is not 110. holder: whose it is now, exactly one; it changes by a receipt,
    a return or a decision only. item_id: what is owed for it now. n_offered: offers made.
    """

    ticket_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    direction: Direction
    other: str
    kind: TicketKind
    holder: Holder
    state: TicketState
    item_id: str
    opened_at_ms: int
    offered_at_ms: int
    their_id: str = ""
    service_code: str = ""
    description: What = ""
    contact: Contact = ""
    n_offered: int = 1
    n_returned: int = 0
    return_code: ReturnCode | None = None
    n_urged: int = 0
    urged_at_ms: int = 0
    accepted_at_ms: int = 0
    answer_by_ms: int = 0
    answered_at_ms: int = 0
    answer: Answer = ""
    n_called: int = 0
    n_reworked: int = 0
    result: CallBackResult | None = None
    outcome: Outcome = ""
    three_way_call_id: str = ""
    changed_at_ms: int = 0


class Slice(msgspec.Struct):
    """All that the seat keeps (联动专席)."""

    terms: Terms = Terms()
    tickets: dict[str, Ticket] = {}
    by_their_id: dict[str, str] = {}
    n_tickets: int = 0
    tally: DayTally = msgspec.field(default_factory=DayTally)
