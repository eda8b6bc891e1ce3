"""`kuaifan twin quarter` (仿真季度): all seats on for a quarter, and what the log says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kuaifan.app.cli_twin import Json, PerDay, ProgressLine, midnight_ms
from kuaifan.app.limits import SEED, within
from kuaifan.app.printing import print_json, print_lines


def quarter(  # noqa: PLR0913 - one parameter an option
    *,
    city: Path,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    days: Annotated[int, within(1, 366)] = 91,
    start: str = "2026-01-05",
    per_day: PerDay = 678.0,
    raw: Annotated[float, within(1, 100)] = 1.0,
    left_open: Annotated[float, within(0, 1_000)] = 4.0,
    seed: Annotated[int, SEED] = 1,
    seats: Annotated[int, within(1, 1_000)] = 16,
    page: Path | None = None,
    json: Json = False,
) -> int:
    """Run a quarter with all special seats (仿真季度), and report from its log; exit 1 if unsound.

    Sound: no rule broke, no timer was lost or rang twice, each open item has an owner and a due
    time, each escalation came to a person, the money is balanced, and every clearing at nine named
    exactly what was open without an excuse.

    Parameters
    ----------
    city
        The city folder.
    output
        Folder to make, with log.db, summary.json and loops.json.
    days
        Days of calls; the run goes on to half past nine on the day after.
    start
        First of these days, in the city's time.
    per_day
        Handled calls a day.
    raw
        Calls that ring for each handled one; by default nobody rings in vain, for the loops begin
        with an incident.
    left_open
        So many incidents in a thousand are left open on purpose: no feedback, no review, a
        mediation never attempted, a transfer never received.
    seed
        Of all luck: same seed, same run.
    seats
        Call-takers on duty.
    page
        Write the report as a page here, such as docs/quarter.md.
    """
    from kuaifan.app.quarter import QuarterOptions, run_quarter
    from kuaifan.app.quarter_page import report_lines, write_page
    from kuaifan.city.folder import read_city

    folder = read_city(city)
    options = QuarterOptions(
        start_ms=midnight_ms(start, folder.meta.time_zone),
        n_days=days,
        handled_per_day=per_day,
        raw_per_handled=raw,
        left_share=left_open / 1_000,
        n_seats=seats,
        seed=seed,
    )
    summary, report = run_quarter(folder, output, options, progress=ProgressLine())
    if page is not None:
        write_page(page, summary, report, options)
    print_json(report) if json else print_lines(report_lines(summary, report, options))
    return 0 if report.is_sound else 1
