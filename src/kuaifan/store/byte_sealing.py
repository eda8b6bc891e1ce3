"""Sealing of bytes that are no texts (封存字节): under the key of an owner, see suite.

A piece is the key's number, a random nonce and the content; `about` says what the piece is, so
that no piece can stand in another's place. Destroying the owner's key makes all of them noise.
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag

from kuaifan.store.keyring import KeyRing
from kuaifan.store.log_error import LogError
from kuaifan.store.master_key import NONCE_BYTES

KEY_NO_BYTES: Final = 8
TAG_BYTES: Final = 16
OVERHEAD_BYTES: Final = KEY_NO_BYTES + NONCE_BYTES + TAG_BYTES
"""How much longer a sealed piece is than its content."""


class ByteSealer:
    """Seals and opens pieces of bytes (字节封存器); any thread may ask."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring

    def seal(self, owner: str, content: bytes, about: str) -> bytes | None:
        """Seal content under an owner's key, None where that was destroyed.

        The key of an owner new to the log is durable with the next item that is written to it.
        """
        key = self._ring.key_for(owner)
        if key is None:
            return None
        nonce, number = os.urandom(NONCE_BYTES), key.key_no.to_bytes(KEY_NO_BYTES, "big")
        return number + nonce + key.cipher.encrypt(nonce, content, number + about.encode())

    def open(self, piece: bytes, about: str) -> bytes | None:
        """Open a piece, None where its key was destroyed; raises LogError for a damaged one."""
        number, rest = piece[:KEY_NO_BYTES], piece[KEY_NO_BYTES:]
        cipher = self._ring.find_cipher(int.from_bytes(number, "big"))
        if cipher is None:
            return None
        try:
            nonce, content = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
            return cipher.decrypt(nonce, content, number + about.encode())
        except (InvalidTag, ValueError):
            raise LogError(f"{about} does not open: its file is damaged") from None
