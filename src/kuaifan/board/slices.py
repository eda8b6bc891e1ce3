"""The special seats' own parts of the board (专席分态): one struct each, saved with the rest.

A seat that keeps something declares `SLICE`, a struct whose fields all have defaults. What is
personal in it carries its mark, so that a snapshot seals it text by text as everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeVar

import msgspec

NO_SLICES: Final[Mapping[str, type[msgspec.Struct]]] = MappingProxyType({})
S = TypeVar("S", bound=msgspec.Struct)


class Slices(msgspec.Struct):
    """The slices of a snapshot, a field for each seat (专席分态集); without seats it is empty."""


def make_slices_type(kinds: Mapping[str, type[msgspec.Struct]]) -> type[Slices]:
    """The type that holds one slice of each seat, by its id."""
    return _slices_type(tuple(sorted(kinds.items(), key=lambda each: each[0])))


@cache
def make_snapshot_type(base: type[S], slices_type: type[Slices]) -> type[S]:
    """The snapshot's type where its `slices` are of such a type; its own where there are none."""
    if slices_type is Slices:
        return base
    field = ("slices", slices_type, msgspec.field(default_factory=slices_type))
    made: Any = msgspec.defstruct(base.__name__, [field], bases=(base,), frozen=True)
    own: type[S] = made
    return own


@cache
def _slices_type(kinds: tuple[tuple[str, type[msgspec.Struct]], ...]) -> type[Slices]:
    if not kinds:
        return Slices
    fields = [(seat_id, kind, msgspec.field(default_factory=kind)) for seat_id, kind in kinds]
    made: Any = msgspec.defstruct("SeatSlices", fields, bases=(Slices,))
    own: type[Slices] = made
    return own
