"""Dangers of places (场所危险提示): what to beware of there, with author and expiry.

Of a place, never of a person: what labels people has no field here, and its words are refused.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.incident import Latitude, Longitude

PremiseKind = Literal[
    "dog",
    "hazardous_goods",
    "construction",
    "unstable_structure",
    "locked_access",
    "steep_stairs",
    "high_voltage",
    "crowd_site",
    "confined_space",
    "water_edge",
    "other_danger",
]
"""What is dangerous there (危险种类).

hazardous_goods: gas or chemicals are kept; locked_access: a gate or code to be known;
confined_space: air may be bad below.
"""
PREMISE_KINDS: Final[tuple[str, ...]] = get_args(PremiseKind)
MAX_DAYS: Final = 180
"""No note outlives half a year: somebody looks at the place again."""
MAX_RADIUS_M: Final = 300
Radius = Annotated[int, msgspec.Meta(ge=10, le=MAX_RADIUS_M)]
Days = Annotated[int, msgspec.Meta(ge=1, le=MAX_DAYS)]


class AddPremiseNote(Command, frozen=True):
    """Note a danger of a place (登记场所危险提示); by: who answers for it, days: until it ends.

    radius_m: incidents within it are shown the note.
    """

    kind: PremiseKind
    text: ShortText
    lat: Latitude
    lon: Longitude
    radius_m: Radius
    by: ShortText
    days: Days


class EndPremiseNote(Command, frozen=True):
    """The danger is gone, or the note was wrong (撤销场所危险提示)."""

    note_id: Id
    by: ShortText
    reason: ShortText


class ExpirePremiseNote(Command, frozen=True):
    """A note has run out (场所危险提示到期); submitted by a timer."""

    note_id: Id


class PremiseNoteAdded(Event, frozen=True):
    """Who is sent near there is told of it (场所危险提示已登记)."""

    note_id: str
    kind: PremiseKind
    text: str
    lat: float
    lon: float
    radius_m: int
    by: str
    expires_at_ms: int


class PremiseNoteEnded(Event, frozen=True):
    """Nobody is told any more (场所危险提示已结束); by empty: it ran out."""

    note_id: str
    lat: float
    lon: float
    by: str
    reason: str


COMMANDS = (AddPremiseNote, EndPremiseNote, ExpirePremiseNote)
EVENTS = (PremiseNoteAdded, PremiseNoteEnded)
