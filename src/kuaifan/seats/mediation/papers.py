"""What the mediation seat keeps (调解专席分态): cases, rooms, mediators, terms, counts."""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.day_tally import DayTally
from kuaifan.board.items import HOUR_MS
from kuaifan.board.working_days import WorkingDays
from kuaifan.seats.mediation.words import (
    Agreed,
    AttemptEnd,
    Basis,
    MediatorKind,
    Outcome,
    PartnerKind,
    PartyName,
)
from kuaifan.vocabulary.record_class import RecordClass

SEAT_ID: Final = "mediation"


class Terms(msgspec.Struct, frozen=True):
    """The seat's times (调解时限); the seven working days are the law's, the rest is ours [U]."""

    consent_ms: int = 24 * HOUR_MS
    first_ms: int = 72 * HOUR_MS
    second_working_days: int = 7
    sign_ms: int = 24 * HOUR_MS
    check_ms: int = 24 * HOUR_MS
    route_ms: int = 24 * HOUR_MS
    repeat_days: int = 90
    n_no_shows: int = 2
    days: WorkingDays = WorkingDays()


class Room(msgspec.Struct, frozen=True):
    """A mediators' room (调解室)."""

    room_id: str
    name: str
    address: str
    is_open: bool


class Mediator(msgspec.Struct, frozen=True):
    """A mediator (调解员)."""

    mediator_id: str
    name: str
    kind: MediatorKind
    room_id: str
    is_active: bool


class Attempt(msgspec.Struct, frozen=True):
    """An attempt (调解经过)."""

    at_ms: int
    outcome: AttemptEnd
    where: str
    mediator: str


class Booking(msgspec.Struct, frozen=True):
    """A room and a mediator for an hour (预约)."""

    room_id: str
    mediator_id: str
    from_ms: int
    until_ms: int


class Mediation(msgspec.Struct, kw_only=True):
    """A mediation case (调解案).

    item_id: of the case, then of the check; case_item_id, civil_item_id: of what follows. consents:
    by side. second_by_ms: until when the second attempt has to be over. concluded_at_ms: agreed, or
    failed after an attempt.
    """

    mediation_id: str
    incident_id: str
    desk_id: str
    item_id: str
    basis: Basis
    partner_kind: PartnerKind
    partner: str
    party_a: PartyName
    party_b: PartyName
    a_is_minor: bool
    b_is_minor: bool
    opened_at_ms: int
    record_class: RecordClass
    earlier_mediation_id: str = ""
    consents: dict[str, bool] = {}
    attempts: list[Attempt] = []
    booking: Booking | None = None
    n_no_shows: int = 0
    second_by_ms: int = 0
    terms: Agreed = ""
    perform_by_ms: int = 0
    concluded_at_ms: int = 0
    ended_at_ms: int = 0
    outcome: Outcome = ""
    case_item_id: str = ""
    civil_item_id: str = ""
    case_no: str = ""
    was_repeated: bool = False

    @property
    def n_held(self) -> int:
        """Attempts made; where somebody stayed away none was."""
        return sum(each.outcome != "no_show" for each in self.attempts)

    @property
    def has_minor(self) -> bool:
        """Whether a guardian has to be there."""
        return self.a_is_minor or self.b_is_minor


class Past(msgspec.Struct, kw_only=True):
    """What stays of a case that has left (已归档调解案) while a later one may be its repeat."""

    incident_id: str
    concluded_at_ms: int
    ended_at_ms: int
    was_repeated: bool = False


class Slice(msgspec.Struct):
    """All that the seat keeps (调解专席); past: cases that have left, the oldest first."""

    terms: Terms = Terms()
    rooms: dict[str, Room] = {}
    mediators: dict[str, Mediator] = {}
    cases: dict[str, Mediation] = {}
    by_incident: dict[str, str] = {}
    past: dict[str, Past] = {}
    n_cases: int = 0
    tally: DayTally = msgspec.field(default_factory=DayTally)
