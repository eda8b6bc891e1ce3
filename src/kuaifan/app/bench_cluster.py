"""Kills a cluster's primary database, then its active desk (双机切换), round after round.

Clients ring at the address of the proxy without a pause and retry with the same key until they are
answered. The time counted is from the kill to the first answer to what was asked after it.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from kuaifan.app.cluster import Cluster
from kuaifan.app.cluster_nodes import LOOK_EVERY_S, NODES
from kuaifan.app.database import log_place
from kuaifan.app.own_net import OwnNet
from kuaifan.app.printing import print_progress
from kuaifan.app.rules import core_codec
from kuaifan.gateway.desk_client import DeskClient
from kuaifan.store.reading import LogReader
from kuaifan.store.verify import verify_log

N_CLIENTS: Final = 4
PAUSE_S: Final = 0.1
"""Between two calls of one client: a queue of some thousand calls is not what is measured."""
ANSWER_TIMEOUT_S: Final = 3.0
UNDER_LOAD_S: Final = 2.0
GIVE_UP_S: Final = 120.0
DATABASE_S, APPLICATION_S = 15.0, 5.0
"""What a failover may take, from the kill to the first acknowledgement."""


class ClusterFigures(msgspec.Struct, kw_only=True):
    """What `bench kill --cluster` prints (双机切换): acked calls, what was lost or made twice.

    database, application: from the kill to the first durable acknowledgement, detection included.
    retried: attempts that were not answered.
    """

    rounds: int
    acked: int = 0
    lost: int = 0
    doubled: int = 0
    retried: int = 0
    chain_ok: bool = True
    database_p50_s: float = 0.0
    database_max_s: float = 0.0
    application_p50_s: float = 0.0
    application_max_s: float = 0.0


def bench_cluster(rounds: int) -> ClusterFigures:
    """Run a cluster in a temporary folder and kill its parts; raises RuntimeError if it stays."""
    database_s, application_s = list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="kuaifan-cluster-") as folder:
        Path(folder).chmod(0o755)
        with Cluster(Path(folder) / "cluster") as cluster:
            with Callers(cluster.port) as callers:
                for number in range(rounds):
                    database_s.append(_lose_database(cluster, callers))
                    application_s.append(_lose_desk(cluster, callers))
                    print_progress(
                        f"round {number + 1}: database {database_s[-1]:.1f} s, "
                        f"application {application_s[-1]:.1f} s"
                    )
            figures = _count(cluster, callers, rounds)
    figures.database_p50_s, figures.database_max_s = _spread(database_s)
    figures.application_p50_s, figures.application_max_s = _spread(application_s)
    return figures


class PartitionFigures(ClusterFigures, kw_only=True):
    """What `bench partition` prints (网络分区): as above, for a primary that is cut off.

    database: from the cut. old_primary_wrote: whether it answered a write after it was cut off.
    """

    old_primary_wrote: bool = False


def bench_partition() -> PartitionFigures:
    """Cut the primary off from its standby, etcd and the desks, and join it again; needs root."""
    apart = OwnNet()
    try:
        with tempfile.TemporaryDirectory(prefix="kuaifan-cluster-") as folder:
            Path(folder).chmod(0o755)
            with Cluster(Path(folder) / "cluster", apart) as cluster:
                with Callers(cluster.port) as callers:
                    took_s, has_written = _cut_off(cluster, callers, apart)
                counted = _count(cluster, callers, 1)
    finally:
        apart.remove()
    figures = PartitionFigures(**msgspec.structs.asdict(counted), old_primary_wrote=has_written)
    figures.database_p50_s = figures.database_max_s = round(took_s, 3)
    return figures


def _cut_off(cluster: Cluster, callers: Callers, apart: OwnNet) -> tuple[float, bool]:
    """Cut the primary off, try to write to it from its own side, and join it again."""
    databases = cluster.databases
    if databases.find_primary() != NODES[0]:
        raise RuntimeError(f"{NODES[0]} is not the primary: run this again")
    time.sleep(UNDER_LOAD_S)
    cut_s = time.monotonic()
    apart.cut()
    # At once, while it still believes that it is the primary; and when another one is.
    with ThreadPoolExecutor(1) as beside:
        early = beside.submit(databases.ask_inside, "CREATE TABLE cut_off_1 ()")
        took_s = callers.await_answer(cut_s)
    wrote = [early.result(), databases.ask_inside("CREATE TABLE cut_off_2 ()")]
    apart.mend()
    databases.await_pair()
    time.sleep(UNDER_LOAD_S)
    return took_s, any(said is not None for said in wrote)


def is_held(figures: ClusterFigures) -> bool:
    """Whether nothing was lost or doubled, and both answers came in time."""
    is_lossless = (figures.lost, figures.doubled, figures.chain_ok) == (0, 0, True)
    is_quick = figures.database_max_s <= DATABASE_S and figures.application_max_s <= APPLICATION_S
    return is_lossless and is_quick


class Callers:
    """Clients who never stop (来电者): what they were told, and what they had to ask again."""

    def __init__(self, port: int) -> None:
        self.acked: dict[str, int] = {}
        self.retried = 0
        self._port = port
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._waits: list[tuple[float, threading.Event]] = []
        self._threads = [
            threading.Thread(target=self._work, args=(client,)) for client in range(N_CLIENTS)
        ]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._is_over.set()
        for thread in self._threads:
            thread.join()

    def await_answer(self, asked_after_s: float) -> float:
        """Seconds from an instant to the first answer to what was asked after it."""
        heard = threading.Event()
        with self._lock:
            self._waits.append((asked_after_s, heard))
        if not heard.wait(GIVE_UP_S):
            raise RuntimeError(f"nothing was acknowledged for {GIVE_UP_S:.0f} s after the kill")
        return time.monotonic() - asked_after_s

    def _work(self, client: int) -> None:
        desk = DeskClient(self._port, timeout_s=ANSWER_TIMEOUT_S)
        number = 0
        while not self._is_over.wait(PAUSE_S):
            self._ring(desk, f"{client}:{number}")
            number += 1

    def _ring(self, desk: DeskClient, key: str) -> None:
        """Ask until answered; at the end too, so that nothing stays unknown."""
        until_s = time.monotonic() + GIVE_UP_S
        while time.monotonic() < until_s:
            asked_s = time.monotonic()
            seq = desk.ring(key)
            if seq is not None:
                self._note(key, seq, asked_s)
                return
            with self._lock:
                self.retried += 1
            time.sleep(PAUSE_S)

    def _note(self, key: str, seq: int, asked_s: float) -> None:
        with self._lock:
            self.acked[key] = seq
            for wait in [wait for wait in self._waits if wait[0] <= asked_s]:
                wait[1].set()
                self._waits.remove(wait)


def _lose_database(cluster: Cluster, callers: Callers) -> float:
    """Kill the primary as a machine that is gone, and bring it back as the standby."""
    databases = cluster.databases
    databases.await_pair()
    time.sleep(UNDER_LOAD_S)
    primary = databases.find_primary()
    assert primary is not None  # noqa: S101 - there is a pair
    killed_s = time.monotonic()
    databases.kill(primary)
    took_s = callers.await_answer(killed_s)
    databases.start(primary)
    databases.await_pair()
    return took_s


def _lose_desk(cluster: Cluster, callers: Callers) -> float:
    """Kill the active desk, and start it again to stand by."""
    cluster.await_ready()
    time.sleep(UNDER_LOAD_S)
    while (active := cluster.find_active()) is None:
        time.sleep(LOOK_EVERY_S)
    killed_s = time.monotonic()
    cluster.kill_desk(active)
    took_s = callers.await_answer(killed_s)
    cluster.start_desk(active)
    return took_s


def _count(cluster: Cluster, callers: Callers, rounds: int) -> ClusterFigures:
    """Compare what was acknowledged with what the log holds."""
    log = log_place(cluster.url())
    with LogReader(log, core_codec()) as reader:
        found = [(record.key, record.seq) for record in reader.read_records() if record.key]
    seqs = dict(found)
    times = Counter(key for key, _ in found)
    return ClusterFigures(
        rounds=rounds,
        acked=len(callers.acked),
        lost=sum(seqs.get(key) != seq for key, seq in callers.acked.items()),
        doubled=sum(n - 1 for n in times.values()),
        retried=callers.retried,
        chain_ok=verify_log(log).ok,
    )


def _spread(times_s: list[float]) -> tuple[float, float]:
    ordered = sorted(times_s)
    return round(ordered[len(ordered) // 2], 3), round(ordered[-1], 3)
