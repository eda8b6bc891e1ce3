"""Keeps and searches the gazetteer of a city (地名库): `places.sqlite`, read-only once made."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, Self
from urllib.parse import quote

import apsw
import msgspec

from kuaifan.geo.coordinate_text import TypedPosition, read_coordinates
from kuaifan.geo.place_names import fold_code, fold_name, has_hanzi, split_name
from kuaifan.store.connections import sync_folder
from kuaifan.store.places_house import KnownHouse, place_house, read_house
from kuaifan.store.places_offset import move_place, read_offset
from kuaifan.store.places_query import (
    LEAST_TORN,
    LONG_LETTERS,
    MOST_TORN,
    Wanted,
    list_corners,
    list_names,
    list_spellings,
    list_torn,
    pair_letters,
    want,
)
from kuaifan.store.places_rank import (
    Candidate,
    Hit,
    Match,
    Place,
    list_best,
    list_best_rows,
    merge_places,
    position_places,
)

FORMAT: Final = 2
PLACES_FILE: Final = "places.sqlite"
PlaceRow = tuple[str, str, float, float, int, str, str, str]
"""name, kind, lat, lon, rank (1 to 5), address, pinyin and initials with spaces between."""

N_CANDIDATES: Final = 200
FEW: Final = 8
N_BASES: Final = 3
SURE: Final = 0.7
HARDLY: Final = 0.45
BESIDE_DEG: Final = 0.003

_TABLES: Final = """
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE places (
    place_i INTEGER PRIMARY KEY, name TEXT NOT NULL, folded TEXT NOT NULL, kind TEXT NOT NULL,
    lat REAL NOT NULL, lon REAL NOT NULL, rank INTEGER NOT NULL, address TEXT NOT NULL,
    pinyin TEXT NOT NULL, initials TEXT NOT NULL, code TEXT NOT NULL,
    south REAL, west REAL, north REAL, east REAL
);
CREATE TABLE numbers (
    street TEXT NOT NULL, number INTEGER NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL,
    PRIMARY KEY (street, number)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(
    name, whereabouts, pinyin, initials, content='', columnsize=0, tokenize='ascii'
);
CREATE TABLE syllables (syllable TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_INDEXES: Final = """
CREATE INDEX places_by_name ON places (folded);
CREATE INDEX places_by_code ON places (code) WHERE code <> '';
CREATE INDEX places_by_lat ON places (lat, lon);
INSERT INTO words (words) VALUES ('optimize');
"""
_COLUMNS: Final = (
    "place_i, name, folded, kind, lat, lon, rank, address, pinyin, initials, "
    "code, south, west, north, east"
)

Box = tuple[float, float, float, float]
"""South, west, north, east."""


class PlaceDetails(NamedTuple):
    """What only some places have (地点附注), by the (name, lat, lon) of the row.

    codes: a landmark's code as it is painted on it. numbers: (street, number, lat, lon) of houses.
    """

    boxes: Mapping[tuple[str, float, float], Box] = MappingProxyType({})
    codes: Mapping[tuple[str, float, float], str] = MappingProxyType({})
    numbers: Sequence[tuple[str, int, float, float]] = ()


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
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
        sync_folder(path.parent)
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
            connection.executemany(
                "INSERT OR REPLACE INTO numbers VALUES (?, ?, ?, ?)",
                [(fold_name(street), *rest) for street, *rest in details.numbers],
            )
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
        pairs = " ".join(pair_letters(initials.replace(" ", "")))
        words.append((i, told, whereabouts, pinyin, pairs))
        syllables.update(syllable for syllable in pinyin.split() if syllable.isalpha())
    marks = ", ".join("?" * 15)
    connection.executemany(f"INSERT INTO places ({_COLUMNS}) VALUES ({marks})", places)  # noqa: S608 - our own names
    connection.executemany(
        "INSERT INTO words (rowid, name, whereabouts, pinyin, initials) VALUES (?, ?, ?, ?, ?)",
        words,
    )
    connection.executemany("INSERT INTO syllables VALUES (?)", [(s,) for s in sorted(syllables)])
    return len(places)


class PlaceIndex:
    """An open gazetteer (地名库); many threads may ask it, one after another."""

    def __init__(self, connection: apsw.Connection, made_from: str) -> None:
        self.made_from = made_from
        self._connection = connection
        self._lock = threading.Lock()
        rows = connection.execute("SELECT syllable FROM syllables")
        self._syllables = frozenset(str(syllable) for (syllable,) in rows)

    def close(self) -> None:
        """Give the file back."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def find_places(
        self, query: str, *, limit: int = 8, near: tuple[float, float] | None = None
    ) -> list[Place]:
        """Find places by name, part of a name, pinyin, initials, crossing or position (地点检索).

        near: (lat, lon); of places that fit equally well, the nearest comes first. Best first, at
        most `limit`; the readings of a position come alone.
        """
        with self._lock:
            positions = read_coordinates(query)
            if positions:
                return self._find_positions(positions, near)[:limit]
            found = list_best(self._find_hits(query), limit=limit, near=near)
            return merge_places(
                found, [*self._find_house(query), *self._find_sides(query, near)], limit
            )

    def find_beside(self, lat: float, lon: float) -> Place | None:
        """The place closest to a position (逆地理), within some 300 m."""
        with self._lock:
            return self._find_beside(lat, lon)

    def _find_hits(self, query: str) -> list[Hit]:
        code = fold_code(query)
        by_code = self._select("code <> '' AND code = ?", (code,))
        hits = [Hit(found, Match.EXACT, 1.0, 1.0) for found in by_code]
        hits += self._find_corners(query)
        for wanted in list_names(query):
            # The later readings are guesses, needed only where what was typed hardly fits.
            if max((hit.confidence for hit in hits), default=0.0) < SURE:
                hits += self._find_name(wanted)
        if max((hit.confidence for hit in hits), default=0.0) < HARDLY:
            hits += self._find_one_wrong(want(query))
        return hits

    def _find_one_wrong(self, wanted: Wanted) -> list[Hit]:
        """Names of which all characters but one stand as they were typed."""
        if wanted.is_latin or not LEAST_TORN <= len(wanted.words) <= MOST_TORN:
            return []
        cut = len(wanted.words) // 2
        halves = wanted.words[:cut], wanted.words[cut:]
        # One half is whole, and mostly rare enough to spare the work on the other.
        asked = " OR ".join(_torn_half(*each) for each in (halves, halves[::-1]))
        n_right = len(wanted.folded) - 1
        return [
            Hit(found, Match.ONE_WRONG, n_right / max(n_right, len(found.folded)), 1.0)
            for found in self._match(f"{{name}} : ({asked})")
        ]

    def _find_house(self, query: str) -> list[Place]:
        asked = read_house(query)
        if asked is None:
            return []
        rows = self._connection.execute(
            "SELECT number, lat, lon FROM numbers WHERE street = ? ORDER BY number",
            (asked.street,),
        )
        place = place_house(asked, [KnownHouse(*row) for row in rows])
        return [] if place is None else [place]

    def _find_sides(self, query: str, near: tuple[float, float] | None) -> list[Place]:
        """Gates and sides of places, moved from their middles."""
        offset = read_offset(query)
        if offset is None:
            return []
        bases = list_best_rows(self._find_hits(offset.base), limit=N_BASES, near=near)
        return [move_place(found, place, offset) for found, place in bases]

    def _find_positions(
        self, typed: Sequence[TypedPosition], near: tuple[float, float] | None
    ) -> list[Place]:
        middle = self._connection.execute("SELECT avg(lat), avg(lon) FROM places").get
        is_known = middle and middle[0] is not None
        centre = near or (middle if is_known else (typed[0].lat, typed[0].lon))
        found = []
        for read in position_places(typed, (float(centre[0]), float(centre[1]))):
            beside = self._find_beside(read.lat, read.lon)
            found.append(msgspec.structs.replace(read, address=beside.name if beside else ""))
        return found

    def _find_beside(self, lat: float, lon: float) -> Place | None:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM places WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",  # noqa: S608 - our own names
            (lat - BESIDE_DEG, lat + BESIDE_DEG, lon - BESIDE_DEG, lon + BESIDE_DEG),
        )
        hits = [Hit(Candidate(*row), Match.EXACT, 1.0, 1.0) for row in rows]
        return next(iter(list_best(hits, limit=1, near=(lat, lon))), None)

    def _find_corners(self, query: str) -> list[Hit]:
        hits: list[Hit] = []
        for first, second in list_corners(query):
            asked = f"name: {_phrase(first.words)} AND name: {_phrase(second.words)}"
            n_chars = len(first.folded) + len(second.folded)
            for found in self._match(asked, kind="crossing"):
                share = n_chars / max(n_chars, len(found.street_chars))
                hits.append(Hit(found, Match.CROSSING, share, 1.0))
        return hits

    def _find_name(self, wanted: Wanted) -> list[Hit]:
        name, n_chars, trust = wanted.folded, len(wanted.folded), wanted.trust
        hits = [
            Hit(found, Match.EXACT, 1.0, trust) for found in self._select("folded = ?", (name,))
        ]
        begun = self._select("folded > ? AND folded < ?", (name, name + "\U0010ffff"))
        hits += [Hit(f, Match.BEGIN, n_chars / len(f.folded), trust) for f in begun]
        inside = self._match(f"name: {_phrase(wanted.words)} *")
        hits += [Hit(f, Match.INSIDE, n_chars / len(f.folded), trust) for f in inside]
        if wanted.is_latin and self._syllables:
            hits += self._find_spelt(wanted)
        if len(hits) < FEW and len(wanted.words) > 1:
            words = " AND ".join(map(_begun_word, dict.fromkeys(wanted.words)))
            for found in self._match(f"{{name whereabouts}} : ({words})"):
                share = n_chars / max(n_chars, len(found.folded) + len(found.address))
                hits.append(Hit(found, Match.SCATTERED, share, trust))
        return hits

    def _find_spelt(self, wanted: Wanted) -> list[Hit]:
        """By pinyin and by initials; letters are read as syllables in every way there is."""
        letters = wanted.folded.replace(" ", "")
        hits: list[Hit] = []
        for spelling in list_spellings(letters, self._syllables):
            by_sound = self._match(f"pinyin: {_phrase(spelling)} *")
            hits += [_spelt_hit(f, f.pinyin, letters, Match.PINYIN) for f in by_sound]
            if by_sound and len(letters) >= LONG_LETTERS:
                break
        by_letter = self._match(
            f"initials: {_phrase(pair_letters(letters)[: len(letters) - 1] or [letters])} *"
        )
        return hits + [_spelt_hit(f, f.initials, letters, Match.INITIALS) for f in by_letter]

    def _select(self, condition: str, values: tuple[str, ...]) -> list[Candidate]:
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM places WHERE {condition} ORDER BY folded LIMIT {N_CANDIDATES}",  # noqa: S608 - our own names
            values,
        )
        return [Candidate(*row) for row in rows]

    def _match(self, asked: str, *, kind: str = "") -> list[Candidate]:
        """Places in the order of the file, the most known first, that the words lead to."""
        of_kind = "WHERE kind = :kind" if kind else ""
        rows = self._connection.execute(
            f"SELECT {_COLUMNS} FROM places JOIN (SELECT rowid AS word_i FROM words "  # noqa: S608 - our own names
            f"WHERE words MATCH :asked ORDER BY rowid) ON place_i = word_i "
            f"{of_kind} LIMIT {N_CANDIDATES}",
            {"asked": asked, "kind": kind},
        )
        return [Candidate(*row) for row in rows]


def open_places(path: Path) -> PlaceIndex:
    """Open a gazetteer for reading, in milliseconds; raises PlacesError if it is none."""
    if not path.is_file():
        raise PlacesError(f"there is no gazetteer at {path}: run kuaifan city basemap on its city")
    cure = f"{path} is damaged or no gazetteer: run kuaifan city basemap on its city again"
    try:
        flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
        # Nobody writes into a gazetteer: a new one takes its place under its name.
        connection = apsw.Connection(f"file:{quote(str(path))}?mode=ro&immutable=1", flags=flags)
        rows = connection.execute("SELECT key, value FROM about")
        about = {str(key): str(value) for key, value in rows}
        if about.get("format") != str(FORMAT):
            raise PlacesError(
                f"{path} was made by another build: run kuaifan city places on its city once"
            )
        return PlaceIndex(connection, about.get("made_from", ""))
    except apsw.Error:
        raise PlacesError(cure) from None


def _begun_word(word: str) -> str:
    """A word that may be only begun; a Chinese character is always whole."""
    return f'"{word}"' if has_hanzi(word) else f'"{word}" *'


def _phrase(words: Sequence[str]) -> str:
    """Words in a row, for the index; they hold letters and digits only."""
    return f'"{" ".join(words)}"'


def _torn_half(whole: Sequence[str], torn: tuple[str, ...]) -> str:
    """One half as it was typed, and the other with any one of its words wrong."""
    parts = [" AND ".join(_phrase(part) for part in around if part) for around in list_torn(torn)]
    rest = " OR ".join(f"({part})" for part in parts if part)
    return f"({_phrase(whole)} AND ({rest}))" if rest else f"({_phrase(whole)})"


def _spelt_hit(found: Candidate, spelt: str, letters: str, match: Match) -> Hit:
    whole = spelt.replace(" ", "")
    return Hit(
        found, match.where(whole, letters), len(letters) / max(len(letters), len(whole)), 1.0
    )
