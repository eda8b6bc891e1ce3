"""How fast a board comes back from its log (重建速率): in memory, from the file, as read tables.

The log is of whole lives, without ranking, and so long that what stands on the board makes as many
rows as are asked for: calls, incidents, orders and units.
"""

from __future__ import annotations

import gc
import math
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Final, TypeVar

import msgspec

from kuaifan.app.bench_city import SOUTH, STEP_DEG, WEST, make_bench_reference
from kuaifan.app.bench_core import N_SIDE_BY_SIDE, N_STREETS, rules_without_ranking
from kuaifan.app.bench_life import lead_life
from kuaifan.app.rules import core_codec, new_board
from kuaifan.board.reference import Reference
from kuaifan.board.state import Board
from kuaifan.kernel.engine import Engine, fold_item
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.kernel.rulebook import Rulebook
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover
from kuaifan.vocabulary.unit import StartShift

N_TRIES: Final = 3
START_MS: Final = 1_790_000_000_000
T = TypeVar("T")


class RebuildFigures(msgspec.Struct, frozen=True):
    """What `bench log` prints (重建速率), in events a second.

    fold: of records in memory. recover: read, opened, decoded and folded, as a start without a
    snapshot does. read_tables: folded, encoded, sealed and stored, as `log rebuild` does.
    """

    rows: int
    records: int
    events: int
    fold_events_per_s: int
    recover_events_per_s: int
    read_tables_events_per_s: int


def bench_rebuild(n_rows: int) -> RebuildFigures:
    """Write a log in a temporary folder and bring its board back, in each way."""
    reference = make_bench_reference(n_streets=N_STREETS, n_units=N_SIDE_BY_SIDE)
    rules = rules_without_ranking()
    with tempfile.TemporaryDirectory(prefix="kuaifan-log-") as name:
        path, codec = Path(name) / "log.db", core_codec()
        with open_log(path, codec, LogOptions(durability="batch")) as journal:
            _write_lives(journal, rules, reference, n_rows)
        with LogReader(path, codec) as reader:
            reader.expect_many()
            records = list(reader.read_records())
            _, fold_s = _timed(lambda: _fold(records, rules, reference))
            state, recover_s = _timed(lambda: recover(reader, rules, lambda: new_board(reference)))
        n_events = sum(len(record.events) for record in records)
        with open_log(path, codec) as journal:
            _, tables_s = _timed(lambda: journal.rebuild(rules, lambda: new_board(reference)))
    return RebuildFigures(
        rows=count_rows(state.board),
        records=len(records),
        events=n_events,
        fold_events_per_s=round(n_events / fold_s),
        recover_events_per_s=round(n_events / recover_s),
        read_tables_events_per_s=round(n_events / tables_s),
    )


def count_rows(board: Board) -> int:
    """Calls, incidents, orders and units on the board."""
    return len(board.calls) + len(board.incidents) + len(board.orders) + len(board.units)


def _write_lives(
    journal: LogJournal, rules: Rulebook[Board], reference: Reference, n_rows: int
) -> None:
    """Lead one life after the other, a millisecond a command, until there are so many rows."""
    state, records = State(new_board(reference)), list[Record]()
    inbox = SimInbox(START_MS)
    engine = Engine(state, rules, core_codec(), inbox, journal, restore=lambda: state)
    engine.watchers.append(records.append)

    def submit(command: Command) -> Record:
        records.clear()
        engine.submit(
            Arrival(state.head.at_ms + 1 if state.head.seq else START_MS, "bench", command)
        )
        return records[-1]

    unit_ids = sorted(reference.units)
    for unit_id in unit_ids:
        submit(StartShift(unit_id=unit_id, n_officers=2))
    life = 0
    while count_rows(state.board) < n_rows:
        place = STEP_DEG * (life % (N_STREETS - 1) + 0.4)
        talk = lead_life(unit_ids[life % len(unit_ids)], lat=SOUTH + place, lon=WEST + place)
        command = next(talk, None)
        while command is not None:
            try:
                command = talk.send(submit(command))
            except StopIteration:
                command = None
        life += 1


def _fold(records: list[Record], rules: Rulebook[Board], reference: Reference) -> None:
    state = State(new_board(reference))
    for record in records:
        fold_item(state, rules, record)


def _timed(run: Callable[[], T]) -> tuple[T, float]:
    """What comes of it, and the seconds of the best of three tries.

    Garbage is not looked for, as while a desk starts.
    """
    best_s = math.inf
    for _ in range(N_TRIES):
        gc.collect()
        gc.disable()
        began_s = perf_counter()
        try:
            found = run()
            best_s = min(best_s, perf_counter() - began_s)
        finally:
            gc.enable()
    return found, best_s
