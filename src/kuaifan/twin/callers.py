"""Simulated callers (仿真报警人): each call of the file rings at its time, and some give up."""

from __future__ import annotations

from typing import Final

from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.twin.draws import Stage
from kuaifan.twin.offices import CALLER
from kuaifan.twin.world import SimCall, World
from kuaifan.vocabulary.call import CallRegistered, HangUpCall, RegisterCall
from kuaifan.vocabulary.lines import CHANNELS

NUMBER_SPACE: Final = 10_000_000
FEW_NUMBERS: Final = 40
"""Nuisance comes again and again from the same few numbers."""
COUNTER: Final = "counter"
"""Where somebody who walks in is heard, while no seat is idle."""


class Callers:
    """Posts one call after the other, so that the heap stays small (仿真报警人)."""

    hears = (CallRegistered,)

    def __init__(self, world: World) -> None:
        self._world = world
        self.n_rang = 0

    def start(self) -> None:
        """Schedule the first call."""
        self._schedule(0)

    def resume(self) -> None:
        """Go on with the first call that lies ahead; what was dropped meanwhile never rang."""
        now_ms = self._world.agenda.now_ms()
        # The clock may stand at the very moment of the last call of the log: that one has rung.
        self._schedule(self._world.stories.first_after(now_ms + 1))
        for call_id in self._world.board.ringing:
            story = self._world.find_story(call_id)
            if story is not None and story.patience_ms is not None:
                self._give_up_later(call_id, story.patience_ms, now_ms)

    def follow(self, record: Record) -> None:
        """Schedule the next call once one rings; who has little patience hangs up again."""
        if not record.actor.startswith(CALLER):
            return
        for event in record.events:
            if type(event) is CallRegistered:
                self.n_rang += 1
                self._schedule(int(record.actor[len(CALLER) :]) + 1)
                story = self._world.find_story(event.call_id)
                if story is not None and story.patience_ms is not None:
                    self._give_up_later(event.call_id, story.patience_ms, record.at_ms)

    def _schedule(self, call_no: int) -> None:
        sim_call = self._world.stories.find(call_no)
        if sim_call is not None:
            self._world.agenda.put(
                lambda _at_ms: self._ring(call_no, sim_call),
                actor=f"{CALLER}{call_no}",
                at_ms=sim_call.at_ms,
            )

    def _ring(self, call_no: int, sim_call: SimCall) -> Command:
        number = f"000{self._number(call_no, sim_call):08d}"
        if CHANNELS[sim_call.line].rings:
            return RegisterCall(line=sim_call.line, caller_number=number)
        return RegisterCall(line=sim_call.line, caller_number=number, seat_id=self._counter())

    def _number(self, call_no: int, sim_call: SimCall) -> int:
        """No number of the public plan begins with 000, so none can be somebody's."""
        space = FEW_NUMBERS if sim_call.kind == "nuisance" else NUMBER_SPACE
        return int(self._world.chance(call_no, Stage.NUMBER) * space)

    def _counter(self) -> str:
        """The seat that has been idle longest takes down who comes to the counter."""
        idle = (s for s in self._world.board.desk_seats.values() if s.state == "idle")
        found = min(idle, key=lambda s: (s.since_ms, s.seat_id), default=None)
        return COUNTER if found is None else found.seat_id

    def _give_up_later(self, call_id: str, patience_ms: int, at_ms: int) -> None:
        if call_id not in self._world.board.ringing:
            return

        def give_up(_at_ms: int) -> Command | None:
            rings = call_id in self._world.board.ringing
            return HangUpCall(call_id=call_id) if rings else None

        self._world.agenda.put(
            give_up, actor=f"{CALLER}{call_id}:gives_up", at_ms=at_ms + patience_ms
        )
