"""Random nonces, drawn many at a time (随机数): each is handed out once, to whatever thread.

To ask the system for each lets go of the interpreter, and whoever decides waits to get it back.
"""

from __future__ import annotations

import os
from collections import deque
from typing import Final

from kuaifan.store.master_key import NONCE_BYTES

N_DRAWN: Final = 256


class Nonces:
    """Hands out nonces (随机数发放); never kept over a fork."""

    def __init__(self) -> None:
        self._drawn: deque[bytes] = deque()

    def take(self) -> bytes:
        """The next one."""
        while True:
            try:
                return self._drawn.popleft()
            except IndexError:
                self._draw()

    def _draw(self) -> None:
        drawn = os.urandom(NONCE_BYTES * N_DRAWN)
        self._drawn.extend(
            drawn[start : start + NONCE_BYTES] for start in range(0, len(drawn), NONCE_BYTES)
        )
