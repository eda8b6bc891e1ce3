"""A seat's archive by days and words (归档检索): the facts of its papers, never a personal text.

The facts stand in clear in what is stored, so that nothing is unsealed to look through them.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import msgspec

from kuaifan.app.stored_rows import PastCase, find_sealed
from kuaifan.app.stored_whose import class_of
from kuaifan.board.day_tally import start_of_day
from kuaifan.board.reference import Reference
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.seat_archive import SEAT_PAPERS
from kuaifan.web.seat_archive_rows import (
    MAX_LISTED,
    MAX_LOOKED,
    ArchiveLine,
    ArchiveLook,
    ArchiveLooked,
)


class Stored(msgspec.Struct, frozen=True):
    """What of a stored paper is no personal data (归档读表行)."""

    incident_id: str
    seat_id: str
    table: str
    paper_id: str
    desk_id: str
    record_class: RecordClass
    facts: str


DECODER: Final = msgspec.json.Decoder(Stored)


def search_papers(
    reader: LogReader, reference: Reference, seat_id: str, asked: ArchiveLook
) -> ArchiveLooked:
    """Papers that left on some days and hold all the words, the newest first."""
    found = reader.list_newest(
        SEAT_PAPERS,
        f"/{seat_id}/",
        after_seq=reader.last_seq_before(start_of_day(asked.first_day)),
        until_seq=reader.last_seq_before(start_of_day(asked.last_day + 1)),
        limit=MAX_LOOKED,
    )
    papers = ((seq, DECODER.decode(body)) for seq, body in found)
    # A bare mark of the seat's own has no facts to show.
    own = [(seq, each) for seq, each in papers if each.seat_id == seat_id and each.facts[:1] == "{"]
    wanted = [(seq, each) for seq, each in own if _has(each, asked.words)]
    return ArchiveLooked(
        lines=tuple(_lines(reader, reference, wanted[:MAX_LISTED])),
        n_looked=len(own),
        is_cut=len(found) == MAX_LOOKED or len(wanted) > MAX_LISTED,
    )


def _has(paper: Stored, words: tuple[str, ...]) -> bool:
    if not words:
        return True
    told = f"{paper.paper_id} {paper.incident_id} {paper.facts}".casefold()
    return all(word.casefold() in told for word in words)


def _lines(
    reader: LogReader, reference: Reference, papers: list[tuple[int, Stored]]
) -> Iterator[ArchiveLine]:
    @cache
    def case_of(incident_id: str) -> PastCase | None:
        return find_sealed(reader, "incidents", incident_id, PastCase)

    for seq, paper in papers:
        case = case_of(paper.incident_id)
        facts: Any = msgspec.json.decode(paper.facts)
        yield ArchiveLine(
            table=paper.table,
            paper_id=paper.paper_id,
            incident_id=paper.incident_id,
            desk_id=paper.desk_id,
            desk_ids=case.desk_ids if case else (),
            record_class=_class_of(reference, paper, case),
            archived_at_ms=reader.find_at_ms(seq) or 0,
            paper=facts,
        )


def _class_of(reference: Reference, paper: Stored, case: PastCase | None) -> RecordClass:
    """What it left as, or what its case has become since."""
    if paper.record_class != "ordinary" or case is None:
        return paper.record_class
    return class_of(reference, case.record_class, case.last_type_code)
