"""The contract between the engine and what keeps its records (日志契约)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

import msgspec

from kuaifan.kernel.record import Record, Sighting
from kuaifan.kernel.rulebook import BoardLike, Row
from kuaifan.kernel.ticket import Ticket
from kuaifan.kernel.timers import Timers

B = TypeVar("B", bound=BoardLike)


class Head(msgspec.Struct):
    """How far the log has come (日志头)."""

    seq: int = 0
    input_no: int = 0
    at_ms: int = 0


class State(Generic[B]):
    """Everything that is folded from the log (状态): board, timers, head.

    n_folded: records and sightings that were folded to bring it back.
    """

    def __init__(self, board: B, timers: Timers | None = None, head: Head | None = None) -> None:
        self.board = board
        self.timers = Timers() if timers is None else timers
        self.head = Head() if head is None else head
        self.n_folded = 0


class Journal(Protocol):
    """Keeps records and observations durably and in the order given (日志).

    Implementations may group; they resolve a ticket only after its record and everything before
    it is durable. After a failed write they raise StorageError on every later call.
    """

    def append(self, record: Record, rows: list[Row], ticket: Ticket | None) -> None:
        """Keep a record with the images for the read tables."""

    def append_sighting(self, sighting: Sighting) -> None:
        """Keep an observation; it is durable with the next record or flush.

        Never without the record that it leads to: the next item, if that has its input_no.
        """

    def answer(self, ticket: Ticket, record: Record | None) -> None:
        """Answer a ticket without a new record, once everything appended so far is durable."""

    def find_record(self, actor: str, key: str) -> Record | None:
        """Return the record of an idempotency key, or None; each sender has keys of its own."""

    def flush(self) -> None:
        """Wait until everything appended is durable."""

    def renew_rows(self, rows_of: Callable[[Record], list[Row]]) -> None:
        """A rule broke, and the board is another: rows that are not stored yet are to be its own.

        Called after each record with a fault, before the next one.
        """


class StorageError(RuntimeError):
    """The disk or database refused; what was not acknowledged is unknown (存储故障)."""
