"""Keeps and searches the gazetteer of a city (地名库): `places.sqlite`, read-only once made."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

import apsw
import msgspec

from kuaifan.geo.coordinate_text import TypedPosition, read_coordinates
from kuaifan.geo.place_names import fold_code, has_hanzi
from kuaifan.store.places_house import (
    HouseAsked,
    HouseRange,
    KnownHouse,
    place_house,
    read_house,
)
from kuaifan.store.places_offset import move_place, read_offset
from kuaifan.store.places_query import (
    LEAST_TORN,
    LONG_LETTERS,
    MOST_TORN,
    Wanted,
    list_corners,
    list_names,
    list_sounds,
    list_spellings,
    list_torn,
    pair_letters,
    phrase,
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
    rough_m,
)
from kuaifan.store.places_write import COLUMNS, FORMAT, PlacesError

N_CANDIDATES: Final = 200
FEW: Final = 8
N_BASES: Final = 3
SURE: Final = 0.7
HELD: Final = 0.6
"""Names that hold what was typed, word for word, are at least so sure."""
HARDLY: Final = 0.45
HEARD: Final = Match.HOMOPHONE.value[0]
LEAST_HEARD: Final = 2
"""One syllable sounds like hundreds of names."""
BESIDE_DEG: Final = 0.003


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
                found, [*self._find_house(query, near), *self._find_sides(query, near)], limit
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
        if max((hit.confidence for hit in hits), default=0.0) < HELD:
            hits += self._find_homophones(query)
        if max((hit.confidence for hit in hits), default=0.0) < HARDLY:
            hits += self._find_one_wrong(want(query))
        return hits

    def _find_homophones(self, query: str) -> list[Hit]:
        """Names that sound as what was typed (同音字): 解放陆 for 解放路."""
        hits: list[Hit] = []
        for wanted in list_names(query):
            if asked := self._sounds_as(wanted):
                n_words = len(wanted.words)
                for found in self._match(asked):
                    share = n_words / max(n_words, len(found.pinyin.split()))
                    hits.append(Hit(found, Match.HOMOPHONE, share, wanted.trust))
        for first, second in list_corners(query):
            both = self._sounds_as(first), self._sounds_as(second)
            n_words = len(first.words) + len(second.words)
            for found in self._match(" AND ".join(both), kind="crossing") if all(both) else ():
                share = n_words / max(n_words, len(found.pinyin.split()))
                hits.append(Hit(found, Match.HOMOPHONE, share, 1.0))
        return hits

    def _sounds_as(self, wanted: Wanted) -> str:
        """What to match for names that sound so; "" where it cannot be read aloud."""
        if wanted.is_latin or len(wanted.words) < LEAST_HEARD:
            return ""
        marks = ", ".join("?" * len(wanted.words))
        rows = self._connection.execute(
            f"SELECT hanzi, readings FROM sounds WHERE hanzi IN ({marks})",  # noqa: S608 - question marks
            wanted.words,
        )
        readings = list_sounds(wanted.words, {str(hanzi): str(read) for hanzi, read in rows})
        spelt = " OR ".join(phrase(reading) for reading in readings)
        return f"({{pinyin}} : ({spelt}))" if spelt else ""

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
            for found in self._match(asked)
        ]

    def _find_house(self, query: str, near: tuple[float, float] | None) -> list[Place]:
        asked = read_house(query)
        if asked is None:
            return []
        found = self._find_on_street(asked, trust=1.0)
        sounds_as = "" if found else self._sounds_as(want(asked.street))
        for street in self._match(sounds_as, kind="street") if sounds_as else ():
            if len(street.folded) == len(asked.street):
                heard = HouseAsked(street.folded, street.name, asked.number)
                found += self._find_on_street(heard, trust=HEARD)
        if near is not None:
            found.sort(key=lambda house: rough_m(near, house))
        return found

    def _find_on_street(self, asked: HouseAsked, *, trust: float) -> list[Place]:
        """The house on each street of that name."""
        numbers = self._connection.execute(
            "SELECT part, number, lat, lon FROM numbers WHERE street = ? ORDER BY part, number",
            (asked.street,),
        )
        known: dict[int, list[KnownHouse]] = {}
        for part, *house in numbers:
            known.setdefault(part, []).append(KnownHouse(*house))
        rows = self._connection.execute(
            "SELECT part, low, high, step, low_off_m, high_off_m, line FROM ranges "
            "WHERE street = ? AND low < ? AND high > ?",
            (asked.street, asked.number, asked.number),
        )
        ranges: dict[int, list[HouseRange]] = {}
        for part, *rest, line in rows:
            flat = array("d", line)
            points = tuple(zip(flat[::2], flat[1::2], strict=True))
            around = HouseRange._make((asked.street, part, *rest, points))
            ranges.setdefault(part, []).append(around)
        places = (
            place_house(asked, known.get(part, ()), ranges.get(part, ()), trust=trust)
            for part in sorted({*known, *ranges})
        )
        return [place for place in places if place is not None]

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
            f"SELECT {COLUMNS} FROM places WHERE lat BETWEEN ? AND ? AND lon BETWEEN ? AND ?",  # noqa: S608 - our own names
            (lat - BESIDE_DEG, lat + BESIDE_DEG, lon - BESIDE_DEG, lon + BESIDE_DEG),
        )
        hits = [Hit(Candidate(*row), Match.EXACT, 1.0, 1.0) for row in rows]
        return next(iter(list_best(hits, limit=1, near=(lat, lon))), None)

    def _find_corners(self, query: str) -> list[Hit]:
        hits: list[Hit] = []
        for first, second in list_corners(query):
            asked = f"{_in_name(first.words)} AND {_in_name(second.words)}"
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
        inside = self._match(_in_name(wanted.words, is_begun=not has_hanzi(wanted.words[-1])))
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
            by_sound = self._match(f"pinyin : {phrase(spelling, is_begun=True)}")
            hits += [_spelt_hit(f, f.pinyin, letters, Match.PINYIN) for f in by_sound]
            if by_sound and len(letters) >= LONG_LETTERS:
                break
        by_letter = self._match(
            f'initials : "{" ".join(pair_letters(letters)[: len(letters) - 1] or [letters])}" *'
        )
        return hits + [_spelt_hit(f, f.initials, letters, Match.INITIALS) for f in by_letter]

    def _select(self, condition: str, values: tuple[str, ...]) -> list[Candidate]:
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM places WHERE {condition} ORDER BY folded LIMIT {N_CANDIDATES}",  # noqa: S608 - our own names
            values,
        )
        return [Candidate(*row) for row in rows]

    def _match(self, asked: str, *, kind: str = "") -> list[Candidate]:
        """Places in the order of the file, the most known first, that the words lead to."""
        of_kind = "WHERE kind = :kind" if kind else ""
        rows = self._connection.execute(
            f"SELECT {COLUMNS} FROM places JOIN (SELECT rowid AS word_i FROM words "  # noqa: S608 - our own names
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


def _in_name(words: Sequence[str], *, is_begun: bool = False) -> str:
    """Words in a row in a name, for the index; they hold letters and digits only."""
    if len(words) == 1:
        return f'name : "{words[0]}"{" *" if is_begun else ""}'
    return f"pairs : {phrase(words, is_begun=is_begun)}"


def _torn_half(whole: Sequence[str], torn: tuple[str, ...]) -> str:
    """One half as it was typed, and the other with any one of its words wrong."""
    parts = [" AND ".join(_in_name(part) for part in around if part) for around in list_torn(torn)]
    rest = " OR ".join(f"({part})" for part in parts if part)
    return f"({_in_name(whole)} AND ({rest}))" if rest else f"({_in_name(whole)})"


def _spelt_hit(found: Candidate, spelt: str, letters: str, match: Match) -> Hit:
    whole = spelt.replace(" ", "")
    return Hit(
        found, match.where(whole, letters), len(letters) / max(len(letters), len(whole)), 1.0
    )
