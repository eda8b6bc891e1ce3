"""What was never stored need not be asked for (布隆过滤器): a Bloom filter over one column.

Each new owner of a key, and each new idempotency key, would cost the engine a journey to the
database; to a file too, for whoever lets go of the interpreter waits to get it back. The filter is
filled by a thread of its own once the log is open and people are served; until then, and for one
text in 400 afterwards, the database is asked.
"""

from __future__ import annotations

import hashlib
import struct
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Final, Self

from kuaifan.kernel.journal import StorageError
from kuaifan.store.connection import Connection
from kuaifan.store.log_error import STORE_FAULTS

BITS_PER_TEXT: Final = 16
MIN_TEXTS: Final = 1 << 20
WORD_BYTES: Final = 4
N_WORDS: Final = 4
WORDS: Final = struct.Struct(f"<{N_WORDS}I")
AT_ONCE: Final = 500
PAUSE_S: Final = 0.001
"""Nobody who is served waits for the filling: it pauses after so many texts."""


class SeenFilter:
    """Tells at once of most texts that they were never stored (已见过滤); any thread may ask."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._bits = bytearray()
        self._n_bits = 0
        self._waiting: list[str] | None = []

    @classmethod
    def of_nothing(cls) -> Self:
        """Of a log that holds nothing yet: there is nothing to be filled with."""
        seen = cls()
        seen._use(bytearray(BITS_PER_TEXT * MIN_TEXTS >> 3))
        return seen

    @property
    def is_filled(self) -> bool:
        """Whether it tells already."""
        return bool(self._n_bits)

    def may_hold(self, text: str) -> bool:
        """False: it was never stored. True: ask the database."""
        if not self._n_bits:
            return True
        bits = self._bits
        return all(bits[bit >> 3] & (1 << (bit & 7)) for bit in _places(text, self._n_bits))

    def add(self, text: str) -> None:
        """Take in what is being stored."""
        with self._lock:
            if self._n_bits:
                _set_bits(self._bits, _places(text, self._n_bits))
            elif self._waiting is not None:
                self._waiting.append(text)

    def claim(self, text: str) -> bool:
        """Take a text in if it was surely never stored, and say whether it was so."""
        if not self._n_bits:
            return False
        places = _places(text, self._n_bits)
        with self._lock:
            bits, is_new = self._bits, False
            for place in places:
                if not bits[place >> 3] & (1 << (place & 7)):
                    bits[place >> 3] |= 1 << (place & 7)
                    is_new = True
            return is_new

    def fill(
        self, open_reader: Callable[[], Connection], table: str, column: str, *, after_s: float
    ) -> threading.Timer:
        """Take in what is stored already, in the background and after so long.

        Without it every text is asked for; the timer may be cancelled.
        """
        filling = threading.Timer(after_s, self._fill, (open_reader, table, column))
        filling.name, filling.daemon = "log-filter", True
        filling.start()
        return filling

    def _fill(self, open_reader: Callable[[], Connection], table: str, column: str) -> None:
        try:
            with closing(open_reader()) as connection:
                (n_texts,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - ours
                n_bits = BITS_PER_TEXT * max(MIN_TEXTS, 2 * n_texts)
                bits = bytearray(n_bits >> 3)
                stored = connection.scan(f"SELECT {column} FROM {table}")  # noqa: S608 - ours
                for number, (text,) in enumerate(stored):
                    _set_bits(bits, _places(text, n_bits))
                    if number % AT_ONCE == 0:
                        time.sleep(PAUSE_S)
        except (*STORE_FAULTS, StorageError, ValueError):
            # Everything is asked for from now on, so that nothing need be remembered either.
            with self._lock:
                self._waiting = None
            return
        with self._lock:
            for text in self._waiting or ():
                _set_bits(bits, _places(text, n_bits))
            self._use(bits)

    def _use(self, bits: bytearray) -> None:
        self._waiting = None
        self._bits, self._n_bits = bits, len(bits) << 3


def _places(text: str, n_bits: int) -> list[int]:
    digest = hashlib.blake2b(text.encode(), digest_size=WORD_BYTES * N_WORDS).digest()
    return [word % n_bits for word in WORDS.unpack(digest)]


def _set_bits(bits: bytearray, places: list[int]) -> None:
    for place in places:
        bits[place >> 3] |= 1 << (place & 7)
