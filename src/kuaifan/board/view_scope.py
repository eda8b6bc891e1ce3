"""Whose a row is (视图可见范围): the desks, the crews and the class of record it belongs to.

Whoever is not of one of the desks is not shown the row at all; only the city's desk sees every one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from kuaifan.board.approval_rows import ApprovalRow
from kuaifan.board.broadcasts import BroadcastRow
from kuaifan.board.call_view_rows import CallRow
from kuaifan.board.case_class import class_of_incident
from kuaifan.board.entities import Incident
from kuaifan.board.glass_rows import GlassRow
from kuaifan.board.item_papers import Item
from kuaifan.board.item_rows import ItemRow
from kuaifan.board.major_rows import MajorRow
from kuaifan.board.outbox import LetterRow
from kuaifan.board.premise_rows import PremiseNoteRow
from kuaifan.board.reference import CITY_DESK
from kuaifan.board.seat_rows import SeatRow
from kuaifan.board.seating import desk_of_seat
from kuaifan.board.state import Board
from kuaifan.board.view_rows import (
    AlarmRow,
    CardBlockRow,
    CircleRow,
    ClosureRow,
    EmergencyRow,
    IncidentRow,
    MoveUpRow,
    UnitRow,
    ViewRow,
)
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Role

CASE_ROWS: Final = frozenset(
    {
        *(CallRow, IncidentRow, AlarmRow, EmergencyRow, MajorRow, BroadcastRow),
        *(PremiseNoteRow, CardBlockRow, ItemRow, ApprovalRow),
    }
)
"""Rows that tell of cases; the others tell of forces, posts, seats and roads.

A letter that was not delivered names a case and says nothing of it: who mends lines may see it.
"""
NOTICE_ROWS: Final = frozenset({GlassRow})
"""Rows that tell who sees more than it may: for supervisors and administrators alone."""


class RowScope(NamedTuple):
    """Whose a row is (行归属); for_all: of every desk and every crew. readers: the only roles."""

    unit_ids: tuple[str, ...] = ()
    desk_ids: tuple[str, ...] = ()
    record_class: RecordClass = "ordinary"
    for_all: bool = False
    readers: tuple[Role, ...] = ()


def scope_of_row(board: Board, row: ViewRow) -> RowScope:
    """Whose a row is, as the board stands."""
    if isinstance(row, ClosureRow):
        return RowScope(for_all=True)
    if isinstance(row, ItemRow):
        return _scope_of_item(board, board.items[row.item_id])
    if isinstance(row, LetterRow):
        # The lines out are the centre's, and the city's desk tends them; the alarm is the case's.
        return RowScope()
    if isinstance(row, ApprovalRow) and row.seat_id:
        return _scope_of_seat_act(board, row)
    incident = board.incidents.get(getattr(row, "incident_id", ""))
    return RowScope(
        unit_ids=_units_of(board, row, incident),
        desk_ids=tuple(dict.fromkeys(each for each in _desks_of(board, row, incident) if each)),
        record_class=_class_of(board, row, incident),
    )


def _scope_of_item(board: Board, item: Item) -> RowScope:
    """Of its desk and of the unit that owes it; of its incident's too while that is here.

    An item stays of the class it was opened with: its incident leaves the board before it does.
    """
    incident = board.incidents.get(item.incident_id)
    own = (item.owner.owner_id,) if item.owner.kind == "unit" else ()
    desks = (item.desk_id, incident.desk_id if incident else "", _owner_desk(board, item))
    return RowScope(
        unit_ids=tuple(each for each in own if each not in item.kept_from),
        desk_ids=tuple(dict.fromkeys(each for each in desks if each)),
        record_class=item.record_class,
        readers=item.readers,
    )


def _scope_of_seat_act(board: Board, row: ApprovalRow) -> RowScope:
    """Of a special seat's own command: of its readers alone, of the class it was asked under."""
    incident = board.incidents.get(row.incident_id)
    of_seat = board.approvals.approvals[row.approval_id].of_seat
    assert of_seat is not None  # noqa: S101 - its row says so
    desks = (of_seat.desk_id, incident.desk_id if incident else "")
    kept = of_seat.record_class
    return RowScope(
        desk_ids=tuple(dict.fromkeys(each for each in desks if each)),
        record_class=_class_of(board, row, incident) if kept == "ordinary" else kept,
        readers=of_seat.readers,
    )


def _item_of(board: Board, row: AlarmRow) -> Item | None:
    return board.items.get(row.key.removeprefix("item:")) if row.kind == "item" else None


def _owner_desk(board: Board, item: Item) -> str:
    if item.owner.kind == "unit":
        return _desk_of_unit(board, item.owner.owner_id)
    return item.owner.owner_id if item.owner.kind == "desk" else ""


def _class_of(board: Board, row: ViewRow, incident: Incident | None) -> RecordClass:
    if isinstance(row, AlarmRow) and (item := _item_of(board, row)) is not None:
        return item.record_class
    if type(row) not in CASE_ROWS or incident is None:
        return "ordinary"
    return class_of_incident(board, incident)


def _units_of(board: Board, row: ViewRow, incident: Incident | None) -> tuple[str, ...]:
    """Units whose crews may see a row: its own, or those with an order on its incident.

    What belongs to a complaint is never seen by the units it is about.
    """
    kept_out = incident.complained_of if incident else ()
    if kept_out and type(row) in CASE_ROWS:
        return tuple(each for each in _units_on(board, row, incident) if each not in kept_out)
    return _units_on(board, row, incident)


def _units_on(board: Board, row: ViewRow, incident: Incident | None) -> tuple[str, ...]:
    if isinstance(row, CardBlockRow | CircleRow | SeatRow | MajorRow | GlassRow):
        return ()
    if isinstance(row, BroadcastRow):
        return row.unit_ids
    if isinstance(row, ApprovalRow):
        return _units_of_approval(row)
    if isinstance(row, UnitRow | AlarmRow | EmergencyRow | MoveUpRow):
        return (row.unit_id,) if row.unit_id else ()
    orders = board.active_orders(incident) if incident else ()
    return tuple(dict.fromkeys(order.unit_id for order in orders))


def _units_of_approval(row: ApprovalRow) -> tuple[str, ...]:
    """A crew reads what it asked for itself: that somebody stands in for it on scene."""
    return (row.unit_id,) if row.command == "HandOverShift" else ()


def _desks_of(board: Board, row: ViewRow, incident: Incident | None) -> Iterator[str]:
    if incident is not None and not isinstance(row, BroadcastRow):
        yield incident.desk_id
        yield incident.to_desk_id
    if isinstance(row, SeatRow | CardBlockRow | UnitRow | GlassRow):
        yield row.desk_id
    elif isinstance(row, CallRow):
        yield from _desks_of_call(board, row.call_id)
    elif isinstance(row, ApprovalRow):
        yield from _desks_of_approval(board, row)
    elif isinstance(row, AlarmRow):
        yield from _desks_of_alarm(board, row, incident)
    elif isinstance(row, EmergencyRow | MoveUpRow):
        yield _desk_of_unit(board, row.unit_id)
    elif isinstance(row, BroadcastRow):
        yield from (_desk_of_unit(board, unit_id) for unit_id in row.unit_ids)
    elif isinstance(row, CircleRow):
        yield board.reference.post_desks.get(row.post_id, CITY_DESK)
    elif isinstance(row, PremiseNoteRow):
        yield board.reference.desk_at(row.lat, row.lon)


def _desks_of_alarm(board: Board, row: AlarmRow, incident: Incident | None) -> Iterator[str]:
    """An alarm is of the case or item it is about; of a call or unit only where there is none."""
    if (item := _item_of(board, row)) is not None:
        yield item.desk_id
        yield _owner_desk(board, item)
    if incident is None and row.call_id:
        yield from _desks_of_call(board, row.call_id)
    elif incident is None and row.unit_id:
        yield _desk_of_unit(board, row.unit_id)


def _desks_of_approval(board: Board, row: ApprovalRow) -> Iterator[str]:
    """Who owns the unit or the call that it is about consents too."""
    if row.unit_id:
        yield _desk_of_unit(board, row.unit_id)
    if row.call_id:
        yield from _desks_of_call(board, row.call_id)


def _desks_of_call(board: Board, call_id: str) -> Iterator[str]:
    call = board.calls.get(call_id)
    if call is None:
        return
    yield call.desk_id
    if call.offered_seat_id:
        yield desk_of_seat(board, call.offered_seat_id)


def _desk_of_unit(board: Board, unit_id: str) -> str:
    unit = board.units.get(unit_id)
    return unit.desk_id if unit else CITY_DESK
