"""Carries erasures out (销毁执行者): an order stands in the log before a key is destroyed.

So a crash in between loses nothing: what was ordered and not confirmed is done at the next look.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from kuaifan.app.live import LiveEngine
from kuaifan.app.printing import print_problem
from kuaifan.app.retention import (
    KIND_OF,
    DueRecord,
    find_incident_of,
    is_held,
    kept_now,
    list_due,
)
from kuaifan.board.keeping import AskedErasure
from kuaifan.board.state import Board
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.keeping import MAX_RECORDS, ConfirmErasure, EraseExpired

ACTOR: Final = "retention"
WAIT_S: Final = 60.0
LOOK_EVERY_S: Final = 10.0
TERMS_EVERY_S: Final = 86_400.0


class Eraser:
    """Destroys what was ordered, and orders what is due (销毁执行者); live: the engine of now."""

    def __init__(self, live: Callable[[], LiveEngine], days: Mapping[str, int]) -> None:
        self._live, self._days = live, days

    def list_due(self, *, now_ms: int | None = None) -> list[DueRecord]:
        """What is over its term, the held too; raises StorageError."""
        live = self._live()
        kept = live.look(kept_now).result(WAIT_S)
        with live.journal.open_reader() as reader:
            at_ms = live.inbox.now_ms() if now_ms is None else now_ms
            return list(list_due(reader, kept, self._days, now_ms=at_ms))

    def erase_due(self, *, now_ms: int | None = None) -> int:
        """Order what is due and not held, and carry it out; returns how many keys are destroyed."""
        due = [each for each in self.list_due(now_ms=now_ms) if not each.is_held]
        for start in range(0, len(due), MAX_RECORDS):
            self._submit(_order(due[start : start + MAX_RECORDS]))
        return self.carry_out()

    def carry_out(self) -> int:
        """Destroy the keys of every erasure that was decided, and say so in the log."""
        live = self._live()
        n_erased = 0
        for erasure in live.look(_list_ordered).result(WAIT_S):
            n_here, n_held = self._destroy(live, erasure)
            n_erased += n_here
            self._submit(
                ConfirmErasure(erasure_id=erasure.erasure_id, n_erased=n_here, n_held=n_held)
            )
        return n_erased

    def _destroy(self, live: LiveEngine, erasure: AskedErasure) -> tuple[int, int]:
        """Destroy an order's keys but those that a hold covers by now; how many of either."""
        keeping, now_ms = live.look(kept_now).result(WAIT_S).keeping, live.inbox.now_ms()
        with live.journal.open_reader() as reader:
            records = list(_list_records(reader, erasure))
        going = [
            (noun, record_id)
            for noun, record_id, incident_id in records
            if not is_held(
                keeping, KIND_OF[noun], record_id, incident_id=incident_id, now_ms=now_ms
            )
        ]
        for noun, record_id in going:
            live.journal.erase_owner(noun, record_id)
        return len(going), len(records) - len(going)

    def _submit(self, command: Command) -> Record:
        record = self._live().submit(command, actor=ACTOR).wait(WAIT_S)
        if record is None or record.refusal is not None:
            why = record.refusal.reason_en if record and record.refusal else "no answer"
            raise StorageError(f"nothing more is erased now: {why}")
        return record


class ErasureKeeper:
    """Looks for erasures on a thread of its own (销毁值守), and once a day for what is due."""

    def __init__(self, eraser: Eraser) -> None:
        self._eraser = eraser
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="erasures", daemon=True)

    def start(self) -> None:
        """Begin, once people are served."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; an erasure under way is finished."""
        self._is_stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        said, n_looks = "", 0
        while not self._is_stopping.wait(LOOK_EVERY_S):
            is_daily = n_looks % round(TERMS_EVERY_S / LOOK_EVERY_S) == 0
            n_looks += 1
            try:
                if is_daily:
                    self._eraser.erase_due()
                else:
                    self._eraser.carry_out()
                said = ""
            except (StorageError, ValueError, OSError, TimeoutError) as error:
                if str(error) != said:
                    said = str(error)
                    print_problem(f"nothing is erased now: {said}")


def _list_ordered(board: Board) -> list[AskedErasure]:
    return [each for each in board.keeping.erasures.values() if each.is_ordered]


def _list_records(reader: LogReader, erasure: AskedErasure) -> Iterator[tuple[str, str, str]]:
    """Noun, id and incident of all that an order names."""
    for incident_id in erasure.incident_ids:
        yield "incident", incident_id, incident_id
    for call_id in erasure.call_ids:
        yield "call", call_id, find_incident_of(reader, call_id)
    for seq in erasure.input_seqs:
        yield "input", str(seq), ""


def _order(due: Iterable[DueRecord]) -> EraseExpired:
    due = list(due)
    return EraseExpired(
        incident_ids=tuple(each.id for each in due if each.kind == "incidents"),
        call_ids=tuple(each.id for each in due if each.kind == "calls"),
        input_seqs=tuple(int(each.id) for each in due if each.kind == "inputs"),
    )
