"""Cipher suites (密码套件): how a log seals and links; chosen when it is made, and for good.

`standard` is AES-256-GCM with SHA-256, `sm` the national one (国密): SM4-GCM (RFC 8998) with SM3.
The suite stands in the log's own account of itself and at the head of its key file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Final, Literal, Protocol

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kuaifan.store.log_error import LogError

SuiteName = Literal["standard", "sm"]
TAG_BYTES: Final = 16


class Aead(Protocol):
    """Seals with what is beside it (认证加密); decrypt raises InvalidTag."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Seal; the tag comes last."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Open what encrypt made."""


class Sm4Gcm:
    """SM4-GCM with a key of 16 bytes, in the shape of AESGCM (国密分组)."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Seal; the tag comes last."""
        running = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        running.authenticate_additional_data(associated_data)
        return running.update(data) + running.finalize() + running.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        """Open; raises InvalidTag, or ValueError for what is shorter than a tag."""
        content, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        running = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        running.authenticate_additional_data(associated_data)
        return running.update(content) + running.finalize()


class Suite(msgspec.Struct, frozen=True):
    """One suite (套件); new_cipher: from a key of key_bytes. hash_name: of chain and digests."""

    name: SuiteName
    hash_name: str
    key_bytes: int
    new_cipher: Callable[[bytes], Aead]


STANDARD: Final = Suite("standard", "sha256", 32, AESGCM)
SM: Final = Suite("sm", "sm3", 16, Sm4Gcm)
SUITES: Final[dict[str, Suite]] = {each.name: each for each in (STANDARD, SM)}


def get_suite(name: str) -> Suite:
    """The suite of a name; raises LogError for one that is not known, or not available here."""
    suite = SUITES.get(name)
    if suite is None:
        raise LogError(f"there is no cipher suite {name!r}: it is {' or '.join(SUITES)}")
    if suite.hash_name not in hashlib.algorithms_available:
        raise LogError(
            f"hash {suite.hash_name!r} is not available here: use a Python whose OpenSSL has it"
        )
    return suite
