"""Keeps the desk's clock near the wall's (时钟守护): a jump is logged, never followed at once.

Our time is monotonic. When somebody sets the machine's clock, the difference is written down and
then made good by half a percent of speed, so that no timer falls due twice or not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from kuaifan.kernel.inbox import SteadyClock
from kuaifan.kernel.message import Command, NoteClockStep

JUMP_MS: Final = 2_000
CLOSE_ENOUGH_MS: Final = 50
SLEW: Final = 0.005


class ClockWatch:
    """Looks at both clocks between two inputs (时钟守护), where ours runs at the wall's speed.

    submit: hands in the note of a jump.
    """

    def __init__(self, clock: SteadyClock, submit: Callable[[Command], object]) -> None:
        self._clock, self._submit = clock, submit
        self._last_ms = clock.behind_ms()

    def __call__(self) -> None:
        """Note a jump, and go a little faster or slower while we are apart."""
        behind_ms = self._clock.behind_ms()
        jump_ms, self._last_ms = behind_ms - self._last_ms, behind_ms
        if abs(jump_ms) > JUMP_MS:
            self._submit(NoteClockStep(step_ms=jump_ms))
        wanted = 1.0
        if abs(behind_ms) > CLOSE_ENOUGH_MS:
            wanted += SLEW if behind_ms > 0 else -SLEW
        if self._clock.speed != wanted:
            self._clock.set_speed(wanted)
