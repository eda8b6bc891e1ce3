"""A run or a replay in words (运行摘要文字)."""

from __future__ import annotations

from collections.abc import Iterator

from kuaifan.app.plan_sources import line_of
from kuaifan.app.replay import ReplayReport
from kuaifan.app.twin_run import Summary
from kuaifan.twin.figures import CallFigures, RunFigures
from kuaifan.twin.figures_response import AreaFigures, PriorityFigures


def summary_lines(summary: Summary) -> Iterator[str]:
    """Say what a run came to."""
    figures = summary.figures
    yield f"{summary.city}, {summary.calls}, policy {summary.policy}, seed {summary.seed}"
    yield line_of(summary.expects)
    if summary.remapped:
        yield f"  note: {summary.remapped}"
    yield (
        f"  {figures.n_calls:,} calls, {figures.n_incidents:,} incidents, "
        f"{figures.n_closed:,} closed ({figures.n_by_phone:,} by phone), "
        f"{figures.n_orders:,} orders, {figures.n_first_choice:,} to the first recommended unit"
    )
    yield (
        f"  {figures.n_recommendations:,} recommendations, {figures.n_fixes:,} fixes, "
        f"{figures.n_unsigned_alarms:,} unsigned alarms, "
        f"{figures.n_feedback_overdue:,} late feedbacks"
    )
    yield from _call_lines(figures.calls)
    yield from _desk_lines(figures)
    yield "  priority   n   response p50 / p90 s   from order p50 / p90 s   on target"
    for priority, of_priority in figures.by_priority.items():
        yield _priority_line(priority, of_priority)
    yield "  priority and area     n   from order p50 / p90 s   target s   on target"
    for name, of_area in figures.by_area.items():
        yield _area_line(name, of_area)
    if figures.n_held:
        yield f"  held {figures.n_held:,}: reviewed, and a special seat still owes something for it"
    if figures.n_open:
        yield f"  STILL OPEN {figures.n_open:,}: calls or incidents not brought to their end"
    yield from _refusal_lines(figures)
    for fault, n in figures.faults.items():
        yield f"  FAULTED {n:,}: {fault}"
    yield f"  first call {summary.first_call_at}, last closed {summary.last_closed_at}"
    yield f"  {summary.head_seq:,} records, content {summary.content_hash}, {summary.run_s} s"
    for package, seconds in summary.parts_s.items():
        yield f"  {seconds:8.1f} s  {package}"


def replay_lines(report: ReplayReport) -> Iterator[str]:
    """Say what a replay found."""
    yield (
        f"{report.n_records:,} decisions ({report.n_events:,} events) and "
        f"{report.n_recommendations:,} recommendations decided again from "
        f"{report.n_fixes:,} fixes and the commands of the log"
    )
    if report.n_erased:
        yield f"{report.n_erased:,} records hold erased texts and are not comparable in full"
    other = sorted({build for build in report.builds if build != report.build})
    if other:
        yield f"written by another build ({', '.join(other)}), this is {report.build}"
    difference = report.first_difference
    if difference is None:
        yield f"identical, content {report.content_hash}"
    else:
        yield f"DIFFERENT at record {difference.seq}"
        for field in difference.fields:
            yield f"  {field.path}: recorded {field.recorded}, decided {field.decided}"
        if difference.n_fields > len(difference.fields):
            yield f"  and {difference.n_fields - len(difference.fields):,} fields more"


def _priority_line(priority: str, figures: PriorityFigures) -> str:
    caller, unit = figures.response_s, figures.unit_response_s
    share = "—" if figures.on_target is None else f"{figures.on_target:.1%}"
    missing = f", {figures.n_without_arrival} without arrival" if figures.n_without_arrival else ""
    return (
        f"  {priority:>8} {figures.n_incidents:>6,}   {_s(caller.p50_s)} / {_s(caller.p90_s)}"
        f"            {_s(unit.p50_s)} / {_s(unit.p90_s)}          {share}{missing}"
    )


def _call_lines(found: CallFigures) -> Iterator[str]:
    in_time = "—" if found.answered_in_time is None else f"{found.answered_in_time:.1%}"
    yield (
        f"  of {found.n_raw:,} raw calls {found.n_opening:,} opened an incident, "
        f"{found.n_attached:,} repeated one, {found.n_without:,} ended without"
    )
    yield (
        f"  answered {found.n_answered:,}, {in_time} within 10 s "
        f"(p50 / p90 {_s(found.answer_s.p50_s)} / {_s(found.answer_s.p90_s)} s); "
        f"{found.n_abandoned:,} gave up, {found.n_called_back:,} rings back, "
        f"{found.n_silent:,} silent, {found.n_transferred:,} passed on, {found.n_limited:,} limited"
    )


def _desk_lines(figures: RunFigures) -> Iterator[str]:
    """Everything else that happened, only what did."""
    for title, counts in (
        ("alarms", figures.alarms),
        ("services", figures.agencies),
        ("events", figures.events),
    ):
        yield f"  {title}: " + (", ".join(f"{k} {n:,}" for k, n in counts.items() if n) or "none")
    n_orders = max(1, sum(figures.orders_by_desk.values()))
    shares = (f"{desk} {n / n_orders:.1%}" for desk, n in figures.orders_by_desk.items())
    yield f"  orders by desk: {', '.join(shares) or 'none'}"


def _refusal_lines(figures: RunFigures) -> Iterator[str]:
    for refusal, n in figures.refusals.items():
        words = figures.refusal_words.get(refusal.rpartition(": ")[2])
        yield f"  refused {n:,}: {refusal} — {words or 'UNEXPLAINED'}"


def _area_line(name: str, figures: AreaFigures) -> str:
    unit = figures.unit_response_s
    share = "—" if figures.on_target is None else f"{figures.on_target:.1%}"
    return (
        f"  {name:>17} {figures.n_incidents:>6,}   {_s(unit.p50_s)} / {_s(unit.p90_s)}"
        f"          {_s(figures.target_s)}      {share}"
    )


def _s(seconds: float | None) -> str:
    return "—" if seconds is None else f"{seconds:.0f}"
