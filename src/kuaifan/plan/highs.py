"""Whole-number programs by HiGHS (整数规划): one way to ask it, for all models.

HiGHS runs on one thread without its clock as a limit, so the same program gives the same answer;
a watch may stop it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kuaifan.plan.siting import ProblemError
from kuaifan.plan.solving import Progress, Watch, go_on

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class InfeasibleError(ProblemError):
    """No x keeps to the rows (无可行解): proven so, not only not found."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Program:
    """Least cost·x with low ≤ A x ≤ high (规划): A by rows, as first, column, value.

    floor, ceiling: of each x. is_whole: which are whole numbers. start: an x to begin from.
    """

    cost: Floats
    floor: Floats
    ceiling: Floats
    is_whole: Bools
    first: Ints
    column: Ints
    value: Floats
    low: Floats
    high: Floats
    start: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What HiGHS found: x, its cost, what none can be below, whether that is within the gap."""

    x: Floats
    cost: float
    bound: float
    is_proven: bool
    n_nodes: int


@dataclass(slots=True)
class _Stop:
    """Carries a watch into HiGHS's callback."""

    watch: Watch
    is_asked: bool = field(default=False)

    def hear(self, event: Any) -> None:  # noqa: ANN401 - highspy carries no types
        """Ask the watch; interrupt if it says no."""
        out = event.data_out
        progress = Progress(out.mip_primal_bound, out.mip_dual_bound, int(out.mip_node_count))
        if self.is_asked or not self.watch(progress):
            self.is_asked = True
            event.interrupt()


def minimize(program: Program, *, gap: float, infeasible: str, watch: Watch = go_on) -> Outcome:
    """Solve a program to a gap; raise InfeasibleError with the sentence given if none can be.

    Where a watch stops it before there is any plan, that is a ProblemError.
    """
    import highspy

    highs: Any = highspy.Highs()  # type: ignore[no-untyped-call] # it carries no types
    for option, value in (
        ("output_flag", False),
        ("parallel", "off"),
        ("mip_rel_gap", gap),
        ("mip_abs_gap", 1e-6),
    ):
        highs.setOptionValue(option, value)
    highs.passModel(_as_lp(program, highspy))
    if program.start is not None:
        solution = highspy.HighsSolution()
        solution.col_value = program.start.tolist()
        highs.setSolution(solution)
    if watch is not go_on:
        highs.cbMipInterrupt.subscribe(_Stop(watch).hear)
    highs.run()
    return _read(highs, highspy, program, infeasible)


def _as_lp(program: Program, highspy: Any) -> Any:  # noqa: ANN401 - highspy carries no types
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(program.low)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.floor, program.ceiling
    lp.row_lower_, lp.row_upper_ = program.low, program.high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = program.first.astype(np.int32)
    lp.a_matrix_.index_ = program.column.astype(np.int32)
    lp.a_matrix_.value_ = program.value
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if w else kinds.kContinuous for w in program.is_whole]
    return lp


def _read(highs: Any, highspy: Any, program: Program, infeasible: str) -> Outcome:  # noqa: ANN401 - no types there
    status, info = highs.getModelStatus(), highs.getInfo()
    statuses = highspy.HighsModelStatus
    if status in (statuses.kInfeasible, statuses.kUnboundedOrInfeasible):
        raise InfeasibleError(infeasible)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        raise ProblemError(f"no plan was found: {highs.modelStatusToString(status).lower()}")
    is_proven = status == statuses.kOptimal
    cost = float(info.objective_function_value)
    bound = float(info.mip_dual_bound)
    if not np.isfinite(bound):
        # Stopped before there was any: a plan found is no proof of itself.
        bound = cost if is_proven else _least(program)
    return Outcome(
        x=np.array(highs.getSolution().col_value),
        cost=cost,
        bound=min(bound, cost),
        is_proven=is_proven,
        n_nodes=max(0, int(info.mip_node_count)),
    )


def _least(program: Program) -> float:
    """What the cost cannot be below, by the limits of each x alone."""
    cost = program.cost
    at = np.where(cost > 0, program.floor, np.where(cost < 0, program.ceiling, 0.0))
    return float(cost @ at)
