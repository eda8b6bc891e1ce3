"""A twin run (孪生运行): simulated people on the real engine, until the last incident is closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

from kuaifan.board.state import Board
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import SimInbox
from kuaifan.kernel.record import Record
from kuaifan.roads.lines import ArcLines
from kuaifan.twin.agencies import Agencies
from kuaifan.twin.audience import Audience
from kuaifan.twin.call_takers import CallTakers
from kuaifan.twin.callers import Callers
from kuaifan.twin.crews import Crews
from kuaifan.twin.desk_work import DeskWork
from kuaifan.twin.dispatcher import Dispatcher
from kuaifan.twin.duplicates import Duplicates
from kuaifan.twin.figures import RunFigures, Tally
from kuaifan.twin.left_open import Forgetful, LeftOpen
from kuaifan.twin.radios import MOVING_EVERY_MS, Radios
from kuaifan.twin.reviewer import Reviewer
from kuaifan.twin.seat_people import SeatActor, SeatPeople
from kuaifan.twin.shifts import Shifts
from kuaifan.twin.watch_room import WatchRoom
from kuaifan.twin.world import Agenda, CallFileStories, SimCall, World

LEAD_MS: Final = 3_600_000
"""Shifts begin an hour before the first call, so that nobody is sent from an empty city."""
PATIENCE_MS: Final = 14 * 86_400_000
"""What is not closed two weeks after the last call is reported as open, not waited for."""
STEPS_PER_REPORT: Final = 20_000


class TwinRun:
    """One run of the engine twin (孪生运行).

    engine: on a `SimInbox` that stands before the first call. sim_calls: sorted by time. left: who
    is dealt with by nobody, for a run that tries the clearing. fix_every_ms: between two fixes of
    a moving car.
    """

    def __init__(  # noqa: PLR0913 - the engine, its calls and how a run is made
        self,
        engine: Engine[Board],
        inbox: SimInbox,
        sim_calls: Sequence[SimCall],
        *,
        seed: int,
        zone: ZoneInfo,
        n_seats: int = 8,
        seat_actors: Sequence[SeatActor] = (),
        left: LeftOpen | None = None,
        fix_every_ms: int = MOVING_EVERY_MS,
    ) -> None:
        self._engine, self._inbox, self._sim_calls = engine, inbox, sim_calls
        lines = ArcLines(engine.board.reference.network)
        lines.load_kernel()
        stories = CallFileStories(sim_calls)
        agenda: Agenda = inbox if left is None else Forgetful(inbox, left, lambda: engine.board)
        world = World(stories, agenda, lambda: engine.board, seed=seed)
        radios = Radios(inbox, lines, silent_units(engine.board), every_ms=fix_every_ms)
        self._callers, self._shifts = Callers(world), Shifts(world, zone)
        self._call_takers = takers = CallTakers(world, zone, n_seats=n_seats)
        crews = Crews(world, radios, lines)
        desk = (Dispatcher(world), DeskWork(world), Duplicates(world), WatchRoom(world))
        street = (crews.scenes, crews, Agencies(world), self._shifts)
        self.tally = Tally()
        special = SeatPeople(world, seat_actors)
        seats = (takers.seating, takers, *desk, Reviewer(world), special)
        people = (world, self._callers, *seats, *street)
        self._audience = Audience(people)
        engine.watchers.append(self._follow)
        engine.sighting_watchers.append(self.tally.count_fixes)

    def run(
        self, progress: Callable[[int, int], None] | None = None, *, until_ms: int | None = None
    ) -> RunFigures:
        """Run to the last incident closed; progress gets (incidents closed, calls in all).

        until_ms: to that moment instead, whatever is closed or open then.
        """
        if not self._sim_calls:
            return self.tally.figures()
        self._shifts.start(self._inbox.now_ms())
        self._call_takers.start(self._inbox.now_ms())
        self._callers.start()
        last_ms, n_steps = self._sim_calls[-1].at_ms + PATIENCE_MS, 0
        step, now_ms, n_calls = self._engine.step, self._inbox.now_ms, len(self._sim_calls)
        while now_ms() <= last_ms if until_ms is None else now_ms() < until_ms:
            has_rung = until_ms is None and self._callers.n_rang >= n_calls
            if has_rung and self.tally.is_done():
                break
            if progress is not None and n_steps % STEPS_PER_REPORT == 0:
                progress(self.tally.events["IncidentClosed"], len(self._sim_calls))
            step()
            n_steps += 1
        return self.tally.figures()

    def _follow(self, record: Record) -> None:
        """Count the record, then tell it to whom it concerns."""
        kinds = tuple(map(type, record.events))
        self.tally.count_row(self._engine.state.board, record, kinds)
        self._audience.tell(record, kinds)


def silent_units(board: Board) -> frozenset[str]:
    """Units whose position no satellite tells."""
    return frozenset(unit.unit_id for unit in board.units.values() if not unit.has_gps)


def start_of(sim_calls: Sequence[SimCall]) -> int:
    """Where the clock of a run over these calls begins."""
    return sim_calls[0].at_ms - LEAD_MS if sim_calls else 0
