"""Reads and writes `forces.csv` (警力表): organisations, posts and units, one a line.

One table for three kinds of row, so that a planner edits one sheet: `record` says which kind a
row is, and columns that do not concern it stay empty.
"""

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from kuaifan.city.city import (
    LINES,
    PLACED_BY,
    POST_KINDS,
    CityUnit,
    Organisation,
    Post,
    Shift,
)
from kuaifan.city.whole_folder import CityFolderError
from kuaifan.vocabulary.unit_profile import MAX_CREW, UNIT_KINDS

COLUMNS = (
    "record", "id", "kind", "name", "lat", "lon", "arc", "fraction_ppm", "line", "skills",
    "officers", "auxiliaries", "shift", "start_hour", "end_hour", "home_post_id",
    "admin_parent", "operational_parent", "placed_by", "has_gps",
)  # fmt: skip
LATER_COLUMNS = frozenset({"has_gps"})
"""Columns that the first folders lack: each row then has what is usual."""
_HOURS = 24
_PPM = 1_000_000
Choice = TypeVar("Choice", bound=str)
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Forces:
    """The forces of a city: who there is, where they stand, whom they obey."""

    organisations: tuple[Organisation, ...]
    posts: tuple[Post, ...]
    units: tuple[CityUnit, ...]


def pack_forces(forces: Forces) -> bytes:
    """The forces as the bytes of a forces.csv, in the order given."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(_org_row, forces.organisations))
    writer.writerows(map(_post_row, forces.posts))
    writer.writerows(map(_unit_row, forces.units))
    return out.getvalue().encode()


def _org_row(org: Organisation) -> Row:
    return {
        "record": "organisation",
        "id": org.org_id,
        "name": org.name,
        "admin_parent": org.parent_id,
    }


def _post_row(post: Post) -> Row:
    return {
        "record": "post",
        "id": post.post_id,
        "kind": post.kind,
        "name": post.name,
        "lat": f"{post.lat:.7f}",
        "lon": f"{post.lon:.7f}",
        "arc": str(post.arc),
        "fraction_ppm": str(post.fraction_ppm),
        "admin_parent": post.parent_id,
        "placed_by": post.placed_by,
    }


def _unit_row(unit: CityUnit) -> Row:
    return {
        "record": "unit",
        "id": unit.unit_id,
        "kind": unit.kind,
        "name": unit.call_sign,
        "line": unit.line,
        "skills": ";".join(unit.skills),
        "officers": str(unit.officers),
        "auxiliaries": str(unit.auxiliaries),
        "shift": unit.shift.name,
        "start_hour": str(unit.shift.start_hour),
        "end_hour": str(unit.shift.end_hour),
        "home_post_id": unit.home_post_id,
        "admin_parent": unit.admin_parent,
        "operational_parent": unit.operational_parent,
        "placed_by": unit.placed_by,
        "has_gps": "1" if unit.has_gps else "0",
    }


def unpack_forces(data: bytes, path: Path) -> tuple[Forces, list[str]]:
    """The forces in the bytes of a forces.csv, and each unreadable line with its reason.

    Raises CityFolderError if it is no forces.csv at all.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CityFolderError(f"{path} is not UTF-8 text: save it as UTF-8") from None
    reader = csv.DictReader(io.StringIO(text, newline=""))
    missing = sorted(set(COLUMNS) - LATER_COLUMNS - set(reader.fieldnames or ()))
    if missing:
        raise CityFolderError(f"{path} lacks the columns {', '.join(missing)}: add them")
    orgs: list[Organisation] = []
    posts: list[Post] = []
    units: list[CityUnit] = []
    taken: dict[str, Callable[[Row], None]] = {
        "organisation": lambda row: orgs.append(_read_org(row)),
        "post": lambda row: posts.append(_read_post(row)),
        "unit": lambda row: units.append(_read_unit(row)),
    }
    bad = [
        f"line {reader.line_num}: {reason}" for row in reader if (reason := _find_fault(row, taken))
    ]
    return Forces(tuple(orgs), tuple(posts), tuple(units)), bad


def _find_fault(row: Row, taken: dict[str, Callable[[Row], None]]) -> str | None:
    # A short row holds None, a long one a list under None: both are told as what they are.
    if None in cast("dict[str | None, object]", row) or None in row.values():
        return "has not as many columns as the first line"
    take = taken.get(row["record"])
    if take is None:
        return f"record {row['record']!r} is none of {', '.join(taken)}"
    if not row["id"]:
        return "has no id"
    try:
        take(row)
    except ValueError as error:
        return str(error)
    return None


def _read_org(row: Row) -> Organisation:
    return Organisation(row["id"], row["name"], row["admin_parent"])


def _read_post(row: Row) -> Post:
    return Post(
        post_id=row["id"],
        kind=_choice(row, "kind", POST_KINDS),
        name=row["name"],
        lat=_number(row, "lat", limit=90.0),
        lon=_number(row, "lon", limit=180.0),
        arc=_count(row, "arc", limit=2**31 - 1),
        fraction_ppm=_count(row, "fraction_ppm", limit=_PPM),
        parent_id=row["admin_parent"],
        placed_by=_choice(row, "placed_by", PLACED_BY),
    )


def _read_unit(row: Row) -> CityUnit:
    return CityUnit(
        unit_id=row["id"],
        call_sign=row["name"],
        kind=_choice(row, "kind", UNIT_KINDS),
        line=_choice(row, "line", LINES),
        skills=tuple(skill for skill in row["skills"].split(";") if skill),
        officers=_count(row, "officers", limit=MAX_CREW),
        auxiliaries=_count(row, "auxiliaries", limit=MAX_CREW),
        shift=Shift(
            row["shift"],
            _count(row, "start_hour", limit=_HOURS - 1),
            _count(row, "end_hour", limit=_HOURS),
        ),
        home_post_id=row["home_post_id"],
        admin_parent=row["admin_parent"],
        operational_parent=row["operational_parent"],
        placed_by=_choice(row, "placed_by", PLACED_BY),
        has_gps=_flag(row, "has_gps"),
    )


def _flag(row: Row, column: str) -> bool:
    """Whether a column holds 1; it does where an old table has no such column."""
    text = row.get(column, "1")
    if text not in {"0", "1"}:
        raise ValueError(f"{column} {text!r} is neither 1 nor 0")
    return text == "1"


def _choice(row: Row, column: str, choices: Sequence[Choice]) -> Choice:
    for choice in choices:
        if row[column] == choice:
            return choice
    raise ValueError(f"{column} {row[column]!r} is none of {', '.join(choices)}")


def _number(row: Row, column: str, *, limit: float) -> float:
    try:
        value = float(row[column])
    except ValueError:
        raise ValueError(f"{column} {row[column]!r} is no number") from None
    if not abs(value) <= limit:
        raise ValueError(f"{column} {row[column]} is not between -{limit:g} and {limit:g}")
    return value


def _count(row: Row, column: str, *, limit: int) -> int:
    try:
        value = int(row[column])
    except ValueError:
        raise ValueError(f"{column} {row[column]!r} is no whole number") from None
    if not 0 <= value <= limit:
        raise ValueError(f"{column} {value} is not between 0 and {limit:,}")
    return value
