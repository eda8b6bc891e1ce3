"""Ends a connection whose server does not answer (应答看守): a commit may wait for ever.

A primary whose synchronous standby is gone holds each commit until there is one again, and a server
that is stopped but not dead holds everything. Neither is an error of the connection. After LIMIT_S
the socket is shut from here: what was asked is unknown, and is said to be.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from typing import Final

LIMIT_S: Final = 5.0
LOOK_EVERY_S: Final = 0.5


class AnswerWatch:
    """Watches the connection that writes (应答看守); its thread ends with `stop`.

    fd: of the connection's socket, which stays open until `stop`.
    """

    def __init__(self, fd: int) -> None:
        self.has_fired = False
        self._fd = fd
        self._armed_s: float | None = None
        self._is_over = threading.Event()
        threading.Thread(target=self._look, name="answer-watch", daemon=True).start()

    @contextlib.contextmanager
    def waiting(self) -> Iterator[None]:
        """What is asked within must be answered in time."""
        self._armed_s = time.monotonic()
        try:
            yield
        finally:
            self._armed_s = None

    def stop(self) -> None:
        """Watch no more; before the socket is closed."""
        self._is_over.set()

    def _look(self) -> None:
        while not self._is_over.wait(LOOK_EVERY_S):
            armed_s = self._armed_s
            if armed_s is not None and time.monotonic() - armed_s > LIMIT_S:
                self.has_fired = True
                self._shut()
                return

    def _shut(self) -> None:
        """Wake whoever waits; the socket itself is closed by its owner."""
        with contextlib.suppress(OSError), socket.socket(fileno=os.dup(self._fd)) as shut:
            shut.shutdown(socket.SHUT_RDWR)
