"""A PostgreSQL server of one's own (私有数据库), in a folder, for as long as a bench or test runs.

It listens on a socket in its folder and on a free port of this machine, writes as safely as a real
one, and runs as another user where we are root, since PostgreSQL refuses to be.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from kuaifan.kernel.errors import BadInputError

START_TIMEOUT_S: Final = 60.0
STOP_TIMEOUT_S: Final = 20.0
USER: Final = "kuaifan"
SETTINGS: Final = (
    "listen_addresses = '127.0.0.1'",
    "fsync = on",
    "max_connections = 60",
    "shared_buffers = 64MB",
    "max_wal_size = 2GB",
    "wal_level = replica",
    "max_wal_senders = 4",
    "log_min_messages = fatal",
    "log_min_error_statement = panic",
)


def find_binaries() -> Path | None:
    """The folder of `initdb` and `postgres`: the newest that Debian has, or that of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return None if on_path is None else Path(on_path).resolve().parent


def another_user() -> tuple[int, int] | None:
    """Who runs the server where we are root: user and group."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: (entry.pw_uid, entry.pw_gid) for entry in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


class PrivateServer:
    """A server, with a synchronous standby where one is asked for (私有数据库服务器)."""

    def __init__(self, *, with_standby: bool = False) -> None:
        binaries = find_binaries()
        if binaries is None:
            raise BadInputError("there is no PostgreSQL here: install the package postgresql")
        self._binaries = binaries
        nobody_else: tuple[int | None, int | None] = (None, None)
        self._uid, self._gid = another_user() or nobody_else
        self._groups: list[int] | None = None if self._uid is None else []
        self._root = Path(tempfile.mkdtemp(prefix="kuaifan-pg-"))
        self._root.chmod(0o755)
        self.port, self._standby_port = free_port(), free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        try:
            self._begin(with_standby=with_standby)
        except BaseException:
            self.stop()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    def url(self, database: str, *, files: Path) -> str:
        """The database URL of a log."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}?files={files}"

    def create(self, database: str, *, template: str = "template1") -> None:
        """Make a database."""
        self.run_sql(f"CREATE DATABASE {database} TEMPLATE {template}")

    def run_sql(self, statement: str, database: str = "postgres") -> str:
        """Run one statement as the owner of everything; what it found, unaligned."""
        asked = (*self._client("psql"), "-qAtX", "-d", database, "-c", statement)
        return self._run(*asked).strip()

    def stop_now(self) -> None:
        """Stop the primary as a machine that loses its power would (SIGQUIT to all its parts)."""
        self._end("primary", signal.SIGQUIT)

    def lose_standby(self) -> None:
        """Stop the standby: commits wait until it is there again."""
        self._end("standby", signal.SIGQUIT)

    def bring_back_standby(self) -> None:
        """Start the standby again, where it was lost."""
        if "standby" not in self._running:
            self._start("standby", self._standby_port)

    def start(self) -> None:
        """Start the primary again."""
        self._start("primary", self.port)

    def stop(self) -> None:
        """Stop everything and remove the folder."""
        for name in list(self._running):
            self._end(name, signal.SIGQUIT)
        shutil.rmtree(self._root, ignore_errors=True)

    def _begin(self, *, with_standby: bool) -> None:
        folder = self._make_folder("primary")
        self._run(
            str(self._binaries / "initdb"),
            *("-D", str(folder), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"),
        )
        settings = [*SETTINGS, f"unix_socket_directories = '{self._root}/primary'"]
        with (folder / "postgresql.conf").open("a") as file:
            file.write("\n".join(settings) + "\n")
        self.start()
        if with_standby:
            self._add_standby()

    def _add_standby(self) -> None:
        """Copy the primary, follow it, and let no commit be answered before both have it."""
        folder = self._make_folder("standby")
        self._run(
            *self._client("pg_basebackup"), *("-D", str(folder), "-R", "-X", "stream", "-c", "fast")
        )
        with (folder / "postgresql.conf").open("a") as file:
            file.write(f"unix_socket_directories = '{folder}'\n")
        self._start("standby", self._standby_port)
        self.run_sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.run_sql("SELECT pg_reload_conf()")
        until_s = time.monotonic() + START_TIMEOUT_S
        while self.run_sql("SELECT sync_state FROM pg_stat_replication") != "sync":
            if time.monotonic() > until_s:
                raise BadInputError("the standby does not follow its primary")
            time.sleep(0.05)

    def _make_folder(self, name: str) -> Path:
        folder = self._root / name
        folder.mkdir(mode=0o700)
        if self._uid is not None and self._gid is not None:
            os.chown(folder, self._uid, self._gid)
        return folder

    def _start(self, name: str, port: int) -> None:
        folder = self._root / name
        self._running[name] = subprocess.Popen(  # noqa: S603 - the server's own program
            [self._binaries / "postgres", "-D", folder, "-p", str(port)],
            cwd=self._root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=self._uid,
            group=self._gid,
            extra_groups=self._groups,
        )
        ready = (str(self._binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port))
        until_s = time.monotonic() + START_TIMEOUT_S
        while subprocess.run(ready, check=False).returncode != 0:  # noqa: S603 - as above
            if self._running[name].poll() is not None or time.monotonic() > until_s:
                raise BadInputError(f"PostgreSQL does not start in {folder}")
            time.sleep(0.02)

    def _end(self, name: str, how: signal.Signals) -> None:
        server = self._running.pop(name, None)
        if server is None:
            return
        server.send_signal(how)
        try:
            server.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()

    def _client(self, name: str) -> tuple[str, ...]:
        host = ("-h", "127.0.0.1", "-p", str(self.port), "-U", USER)
        return (str(self._binaries / name), *host)

    def _run(self, *command: str) -> str:
        done = subprocess.run(  # noqa: S603 - the server's own programs
            command,
            cwd=self._root,
            capture_output=True,
            text=True,
            check=False,
            user=self._uid,
            group=self._gid,
            extra_groups=self._groups,
        )
        if done.returncode != 0:
            said = done.stderr.strip().splitlines() or ["no word"]
            raise BadInputError(f"{Path(command[0]).name} failed: {said[-1]}")
        return done.stdout
