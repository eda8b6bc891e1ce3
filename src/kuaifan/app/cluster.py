"""A centre on two machines, tried on one (双机集群): two databases, two desks, one address.

One desk writes and answers; the other stands by. The proxy sends people to the one that is ready,
and, while none is, to the one that still shows what is durable. Everything is made anew at each
start, in one folder, and is stopped with it.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final, Self

from kuaifan.app.cluster_nodes import (
    LOOK_EVERY_S,
    NODES,
    READY_TIMEOUT_S,
    DatabasePair,
    Runner,
    end_servers,
    find_program,
    list_missing,
)
from kuaifan.app.own_net import OwnNet
from kuaifan.app.printing import print_lines, print_problem, print_progress
from kuaifan.app.private_postgres import free_port
from kuaifan.gateway.desk_client import DeskClient
from kuaifan.kernel.errors import BadInputError

DESKS: Final = ("desk1", "desk2")
SEED: Final = 1
SILENT_S: Final = 5
"""A desk that was not heard of for so long is taken over from."""
MARK: Final = "cluster.pid"
KEY: Final = "log.key"
ASK_TIMEOUT_S: Final = 2.0
PROXY: Final = """
global
    maxconn 2000
defaults
    mode http
    timeout connect 1s
    timeout client 60s
    timeout server 60s
    option redispatch
frontend people
    bind 127.0.0.1:{port}
    use_backend showing if {{ nbsrv(ready) eq 0 }}
    default_backend ready
backend ready
    option httpchk GET /readyz
    http-check expect status 200
    default-server check inter 500ms fall 1 rise 1 on-marked-down shutdown-sessions
{servers}
backend showing
    option httpchk GET /healthz
    default-server check inter 500ms fall 1 rise 1
{servers}
"""


class Cluster:
    """Two databases, two desks and a proxy (集群); `stop` once; apart: as of DatabasePair."""

    def __init__(self, folder: Path, apart: OwnNet | None = None) -> None:
        missing = list_missing() + ([] if find_program("haproxy") else ["haproxy"])
        if missing:
            raise BadInputError(
                f"a cluster needs packages that are not here: install {' '.join(missing)}"
            )
        self.folder = _take_folder(folder)
        self.port = free_port()
        self.ports = {desk: free_port() for desk in DESKS}
        try:
            self._runner = Runner(self.folder)
        except BaseException:
            (self.folder / MARK).unlink()
            raise
        try:
            self._begin(apart)
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

    def url(self, desk: str = DESKS[0]) -> str:
        """The database URL of the log, with the files of one desk."""
        return self.databases.url(self.folder / desk / "files")

    def start_desk(self, desk: str) -> None:
        """Start a desk; it stands by while the other writes."""
        arguments = (self.folder / "city", self.url(desk), str(self.ports[desk]), str(SILENT_S))
        self._runner.start(
            desk, sys.executable, "-m", "kuaifan.app.cluster_desk", *arguments, as_us=True
        )

    def kill_desk(self, desk: str) -> None:
        """Kill a desk (SIGKILL)."""
        self._runner.end(desk, signal.SIGKILL)

    def find_active(self) -> str | None:
        """Which desk takes commands now."""
        clients = {desk: DeskClient(port, timeout_s=ASK_TIMEOUT_S) for desk, port in self._ports()}
        return next((desk for desk, client in clients.items() if client.is_ready()), None)

    def await_ready(self) -> None:
        """Wait until commands are taken at the address of the proxy."""
        client = DeskClient(self.port, timeout_s=ASK_TIMEOUT_S)
        until_s = time.monotonic() + READY_TIMEOUT_S
        while not client.is_ready():
            if time.monotonic() > until_s:
                raise BadInputError(f"no desk takes commands: see {self.folder}/desk*.log")
            time.sleep(LOOK_EVERY_S)

    def stop(self) -> None:
        """Stop everything, in order; the folder stays to be read."""
        self._runner.end_all()
        end_servers(self.folder)
        (self.folder / MARK).unlink(missing_ok=True)

    def list_lines(self) -> list[str]:
        """What to tell who has started it."""
        nodes = self.databases
        databases = [f"  {node} {nodes.hosts[node]}:{nodes.ports[node]}" for node in NODES]
        desks = [f"  {desk} http://127.0.0.1:{port}" for desk, port in self._ports()]
        pids = ", ".join(f"{name} {pid}" for name, pid in self._runner.list_pids().items())
        return [
            f"快反 Kuaifan on two nodes: http://127.0.0.1:{self.port}",
            "databases 数据库:",
            *databases,
            "desks 席位服务, one active, one standing by:",
            *desks,
            f"processes to kill: {pids}",
            f"what each says: {self.folder}/*.log; Ctrl-C or `make cluster-stop` stops it",
        ]

    def _ports(self) -> list[tuple[str, int]]:
        return list(self.ports.items())

    def _begin(self, apart: OwnNet | None) -> None:
        from kuaifan.city.invent import invent_city

        print_progress("starting etcd and two databases, about 30 s")
        self.databases = DatabasePair(self._runner, apart)
        invent_city(self.folder / "city", seed=SEED, size="small", progress=lambda _said: None)
        for desk in DESKS:
            (self.folder / desk / "files").mkdir(parents=True)
        self.start_desk(DESKS[0])
        self._start_proxy()
        self.await_ready()
        # As one would by hand, between two machines: who stands by needs the key of the log.
        first, second = (self.folder / desk / "files" / KEY for desk in DESKS)
        shutil.copy2(first, second)
        self.start_desk(DESKS[1])

    def _start_proxy(self) -> None:
        haproxy = find_program("haproxy")
        assert haproxy is not None  # noqa: S101 - asked for before
        servers = "\n".join(f"    server {desk} 127.0.0.1:{port}" for desk, port in self._ports())
        settings = self.folder / "haproxy.cfg"
        settings.write_text(PROXY.format(port=self.port, servers=servers))
        self._runner.start("haproxy", haproxy, "-db", "-f", settings, as_us=True)


def run_cluster(folder: Path) -> int:
    """Run a cluster until it is told to stop; exit code 0."""
    is_over = threading.Event()
    _on_signals(_interrupt)
    try:
        cluster = Cluster(folder)
    except KeyboardInterrupt:
        # Told to stop while it began: what had been started is stopped by now.
        print_progress("stopped")
        return 0
    _on_signals(lambda _number, _frame: is_over.set())
    with cluster:
        print_lines(cluster.list_lines())
        is_over.wait()
        print_progress("stopping")
    return 0


def _on_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """The first signal ends the start; the next ones do not end the stopping."""
    _on_signals(lambda _number, _frame: None)
    raise KeyboardInterrupt


def stop_cluster(folder: Path) -> int:
    """Stop the cluster that runs in a folder and wait for its end; 1 where none does."""
    pid = _find_running(folder)
    if pid is None:
        print_problem(f"no cluster runs in {folder}")
        return 1
    os.kill(pid, signal.SIGTERM)
    while _find_running(folder) is not None:
        time.sleep(LOOK_EVERY_S)
    return 0


def _take_folder(folder: Path) -> Path:
    """Empty a folder that an earlier cluster has left, and none that holds anything else."""
    folder = folder.resolve()
    if _find_running(folder) is not None:
        raise BadInputError(f"a cluster runs in {folder}: `kuaifan cluster stop` stops it")
    if folder.exists():
        if any(folder.iterdir()) and not (folder / "etcd").is_dir():
            raise BadInputError(f"{folder} holds something else: name an empty folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    (folder / MARK).write_text(f"{os.getpid()} {_started_at(os.getpid())}")
    return folder


def _find_running(folder: Path) -> int | None:
    """The process that runs a cluster in a folder; a number that went to another is nobody's."""
    try:
        pid, started_at = (folder / MARK).read_text().split()
        is_the_same = _started_at(int(pid)) == started_at
    except (OSError, ValueError):
        return None
    return int(pid) if is_the_same else None


def _started_at(pid: int) -> str:
    """When a process was started, in ticks since the machine was (proc(5), field 22)."""
    told = Path(f"/proc/{pid}/stat").read_text(errors="replace")
    return told.rpartition(")")[2].split()[19]
