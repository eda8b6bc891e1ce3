"""The log of a bench (基准日志): a new file, a server of its own, or what the user names."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from kuaifan.app.database import log_place
from kuaifan.kernel.errors import BadInputError

DATABASE = "bench"


@contextlib.contextmanager
def bench_log(db: str, folder: Path, *, with_standby: bool = False) -> Iterator[str]:
    """The URL of a log to fill: `sqlite`, `postgresql`, or a URL of a database that is empty.

    with_standby: a server of our own answers only when its standby has the commit too.
    """
    if db == "sqlite":
        yield f"sqlite:///{folder}/log.db"
    elif db == "postgresql":
        from kuaifan.app.private_postgres import PrivateServer

        with PrivateServer(with_standby=with_standby) as server:
            server.create(DATABASE)
            yield server.url(DATABASE, files=folder / "files")
    elif "://" in db:
        log_place(db)
        yield db
    else:
        raise BadInputError(f"--db {db!r}: give sqlite, postgresql or a database URL")
