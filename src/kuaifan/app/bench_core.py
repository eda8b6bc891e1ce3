"""Durable decisions a second on this disk (核心吞吐): whole lives, simple ones, and acks.

Lives run side by side, each waiting for every answer before its next command, so that group
commit has something to group. The ranking is off: it is measured by `bench recommend`.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from queue import SimpleQueue
from time import perf_counter
from typing import Any, Final

import msgspec
import numpy as np

from kuaifan.app.bench_city import SOUTH, STEP_DEG, WEST, make_bench_reference
from kuaifan.app.bench_life import lead_life
from kuaifan.app.bench_log import bench_log
from kuaifan.app.collector import settle_down
from kuaifan.app.database import log_place
from kuaifan.app.live import LiveEngine
from kuaifan.app.reference import load_kernels
from kuaifan.app.rules import FOLDS, LINKS, make_rulebook
from kuaifan.board.reference import Reference
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary.unit import SetUnitStatus, StartShift, UnitStatus
from kuaifan.work import dispatch

N_STREETS: Final = 20
N_SIDE_BY_SIDE: Final = 400
N_CALM: Final = 8
CALM_LIVES: Final = 200
SIMPLE_PER_LIFE: Final = 20
ANSWER_TIMEOUT_S: Final = 30.0
SYNC_BYTES: Final = 4096
SYNC_SECONDS: Final = 1.0


class CoreFigures(msgspec.Struct, frozen=True):
    """What `bench core` prints (核心吞吐): these keys, whatever the database."""

    decisions_per_s: int
    simple_decisions_per_s: int
    ack_p50_ms: float
    ack_p99_ms: float
    fdatasync_per_s: int


def bench_core(n_lives: int, db: str = "sqlite") -> CoreFigures:
    """Measure in a temporary folder; db: sqlite, postgresql (with a standby), or a URL."""
    reference = make_bench_reference(n_streets=N_STREETS, n_units=N_SIDE_BY_SIDE)
    load_kernels(reference)
    with (
        tempfile.TemporaryDirectory(prefix="kuaifan-bench-") as folder,
        bench_log(db, Path(folder), with_standby=True) as log,
    ):
        syncs = _syncs_per_s(Path(folder) / "sync")
        desk = LiveEngine(log_place(log), reference, rules=rules_without_ranking())
        desk.start().wait(ANSWER_TIMEOUT_S)
        clients = Clients(desk, reference)
        clients.start_shifts()
        # As a desk that has served for a while.
        desk.engine.codec.load()
        settle_down()
        simple_per_s = clients.run(clients.statuses(n_lives * SIMPLE_PER_LIFE), N_SIDE_BY_SIDE)
        lives_per_s = clients.run(clients.lives(n_lives), N_SIDE_BY_SIDE)
        clients.acks_ms.clear()
        clients.run(clients.lives(CALM_LIVES), N_CALM)
        desk.stop()
    p50_ms, p99_ms = np.percentile(clients.acks_ms, [50, 99]).tolist()
    return CoreFigures(
        round(lives_per_s), round(simple_per_s), round(p50_ms, 2), round(p99_ms, 2), syncs
    )


Talk = Any
"""A generator of commands that is sent records (one client's talk with the desk)."""


class Clients:
    """Clients that each wait for their answer before they go on (并发客户端)."""

    def __init__(self, desk: LiveEngine, reference: Reference) -> None:
        self._desk = desk
        self._unit_ids = sorted(reference.units)
        self._answers: SimpleQueue[tuple[Talk, float, Record | None, BaseException | None]]
        self._answers = SimpleQueue()
        self.acks_ms: list[float] = []

    def start_shifts(self) -> None:
        """Put every unit on duty."""
        self.run(
            (_once(StartShift(unit_id=unit_id, n_officers=2)) for unit_id in self._unit_ids),
            N_SIDE_BY_SIDE,
        )

    def lives(self, n_lives: int) -> Any:  # noqa: ANN401 - an iterator of talks
        """Whole lives; no unit is in two at the same time, as many run as there are units."""
        for life in range(n_lives):
            step = STEP_DEG * (life % (N_STREETS - 1) + 0.4)
            unit_id = self._unit_ids[life % len(self._unit_ids)]
            yield lead_life(unit_id, lat=SOUTH + step, lon=WEST + step)

    def statuses(self, n_commands: int) -> Any:  # noqa: ANN401 - an iterator of talks
        """The simplest command there is, over and over."""
        for i in range(n_commands):
            status: UnitStatus = "patrolling" if i % 2 else "standby"
            unit_id = self._unit_ids[i % len(self._unit_ids)]
            yield _once(SetUnitStatus(unit_id=unit_id, status=status))

    def run(self, talks: Any, n_at_once: int) -> float:  # noqa: ANN401 - an iterator of talks
        """Lead all talks to their end, so many at once; return decisions a second."""
        talks, n_running, n_done = iter(talks), 0, 0
        began_s = perf_counter()
        for talk in _take(talks, n_at_once):
            self._submit(talk, next(talk))
            n_running += 1
        while n_running:
            talk, sent_s, record, error = self._answers.get(timeout=ANSWER_TIMEOUT_S)
            if error is not None:
                raise error
            if record is not None and record.refusal is not None:
                raise RuntimeError(f"a bench command was refused: {record.refusal}")
            self.acks_ms.append((perf_counter() - sent_s) * 1000)
            n_done += 1
            n_running -= not self._go_on(talk, record, talks)
        return n_done / (perf_counter() - began_s)

    def _go_on(self, talk: Talk, record: Record | None, talks: Talk) -> bool:
        try:
            self._submit(talk, talk.send(record))
        except StopIteration:
            following = next(talks, None)
            if following is None:
                return False
            self._submit(following, next(following))
        return True

    def _submit(self, talk: Talk, command: Command) -> None:
        sent_s = perf_counter()
        ticket = self._desk.submit(command, actor="bench")
        ticket.when_done(lambda record, error: self._answers.put((talk, sent_s, record, error)))


def _once(command: Command) -> Talk:
    yield command


def _take(talks: Talk, n_talks: int) -> Talk:
    for _ in range(n_talks):
        talk = next(talks, None)
        if talk is None:
            return
        yield talk


def rules_without_ranking() -> Any:  # noqa: ANN401 - a rulebook
    """All rules, but nobody is recommended by itself."""
    ranked = [rules for rules in LINKS if rules is not dispatch.RULES]
    return make_rulebook((*FOLDS, *ranked, Rules(deciders=dispatch.RULES.deciders)))


def _syncs_per_s(path: Path) -> int:
    """How many times a second this disk says that 4 kB are safe."""
    n_syncs, block = 0, b"k" * SYNC_BYTES
    handle = os.open(path, os.O_CREAT | os.O_WRONLY)
    try:
        began_s = perf_counter()
        while perf_counter() - began_s < SYNC_SECONDS:
            os.write(handle, block)
            os.fdatasync(handle)
            n_syncs += 1
    finally:
        os.close(handle)
    return round(n_syncs / SYNC_SECONDS)
