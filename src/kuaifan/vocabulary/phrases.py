"""Phrases that callers use (报警用语), found in a text unless the caller denies them.

The table is a text (phrases.toml); a city may keep its own copy. This module reads text, never
files.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.facts import FACTS, Answer

MAX_READ_CHARS: Final = 2_000
"""Of a longer story the beginning is read: what it is about stands there."""
SEATS: Final = ("dv", "enterprise", "fraud", "12345")
"""The special seats (专席): domestic violence, enterprises, fraud, the city's own hotline."""

WEAK_MARK: Final = "~"
STRONG_POINTS, WEAK_POINTS, CHAR_POINTS = 10, 4, 1

_DENIAL: Final = re.compile(
    r"(?:没有|没人|没得|没|不是|并非|并没|未|无人|无|不会|没见|不存在|莫得|冇|莫)"
    r"(?:人员|什么|任何|出现|发生|造成|看见|看到|听到|明显|啥子|有|人|啥|再|真|在|被|大|带|拿|动|要|想|说|是|的)*$"
)
_DENIAL_WORD: Final = re.compile("[没未无不莫冇]")
_ASKED: Final = re.compile(r"(?:是不是|有没有|要不要|会不会|不知道有没有)[^，。！？,!?]*$")
_DENIED_AFTER: Final = re.compile(r"^(?:倒没有|倒是没有|的没有|都没有|没有[，。,]|没得)")
_CLAUSE_END: Final = re.compile(r"[，。！？；、,.!?;：:\s（）()]")
_DENIAL_REACH: Final = 12


class Found(NamedTuple):
    """A phrase that stands in a text (命中); points: how much it says."""

    words: str
    points: int


class _Entry(NamedTuple):
    subject: str
    parts: tuple[str, ...]
    points: int


class Phrases(msgspec.Struct, frozen=True):
    """The whole table (用语表): phrases by key of the type, by fact and by seat."""

    types: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, tuple[str, ...]] = {}
    seats: Mapping[str, tuple[str, ...]] = {}


def read_phrases(text: str) -> Phrases:
    """Read the table; raises BadInputError for what is no table, an unknown fact or seat."""
    try:
        phrases = msgspec.convert(tomllib.loads(text), Phrases)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadInputError(f"phrases.toml cannot be read: {error}; mend it") from error
    for what, given, known in (("fact", phrases.facts, FACTS), ("seat", phrases.seats, SEATS)):
        if unknown := set(given).difference(known):
            raise BadInputError(f"phrases.toml: there is no {what} {', '.join(sorted(unknown))}")
    return phrases


def plain(text: str) -> str:
    """A text as phrases are compared with it: one width, one case, not too long."""
    return unicodedata.normalize("NFKC", text[:MAX_READ_CHARS]).lower()[:MAX_READ_CHARS]


class PhraseBook:
    """Finds the phrases of many subjects in one reading (用语检索); made once."""

    def __init__(self, phrases: Mapping[str, Sequence[str]]) -> None:
        self._by_part: dict[str, list[_Entry]] = {}
        for subject, each in phrases.items():
            for phrase in each:
                entry = _Entry(subject, _parts(phrase), _points(phrase))
                for part in entry.parts[:1]:
                    self._by_part.setdefault(part, []).append(entry)

    def find(self, text: str) -> dict[str, list[Found]]:
        """Phrases that a plain text says, by subject, the strongest first; none is denied."""
        found: dict[str, list[Found]] = {}
        says: dict[str, bool] = {}

        def is_said(part: str) -> bool:
            if part not in says:
                says[part] = part in text and _says(text, part)
            return says[part]

        for part, entries in self._by_part.items():
            if part in text and is_said(part):
                for entry in entries:
                    if all(map(is_said, entry.parts)):
                        hit = Found("…".join(entry.parts), entry.points)
                        found.setdefault(entry.subject, []).append(hit)
        return {subject: _longest(hits) for subject, hits in found.items()}

    def without_denied(self, text: str) -> str:
        """A plain text with a stop in place of each phrase that it denies."""
        if not _DENIAL_WORD.search(text):
            return text
        for part in self._by_part:
            for start in _places(text, part):
                if is_denied(text, start, len(part)):
                    text = text[:start] + "，" * len(part) + text[start + len(part) :]
        return text


def find_fact(text: str, phrases: Sequence[str]) -> tuple[Answer, str] | None:
    """What a plain text says of a fact, and the words; None where it does not speak of it."""
    denied = ""
    for phrase in phrases:
        for start in _places(text, phrase):
            if is_denied(text, start, len(phrase)):
                denied = denied or phrase
            elif not _is_asked(text, start):
                return "yes", phrase
    return ("no", denied) if denied else None


def is_denied(text: str, start: int, n_chars: int) -> bool:
    """Whether a caller denies what stands at a place ("没有受伤", "不是打架", "受伤倒没有")."""
    if _is_asked(text, start):
        return False
    if _DENIAL.search(_clause_before(text, start)):
        return True
    return _DENIED_AFTER.match(text[start + n_chars : start + n_chars + 6]) is not None


def _is_asked(text: str, start: int) -> bool:
    """Whether it is a question ("有没有受伤不知道")."""
    return _ASKED.search(_clause_before(text, start)) is not None


def _clause_before(text: str, start: int) -> str:
    return _CLAUSE_END.split(text[max(0, start - _DENIAL_REACH) : start])[-1]


def _says(text: str, part: str) -> bool:
    return any(not is_denied(text, start, len(part)) for start in _places(text, part))


def _places(text: str, part: str) -> Iterator[int]:
    start = text.find(part)
    while start >= 0:
        yield start
        start = text.find(part, start + 1)


def _parts(phrase: str) -> tuple[str, ...]:
    return tuple(part for part in phrase.lower().removeprefix(WEAK_MARK).split("+") if part)


def _longest(found: list[Found]) -> list[Found]:
    """Without what stands within another: "电动车被偷" says all that "被偷" says."""
    kept: list[Found] = []
    for each in sorted(found, key=lambda one: (-one.points, one.words)):
        if not any(each.words in other.words for other in kept):
            kept.append(each)
    return kept


def _points(phrase: str) -> int:
    base = WEAK_POINTS if phrase.startswith(WEAK_MARK) else STRONG_POINTS
    return base + CHAR_POINTS * sum(map(len, _parts(phrase)))
