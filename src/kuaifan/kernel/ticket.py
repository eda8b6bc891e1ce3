"""The slip that a sender waits on (回执): resolved once, when the answer is durable."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kuaifan.kernel.record import Record

Answer = Callable[["Record | None", "BaseException | None"], None]


class Ticket:
    """Carries one record, or the error that kept it from becoming durable (回执)."""

    __slots__ = ("_error", "_is_done", "_listeners", "_lock", "_record")

    def __init__(self) -> None:
        self._is_done = False
        self._lock = threading.Lock()
        self._record: Record | None = None
        self._error: BaseException | None = None
        self._listeners: list[Answer] = []

    def resolve(self, record: Record | None, error: BaseException | None = None) -> None:
        """Give the answer; a second one is ignored (first answer wins)."""
        with self._lock:
            if self._is_done:
                return
            self._record, self._error, self._is_done = record, error, True
            listeners = self._listeners
        for listener in listeners:
            listener(record, error)

    def when_done(self, listener: Answer) -> None:
        """Call back with the answer, at once if it is already there; from the writer's thread."""
        with self._lock:
            if not self._is_done:
                self._listeners.append(listener)
                return
        listener(self._record, self._error)

    def wait(self, timeout_s: float) -> Record | None:
        """Wait for the answer; raises its error, or TimeoutError: the outcome is unknown.

        An observation that led to no record answers None.
        """
        # Made only here: most senders are called back, and an event costs more than the rest.
        done = threading.Event()
        self.when_done(lambda _record, _error: done.set())
        if not done.wait(timeout_s):
            raise TimeoutError("no answer yet: the outcome is unknown, retry with the same key")
        if self._error is not None:
            raise self._error
        return self._record
