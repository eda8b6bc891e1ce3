"""Reads the streets of a road shapefile (道路图层), Chinese or any other, GBK or UTF-8."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.drivable import find_obstacle
from kuaifan.city.passage import find_modes
from kuaifan.city.pbf_blocks import DamagedMapError
from kuaifan.city.read_osm import OSM_ATTRIBUTION
from kuaifan.city.shp_fields import UNKNOWN_CLASS
from kuaifan.city.shp_files import ShpFiles, read_shp_files
from kuaifan.city.shp_nodes import NEAR_M, join_lines
from kuaifan.city.shp_prj import says_wgs84
from kuaifan.city.shp_row import (
    Columns,
    find_columns,
    read_class,
    read_direction,
    read_name,
    read_speed_kmh,
    read_tags,
    read_way_id,
    refuse_to_guess,
)
from kuaifan.city.shp_table import list_columns, read_lines, read_rows
from kuaifan.city.shp_text import GBK, UTF8, Encoding, choose_encoding
from kuaifan.geo.datums import Datum
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.raw import RawWay, RawWays

_MAX_LISTED = 5
Floats = NDArray[np.float64]


@dataclass(slots=True)
class _Counts:
    """What is not as it should be, for the notes."""

    dropped: Counter[str]
    strange_class: Counter[str]
    strange_direction: Counter[str]
    n_without_class: int = 0


@dataclass(frozen=True, slots=True)
class _Street:
    """A line that may be driven, before its nodes have numbers."""

    way_id: int
    points: Floats
    highway: str
    oneway: int
    maxspeed_kmh: float | None
    name: str
    modes: int


def read_shapefile(
    source: Path, datum: Datum | None, *, encoding: str | None = None
) -> tuple[RawWays, list[str], Datum]:
    """Read the drivable streets of a .shp, or of the one in a folder or .zip, into WGS-84.

    datum: what the coordinates are in, None asks the .prj. encoding: of the names, "gbk" or
    "utf-8"; None asks the .cpg, then the names. Returns also what the user should know, and the
    datum. Raises BadInputError naming the option where neither says, DamagedMapError for what is
    no road map.
    """
    files = read_shp_files(source)
    lines = read_lines(files)
    known = _find_known(files)
    columns = find_columns(tuple(known.values()))
    known = {raw: name for raw, name in known.items() if name in columns.wanted}
    datum = _find_datum(files, datum, columns.provider)
    _check_degrees(files, lines)
    rows = read_rows(files, tuple(known), len(lines))
    texts = {value for row in rows if row is not None for value in row}
    chosen = choose_encoding(files.name, texts | set(known), told=encoding, cpg=files.cpg)
    text_of = {raw: chosen.read(raw) for raw in texts}
    counts = _Counts(Counter(), Counter(), Counter())
    streets: list[_Street] = []
    for row_i, (parts, values) in enumerate(zip(lines, rows, strict=True)):
        if values is None:
            counts.dropped["deleted_row"] += 1
            continue
        row = dict(zip(known.values(), (text_of[value] for value in values), strict=True))
        streets += _read_street((row_i, parts), row, columns, counts)
    if not streets:
        raise DamagedMapError(
            f"{files.name} holds no street that a car may drive: give another layer"
        )
    raw, n_snapped = _to_ways(streets, datum, counts, columns)
    notes = [*_list_file_notes(files, chosen), *_list_notes(columns, counts, n_snapped)]
    return raw, notes, datum


def _find_known(files: ShpFiles) -> dict[bytes, str]:
    """The table's columns by their names in small letters, read in whichever encoding they fit."""
    known: dict[bytes, str] = {}
    for raw in list_columns(files):
        for codec in (UTF8, GBK):
            try:
                name = Encoding(codec, "", "").read(raw).lower()
            except UnicodeDecodeError:
                continue
            if name not in known.values():
                known.setdefault(raw, name)
            break
    return known


def _find_datum(files: ShpFiles, datum: Datum | None, provider: str) -> Datum:
    is_said = says_wgs84(files.name, files.prj)
    if datum is not None:
        return datum
    if provider:
        raise BadInputError(refuse_to_guess(files.name, provider))
    if not is_said:
        raise BadInputError(
            f"{files.name} does not say what datum its coordinates are in (it has no .prj): add "
            "--datum wgs84, gcj02 or bd09 (a wrong one moves the map by half a kilometre)"
        )
    return Datum.WGS84


def _check_degrees(files: ShpFiles, lines: Sequence[Sequence[Floats]]) -> None:
    points = [part for parts in lines for part in parts]
    if not points:
        raise DamagedMapError(f"{files.name} holds no lines: give another map")
    x, y = np.concatenate(points).T
    if not ((np.abs(y) <= 90.0) & (np.abs(x) <= 180.0)).all():  # noqa: PLR2004 - degrees
        raise DamagedMapError(
            f"{files.name} has coordinates that are not degrees: save it in EPSG:4326 (QGIS: "
            "Export > Save Features As) and import that"
        )


def _read_street(
    line: tuple[int, Sequence[Floats]], row: dict[str, str], columns: Columns, counts: _Counts
) -> list[_Street]:
    """The streets of one row, one for each part of its line; none where it is not driven."""
    row_i, parts = line
    parts = [part for part in parts if len(part) > 1]
    if not parts:
        counts.dropped["no_line"] += 1
        return []
    highway = _find_class(row, columns, counts)
    tags = read_tags(row, columns, highway)
    obstacle = find_obstacle(tags)
    modes = find_modes(tags, obstacle)
    if not modes:
        counts.dropped[obstacle or "access_no"] += 1
        return []
    try:
        oneway = read_direction(row, columns, tags)
    except KeyError as error:
        counts.strange_direction[str(error.args[0])] += 1
        oneway = 0
    if oneway is None:
        counts.dropped["closed_both_ways"] += 1
        return []
    way_id, name = read_way_id(row, columns, row_i), read_name(row, columns)
    kmh = read_speed_kmh(row, columns)
    return [_Street(way_id, part, highway, oneway, kmh, name, modes) for part in parts]


def _find_class(row: dict[str, str], columns: Columns, counts: _Counts) -> str:
    highway = read_class(row, columns)
    if highway is not None:
        return highway
    said = next((row[column] for column in columns.road_class if row[column]), "")
    if said:
        counts.strange_class[said] += 1
    counts.n_without_class += not said
    return UNKNOWN_CLASS


def _to_ways(
    streets: list[_Street], datum: Datum, counts: _Counts, columns: Columns
) -> tuple[RawWays, int]:
    met = join_lines([street.points for street in streets], datum)
    ways = [
        RawWay(
            way_id=street.way_id,
            nodes=tuple(nodes.tolist()),
            highway=street.highway,
            oneway=street.oneway,
            maxspeed_kmh=street.maxspeed_kmh,
            name=street.name,
            modes=street.modes,
        )
        for street, nodes in zip(streets, met.lines, strict=True)
    ]
    raw = RawWays(
        node_id=np.arange(len(met.node_lat), dtype=np.int64),
        node_lat=met.node_lat,
        node_lon=met.node_lon,
        ways=ways,
        dropped=counts.dropped,
        attribution=OSM_ATTRIBUTION if columns.is_osm else "",
    )
    return raw, met.n_snapped


def _list_file_notes(files: ShpFiles, chosen: Encoding) -> list[str]:
    notes = [f"names were read as {chosen.word}: so say {chosen.said_by}"]
    if not files.has_index:
        notes.append(
            f"{files.name} has no .shx; its lines were read one after the other, whole and in order"
        )
    return notes


def _list_notes(columns: Columns, counts: _Counts, n_snapped: int) -> list[str]:
    notes = []
    if not columns.road_class or counts.n_without_class:
        n_of = f"{counts.n_without_class:,} streets" if columns.road_class else "all streets"
        notes.append(f"the file gives no class for {n_of}: they are driven as {UNKNOWN_CLASS}")
    if counts.strange_class:
        notes.append(
            f"{counts.strange_class.total():,} streets have a class that is not known "
            f"({_list_most(counts.strange_class)}): they are driven as {UNKNOWN_CLASS}"
        )
    if not columns.direction:
        notes.append("the file gives no directions: every street but motorways is two-way")
    if counts.strange_direction:
        notes.append(
            f"{counts.strange_direction.total():,} streets have a direction that is not known "
            f"({_list_most(counts.strange_direction)}): they are two-way"
        )
    if not columns.name:
        notes.append("the file gives no names of streets")
    if n_snapped:
        notes.append(
            f"{n_snapped:,} ends of streets lay within {NEAR_M} m of another without meeting it, "
            "and were put on it: where a bridge ends over a street, mend the source"
        )
    if not columns.is_osm:
        notes.append("the file does not say who made the map: add its attribution to city.toml")
    return notes


def _list_most(strange: Counter[str]) -> str:
    return ", ".join(repr(value[:20]) for value, _ in strange.most_common(_MAX_LISTED))
