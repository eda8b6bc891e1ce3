"""The latest durable rows in memory (视图存储): what every screen is shown, and nothing sooner.

The engine's thread hands in what it built, the log's writer says how far it is durable; only then
it is shown. A request reads here and never touches the board. The last changes are kept in a
ring, so that a stream that was cut goes on where it stopped.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import msgspec

from kuaifan.board.touched import ViewKey
from kuaifan.board.view_rows import VIEW_NAMES, ViewName
from kuaifan.board.views import Change, Shown

MAX_KEPT: Final = 20_000
"""Entries in the ring; a stream that is further behind begins anew."""


class Cursor(NamedTuple):
    """How far a screen has seen (游标): a record, and what changed after it without one.

    Circles move with positions and alarms with time: such changes are numbered within the record
    before them.
    """

    seq: int
    sub: int = 0

    def __str__(self) -> str:
        return f"{self.seq}-{self.sub}" if self.sub else str(self.seq)


class Entry(msgspec.Struct, frozen=True):
    """What one record, one batch of positions or a moment changed (变化条目)."""

    cursor: Cursor
    at_ms: int
    changes: tuple[Change, ...]


class Positions(msgspec.Struct, frozen=True):
    """Markers of all units on duty (定位); parallel columns, latest only."""

    at_ms: int
    unit_ids: tuple[str, ...] = ()
    lat: tuple[float, ...] = ()
    lon: tuple[float, ...] = ()
    heading_deg: tuple[int, ...] = ()
    speed_mps: tuple[float, ...] = ()
    fix_at_ms: tuple[int, ...] = ()


Rows = dict[ViewName, dict[str, Shown]]


class ViewStore:
    """Rows, ring and positions (视图存储); every method may be called from any thread.

    on_change: called, on whatever thread, when there is something new to show.
    """

    def __init__(self, max_kept: int = MAX_KEPT) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self.positions = Positions(0)
        self._lock = threading.Lock()
        self._max_kept = max_kept
        self._rows: Rows = {view: {} for view in VIEW_NAMES}
        self._ring: deque[Entry] = deque()
        self._waiting: deque[Entry] = deque()
        self._cursor = self._floor = Cursor(0)
        self._built = self._born = Cursor(0)
        self._at_ms = self._built_at_ms = self._durable_seq = 0
        self._is_loaded = False
        self._waiters: list[tuple[int, Callable[[], None]]] = []

    @property
    def cursor(self) -> Cursor:
        """What is shown now."""
        return self._cursor

    @property
    def at_ms(self) -> int:
        """Time of what is shown now."""
        return self._at_ms

    def load(self, rows: Mapping[ViewKey, Shown], *, seq: int, at_ms: int) -> None:
        """Take a whole snapshot: at the start, or after the board was rebuilt from the log.

        What was built and not durable is dropped; what differs from what is shown is one entry.
        """
        with self._lock:
            self._waiting.clear()
            self._durable_seq = max(self._durable_seq, seq)
            if self._is_loaded:
                sub = self._cursor.sub + 1 if seq == self._cursor.seq else 0
                # A moment that was shown may be later than the last record: time never goes back.
                at_ms = max(at_ms, self._at_ms)
                self._built, self._built_at_ms = Cursor(seq, sub), at_ms
                self._waiting.append(Entry(self._built, at_ms, self._difference(rows)))
                self._show()
            else:
                self._cursor = self._floor = self._built = Cursor(seq)
                self._born = Cursor(seq + 1)
                self._at_ms = self._built_at_ms = at_ms
                self._is_loaded = True
                for (view, key), shown in rows.items():
                    self._rows[view][key] = shown
        self._tell()

    def built(self, seq: int | None, at_ms: int, changes: list[Change]) -> None:
        """Take what changed; it is shown once the record is durable.

        seq: of the record that made it, None where none did: it follows the record before. at_ms:
        a timer's record has the time it was due at, and a moment after that may have been shown.
        """
        with self._lock:
            at_ms = self._built_at_ms = max(at_ms, self._built_at_ms)
            last = self._built
            self._built = Cursor(last.seq, last.sub + 1) if seq is None else Cursor(seq)
            self._waiting.append(Entry(self._built, at_ms, tuple(changes)))
            is_shown = self._show()
        if is_shown:
            self._tell()

    def settle(self, seq: int) -> None:
        """Records up to this one are durable."""
        with self._lock:
            self._durable_seq = max(self._durable_seq, seq)
            is_shown = self._show()
        if is_shown:
            self._tell()

    def when_shown(self, seq: int, call: Callable[[], None]) -> None:
        """Call back once a record is shown, at once if it is; on whatever thread shows it."""
        with self._lock:
            if self._cursor.seq < seq:
                self._waiters.append((seq, call))
                return
        call()

    def move(self, positions: Positions) -> None:
        """Take the markers of now; older ones are forgotten."""
        self.positions = positions

    def rows(self, view: ViewName) -> dict[str, Shown]:
        """A copy of one view."""
        with self._lock:
            return dict(self._rows[view])

    def find(self, view: ViewName, key: str) -> Shown | None:
        """One row, or None."""
        return self._rows[view].get(key)

    def snapshot(self) -> tuple[Cursor, Rows]:
        """A copy of all views and how far they are, of one moment."""
        with self._lock:
            return self._cursor, {view: dict(rows) for view, rows in self._rows.items()}

    def find_missed(self, cursor: Cursor) -> list[Entry] | None:
        """Entries after a cursor that a screen brings; None where it has to begin anew.

        What it saw in an earlier life of the desk ends with a record of that life: positions and
        moments after it were never written down, so their numbers mean nothing in this one.
        """
        return None if cursor < self._born else self.find_since(cursor)

    def find_since(self, cursor: Cursor) -> list[Entry] | None:
        """Entries after a cursor of this life; None where they are gone, or of another log."""
        with self._lock:
            if cursor < self._floor or cursor > self._cursor:
                return None
            # From the end: a stream is seldom far behind.
            found: list[Entry] = []
            for entry in reversed(self._ring):
                if entry.cursor <= cursor:
                    break
                found.append(entry)
        found.reverse()
        return found

    def _difference(self, rows: Mapping[ViewKey, Shown]) -> tuple[Change, ...]:
        shown = {(view, key): row for view in VIEW_NAMES for key, row in self._rows[view].items()}
        keys = dict.fromkeys([*shown, *rows])
        pairs = ((view_key, shown.get(view_key), rows.get(view_key)) for view_key in keys)
        return tuple(
            Change(view, key, before, after)
            for (view, key), before, after in pairs
            if before != after
        )

    def _tell(self) -> None:
        with self._lock:
            shown_seq, waiters = self._cursor.seq, self._waiters
            self._waiters = [pair for pair in waiters if pair[0] > shown_seq]
        for seq, call in waiters:
            if seq <= shown_seq:
                call()
        self.on_change()

    def _show(self) -> bool:
        is_shown = False
        while self._waiting and self._waiting[0].cursor.seq <= self._durable_seq:
            entry = self._waiting.popleft()
            for change in entry.changes:
                rows = self._rows[change.view]
                if change.after is None:
                    rows.pop(change.key, None)
                else:
                    rows[change.key] = change.after
            self._ring.append(entry)
            if len(self._ring) > self._max_kept:
                self._floor = self._ring.popleft().cursor
            self._cursor, self._at_ms = entry.cursor, entry.at_ms
            is_shown = True
        return is_shown
