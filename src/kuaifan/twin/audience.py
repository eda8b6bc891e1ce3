"""Who is told of which record (听众): only those who do something upon an event that is in it.

A record has a few events, half of them timers, and a dozen people would look through each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record

MAX_KINDS: Final = 10_000
"""Different rows of events that are remembered; they depend on the program alone."""
LONGEST: Final = 40
"""A longer row of events is seldom met twice."""
WHOLE: Final = -1
"""In place of the number of an event: the record as a whole."""

Act = Callable[[Any, int], None]
"""What somebody does upon an event, and when."""
Told = tuple[int, Callable[..., None]]
"""Which event of a record somebody is told of, or the whole, and what he does then."""


class Person(Protocol):
    """Somebody who follows the records (听者).

    One with `hears`, the kinds of events that it does anything upon, is told of no other record;
    one without is told of all. What came to nothing is told to who has `refused`, a method too.
    """

    def follow(self, record: Record) -> None:
        """Do what the record asks."""


class Hearer:
    """Somebody who looks at nothing of a record but single events (逐事听者).

    acts: what it does upon which kind; an audience tells it of the event itself.
    """

    def __init__(self, acts: Mapping[type[Event], Act]) -> None:
        self.acts = acts

    def follow(self, record: Record) -> None:
        """Do what the record asks, event by event."""
        if not record.events:
            self.refused(record)
        for event in record.events:
            act = self.acts.get(type(event))
            if act is not None:
                act(event, record.at_ms)

    def refused(self, record: Record) -> None:
        """What somebody asked for was refused, or a rule broke; most do not mind."""


class Audience:
    """Tells each record to whom it concerns, in the order in which they are named (听众)."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._people = people
        self._of_kinds: dict[tuple[type[Event], ...], tuple[Told, ...]] = {}
        self._of_nothing = [told for person in people for told in _told_of_nothing(person)]

    def follow(self, record: Record) -> None:
        """Tell those concerned."""
        self.tell(record, tuple(map(type, record.events)))

    def tell(self, record: Record, kinds: tuple[type[Event], ...]) -> None:
        """Tell those concerned; kinds: of its events, in their order."""
        if not kinds:
            for tell in self._of_nothing:
                tell(record)
            return
        concerned = self._of_kinds.get(kinds)
        if concerned is None:
            concerned = self._find(kinds)
        events, at_ms = record.events, record.at_ms
        for event_i, act in concerned:
            if event_i < 0:
                act(record)
            else:
                act(events[event_i], at_ms)

    def _find(self, kinds: tuple[type[Event], ...]) -> tuple[Told, ...]:
        found = tuple(each for person in self._people for each in _told_of(person, kinds))
        if len(self._of_kinds) < MAX_KINDS and len(kinds) <= LONGEST:
            self._of_kinds[kinds] = found
        return found


def _told_of(person: Person, kinds: tuple[type[Event], ...]) -> Iterator[Told]:
    """What a person is told of such a row of events: each that it acts upon, or the record."""
    if isinstance(person, Hearer):
        yield from ((i, person.acts[kind]) for i, kind in enumerate(kinds) if kind in person.acts)
        return
    hears: Collection[type[Event]] | None = getattr(person, "hears", None)
    if hears is None or any(kind in hears for kind in kinds):
        yield WHOLE, person.follow


def _told_of_nothing(person: Person) -> Iterator[Callable[[Record], None]]:
    """How a person is told of a record without events, if it wants to know."""
    if isinstance(person, Hearer) or hasattr(person, "hears"):
        refused = getattr(person, "refused", None)
        if refused is not None and getattr(type(person), "refused", None) is not Hearer.refused:
            yield refused
    else:
        yield person.follow
