"""Places for calls that came without one: by their zone, else by the demand of the whole file."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from kuaifan.city import calls_flags as flag
from kuaifan.city.calls import CallsError
from kuaifan.geo.datums import Datum, to_wgs84

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kuaifan.city.calls_mapping import PositionRule
    from kuaifan.city.calls_rows import Draft

Point = tuple[float, float]
Pool = list[Point]
# Without a stated box, "far outside" is beyond four times the reach of the nearest 95 % of the
# calls, axis by axis: a slip of the pen, never a suburb.
REACH_SHARE = 0.95
REACH_FACTOR = 4.0
LEAST_REACH_DEG = 0.02


def place_drafts(
    drafts: list[Draft], rule: PositionRule, *, centres: dict[str, Point], seed: int
) -> None:
    """Give every draft a WGS-84 place, and flag those whose place is not their own.

    centres: zone centres stated by the mapping, used for zones in which no call has a place.
    A place is drawn among the zone's own calls by a hash of seed and line: the same for the
    same file whatever else is in it. Raises `CallsError` where there is nothing to draw from.
    """
    _to_wgs84(drafts, Datum(rule.datum))
    _drop_outsiders(drafts, rule.bbox)
    zones, everywhere = _pools(drafts)
    everywhere = everywhere or list(centres.values())
    for draft in drafts:
        if draft.lat is not None:
            continue
        pool, placed = _pool_of(draft, zones, centres, everywhere)
        if not pool:
            raise CallsError(
                "no row has a position, and the mapping states no [zones]: map columns.lat and "
                "columns.lon, or state the centre of each zone"
            )
        draft.lat, draft.lon = pool[draw(seed, draft.line) % len(pool)]
        draft.flags.append(placed)


def draw(seed: int, line: int) -> int:
    """A number of 64 bits that depends on nothing but seed and line."""
    digest = hashlib.blake2b(f"{seed}:{line}".encode(), digest_size=8).digest()
    return int.from_bytes(digest)


def _to_wgs84(drafts: list[Draft], datum: Datum) -> None:
    placed = [draft for draft in drafts if draft.lat is not None]
    if datum is Datum.WGS84 or not placed:
        return
    lat, lon = to_wgs84(*_coordinates(placed), datum)
    for draft, one_lat, one_lon in zip(placed, lat.tolist(), lon.tolist(), strict=True):
        draft.lat, draft.lon = one_lat, one_lon


def _drop_outsiders(drafts: list[Draft], bbox: tuple[float, float, float, float] | None) -> None:
    placed = [draft for draft in drafts if draft.lat is not None]
    if not placed:
        return
    lat, lon = _coordinates(placed)
    south, west, north, east = bbox or (*_low_high(lat, lon)[0], *_low_high(lat, lon)[1])
    inside = (lat >= south) & (lat <= north) & (lon >= west) & (lon <= east)
    for draft_i in np.flatnonzero(~inside).tolist():
        placed[draft_i].lat = placed[draft_i].lon = None
        placed[draft_i].flags.append(flag.POSITION_OUTSIDE)


def _low_high(
    lat: NDArray[np.float64], lon: NDArray[np.float64]
) -> tuple[tuple[float, float], tuple[float, float]]:
    corners = []
    for axis in (lat, lon):
        middle = float(np.median(axis))
        reach = REACH_FACTOR * float(np.quantile(np.abs(axis - middle), REACH_SHARE))
        corners.append((middle - max(reach, LEAST_REACH_DEG), middle + max(reach, LEAST_REACH_DEG)))
    return (corners[0][0], corners[1][0]), (corners[0][1], corners[1][1])


def _coordinates(placed: list[Draft]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return (
        np.array([draft.lat for draft in placed], np.float64),
        np.array([draft.lon for draft in placed], np.float64),
    )


def _pools(drafts: list[Draft]) -> tuple[dict[tuple[int, str], Pool], Pool]:
    zones: dict[tuple[int, str], Pool] = defaultdict(list)
    everywhere: Pool = []
    for draft in drafts:
        if draft.lat is None or draft.lon is None:
            continue
        everywhere.append((draft.lat, draft.lon))
        for level, zone in enumerate(draft.zones):
            if zone:
                zones[level, zone].append((draft.lat, draft.lon))
    return zones, everywhere


def _pool_of(
    draft: Draft,
    zones: dict[tuple[int, str], Pool],
    centres: dict[str, Point],
    everywhere: Pool,
) -> tuple[Pool, str]:
    for level, zone in enumerate(draft.zones):
        if (level, zone) in zones:
            return zones[level, zone], flag.PLACED_BY_ZONE
        if zone in centres:
            return [centres[zone]], flag.PLACED_BY_ZONE
    return everywhere, flag.PLACED_BY_DEMAND
