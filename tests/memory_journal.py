"""A journal in memory (内存日志): for tests, rehearsals and replays that keep no file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from kuaifan.kernel.engine import replay_state
from kuaifan.kernel.journal import State
from kuaifan.kernel.record import Record, Sighting
from kuaifan.kernel.rulebook import BoardLike, Row, Rulebook
from kuaifan.kernel.ticket import Ticket

B = TypeVar("B", bound=BoardLike)


class MemoryJournal(Generic[B]):
    """Keeps records and sightings in input order; durable the moment they are appended."""

    def __init__(self) -> None:
        self.items: list[Record | Sighting] = []
        self._by_key: dict[tuple[str, str], Record] = {}

    @property
    def records(self) -> list[Record]:
        """The records alone, in order."""
        return [item for item in self.items if isinstance(item, Record)]

    def append(self, record: Record, rows: list[Row], ticket: Ticket | None) -> None:  # noqa: ARG002 - the read tables are the board itself
        """Keep a record and answer at once."""
        self.items.append(record)
        if record.key is not None:
            self._by_key[record.actor, record.key] = record
        if ticket is not None:
            ticket.resolve(record)

    def append_sighting(self, sighting: Sighting) -> None:
        """Keep an observation."""
        self.items.append(sighting)

    def answer(self, ticket: Ticket, record: Record | None) -> None:
        """Answer at once."""
        ticket.resolve(record)

    def find_record(self, actor: str, key: str) -> Record | None:
        """Return the record of a sender's key."""
        return self._by_key.get((actor, key))

    def flush(self) -> None:
        """Nothing waits."""

    def renew_rows(self, rows_of: Callable[[Record], list[Row]]) -> None:
        """The read tables are the board itself."""

    def restore(self, rules: Rulebook[B], new_board: Callable[[], B]) -> State[B]:
        """Fold everything kept so far into a new board."""
        return replay_state(State(new_board()), rules, self.items)
