"""Papers of the special seats leave the board and come back (专席归档与调档).

A seat says which of its papers nobody needs any more; once a night they leave its slice, each by an
event that holds it whole: the facts in clear, its personal texts beside them, each sealed under its
own incident, as with an incident that is recalled. The read tables keep what left.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.record_class import RecordClass

SEAT_PAPERS: Final = "seat_papers"
"""The read table that keeps what left."""


class SeatPaperText(msgspec.Struct, frozen=True):
    """A personal text of a seat's paper (专席材料个人信息); path: fields and numbers down to it."""

    incident_id: str
    path: tuple[str, ...]
    text: Annotated[str, Personal("incident")]


class SeatPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper of a special seat as it left (专席材料); table: of its slice. facts: JSON of it."""

    incident_id: str
    seat_id: str
    table: str
    paper_id: str
    desk_id: str
    record_class: RecordClass
    facts: str
    texts: tuple[SeatPaperText, ...]


def seat_paper_row_id(paper: SeatPaper) -> str:
    """Its id in the read table: all papers of an incident stand together."""
    return f"{paper.incident_id}/{paper.seat_id}/{paper.table}/{paper.paper_id}"


class RetireSeatPapers(Command, frozen=True):
    """The seats' papers that nobody needs any more leave the board (专席归档); a timer asks."""


class RecallSeatPapers(Command, frozen=True):
    """They come back with their incident (专席调档); the desk itself asks, before a touch."""

    incident_id: str
    papers: tuple[SeatPaper, ...]


class SeatPaperRetired(Event, frozen=True):
    """A paper has left its seat's slice (专席材料已归档); the read tables have it."""

    incident_id: str
    paper: SeatPaper


class SeatPapersSwept(Event, frozen=True):
    """All slices were looked through (专席归档已查); is_all: or there is more to leave."""

    n_retired: int
    is_all: bool


class SeatPaperRecalled(Event, frozen=True):
    """A paper is where it was (专席材料已调档)."""

    incident_id: str
    paper: SeatPaper


COMMANDS = (RetireSeatPapers, RecallSeatPapers)
EVENTS = (SeatPaperRetired, SeatPapersSwept, SeatPaperRecalled)
