"""The desk that the web talks to (实时指挥台): an engine, its screens, its return after a bad disk.

If the disk refuses, nothing more is acknowledged, the screens go on showing what is durable, and
the log is opened again and again until it can be written; the board is then rebuilt from it. Any
other end of the engine is a bug: the process ends, loudly, and a new one starts from the log.
"""

from __future__ import annotations

import contextlib
import copy
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Final, TypeVar

from kuaifan.app.archive_search import search_papers
from kuaifan.app.build import build_id
from kuaifan.app.live import LiveEngine
from kuaifan.app.printing import print_problem
from kuaifan.app.read_back import read_back
from kuaifan.app.recall import list_recalls, list_seat_papers, names_missing
from kuaifan.app.stored_whose import find_stored_whose
from kuaifan.app.view_feed import ViewFeed
from kuaifan.board.keeping import KeepingPapers
from kuaifan.board.people import BrokenGlass
from kuaifan.board.plan_papers import PlanPapers
from kuaifan.board.reference import Reference
from kuaifan.board.road_changes import RoadChanges
from kuaifan.board.settings import Settings
from kuaifan.board.state import Board
from kuaifan.gateway.fixes import Marker
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.record import Record
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.log_error import STORE_FAULTS
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.seat_archive import SeatPaper
from kuaifan.vocabulary.unit import FixBatch
from kuaifan.web.case_scope import Whose
from kuaifan.web.desk import Health
from kuaifan.web.seat_archive_rows import ArchiveLook, ArchiveLooked
from kuaifan.web.view_store import ViewStore

if TYPE_CHECKING:
    from kuaifan.twin.ahead import SavedState

T = TypeVar("T")
REOPEN_S: Final = 2.0
START_TIMEOUT_S: Final = 30.0
LOOK_TIMEOUT_S: Final = 10.0
SNAPSHOT_ITEMS: Final = 3_000
"""Records and batches of positions after which the state is saved: a restart folds no more."""
BANNER_ZH: Final = "存储故障：新的操作未被确认，请稍后重试"
BANNER_EN: Final = "the disk refuses: nothing new is acknowledged; retry in a moment"


class LiveDesk:
    """A running desk (实时指挥台); see web.desk.Desk.

    open_engine: opens the log and makes an engine, not started; called again after a bad disk.
    on_crash: called once, on the engine's thread, when a bug of ours ended it. record_listeners:
    told of what becomes durable, on the thread of the log's writer, whichever log is open.
    """

    def __init__(
        self,
        open_engine: Callable[[], LiveEngine],
        reference: Reference,
        *,
        on_crash: Callable[[], None],
        reopen_s: float = REOPEN_S,
    ) -> None:
        self.store = ViewStore()
        self.record_listeners: list[Callable[[Sequence[Record]], None]] = []
        self._city_reference = reference
        self._open_engine, self._on_crash, self._reopen_s = open_engine, on_crash, reopen_s
        self._lock = threading.Lock()
        self._is_stopping = threading.Event()
        self._reopening: threading.Thread | None = None
        self._refused: str | None = None
        self._kernels_loaded = False
        self._live = self._open()

    @property
    def live(self) -> LiveEngine:
        """The engine of now."""
        return self._live

    @property
    def reference(self) -> Reference:
        """What the rules look up now: the city's data with what was changed of them.

        As settings and road changes: never changed once made, so that any thread may read on.
        """
        return self._live.engine.board.reference

    @property
    def board(self) -> Board:
        """The board of now, to be read only: what it holds whole may be of one moment."""
        return self._live.engine.board

    @property
    def settings(self) -> Settings:
        """What was changed of the city's data, and by whom."""
        return self._live.engine.board.settings

    @property
    def plans(self) -> PlanPapers:
        """Plans that wait, hold or held."""
        return self._live.engine.board.plans

    def try_out(self, command: Command, look: Callable[[Board, list[Event]], T]) -> Future[T]:
        """Decide a command without any effect, on the engine's thread, and look at it there."""
        return self._live.ask(command, look)

    def look_at(self, look: Callable[[Board], T]) -> Future[T]:
        """Look at the board, on the engine's thread between two inputs."""
        return self._live.look(look)

    def read_since(self, since_ms: int, each: Callable[[Record], None]) -> int:
        """Hand over the records since an instant, the last MAX_READ_BACK of them at most."""
        with self._live.journal.open_reader() as reader:
            return read_back(reader, since_ms, each)

    def start(self) -> None:
        """Begin to decide; waits until the start is durable. Raises StorageError."""
        self._live.start().wait(START_TIMEOUT_S)

    def submit(
        self, command: Command, *, actor: str, key: str | None, seen_seq: int | None
    ) -> Ticket:
        """Hand in a command; raises StorageError while nothing is taken."""
        if self._refused is not None:
            raise StorageError(self._refused)
        live = self._live
        ticket = live.submit(command, actor=actor, key=key, seen_seq=seen_seq)
        # An engine that waits for the next input would notice a bad disk only then.
        ticket.when_done(lambda _, error: live.inbox.wake() if error else None)
        return ticket

    def observe(self, batch: FixBatch) -> Ticket:
        """Hand in positions; raises StorageError while nothing is taken."""
        if self._refused is not None:
            raise StorageError(self._refused)
        return self._live.submit(batch, actor="gateway")

    def find_marker(self, unit_id: str) -> Marker | None:
        """Where the board has a unit now; waits for the engine. Raises StorageError."""
        return self._look(lambda board: _marker(board, unit_id))

    def clock(self) -> tuple[int, float]:
        """City time in milliseconds, and its speed."""
        inbox = self._live.inbox
        return inbox.now_ms(), inbox.speed

    def road_changes(self) -> RoadChanges:
        """What differs from the map on the roads now."""
        return self._live.engine.board.road_changes

    def health(self) -> Health:
        """Whether it works."""
        error = self._live.error
        is_refused = self._refused is not None or isinstance(error, StorageError)
        return Health(
            log="refused" if is_refused else "writable",
            engine="alive" if error is None else "ended",
            kernels="loaded" if self._kernels_loaded else "loading",
            seq=self.store.cursor.seq,
            banner_zh=BANNER_ZH if is_refused else "",
            banner_en=BANNER_EN if is_refused else "",
        )

    def read_touching(self, incident_id: str) -> list[Record]:
        """Records that touched an incident or one of its calls, in order."""
        with self._live.journal.open_reader() as reader:
            records = reader.read_touching([("incidents", incident_id)])
            call_ids = _named_calls(records, incident_id)
            if not call_ids:
                return records
            places = [("incidents", incident_id), *(("calls", call_id) for call_id in call_ids)]
            return reader.read_touching(places)

    def find_stored_whose(self, view: str, key: str) -> Whose | None:
        """Whose an incident or a call is that has left the screens."""
        with self._live.journal.open_reader() as reader:
            return find_stored_whose(reader, self.reference, view, key)

    def list_glass(self) -> list[BrokenGlass]:
        """Uses of break-glass that nobody has reviewed."""
        return list(self._live.engine.board.access.glass.values())

    def list_keeping(self) -> KeepingPapers:
        """Holds that stand, and erasures that wait."""
        return self._look(lambda board: copy.deepcopy(board.keeping))

    def find_asked(self, approval_id: str) -> Command | None:
        """What waits for an approval by an id, None where nothing does."""
        found = self._live.engine.board.approvals.approvals.get(approval_id)
        return found.what if found is not None and found.state == "waiting" else None

    def find_undo_subject(self, seq: int) -> str:
        """What an action that may still be undone was about."""
        action = self._live.engine.board.undoable.get(seq)
        return action.subject_id if action else ""

    def list_kept(self, kept_id: str) -> list[tuple[str, str]]:
        """(field, id) of the records that a hold or an erasure names."""
        papers = self._live.engine.board.keeping
        paper = papers.holds.get(kept_id) or papers.erasures.get(kept_id)
        if paper is None:
            return []
        cases = [("incident_id", each) for each in paper.incident_ids]
        return [*cases, *(("call_id", each) for each in paper.call_ids)]

    def needs_archive(self, command: Command) -> bool:
        """Whether a command names an incident or order that is not on the screens."""
        return names_missing(command, lambda key: self.store.find("incidents", key) is not None)

    def list_recalls(self, command: Command) -> list[Command]:
        """What brings back the retired incidents that a command names; blocks on the disk."""
        with self._live.journal.open_reader() as reader:
            recalls = list_recalls(reader, command)
        if not recalls:
            return []
        # Closed lately, an incident is off the screens and still on the board.
        named = [each.incident_id for each in recalls]
        on_board = self._look(lambda board: {each for each in named if each in board.incidents})
        return [each for each in recalls if each.incident_id not in on_board]

    def list_seat_papers(self, incident_id: str) -> tuple[SeatPaper, ...]:
        """What special seats kept of an incident and the board let go; blocks on the disk."""
        with self._live.journal.open_reader() as reader:
            return list_seat_papers(reader, incident_id)

    def search_archive(self, seat_id: str, asked: ArchiveLook) -> ArchiveLooked:
        """Papers that a seat kept and the board let go, without a text; blocks on the disk."""
        with self._live.journal.open_reader() as reader:
            return search_papers(reader, self.reference, seat_id, asked)

    def open_reader(self) -> LogReader:
        """A reader of the log, for one thread."""
        return self._live.journal.open_reader()

    def save_state(self) -> SavedState:
        """The state between two inputs, for runs that go on from it; as dear as a snapshot."""
        from kuaifan.twin.ahead import save_state

        return self._look(lambda _board: save_state(self._live.engine.state))

    def _look(self, look: Callable[[Board], T]) -> T:
        """Wait for a look at the board; raises StorageError where nothing answers."""
        asked = self._live.look(look)
        try:
            return asked.result(LOOK_TIMEOUT_S)
        except TimeoutError:
            asked.cancel()
            raise StorageError("the engine does not answer") from None

    def load_kernels(self) -> None:
        """Load the compiled engines; until then the plain ones give the same integers."""
        from kuaifan.app.reference import load_kernels

        self._live.engine.codec.load()
        load_kernels(self._city_reference)
        self._kernels_loaded = True

    def stop(self) -> None:
        """Decide what is under way, save the state, close the log."""
        self._is_stopping.set()
        if self._reopening is not None:
            self._reopening.join()
        with contextlib.suppress(StorageError):
            self._live.end()
            if self._live.error is None:
                self._live.journal.save_snapshot(self._live.engine.state, build_id())
        self._close()

    def _open(self) -> LiveEngine:
        live = self._open_engine()
        ViewFeed(live, self.store)
        _SnapshotKeeper(live)
        live.on_end = self._on_end
        live.journal.listeners.append(self._pass_on)
        return live

    def _pass_on(self, records: list[Record]) -> None:
        for listener in self.record_listeners:
            listener(records)

    def _close(self) -> None:
        with contextlib.suppress(StorageError, *STORE_FAULTS):
            self._live.stop()

    def _on_end(self) -> None:
        """The engine's thread ends unasked."""
        error = self._live.error
        if not isinstance(error, StorageError):
            print_problem(f"the engine broke: {type(error).__name__}: {error}")
            self._on_crash()
            return
        self._refused = str(error)
        print_problem(f"{error}; trying again every {self._reopen_s:g} s")
        if not self._is_stopping.is_set():
            self._reopening = threading.Thread(target=self._reopen, name="reopen", daemon=True)
            self._reopening.start()

    def _reopen(self) -> None:
        self._close()
        while not self._is_stopping.wait(self._reopen_s):
            try:
                live = self._open()
            except (StorageError, ValueError, OSError, *STORE_FAULTS) as error:
                self._refused = str(error)
                continue
            self._live = live
            try:
                live.start().wait(START_TIMEOUT_S)
            except (StorageError, TimeoutError) as error:
                # Its own end begins the next attempt.
                self._refused = str(error)
                return
            self._refused = None
            print_problem("the log can be written again; the board was rebuilt from it")
            return


class _SnapshotKeeper:
    """Saves the state every so many items (快照); on the engine's thread, between two inputs."""

    def __init__(self, live: LiveEngine) -> None:
        self._live = live
        state = live.engine.state
        # After much folding, as by the first start of another build, the next start need not.
        is_due = state.n_folded >= SNAPSHOT_ITEMS
        self._saved_no = state.head.input_no - (SNAPSHOT_ITEMS if is_due else 0)
        live.between_inputs.append(self._between)

    def _between(self) -> None:
        state = self._live.engine.state
        if state.head.input_no - self._saved_no >= SNAPSHOT_ITEMS:
            self._saved_no = state.head.input_no
            self._live.journal.save_snapshot(state, build_id())


def _marker(board: Board, unit_id: str) -> Marker | None:
    fleet = board.fleet
    row = fleet.index.get(unit_id)
    if row is None:
        return None
    is_sure = fleet.arc[row] >= 0 and not fleet.uncertainty_m[row]
    place = (float(fleet.lat[row]), float(fleet.lon[row])) if is_sure else None
    return Marker(int(fleet.fix_at_ms[row]), place)


def _named_calls(records: list[Record], incident_id: str) -> list[str]:
    """Calls that were with an incident at any time."""
    events = (event for record in records for event in record.events)
    found: dict[str, None] = {}
    for event in events:
        is_about = getattr(event, "incident_id", "") == incident_id
        if is_about and (call_id := getattr(event, "call_id", "")):
            found[call_id] = None
    return list(found)
