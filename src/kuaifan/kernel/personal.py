"""Marks for personal data (个人信息标记): which fields are sealed, and under whose key.

A field is marked in its type: `caller_number: Annotated[str, Personal("call")]`. The owner is the
value of the struct's own `<noun>_id` field, or, where the id is not known yet (a command that is
about to create it), of the first event of the same record that has one.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

import msgspec


class Personal(msgspec.Struct, frozen=True):
    """Marks a text field as personal data of a call, incident, case or register (个人信息).

    lookup: whether rows of the read tables can be found by this text (a caller's number); the
    store then keeps a keyed digest of it beside the sealed row. via: a field of the same struct
    whose id begins with the owner's and a dash, where nothing names the owner itself. codes: texts
    of ours that a person can choose instead of words; they are neither sealed nor masked.
    """

    noun: str
    lookup: bool = False
    via: str = ""
    codes: frozenset[str] = frozenset()

    def covers(self, value: object) -> bool:
        """Whether a value of the field is personal: it says something, and is no code of ours."""
        return bool(value) and not (isinstance(value, str) and value in self.codes)


class Erased(str):
    """The text of a personal field whose key has been destroyed (已销毁)."""

    __slots__ = ()


ERASED: Final = Erased("■已销毁")


@cache
def personal_marks(struct: type[msgspec.Struct]) -> tuple[tuple[str, Personal], ...]:
    """List (field name, mark) of every personal field of a struct type."""
    hints = get_type_hints(struct, include_extras=True)
    return tuple(
        (name, mark)
        for name in struct.__struct_fields__
        if (mark := _find_mark(hints[name])) is not None
    )


def personal_fields(struct: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    """List (field name, owner noun) of every personal field of a struct type."""
    return tuple((name, mark.noun) for name, mark in personal_marks(struct))


@cache
def _has(kind: type[msgspec.Struct], name: str) -> bool:
    """Whether a struct names such an owner, as a field or as a property."""
    return hasattr(kind, name)


def find_owner_id(value: msgspec.Struct, noun: str) -> str | None:
    """Owner of a struct's personal fields of one noun, or None if it does not know yet."""
    name = f"{noun}_id"
    # Most have no such field, and to be asked for one that is not there is what costs.
    owner = getattr(value, name) if _has(type(value), name) else None
    return owner if isinstance(owner, str) and owner else None


def find_prefix_owner_id(value: msgspec.Struct, mark: Personal) -> str | None:
    """Owner of a struct's field by the id that its mark goes via, or None."""
    text = getattr(value, mark.via, None) if mark.via else None
    owner_id = text.rpartition("-")[0] if isinstance(text, str) else ""
    return owner_id or None


def is_erased(text: str) -> bool:
    """Whether a personal text has been erased; erased texts are shown, never compared."""
    return isinstance(text, Erased) or text == ERASED


def _find_mark(hint: Any) -> Personal | None:  # noqa: ANN401 - a type hint has no narrower type
    if get_origin(hint) is Annotated:
        for extra in get_args(hint)[1:]:
            if isinstance(extra, Personal):
                return extra
    for part in get_args(hint):
        mark = _find_mark(part)
        if mark is not None:
            return mark
    return None
