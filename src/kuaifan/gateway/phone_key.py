"""The secret that a telephone system signs with (话机密钥): HMAC-SHA256 of the body."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path
from typing import Final

from kuaifan.kernel.errors import BadInputError

HEADER: Final = "x-kuaifan-signature"
PREFIX: Final = "sha256="
MIN_KEY_BYTES: Final = 16
MAX_KEY_BYTES: Final = 4_096


def read_key(file: Path) -> bytes:
    """Return the key in a file, without white space around it; raises BadInputError."""
    try:
        key = file.read_bytes()[: MAX_KEY_BYTES + 1].strip()
    except OSError as error:
        raise BadInputError(f"the key file {file} cannot be read: {error.strerror}") from error
    return check_key(key, str(file))


def check_key(key: bytes, where: str) -> bytes:
    """Return a key that is long enough; raises BadInputError for one that can be guessed."""
    if not MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES:
        raise BadInputError(
            f"the key in {where} has {len(key)} bytes; make one of {MIN_KEY_BYTES} or more, "
            "such as `openssl rand -hex 32`"
        )
    return key


def sign(key: bytes, body: bytes) -> str:
    """The header's value for a body."""
    return PREFIX + hmac.new(key, body, hashlib.sha256).hexdigest()


def is_signed(key: bytes, body: bytes, signature: str) -> bool:
    """Whether a body was signed with the key; takes as long for a wrong one as for a right one."""
    return hmac.compare_digest(sign(key, body).encode(), signature.strip().encode())
