"""Two database nodes that look after themselves (数据库集群): PostgreSQL under Patroni, with etcd.

The primary answers a commit when its standby has it too. Whoever finds the primary gone for
LEASE_S promotes the standby. All of it listens on this machine only, on free ports, in one folder,
and runs as another user where we are root, since PostgreSQL refuses to be.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import stat
import subprocess
import time
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.app.own_net import OwnNet
from kuaifan.app.private_postgres import another_user, find_binaries, free_port
from kuaifan.kernel.errors import BadInputError

LEASE_S: Final = 8
"""The primary must renew its lease in etcd within this; Patroni asks for loop + 2 retries."""
LOOP_S, RETRY_S = 1, 3
READY_TIMEOUT_S: Final = 120.0
STOP_TIMEOUT_S: Final = 20.0
LOOK_EVERY_S: Final = 0.1
ASK_S: Final = 10.0
HERE: Final = "127.0.0.1"
USER: Final = "kuaifan"
DATABASE: Final = "kuaifan"
NODES: Final = ("node1", "node2")
PROGRAMS: Final = {"patroni": "patroni", "etcd": "etcd-server"}
PARAMETERS: Final = {
    "fsync": "on",
    "max_connections": 60,
    "shared_buffers": "64MB",
    "wal_level": "replica",
    "wal_log_hints": "on",
    "hot_standby": "on",
    "max_wal_senders": 6,
    "max_replication_slots": 6,
    "wal_keep_size": "256MB",
}


def find_program(name: str) -> str | None:
    """Where a program of the system is, also where the path of a user does not lead."""
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin:/sbin")


def list_missing() -> list[str]:
    """List the packages that a cluster of databases needs and this machine has not."""
    missing = [package for name, package in PROGRAMS.items() if find_program(name) is None]
    return ["postgresql", *missing] if find_binaries() is None else missing


def _check_open(folder: Path) -> None:
    """Raise BadInputError where the other user that runs the databases would not get there."""
    for parent in (folder, *folder.parents):
        if not parent.stat().st_mode & stat.S_IXOTH:
            raise BadInputError(
                f"{folder} cannot be reached by the user that runs the databases, since {parent} "
                "is closed to others: name another one with --folder"
            )


class Runner:
    """Starts programs of a cluster, each with a log of its own (启动器)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        nobody_else: tuple[int | None, int | None] = (None, None)
        self.uid, self.gid = another_user() or nobody_else
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        if self.uid is not None:
            _check_open(folder)

    def make_folder(self, name: str) -> Path:
        """Make a folder of whoever runs the databases."""
        path = self.folder / name
        path.mkdir(mode=0o700, exist_ok=True)
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)
        return path

    def start(self, name: str, *command: str | Path, as_us: bool = False) -> None:
        """Start a program in a session of its own: Ctrl-C is for us, who stop it in order."""
        with (self.folder / f"{name}.log").open("ab") as said:
            self._running[name] = subprocess.Popen(  # noqa: S603 - programs of the cluster
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                user=None if as_us else self.uid,
                group=None if as_us else self.gid,
                extra_groups=None if as_us or self.uid is None else [],
            )

    def run(
        self, *command: str | Path, timeout_s: float = READY_TIMEOUT_S, as_us: bool = False
    ) -> str | None:
        """Run a program to its end; what it said, or None where it failed."""
        try:
            done = subprocess.run(  # noqa: S603 - programs of the cluster
                command,
                cwd=self.folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=timeout_s,
                user=None if as_us else self.uid,
                group=None if as_us else self.gid,
                extra_groups=None if as_us or self.uid is None else [],
            )
        except subprocess.TimeoutExpired:
            return None
        return done.stdout.strip() if done.returncode == 0 else None

    def list_pids(self) -> dict[str, int]:
        """The process of each program that was started."""
        return {name: process.pid for name, process in self._running.items()}

    def is_running(self, name: str) -> bool:
        """Whether a program was started and has not ended."""
        return name in self._running and self._running[name].poll() is None

    def tell(self, name: str, number: signal.Signals) -> None:
        """Send a signal to one program."""
        if name in self._running:
            self._running[name].send_signal(number)

    def end(self, name: str, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop one program and wait until it has ended."""
        process = self._running.pop(name, None)
        if process is None:
            return
        process.send_signal(how)
        # Who was stopped to look like a machine that hangs would not hear it.
        process.send_signal(signal.SIGCONT)
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def end_all(self) -> None:
        """Stop everything, the last that was started first."""
        for name in reversed(list(self._running)):
            self.end(name)

    def last_words(self, name: str) -> str:
        """The last line a program has written."""
        with contextlib.suppress(OSError):
            lines = (self.folder / f"{name}.log").read_text(errors="replace").split("\n")
            return next((line.strip() for line in reversed(lines) if line.strip()), "no word")
        return "no word"


def end_servers(folder: Path) -> None:
    """End the servers whose Patroni was killed, by us or by who tries things out: it left them."""
    for node in NODES:
        data = folder / node / "data"
        with contextlib.suppress(OSError, ValueError):
            pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
            # Its own: the number of one that was killed may be another's by now.
            if _works_in(pid, data):
                os.kill(pid, signal.SIGQUIT)
                until_s = time.monotonic() + STOP_TIMEOUT_S
                while _works_in(pid, data) and time.monotonic() < until_s:
                    time.sleep(LOOK_EVERY_S)


def _works_in(pid: int, folder: Path) -> bool:
    """Whether a process is alive and works in a folder; one that has ended works nowhere."""
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        return False


class DatabasePair:
    """A primary and its synchronous standby (主备数据库).

    apart: a net of its own for the first node, so that it can be cut off.
    """

    def __init__(self, runner: Runner, apart: OwnNet | None = None) -> None:
        binaries = find_binaries()
        missing = list_missing()
        if binaries is None or missing:
            raise BadInputError(
                f"a cluster needs packages that are not here: install {' '.join(missing)}"
            )
        self._runner, self._binaries, self._apart = runner, binaries, apart
        self._here = HERE if apart is None else apart.outside
        inside = HERE if apart is None else apart.inside
        self.hosts = dict(zip(NODES, (inside, self._here), strict=True))
        self._etcd_port, peer_port = free_port(), free_port()
        self.ports = {node: free_port() for node in NODES}
        self._rest_ports = {node: free_port() for node in NODES}
        self._start_etcd(peer_port)
        for node in NODES:
            self.start(node)
            self.await_role(node, "primary" if node == NODES[0] else "standby")
        self._make_database()
        self.await_pair()

    def url(self, files: Path) -> str:
        """The database URL of the desk's log: both nodes, whichever may write."""
        hosts = ",".join(f"{self.hosts[node]}:{port}" for node, port in self.ports.items())
        return f"postgresql://{USER}@{hosts}/{DATABASE}?files={files}"

    def start(self, node: str) -> None:
        """Start a node, or start it again after it was killed."""
        patroni = find_program("patroni")
        assert patroni is not None  # noqa: S101 - list_missing has looked
        home = self._runner.make_folder(node)
        settings = home / "patroni.json"
        # JSON is YAML too, and nothing in it needs quoting by hand.
        settings.write_bytes(msgspec.json.format(msgspec.json.encode(self._settings(node, home))))
        settings.chmod(0o644)
        if self._apart is None or node != NODES[0]:
            self._runner.start(node, patroni, settings)
        else:
            within = self._apart.within(self._runner.uid, self._runner.gid)
            self._runner.start(node, *within, patroni, settings, as_us=True)

    def kill(self, node: str) -> None:
        """Kill a node as a machine that is gone: its server and what would start it again."""
        postmaster = self.postmaster(node)
        self._runner.tell(node, signal.SIGSTOP)  # it must not see its server go
        if postmaster is not None:
            os.kill(postmaster, signal.SIGKILL)
        self._runner.end(node, signal.SIGKILL)

    def postmaster(self, node: str) -> int | None:
        """The process of a node's server."""
        try:
            lines = (self._runner.folder / node / "data" / "postmaster.pid").read_text()
        except OSError:
            return None
        return int(lines.split("\n", 1)[0])

    def find_primary(self) -> str | None:
        """Which node may be written to now."""
        asked = "SELECT NOT pg_is_in_recovery()"
        return next((node for node in NODES if self.ask(node, asked) == "t"), None)

    def is_paired(self) -> bool:
        """Whether there is a primary whose commits wait for a standby that follows."""
        primary = self.find_primary()
        return primary is not None and "sync" in (
            self.ask(primary, "SELECT sync_state FROM pg_stat_replication") or ""
        ).split("\n")

    def await_pair(self) -> None:
        """Wait until a commit is on both nodes when it is answered."""
        until_s = time.monotonic() + READY_TIMEOUT_S
        while not self.is_paired():
            if time.monotonic() > until_s:
                raise BadInputError(f"the standby does not follow: see {self._runner.folder}/*.log")
            time.sleep(LOOK_EVERY_S)

    def await_role(self, node: str, role: str) -> None:
        """Wait until a node answers as a primary or as a standby."""
        wanted = "f" if role == "primary" else "t"
        until_s = time.monotonic() + READY_TIMEOUT_S
        while self.ask(node, "SELECT pg_is_in_recovery()") != wanted:
            if not self._runner.is_running(node) or time.monotonic() > until_s:
                said = self._runner.last_words(node)
                raise BadInputError(f"{node} does not become a {role}: {said}")
            time.sleep(LOOK_EVERY_S)

    def ask(self, node: str, query: str, *, database: str = "postgres") -> str | None:
        """What one node answers, unaligned; None where it does not."""
        where = f"host={self.hosts[node]} port={self.ports[node]} user=postgres dbname={database}"
        asked = (self._binaries / "psql", "-qAtX", f"{where} connect_timeout=2", "-c", query)
        return self._runner.run(*asked, timeout_s=ASK_S)

    def ask_inside(self, query: str) -> str | None:
        """What the first node answers to who is on its own machine, cut off or not."""
        assert self._apart is not None  # noqa: S101 - only such a node can be cut off
        home = self._runner.folder / NODES[0]
        where = f"host={home} port={self.ports[NODES[0]]} user=postgres dbname=postgres"
        within = self._apart.within(self._runner.uid, self._runner.gid)
        asked: tuple[str | Path, ...] = (
            *within,
            self._binaries / "psql",
            "-qAtX",
            where,
            "-c",
            query,
        )
        return self._runner.run(*asked, timeout_s=ASK_S, as_us=True)

    def _make_database(self) -> None:
        self.ask(NODES[0], f"CREATE ROLE {USER} LOGIN")
        if self.ask(NODES[0], f"CREATE DATABASE {DATABASE} OWNER {USER}") is None:
            found = self.ask(NODES[0], "SELECT 1", database=DATABASE)
            if found is None:
                raise BadInputError(f"the database {DATABASE} cannot be made on {NODES[0]}")

    def _start_etcd(self, peer_port: int) -> None:
        etcd = find_program("etcd")
        assert etcd is not None  # noqa: S101 - list_missing has looked
        client = f"http://{self._here}:{self._etcd_port}"
        peer = f"http://127.0.0.1:{peer_port}"
        data = self._runner.make_folder("etcd")
        self._runner.start(
            "etcd",
            etcd,
            *("--name", "etcd1", "--data-dir", data),
            *("--listen-client-urls", client, "--advertise-client-urls", client),
            *("--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer),
            *("--initial-cluster", f"etcd1={peer}"),
        )

    def _settings(self, node: str, home: Path) -> dict[str, object]:
        here = f"{self.hosts[node]}:{self.ports[node]}"
        rest = f"{self.hosts[node]}:{self._rest_ports[node]}"
        return {
            "scope": "kuaifan",
            "name": node,
            "restapi": {"listen": rest, "connect_address": rest},
            "etcd3": {"host": f"{self._here}:{self._etcd_port}"},
            "bootstrap": _bootstrap(list(self.hosts.values())),
            "postgresql": {
                "listen": here,
                "connect_address": here,
                "data_dir": str(home / "data"),
                "bin_dir": str(self._binaries),
                "pgpass": str(home / "pgpass"),
                "authentication": {
                    "superuser": {"username": "postgres"},
                    "replication": {"username": "replicator"},
                    "rewind": {"username": "rewinder"},
                },
                "parameters": {"unix_socket_directories": str(home)},
            },
        }


def _bootstrap(hosts: list[str]) -> dict[str, object]:
    """What the first node makes of itself, and both keep to."""
    kinds = ("host all", "host replication")
    trusted = [f"{kind} all {host}/32 trust" for kind in kinds for host in {HERE, *hosts}]
    return {
        "dcs": {
            "ttl": LEASE_S,
            "loop_wait": LOOP_S,
            "retry_timeout": RETRY_S,
            "synchronous_mode": True,
            # A server that was killed is not waited for: the standby takes over.
            "master_start_timeout": 0,
            "primary_start_timeout": 0,
            "postgresql": {"use_pg_rewind": True, "use_slots": True, "parameters": PARAMETERS},
        },
        "initdb": [{"encoding": "UTF8"}, {"locale": "C"}, {"auth": "trust"}, "data-checksums"],
        "pg_hba": ["local all all trust", *trusted],
        "users": {"rewinder": {"options": ["superuser"]}},
    }
