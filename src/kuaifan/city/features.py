"""What a map shows beside the roads (地图要素): areas, lines and named points, in one file."""

import gzip
import math
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Annotated

import msgspec

from kuaifan.city.whole_folder import CityFolderError

AREA_KINDS: tuple[str, ...] = (
    "water",
    "green",
    "residential",
    "commercial",
    "industrial",
    "campus",
    "hospital",
    "district",
    "building",
)
"""Kinds of areas (面): what covers ground; a district (行政区) covers others."""

LINE_KINDS: tuple[str, ...] = ("river", "railway", "boundary", "coastline")
"""Kinds of lines (线)."""

POINT_KINDS: tuple[str, ...] = (
    "place_label",
    "school",
    "hospital",
    "clinic",
    "pharmacy",
    "police_station",
    "street_station",
    "standby_post",
    "fire_station",
    "government",
    "estate",
    "building",
    "mall",
    "market",
    "shop",
    "bank",
    "gas_station",
    "hotel",
    "restaurant",
    "office",
    "leisure",
    "worship",
    "bus_stop",
    "metro",
    "railway_station",
    "parking",
    "park",
    "bridge",
    "landmark",
)
"""Kinds of points (点); estate is 小区, place_label names a district or a suburb."""

MAX_RANK = 5
"""Ranks go from 1, seen from afar (the city's railway station), to 5, seen at a street corner."""

MAX_NUMBER = 99_999
"""House numbers have up to five digits."""

MAX_UNPACKED_BYTES = 2 * 1024**3
_READ_BYTES = 1 << 20

LatLon = tuple[float, float]
Ring = tuple[LatLon, ...]


class MapArea(msgspec.Struct, frozen=True, array_like=True):
    """A piece of ground (面): rings of (lat, lon), the outer one first, then its holes.

    A ring may repeat its first point at its end or not. `name` may be "".
    """

    kind: str
    name: str
    rings: tuple[Ring, ...]


class MapLine(msgspec.Struct, frozen=True, array_like=True):
    """A line beside the roads (线), at least two (lat, lon)."""

    kind: str
    name: str
    line: Ring


class MapPoint(msgspec.Struct, frozen=True, array_like=True):
    """A named point (兴趣点); rank 1 (seen from afar) to MAX_RANK (seen close)."""

    kind: str
    name: str
    lat: float
    lon: float
    rank: Annotated[int, msgspec.Meta(ge=1, le=MAX_RANK)] = 4


class MapHouse(msgspec.Struct, frozen=True, array_like=True):
    """A house whose number the map knows (门牌); street "" where the map does not say which."""

    street: str
    number: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
    lat: float
    lon: float


class MapHouseRow(msgspec.Struct, frozen=True, array_like=True):
    """A drawn row of houses between two known numbers (门牌插值线); step 2: one side only."""

    street: str
    low: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
    high: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
    step: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
    line: Ring


class MapFeatures(msgspec.Struct, frozen=True):
    """All that a city's map shows beside its roads (地图要素)."""

    areas: tuple[MapArea, ...] = ()
    lines: tuple[MapLine, ...] = ()
    points: tuple[MapPoint, ...] = ()
    houses: tuple[MapHouse, ...] = ()
    house_rows: tuple[MapHouseRow, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.areas or self.lines or self.points)


def pack_features(features: MapFeatures) -> bytes:
    """The bytes of a features.json.gz; the same features always give the same bytes."""
    check_features(features)
    return gzip.compress(msgspec.json.encode(features), compresslevel=6, mtime=0)


def unpack_features(data: bytes, file: object) -> MapFeatures:
    """The features that `pack_features` packed; `file` names them in the CityFolderError."""
    try:
        features = msgspec.json.decode(_gunzip(data), type=MapFeatures)
        check_features(features)
    except (EOFError, OSError, ValueError) as error:
        raise CityFolderError(
            f"{file} cannot be read as map features ({error}): restore it from a backup or import "
            "the map again"
        ) from error
    return features


def check_features(features: MapFeatures) -> None:
    """Raise ValueError with the first feature that no map can show."""
    for area in features.areas:
        _require(area.kind in AREA_KINDS, area, "has an unknown kind")
        _require(bool(area.rings), area, "has no ring")
        for ring in area.rings:
            _require(len(ring) >= 3, area, "has a ring of fewer than 3 points")  # noqa: PLR2004 - a triangle
    for line in features.lines:
        _require(line.kind in LINE_KINDS, line, "has an unknown kind")
        _require(len(line.line) >= 2, line, "has fewer than 2 points")  # noqa: PLR2004 - two ends
    for point in features.points:
        _require(point.kind in POINT_KINDS, point, "has an unknown kind")
        _require(1 <= point.rank <= MAX_RANK, point, f"has a rank outside 1 to {MAX_RANK}")
        _require(bool(point.name.strip()), point, "has no name")
    for feature, (lat, lon) in _list_positions(features):
        on_earth = math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180  # noqa: PLR2004 - degrees
        _require(on_earth, feature, "lies off the earth")
    for house in features.houses:
        _require_on_earth(house.street, [(house.lat, house.lon)])
    for row in features.house_rows:
        _require_on_earth(row.street, row.line)


def _require_on_earth(street: str, places: Sequence[LatLon]) -> None:
    for lat, lon in places:
        if not (abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - degrees
            raise ValueError(f"a house of {street!r} lies off the earth")


def _list_positions(
    features: MapFeatures,
) -> Iterator[tuple[MapArea | MapLine | MapPoint, LatLon]]:
    for area in features.areas:
        for position in chain.from_iterable(area.rings):
            yield area, position
    for line in features.lines:
        for position in line.line:
            yield line, position
    for point in features.points:
        yield point, (point.lat, point.lon)


def _require(condition: bool, feature: MapArea | MapLine | MapPoint, complaint: str) -> None:  # noqa: FBT001 - an assertion
    if not condition:
        raise ValueError(f"the map feature {feature.kind} {feature.name!r} {complaint}")


def _gunzip(data: bytes) -> bytes:
    """Unpacked, but never more than the bound: a small file must not fill the memory."""
    import io

    parts: list[bytes] = []
    n_bytes = 0
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
        while part := file.read(_READ_BYTES):
            n_bytes += len(part)
            if n_bytes > MAX_UNPACKED_BYTES:
                raise ValueError("it unpacks to over 2 GiB")
            parts.append(part)
    return b"".join(parts)
