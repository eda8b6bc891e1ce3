"""Whose calls a forecast learns from (需求来源): a call file, or the city's own log.

Citizens' calls only: what a patrol found, what a unit began by itself and what a device sent say
where the police were, not where people need them, and would send the police there again.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from kuaifan.app.database import existing_log
from kuaifan.app.rules import core_codec
from kuaifan.city.calls import read_calls
from kuaifan.kernel.message import Event
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.incident import (
    IncidentMerged,
    IncidentOpened,
    IncidentPlaced,
    IncidentReviewed,
    IncidentUpdated,
)
from kuaifan.vocabulary.order import UnitAssigned

NOT_CITIZENS: Final = frozenset({"patrol_found", "iot"})
CLASS_DIGITS: Final = 2
"""Of a type's code: its class (警情大类)."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A time, a place and a type at which somebody asked for help; no word of who (求助)."""

    at_ms: int
    lat: float
    lon: float
    type_code: str

    @property
    def type_class(self) -> str:
        """The class of its type."""
        return self.type_code[:CLASS_DIGITS]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was found (来源). n_left_out: found by the police themselves, or without a place."""

    name: str
    asked: list[Asked]
    n_left_out: int
    time_zone: str = ""


def gather_file(path: Path) -> Gathered:
    """The citizens' calls of a call file."""
    found = read_calls(path)
    asked = [
        Asked(row.at_ms, row.lat, row.lon, row.type_code)
        for row in found.rows
        if row.source not in NOT_CITIZENS
    ]
    header = found.header
    return Gathered(header.name, asked, len(found.rows) - len(asked), header.time_zone)


def gather_log(url: str) -> Gathered:
    """The placed incidents of a log that citizens asked for, merged ones once."""
    found = AskedIncidents()
    with LogReader(existing_log(url), core_codec()) as reader:
        for record in reader.read_records():
            for event in record.events:
                found.follow(event, record.at_ms)
    placed = [each for each in found.asked.values() if each.lat or each.lon]
    placed.sort(key=lambda each: each.at_ms)
    return Gathered("the city's own log", placed, found.n_opened - len(placed))


class AskedIncidents:
    """Incidents as they open, are placed, typed, merged or turn out to be the police's own."""

    def __init__(self) -> None:
        self.asked: dict[str, Asked] = {}
        self.n_opened = 0

    def follow(self, event: Event, at_ms: int) -> None:
        """Take one event of the log, in its order."""
        if isinstance(event, IncidentOpened):
            self.n_opened += 1
            if event.source not in NOT_CITIZENS and not event.unit_id:
                at = event.stamp_at_ms or at_ms
                self.asked[event.incident_id] = Asked(at, 0.0, 0.0, event.type_code)
        elif isinstance(event, IncidentMerged) or (
            isinstance(event, UnitAssigned) and event.self_initiated
        ):
            self.asked.pop(event.incident_id, None)
        else:
            self._change(event)

    def _change(self, event: Event) -> None:
        if isinstance(event, IncidentPlaced) and (known := self.asked.get(event.incident_id)):
            self.asked[event.incident_id] = replace(known, lat=event.lat, lon=event.lon)
        elif isinstance(event, IncidentUpdated) and (known := self.asked.get(event.incident_id)):
            self.asked[event.incident_id] = replace(known, type_code=event.type_code)
        elif (
            isinstance(event, IncidentReviewed)
            and event.final_type_code
            and (known := self.asked.get(event.incident_id))
        ):
            self.asked[event.incident_id] = replace(known, type_code=event.final_type_code)
