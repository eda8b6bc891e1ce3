"""Idempotency keys as stored (幂等键): each is its sender's own, whoever else hits on the same.

The first sender of a key has it as it came, as in logs of old; another one has it under its name.
"""

from __future__ import annotations

from typing import Any

from kuaifan.store.connection import Connection

FIND_SEQ = "SELECT seq FROM keys WHERE key IN (?, ?)"


def names_of(actor: str, key: str) -> tuple[str, str]:
    """Both names that a sender's key may be stored under; no key and no actor has a line break."""
    return key, f"{actor}\n{key}"


def store_taken(connection: Connection, keyed: list[tuple[str, str, int]]) -> None:
    """Store keys (actor, key, seq) whose plain name another sender has; none that is stored."""
    for actor, key, seq in keyed:
        names = names_of(actor, key)
        if not is_stored(connection, names, seq):
            connection.insert_new("keys", [(names[1], seq)])


def is_stored(connection: Connection, names: tuple[str, str], seq: int) -> bool:
    """Whether a key leads to the record it came with."""
    lines: Any = connection.execute(FIND_SEQ, names).fetchall()
    return (seq,) in lines
