"""What a map to import is (地图来源): which reader takes it, what its bytes are, what it knows."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from kuaifan.city.import_quality import SaidBy
from kuaifan.city.read_graphml import read_graphml
from kuaifan.city.read_osm import OSM_ATTRIBUTION, read_osm
from kuaifan.city.read_shapefile import read_shapefile
from kuaifan.city.shp_files import is_shapefile, read_shp_files
from kuaifan.geo.datums import Datum
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.raw import RawWays

KNOWN = "an OSM PBF (.osm.pbf), a GraphML (.graphml, .graphml.gz) or a shapefile (.shp, .zip)"


@dataclass(frozen=True, slots=True)
class ReadMap:
    """A map as read: its streets in WGS-84, what the user should know, and who said the datum."""

    raw: RawWays
    notes: list[str]
    datum: Datum
    said_by: SaidBy

    @property
    def is_osm(self) -> bool:
        """Whether it is OpenStreetMap, which is WGS-84 everywhere."""
        return self.raw.attribution == OSM_ATTRIBUTION


def is_pbf(source: Path) -> bool:
    """Whether a source is to be read as OSM PBF."""
    return source.name.lower().endswith(".pbf")


def check_source(source: Path, *, encoding: str | None) -> None:
    """Raise BadInputError where there is nothing to read, or what was told does not fit it."""
    if not source.exists():
        raise BadInputError(f"{source} does not exist: give {KNOWN}")
    if encoding is not None and not is_shapefile(source):
        raise BadInputError(
            f"--encoding is for the names in a shapefile, and {source} is none: leave it out"
        )


def read_map(source: Path, datum: Datum | None, encoding: str | None) -> ReadMap:
    """Read the streets of a map of any known kind.

    Raises BadInputError naming --datum where the source does not say what it is in.
    """
    name = source.name.lower()
    said_by: SaidBy = "the file" if datum is None else "--datum"
    if is_shapefile(source):
        raw, notes, datum = read_shapefile(source, datum, encoding=encoding)
        return ReadMap(raw, notes, datum, said_by)
    if is_pbf(source):
        if datum not in {None, Datum.WGS84}:
            raise BadInputError(
                f"an OSM PBF is WGS-84 by definition, but --datum {datum} was given: leave it out"
            )
        return ReadMap(*read_osm(source), Datum.WGS84, "the format")
    if name.endswith((".graphml", ".graphml.gz")):
        # Unless told, the reader takes WGS-84 from the file or refuses.
        return ReadMap(*read_graphml(source, datum), datum or Datum.WGS84, said_by)
    raise BadInputError(f"{source} is no map this reads: give {KNOWN}")


def hash_source(source: Path) -> str:
    """SHA-256 of what was read, in hexadecimal: of a shapefile its parts one after the other."""
    if is_shapefile(source):
        files = read_shp_files(source)
        return hashlib.sha256(files.shp + files.dbf + (files.cpg or b"")).hexdigest()
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
