"""What is past for an outbox (外发往事): wished for while it did not run, and long ago.

A desk that told nobody for months and is given a receiver now must not tell it of those months,
nor fill the list with them. But what was wished for while the outbox ran is told, or handed to a
person, however late that is. Whether it ran is what the log says: a start of the engine begins a
run, a note of the outbox says that it runs in it. The age of the last note says nothing: a quiet
desk writes none.
"""

from __future__ import annotations

from typing import Final

from kuaifan.board.outbox import OutboxPapers
from kuaifan.kernel.message import EngineStarted
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.outbox import DeliveryNoted

FORGET_MS: Final = 24 * 3_600_000
"""What was wished for so long ago, while no outbox ran, is past."""


class Past:
    """Follows the runs in the log as it is read (外发往事); papers: as this process found them."""

    def __init__(self, papers: OutboxPapers) -> None:
        self._ran_in_it = True
        self._noted_at_ms = papers.noted_at_ms
        self._is_asked = any(each.state == "repeated" for each in papers.letters.values())

    def follow(self, record: Record) -> None:
        """The next record of the log."""
        for event in record.events:
            if isinstance(event, EngineStarted):
                self._ran_in_it = False
            elif isinstance(event, DeliveryNoted):
                self._ran_in_it = True

    def is_over(self, at_ms: int, now_ms: int) -> bool:
        """Whether a wish of the record that came last is past."""
        return not self._ran_in_it and now_ms - at_ms > FORGET_MS

    def may_skip(self, at_ms: int, now_ms: int) -> bool:
        """Whether all up to the last day need not be read, from a record of this time on.

        After the last note no run had an outbox. What a person asked for again is looked for.
        """
        return not self._is_asked and at_ms > self._noted_at_ms and self.is_over(at_ms, now_ms)
