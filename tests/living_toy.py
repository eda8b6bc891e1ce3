"""The toy city alive (活的玩具城): simulated people on the live agenda, on a clock that tests move.

No thread and no waiting: `run_until` sets the clock to the next thing planned and takes a step.
"""

from __future__ import annotations

import threading

from memory_journal import MemoryJournal
from toy_city import START_MS, toy_reference
from twin_runs import ZONE, Told

from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.app.served_seats import list_actors
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import SteadyClock
from kuaifan.kernel.record import Sighting
from kuaifan.twin.life import CityLife, LifeWish
from kuaifan.twin.live_agenda import LiveAgenda
from kuaifan.twin.world import CallFileStories

MINUTE_MS = 60_000
N_STEPS_MAX = 200_000


class Tales(CallFileStories):
    """The calls of a list; who was left ringing by a restart tells the first of them."""

    def invent(self, luck_no, _at_ms):
        """Some call of the list."""
        return self._sim_calls[luck_no % len(self._sim_calls)]


class LivingToy:
    """A desk with city life on the toy city, from the start or from what a journal holds.

    plugins: none, so that what is told of the core holds whatever seats are installed.
    """

    def __init__(self, sim_calls, *, journal=None, seed=1, n_seats=3, plugins=()):
        self.reference, self.rules = toy_reference(), core_rulebook(plugins)
        self.journal = journal or MemoryJournal()
        state = self.journal.restore(self.rules, lambda: new_board(self.reference, plugins))
        self._start_ms = state.head.at_ms or START_MS
        self._now_s = 0.0
        clock = SteadyClock(
            start_ms=self._start_ms, wall=lambda: 0.0, monotonic=lambda: self._now_s
        )
        self.agenda = LiveAgenda(clock)
        self.engine = Engine(
            state, self.rules, core_codec(plugins), self.agenda, self.journal, restore=lambda: state
        )
        self.life = CityLife(
            self.engine,
            self.agenda,
            Tales(sim_calls),
            seed=seed,
            zone=ZONE,
            n_seats=n_seats,
            seat_actors=list_actors(plugins),
        )
        self.life.begin()

    @property
    def board(self):
        """The board as of the last input."""
        return self.engine.board

    @property
    def now_ms(self):
        """The time of the clock."""
        return self.agenda.now_ms()

    @property
    def told(self):
        """Everything that the journal holds."""
        sightings = [item for item in self.journal.items if isinstance(item, Sighting)]
        return Told(records=self.journal.records, sightings=sightings)

    def run_minutes(self, minutes):
        """Let so many minutes pass."""
        self.run_until(self.now_ms + minutes * MINUTE_MS)

    def run_until(self, at_ms):
        """Do everything that is planned or due until a moment."""
        for _ in range(N_STEPS_MAX):
            next_ms = self._next_ms()
            if next_ms is None or next_ms > at_ms:
                self._set_clock(at_ms)
                return
            self._set_clock(next_ms)
            self.engine.step()
        raise AssertionError("the city does not come to rest")

    def do(self, command, *, actor="desk"):
        """A person's command, decided at once."""
        ticket, answers = self.agenda.put(command, actor=actor), []
        ticket.when_done(lambda record, _error: answers.append(record))
        while not answers:
            self.engine.step()
        return answers[0]

    def change(self, **wish):
        """Switch people on and off from another thread, as the web does."""
        changed = []

        def work():
            changed.append(self.life.change(LifeWish(**wish)))
            self.agenda.wake()

        worker = threading.Thread(target=work)
        worker.start()
        while not changed:
            self.engine.step()
        worker.join()
        return changed[0]

    def _next_ms(self):
        planned = [self.agenda._planned[0][0]] if self.agenda._planned else []
        due = self.engine.state.timers.find_next()
        return min([*planned, *([due.due_at_ms] if due else [])], default=None)

    def _set_clock(self, at_ms):
        # A little more, so that the milliseconds are not rounded down to one less.
        self._now_s = max(self._now_s, (at_ms - self._start_ms) / 1000 + 1e-6)
