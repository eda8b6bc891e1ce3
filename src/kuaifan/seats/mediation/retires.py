"""Which papers of the seat leave the board (调解归档): a case with its incident, when it is over.

What stays for as long as a later case of the same parties may be its repeat is when it ended.
"""

from __future__ import annotations

from itertools import islice
from typing import Final

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.seat_archive import Gone, Retires
from kuaifan.board.state import Board
from kuaifan.seats.mediation.papers import Mediation, Past

AT_ONCE: Final = 8
"""So many of the oldest are looked at as one comes: more go than come."""


def is_over(_board: Board, paper: Mediation, _now_ms: int) -> bool:
    """Performed, or come to nothing; what follows by law is an item and holds it here."""
    return bool(paper.ended_at_ms)


def gone(left: Gone) -> None:
    """Its end stays; ends too old to matter go, the oldest first."""
    mine, paper = left.mine, left.paper
    if mine.by_incident.get(paper.incident_id) == paper.mediation_id:
        del mine.by_incident[paper.incident_id]
    mine.past[paper.mediation_id] = Past(
        incident_id=paper.incident_id,
        concluded_at_ms=paper.concluded_at_ms,
        ended_at_ms=paper.ended_at_ms,
        was_repeated=paper.was_repeated,
    )
    kept_ms = mine.terms.repeat_days * DAY_MS
    for mediation_id, past in list(islice(mine.past.items(), AT_ONCE)):
        if past.ended_at_ms + kept_ms < left.at_ms:
            del mine.past[mediation_id]


def back(come: Gone) -> None:
    """It is the case of its incident again, with what was counted of it meanwhile."""
    mine, paper = come.mine, come.paper
    mine.by_incident.setdefault(paper.incident_id, paper.mediation_id)
    past = mine.past.pop(paper.mediation_id, None)
    paper.was_repeated = paper.was_repeated or (past is not None and past.was_repeated)


RETIRES = (Retires(table="cases", is_over=is_over, gone=gone, back=back),)
