"""The second factor (两步验证): time-based codes of RFC 6238, and recovery codes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final
from urllib.parse import quote

STEP_S: Final = 30
DIGITS: Final = 6
SECRET_BYTES: Final = 20
DRIFT_STEPS: Final = 1
"""A phone may be half a minute off, either way."""
N_CODES: Final = 10
CODE_BYTES: Final = 10


def new_secret() -> bytes:
    """A secret for a phone: 160 random bits."""
    return secrets.token_bytes(SECRET_BYTES)


def code_at(secret: bytes, step: int) -> str:
    """The code of a time step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def find_step(secret: bytes, code: str, *, now_ms: int, last_step: int) -> int | None:
    """The step whose code this is, None if none is near; a code is good once: after last_step."""
    now = now_ms // 1_000 // STEP_S
    found = None
    for step in range(now - DRIFT_STEPS, now + DRIFT_STEPS + 1):
        is_it = hmac.compare_digest(code_at(secret, step).encode(), code.encode())
        if is_it and step > last_step:
            found = step
    return found


def uri_of(secret: bytes, name: str, issuer: str) -> str:
    """What a phone's authenticator reads (otpauth)."""
    whose = f"{quote(issuer)}:{quote(name)}"
    return f"otpauth://totp/{whose}?secret={text_of(secret)}&issuer={quote(issuer)}"


def text_of(secret: bytes) -> str:
    """The secret as it is typed into a phone."""
    return base64.b32encode(secret).decode().rstrip("=")


def new_codes() -> list[str]:
    """Recovery codes, each good once."""
    made = (base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode() for _ in range(N_CODES))
    return [f"{code[:8]}-{code[8:]}".lower() for code in made]


def code_hash(code: str) -> str:
    """What is kept of a recovery code; spaces, dashes and case do not count."""
    plain = "".join(char for char in code.casefold() if char.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
