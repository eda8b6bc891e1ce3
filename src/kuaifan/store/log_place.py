"""Where a log is (日志位置): an SQLite file, or a PostgreSQL database with a folder beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from kuaifan.store.log_error import LogError

FILES: Final = "files"
"""The one parameter of a URL that is ours: the folder for what stays in files."""


class PostgresPlace(msgspec.Struct, frozen=True):
    """A log in PostgreSQL (数据库日志).

    url: as the driver takes it. shown: the same without the password. files: the name that the
    key file, the head file and the photos beside the log begin with, as the path of an SQLite log.
    """

    url: str
    shown: str
    files: Path

    def __str__(self) -> str:
        return self.shown


LogPlace = Path | PostgresPlace


def files_of(place: LogPlace) -> Path:
    """What the names of the files beside a log begin with."""
    return place.files if isinstance(place, PostgresPlace) else place


def postgres_place(url: str) -> PostgresPlace:
    """Read a `postgresql://` URL; without `?files=`, the folder is named after the database."""
    parts = urlsplit(url)
    database = parts.path.strip("/")
    if not database:
        raise LogError(f"{hide_password(url)} names no database: give postgresql://host/database")
    options = parse_qsl(parts.query, keep_blank_values=True)
    folder = dict(options).get(FILES) or f"{database}.files"
    query = urlencode([(name, value) for name, value in options if name != FILES])
    plain = urlunsplit(("postgresql", parts.netloc, parts.path, query, ""))
    return PostgresPlace(plain, hide_password(plain), Path(folder) / "log")


def hide_password(url: str) -> str:
    """A URL as it may be shown and logged."""
    parts = urlsplit(url)
    who, at, host = parts.netloc.rpartition("@")
    options = [
        (name, "***" if name == "password" else value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
    ]
    netloc = f"{who.partition(':')[0]}{at}{host}"
    return urlunsplit((parts.scheme, netloc, parts.path, urlencode(options, safe="*/"), ""))
