"""Where and when the incidents of the last 90 days were (近期警情索引), without anybody's data.

Read once from the read tables, as they are sealed; then kept up by the records that become
durable. So a question about a place or about the newest incidents costs what it finds, and not
what the log holds.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from itertools import islice
from typing import Final, NamedTuple

import msgspec

from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.stored_rows import PastCase, age_of, find_sealed
from kuaifan.board.places import OpenPlaces
from kuaifan.geo.points import distance_m
from kuaifan.kernel.record import Record
from kuaifan.store.reading import LogReader

DAYS: Final = 90
DAY_MS: Final = 86_400_000
PRUNE_MS: Final = 3_600_000
NAMES: Final = "incident_id"


class Known(NamedTuple):
    """What is known of an incident (警情索引项)."""

    incident_id: str
    opened_at_ms: int
    lat: float
    lon: float
    is_restricted: bool
    desk_ids: tuple[str, ...]


class KnownIncidents:
    """Incidents by place and by age (近期警情索引); any thread may ask."""

    def __init__(self, desk: LiveDesk) -> None:
        self._lock = threading.Lock()
        self._cells = OpenPlaces()
        self._known: dict[str, Known] = {}
        self._is_read, self._pruned_ms = False, 0
        self._changed_lock = threading.Lock()
        self._changed: set[str] = set()
        desk.record_listeners.append(self.note)

    def note(self, records: Sequence[Record]) -> None:
        """Take note of what durable records are about; on the thread of the log's writer."""
        named = {
            getattr(event, name)
            for record in records
            for event in record.events
            for name in event.__struct_fields__
            if name.endswith(NAMES)
        }
        with self._changed_lock:
            self._changed |= named - {""}

    def list_near(
        self, reader: LogReader, lat: float, lon: float, *, radius_m: int, now_ms: int
    ) -> list[Known]:
        """Incidents around a place, at most 400 m off, the newest first."""
        with self._lock:
            self._catch_up(reader, now_ms)
            near = [self._known[incident_id] for incident_id in self._cells.near(lat, lon)]
        since_ms = now_ms - DAYS * DAY_MS
        found = [
            each
            for each in near
            if each.opened_at_ms >= since_ms
            and distance_m(lat, lon, to_lat=each.lat, to_lon=each.lon) <= radius_m
        ]
        return sorted(found, key=lambda each: -each.opened_at_ms)

    def list_newest(self, reader: LogReader, *, limit: int, now_ms: int) -> list[Known]:
        """The newest incidents, the newest first."""
        with self._lock:
            self._catch_up(reader, now_ms)
            return list(islice(reversed(self._known.values()), limit))

    def _catch_up(self, reader: LogReader, now_ms: int) -> None:
        """Take what changed since the last time; at first all there is."""
        with self._changed_lock:
            changed, self._changed = self._changed, set()
        since_ms = now_ms - DAYS * DAY_MS
        if not self._is_read:
            self._read_all(reader, since_ms)
        for incident_id in sorted(changed, key=age_of):
            case = find_sealed(reader, "incidents", incident_id, PastCase)
            if case is not None:
                self._put(case)
        if now_ms - self._pruned_ms >= PRUNE_MS:
            self._pruned_ms = now_ms
            for each in [each for each in self._known.values() if each.opened_at_ms < since_ms]:
                del self._known[each.incident_id]
                self._cells.drop(each.incident_id)

    def _read_all(self, reader: LogReader, since_ms: int) -> None:
        decode = msgspec.json.Decoder(PastCase).decode
        rows = (decode(body) for body in reader.read_sealed("incidents"))
        recent = [row for row in rows if row.opened_at_ms >= since_ms]
        for row in sorted(recent, key=lambda each: age_of(each.incident_id)):
            self._put(row)
        self._is_read = True

    def _put(self, case: PastCase) -> None:
        """What was merged lives on in another one: it is found, and lies nowhere."""
        has_place = case.arc >= 0 and case.state != "merged"
        self._known[case.incident_id] = Known(
            case.incident_id,
            case.opened_at_ms,
            case.lat,
            case.lon,
            case.is_restricted,
            case.desk_ids,
        )
        self._cells.drop(case.incident_id)
        if has_place:
            self._cells.put(case.incident_id, case.lat, case.lon)
