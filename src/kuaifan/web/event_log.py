"""What the server says of itself (运行日志): one JSON object a line on standard error.

Nobody's data: addresses as their route spells them, roles for names, codes for texts, never a
body, and of an exception its kind and where it was raised, not what it says. The standard library
does it; why not structlog stands in docs/decisions/0015.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final, Literal

import msgspec

Level = Literal["info", "warning", "error"]
LEVELS: Final[tuple[Level, ...]] = ("info", "warning", "error")
N_FRAMES: Final = 12


class EventLog:
    """Writes what is at least as grave as `level` (运行日志)."""

    def __init__(
        self, level: Level = "warning", write: Callable[[str], object] | None = None
    ) -> None:
        self._lowest = LEVELS.index(level)
        self._write = write or _to_stderr

    def takes(self, level: Level) -> bool:
        """Whether anything of a level is written."""
        return LEVELS.index(level) >= self._lowest

    def say(self, level: Level, event: str, **fields: object) -> None:
        """Write one line; a field that is None is left out."""
        if not self.takes(level):
            return
        line: dict[str, object] = {"at": _now(), "level": level, "event": event}
        line |= {name: value for name, value in fields.items() if value is not None}
        self._write(msgspec.json.encode(line).decode() + "\n")

    def say_error(self, event: str, error: BaseException, **fields: object) -> None:
        """Write what broke and where; what an exception says may hold anything, so it is not told.

        Only frames of the program are named: file, line and function.
        """
        frames = traceback.extract_tb(error.__traceback__)[-N_FRAMES:]
        where = [f"{each.filename}:{each.lineno} {each.name}" for each in frames]
        self.say("error", event, error=type(error).__name__, where=where, **fields)

    def logging_config(self) -> dict[str, Any]:
        """For uvicorn: what it has to say goes the same way."""
        handler = {"server": {"()": lambda: _ServerHandler(self)}}
        return {
            "version": 1,
            "disable_existing_loggers": False,
            "handlers": handler,
            "loggers": {
                "uvicorn": {"handlers": ["server"], "level": "WARNING", "propagate": False},
                "uvicorn.error": {"level": "WARNING"},
            },
        }


class _ServerHandler(logging.Handler):
    """Of the web server's own lines the template is told, and never what was put into it."""

    def __init__(self, log: EventLog) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write one."""
        error = record.exc_info[1] if record.exc_info else None
        template = str(record.msg).partition("\n")[0][:200]
        if error is not None:
            self._log.say_error("server_error", error, said=template)
            return
        level: Level = "error" if record.levelno >= logging.ERROR else "warning"
        self._log.say(level, "server", said=template)


def _to_stderr(line: str) -> None:
    sys.stderr.write(line)
    sys.stderr.flush()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
