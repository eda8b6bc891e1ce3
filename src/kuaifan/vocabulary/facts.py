"""What is known of an incident beyond its type (警情要素): facts, possible places, notes, flags."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

import msgspec

from kuaifan.kernel.message import MAX_TEXT_CHARS, Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold
from kuaifan.vocabulary.incident import Address, Latitude, Longitude

Fact = Literal[
    "weapon",
    "injury",
    "child",
    "ongoing",
    "suspect_present",
    "repeat",
    "violence",
    "threat",
    "crowd",
    "danger",
    "unconscious",
    "trapped_in_heat",
    "fire",
    "verified",
    "harm_suspected",
    "detained",
    "under_ten",
    "cold_or_water",
    "distress",
    "protected_place",
]
"""Facts that may raise a priority (警情要素).

crowd: five or more; danger: to life or health; under_ten: a child of less than ten years;
distress: heard on an open line; protected_place: a shelter, a school, a guarded address.
"""
FACTS: Final[tuple[str, ...]] = get_args(Fact)
Answer = Literal["yes", "no", "unknown"]
NoteText = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT_CHARS)]
Note = Annotated[NoteText, Personal("incident")]


class RecordFact(Command, frozen=True):
    """An answer to a question about the scene (登记要素); it may raise the priority."""

    incident_id: Id
    fact: Fact
    answer: Answer


class AddPossiblePlace(Command, frozen=True):
    """One of several places it may be at (登记可能地点)."""

    incident_id: Id
    lat: Latitude
    lon: Longitude
    address: Address = ""


class RuleOutPlace(Command, frozen=True):
    """It is not there (排除地点)."""

    incident_id: Id
    place_no: int
    reason: IncidentReason


class AddNote(Command, frozen=True):
    """Something more to know (补充记录)."""

    incident_id: Id
    text: Note


class StrikeNote(Command, frozen=True):
    """A note is wrong (划改记录): it stays readable, struck through, with the reason."""

    incident_id: Id
    note_no: int
    reason: IncidentReason
    correction: Annotated[str, msgspec.Meta(max_length=MAX_TEXT_CHARS), Personal("incident")] = ""


class DeclareMajor(Command, frozen=True):
    """A major incident (重大警情): it is reported up."""

    incident_id: Id
    reason: IncidentReason
    declared_by: ShortText


class EndMajor(Command, frozen=True):
    """No longer major (解除重大警情)."""

    incident_id: Id
    approved_by: ShortText


class FactRecorded(Event, frozen=True):
    """A fact is known (要素已登记)."""

    incident_id: str
    fact: Fact
    answer: Answer


class PossiblePlaceAdded(Event, frozen=True):
    """It may be there (可能地点已登记)."""

    incident_id: str
    place_no: int
    lat: float
    lon: float
    address: Address


class PlaceRuledOut(Event, frozen=True):
    """It is not there (地点已排除)."""

    incident_id: str
    place_no: int
    reason: IncidentReasonTold


class NoteAdded(Event, frozen=True):
    """A note stands in the record (记录已补充)."""

    incident_id: str
    note_no: int
    text: Annotated[str, Personal("incident")]


class NoteStruck(Event, frozen=True):
    """A note is struck through (记录已划改)."""

    incident_id: str
    note_no: int
    reason: IncidentReasonTold
    correction: Annotated[str, Personal("incident")]


class MajorDeclared(Event, frozen=True):
    """It is a major incident (已定为重大警情)."""

    incident_id: str
    reason: IncidentReasonTold
    declared_by: str


class MajorEnded(Event, frozen=True):
    """It is no longer a major incident (已解除重大警情)."""

    incident_id: str
    approved_by: str


COMMANDS = (
    RecordFact,
    AddPossiblePlace,
    RuleOutPlace,
    AddNote,
    StrikeNote,
    DeclareMajor,
    EndMajor,
)
EVENTS = (
    FactRecorded,
    PossiblePlaceAdded,
    PlaceRuledOut,
    NoteAdded,
    NoteStruck,
    MajorDeclared,
    MajorEnded,
)
