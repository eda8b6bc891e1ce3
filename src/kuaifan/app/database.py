"""Database URLs (数据库地址): which log a command means."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kuaifan.kernel.errors import BadInputError

SQLITE: Final = "sqlite:///"


def log_path(url: str) -> Path:
    """Path of the SQLite file of a URL: three slashes relative, four absolute."""
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return Path(url.removeprefix(SQLITE))
    if "://" in url and not url.startswith("sqlite:"):
        kind = url.split("://", 1)[0]
        raise BadInputError(
            f"this build keeps its log in SQLite, not {kind}: give sqlite:///relative.db "
            "or sqlite:////absolute.db"
        )
    raise BadInputError(
        f"{url!r} is no database URL: give sqlite:///relative.db or sqlite:////absolute.db"
    )


def existing_log(url: str) -> Path:
    """As `log_path`, for a log that must be there."""
    path = log_path(url)
    if not path.is_file():
        raise BadInputError(f"there is no log {path}: check the path, or run the twin first")
    return path
