"""What the fraud seat keeps (反诈专席分态): cases, the accounts money went to, terms, counts.

A closed case keeps its sums and nothing that names anybody.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.board.day_tally import DAY_MS, DayTally
from kuaifan.kernel.personal import Personal
from kuaifan.seats.anti_fraud.ledger import EntryReason, Ledger, Side

SEAT_ID: Final = "anti_fraud"
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS

CaseKind = Literal["payable", "cold", "dissuasion"]
"""Money that may still be stopped, money long gone, and money that has not been paid yet."""
Channel = Literal[
    "bank_app", "third_party", "atm", "counter", "card_spend", "cash", "crypto", "other"
]
StopAnswer = Literal["stopped", "no_balance", "refused", "unknown_account"]
"""What a bank says to a request (银行反馈)."""
Sealed = Annotated[str, Personal("incident")]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The clocks of the seat and the residents of its figures (时限与口径).

    stop_lead_ms: the freeze is due so long before the stop payment ends; freeze_lead_ms likewise.
    n_residents: of the city, 0 as long as nobody has said.
    """

    request_ms: int = 10 * MINUTE_MS
    answer_ms: int = 30 * MINUTE_MS
    stop_ms: int = 48 * HOUR_MS
    stop_lead_ms: int = 12 * HOUR_MS
    file_ms: int = 3 * DAY_MS
    freeze_ms: int = 180 * DAY_MS
    freeze_lead_ms: int = 7 * DAY_MS
    claim_ms: int = 72 * HOUR_MS
    recovery_ms: int = 30 * DAY_MS
    send_ms: int = 3 * MINUTE_MS
    call_again_ms: int = 2 * MINUTE_MS
    talk_ms: int = 30 * MINUTE_MS
    n_residents: int = 0


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger (台账分录): from one side to the other."""

    at_ms: int
    account_id: str
    left: Side
    right: Side
    amount_fen: int
    reason: EntryReason
    by: str


class Account(msgspec.Struct, kw_only=True):
    """An account that money went to (收款账户), with what became of it.

    transfers: amount and time of each. waiting_id: the request that its bank has not answered.
    stop_until_ms, freeze_until_ms: 0 where
    nothing is held so. release_fen, release_by: what one person proposes to let go.
    """

    account_id: str
    incident_id: str
    number: Sealed
    bank: str
    holder: Sealed
    payer_number: Sealed
    payer_bank: str
    payer_holder: Sealed
    channel: Channel
    transferred_at_ms: int
    ledger: Ledger = msgspec.field(default_factory=Ledger)
    transfers: list[tuple[int, int]] = []
    n_requests: int = 0
    waiting_id: str = ""
    asked_at_ms: int = 0
    answered_at_ms: int = 0
    last_answer: StopAnswer | None = None
    stop_lapsed: bool = False
    stop_until_ms: int = 0
    freeze_until_ms: int = 0
    notice_no: str = ""
    is_claimed: bool = False
    release_fen: int = 0
    release_by: str = ""


class FraudCase(msgspec.Struct, kw_only=True):
    """A fraud case (涉诈案件), by the incident that it came from.

    desk_id, record_class: its incident's, for when that has left the board. entries: while open.
    typed_as: the kind that its incident's type said last.
    """

    incident_id: str
    kind: CaseKind
    reported_at_ms: int
    opened_at_ms: int
    desk_id: str
    record_class: str
    victim: Sealed = ""
    victim_phone: Sealed = ""
    proof: Sealed = ""
    file_no: str = ""
    filed_at_ms: int = 0
    first_asked_at_ms: int = 0
    asked_in_time: bool = False
    closed_at_ms: int = 0
    outcome: str = ""
    unit_id: str = ""
    order_id: str = ""
    typed_as: str = ""
    account_ids: list[str] = []
    entries: list[Entry] = []

    @property
    def is_open(self) -> bool:
        """Whether the seat still works on it."""
        return not self.closed_at_ms


class AntiFraud(msgspec.Struct):
    """The seat's slice of the board (反诈专席分态); total: of all cases there ever were.

    opening: of the accounts that have left the board; with those that stand on it, the total.
    """

    terms: Terms = Terms()
    cases: dict[str, FraudCase] = {}
    accounts: dict[str, Account] = {}
    total: Ledger = msgspec.field(default_factory=Ledger)
    opening: Ledger = msgspec.field(default_factory=Ledger)
    tally: DayTally = msgspec.field(default_factory=DayTally)
