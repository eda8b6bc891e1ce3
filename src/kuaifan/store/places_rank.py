"""Ranks the places that fit a query (地点排序): how well each fits, how near it is, how known."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final, NamedTuple

import msgspec

from kuaifan.geo.coordinate_text import TypedPosition
from kuaifan.geo.datums import Datum
from kuaifan.geo.points import METRES_PER_DEGREE, distance_m

EQUAL_WITHIN: Final = 0.05
"""Confidences this close count as equal, so that the nearer place comes first."""

FAR_OFF_M: Final = 150_000.0
READINGS: Final = ((Datum.WGS84, 0.9), (Datum.GCJ02, 0.5), (Datum.BD09, 0.3))
"""How sure each datum is meant by numbers that do not say it."""

EXTENT_M: Final = {
    "crossing": 30.0,
    "street": 400.0,
    "district": 4000.0,
    "place_label": 1500.0,
    "water": 400.0,
    "park": 200.0,
    "estate": 150.0,
    "school": 120.0,
    "hospital": 100.0,
    "railway_station": 150.0,
    "market": 80.0,
    "mall": 80.0,
    "bus_stop": 20.0,
    "lamp_post": 10.0,
    "lift": 15.0,
    "pole": 10.0,
    "house_number": 15.0,
}
"""How far a place of a kind usually reaches from its middle, where its outline is not known."""

OTHER_EXTENT_M: Final = 50.0
LEAST_EXTENT_M: Final = 10.0
_CROSSING_GLUE: Final = ("交叉口", "与", "&")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place found by name (地点); confidence is 0 to 1.

    uncertainty_m: what is meant lies within it, if this place is meant. datum: that a typed
    position was read in, "" for other places; lat and lon are WGS-84 whatever it is.
    """

    name: str
    kind: str
    lat: float
    lon: float
    address: str
    confidence: float
    uncertainty_m: float
    datum: str = ""


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
    HOMOPHONE = (0.56, 0.12)
    ONE_WRONG = (0.3, 0.25)

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
    code: str = ""
    south: float | None = None
    west: float | None = None
    north: float | None = None
    east: float | None = None

    @property
    def reach_m(self) -> tuple[float, float]:
        """How far it reaches north and east of its middle: by its outline, else by its kind."""
        if self.south is None or self.west is None or self.north is None or self.east is None:
            usual_m = EXTENT_M.get(self.kind, OTHER_EXTENT_M)
            return usual_m, usual_m
        metres_east = METRES_PER_DEGREE * math.cos(math.radians(self.lat))
        return (
            (self.north - self.south) / 2.0 * METRES_PER_DEGREE,
            (self.east - self.west) / 2.0 * metres_east,
        )

    @property
    def uncertainty_m(self) -> float:
        """Radius around it that holds the whole of it, in metres."""
        is_outlined = self.south is not None
        reach_m = math.hypot(*self.reach_m) if is_outlined else self.reach_m[0]
        return round(max(LEAST_EXTENT_M, reach_m), 1)

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
    return [place for _, place in list_best_rows(hits, limit=limit, near=near)]


def list_best_rows(
    hits: Iterable[Hit], *, limit: int, near: tuple[float, float] | None
) -> list[tuple[Candidate, Place]]:
    """The best places as `list_best` gives them, each with its row."""
    best: dict[int, Hit] = {}
    for hit in hits:
        known = best.get(hit.found.place_i)
        if known is None or known.confidence < hit.confidence:
            best[hit.found.place_i] = hit
    namesakes = Counter(hit.found.folded for hit in best.values())
    ordered = sorted(best.values(), key=lambda hit: _order(hit, near))[:limit]
    return [(hit.found, _to_place(hit, namesakes[hit.found.folded])) for hit in ordered]


def merge_places(found: Sequence[Place], more: Iterable[Place], limit: int) -> list[Place]:
    """Both lists as one: each of the second before the first that is less sure than it."""
    merged = list(found)
    for place in more:
        less_sure = (i for i, each in enumerate(merged) if each.confidence < place.confidence)
        merged.insert(next(less_sure, len(merged)), place)
    return merged[:limit]


def _order(hit: Hit, near: tuple[float, float] | None) -> tuple[float, float, int, int]:
    found = hit.found
    if near is None:
        return (-hit.confidence, 0.0, found.rank, found.place_i)
    level = -math.floor(hit.confidence / EQUAL_WITHIN)
    return (level, rough_m(near, found), found.rank, found.place_i)


def rough_m(near: tuple[float, float], found: Candidate | Place) -> float:
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
        uncertainty_m=found.uncertainty_m,
    )


def position_places(typed: Sequence[TypedPosition], centre: tuple[float, float]) -> list[Place]:
    """The readings of two numbers: the order that lies closer to the city, in each datum meant.

    Far from the city hardly any is meant, so no other datum is offered there.
    """

    def away_m(position: TypedPosition) -> float:
        return distance_m(position.lat, position.lon, to_lat=centre[0], to_lon=centre[1])

    position = min(typed, key=away_m)
    is_far = away_m(position) > FAR_OFF_M
    if position.is_ambiguous and not is_far:
        return [_position_place(position, datum, sure) for datum, sure in READINGS]
    return [_position_place(position, position.datum or Datum.WGS84, 0.2 if is_far else 1.0)]


def _position_place(position: TypedPosition, datum: Datum, confidence: float) -> Place:
    lat, lon = position.to_wgs84(datum)
    return Place(
        name=f"{lon:.6f}, {lat:.6f}",
        kind="position",
        lat=lat,
        lon=lon,
        address="",
        confidence=confidence,
        uncertainty_m=position.within_m,
        datum=datum.value,
    )
