"""What must hold whatever happens (不变量): looked at after every step of a simulation.

The oracle remembers what was answered, and holds it against the log as any reader finds it. Its
own book of timers is kept apart from the engine's.
"""

from __future__ import annotations

from simulated_process import MAX_INPUTS, REFERENCE, RING_KEPT, RULES
from toy_city import image

from kuaifan.app.build import build_id
from kuaifan.app.replay import Replay
from kuaifan.app.rules import core_codec, new_board
from kuaifan.board.views import Views
from kuaifan.kernel.message import TimerCancelled, TimerSet
from kuaifan.kernel.record import Record
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover
from kuaifan.store.verify import verify_log


class BrokenPromiseError(AssertionError):
    """An invariant does not hold."""


def promise(holds, sentence):
    """Raise unless it holds."""
    if not holds:
        raise BrokenPromiseError(sentence)


class TimerBook:
    """Which timers have to fire next, told from the events alone."""

    def __init__(self):
        self.pending, self._n_set = {}, 0

    def take(self, item):
        """Hold the next item of the log against the book."""
        timer_id = getattr(item, "timer_id", None)
        if timer_id is None:
            late = [name for name, (due, _) in self.pending.items() if due <= item.at_ms]
            promise(not late, f"input {item.input_no} at {item.at_ms} came before {late[:3]}")
        else:
            promise(timer_id in self.pending, f"timer {timer_id} fired twice (seq {item.seq})")
            due_at_ms, _ = self.pending[timer_id]
            promise(due_at_ms <= item.at_ms, f"timer {timer_id} fired too early")
            first = min(self.pending.values())
            promise(self.pending[timer_id] == first, f"timer {timer_id} fired before its turn")
            del self.pending[timer_id]
        for event in getattr(item, "events", ()):
            if isinstance(event, TimerSet):
                self.pending[event.timer_id] = (event.due_at_ms, self._n_set)
                self._n_set += 1
            elif isinstance(event, TimerCancelled):
                self.pending.pop(event.timer_id, None)


class Oracle:
    """Knows what was promised in all lives of a desk so far."""

    def __init__(self, world):
        self._world = world
        self.answers: dict[tuple[str, str], Record] = {}
        self._new_answers: list[Record] = []
        self._decided: dict[int, Record] = {}
        self._shown, self._store = (0, 0), None
        self.n_answers = self.n_retried = self.n_checks = 0

    # --- told as it happens ------------------------------------------------------------------

    def decided(self, record):
        """The engine handed a record to the journal; one that was lost is decided anew."""
        self._decided[record.seq] = record

    def became_durable(self, records):
        """The writer says so."""
        for record in records:
            promise(self._decided[record.seq] == record, f"seq {record.seq} is another record")

    def answered(self, sender, record):
        """Somebody was told that it is done."""
        process = self._world.process
        promise(not self._world.disk.is_dead, "a dead process acknowledged")
        promise(process.writer._failure is None, "a refused disk acknowledged")
        self.n_answers += 1
        known = self.answers.get(sender)
        if known is not None:
            self.n_retried += 1
            promise(known == record, f"{sender} was answered seq {known.seq}, then {record.seq}")
        self.answers[sender] = record
        self._new_answers.append(record)

    # --- looked at after every step ----------------------------------------------------------

    def check_step(self):
        """What can be seen in a moment."""
        process = self._world.process
        new, self._new_answers = self._new_answers, []
        if process is None:
            return
        for record in new:
            stored = find_record(process.journal.reader, record.seq)
            promise(stored == record, f"seq {record.seq} was acknowledged and is not in the log")
        self._check_shown(process.store)
        promise(process.live.inbox._queue.qsize() <= MAX_INPUTS + 3, "the inbox has no bound")
        promise(len(process.store._ring) <= RING_KEPT, "the ring of changes has no bound")
        self._world.people.check_bounds()

    def _check_shown(self, store):
        """What is shown never goes back; its time may, but only where a process was killed."""
        seq, at_ms = self._shown
        promise(store.cursor.seq >= seq, f"the screens went back from seq {seq}")
        if store is self._store:
            promise(store.at_ms >= at_ms, "the time on the screens went back")
        self._store, self._shown = store, (store.cursor.seq, store.at_ms)

    def check_views(self):
        """The rows on the screens are those of the board; with everything durable."""
        process = self._world.process
        process.feed._tick_at_s = 0.0
        process.feed._between()
        fresh = Views()
        fresh.load(process.board, process.now_ms(), process.feed._views.recommendations)
        cursor, rows = process.store.snapshot()
        shown = {(view, key): row for view in rows for key, row in rows[view].items()}
        promise(cursor.seq == process.state.head.seq, "something durable is not shown")
        odd = [
            place for place in {*shown, *fresh.rows} if shown.get(place) != fresh.rows.get(place)
        ]
        promise(not odd, f"snapshot + changes is not a fresh snapshot: {sorted(odd)[:3]}")

    def check_log(self):
        """The whole log, as any reader finds it."""
        self.n_checks += 1
        report = verify_log(self._world.log)
        promise(report.ok, f"the chain does not verify: {report.reason}")
        with LogReader(self._world.log, core_codec()) as reader:
            self._walk(reader)

    def check_recovery(self):
        """A restart now would find what is live; with everything durable."""
        process = self._world.process
        live = picture(process.state)
        for build in ("", build_id()):
            with LogReader(self._world.log, core_codec()) as reader:
                found = picture(recover(reader, RULES, lambda: new_board(REFERENCE), build=build))
            promise(found == live, f"recovery (snapshot: {bool(build)}) is not the live state")

    def check_replay(self):
        """Decided again from its inputs, the log comes out the same."""
        report = Replay(self._world.log, REFERENCE).run()
        promise(report.identical, f"replay differs: {report.first_difference}")
        with LogReader(self._world.log, core_codec()) as reader:
            promise(reader.content_hash() == report.content_hash, "the content hash differs")

    def _walk(self, reader):
        timers, senders, found = TimerBook(), set(), {}
        seq = input_no = at_ms = 0
        for item in reader.read_items():
            promise(item.at_ms >= at_ms, f"time went back at input {item.input_no}")
            at_ms = item.at_ms
            timers.take(item)
            if not isinstance(item, Record):
                promise(item.input_no == input_no + 1, f"input {input_no + 1} is missing")
                input_no = item.input_no
                continue
            promise(item.seq == seq + 1, f"seq {seq + 1} is missing")
            promise(item.input_no - input_no in {0, 1}, f"input {input_no + 1} is missing")
            seq, input_no = item.seq, item.input_no
            promise(item.fault is None, f"a rule broke at seq {seq}: {item.fault}")
            if item.key is not None:
                sender = (item.actor, item.key)
                promise(sender not in senders, f"{sender} was decided twice")
                senders.add(sender)
                found[sender] = item
        for sender, record in self.answers.items():
            promise(found.get(sender) == record, f"{sender} was acknowledged and is lost")


def picture(state):
    """All that is folded; of the timers their order, for a snapshot numbers them anew."""
    board, ringing, coverage, _, head = image(state)
    timers = [(each.due_at_ms, each.timer_id, each.command) for each in state.timers.save()]
    return board, ringing, coverage, timers, head


def find_record(reader, seq):
    """A record as it is stored, None where it is not."""
    try:
        return reader.get_record(seq)
    except KeyError:
        return None
