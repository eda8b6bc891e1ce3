"""Erasure (销毁): the key of an owner is destroyed, and with it every text sealed under it.

The texts lie in records, rows and snapshots and stay there, unreadable: the chain goes on
covering the stored bytes. In SQLite secure_delete overwrites the key in its page with zeros;
folding the WAL back and cutting it to nothing removes the copy in there. Keys are appended and
never move to another page, so no stale copy is left behind and no VACUUM of the log is needed.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kuaifan.store.connection import Connection
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


def erase(connection: Connection, owner: str) -> Erasure:
    """Destroy the stored key of an owner and the digests that find its rows.

    connection: that of the writer, between two groups.
    """
    with connection.transaction():
        query = (
            "DELETE FROM lookups WHERE key_no = (SELECT key_no FROM owner_keys WHERE owner = ?) "
            "RETURNING key_no"
        )
        n_lookups = len(connection.execute(query, (owner,)).fetchall())
        _destroy(connection, owner)
    return Erasure(owner, n_lookups, connection.fold_back())


def _destroy(connection: Connection, owner: str) -> None:
    query = "SELECT key_no, owner, wrapped FROM owner_keys WHERE owner = ?"
    lines: list[Any] = connection.execute(query, (owner,)).fetchall()
    connection.execute("UPDATE owner_keys SET wrapped = NULL WHERE owner = ?", (owner,))
    store_change(connection, gone=lines, added=[(line[0], line[1], None) for line in lines])
