"""Reads and keeps landmarks that no map has (地名补充): lamp posts, lifts, poles, house numbers."""

import csv
import io
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from kuaifan.city.clip import Box
from kuaifan.city.features import POINT_KINDS
from kuaifan.city.table_text import read_table_text
from kuaifan.city.whole_folder import CityFolderError, replace_file, write_file
from kuaifan.geo.datums import Datum, to_wgs84
from kuaifan.geo.place_names import fold_code, split_name

EXTRA_FILE: Final = "places_extra.csv"
COLUMNS: Final = ("kind", "code", "name", "lat", "lon", "datum")
EXTRA_KINDS: Final = ("lamp_post", "lift", "pole", "house_number")
"""Kinds that only a table has: 路灯杆, 电梯, 电线杆, 门牌."""

_KINDS_ZH: Final = {
    "路灯": "lamp_post",
    "路灯杆": "lamp_post",
    "灯杆": "lamp_post",
    "电梯": "lift",
    "电线杆": "pole",
    "杆": "pole",
    "监控杆": "pole",
    "公交站": "bus_stop",
    "门牌": "house_number",
    "小区": "estate",
    "地标": "landmark",
}
_HOUSE: Final = re.compile(r"^(.*?\D)\s*(\d{1,5})\s*号?$")
MAX_BYTES: Final = 256 * 1024**2
N_TOLD: Final = 5
_MAX_LAT, _MAX_LON = 90.0, 180.0


class ExtraPlace(NamedTuple):
    """One landmark (补充地名) in WGS-84; code or name may be "", never both."""

    kind: str
    code: str
    name: str
    lat: float
    lon: float

    @property
    def title(self) -> str:
        """What it is shown as."""
        return f"{self.name} {self.code}".strip()

    @property
    def house(self) -> tuple[str, int] | None:
        """Street and number of a house (门牌)."""
        match = _HOUSE.match(self.name) if self.kind == "house_number" else None
        return (match[1], int(match[2])) if match else None


def read_extra(path: Path) -> list[ExtraPlace]:
    """Read a table of landmarks, UTF-8 or GBK; raises CityFolderError with the lines at fault.

    Columns: kind, code or name or both, lat, lon, and datum (wgs84 where it is not given).
    """
    text = read_table_text(path, max_bytes=MAX_BYTES, what="landmarks")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    header = [(name or "").strip().casefold() for name in reader.fieldnames or ()]
    missing = {"kind", "lat", "lon"} - set(header)
    if missing or not {"code", "name"} & set(header):
        wanted = "kind, code or name, lat, lon, and datum where it is not wgs84"
        raise CityFolderError(f"{path} lacks columns: its first line must name {wanted}")
    reader.fieldnames = header
    places: list[ExtraPlace] = []
    faults: list[str] = []
    try:
        for row in reader:
            try:
                places.append(_read_row(row))
            except ValueError as error:
                faults.append(f"line {reader.line_num}: {error}")
    except csv.Error as error:
        faults.append(f"line {reader.line_num}: {error}")
    if faults:
        more = f"; and {len(faults) - N_TOLD} more" if len(faults) > N_TOLD else ""
        raise CityFolderError(f"{path}: {'; '.join(faults[:N_TOLD])}{more}. Nothing was taken in")
    return places


def read_city_extra(city_dir: Path) -> list[ExtraPlace]:
    """The landmarks that a city folder keeps; [] where it has none."""
    path = city_dir / EXTRA_FILE
    return read_extra(path) if path.is_file() else []


def keep_extra(city_dir: Path, added: Sequence[ExtraPlace]) -> list[ExtraPlace]:
    """Add landmarks to those that a city folder keeps; one of the same kind and title is moved."""
    kept = {(p.kind, p.title): p for p in (*read_city_extra(city_dir), *added)}
    places = sorted(kept.values())
    replace_file(city_dir / EXTRA_FILE, _pack(places))
    return places


def read_old_extra(target: Path) -> list[ExtraPlace]:
    """The landmarks of a city that is to be replaced; [] where there is none.

    Raises CityFolderError where they cannot be read: what was put in by hand is never dropped.
    """
    try:
        return read_city_extra(target)
    except CityFolderError as error:
        raise CityFolderError(
            f"{error}; mend it or move it away first, for the new city takes it over"
        ) from None


def take_over_extra(draft: Path, places: Sequence[ExtraPlace], bounds: Box) -> list[str]:
    """Put the old city's landmarks into a new folder, and say so; the notes for its report."""
    if not places:
        return []
    write_file(draft / EXTRA_FILE, _pack(sorted(places)))
    n_outside = sum(
        not (bounds.south <= p.lat <= bounds.north and bounds.west <= p.lon <= bounds.east)
        for p in places
    )
    outside = f"; {n_outside:,} of them lie outside of its roads" if n_outside else ""
    return [f"{EXTRA_FILE} of the old city is kept: {len(places):,} landmarks{outside}"]


def _pack(places: Iterable[ExtraPlace]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for place in places:
        where = (f"{place.lat:.7f}", f"{place.lon:.7f}", Datum.WGS84.value)
        writer.writerow((place.kind, place.code, place.name, *where))
    return out.getvalue().encode()


def _read_row(row: dict[str, str | None]) -> ExtraPlace:
    cell = {name: (row.get(name) or "").strip() for name in COLUMNS}
    kind = _KINDS_ZH.get(cell["kind"], cell["kind"].casefold())
    if kind not in POINT_KINDS and kind not in EXTRA_KINDS:
        kinds = ", ".join((*EXTRA_KINDS, "bus_stop", "estate", "landmark"))
        raise ValueError(f"the kind {cell['kind']!r} is unknown: give one such as {kinds}")
    if not split_name(cell["name"]) and not fold_code(cell["code"]):
        raise ValueError("it has neither a code nor a name: give one of them")
    place = ExtraPlace(kind, cell["code"], cell["name"], *_read_position(cell))
    if kind == "house_number" and place.house is None:
        raise ValueError(f"{cell['name']!r} is no house number: write it as 淮海路88号")
    return place


def _read_position(cell: dict[str, str]) -> tuple[float, float]:
    named = cell["datum"].casefold().replace("-", "") or Datum.WGS84.value
    if named not in set(Datum):
        raise ValueError(f"the datum {cell['datum']!r} is unknown: wgs84, gcj02 or bd09")
    try:
        lat, lon = float(cell["lat"]), float(cell["lon"])
    except ValueError:
        typed = f"{cell['lat']!r}, {cell['lon']!r}"
        raise ValueError(f"lat and lon are {typed}: give degrees such as 32.65, 117.01") from None
    if not (math.isfinite(lat) and abs(lat) <= _MAX_LAT and abs(lon) <= _MAX_LON):
        raise ValueError(f"{lat}, {lon} lies off the earth: lat goes to 90, lon to 180")
    at_lat, at_lon = to_wgs84(lat, lon, Datum(named))
    return round(float(at_lat), 7), round(float(at_lon), 7)
