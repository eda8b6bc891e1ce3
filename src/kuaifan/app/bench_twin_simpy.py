"""The basic twin in SimPy (通用仿真库对照): for its speed beside ours, in the same run.

SimPy (MIT) is needed to develop only; importing this module without it raises ModuleNotFoundError.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator

import numpy as np
import simpy
from numpy.typing import NDArray


def run_simpy(
    at_ms: NDArray[np.int64],
    place: NDArray[np.int64],
    busy_ms: NDArray[np.int64],
    travel_ms: NDArray[np.int32],
) -> list[int]:
    """Which unit serves each call: the nearest free one, as `run_basic` has it."""
    times, drives, scenes = at_ms.tolist(), travel_ms.tolist(), busy_ms.tolist()
    places, unit_of = place.tolist(), [-1] * len(at_ms)
    environment, free = simpy.Environment(), set(range(travel_ms.shape[1]))
    waiting: deque[simpy.Event] = deque()

    def call(number: int) -> Generator[simpy.Event, int, None]:
        row = drives[places[number]]
        if free:
            unit = min(free, key=lambda each: (row[each], each))
            free.remove(unit)
        else:
            turn = environment.event()
            waiting.append(turn)
            unit = yield turn
        unit_of[number] = unit
        yield environment.timeout(row[unit])
        yield environment.timeout(scenes[number])
        if waiting:
            waiting.popleft().succeed(unit)
        else:
            free.add(unit)

    def ring() -> Generator[simpy.Event, None, None]:
        for number, time_ms in enumerate(times):
            yield environment.timeout(time_ms - environment.now)
            environment.process(call(number))

    environment.process(ring())
    environment.run()
    return unit_of
