"""Broadcasts on the board (广播): for whom one is, and its row on the screens."""

from __future__ import annotations

import msgspec

from kuaifan.board.papers import StandingBroadcast
from kuaifan.board.state import Board
from kuaifan.vocabulary.broadcast import AudienceKind, BroadcastSubject, PersonText


class BroadcastRow(msgspec.Struct, frozen=True, kw_only=True):
    """A broadcast while it holds (广播行); read_at_ms: when each unit that has read it did."""

    broadcast_id: str
    text: str
    by: str
    subject: BroadcastSubject
    audience: AudienceKind
    to: tuple[str, ...]
    incident_id: str
    person: PersonText
    unit_ids: tuple[str, ...]
    read_at_ms: dict[str, int]
    at_ms: int
    expires_at_ms: int
    seq: int


def seen_by_crew(row: BroadcastRow, unit_id: str) -> BroadcastRow:
    """What a crew is shown: whether it has read; who else was told and has is for the seats."""
    own, read_at_ms = (unit_id,), row.read_at_ms.get(unit_id)
    return msgspec.structs.replace(
        row,
        to=own if row.audience == "units" else row.to,
        unit_ids=own,
        read_at_ms={} if read_at_ms is None else {unit_id: read_at_ms},
    )


def list_audience(board: Board, audience: AudienceKind, names: tuple[str, ...]) -> tuple[str, ...]:
    """Units on duty that a broadcast is for, by id; one walk over the units, for a human act."""
    wanted = set(names)
    district_of = _district_units(board, wanted) if audience == "district" else set()
    found = []
    for unit_id, unit in board.units.items():
        if unit.status == "off_duty":
            continue
        fits = {
            "all": True,
            "line": unit.line in wanted,
            "desk": unit.desk_id in wanted,
            "district": unit_id in district_of,
            "units": unit_id in wanted,
        }
        if fits[audience]:
            found.append(unit_id)
    return tuple(sorted(found))


def broadcast_row(board: Board, broadcast_id: str) -> BroadcastRow | None:
    """A broadcast as long as it holds."""
    standing = board.broadcasts.get(broadcast_id)
    if standing is None:
        return None
    fields = msgspec.structs.asdict(standing)
    return BroadcastRow(**{**fields, "read_at_ms": dict(standing.read_at_ms)})


def list_person_broadcasts(board: Board, incident_id: str) -> list[StandingBroadcast]:
    """List those that describe somebody under an incident."""
    return [
        each
        for each in board.broadcasts.values()
        if each.incident_id == incident_id and each.person
    ]


def _district_units(board: Board, district_ids: set[str]) -> set[str]:
    """Units that stand in some districts now; those whose place is not known are in none."""
    fleet = board.fleet
    found = set()
    for unit_id, row in fleet.index.items():
        if fleet.arc[row] < 0:
            continue
        district = board.reference.district_at(float(fleet.lat[row]), float(fleet.lon[row]))
        if district in district_ids:
            found.add(unit_id)
    return found
