"""Rows of whole-number programs (约束块), put together block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.covering import Covering
from kuaifan.plan.highs import Program

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Block:
    """Some rows of low ≤ A x ≤ high (约束), as first, column, value."""

    first: Ints
    column: Ints
    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Columns:
    """The x of a program (变量): their cost, floor and ceiling, and which are whole numbers."""

    cost: Floats
    floor: Floats
    ceiling: Floats
    is_whole: Bools


def paid_by_cover(covering: Covering, n_levels: int, begin: int) -> Block:
    """Σ of the covering choices - Σ of the row's levels ≥ 0; levels are columns from `begin` on.

    Level k of row r is the column begin + r n_levels + k.
    """
    n_rows = covering.n_rows
    levels = begin + np.arange(n_rows * n_levels)
    ends = np.repeat(covering.first_site[1:], n_levels)
    return Block(
        first=covering.first_site + n_levels * np.arange(n_rows + 1),
        column=np.insert(covering.site.astype(np.int64), ends, levels),
        value=np.insert(np.ones(len(covering.site)), ends, -1.0),
        low=np.zeros(n_rows),
        high=np.full(n_rows, np.inf),
    )


def covered(covering: Covering, least: float = 1.0) -> Block:
    """Σ of the covering choices of each row is at least so many."""
    n_rows = covering.n_rows
    return Block(
        first=covering.first_site,
        column=covering.site.astype(np.int64),
        value=np.ones(len(covering.site)),
        low=np.full(n_rows, least),
        high=np.full(n_rows, np.inf),
    )


def total(columns: Ints, *, low: float, high: float, value: Floats | None = None) -> Block:
    """One row: low ≤ Σ value x ≤ high over some columns."""
    return Block(
        first=np.array([0, len(columns)]),
        column=columns.astype(np.int64),
        value=np.ones(len(columns)) if value is None else value,
        low=np.array([low], np.float64),
        high=np.array([high], np.float64),
    )


def groups(group: Ints, high: Floats, *, low: Floats) -> Block:
    """Σ of the columns of each group, as column i is of group[i]; groups of none are rows too."""
    order = np.argsort(group, kind="stable")
    return Block(
        first=np.searchsorted(group[order], np.arange(len(high) + 1)).astype(np.int64),
        column=order.astype(np.int64),
        value=np.ones(len(order)),
        low=low,
        high=high,
    )


def make_program(
    columns: Columns, blocks: Sequence[Block], *, start: Floats | None = None
) -> Program:
    """One program of all blocks, in their order."""
    shifts = np.cumsum([0, *(len(block.column) for block in blocks)])
    firsts = [block.first[:-1] + shift for block, shift in zip(blocks, shifts[:-1], strict=True)]
    return Program(
        cost=columns.cost,
        floor=columns.floor,
        ceiling=columns.ceiling,
        is_whole=columns.is_whole,
        first=np.concatenate([*firsts, shifts[-1:]]),
        column=np.concatenate([block.column for block in blocks]),
        value=np.concatenate([block.value for block in blocks]),
        low=np.concatenate([block.low for block in blocks]),
        high=np.concatenate([block.high for block in blocks]),
        start=start,
    )


def join_columns(parts: Sequence[Columns]) -> Columns:
    """Columns beside each other."""
    return Columns(
        cost=np.concatenate([part.cost for part in parts]),
        floor=np.concatenate([part.floor for part in parts]).astype(np.float64),
        ceiling=np.concatenate([part.ceiling for part in parts]).astype(np.float64),
        is_whole=np.concatenate([part.is_whole for part in parts]),
    )


def shares(cost: Floats) -> Columns:
    """Columns between 0 and 1 that need not be whole."""
    n = len(cost)
    return Columns(cost=cost, floor=np.zeros(n), ceiling=np.ones(n), is_whole=np.zeros(n, np.bool_))


def choices(floor: Ints, ceiling: Ints, cost: Floats | None = None) -> Columns:
    """Whole columns between two numbers."""
    n = len(floor)
    return Columns(
        cost=np.zeros(n) if cost is None else cost,
        floor=floor.astype(np.float64),
        ceiling=ceiling.astype(np.float64),
        is_whole=np.ones(n, np.bool_),
    )
