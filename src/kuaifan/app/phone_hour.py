"""The last hour of the telephone (接听统计): kept beside the log as it becomes durable."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from typing import Final

import msgspec

from kuaifan.app.live import LiveEngine
from kuaifan.board.call_view_rows import CallRow
from kuaifan.board.seat_rows import SeatRow
from kuaifan.kernel.message import Event
from kuaifan.kernel.record import Record
from kuaifan.plan.erlang import Waiting, expect_waiting, load_of, seats_needed
from kuaifan.vocabulary.call import CallAbandoned, CallAnswered, CallEnded, CallRegistered
from kuaifan.vocabulary.lines import CHANNELS
from kuaifan.vocabulary.phone import PhoneEventTaken
from kuaifan.web.desk import PhoneFigures
from kuaifan.web.view_store import ViewStore

WINDOW_MS: Final = 3_600_000
TARGET_MS: Final = 10_000
TARGET_SHARE: Final = 0.9
"""NFPA 1225 (2022): nine of ten calls answered within ten seconds."""
KEPT_MS: Final = 3 * WINDOW_MS
"""A talk that began before the window may end in it."""
PAGES_BACK: Final = (2_000, 20_000, 200_000)
"""So many records are read back at a start, until they hold the window."""
NEWS: Final = (CallRegistered, CallAnswered, CallAbandoned, CallEnded, PhoneEventTaken)
ODD_MARKS: Final = frozenset({"late", "unfit", "unknown_call"})


class Spoken(msgspec.Struct):
    """What became of one call that rang (一通来电)."""

    t0_ms: int
    t2_ms: int = 0
    t3_ms: int = 0
    is_missed: bool = False


class PhoneHour:
    """Calls of the last hour, from durable records (接听统计); any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[str, Spoken] = {}
        self._odd_at_ms: deque[int] = deque()

    def follow(self, live: LiveEngine) -> None:
        """Read the last hour of the log, then go along with it; again after a bad disk."""
        with self._lock:
            self._calls.clear()
            self._odd_at_ms.clear()
        live.journal.listeners.append(self.take)
        self.take(_read_back(live))

    def take(self, records: Iterable[Record]) -> None:
        """Take durable records in their order."""
        with self._lock:
            for record in records:
                for event in record.events:
                    if isinstance(event, NEWS):
                        self._note(event, record.at_ms)

    def figures(self, store: ViewStore, now_ms: int) -> PhoneFigures:
        """What the hour before a moment was, and what its load lets expect."""
        with self._lock:
            self._forget(now_ms - KEPT_MS)
            rang = [each for each in self._calls.values() if each.t0_ms > now_ms - WINDOW_MS]
            n_odd = sum(at_ms > now_ms - WINDOW_MS for at_ms in self._odd_at_ms)
            talks = [each.t3_ms - each.t2_ms for each in rang if each.t2_ms and each.t3_ms]
            waits = [each.t2_ms - each.t0_ms for each in rang if each.t2_ms]
            n_missed = sum(each.is_missed for each in rang)
        return _figures(_Hour(len(rang), waits, talks, n_missed, n_odd), _seats(store))

    def _note(self, event: Event, at_ms: int) -> None:
        if isinstance(event, PhoneEventTaken):
            if event.mark in ODD_MARKS:
                self._odd_at_ms.append(at_ms)
            return
        if isinstance(event, CallRegistered):
            if CHANNELS[event.line].rings and CHANNELS[event.line].is_voice:
                self._calls[event.call_id] = Spoken(at_ms)
            return
        spoken = self._calls.get(getattr(event, "call_id", ""))
        if spoken is None:
            return
        if isinstance(event, CallAnswered):
            spoken.t2_ms = at_ms
        else:
            spoken.t3_ms, spoken.is_missed = at_ms, isinstance(event, CallAbandoned)

    def _forget(self, before_ms: int) -> None:
        for call_id in [key for key, each in self._calls.items() if each.t0_ms < before_ms]:
            del self._calls[call_id]
        while self._odd_at_ms and self._odd_at_ms[0] < before_ms:
            self._odd_at_ms.popleft()


class _Hour(msgspec.Struct, frozen=True):
    n_calls: int
    waits_ms: list[int]
    talks_ms: list[int]
    n_missed: int
    n_odd: int


class _Seats(msgspec.Struct, frozen=True):
    n_on: int
    n_paused: int
    n_ringing: int


def _seats(store: ViewStore) -> _Seats:
    seats = [each.row for each in store.rows("seats").values()]
    n_paused = sum(isinstance(row, SeatRow) and row.state == "paused" for row in seats)
    calls = (each.row for each in store.rows("calls").values())
    n_ringing = sum(isinstance(row, CallRow) and row.state == "ringing" for row in calls)
    return _Seats(len(seats) - n_paused, n_paused, n_ringing)


def _figures(hour: _Hour, seats: _Seats) -> PhoneFigures:
    talk_ms = _mean(hour.talks_ms)
    load = load_of(hour.n_calls * 3_600_000 / WINDOW_MS, talk_ms or 0)
    expected, needed = _expect(load, seats.n_on, talk_ms)
    n_in_target = sum(wait_ms <= TARGET_MS for wait_ms in hour.waits_ms)
    return PhoneFigures(
        window_ms=WINDOW_MS,
        target_ms=TARGET_MS,
        target_share=TARGET_SHARE,
        n_ringing=seats.n_ringing,
        n_calls=hour.n_calls,
        n_answered=len(hour.waits_ms),
        n_missed=hour.n_missed,
        in_target_share=n_in_target / len(hour.waits_ms) if hour.waits_ms else None,
        mean_wait_ms=_mean(hour.waits_ms),
        mean_talk_ms=talk_ms,
        load=round(load, 3),
        n_seats_on=seats.n_on,
        n_seats_paused=seats.n_paused,
        expected_in_target_share=expected.in_target_share if expected else None,
        expected_mean_wait_ms=expected.mean_wait_ms if expected else None,
        seats_needed=needed,
        n_odd_events=hour.n_odd,
    )


def _expect(load: float, n_seats: int, talk_ms: int | None) -> tuple[Waiting | None, int | None]:
    """Nothing without a talk to go by."""
    if not talk_ms:
        return None, None
    needed = seats_needed(load, mean_talk_ms=talk_ms, target_ms=TARGET_MS, share=TARGET_SHARE)
    return expect_waiting(load, n_seats, mean_talk_ms=talk_ms, target_ms=TARGET_MS), needed


def _mean(values: list[int]) -> int | None:
    return round(sum(values) / len(values)) if values else None


def _read_back(live: LiveEngine) -> list[Record]:
    """Records of the last hour; a log that is far behind it is not read to its beginning."""
    head = live.engine.state.head
    since_ms = head.at_ms - WINDOW_MS
    with live.journal.open_reader() as reader:
        durable_seq = reader.head().seq
        for n_back in PAGES_BACK:
            after_seq = max(0, durable_seq - n_back)
            first = reader.get_record(after_seq) if after_seq else None
            if first is None or first.at_ms < since_ms or n_back == PAGES_BACK[-1]:
                return [r for r in reader.read_records(after_seq) if r.at_ms >= since_ms]
    return []
