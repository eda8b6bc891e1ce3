"""Replay (重演): decide everything again from the inputs of a log, and compare with what it says.

Only inputs are taken from the log: commands as they arrived, observations as they were seen. Timers
run by themselves. Every record made anew must equal the stored one, byte for byte when unsealed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from kuaifan.app.build import build_id
from kuaifan.app.differences import FieldDifference, list_differences
from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.board.reference import Reference
from kuaifan.board.state import Board
from kuaifan.kernel.codec import Codec
from kuaifan.kernel.engine import Engine, fold_item
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import EngineStarted, Observed
from kuaifan.kernel.personal import ERASED
from kuaifan.kernel.record import ContentHash, Record, Sighting
from kuaifan.kernel.rulebook import Row, Rulebook
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.log_place import LogPlace
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.incident import RecommendationMade
from kuaifan.vocabulary.unit import FixBatch

ITEMS_PER_REPORT = 20_000
MAX_FIELDS = 12
"""Fields of a differing record that are named: enough to see what went another way."""


class Difference(msgspec.Struct, frozen=True):
    """The first record that came out otherwise (首个差异).

    fields: the first MAX_FIELDS of n_fields. Of what is personal only that it differs is said.
    """

    seq: int
    fields: list[FieldDifference]
    n_fields: int


class ReplayReport(msgspec.Struct, kw_only=True):
    """What a replay found (重演结果).

    n_erased: records with erased texts, which cannot be compared in full. builds: of the log's
    starts; other than this build, differences are expected and listed as what they are.
    """

    identical: bool = True
    n_records: int = 0
    n_events: int = 0
    n_recommendations: int = 0
    n_fixes: int = 0
    n_erased: int = 0
    first_difference: Difference | None = None
    content_hash: str = ""
    build: str = ""
    builds: list[str] = []


class _Mirror:
    """The journal of a replay: keeps what was decided until it has been compared."""

    def __init__(self) -> None:
        self.decided: deque[Record] = deque()

    def append(self, record: Record, rows: list[Row], ticket: Ticket | None) -> None:  # noqa: ARG002 - nobody waits, nothing is shown
        self.decided.append(record)

    def append_sighting(self, sighting: Sighting) -> None:
        """Observations are inputs here, not results."""

    def answer(self, ticket: Ticket, record: Record | None) -> None:
        """Nobody waits."""

    def find_record(self, actor: str, key: str) -> Record | None:  # noqa: ARG002 - a log holds each key once
        return None

    def flush(self) -> None:
        """Nothing waits."""

    def renew_rows(self, rows_of: Callable[[Record], list[Row]]) -> None:
        """Nothing is shown."""


class Replay:
    """One replay of one log under one rulebook (重演).

    rules: the build's own, unless a test wants to see a difference found.
    """

    def __init__(
        self,
        log: LogPlace,
        reference: Reference,
        *,
        codec: Codec | None = None,
        rules: Rulebook[Board] | None = None,
        key_path: Path | None = None,
    ) -> None:
        self._log, self._reference, self._key_path = log, reference, key_path
        self._codec, self._rules = codec or core_codec(), rules or core_rulebook()
        self._mirror, self._recorded = _Mirror(), deque[Record]()
        self._content = ContentHash()
        self.report = ReplayReport(build=build_id())
        self._engine = Engine(
            State(new_board(reference)),
            self._rules,
            self._codec,
            SimInbox(0),
            self._mirror,
            restore=self._restore,
        )

    def run(self, progress: Callable[[int], None] | None = None) -> ReplayReport:
        """Decide everything again; stops at the first difference."""
        with self._open() as reader:
            for n_items, item in enumerate(reader.read_items(), start=1):
                self._take(item)
                if not self._compare():
                    break
                if progress is not None and n_items % ITEMS_PER_REPORT == 0:
                    progress(self.report.n_records)
            else:
                self._finish()
        self.report.content_hash = self._content.hexdigest()
        return self.report

    def _take(self, item: Record | Sighting) -> None:
        if isinstance(item, Sighting):
            if isinstance(item.observation, FixBatch):
                self.report.n_fixes += len(item.observation.unit_ids)
            self._engine.submit(Arrival(item.at_ms, item.actor, item.observation))
            return
        self._recorded.append(item)
        for event in item.events:
            if isinstance(event, EngineStarted):
                self.report.builds.append(event.build)
        if item.timer_id is None and not isinstance(item.command, Observed):
            self._engine.submit(Arrival(item.at_ms, item.actor, item.command, item.key))

    def _finish(self) -> None:
        """Timers that were due before the log ended have fired in it."""
        if self._recorded:
            self._engine.run_timers(self._recorded[-1].at_ms)
            self._compare()
        for record in self._recorded:
            self._differ(record, None)
            return

    def _compare(self) -> bool:
        """Compare record by record as far as both sides have come."""
        while self._recorded and self._mirror.decided:
            recorded, decided = self._recorded.popleft(), self._mirror.decided.popleft()
            theirs, ours = self._codec.encode(recorded), self._codec.encode(decided)
            if theirs != ours:
                self._differ(recorded, decided)
                return False
            self._count(recorded, theirs)
        return True

    def _count(self, record: Record, canonical: bytes) -> None:
        report = self.report
        self._content.add(canonical)
        report.n_records += 1
        report.n_events += len(record.events)
        report.n_erased += ERASED.encode() in canonical
        report.n_recommendations += sum(isinstance(e, RecommendationMade) for e in record.events)

    def _differ(self, recorded: Record, decided: Record | None) -> None:
        self.report.identical = False
        found = [FieldDifference("record", "recorded", "nothing was decided here")]
        if decided is not None:
            # Records that encode otherwise always differ in a field, unless an encoder is broken.
            found = [*list_differences(recorded, decided, self._codec)]
        self.report.first_difference = Difference(recorded.seq, found[:MAX_FIELDS], len(found))

    def _restore(self) -> State[Board]:
        """After a rule broke: the board as the log folds up to this record."""
        state = State(new_board(self._reference))
        until = self._engine.state.head.input_no
        with self._open() as reader:
            for item in reader.read_items():
                if item.input_no > until:
                    break
                fold_item(state, self._rules, item)
        return state

    def _open(self) -> LogReader:
        return LogReader(self._log, self._codec, key_path=self._key_path)
