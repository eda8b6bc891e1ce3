"""Who is told of which record (听众): only those who do something upon an event that is in it.

A record has a few events, half of them timers, and a dozen people would look through each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final, Protocol

from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record

MAX_KINDS: Final = 10_000
"""Different sets of events that are remembered."""

Follow = Callable[[Record], None]


class Person(Protocol):
    """Somebody who follows the records (听者).

    One with `hears`, the kinds of events that it does anything upon, is told of no other record;
    one without is told of all, refusals too.
    """

    def follow(self, record: Record) -> None:
        """Do what the record asks."""


class Audience:
    """Tells each record to whom it concerns, in the order in which they are named (听众)."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._people: list[tuple[Follow, Collection[type[Event]] | None]] = [
            (person.follow, getattr(person, "hears", None)) for person in people
        ]
        self._of_kinds: dict[frozenset[type[Event]], tuple[Follow, ...]] = {}

    def follow(self, record: Record) -> None:
        """Tell those concerned."""
        kinds = frozenset(map(type, record.events))
        concerned = self._of_kinds.get(kinds)
        if concerned is None:
            concerned = self._find(kinds)
        for follow in concerned:
            follow(record)

    def _find(self, kinds: frozenset[type[Event]]) -> tuple[Follow, ...]:
        found = tuple(
            follow
            for follow, hears in self._people
            if hears is None or any(kind in hears for kind in kinds)
        )
        if len(self._of_kinds) < MAX_KINDS:
            self._of_kinds[kinds] = found
        return found
