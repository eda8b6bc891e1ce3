"""Which incidents are sampled (抽样): by a keyed digest, chosen by nobody."""

from __future__ import annotations

import hashlib
import hmac
from functools import lru_cache
from typing import Final

SPAN: Final = 2**64
PERMILLE: Final = 1000


def is_sampled(key: str, day: int, incident_id: str, permille: int) -> bool:
    """Whether an incident is in the sample of a local day, by a keyed digest of both."""
    mac = _keyed(key).copy()
    mac.update(f"sample|{day}|{incident_id}".encode())
    return int.from_bytes(mac.digest()[:8], "big") * PERMILLE < permille * SPAN


@lru_cache(maxsize=4)
def _keyed(key: str) -> hmac.HMAC:
    """The digest as it begins under a key; a city has one at a time."""
    return hmac.new(key.encode(), digestmod=hashlib.sha256)


def sign(key: str, incident_id: str, until_ms: int) -> str:
    """The signature in a link's token: 32 characters that nobody guesses."""
    mac = hmac.new(key.encode(), f"track|{incident_id}|{until_ms}".encode(), hashlib.sha256)
    return mac.hexdigest()[:32]


def make_token(key: str, incident_id: str, until_ms: int) -> str:
    """What stands in the link after /track/: incident, end and signature."""
    return f"{incident_id}.{until_ms:x}.{sign(key, incident_id, until_ms)}"


def read_token(key: str, token: str) -> tuple[str, int] | None:
    """The incident and the end of a token that we signed, or None."""
    incident_id, _, rest = token.partition(".")
    end, _, signature = rest.partition(".")
    try:
        until_ms = int(end, 16)
    except ValueError:
        return None
    expected = sign(key, incident_id, until_ms)
    is_ours = bool(key) and hmac.compare_digest(expected.encode(), signature.encode())
    return (incident_id, until_ms) if is_ours else None
