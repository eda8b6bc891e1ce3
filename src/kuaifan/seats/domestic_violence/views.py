"""The seat's tables (家暴专席台账视图): cases with their level and why, letters, orders.

A closed case is hidden; its level is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import msgspec

from kuaifan.board.state import Board
from kuaifan.seats.domestic_violence.papers import Sealed, slice_of
from kuaifan.vocabulary.record_class import RecordClass

CLASS: Final[RecordClass] = "domestic_violence"


class HouseholdRow(msgspec.Struct, frozen=True, kw_only=True):
    """An open case (个案行); why, also: the first reasons of the level."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    address: Sealed
    n_incidents: int
    n_confirmed: int
    level: str
    proposed: str
    why: str
    also: str
    until_ms: int
    confirmed_by: str
    last_contact_ms: int
    safe_number: Sealed
    safe_hours: str


class LetterRow(msgspec.Struct, frozen=True, kw_only=True):
    """A warning letter (告诫书行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    number: str
    facts: Sealed
    issued_at_ms: int
    victim: str
    respondent: str
    committee: str
    state: str


class ProtectionRow(msgspec.Struct, frozen=True, kw_only=True):
    """A protection order (保护令行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    court: str
    number: str
    address: Sealed
    measures: Sealed
    from_ms: int
    until_ms: int
    n_calls: int
    n_breaches: int
    ended: str


class ReferralRow(msgspec.Struct, frozen=True, kw_only=True):
    """A referral (转介行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    to: str
    what: Sealed
    sent_at_ms: int
    receiver: Sealed
    outcome: str


class MaterialRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something to hand out (宣传资料行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    title: str
    version: str
    where: str
    n_handed_out: int


def households(board: Board) -> Iterator[HouseholdRow]:
    """Open cases; the most closely attended to first."""
    found = [each for each in slice_of(board).households.values() if each.is_open]
    order = {"red": 0, "orange": 1, "blue": 2, "": 3}
    for each in sorted(found, key=lambda one: (order[one.level], one.opened_at_ms)):
        has_number = bool(each.safe_number)
        yield HouseholdRow(
            row_id=each.household_id,
            incident_id=each.incident_id,
            desk_id=each.desk_id,
            record_class=CLASS,
            address=each.address,
            n_incidents=len(each.happenings),
            n_confirmed=len(each.confirmed),
            level=each.level,
            proposed=each.proposed,
            why=each.reasons[0] if each.reasons else "",
            also=each.reasons[1] if len(each.reasons) > 1 else "",
            until_ms=each.level_until_ms,
            confirmed_by=each.confirmed_by,
            last_contact_ms=max(each.contacts_at_ms, default=0),
            safe_number=each.safe_number,
            safe_hours=f"{_clock(each.call_from_min)}-{_clock(each.call_to_min)}" * has_number,
        )


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def letters(board: Board) -> Iterator[LetterRow]:
    """Warning letters of open cases, newest first."""
    mine = slice_of(board)
    for each in sorted(mine.letters.values(), key=lambda one: -one.issued_at_ms):
        household = mine.households[each.household_id]
        if household.is_open:
            is_told = bool(each.committee)
            yield LetterRow(
                row_id=each.letter_id,
                incident_id=each.incident_id,
                desk_id=household.desk_id,
                record_class=CLASS,
                number=each.number,
                facts=each.facts,
                issued_at_ms=each.issued_at_ms,
                victim=each.served.get("victim", ""),
                respondent=each.served.get("respondent", ""),
                committee=each.committee,
                state="withdrawn" if each.withdrawn else "told" if is_told else "open",
            )


def protections(board: Board) -> Iterator[ProtectionRow]:
    """Protection orders of open cases, the first to end first."""
    mine = slice_of(board)
    for each in sorted(mine.protections.values(), key=lambda one: one.until_ms):
        household = mine.households[each.household_id]
        if household.is_open:
            yield ProtectionRow(
                row_id=each.protection_id,
                incident_id=each.incident_id,
                desk_id=household.desk_id,
                record_class=CLASS,
                court=each.court,
                number=each.number,
                address=each.address,
                measures=each.measures,
                from_ms=each.from_ms,
                until_ms=each.until_ms,
                n_calls=len(each.judged),
                n_breaches=len(each.breach_incident_ids),
                ended=each.ended,
            )


def referrals(board: Board) -> Iterator[ReferralRow]:
    """Referrals of open cases, oldest first."""
    mine = slice_of(board)
    for each in mine.referrals.values():
        household = mine.households[each.household_id]
        if household.is_open:
            yield ReferralRow(
                row_id=each.referral_id,
                incident_id=each.incident_id,
                desk_id=household.desk_id,
                record_class=CLASS,
                to=each.to,
                what=each.what,
                sent_at_ms=each.sent_at_ms,
                receiver=each.receiver,
                outcome=each.outcome,
            )


def materials(board: Board) -> Iterator[MaterialRow]:
    """What can be handed out."""
    for each in slice_of(board).materials.values():
        yield MaterialRow(
            row_id=each.material_id,
            incident_id="",
            desk_id="city",
            record_class="ordinary",
            title=each.title,
            version=each.version,
            where=each.where,
            n_handed_out=each.n_handed_out,
        )


VIEWS: Final[Mapping[str, Callable[[Board], Iterable[msgspec.Struct]]]] = {
    "households": households,
    "letters": letters,
    "protections": protections,
    "referrals": referrals,
    "materials": materials,
}
