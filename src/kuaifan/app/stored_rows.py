"""What history and search need of the read tables' rows (读表行); the rest is passed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from kuaifan.board.reference import CITY_DESK
from kuaifan.store.reading import LogReader


class PastCall(msgspec.Struct, frozen=True):
    """What of a call's row is no personal data (来电读表行)."""

    call_id: str
    t0_ms: int
    incident_id: str = ""
    desk_id: str = CITY_DESK


class PastCase(msgspec.Struct, frozen=True):
    """An incident's row (警情读表行); address: sealed unless the row was opened."""

    incident_id: str
    type_code: str
    priority: int
    record_class: str
    opened_at_ms: int
    state: str = "registered"
    final_type_code: str = ""
    disposition: str = ""
    address: str = ""
    merged_into: str = ""
    lat: float = 0.0
    lon: float = 0.0
    arc: int = -1
    t10_ms: int = 0
    call_ids: tuple[str, ...] = ()
    order_ids: tuple[str, ...] = ()
    desk_id: str = CITY_DESK
    to_desk_id: str = ""

    @property
    def desk_ids(self) -> tuple[str, ...]:
        """Desks whose it is, or is offered to."""
        return tuple(each for each in (self.desk_id, self.to_desk_id) if each)

    @property
    def last_type_code(self) -> str:
        """What it was in the end."""
        return self.final_type_code or self.type_code

    @property
    def is_restricted(self) -> bool:
        """Whether only its own seat reads it once it is over."""
        return self.record_class == "restricted"


class PastOrder(msgspec.Struct, frozen=True):
    """How an order ended (派警单读表行)."""

    disposition: str = ""


T = TypeVar("T", PastCall, PastCase, PastOrder)


def find_stored(reader: LogReader, table: str, row_id: str, kind: type[T]) -> T | None:
    """A row with its personal data, or None."""
    row = reader.find_row(table, row_id)
    return msgspec.json.decode(row.body, type=kind) if row else None


def find_sealed(reader: LogReader, table: str, row_id: str, kind: type[T]) -> T | None:
    """A row of which only what is not personal is read, or None; costs no key."""
    body = reader.find_sealed(table, row_id)
    return msgspec.json.decode(body, type=kind) if body else None


def list_stored(
    reader: LogReader, table: str, row_ids: Iterable[str], kind: type[T]
) -> Iterator[T]:
    """Those rows that there are, in the order asked for."""
    for row_id in row_ids:
        row = find_stored(reader, table, row_id, kind)
        if row is not None:
            yield row


def age_of(row_id: str) -> tuple[int, str]:
    """A key to sort ids by: they grow with time, J9 is before J10."""
    return len(row_id), row_id
