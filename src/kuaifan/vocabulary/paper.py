"""Paper cards (纸质接处警单): what was written by hand while the desk was down, typed in later.

The numbers are reserved beforehand out of the incidents' own row, printed on blank cards, and
never given to anything else. What a card says happened when it says so; when and by whom it was
typed in is kept beside it.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import CallerName, CallerNumber, Id, Line, ShortText
from kuaifan.vocabulary.free_words import Result
from kuaifan.vocabulary.incident import Address, Latitude, Longitude, Narrative, Priority
from kuaifan.vocabulary.letter import WarningLetter
from kuaifan.vocabulary.order import Count, Instant, Story

MAX_CARDS: Final = 200
MAX_PAPER_ORDERS: Final = 20
MAX_AGE_MS: Final = 7 * 86_400_000
"""A card older than a week is no outage any more: it is entered with a supervisor, elsewhere."""
NCards = Annotated[int, msgspec.Meta(ge=1, le=MAX_CARDS)]
TrueInstant = Annotated[int, msgspec.Meta(ge=1, le=2**53)]
"""Milliseconds UTC by the clock on the wall, as written on the card."""


class PaperOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One unit on a card (纸质派警): its stamps as written, 0 where the card is empty.

    Without handled_at_ms the unit is still out, and is bound from now on. fed_back_at_ms: empty,
    with a disposition, means that the crew said so as it reported done. What came of it has a
    disposition, or none of it is there.
    """

    unit_id: Id
    sent_at_ms: TrueInstant
    signed_at_ms: Instant = 0
    en_route_at_ms: Instant = 0
    arrived_at_ms: Instant = 0
    handled_at_ms: Instant = 0
    fed_back_at_ms: Instant = 0
    disposition: Result = ""
    story: Story = ""
    n_caught: Count = 0
    n_rescued: Count = 0
    letter: WarningLetter | None = None


class ReserveCardNumbers(Command, frozen=True):
    """Set incident numbers aside for cards of a desk, before they are needed (预留纸质编号)."""

    n_cards: NCards
    by: ShortText
    desk_id: Id = "city"


class EnterPaperCard(Command, frozen=True):
    """Type a finished card in: call, incident, orders and feedback with their true times (补录).

    incident_id: the number printed on the card. called_at_ms, ended_at_ms: of the call. settled:
    result where nobody was sent. written_by: whose hand the card is in. outage_from_ms: since when
    the desk was down, 0 where nobody says; nothing on a card is older.
    """

    incident_id: Id
    type_code: ShortText
    called_at_ms: TrueInstant
    by: ShortText
    written_by: ShortText = ""
    seat_id: ShortText = ""
    line: Line = "110"
    caller_number: CallerNumber = ""
    caller_name: CallerName = ""
    ended_at_ms: Instant = 0
    narrative: Narrative = ""
    address: Address = ""
    lat: Latitude | None = None
    lon: Longitude | None = None
    priority: Priority | None = None
    orders: Annotated[tuple[PaperOrder, ...], msgspec.Meta(max_length=MAX_PAPER_ORDERS)] = ()
    settled: Result = ""
    outage_from_ms: Instant = 0


class CardNumbersReserved(Event, frozen=True):
    """Numbers first_no to first_no + n_cards - 1 are for cards only (纸质编号已预留)."""

    block_id: str
    desk_id: str
    first_no: int
    n_cards: int
    by: str


class PaperCardEntered(Event, frozen=True):
    """A card has been typed in (纸质补录): by whom; its time is that of the record."""

    block_id: str
    incident_id: str
    call_id: str
    by: str
    written_by: str
    outage_from_ms: int


COMMANDS = (ReserveCardNumbers, EnterPaperCard)
EVENTS = (CardNumbersReserved, PaperCardEntered)
