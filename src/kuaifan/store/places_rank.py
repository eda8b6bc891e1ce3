"""Ranks the places that fit a query (地点排序): how well each fits, how near it is, how known."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final, NamedTuple

import msgspec

from kuaifan.geo.points import distance_m

EQUAL_WITHIN: Final = 0.05
"""Confidences this close count as equal, so that the nearer place comes first."""

FAR_OFF_M: Final = 150_000.0
_CROSSING_GLUE: Final = ("交叉口", "与", "&")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place found by name (地点); confidence is 0 to 1."""

    name: str
    kind: str
    lat: float
    lon: float
    address: str
    confidence: float


class Match(Enum):
    """How a query fits a name: the confidence of the poorest fit, and how much a full one adds."""

    EXACT = (1.0, 0.0)
    CROSSING = (0.7, 0.3)
    BEGIN = (0.72, 0.2)
    INSIDE = (0.6, 0.25)
    SCATTERED = (0.4, 0.3)
    PINYIN = (0.55, 0.3)
    INITIALS = (0.45, 0.3)
    PINYIN_BEGIN = (0.65, 0.27)
    INITIALS_BEGIN = (0.55, 0.27)

    def where(self, whole: str, part: str) -> Match:
        """The better fit if the part stands at the beginning."""
        if not whole.startswith(part):
            return self
        return Match.PINYIN_BEGIN if self is Match.PINYIN else Match.INITIALS_BEGIN


class Candidate(NamedTuple):
    """A row of the gazetteer."""

    place_i: int
    name: str
    folded: str
    kind: str
    lat: float
    lon: float
    rank: int
    address: str
    pinyin: str
    initials: str

    @property
    def street_chars(self) -> str:
        """The names of a crossing's streets without what joins them."""
        text = self.name
        for glue in _CROSSING_GLUE:
            text = text.replace(glue, "")
        return text.replace("  ", " ").strip()


class Hit(NamedTuple):
    """A candidate with its fit; share is the part of its name that was typed."""

    found: Candidate
    match: Match
    share: float
    trust: float

    @property
    def confidence(self) -> float:
        """How well it fits, 0 to 1."""
        lowest, more = self.match.value
        return self.trust * (lowest + more * min(self.share, 1.0))


def list_best(hits: Iterable[Hit], *, limit: int, near: tuple[float, float] | None) -> list[Place]:
    """The best places, each once; who shares its name with others is less sure to be meant."""
    best: dict[int, Hit] = {}
    for hit in hits:
        known = best.get(hit.found.place_i)
        if known is None or known.confidence < hit.confidence:
            best[hit.found.place_i] = hit
    namesakes = Counter(hit.found.folded for hit in best.values())
    ordered = sorted(best.values(), key=lambda hit: _order(hit, near))[:limit]
    return [_to_place(hit, namesakes[hit.found.folded]) for hit in ordered]


def _order(hit: Hit, near: tuple[float, float] | None) -> tuple[float, float, int, int]:
    found = hit.found
    if near is None:
        return (-hit.confidence, 0.0, found.rank, found.place_i)
    level = -math.floor(hit.confidence / EQUAL_WITHIN)
    return (level, _rough_m(near, found), found.rank, found.place_i)


def _rough_m(near: tuple[float, float], found: Candidate) -> float:
    """Flat distance: ordering places of one city needs no sphere."""
    north = (found.lat - near[0]) * 111_195.0
    east = (found.lon - near[1]) * 111_195.0 * math.cos(math.radians(near[0]))
    return math.hypot(north, east)


def _to_place(hit: Hit, n_namesakes: int) -> Place:
    found = hit.found
    share = (3.0 + 1.0 / n_namesakes) / 4.0
    return Place(
        name=found.name,
        kind=found.kind,
        lat=found.lat,
        lon=found.lon,
        address=found.address,
        confidence=round(hit.confidence * share, 2),
    )


def position_place(positions: Sequence[tuple[float, float]], centre: tuple[float, float]) -> Place:
    """The reading of two numbers that lies closer to the city; far from it, it is hardly meant."""

    def away_m(position: tuple[float, float]) -> float:
        return distance_m(*position, to_lat=centre[0], to_lon=centre[1])

    lat, lon = min(positions, key=away_m)
    return Place(
        name=f"{lat:.6f}, {lon:.6f}",
        kind="position",
        lat=lat,
        lon=lon,
        address="",
        confidence=1.0 if away_m((lat, lon)) <= FAR_OFF_M else 0.2,
    )
