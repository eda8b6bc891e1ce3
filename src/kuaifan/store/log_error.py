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


@contextlib.contextmanager
def told_as_damage(path: object) -> Iterator[None]:
    """Say in words that a log is damaged where it, a text or a message in it does not read."""
    try:
        yield
    except (apsw.ThreadingViolationError, apsw.ConnectionClosedError):
        raise  # our bug: the log is as it was
    except apsw.BusyError:
        raise LogError(f"{path} is kept busy by another process; try again") from None
    except (*STORE_FAULTS, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise LogError(
            f"{path} is damaged ({error}); run `kuaifan log verify`, and restore it from a backup"
        ) from None
