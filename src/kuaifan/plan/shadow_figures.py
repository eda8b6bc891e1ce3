"""What a shadow policy would have done (影子策略): counted by priority, never by person.

Beside each recommendation the shadow's first choice is worked out at the same moment; how often
both name the same unit, and how much later or sooner the shadow's would be there, is all that is
kept. Overrides (改选) are counted the same way: orders to a unit outside the team recommended.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec

from kuaifan.board.promise_ledger import wilson

PAIRS: Final = 2
"""One pair has no spread."""


class Tally(msgspec.Struct, kw_only=True):
    """Sums of one kind at one priority (累计); differences in milliseconds, other less first."""

    n: int = 0
    n_same: int = 0
    sum_ms: int = 0
    square_ms: int = 0

    def add(self, *, is_same: bool, difference_ms: int) -> None:
        """Count one moment."""
        self.n += 1
        self.n_same += is_same
        self.sum_ms += difference_ms
        self.square_ms += difference_ms * difference_ms


class ShadowBook(msgspec.Struct, kw_only=True):
    """All that is kept of one shadow beside one policy (影子台账).

    shadow: in words, empty where none ran. recommended, sent: by priority, the shadow against what
    was recommended and against who was sent; chosen: who was sent against the recommendation.
    n_passed: moments at which inputs waited, so that nothing was worked out.
    """

    shadow: str = ""
    since_ms: int = 0
    recommended: dict[int, Tally] = {}
    sent: dict[int, Tally] = {}
    chosen: dict[int, Tally] = {}
    n_passed: int = 0

    def count(self, kind: str, priority: int, *, is_same: bool, difference_ms: int) -> None:
        """Count one moment of a kind."""
        tallies: dict[int, Tally] = getattr(self, kind)
        tally = tallies.setdefault(priority, Tally())
        tally.add(is_same=is_same, difference_ms=difference_ms)


class ShadowRow(msgspec.Struct, frozen=True, kw_only=True):
    """One priority (影子对照行): share of the same choice, and the paired difference in seconds."""

    priority: int
    n: int
    n_same: int
    share: float
    low: float
    high: float
    difference_s: float
    difference_low_s: float | None
    difference_high_s: float | None


class ShadowFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The book as a page shows it (影子对照)."""

    shadow: str
    since_ms: int
    n_passed: int
    recommended: tuple[ShadowRow, ...]
    sent: tuple[ShadowRow, ...]
    chosen: tuple[ShadowRow, ...]


def figures_of(book: ShadowBook) -> ShadowFigures:
    """Shares with Wilson's interval, mean differences with Student's."""
    return ShadowFigures(
        shadow=book.shadow,
        since_ms=book.since_ms,
        n_passed=book.n_passed,
        recommended=_rows(book.recommended),
        sent=_rows(book.sent),
        chosen=_rows(book.chosen),
    )


def _rows(tallies: dict[int, Tally]) -> tuple[ShadowRow, ...]:
    return tuple(_row(priority, tally) for priority, tally in sorted(tallies.items()) if tally.n)


def _row(priority: int, tally: Tally) -> ShadowRow:
    low, high = wilson(tally.n_same, tally.n)
    mean_ms, half_ms = tally.sum_ms / tally.n, _half_ms(tally)
    return ShadowRow(
        priority=priority,
        n=tally.n,
        n_same=tally.n_same,
        share=round(tally.n_same / tally.n, 4),
        low=round(low, 4),
        high=round(high, 4),
        difference_s=round(mean_ms / 1000, 1),
        difference_low_s=None if half_ms is None else round((mean_ms - half_ms) / 1000, 1),
        difference_high_s=None if half_ms is None else round((mean_ms + half_ms) / 1000, 1),
    )


def _half_ms(tally: Tally) -> float | None:
    """Half of the 95 % interval of the mean, None of too few."""
    if tally.n < PAIRS:
        return None
    from scipy.stats import t

    spread = max(0.0, tally.square_ms - tally.sum_ms * tally.sum_ms / tally.n) / (tally.n - 1)
    return float(t.ppf(0.975, tally.n - 1)) * math.sqrt(spread / tally.n)
