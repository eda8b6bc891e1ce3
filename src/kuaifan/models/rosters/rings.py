"""A flow through the net of days, cut into closed ways (轮班环): each a roster that goes round."""

from __future__ import annotations

from collections import defaultdict
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from .days import DAYS, OFF, DayNet

Ring: TypeAlias = tuple[tuple[str, ...], ...]
"""Weeks of seven days each, by the shift's name; "" for a day off."""
Node: TypeAlias = tuple[int, int]
Leaving: TypeAlias = dict[Node, list[tuple[int, Node]]]


def make_rings(net: DayNet, flow: NDArray[np.int64], names: list[str]) -> tuple[Ring, ...]:
    """Euler circuits of a circulation (Hierholzer, 1873); as few as hang together."""
    leaving: Leaving = defaultdict(list)
    for step, n_crews in zip(net.steps, flow.tolist(), strict=True):
        way = (step.shift, ((step.day + 1) % DAYS, step.target))
        leaving[step.day, step.origin] += [way] * n_crews
    rings = []
    for state in range(net.n_states[0]):
        while leaving[0, state]:
            days = _go_round(leaving, (0, state))
            words = ["" if shift == OFF else names[shift] for shift in days]
            rings.append(tuple(tuple(words[k : k + DAYS]) for k in range(0, len(words), DAYS)))
    return tuple(rings)


def _go_round(leaving: Leaving, start: Node) -> list[int]:
    """The shifts of one circuit through all that hangs together with a Monday."""
    stack: list[tuple[int, Node]] = [(OFF, start)]
    circuit = []
    while stack:
        _, node = stack[-1]
        if leaving[node]:
            stack.append(leaving[node].pop())
        else:
            circuit.append(stack.pop()[0])
    # The first entry is where the walk began, not a day; the rest comes out last day first.
    return circuit[-2::-1] if len(circuit) > 1 else []
