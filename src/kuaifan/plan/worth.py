"""Rows of what the best site near a demand is worth (按价值覆盖): cover that fades, in steps.

A demand that sites are worth a₁ > a₂ > … to is a row of a₁ - a₂ for the best sites alone, one of
a₂ - a₃ for those and the next, and so on: whatever plan is made, the rows it covers add up to what
its best site is worth. So a cover that fades, or that comes in rings, is an ordinary maximal cover
of more rows (Church, R. L. and Roberts, K. L. (1983), Papers of the Regional Science Association
53, 117; the nested form is the radius formulation of Cornuéjols, Nemhauser and Wolsey, 1980).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import WORD_BITS, Covering, cover_by_keys
from kuaifan.plan.siting import ProblemError

Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
MAX_ROWS: Final = 3_000_000
FEW_LEVELS: Final = 16


def cover_by_worth(worth: Floats, weight: Floats) -> Covering:
    """Rows by sites from worth (sites, demands) in 0 to 1; 0 is no cover."""
    levels = np.unique(worth[worth > 0])
    rows = (
        _by_level(worth, weight, levels) if len(levels) <= FEW_LEVELS else _by_demand(worth, weight)
    )
    keys, sums = rows
    return cover_by_keys(keys, sums, len(worth))


def pack_sites(covers: NDArray[np.bool_]) -> Words:
    """Sets of sites, (sets, sites), as words of bits."""
    n_words = max(1, -(-covers.shape[1] // WORD_BITS))
    bits = np.zeros((len(covers), n_words * WORD_BITS), np.bool_)
    bits[:, : covers.shape[1]] = covers
    packed = np.packbits(bits, axis=1, bitorder="little")
    return np.ascontiguousarray(packed).view("<u8").astype(np.uint64)


def fade(full: float, nothing: float) -> Callable[[Floats], Floats]:
    """Worth by cost (线性衰减): all up to `full`, none from `nothing` on, a line between."""
    if not 0 <= full < nothing < np.inf:
        raise ProblemError(
            f"cover is full up to {full:g} and nothing from {nothing:g} on: "
            "give two numbers, the first smaller and not below 0"
        )
    return lambda cost: np.clip((nothing - cost) / (nothing - full), 0.0, 1.0)


def steps(pairs: Sequence[tuple[float, float]]) -> Callable[[Floats], Floats]:
    """Worth by cost (阶梯衰减): of the first limit that a cost is within; pairs of limit, worth."""
    if not pairs:
        raise ProblemError(
            "no step is given: give pairs of a limit and what cover within it is worth"
        )
    limits, values = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    for (limit, value), (after, less) in pairwise(pairs):
        if not (limit < after and value > less):
            raise ProblemError(
                f"the step of {limit:g} at {value:g} comes before that of {after:g} at {less:g}: "
                "limits must rise and what they are worth must fall"
            )
    if limits[0] <= 0 or limits[-1] >= np.inf or values[-1] <= 0 or values[0] > 1:
        raise ProblemError("limits of steps lie above 0, what they are worth between 0 and 1")

    def worth(cost: Floats) -> Floats:
        which = np.searchsorted(limits, cost, side="left")
        found: Floats = np.array([*values, 0.0])[which]
        return found

    return worth


def _by_level(worth: Floats, weight: Floats, levels: Floats) -> tuple[Words, Floats]:
    """One set a demand and level; all are gone through at once."""
    keys, sums, below = [], [], 0.0
    for level in levels.tolist():
        keys.append(pack_sites((worth >= level).T))
        sums.append(weight * (level - below))
        below = level
    # A worth of nothing still is a demand, that no site covers.
    keys.append(np.zeros((len(weight), max(1, -(-len(worth) // WORD_BITS))), np.uint64))
    sums.append(weight * (1.0 - below))
    return np.concatenate(keys), np.concatenate(sums)


def _by_demand(worth: Floats, weight: Floats) -> tuple[Words, Floats]:
    """Sets as long as worth falls, demand by demand."""
    if int((worth > 0).sum()) > MAX_ROWS:
        raise ProblemError(
            f"{int((worth > 0).sum()):,} pairs of site and demand fade, {MAX_ROWS:,} are taken: "
            "give steps instead of a line, or fewer sites and demands"
        )
    keys, sums = [], []
    for j in range(worth.shape[1]):
        levels = np.unique(worth[:, j])
        levels = levels[levels > 0]
        keys.append(pack_sites(worth[:, j] >= levels[:, None]))
        sums.append(weight[j] * np.diff(levels, prepend=0.0))
        keys.append(np.zeros((1, keys[-1].shape[1]), np.uint64))
        sums.append(weight[j : j + 1] * (1.0 - (levels[-1] if len(levels) else 0.0)))
    return np.concatenate(keys), np.concatenate(sums)
