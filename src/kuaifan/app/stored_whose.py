"""Whose a case is that has left the screens (归档归属), out of the read tables of the log."""

from __future__ import annotations

import msgspec

from kuaifan.board.reference import CITY_DESK, Reference
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.record_class import RecordClass, record_class_of_type
from kuaifan.web.case_scope import Whose


class StoredOwner(msgspec.Struct, frozen=True):
    """What of a row says whose it is (读表归属)."""

    desk_id: str = CITY_DESK
    to_desk_id: str = ""
    incident_id: str = ""
    record_class: str = "ordinary"
    type_code: str = ""
    order_ids: tuple[str, ...] = ()
    unit_id: str = ""


def find_stored_whose(reader: LogReader, reference: Reference, view: str, key: str) -> Whose | None:
    """Whose an incident or a call is; a call is of its incident's desk too."""
    row = reader.find_row(view, key)
    if row is None:
        return None
    owner = msgspec.json.decode(row.body, type=StoredOwner)
    if view == "orders":
        return Whose(unit_ids=(owner.unit_id,))
    if view == "calls" and owner.incident_id:
        case = find_stored_whose(reader, reference, "incidents", owner.incident_id)
        if case is not None:
            return msgspec.structs.replace(case, desk_ids=(*case.desk_ids, owner.desk_id))
    orders = (reader.find_row("orders", order_id) for order_id in owner.order_ids)
    found = (msgspec.json.decode(order.body, type=StoredOwner) for order in orders if order)
    return Whose(
        desk_ids=tuple(each for each in (owner.desk_id, owner.to_desk_id) if each),
        unit_ids=tuple(order.unit_id for order in found),
        record_class=class_of(reference, owner.record_class, owner.type_code),
    )


def class_of(reference: Reference, kept: str, type_code: str) -> RecordClass:
    """The class of a stored record: what the board kept of it, and its type."""
    if kept == "ordinary":
        return "ordinary"
    return record_class_of_type(reference.types.get(type_code))
