"""`twin compare` (政策比较): draws the calls, spreads the replications over processes, reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

from kuaifan.app.plan_adopted import Adopted, adopt
from kuaifan.app.plan_sources import line_of, said_of
from kuaifan.app.reference import load_kernels, make_reference
from kuaifan.app.twin_demand import draw_handled
from kuaifan.app.twin_run import CallSource
from kuaifan.board.circle_calls import calls_by_plan
from kuaifan.board.plan_papers import PlanPapers
from kuaifan.board.settings import UNCHANGED
from kuaifan.city.city import City
from kuaifan.kernel.errors import BadInputError
from kuaifan.twin.comparison import (
    Comparison,
    HindsightFigures,
    Job,
    JobRows,
    VariantFigures,
    figures_of,
    hindsight_of,
    run_job,
    warnings_of,
)
from kuaifan.twin.kernel_city import KernelCity, PlainCall, make_city, plain_calls
from kuaifan.twin.kernel_places import lay_on, make_book
from kuaifan.twin.paired import PairedDifference, seed_of
from kuaifan.twin.variants import Variant
from kuaifan.vocabulary.plan import Plan

if TYPE_CHECKING:
    from kuaifan.board.reference import Reference

HOUR_MS: Final = 3_600_000
DAY_MS: Final = 24 * HOUR_MS
DASK: Final = "dask://"
SAME_CALLS: Final = (
    "every replication has the calls of the file: the intervals are of turn-outs and times on "
    "scene, and say nothing of other days"
)
_CITY: list[KernelCity] = []
"""The city of a worker process, sent to it once."""


class CompareOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How policies are compared (比较选项).

    executor: `processes`, or `dask://host:port` for many machines. plan: that the city works by,
    None for its own posts, of which nobody knows what calls to expect.
    """

    n_replications: int = 30
    seed: int = 1
    warm_up_h: float = 12.0
    n_jobs: int = 1
    executor: str = "processes"
    n_days: int = 7
    start_ms: int = 0
    handled_per_day: float | None = None
    plan: Plan | None = None


Say = Callable[[str], None]


def compare(
    city: City,
    variants: Sequence[Variant],
    source: CallSource | None,
    options: CompareOptions,
    say: Say,
) -> Comparison:
    """Run every variant on the same replications and set each against the first.

    source: calls of a file, in every replication the same, with other turn-outs and times on
    scene; without one, days drawn anew for each replication.
    """
    own = make_reference(city)
    load_kernels(own)
    reference, plans = _under(own, options.plan)
    say("drawing the calls")
    sets = [_calls(city, own, source, options, number) for number in range(options.n_replications)]
    if not all(sets):
        raise BadInputError("no unit is sent to any of these calls: give more days or more calls")
    say("measuring road times")
    book = make_book(reference, [call for calls in sets for call in calls])
    kernel_city = make_city(reference, book.positions)._replace(
        demand=calls_by_plan(plans, reference)
    )
    laid = [lay_on(reference, book, calls) for calls in sets]
    warm_up_ms = round(options.warm_up_h * HOUR_MS)
    if min(int(rows[0, -1]) for rows, _ in laid) <= warm_up_ms:
        raise BadInputError(
            f"the calls end within the warm-up of {options.warm_up_h:g} h: give more days, or a "
            "shorter --warm-up"
        )
    jobs = [Job(rows, tuple(variants), warm_up_ms) for rows, _ in laid]
    say(f"running {len(jobs)} replications of {len(variants)} variants")
    found = list(run_all(kernel_city, jobs, options))
    days = float(np.mean([rows[0, -1] for rows, _ in laid])) / DAY_MS
    figures = figures_of(variants, found, days=days)
    floors = [job.nobody_busy_late for job in found if job.nobody_busy_late is not None]
    return Comparison(
        city=city.meta.name,
        expects=said_of(options.plan),
        calls=source.name if source else f"{options.n_days} drawn days a replication",
        n_replications=len(found),
        n_calls=sum(len(calls) for calls in sets),
        warm_up_h=options.warm_up_h,
        n_places=len(book.positions),
        moved_m=round(float(np.mean([moved_m for _, moved_m in laid])), 1),
        nobody_busy_late=round(float(np.mean(floors)), 4) if floors else None,
        hindsight=hindsight_of(job.hindsight for job in found),
        variants=figures,
        warnings=[*warnings_of(figures, len(found)), *([SAME_CALLS] if source else [])],
    )


def _under(own: Reference, plan: Plan | None) -> Adopted:
    """The city as it would be under a plan, as it is without one."""
    return Adopted(own, PlanPapers()) if plan is None else adopt(own, UNCHANGED, plan)


def _calls(
    city: City,
    reference: Reference,
    source: CallSource | None,
    options: CompareOptions,
    number: int,
) -> list[PlainCall]:
    seed = seed_of(options.seed, number)
    sim_calls = (
        source.sim_calls
        if source is not None
        else draw_handled(
            city,
            reference,
            start_ms=options.start_ms,
            n_days=options.n_days,
            handled_per_day=options.handled_per_day,
            seed=seed,
        )
    )
    return plain_calls(reference, sim_calls, seed=seed)


def run_all(city: KernelCity, jobs: Sequence[Job], options: CompareOptions) -> Iterable[JobRows]:
    """What every replication came to, in their order, wherever they are run."""
    if options.executor.startswith(DASK):
        return _on_dask(city, jobs, options.executor.removeprefix(DASK))
    if options.executor != "processes":
        raise BadInputError(
            f"there is no executor {options.executor!r}: write processes or {DASK}host:port"
        )
    if options.n_jobs == 1:
        return (run_job(city, job) for job in jobs)
    return _in_processes(city, jobs, options.n_jobs)


def _in_processes(city: KernelCity, jobs: Sequence[Job], n_jobs: int) -> Iterator[JobRows]:
    """Each process gets the road times once, then one replication after the other."""
    with ProcessPoolExecutor(
        n_jobs, mp_context=get_context("spawn"), initializer=_keep_city, initargs=(city,)
    ) as pool:
        yield from pool.map(_run_kept, jobs)


def _keep_city(city: KernelCity) -> None:
    _CITY[:] = [city]


def _run_kept(job: Job) -> JobRows:
    return run_job(_CITY[0], job)


def _on_dask(city: KernelCity, jobs: Sequence[Job], address: str) -> Iterator[JobRows]:
    """Many machines: the road times are sent to each worker once."""
    try:
        from distributed import Client  # type: ignore[import-not-found] # optional, as Dask is
    except ModuleNotFoundError as error:
        raise BadInputError(
            "dask is not installed here: install the package 'distributed', or leave out --executor"
        ) from error
    client: Any
    with Client(address) as client:
        [kept] = client.scatter([city], broadcast=True)
        futures = [client.submit(run_job, kept, job, pure=False) for job in jobs]
        yield from client.gather(futures)


def comparison_lines(found: Comparison) -> Iterator[str]:
    """Say in words what is better, by how much, and how sure."""
    yield (
        f"{found.city}, {found.calls}: {found.n_replications} replications, {found.n_calls:,} "
        f"calls in all, the first {found.warm_up_h:g} h of each not counted"
    )
    if found.moved_m:
        yield f"  calls stand at {found.n_places:,} places, {found.moved_m:g} m off on the average"
    yield line_of(found.expects)
    yield (
        "  variant                         late   urgent late  P1 p90 s  P2 p90 s  busy"
        "   empty circle min/day"
    )
    for each in found.variants:
        yield _variant_line(each)
    if found.nobody_busy_late is not None:
        yield (
            "  late if every unit were free at its own post for every call: "
            f"{found.nobody_busy_late:.1%} (a mark, no bound: a unit moved up, or still out, may "
            "be nearer)"
        )
    yield from hindsight_lines(found)
    for each in found.variants[1:]:
        yield f"  {each.variant} against {found.variants[0].variant}:"
        yield from _difference_lines(each)
    for warning in found.warnings:
        yield f"  WARNING {warning}"


def hindsight_lines(found: Comparison) -> Iterator[str]:
    """Say what nobody could be below who knew all calls beforehand."""
    best = found.hindsight
    if best.late_share is None:
        return
    yield f"  nobody who knew all calls beforehand is below (a bound): {_bound(best)}"
    for each in found.variants:
        if each.at_least != best:
            yield f"    nor who moves up and turns round as {each.variant}: {_bound(each.at_least)}"
    yield (
        "    units at any post where they are moved up, at their own otherwise, or where they "
        "served last, and no call waiting longer for an order than in these runs, or an hour"
    )


def _bound(found: HindsightFigures) -> str:
    mean = "" if found.mean_s is None else f", mean response {found.mean_s:,.0f} s"
    late, urgent = found.late_share or 0.0, found.late_share_urgent or 0.0
    return f"late {late:.2%}, urgent late {urgent:.2%}{mean}"


def _variant_line(each: VariantFigures) -> str:
    means = each.means
    late, urgent, busy = (
        _percent(means[name]) for name in ("late_share", "late_share_urgent", "busy_share")
    )
    p1, p2 = _seconds(means["p90_s P1"]), _seconds(means["p90_s P2"])
    lost_min = means["lost_min"] or 0.0
    return f"  {each.variant:<30} {late} {urgent:>12} {p1:>9} {p2:>9} {busy} {lost_min:>9,.0f}"


def _difference_lines(each: VariantFigures) -> Iterator[str]:
    for name, unit, scale, what in (
        ("late_share", " points", 100.0, "late"),
        ("late_share_urgent", " points", 100.0, "urgent and late"),
        ("mean_s", " s", 1.0, "mean response"),
        ("p90_s P1", " s", 1.0, "P1 p90"),
        ("lost_min", " min a day", 1.0, "circles empty"),
    ):
        difference = each.against_first.get(name)
        if difference is not None:
            yield f"    {_sentence(difference, what, unit, scale)}"


def _sentence(found: PairedDifference, what: str, unit: str, scale: float) -> str:
    if not (found.mean or found.t_low or found.t_high):
        return f"{what}: the same in every replication"
    mean, low, high = (scale * value for value in (found.mean, found.t_low, found.t_high))
    word = "more" if mean > 0 else "less"
    sure = "sure" if found.is_sure else "NOT sure: it may be luck"
    share = f", {found.mean / found.base:+.1%}" if found.base else ""
    return (
        f"{what}: {abs(mean):.2f}{unit} {word}{share} "
        f"(95 % interval {low:+.2f} to {high:+.2f}; {sure})"
    )


def _percent(value: float | None) -> str:
    return "    –" if value is None else f"{value:5.1%}"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"
