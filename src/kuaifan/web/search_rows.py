"""What a search over incidents and units finds (检索结果): rows, and how far it has looked."""

from __future__ import annotations

from typing import Protocol

import msgspec

from kuaifan.vocabulary.call import ShortText
from kuaifan.vocabulary.free_words import ResultTold
from kuaifan.vocabulary.incident import Address
from kuaifan.vocabulary.rights import Purpose
from kuaifan.web.case_scope import MayMeet, anybody


class Searching(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is looked for (检索内容): a number, a call sign, words of an address.

    purpose, reason: what incidents that are over are looked for; behind a log-on those are only
    counted where it is not stated.
    """

    text: str = ""
    purpose: Purpose | None = None
    reason: ShortText = ""


class FoundIncident(msgspec.Struct, frozen=True, kw_only=True):
    """An incident, open or over (检索到的警情); is_open: on the screens now.

    merged_into: the one it lives on in. is_restricted: over, and read at its own seat only: there
    is nothing here but its number, when it was and whether it can be opened again.
    """

    incident_id: str
    type_code: str
    type_name: str
    priority: int
    state: str
    is_open: bool
    is_restricted: bool
    opened_at_ms: int
    closed_at_ms: int
    merged_into: str
    disposition: ResultTold
    n_calls: int
    n_orders: int
    address: Address


class FoundUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit by its call sign (检索到的警力); off duty without a state."""

    unit_id: str
    call_sign: str
    state: str = ""
    incident_id: str = ""


class FoundCases(msgspec.Struct, frozen=True, kw_only=True):
    """What was found, newest first (检索结果).

    n_looked: incidents whose addresses were read; looked_from_ms: the oldest of them, 0 for none.
    n_withheld: incidents that are over and were looked for without a purpose: none is told.
    """

    incidents: tuple[FoundIncident, ...] = ()
    units: tuple[FoundUnit, ...] = ()
    n_looked: int = 0
    looked_from_ms: int = 0
    n_withheld: int = 0


class CaseSearch(Protocol):
    """Finds incidents and units (检索); blocks."""

    def __call__(self, text: str, *, now_ms: int, may_meet: MayMeet = anybody) -> FoundCases:
        """By number, by call sign, by words of the address; may_meet: whose may be found."""
