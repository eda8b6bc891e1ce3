"""What the enterprise seat keeps (护企专席分态): the register, and what was matched."""

from __future__ import annotations

from math import cos, floor, radians
from typing import Final, Literal

import msgspec

from kuaifan.board.day_tally import DayTally
from kuaifan.geo.points import distance_m
from kuaifan.geo.polygons import ring_contains

SEAT_ID: Final = "enterprise"
OVERLAY: Final = "enterprise"
MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
CELL_DEG: Final = 0.01
"""About 1.1 km: a firm stands in one cell or in few, and a place is looked up in one."""
METRES_PER_DEG: Final = 111_195.0

FirmKind = Literal["firm", "project"]
Rank = Literal["leader", "chief", "officer"]
"""The three who are told (一警三派): 包保局领导, 包保所队长, 包保民警."""
RANKS: Final[tuple[Rank, ...]] = ("leader", "chief", "officer")
NEXT_RANK: Final[dict[Rank, Rank]] = {"officer": "chief", "chief": "leader"}
MatchedBy = Literal["phone", "place", "person"]
Ring = tuple[tuple[float, float], ...]


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The clocks of the seat (时限)."""

    read_ms: int = 10 * MINUTE_MS
    call_back_ms: int = 24 * HOUR_MS
    again_ms: int = 4 * HOUR_MS
    leader_ms: int = 72 * HOUR_MS


class Firm(msgspec.Struct, frozen=True, kw_only=True):
    """A firm or project of the register (重点企业、项目), with the three who answer for it.

    ring: its outline, lat and lon, where a circle does not fit. valid_to_ms: 0 for no end.
    """

    firm_id: str
    kind: FirmKind
    name: str
    lat: float
    lon: float
    radius_m: int
    ring: Ring
    phones: tuple[str, ...]
    leader: str
    chief: str
    officer: str
    valid_from_ms: int
    valid_to_ms: int

    def person(self, rank: Rank) -> str:
        """Who of the three."""
        name: str = getattr(self, rank)
        return name

    def is_valid(self, at_ms: int) -> bool:
        """Whether it is looked after at an instant."""
        return self.valid_from_ms <= at_ms and (not self.valid_to_ms or at_ms < self.valid_to_ms)

    def distance_m(self, lat: float, lon: float) -> float | None:
        """How far from its middle a place within it lies; None for one outside."""
        metres = distance_m(lat, lon, to_lat=self.lat, to_lon=self.lon)
        within = (
            ring_contains(closed(self.ring), lat=lat, lon=lon)
            if self.ring
            else metres <= self.radius_m
        )
        return metres if within else None


class FirmCase(msgspec.Struct, kw_only=True):
    """An incident of a firm (涉企警情); read_at_ms: of each of the three, who has read it.

    told_up: ranks whose notice was passed on to the next. unresolved_at_ms, resolved_at_ms: when it
    went to the leader, and when the leader closed it.
    """

    incident_id: str
    firm_id: str
    firm_name: str
    leader: str
    chief: str
    officer: str
    matched_by: MatchedBy
    matched_at_ms: int
    desk_id: str
    read_at_ms: dict[str, int] = {}
    told_up: dict[str, str] = {}
    n_tries: int = 0
    called_back_at_ms: int = 0
    satisfied: str = ""
    unresolved_at_ms: int = 0
    resolved_at_ms: int = 0


class Enterprise(msgspec.Struct):
    """The seat's slice of the board (护企专席分态).

    by_cell, by_phone: where a firm is found without looking at all of them. against: incidents in
    which somebody complains of a firm; those are nobody's overlay. lifted: whose match
    was taken off by a person, when; it is not made again by itself.
    """

    terms: Terms = Terms()
    n_firms: int = 0
    firms: dict[str, Firm] = {}
    by_cell: dict[str, list[str]] = {}
    by_phone: dict[str, list[str]] = {}
    by_name: dict[str, str] = {}
    cases: dict[str, FirmCase] = {}
    against: dict[str, int] = {}
    lifted: dict[str, int] = {}
    tally: DayTally = msgspec.field(default_factory=DayTally)


def closed(ring: Ring) -> Ring:
    """An outline that ends where it began."""
    return (*ring, ring[0])


def put_firm(mine: Enterprise, firm: Firm) -> None:
    """Have a firm as its papers say, old or new."""
    drop_firm(mine, firm.firm_id)
    mine.firms[firm.firm_id] = firm
    mine.by_name[firm.name] = firm.firm_id
    for cell in cells_of(firm):
        mine.by_cell.setdefault(cell, []).append(firm.firm_id)
    for phone in firm.phones:
        mine.by_phone.setdefault(phone, []).append(firm.firm_id)


def drop_firm(mine: Enterprise, firm_id: str) -> None:
    """It is found no more."""
    firm = mine.firms.pop(firm_id, None)
    if firm is None:
        return
    mine.by_name.pop(firm.name, None)
    for index, keys in ((mine.by_cell, cells_of(firm)), (mine.by_phone, firm.phones)):
        for key in keys:
            index[key].remove(firm_id)
            if not index[key]:
                del index[key]


def cells_of(firm: Firm) -> list[str]:
    """The cells that it reaches into."""
    (south, west), (north, east) = _box(firm)
    return [
        f"{row},{column}"
        for row in range(_line(south), _line(north) + 1)
        for column in range(_line(west), _line(east) + 1)
    ]


def cell_of(lat: float, lon: float) -> str:
    """The cell of a place."""
    return f"{_line(lat)},{_line(lon)}"


def _line(degrees: float) -> int:
    return floor(degrees / CELL_DEG)


def _box(firm: Firm) -> tuple[tuple[float, float], tuple[float, float]]:
    if firm.ring:
        lats, lons = zip(*firm.ring, strict=True)
        return (min(lats), min(lons)), (max(lats), max(lons))
    d_lat = firm.radius_m / METRES_PER_DEG
    d_lon = d_lat / max(0.1, cos(radians(firm.lat)))
    return (firm.lat - d_lat, firm.lon - d_lon), (firm.lat + d_lat, firm.lon + d_lon)
