"""`kuaifan plan` (规划): where to stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from kuaifan.app.cli_plan_demand import demand
from kuaifan.app.cli_plan_duty import grids, patrol, roster
from kuaifan.app.cli_plan_reform import reform
from kuaifan.app.limits import within
from kuaifan.app.printing import print_json, print_lines

app = App(name="plan", help="Where to stand (规划).")
app.command(demand)
app.command(grids)
app.command(patrol)
app.command(roster)
app.command(reform)


@app.command
def solve(
    model: str,
    *,
    instance: Path,
    gap: Annotated[float, within(0, 1)] = 0.0,
    seconds: Annotated[float, within(0.1, 1_000_000)] = 600.0,
    json: Annotated[bool, Parameter(negative="", help="Print one JSON object.")] = False,
) -> int:
    """Solve a problem in a file (求解算例); exit 1 if it is not proven in time.

    Parameters
    ----------
    model
        The planning model, such as p_median.
    instance
        The problem: for p_median a file of OR-Library, else JSON as in
        docs/reference/plan-instances.md.
    gap
        A proof to within this share is enough.
    seconds
        Stop after so long with the best so far.
    """
    from kuaifan.app.plan_solve import describe, solve_file

    solved = solve_file(model, instance, gap=gap, seconds=seconds)
    if json:
        print_json(solved)
    else:
        print_lines(describe(solved))
    return 0 if solved.answer.is_proven else 1
