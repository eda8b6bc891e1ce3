"""`kuaifan plan demand` (需求预测)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kuaifan.app.limits import within
from kuaifan.app.printing import print_json, print_lines


def demand(  # noqa: PLR0913 - one parameter an option
    *,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    calls: Path | None = None,
    db: str | None = None,
    city: Path | None = None,
    cell_m: Annotated[float, within(50, 20_000)] = 500.0,
    backtest: Annotated[bool, Parameter(negative="")] = False,
    learn_weeks: Annotated[int, within(1, 520)] = 12,
    ask_weeks: Annotated[int, within(1, 52)] = 4,
    thresholds: Path | None = None,
    json: Annotated[bool, Parameter(negative="", help="Print one JSON object.")] = False,
) -> int:
    """Learn where and when citizens call (需求预测); exit 1 if a rival wins that is no map.

    From citizens' calls only, by place, hour and type: what patrols found is left out.

    Parameters
    ----------
    output
        The demand.npz to write; into a city folder, then `kuaifan city check --accept-edits`.
    calls
        A call file of `kuaifan import calls`.
    db
        Instead of --calls: the city's own log.
    city
        The city folder: its time zone, inhabitants and holidays.csv (节假日).
    cell_m
        Side of a cell.
    backtest
        Hold it against raw counts, the last week and a kernel density, and publish the best;
        prints JSON.
    learn_weeks
        With --backtest: weeks before the first ones asked of.
    ask_weeks
        With --backtest: weeks asked of at a time.
    thresholds
        CSV of thresholds to write (预警阈值): by place, quarter of a day and class, the count that
        chance brings once in a thousand such times.
    """
    from kuaifan.app.plan_demand import describe, plan_demand
    from kuaifan.plan.demand_backtest import Folds

    folds = Folds(learn_weeks, ask_weeks) if backtest else None
    figures = plan_demand(
        output,
        calls=calls,
        db=db,
        city=city,
        cell_m=cell_m,
        folds=folds,
        thresholds=thresholds,
    )
    if json or backtest:
        print_json(figures)
    else:
        print_lines(describe(figures))
    return 0 if figures.written else 1
