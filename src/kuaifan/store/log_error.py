"""What is wrong with a log, in one sentence that names the cure (日志错误)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import apsw
import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.journal import StorageError


class LogError(BadInputError):
    """The log, its key file or its head file cannot be used as they are (日志不可用)."""


class LogBusyError(LogError):
    """Another process writes the log (日志被占用)."""


class DatabaseFaultError(Exception):
    """What PostgreSQL refused, in its own words (数据库报错); SQLite's is apsw.Error."""


class DatabaseGoneError(StorageError):
    """The database does not answer (数据库失联): nobody knows what it did last."""


LogClosedFault = apsw.ConnectionClosedError
"""A file that was closed under a reader; a server that is gone says so by itself."""
STORE_FAULTS = (apsw.Error, DatabaseFaultError)
"""How the databases say no."""
READ_FAULTS = (*STORE_FAULTS, UnicodeDecodeError, msgspec.DecodeError)
"""How it shows that a log, a text or a message in it does not read."""


@contextlib.contextmanager
def told_as_damage(path: object) -> Iterator[None]:
    """Say in words that a log is damaged where it, a text or a message in it does not read."""
    try:
        yield
    except READ_FAULTS as error:
        raise name_damage(path, error) from None


def name_damage(path: object, error: Exception) -> Exception:
    """What to raise for one of READ_FAULTS: told_as_damage for what is done a million times."""
    if isinstance(error, apsw.ThreadingViolationError | apsw.ConnectionClosedError):
        return error  # our bug: the log is as it was
    if isinstance(error, apsw.BusyError):
        return LogBusyError(f"{path} is kept busy by another process; try again")
    return LogError(
        f"{path} is damaged ({error}); run `kuaifan log verify`, and restore it from a backup"
    )
