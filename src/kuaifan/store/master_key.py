"""The master key of a log (主密钥), kept in a file of its own: wraps the owners' keys.

Whoever has the log without this file can verify it and count, and read nothing personal.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kuaifan.store.draws import Draws
from kuaifan.store.log_error import LogError
from kuaifan.store.suite import STANDARD, SUITES, Suite, get_suite

HEADING: Final = "kuaifan-key-1"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
INNER, OUTER = 0x36, 0x5C
"""What a key is padded with for HMAC (RFC 2104); ours is never longer than a block."""


class KeyedDigest:
    """HMAC under one key (键控摘要), prepared once; lets nobody else in while it counts.

    That of the library lets go of the interpreter for each text, and waits to get it back.
    """

    def __init__(self, key: bytes, hash_name: str) -> None:
        self._inner, self._outer = hashlib.new(hash_name), hashlib.new(hash_name)
        padded = key.ljust(self._inner.block_size, b"\0")
        self._inner.update(bytes(byte ^ INNER for byte in padded))
        self._outer.update(bytes(byte ^ OUTER for byte in padded))

    def digest(self, text: bytes) -> bytes:
        """The HMAC of a text."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(text)
        outer.update(inner.digest())
        return outer.digest()


class MasterKey:
    """Wraps owner keys and keys every digest of a log (主密钥); suite: what seals and links it."""

    def __init__(self, secret: bytes, suite: Suite = STANDARD) -> None:
        self.suite, self._nonces = suite, Draws(NONCE_BYTES)
        self._wrapping = suite.new_cipher(self._derive(secret, b"wrap")[: suite.key_bytes])
        self._lookups = KeyedDigest(self._derive(secret, b"lookups"), suite.hash_name)
        self._snapshots = self._derive(secret, b"snapshots")
        self._signing = self._derive(secret, b"checkpoints")
        self.check = self._derive(secret, b"check").hex()

    def wrap(self, key: bytes, owner: str) -> bytes:
        """Seal an owner's key for storing."""
        nonce = self._nonces.take()
        return nonce + self._wrapping.encrypt(nonce, key, owner.encode())

    def unwrap(self, wrapped: bytes, owner: str) -> bytes:
        """Open a stored owner's key; raises LogError when it is not of this master key."""
        try:
            nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
            return self._wrapping.decrypt(nonce, sealed, owner.encode())
        # Cut to a stump or stored as a text it is no nonce and no bytes.
        except (InvalidTag, ValueError, TypeError):
            raise LogError(
                f"the key of {owner} does not open: the log is damaged or the key file is of "
                "another log; put the right key file back"
            ) from None

    def lookup_digest(self, text: str) -> bytes:
        """Digest a text for searching; case and punctuation do not count."""
        plain = "".join(char for char in text.casefold() if char.isalnum())
        return self._lookups.digest(plain.encode())

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs the checkpoints of the log; its public half may be given away."""
        return Ed25519PrivateKey.from_private_bytes(self._signing)

    def snapshot_mac(self, content: bytes) -> bytes:
        """Authenticate a snapshot: a forged one is not taken for the fold of the log."""
        return hmac.digest(self._snapshots, content, self.suite.hash_name)

    def _derive(self, secret: bytes, purpose: bytes) -> bytes:
        return hmac.digest(secret, b"kuaifan " + purpose, self.suite.hash_name)


def default_key_path(log_path: Path) -> Path:
    """Where the key file of a log lies unless told otherwise."""
    return Path(f"{log_path}.key")


def create_key(path: Path, suite: Suite = STANDARD) -> MasterKey:
    """Write a new random key file that only its owner can read; never over an existing one."""
    secret = os.urandom(KEY_BYTES)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "w", encoding="ascii") as file:
            file.write(f"{_heading(suite)} {secret.hex()}\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        with contextlib.suppress(OSError):
            if not isinstance(error, FileExistsError):
                path.unlink()
        raise LogError(f"key file {path} cannot be written: {error.strerror}") from None
    return MasterKey(secret, suite)


def load_key(path: Path) -> MasterKey:
    """Read a key file."""
    try:
        text = path.read_text("ascii")
    except FileNotFoundError:
        raise LogError(
            f"the log is sealed and its key file {path} is missing; put it back or name it"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise LogError(f"key file {path} cannot be read ({error}); put it back") from None
    heading, _, digits = text.strip().partition(" ")
    try:
        secret = bytes.fromhex(digits)
    except ValueError:
        secret = b""
    names = {_heading(suite): suite.name for suite in SUITES.values()}
    if heading not in names or len(secret) != KEY_BYTES:
        raise LogError(f"{path} is not a Kuaifan key file; name the one made with the log")
    return MasterKey(secret, get_suite(names[heading]))


def _heading(suite: Suite) -> str:
    return HEADING if suite is STANDARD else f"{HEADING}-{suite.name}"
