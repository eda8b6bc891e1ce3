"""What is wrong with a log, in one sentence that names the cure (日志错误)."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import apsw
import msgspec

from kuaifan.kernel.errors import BadInputError


class LogError(BadInputError):
    """The log, its key file or its head file cannot be used as they are (日志不可用)."""


@contextlib.contextmanager
def told_as_damage(path: object) -> Iterator[None]:
    """Say in words that a file is damaged where SQLite, a text or a message in it does not read."""
    try:
        yield
    except (apsw.ThreadingViolationError, apsw.ConnectionClosedError):
        raise  # our bug: the log is as it was
    except apsw.BusyError:
        raise LogError(f"{path} is kept busy by another process; try again") from None
    except (apsw.Error, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise LogError(
            f"{path} is damaged ({error}); run `kuaifan log verify`, and restore it from a backup"
        ) from None
