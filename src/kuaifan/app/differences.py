"""Where two records differ (差异): field by field, and nothing personal in it.

A difference is read by whoever mends the rules, in a terminal or a ticket. That a caller's words
came out otherwise may be said; the words may not: unmasking is a logged input of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Final

import msgspec

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.personal import personal_marks
from kuaifan.kernel.record import Record

MASKED: Final = "■"
ABSENT: Final = "(nothing)"
MAX_VALUE_CHARS: Final = 80
_NOTHING: Final = object()


class FieldDifference(msgspec.Struct, frozen=True):
    """One field that came out otherwise (差异字段); a personal value, or what holds one, is ■."""

    path: str
    recorded: str
    decided: str


def list_differences(recorded: Record, decided: Record, codec: Codec) -> Iterator[FieldDifference]:
    """Yield the fields in which two records differ, in the order of the record."""
    return _Walk(codec).compare("", recorded, decided)


class _Walk:
    """Goes through two values side by side."""

    def __init__(self, codec: Codec) -> None:
        self._codec = codec

    def compare(self, path: str, theirs: object, ours: object) -> Iterator[FieldDifference]:
        theirs, ours = self._opened(theirs), self._opened(ours)
        if isinstance(theirs, msgspec.Struct) and type(theirs) is type(ours):
            yield from self._structs(path, theirs, ours)
        elif isinstance(theirs, list | tuple) and isinstance(ours, list | tuple):
            pairs = zip_longest(theirs, ours, fillvalue=_NOTHING)
            for place, (left, right) in enumerate(pairs):
                yield from self.compare(f"{path}[{place}]", left, right)
        elif isinstance(theirs, Mapping) and isinstance(ours, Mapping):
            for name in {**theirs, **ours}:
                left, right = theirs.get(name, _NOTHING), ours.get(name, _NOTHING)
                yield from self.compare(f"{path}[{_shown(name)}]", left, right)
        elif type(theirs) is not type(ours) or theirs != ours:
            yield FieldDifference(path, _shown(theirs), _shown(ours))

    def _structs(
        self, path: str, theirs: msgspec.Struct, ours: object
    ) -> Iterator[FieldDifference]:
        hidden = {name for name, _ in personal_marks(type(theirs))}
        if isinstance(theirs, Record):
            hidden.add("fault")  # the words of a broken rule may quote what a caller said
        for name in theirs.__struct_fields__:
            inner = f"{path}.{name}" if path else name
            left, right = getattr(theirs, name), getattr(ours, name)
            if name not in hidden:
                yield from self.compare(inner, left, right)
            elif left != right:
                yield FieldDifference(inner, _masked(left), _masked(right))

    def _opened(self, value: object) -> object:
        """A command inside a timer is stored encoded, and may hold something personal."""
        return self._codec.decode_command(value) if isinstance(value, msgspec.Raw) else value


def _masked(value: object) -> str:
    return ABSENT if value is None else MASKED


def _shown(value: Any) -> str:  # noqa: ANN401 - any field
    """Plain values as they are, of anything larger only what it is: who knows what it holds."""
    if value is _NOTHING or value is None:
        return ABSENT
    if isinstance(value, msgspec.Struct | Mapping | list | tuple):
        return type(value).__name__
    text = str(value)
    return text if len(text) <= MAX_VALUE_CHARS else f"{text[:MAX_VALUE_CHARS]}…"
