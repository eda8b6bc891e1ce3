"""What the seat keeps (家暴专席台账): households, letters, protection orders, referrals, material.

A household's case is about what happened there; it holds no score, and nothing of anybody without
an incident. Personal words stay sealed under the incident that brought them.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.board.asking import is_same_person
from kuaifan.board.day_tally import DayTally
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused
from kuaifan.kernel.personal import Personal
from kuaifan.seats.domestic_violence.terms import Terms

SEAT_ID: Final = "domestic_violence"
Sealed = Annotated[str, Personal("incident")]
Level = Literal["", "blue", "orange", "red"]
"""How closely a case is attended to (关注等级); empty before an officer confirmed one."""
LEVELS: Final[tuple[Level, ...]] = ("", "blue", "orange", "red")
SceneFact = Literal[
    "injury",
    "slight_injury",
    "weapon",
    "strangling",
    "threat_to_kill",
    "breach",
    "child_present",
    "alcohol",
]
"""What an officer recorded of an incident (已核实事实).

injury: beyond slight; breach: of a protection order or a warning letter.
"""
Verdict = Literal["", "confirmed", "unfounded"]
Referee = Literal[
    "womens_federation", "hospital", "civil_affairs", "court", "shelter", "legal_aid", "school"
]
Party = Literal["victim", "respondent"]


class Happening(msgspec.Struct, kw_only=True):
    """One incident of a household (涉家暴警情): when, and what an officer found it to be."""

    incident_id: str
    at_ms: int
    verdict: Verdict = ""
    facts: tuple[SceneFact, ...] = ()
    has_letter: bool = False


class Household(msgspec.Struct, kw_only=True):
    """A household's case (家暴个案), from its first incident on.

    level_until_ms: when the confirmed level ends unless somebody looks again. contacts_at_ms: when
    somebody was met or reached and was safe. call_from_min, call_to_min: minutes of the local day
    in which the agreed number may be rung; the same twice means no agreement.
    """

    household_id: str
    incident_id: str
    desk_id: str
    opened_at_ms: int
    address: Sealed = ""
    lat: float = 0.0
    lon: float = 0.0
    is_placed: bool = False
    happenings: list[Happening] = []
    level: Level = ""
    level_since_ms: int = 0
    level_until_ms: int = 0
    proposed: Level = ""
    reasons: tuple[str, ...] = ()
    confirmed_by: str = ""
    contacts_at_ms: list[int] = []
    safe_number: Sealed = ""
    call_from_min: int = 0
    call_to_min: int = 0
    closed_at_ms: int = 0
    joined_to: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is attended to; a closed case is hidden."""
        return not self.closed_at_ms

    @property
    def confirmed(self) -> list[Happening]:
        """Its incidents that an officer confirmed, oldest first."""
        return [each for each in self.happenings if each.verdict == "confirmed"]


class Letter(msgspec.Struct, kw_only=True):
    """A warning letter (告诫书): no penalty; facts, service on both sides, the committee told."""

    letter_id: str
    household_id: str
    incident_id: str
    number: str
    facts: Sealed
    issued_at_ms: int
    served: dict[str, str] = {}
    committee: str = ""
    withdrawn: bool = False


class Protection(msgspec.Struct, kw_only=True):
    """A protection order of a court (人身安全保护令), with the address that it protects."""

    protection_id: str
    household_id: str
    incident_id: str
    court: str
    number: str
    address: Sealed
    measures: Sealed
    lat: float
    lon: float
    from_ms: int
    until_ms: int
    ended: str = ""
    n_extended: int = 0
    breach_incident_ids: list[str] = []
    judged: dict[str, str] = {}

    def holds_at(self, at_ms: int) -> bool:
        """Whether it is in force."""
        return not self.ended and self.from_ms <= at_ms < self.until_ms


class Referral(msgspec.Struct, kw_only=True):
    """A household was passed to somebody who helps (转介)."""

    referral_id: str
    household_id: str
    incident_id: str
    to: Referee
    what: Sealed
    sent_at_ms: int
    receiver: str = ""
    outcome: str = ""


class Material(msgspec.Struct, kw_only=True):
    """Something to hand out (宣传资料); nothing in it is personal."""

    material_id: str
    title: str
    version: str
    where: str
    n_handed_out: int = 0


class Households(msgspec.Struct):
    """The slice of the seat (专席分态); of_incident: household by incident; tries: by item."""

    terms: Terms = Terms()
    households: dict[str, Household] = {}
    of_incident: dict[str, str] = {}
    letters: dict[str, Letter] = {}
    protections: dict[str, Protection] = {}
    referrals: dict[str, Referral] = {}
    materials: dict[str, Material] = {}
    n_materials: int = 0
    screened: dict[str, bool] = {}
    tries: dict[str, int] = {}
    tally: DayTally = msgspec.field(default_factory=DayTally)


def slice_of(board: Board) -> Households:
    """What the seat keeps on a board."""
    kept: Households = board.seats[SEAT_ID]
    return kept


def need_second(by: str, approved_by: str) -> None:
    """Refuse: consent_needed, own_approval; nobody consents to its own act."""
    if not approved_by.strip():
        raise Refused(
            "consent_needed",
            "须本专席另一人同意：请申请，由其本人批准",
            "another of this seat's team consents to it, by its own act: ask for it",
        )
    if is_same_person(approved_by, by):
        raise Refused(
            "own_approval",
            "批准人不能是本人",
            "whoever consents is another person than who asks",
        )


def get_household(board: Board, household_id: str) -> Household:
    """Return an open case, or refuse: unknown_household, household_closed."""
    found = slice_of(board).households.get(household_id)
    if found is None:
        raise Refused(
            "unknown_household",
            f"没有家暴个案 {household_id}",
            f"there is no household case {household_id}",
        )
    if not found.is_open:
        raise Refused(
            "household_closed",
            f"家暴个案 {household_id} 已结案"
            + (f"，并入 {found.joined_to}" if found.joined_to else ""),
            f"household case {household_id} is closed"
            + (f": it lives on in {found.joined_to}" if found.joined_to else ""),
        )
    return found


def get_happening(board: Board, incident_id: str) -> tuple[Household, Happening]:
    """Return the open case of an incident with its entry, or refuse: no_household."""
    household_id = slice_of(board).of_incident.get(incident_id, "")
    if not household_id:
        raise Refused(
            "no_household",
            f"警情 {incident_id} 没有家暴个案",
            f"incident {incident_id} has no household case",
        )
    found = get_household(board, household_id)
    return found, next(each for each in found.happenings if each.incident_id == incident_id)
