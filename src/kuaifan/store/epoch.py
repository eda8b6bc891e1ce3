"""Who may write a log (任期): each opening begins an epoch, and a commit holds only in its own.

A process that was stopped and wakes after another has taken over is still in its old epoch: its
commit finds another one in the log and stores nothing.
"""

from __future__ import annotations

import os
import socket
import time

from kuaifan.kernel.journal import StorageError
from kuaifan.store.chain import ChainHead
from kuaifan.store.connection import Connection
from kuaifan.store.log_error import LogBusyError, LogError

TAKEN_OVER = (
    "somebody else has written to this log, or has taken it over; this desk writes nothing more "
    "until it has opened the log again"
)


def begin_epoch(connection: Connection, head: ChainHead) -> int:
    """Begin the next epoch of a log whose head was found to be sound; returns its number.

    Raises LogBusyError if the head has moved since: the writer before was still at work. Raises
    LogError where the log does not say who writes it.
    """
    with connection.in_time(), connection.transaction():
        stored = _read(connection)
        if stored[:2] != (head.seq, head.hash):
            raise LogBusyError("the log was written to while it was being opened; try again")
        epoch = stored[2] + 1
        holder = f"{socket.gethostname()} process {os.getpid()}"
        connection.execute(
            "UPDATE epoch SET epoch = ?, holder = ?, taken_at_ms = ?",
            (epoch, holder, time.time_ns() // 1_000_000),
        )
    return epoch


def check_epoch(connection: Connection, head: ChainHead, epoch: int) -> None:
    """Raise StorageError unless the log is as its writer left it, and still its own.

    Within the transaction of a commit: nobody begins an epoch before that has ended.
    """
    if _read(connection) != (head.seq, head.hash, epoch):
        raise StorageError(TAKEN_OVER)


def _read(connection: Connection) -> tuple[int, bytes, int]:
    query = "SELECT c.seq, c.hash, e.epoch FROM chain_head c CROSS JOIN epoch e"
    found = connection.execute(query + connection.for_update).fetchone()
    if found is None or not isinstance(found[2], int):
        raise LogError(
            "the log is damaged: it does not say in which epoch it is; restore it from a backup"
        )
    seq, stored_hash, epoch = found
    return seq, stored_hash, epoch
