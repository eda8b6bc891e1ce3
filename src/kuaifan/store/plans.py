"""What to seal in which struct (封存计划), worked out once per type from the marks in its hints."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final, NamedTuple, TypeVar, get_args, get_type_hints

import msgspec

from kuaifan.kernel.message import Command, Event, Observation
from kuaifan.kernel.personal import Personal, personal_marks

OPEN_HINTS: Final = (msgspec.Struct, Command, Event, Observation, msgspec.Raw, Any, object)
"""Behind these hints anything may stand: only the value itself tells."""


class Plan(NamedTuple):
    """Marked: fields to seal, with their marks. Nested: fields that may hold structs with some.

    marked_own: marked, each with the field of the struct that names its owner, empty for none.
    """

    marked: tuple[tuple[str, Personal], ...]
    nested: tuple[str, ...]
    marked_own: tuple[tuple[str, Personal, str], ...]


@cache
def find_plan(struct: type[msgspec.Struct]) -> Plan | None:
    """Return the plan of a struct type, or None if nothing personal can be in it."""
    hints = get_type_hints(struct, include_extras=True)
    marked = personal_marks(struct)
    names = {name for name, _ in marked}
    nested = tuple(
        name
        for name in struct.__struct_fields__
        if name not in names and any(_holds_personal(part) for part in _parts(hints[name]))
    )
    own = ((name, mark, f"{mark.noun}_id") for name, mark in marked)
    marked_own = tuple(
        (n, mark, own_id if hasattr(struct, own_id) else "") for n, mark, own_id in own
    )
    return Plan(marked, nested, marked_own) if marked or nested else None


@cache
def is_searchable(struct: type[msgspec.Struct]) -> bool:
    """Whether rows of a type have, at any depth, a personal text that they can be found by."""
    return _reaches(struct, set(), _has_lookup)


def _has_lookup(struct: type[msgspec.Struct]) -> bool:
    return any(mark.lookup for _, mark in personal_marks(struct))


def _has_marks(struct: type[msgspec.Struct]) -> bool:
    return bool(personal_marks(struct))


def _holds_personal(part: Any) -> bool:  # noqa: ANN401 - a type hint has no narrower type
    return _is_open(part) or (_is_struct(part) and _reaches(part, set(), _has_marks))


def _reaches(
    struct: type[msgspec.Struct],
    seen: set[type[msgspec.Struct]],
    holds: Callable[[type[msgspec.Struct]], bool],
) -> bool:
    """Whether a struct or anything below it holds; types may contain themselves."""
    if struct in seen:
        return False
    seen.add(struct)
    if holds(struct):
        return True
    hints = get_type_hints(struct, include_extras=True)
    parts = [part for name in struct.__struct_fields__ for part in _parts(hints[name])]
    return any(_is_open(p) or (_is_struct(p) and _reaches(p, seen, holds)) for p in parts)


def _parts(hint: Any) -> Iterator[Any]:  # noqa: ANN401 - a type hint has no narrower type
    yield hint
    for part in get_args(hint):
        yield from _parts(part)


def _is_struct(part: object) -> bool:
    return isinstance(part, type) and issubclass(part, msgspec.Struct)


def _is_open(part: object) -> bool:
    return isinstance(part, TypeVar) or any(part is hint for hint in OPEN_HINTS)
