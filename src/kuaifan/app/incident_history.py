"""Earlier calls and incidents (历史警情), out of the read tables of the log.

A number is found by its keyed digest. Places are found by a grid in memory: where each incident of
the last 90 days was, read once from what of the rows is not sealed, and kept up by the changes
that the screens are shown.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple, TypeVar

import msgspec

from kuaifan.app.live_desk import LiveDesk
from kuaifan.board.places import OpenPlaces
from kuaifan.board.reference import CITY_DESK
from kuaifan.board.view_rows import IncidentRow
from kuaifan.geo.points import distance_m
from kuaifan.store.reading import LogReader
from kuaifan.web.case_scope import MayMeet, Whose, anybody
from kuaifan.web.desk import Past, PastIncident
from kuaifan.web.view_store import Cursor

DAYS: Final = 90
DAY_MS: Final = 86_400_000
MAX_LISTED: Final = 6
MAX_CALLS_READ: Final = 500
"""Of a number that rings all day, the last so many are looked at."""


class StoredCall(msgspec.Struct, frozen=True):
    """What of a call's row is no personal data (来电读表行)."""

    call_id: str
    t0_ms: int
    incident_id: str = ""
    desk_id: str = CITY_DESK


class StoredIncident(msgspec.Struct, frozen=True):
    """What of an incident's row is needed here (警情读表行)."""

    incident_id: str
    type_code: str
    priority: int
    record_class: str
    opened_at_ms: int
    state: str = "registered"
    final_type_code: str = ""
    disposition: str = ""
    address: str = ""
    lat: float = 0.0
    lon: float = 0.0
    arc: int = -1
    call_ids: tuple[str, ...] = ()
    order_ids: tuple[str, ...] = ()
    desk_id: str = CITY_DESK
    to_desk_id: str = ""


class StoredOrder(msgspec.Struct, frozen=True):
    """How an order ended (派警单读表行)."""

    disposition: str = ""


T = TypeVar("T", StoredCall, StoredIncident)


class Spot(NamedTuple):
    """Where and when an incident was."""

    lat: float
    lon: float
    opened_at_ms: int


class IncidentHistory:
    """What was before, of a number and around a place; see web.desk.History.

    Every method may be called from any thread; the first that asks for a place reads the table.
    """

    def __init__(self, desk: LiveDesk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._cells = OpenPlaces()
        self._spots: dict[str, Spot] = {}
        self._cursor: Cursor | None = None

    def of_number(
        self, number: str, *, besides: str, now_ms: int, may_meet: MayMeet = anybody
    ) -> Past:
        """Earlier calls of a number and what came of them; besides: the call in the ear."""
        with self._desk.open_reader() as reader:
            call_ids = sorted(reader.list_row_ids("calls", number), key=_age)[-MAX_CALLS_READ:]
            calls = [
                call
                for call in _read(reader, "calls", call_ids, StoredCall)
                if call.call_id != besides
                and call.t0_ms >= now_ms - DAYS * DAY_MS
                and may_meet(Whose(desk_ids=(call.desk_id,)))
            ]
            incident_ids = dict.fromkeys(call.incident_id for call in calls if call.incident_id)
            found = list(_read(reader, "incidents", incident_ids, StoredIncident))
            met = [each for each in found if may_meet(whose_of(each))]
            return self._past(reader, met, n_calls=len(calls), at=None)

    def of_place(
        self, lat: float, lon: float, *, radius_m: int, now_ms: int, may_meet: MayMeet = anybody
    ) -> Past:
        """Earlier and open incidents around a place."""
        since_ms = now_ms - DAYS * DAY_MS
        with self._lock, self._desk.open_reader() as reader:
            self._catch_up(reader, since_ms)
            near = [
                incident_id
                for incident_id in self._cells.near(lat, lon)
                if (spot := self._spots[incident_id]).opened_at_ms >= since_ms
                and distance_m(lat, lon, to_lat=spot.lat, to_lon=spot.lon) <= radius_m
            ]
            found = list(_read(reader, "incidents", near, StoredIncident))
            met = [each for each in found if may_meet(whose_of(each))]
            return self._past(reader, met, n_calls=0, at=(lat, lon))

    def _past(
        self,
        reader: LogReader,
        incidents: list[StoredIncident],
        *,
        n_calls: int,
        at: tuple[float, float] | None,
    ) -> Past:
        whole = [each for each in incidents if each.state != "merged"]
        open_to_read = [each for each in whole if each.record_class != "restricted"]
        newest = sorted(open_to_read, key=lambda each: -each.opened_at_ms)[:MAX_LISTED]
        return Past(
            days=DAYS,
            n_calls=n_calls,
            n_incidents=len(whole),
            n_restricted=len(whole) - len(open_to_read),
            incidents=tuple(self._row(reader, each, at) for each in newest),
        )

    def _row(
        self, reader: LogReader, incident: StoredIncident, at: tuple[float, float] | None
    ) -> PastIncident:
        code = incident.final_type_code or incident.type_code
        known = self._desk.reference.types.get(code)
        metres = -1
        if at is not None:
            metres = round(distance_m(*at, to_lat=incident.lat, to_lon=incident.lon))
        return PastIncident(
            incident_id=incident.incident_id,
            type_code=code,
            type_name=known.name_cn if known else code,
            priority=incident.priority,
            state=incident.state,
            disposition=incident.disposition or _last_disposition(reader, incident),
            opened_at_ms=incident.opened_at_ms,
            n_calls=len(incident.call_ids),
            distance_m=metres,
            address=incident.address,
        )

    def _catch_up(self, reader: LogReader, since_ms: int) -> None:
        """Take what changed since the last time; all of it, where that is no longer known."""
        store = self._desk.store
        cursor = store.cursor
        entries = store.find_since(self._cursor) if self._cursor is not None else None
        if entries is None:
            self._read_all(reader, since_ms)
        for entry in entries or ():
            for change in entry.changes:
                row = change.after.row if change.after is not None else None
                if isinstance(row, IncidentRow) and row.is_placed:
                    self._put(row.incident_id, Spot(row.lat, row.lon, row.opened_at_ms))
        self._cursor = entries[-1].cursor if entries else cursor

    def _read_all(self, reader: LogReader, since_ms: int) -> None:
        self._cells, self._spots = OpenPlaces(), {}
        decode = msgspec.json.Decoder(StoredIncident).decode
        for body in reader.read_sealed("incidents"):
            row = decode(body)
            if row.arc >= 0 and row.opened_at_ms >= since_ms:
                self._put(row.incident_id, Spot(row.lat, row.lon, row.opened_at_ms))

    def _put(self, incident_id: str, spot: Spot) -> None:
        self._spots[incident_id] = spot
        self._cells.put(incident_id, spot.lat, spot.lon)


def whose_of(incident: StoredIncident) -> Whose:
    """Whose an incident is, by its row."""
    return Whose(desk_ids=tuple(each for each in (incident.desk_id, incident.to_desk_id) if each))


def _read(reader: LogReader, table: str, row_ids: Iterable[str], kind: type[T]) -> Iterator[T]:
    for row_id in row_ids:
        row = reader.find_row(table, row_id)
        if row is not None:
            yield msgspec.json.decode(row.body, type=kind)


def _last_disposition(reader: LogReader, incident: StoredIncident) -> str:
    for order_id in reversed(incident.order_ids):
        row = reader.find_row("orders", order_id)
        ended = msgspec.json.decode(row.body, type=StoredOrder).disposition if row else ""
        if ended:
            return ended
    return ""


def _age(row_id: str) -> tuple[int, str]:
    """Ids grow with time: C9 is before C10."""
    return len(row_id), row_id
