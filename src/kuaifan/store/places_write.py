"""Writes the gazetteer of a city (编写地名库): `places.sqlite`, whole or not at all."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import apsw

from kuaifan.geo.place_names import fold_code, fold_name, split_name
from kuaifan.kernel.whole_file import take_place
from kuaifan.store.places_house import HouseRange
from kuaifan.store.places_query import pair_letters, pair_words

FORMAT: Final = 3
PLACES_FILE: Final = "places.sqlite"
PlaceRow = tuple[str, str, float, float, int, str, str, str]
"""name, kind, lat, lon, rank (1 to 5), address, pinyin and initials with spaces between."""

_TABLES: Final = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE places (
    place_i INTEGER PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL, kind TEXT NOT NULL,
    lat REAL NOT NULL, lon REAL NOT NULL, rank INTEGER NOT NULL, address TEXT NOT NULL,
    pinyin TEXT NOT NULL, initials TEXT NOT NULL, code TEXT NOT NULL,
    south REAL, west REAL, north REAL, east REAL
);
CREATE TABLE numbers (
    street TEXT NOT NULL, part INTEGER NOT NULL, number INTEGER NOT NULL,
    lat REAL NOT NULL, lon REAL NOT NULL, PRIMARY KEY (street, part, number)
) WITHOUT ROWID;
CREATE TABLE ranges (
    street TEXT NOT NULL, part INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL,
    step INTEGER NOT NULL, low_off_m REAL NOT NULL, high_off_m REAL NOT NULL, line BLOB NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5(
    name, whereabouts, pairs, pinyin, initials, content='', columnsize=0, tokenize='ascii'
);
CREATE TABLE syllables (syllable TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE sounds (hanzi TEXT PRIMARY KEY, readings TEXT NOT NULL) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE INDEX places_by_name ON places (folded);
CREATE INDEX places_by_code ON places (code) WHERE code <> '';
CREATE INDEX places_by_lat ON places (lat, lon);
CREATE INDEX ranges_by_street ON ranges (street, low);
INSERT INTO words (words) VALUES ('optimize');
"""
COLUMNS: Final = (
    "place_i, name, folded, kind, lat, lon, rank, address, pinyin, initials, "
    "code, south, west, north, east"
)

Box = tuple[float, float, float, float]
"""South, west, north, east."""


HouseNumber = tuple[str, int, int, float, float]
"""Street, which street of that name, number, lat, lon."""


class PlaceDetails(NamedTuple):
    """What only some places have (地点附注), by the (name, lat, lon) of the row.

    codes: a landmark's code as it is painted on it. numbers: (street, part, number, lat, lon) of
    houses; streets of one name far apart are parts of it. ranges: houses between known ones.
    sounds: readings of characters without tone, with spaces between, the usual one first.
    """

    boxes: Mapping[tuple[str, float, float], Box] = MappingProxyType({})
    codes: Mapping[tuple[str, float, float], str] = MappingProxyType({})
    numbers: Sequence[HouseNumber] = ()
    ranges: Sequence[HouseRange] = ()
    sounds: Mapping[str, str] = MappingProxyType({})


class PlacesError(ValueError):
    """The gazetteer cannot be made or read, said in one sentence with the cure."""


def write_places(
    path: Path, rows: Iterable[PlaceRow], *, made_from: str, details: PlaceDetails | None = None
) -> int:
    """Write a gazetteer whole, and return how many places it has; the most known rows come first.

    The order matters: where many places fit, the first ones are looked at. `made_from` is the
    content hash of the city. Raises PlacesError where the disk refuses; an old file then stays.
    """
    draft = path.with_name(f".{path.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        n_places = _fill(draft, rows, made_from, details or PlaceDetails())
        take_place(draft, path)
    except (apsw.Error, OSError) as error:
        raise PlacesError(
            f"cannot write {path} ({error}): free some space or choose a folder that can be written"
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return n_places


def _fill(draft: Path, rows: Iterable[PlaceRow], made_from: str, details: PlaceDetails) -> int:
    connection = apsw.Connection(str(draft))
    try:
        # The file gets its name only when it is whole, so no journal has to guard it.
        connection.pragma("journal_mode", "OFF")
        connection.pragma("synchronous", "OFF")
        with connection:
            connection.execute(_TABLES)
            n_places = _insert(connection, rows, details)
            _insert_details(connection, details)
            connection.execute(_INDEXES)
            about = {"format": str(FORMAT), "made_from": made_from, "n_places": str(n_places)}
            connection.executemany("INSERT INTO about VALUES (?, ?)", about.items())
        return n_places
    finally:
        connection.close()


def _insert(connection: apsw.Connection, rows: Iterable[PlaceRow], details: PlaceDetails) -> int:
    syllables: set[str] = set()
    places, words = [], []
    for i, (name, kind, lat, lon, rank, address, pinyin, initials) in enumerate(rows, 1):
        folded = fold_name(name)
        key = (name, lat, lon)
        more = (fold_code(details.codes.get(key, "")), *details.boxes.get(key, (None,) * 4))
        places.append((i, name, folded, kind, lat, lon, rank, address, pinyin, initials, *more))
        told, whereabouts = " ".join(split_name(name)), " ".join(split_name(address))
        letters = " ".join(pair_letters(initials.replace(" ", "")))
        in_rows = " ".join(pair_words(split_name(name))), " ".join(pair_words(pinyin.split()))
        words.append((i, told, whereabouts, *in_rows, letters))
        syllables.update(syllable for syllable in pinyin.split() if syllable.isalpha())
    marks = ", ".join("?" * 15)
    connection.executemany(f"INSERT INTO places ({COLUMNS}) VALUES ({marks})", places)  # noqa: S608 - our own names
    connection.executemany(
        "INSERT INTO words (rowid, name, whereabouts, pairs, pinyin, initials) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        words,
    )
    connection.executemany("INSERT INTO syllables VALUES (?)", [(s,) for s in sorted(syllables)])
    return len(places)


def _insert_details(connection: apsw.Connection, details: PlaceDetails) -> None:
    # The first of two houses of one number is the one that was put in by hand.
    connection.executemany(
        "INSERT OR IGNORE INTO numbers VALUES (?, ?, ?, ?, ?)",
        [(fold_name(street), *rest) for street, *rest in details.numbers],
    )
    connection.executemany(
        "INSERT INTO ranges VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (fold_name(street), *rest, array("d", [x for at in line for x in at]).tobytes())
            for street, *rest, line in details.ranges
        ],
    )
    connection.executemany("INSERT INTO sounds VALUES (?, ?)", sorted(details.sounds.items()))
