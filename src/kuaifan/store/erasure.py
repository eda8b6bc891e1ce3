"""Erasure (销毁): the key of an owner is destroyed, and with it every text sealed under it.

The texts lie in records, rows and snapshots and stay there, unreadable: the chain goes on
covering the stored bytes. secure_delete overwrites the key in its page with zeros; folding the
WAL back and cutting it to nothing removes the copy in there. Keys are appended and never move
to another page, so no stale copy is left behind; a VACUUM of the whole log is not needed.
"""

from __future__ import annotations

from typing import Any

import apsw
import msgspec

from kuaifan.store.keys_digest import store_change


class Erasure(msgspec.Struct, frozen=True):
    """What an erasure did (销毁结果).

    is_wal_clean: the old key is gone from the WAL too; False while a reader holds it open, it
    then goes with the next checkpoint.
    """

    owner: str
    n_lookups: int
    is_wal_clean: bool


def erase(connection: apsw.Connection, owner: str) -> Erasure:
    """Destroy the stored key of an owner and the digests that find its rows.

    connection: that of the writer, between two groups.
    """
    with connection:
        connection.execute(
            "DELETE FROM lookups WHERE key_no = (SELECT key_no FROM owner_keys WHERE owner = ?)",
            (owner,),
        )
        n_lookups = connection.changes()
        _destroy(connection, owner)
    return Erasure(owner, n_lookups, _clean_wal(connection))


def _destroy(connection: apsw.Connection, owner: str) -> None:
    query = "SELECT key_no, owner, wrapped FROM owner_keys WHERE owner = ?"
    lines: list[Any] = connection.execute(query, (owner,)).fetchall()
    connection.execute("UPDATE owner_keys SET wrapped = NULL WHERE owner = ?", (owner,))
    store_change(connection, gone=lines, added=[(line[0], line[1], None) for line in lines])


def _clean_wal(connection: apsw.Connection) -> bool:
    try:
        connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    except apsw.BusyError:
        return False
    return True
