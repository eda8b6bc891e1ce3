"""Reads and writes `sites.csv` (重点部位): key sites with the ring that must reach them in time."""

import csv
import io
import math
from dataclasses import dataclass, fields
from pathlib import Path

from kuaifan.city.whole_folder import CityFolderError

SITES_FILE = "sites.csv"
SITE_CLASSES = (1, 3, 5)
"""Minutes of the response circle's ring (1、3、5 分钟快反圈), domain §0.1."""


@dataclass(frozen=True, slots=True)
class Site:
    """A key site (重点部位); site_class is the ring in minutes that it asks for.

    kind: a word of the map features' points, such as school, hospital, bank, railway_station.
    """

    site_id: str
    kind: str
    name: str
    lat: float
    lon: float
    site_class: int
    address: str = ""


_COLUMNS = tuple(field.name for field in fields(Site))


def pack_sites(sites: tuple[Site, ...]) -> bytes:
    """The bytes of a sites.csv, for a spreadsheet to open: UTF-8 with a byte order mark."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for site in sites:
        writer.writerow([getattr(site, name) for name in _COLUMNS])
    return buffer.getvalue().encode("utf-8-sig")


def unpack_sites(data: bytes, file: Path) -> tuple[Site, ...]:
    """The sites in the bytes of a sites.csv.

    Raises CityFolderError with the line of the first site that cannot be read.
    """
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
        missing = set(_COLUMNS) - set(reader.fieldnames or ())
        if missing:
            raise CityFolderError(f"{file} lacks the column {min(missing)}: add it")
        return tuple(_read_site(row, file, reader.line_num) for row in reader)
    except UnicodeDecodeError:
        raise CityFolderError(f"{file} is not UTF-8 text: save it as UTF-8") from None
    except csv.Error as error:
        raise CityFolderError(f"{file} is no CSV ({error}): save it as one") from None


def _read_site(row: dict[str, str], file: Path, line: int) -> Site:
    try:
        lat, lon, site_class = float(row["lat"]), float(row["lon"]), int(row["site_class"])
    except (TypeError, ValueError):
        raise CityFolderError(
            f"{file} line {line}: lat, lon and site_class must be numbers"
        ) from None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):  # noqa: PLR2004 - degrees
        raise CityFolderError(f"{file} line {line}: the place is not in degrees")
    if site_class not in SITE_CLASSES:
        raise CityFolderError(f"{file} line {line}: site_class {site_class} is not 1, 3 or 5")
    return Site(
        row["site_id"], row["kind"], row["name"], lat, lon, site_class, row["address"] or ""
    )
