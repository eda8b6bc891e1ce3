"""What simulated people share (仿真世界): the calls, the inbox, the board as they may read it.

They act only by commands and fixes, as `sim:` actors; they never touch the board.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from kuaifan.board.state import Board
from kuaifan.kernel.inbox import SimInbox
from kuaifan.kernel.record import Record
from kuaifan.twin.draws import Stage, lognormal_ms, uniform
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.call import Line

CALLER: Final = "sim:caller:"


class SimCall(msgspec.Struct, frozen=True, kw_only=True):
    """One call of the call file (仿真来电): when, of what kind, where; service_ms if recorded."""

    at_ms: int
    type_code: str
    lat: float
    lon: float
    line: Line = "110"
    service_ms: int | None = None


class World:
    """Everything the actors know (仿真世界).

    read_board: the engine's board; it is replaced when a rule breaks, hence a function.
    """

    def __init__(
        self,
        sim_calls: Sequence[SimCall],
        inbox: SimInbox,
        read_board: Callable[[], Board],
        *,
        seed: int,
    ) -> None:
        self.sim_calls, self.inbox, self.seed = sim_calls, inbox, seed
        self._read_board = read_board
        self.call_nos: dict[str, int] = {}
        self.incident_call_nos: dict[str, int] = {}

    @property
    def board(self) -> Board:
        """The board as of now; to be read only."""
        return self._read_board()

    def follow(self, record: Record) -> None:
        """Remember which call of the file became which call and incident."""
        for event in record.events:
            if isinstance(event, calls.CallRegistered):
                self.call_nos[event.call_id] = int(record.actor.removeprefix(CALLER))
            elif isinstance(event, incidents.IncidentOpened) and event.call_id:
                self.incident_call_nos[event.incident_id] = self.call_nos[event.call_id]

    def draw_ms(
        self, call_no: int, stage: Stage, *, median_s: float, sigma: float, extra: int = 0
    ) -> int:
        """Duration of a stage of a call, the same in every run of this seed."""
        luck = uniform(self.seed, call_no, stage, extra)
        return lognormal_ms(luck, median_s=median_s, sigma=sigma)

    def chance(self, call_no: int, stage: Stage, extra: int = 0) -> float:
        """Uniform draw of a stage of a call."""
        return uniform(self.seed, call_no, stage, extra)
