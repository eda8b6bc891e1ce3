"""What every planning model takes and gives (求解约定): progress, a way to stop, an answer.

A model is a function of its problem and nothing else: the same problem gives the same answer. How
long it took is measured by whoever asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

import msgspec

DEFAULT_GAP: Final = 1e-4
"""A proof to within this share is good enough unless asked for more."""


class Progress(msgspec.Struct, frozen=True):
    """How far a solver is (求解进度): the best value, what no plan can beat, branches looked at."""

    value: float
    bound: float
    n_nodes: int


Watch: TypeAlias = Callable[[Progress], bool]
"""Told of progress; answers whether to go on."""


class SiteReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a site is in the plan (选址理由).

    marginal: what the plan would lose, in units of its value, if this site alone were missing.
    served: weight of the demand that this site serves, as the model counts serving.
    """

    site: int
    marginal: float
    served: float


class Solved(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a model (求解结果).

    sites: those to open, in ascending order. bound: no plan can be better. gap: between the two, as
    a share of the value; 0 if proven optimal. is_proven: within the gap that was asked for.
    """

    sites: tuple[int, ...]
    value: float
    bound: float
    gap: float
    is_proven: bool
    n_nodes: int
    reasons: tuple[SiteReason, ...]


def gap_of(value: float, bound: float) -> float:
    """How far a value may be from the best, as a share of itself (最优性间隙)."""
    if value == bound:
        return 0.0
    return abs(value - bound) / max(abs(value), 1e-12)


def go_on(_progress: Progress) -> bool:
    """Never stop."""
    return True


def turned(watch: Watch) -> Watch:
    """A watch of what is to be great, for a solver that makes the negative of it small."""
    if watch is go_on:
        return go_on
    return lambda seen: watch(Progress(-seen.value, -seen.bound, seen.n_nodes))
