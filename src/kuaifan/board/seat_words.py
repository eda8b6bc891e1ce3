"""Sentences of a special seat (专席用语): fields in braces, codes as its forms say them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec

from kuaifan.board.day_tally import CITY_OFFSET_MS
from kuaifan.board.seat_forms import Seat

Words = tuple[str, str]
Codes = Mapping[tuple[str, str], Words]
"""(field, code) -> Chinese, English."""
BRACES: Final = re.compile(r"\{(\w+)\}")
INSTANTS: Final = "_at_ms"
FEN: Final = "_fen"


def codes_of(seat: Seat) -> Codes:
    """The words of all choices of a seat's tables and forms; ("", code) where a code means one."""
    columns = (column for table in seat.tables for column in table.columns)
    fields = (field for action in seat.actions for field in action.fields)
    known = [*((each.name, each.choices) for each in columns)]
    known += [(each.name, each.choices) for each in fields]
    known += [("", seat.codes)]
    found = {
        (name, choice.code): (choice.zh, choice.en) for name, choices in known for choice in choices
    }
    anywhere: dict[str, set[Words]] = {}
    for (_, code), words in found.items():
        anywhere.setdefault(code, set()).add(words)
    for step in (each for kind in seat.kinds for each in (kind.outcomes, kind.words)):
        for code, words in step.items():
            anywhere.setdefault(code, set()).add(words)
    # An event calls a field as the rules do: a code that means one thing at a seat means it there.
    sole = {("", code): next(iter(words)) for code, words in anywhere.items() if len(words) == 1}
    return {**found, **sole}


def fill(sentences: Words, message: msgspec.Struct, codes: Codes) -> Words:
    """A sentence in Chinese and English with the fields of a message in it."""
    return _filled(sentences[0], message, codes, 0), _filled(sentences[1], message, codes, 1)


def _filled(sentence: str, message: msgspec.Struct, codes: Codes, language: int) -> str:
    def put(found: re.Match[str]) -> str:
        name = found.group(1)
        return _said(name, getattr(message, name), codes, language)

    return BRACES.sub(put, sentence)


def _said(
    name: str,
    value: Any,  # noqa: ANN401 - any field of any message
    codes: Codes,
    language: int,
) -> str:
    if isinstance(value, tuple | list):
        return "、".join(_said(name, each, codes, language) for each in value)
    if isinstance(value, bool):
        return ("是", "yes")[language] if value else ("否", "no")[language]
    if isinstance(value, int) and name.endswith(INSTANTS):
        local = datetime.fromtimestamp(value / 1000, UTC) + timedelta(milliseconds=CITY_OFFSET_MS)
        return local.strftime("%m-%d %H:%M")
    if isinstance(value, int) and name.endswith(FEN):
        return f"{value / 100:.2f}"
    words = codes.get((name, str(value))) or codes.get(("", str(value)))
    return words[language] if words else str(value)
