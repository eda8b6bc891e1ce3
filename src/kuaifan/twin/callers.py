"""Simulated callers (仿真报警人): each call of the file rings at its time."""

from __future__ import annotations

from typing import Final

from kuaifan.kernel.record import Record
from kuaifan.twin.draws import Stage
from kuaifan.twin.world import CALLER, World
from kuaifan.vocabulary.call import CallRegistered, RegisterCall

NUMBER_SPACE: Final = 10_000_000


class Callers:
    """Posts one call after the other, so that the heap stays small (仿真报警人)."""

    def __init__(self, world: World) -> None:
        self._world = world

    def start(self) -> None:
        """Schedule the first call."""
        self._schedule(0)

    def resume(self) -> None:
        """Go on with the first call that lies ahead; what was dropped meanwhile never rang."""
        # The clock may stand at the very moment of the last call of the log: that one has rung.
        self._schedule(self._world.stories.first_after(self._world.agenda.now_ms() + 1))

    def follow(self, record: Record) -> None:
        """Schedule the next call once one rings."""
        if record.actor.startswith(CALLER) and any(
            isinstance(event, CallRegistered) for event in record.events
        ):
            self._schedule(int(record.actor.removeprefix(CALLER)) + 1)

    def _schedule(self, call_no: int) -> None:
        world = self._world
        sim_call = world.stories.find(call_no)
        if sim_call is None:
            return
        # No number of the public plan begins with 000, so none can be somebody's.
        number = int(world.chance(call_no, Stage.NUMBER) * NUMBER_SPACE)
        ring = RegisterCall(line=sim_call.line, caller_number=f"000{number:08d}")
        world.agenda.put(ring, actor=f"{CALLER}{call_no}", at_ms=sim_call.at_ms)
