"""Texts with their types (叙述与类别): a city's own, by a mapping file; nothing of them is kept.

The mapping names the columns and says which of our types each word of the source is. A row whose
type it does not name is left out and counted.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from kuaifan.city.calls import CallsError, reason_of
from kuaifan.city.calls_mapping import FileRule, TimeRule
from kuaifan.city.calls_source import SourceTable, read_source
from kuaifan.city.calls_time import Clock, get_clock, read_time


class TextColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns by name; without a time the rows stand in the order of time."""

    text: str
    type: str
    time: str | None = None


class TextsMapping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The TOML file as it stands; types: words of the source, and our code or key for each."""

    kind: Literal["kuaifan.texts_mapping"]
    version: Literal[1]
    columns: TextColumns
    types: Mapping[str, str] = {}
    time: TimeRule | None = None
    file: FileRule = FileRule()
    note: str = ""


class TypedText(NamedTuple):
    """What was said, and the key of the type it was settled as."""

    at_ms: int
    type_key: str
    text: str


class TypedTexts(NamedTuple):
    """Texts in order of time; n_unknown: rows whose type the mapping does not name."""

    texts: list[TypedText]
    n_unknown: int
    n_bad: int


def read_texts(source: Path, mapping: Path, *, keys_by_code: Mapping[str, str]) -> TypedTexts:
    """Read a table of texts; raises CallsError naming what is missing."""
    rule = _read_mapping(mapping, keys_by_code)
    table = read_source(source, encoding=rule.file.encoding, delimiter=rule.file.delimiter)
    where = _places(table, rule.columns, source)
    named = _named(rule, keys_by_code)
    clock = _clock(rule, mapping)
    found: list[TypedText] = []
    counts: Counter[str] = Counter()
    for i, row in enumerate(table.rows):
        cells = {name: row.cells[at].strip() for name, at in where.items()}
        key = named.get(cells["type"], "")
        at_ms = _read_at(cells.get("time"), clock, i)
        counts["unknown" if not key else "bad" if at_ms is None or not cells["text"] else ""] += 1
        if key and at_ms is not None and cells["text"]:
            found.append(TypedText(at_ms, key, cells["text"]))
    found.sort(key=lambda each: each.at_ms)
    return TypedTexts(found, counts["unknown"], counts["bad"])


def _read_mapping(path: Path, keys_by_code: Mapping[str, str]) -> TextsMapping:
    try:
        rule = msgspec.convert(tomllib.loads(path.read_text("utf-8-sig")), TextsMapping)
    except OSError as error:
        raise CallsError(f"cannot read the mapping {path}: {reason_of(error)}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise CallsError(f"the mapping {path} cannot be read: {error}; mend it") from error
    known: Collection[str] = {*keys_by_code, *keys_by_code.values()}
    for word, code in rule.types.items():
        if code not in known:
            raise CallsError(
                f'the mapping {path}: types."{word}" is "{code}", which is none of the incident '
                "types of the city; give a code or a key of its types.csv"
            )
    return rule


def _named(rule: TextsMapping, keys_by_code: Mapping[str, str]) -> dict[str, str]:
    """Our key by every word of the source; our own codes and keys stand for themselves."""
    named = {key: key for key in keys_by_code.values()} | dict(keys_by_code)
    return named | {word: keys_by_code.get(code, code) for word, code in rule.types.items()}


def _places(table: SourceTable, columns: TextColumns, source: Path) -> dict[str, int]:
    wanted = {"text": columns.text, "type": columns.type, "time": columns.time}
    places = {}
    for what, name in wanted.items():
        if name is None:
            continue
        if name not in table.columns:
            raise CallsError(
                f'{source} has no column "{name}"; it has {", ".join(table.columns)}: '
                f"correct columns.{what} in the mapping"
            )
        places[what] = table.columns.index(name)
    return places


def _clock(rule: TextsMapping, mapping: Path) -> Clock | None:
    if rule.columns.time is None:
        return None
    if rule.time is None:
        raise CallsError(f"the mapping {mapping} names a column of time: add [time] format, zone")
    return get_clock(rule.time.format, rule.time.zone)


def _read_at(text: str | None, clock: Clock | None, row_i: int) -> int | None:
    if clock is None:
        return row_i
    try:
        return read_time(text or "", clock)[0]
    except ValueError:
        return None
