"""Database URLs (数据库地址): which log a command means."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from kuaifan.kernel.errors import BadInputError
from kuaifan.store.log_place import LogPlace, hide_password, postgres_place

SQLITE: Final = "sqlite:///"
POSTGRES: Final = ("postgresql", "postgres")
GIVE: Final = "give sqlite:///relative.db, sqlite:////absolute.db or postgresql://host/database"


def log_place(url: str) -> LogPlace:
    """The log of a URL: of SQLite a file, three slashes relative, four absolute."""
    if url.startswith(SQLITE) and len(url) > len(SQLITE):
        return Path(url.removeprefix(SQLITE))
    kind, is_url, _ = url.partition("://")
    if kind in POSTGRES and is_url:
        return postgres_place(url)
    if is_url and kind != "sqlite":
        raise BadInputError(f"a log is kept in SQLite or PostgreSQL, not {kind}: {GIVE}")
    raise BadInputError(f"{hide_password(url)!r} is no database URL: {GIVE}")


def existing_log(url: str) -> LogPlace:
    """As `log_place`, for a log that must be there; a server is asked when the log is opened."""
    place = log_place(url)
    if isinstance(place, Path) and not place.is_file():
        raise BadInputError(f"there is no log {place}: check the path, or run the twin first")
    return place
