"""Tables of the mediation seat (调解表): cases, hours taken, rooms, mediators."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kuaifan.board.reference import CITY_DESK
from kuaifan.board.state import Board
from kuaifan.seats.mediation.lookup import class_of, slice_of
from kuaifan.seats.mediation.papers import Mediation
from kuaifan.seats.mediation.words import PartyName
from kuaifan.vocabulary.record_class import RecordClass


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A mediation case as it is listed (调解案行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    state: str
    basis: str
    partner_kind: str
    partner: str
    party_a: PartyName
    party_b: PartyName
    n_held: int
    second_by_ms: int
    perform_by_ms: int
    due_at_ms: int
    earlier: str
    opened_at_ms: int


class HourRow(msgspec.Struct, frozen=True, kw_only=True):
    """An hour that is taken (预约行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    room: str
    mediator: str
    from_ms: int
    until_ms: int


class RoomRow(msgspec.Struct, frozen=True, kw_only=True):
    """A room or a mediator of the register (登记行)."""

    row_id: str
    name: str
    what: str
    where: str
    in_use: str
    n_hours: int
    incident_id: str = ""
    desk_id: str = CITY_DESK
    record_class: RecordClass = "ordinary"


def list_cases(board: Board) -> Iterator[CaseRow]:
    """Cases, the newest first."""
    for paper in reversed(slice_of(board).cases.values()):
        item = board.items.get(paper.item_id)
        yield CaseRow(
            row_id=paper.mediation_id,
            incident_id=paper.incident_id,
            desk_id=_desk_of(board, paper),
            record_class=class_of(board, paper),
            state=paper.outcome or (item.stage if item else ""),
            basis=paper.basis,
            partner_kind=paper.partner_kind,
            partner=paper.partner,
            party_a=paper.party_a,
            party_b=paper.party_b,
            n_held=paper.n_held,
            second_by_ms=paper.second_by_ms,
            perform_by_ms=paper.perform_by_ms,
            due_at_ms=item.due_at_ms if item else 0,
            earlier=paper.earlier_mediation_id,
            opened_at_ms=paper.opened_at_ms,
        )


def list_hours(board: Board) -> Iterator[HourRow]:
    """Hours taken, the next first."""
    mine = slice_of(board)
    taken = [(each.booking, each) for each in mine.cases.values() if each.booking is not None]
    for booking, paper in sorted(taken, key=lambda pair: pair[0].from_ms):
        yield HourRow(
            row_id=paper.mediation_id,
            incident_id=paper.incident_id,
            desk_id=_desk_of(board, paper),
            record_class=class_of(board, paper),
            room=mine.rooms[booking.room_id].name,
            mediator=mine.mediators[booking.mediator_id].name,
            from_ms=booking.from_ms,
            until_ms=booking.until_ms,
        )


def list_register(board: Board) -> Iterator[RoomRow]:
    """Rooms, then mediators."""
    mine = slice_of(board)
    taken = [each.booking for each in mine.cases.values() if each.booking is not None]
    for room in mine.rooms.values():
        yield RoomRow(
            row_id=room.room_id,
            name=room.name,
            what="room",
            where=room.address,
            in_use="yes" if room.is_open else "no",
            n_hours=sum(each.room_id == room.room_id for each in taken),
        )
    for mediator in mine.mediators.values():
        usual = mine.rooms.get(mediator.room_id)
        yield RoomRow(
            row_id=mediator.mediator_id,
            name=mediator.name,
            what=mediator.kind,
            where=usual.name if usual else "",
            in_use="yes" if mediator.is_active else "no",
            n_hours=sum(each.mediator_id == mediator.mediator_id for each in taken),
        )


def _desk_of(board: Board, paper: Mediation) -> str:
    incident = board.incidents.get(paper.incident_id)
    return incident.desk_id if incident else paper.desk_id


VIEWS = {"cases": list_cases, "hours": list_hours, "register": list_register}
