"""Which open incidents may be the same as one (疑似重复): near, of one time and of one kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from kuaifan.board.entities import Incident
from kuaifan.board.state import Board
from kuaifan.geo.points import distance_m
from kuaifan.kernel.message import Event
from kuaifan.vocabulary.kinship import DuplicateDismissed

MAX_SUGGESTED: Final = 3
"""So many at most are put before a person at once, nearest first."""
WITH_EVERYTHING: Final = frozenset({"invalid", "other"})
"""Classes that say nothing of what it is (V 类、其他)."""
COMPATIBLE: Final = frozenset(
    frozenset(pair)
    for pair in (
        ("criminal", "public_order"),
        ("public_order", "dispute"),
        ("public_order", "major_public_safety"),
        ("criminal", "major_public_safety"),
        ("criminal", "alarm_activation"),
        ("public_order", "alarm_activation"),
        ("public_order", "emergency_assistance"),
        ("dispute", "emergency_assistance"),
        ("road_traffic", "emergency_assistance"),
        ("fire_disaster", "emergency_assistance"),
        ("fire_disaster", "alarm_activation"),
        ("fire_disaster", "road_traffic"),
        ("fire_disaster", "non_police"),
    )
)
"""Pairs of classes under which two callers may report one thing; [U], ours."""


class Twin(NamedTuple):
    """An incident that may be the same (疑似重复警情)."""

    distance_m: int
    incident_id: str
    apart_ms: int


def list_twins(board: Board, incident: Incident) -> list[Twin]:
    """List open incidents that may be the same and nobody has said are not, nearest first.

    Cost: the incidents in the nine cells around, about 1.6 km square.
    """
    if not incident.is_placed or incident.is_over or incident.state == "scheduled":
        return []
    return sorted(_list_near(board, incident))[:MAX_SUGGESTED]


def settle_pairs(incident: Incident, reason: str, *, besides: str = "") -> list[Event]:
    """What ends is nobody's duplicate any more: each pair is dismissed by name."""
    return [
        DuplicateDismissed(
            incident_id=incident.incident_id, other_incident_id=other_id, reason=reason
        )
        for other_id in incident.duplicate_ids
        if other_id != besides
    ]


def is_compatible(board: Board, one: Incident, other: Incident) -> bool:
    """Whether two callers could mean the same thing by two types (类别相容)."""
    types = board.reference.types
    classes = {types[each.type_code].class_key for each in (one, other)}
    return len(classes) == 1 or bool(classes & WITH_EVERYTHING) or classes in COMPATIBLE


def _list_near(board: Board, incident: Incident) -> Iterator[Twin]:
    clocks = board.reference.clocks
    settled = {incident.incident_id, *incident.duplicate_ids, *incident.dismissed_ids}
    settled.update(incident.linked_ids)
    for other_id in board.open_places.near(incident.lat, incident.lon):
        other = board.incidents[other_id]
        apart_ms = abs(incident.opened_at_ms - other.opened_at_ms)
        if other_id in settled or other.state == "scheduled" or apart_ms > clocks.duplicate_age_ms:
            continue
        metres = distance_m(incident.lat, incident.lon, to_lat=other.lat, to_lon=other.lon)
        if metres <= clocks.duplicate_radius_m and is_compatible(board, incident, other):
            yield Twin(round(metres), other_id, apart_ms)
