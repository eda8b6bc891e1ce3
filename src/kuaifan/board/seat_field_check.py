"""Whether a field of a seat's form fits the field of the command that it fills (表单项核对)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec
from msgspec import inspect

from kuaifan.board.seat_forms import Field

CHOSEN: Final = frozenset({"choice", "choices"})
ALWAYS_SENT: Final = frozenset({"choices", "yes_no", "rows"})
"""Nothing ticked, and no row, is an answer."""
WHOLE: Final = frozenset({"yuan", "minutes", "date", "instant"})
FLOATS: Final = frozenset({"lat", "lon"})
WRITTEN: Final = frozenset({"day", "clock"})
BEGUN: Final = frozenset(
    {"text", "long_text", "choice", "choices", "yes_no", "number", "phone", "person", "unit"}
    | {"lat", "lon", "id", "day", "clock", "rows"}
)
"""Kinds that are typed as they are kept, so that a form can begin with them."""
ListType = inspect.VarTupleType | inspect.ListType | inspect.CollectionType
_SHAPES: Final[tuple[tuple[frozenset[str], Any, str], ...]] = (
    (WHOLE, inspect.IntType, "whole number"),
    (frozenset({"number"}), inspect.IntType | inspect.FloatType, "number"),
    (FLOATS, inspect.FloatType, "number with decimals"),
    (frozenset({"yes_no"}), inspect.BoolType, "yes or no"),
    (frozenset({"choices", "rows"}), ListType, "list"),
    (WRITTEN, inspect.StrType, "text"),
)
"""What a command's field has to be for a kind of field of a form."""


def list_faults(field: Field, info: msgspec.structs.FieldInfo) -> Iterator[str]:
    """What is wrong with a field, in sentences; info: of the command's field of that name."""
    yield from _faults_of_type(field, inspect.type_info(info.type))
    if not field.required and info.required and field.kind not in ALWAYS_SENT:
        yield f"field {field.name!r} may stay empty, but its command needs it: give it a default"


def _faults_of_type(field: Field, type_info: inspect.Type) -> Iterator[str]:
    told = list(_types_in(type_info))
    literal = {
        value for each in told if isinstance(each, inspect.LiteralType) for value in each.values
    }
    codes = [each.code for each in field.choices]
    yield from list_doubles(f"choice of {field.name}", codes)
    if (field.kind in CHOSEN) != bool(codes):
        yield f"field {field.name!r} is a {field.kind} with {len(codes)} choices"
    if literal and (strange := sorted(set(codes) - literal)):
        known = ", ".join(sorted(map(str, literal)))
        yield f"field {field.name!r} offers {', '.join(strange)}; its command knows {known}"
    for kinds, shape, words in _SHAPES:
        if field.kind in kinds and not any(isinstance(each, shape) for each in told):
            yield f"field {field.name!r} is a {field.kind}, but its command takes no {words}"
    if field.begins and field.kind not in BEGUN:
        yield f"field {field.name!r} is a {field.kind}, which no form begins with"
    yield from _faults_of_rows(field, told)


def _faults_of_rows(field: Field, told: list[inspect.Type]) -> Iterator[str]:
    """Whether the small forms of a list fit what the list holds."""
    if (field.kind == "rows") != bool(field.rows):
        yield f"field {field.name!r} is a {field.kind} with {len(field.rows)} fields to a row"
    of = next((each for each in told if isinstance(each, ListType)), None)
    if field.kind != "rows" or of is None:
        return
    if field.most < 1 or (of.max_length is not None and field.most > of.max_length):
        yield f"field {field.name!r} has most={field.most}; its command takes {of.max_length}"
    if of.min_length and not field.required:
        yield f"field {field.name!r} may have no row, but its command needs {of.min_length}"
    for each in field.rows:
        if each.kind == "rows":
            yield f"field {field.name!r}: a row holds no further rows ({each.name!r})"
    held = next((each for each in _types_in(of.item_type) if _is_struct(each)), None)
    if isinstance(held, inspect.StructType):
        yield from _faults_of_struct(field, held)
    elif [each.name for each in field.rows] == [""]:
        yield from _faults_of_type(field.rows[0], of.item_type)
    else:
        yield f"field {field.name!r} is a list of plain values: give one field to a row, name=''"


def _faults_of_struct(field: Field, held: inspect.StructType) -> Iterator[str]:
    known = {each.name: each for each in msgspec.structs.fields(held.cls)}
    yield from list_doubles(f"field of a row of {field.name}", (each.name for each in field.rows))
    for each in field.rows:
        if each.name not in known:
            names = ", ".join(known)
            yield f"field {field.name!r}: a row has no {each.name!r}; it has {names}"
        else:
            for fault in list_faults(each, known[each.name]):
                yield f"field {field.name!r}: {fault}"
    given = {each.name for each in field.rows}
    for name, info in known.items():
        if info.required and name not in given:
            yield f"field {field.name!r}: nobody fills {name!r} of a row"


def _is_struct(told: inspect.Type) -> bool:
    return isinstance(told, inspect.StructType)


def _types_in(told: inspect.Type) -> Iterator[inspect.Type]:
    """A type, and those that it is a union or a list of."""
    yield told
    if isinstance(told, inspect.Metadata):
        yield from _types_in(told.type)
    elif isinstance(told, inspect.UnionType):
        for each in told.types:
            yield from _types_in(each)
    elif isinstance(told, inspect.CollectionType):
        yield from _types_in(told.item_type)


def list_doubles(what: str, names: Iterable[str]) -> Iterator[str]:
    """What stands there twice, in sentences."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{what} {name!r} stands there twice"
        seen.add(name)
