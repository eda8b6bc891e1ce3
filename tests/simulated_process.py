"""One life of the serving process (仿真进程): the real engine, writer, feed and pump, no thread.

From start to crash. What the threads of a desk do is done here by steps: `decide` one turn of the
engine, `write` one group of the log, `show` what became visible.
"""

from __future__ import annotations

import contextlib

import apsw
from msgspec.structs import replace
from toy_city import toy_reference

from kuaifan.app.build import build_id
from kuaifan.app.clock_watch import ClockWatch
from kuaifan.app.live import LiveEngine
from kuaifan.app.rules import core_rulebook
from kuaifan.app.view_feed import ViewFeed
from kuaifan.gateway.fixes import FixMatcher, Marker
from kuaifan.kernel.inbox import LiveInbox, SteadyClock
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.ticket import Ticket
from kuaifan.roads.matching import Matcher
from kuaifan.store.log_error import STORE_FAULTS
from kuaifan.store.opening import open_log
from kuaifan.store.snapshots import take_snapshot
from kuaifan.store.writer import Writer
from kuaifan.web.stream import Pump
from kuaifan.web.view_store import ViewStore

MAX_INPUTS = 12
MAX_QUEUED = 6
RING_KEPT = 60
REFERENCE = toy_reference()
RULES = core_rulebook()


class SimClock(SteadyClock):
    """A clock that nobody waits for: time passes when the simulation says so."""

    def seconds_until(self, _at_ms):
        return 0.0


class NowInbox(LiveInbox):
    """An inbox in which nobody waits for an arrival."""

    def receive(self, until_ms):
        return super().receive(0 if until_ms is None else until_ms)


class _Inline:
    """Stands for the writer's thread: what it would do at the end is done by who joins it."""

    def __init__(self, writer):
        self._writer = writer

    def join(self):
        if self._writer._failure is None:
            self._writer._run()


class SteppedWriter(Writer):
    """The log's writer, a group at a time; made by open_log, which hands it world and faults."""

    world = None

    def start(self):
        self._thread = _Inline(self)

    def now_s(self):
        return self.world.mono_s

    def wait_for(self, ticket, _timeout_s):
        self.drain()
        return ticket.wait(0)

    @property
    def n_waiting(self):
        return len(self._items)

    def write_group(self):
        """Write one group; False when there was nothing to do, or nothing can be done."""
        if self._failure is not None or not self._items or not self._is_ready():
            return False
        with contextlib.suppress(*STORE_FAULTS, OSError, StorageError):
            self._write(self._take())
        return True

    def drain(self):
        while self.write_group():
            pass

    def _note_head(self):
        self.world.disk.check_file()
        super()._note_head()


class SimEngine(LiveEngine):
    """The live engine over a stepped writer."""

    writer_type = SteppedWriter

    def open_journal(self, log, codec, options):
        return open_log(
            log, codec, replace(options, make_writer=self.writer_type, learns_keys=False)
        )

    def _recover(self):
        return self.world.faults.recovered(super()._recover())


class Process:
    """A desk from its start until it is killed."""

    def __init__(self, world, store: ViewStore):
        self.world, self.store = world, store
        writer_type = type("BoundWriter", (world.faults.writer_type,), {"world": world})
        engine_type = type("Bound", (SimEngine,), {"world": world, "writer_type": writer_type})
        self.live = engine_type(
            world.log, REFERENCE, make_inbox=self._make_inbox, rules=RULES, city_path="toy"
        )
        self.journal = self.live.journal
        self.writer = self.journal._writer
        try:
            self._wire(world)
        except BaseException:
            self.close()
            raise

    def _wire(self, world):
        world.faults.spoil(self)
        clock = self.live.inbox.clock
        watch = ClockWatch(clock, lambda note: self.live.submit(note, actor="clock"))
        self.live.between_inputs.append(watch)
        self.feed = ViewFeed(self.live, self.store, lambda: world.mono_s)
        self.fixes = FixMatcher(Matcher(REFERENCE.snapper), self._marker)
        self.pump = Pump(self.store, lambda: (self.now_ms(), 1.0), MAX_QUEUED)
        self.live.engine.watchers.append(world.oracle.decided)
        self.journal.listeners.append(world.oracle.became_durable)
        self.is_over = False
        self.live.announce()

    def _make_inbox(self, last_at_ms):
        clock = SimClock(wall=self.world.wall, monotonic=self.world.monotonic)
        if clock.now_ms() < last_at_ms:
            clock = SimClock(
                start_ms=last_at_ms, wall=self.world.wall, monotonic=self.world.monotonic
            )
        return NowInbox(clock, max_inputs=MAX_INPUTS)

    @property
    def board(self):
        return self.live.engine.board

    @property
    def state(self):
        return self.live.engine.state

    def now_ms(self):
        return max(self.live.inbox.now_ms(), self.state.head.at_ms)

    def decide(self):
        """One turn of the engine; False when there was nothing, or the disk has refused."""
        try:
            return self.live.turn()
        except StorageError as error:
            self._end(error)
            return False

    def write(self):
        """One group of the log."""
        return self.writer.write_group()

    def show(self):
        """What became visible goes into the queues of the screens."""
        self.pump._send_entries()

    def settle(self):
        """Decide and write until nothing is left to do now."""
        while not self.is_over and (self.decide() or self.write()):
            pass
        if not self.is_over:
            with contextlib.suppress(StorageError):
                # A batch of positions waits for what comes after it, unless it is asked for.
                self.journal.flush()
        self.show()

    def save_snapshot(self):
        """Store a snapshot, without the thread that would seal it."""
        taken = take_snapshot(self.state, build_id(), self.live.engine.codec.encode)
        ticket = Ticket()
        self.journal._store_snapshot(taken, ticket)

    def close(self):
        """Close it all, as far as the disk lets us."""
        with contextlib.suppress(StorageError, OSError, *STORE_FAULTS, apsw.Error):
            self.journal.close()

    def kill(self):
        """The end without a word; only what the operating system would take back is given back."""
        self.writer._fail("killed", [])
        self.close()

    def _end(self, error):
        """As the engine's thread ends: whoever waits is told."""
        self.is_over = True
        self.live.error, self.live._is_running = error, False
        self.live._refuse_waiting()
        self.live._answer_asked()

    def _marker(self, unit_id):
        fleet = self.board.fleet
        row = fleet.index.get(unit_id)
        if row is None:
            return None
        is_sure = fleet.arc[row] >= 0 and not fleet.uncertainty_m[row]
        place = (float(fleet.lat[row]), float(fleet.lon[row])) if is_sure else None
        return Marker(int(fleet.fix_at_ms[row]), place)
