"""Random bytes, drawn many at a time (随机数): each piece is handed out once, to whatever thread.

To ask the system for each lets go of the interpreter, and whoever decides waits to get it back.
"""

from __future__ import annotations

import os
from collections import deque
from typing import Final

N_DRAWN: Final = 256


class Draws:
    """Hands out pieces of so many random bytes (随机数发放); never kept over a fork."""

    def __init__(self, n_bytes: int) -> None:
        self._n_bytes = n_bytes
        self._drawn: deque[bytes] = deque()

    def take(self) -> bytes:
        """The next one."""
        while True:
            try:
                return self._drawn.popleft()
            except IndexError:
                self._draw()

    def _draw(self) -> None:
        n_bytes = self._n_bytes
        drawn = os.urandom(n_bytes * N_DRAWN)
        self._drawn.extend(drawn[at : at + n_bytes] for at in range(0, len(drawn), n_bytes))
