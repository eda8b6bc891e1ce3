"""The tables of a log, made step by step (表结构迁移): numbered files of plain SQL, per database.

A number says what a log holds, whatever database it is in; PostgreSQL begins where SQLite had come
to. A file that was released is never changed: what comes later is a new number.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from kuaifan.store.log_error import LogError

Dialect = Literal["sqlite", "postgresql"]


class Migration(NamedTuple):
    """One step (迁移)."""

    number: int
    name: str
    script: str


@cache
def list_migrations(dialect: Dialect) -> tuple[Migration, ...]:
    """The steps of a database in order."""
    files = sorted((Path(__file__).parent / dialect).glob("[0-9]*.sql"))
    return tuple(
        Migration(int(file.stem[:4]), file.stem[5:], file.read_text("utf-8")) for file in files
    )


FORMAT_VERSION = list_migrations("sqlite")[-1].number
"""The format of today: that of the last step."""


def is_known(name: str, version: object, *, first: int) -> int:
    """Return a format that this build knows; raises LogError for a newer or impossible one."""
    if not isinstance(version, int) or version > FORMAT_VERSION:
        raise LogError(
            f"{name} has log format {version}, this Kuaifan knows up to {FORMAT_VERSION}; "
            "open it with the newer version that wrote it"
        )
    if version < first:
        raise LogError(f"{name} is damaged: it has log format {version}; restore it from a backup")
    return version
