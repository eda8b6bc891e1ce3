"""Erasure (销毁): the key of an owner is destroyed, and with it every text sealed under it.

The texts lie in records, rows and snapshots and stay there, unreadable: the chain goes on
covering the stored bytes. In SQLite secure_delete overwrites the key in its page with zeros;
folding the WAL back and cutting it to nothing removes the copy in there. Keys are appended and
never move to another page, so no stale copy is left behind and no VACUUM of the log is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from kuaifan.store.connection import Connection
from kuaifan.store.erasure_register import name_key, note_erased, read_register
from kuaifan.store.keys_digest import store_change


class Erasure(msgspec.Struct, frozen=True):
    """What an erasure did (销毁结果).

    is_wal_clean: the old key is gone from the WAL too; False while a reader of an SQLite log holds
    it open: it then goes with the next checkpoint. Always False on PostgreSQL, which keeps its WAL
    (and its standby and archive theirs) until it is recycled.
    """

    owner: str
    n_lookups: int
    is_wal_clean: bool


def erase(connection: Connection, owner: str, register: Path) -> Erasure:
    """Destroy the stored key of an owner and the digests that find its rows.

    connection: that of the writer, between two groups. register: where it is written down first.
    """
    with connection.transaction():
        query = (
            "DELETE FROM lookups WHERE key_no = (SELECT key_no FROM owner_keys WHERE owner = ?) "
            "RETURNING key_no"
        )
        n_lookups = len(connection.execute(query, (owner,)).fetchall())
        _destroy(connection, owner, register)
    return Erasure(owner, n_lookups, connection.fold_back())


def destroy_again(connection: Connection, register: Path) -> list[str]:
    """Destroy the keys that a register names and a log that was brought back has; whose they are.

    connection: one that may write. Looks at every key where anything was ever erased.
    """
    erased = read_register(register)
    if not erased:
        return []
    owners = set(erased.values())
    lines = connection.execute("SELECT owner, wrapped FROM owner_keys WHERE wrapped IS NOT NULL")
    back = [owner for owner, wrapped in lines if owner in owners and name_key(wrapped) in erased]
    for owner in back:
        erase(connection, owner, register)
    return back


def _destroy(connection: Connection, owner: str, register: Path) -> None:
    query = "SELECT key_no, owner, wrapped FROM owner_keys WHERE owner = ?"
    lines: list[Any] = connection.execute(query, (owner,)).fetchall()
    note_erased(register, [(line[1], line[2]) for line in lines if line[2] is not None])
    connection.execute("UPDATE owner_keys SET wrapped = NULL WHERE owner = ?", (owner,))
    store_change(connection, gone=lines, added=[(line[0], line[1], None) for line in lines])
