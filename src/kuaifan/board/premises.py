"""Dangers of places on the board (场所危险提示): found by neighbourhood, shown with incidents."""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.entities import Incident
from kuaifan.board.premise_rows import PremiseNoteRow, PremiseRow
from kuaifan.board.state import Board
from kuaifan.geo.points import distance_m

MAX_SHOWN: Final = 10
"""So many at most with one incident, nearest first; more would not be read."""


def premises_near(board: Board, incident: Incident) -> tuple[PremiseRow, ...]:
    """Notes within whose radius an incident lies, nearest first; none before it has a place.

    Cost: the notes in the nine cells around it.
    """
    if not incident.is_placed:
        return ()
    found = []
    for note_id in board.premise_places.near(incident.lat, incident.lon):
        note = board.premises[note_id]
        metres = distance_m(incident.lat, incident.lon, to_lat=note.lat, to_lon=note.lon)
        if metres <= note.radius_m:
            row = PremiseRow(
                note_id=note_id,
                kind=note.kind,
                text=note.text,
                distance_m=round(metres),
                expires_at_ms=note.expires_at_ms,
            )
            found.append((metres, note_id, row))
    return tuple(row for _, _, row in sorted(found)[:MAX_SHOWN])


def premise_note_row(board: Board, note_id: str) -> PremiseNoteRow | None:
    """A note as long as it stands."""
    note = board.premises.get(note_id)
    return None if note is None else PremiseNoteRow(**msgspec.structs.asdict(note))
