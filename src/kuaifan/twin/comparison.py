"""Policies compared on the same luck (政策比较): replications in parallel, then what they say.

A job is one replication: its calls, every variant. Jobs share the road times, are independent of
each other, and give the same figures in any order and on any number of processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.twin.hindsight import Hindsight, hindsight, longest_wait
from kuaifan.twin.hindsight_places import Freedom
from kuaifan.twin.kernel_city import KernelCity
from kuaifan.twin.kernel_figures import RunRow, is_overloaded, nobody_busy_late, row_of
from kuaifan.twin.kernel_places import prices_under
from kuaifan.twin.kernel_run import new_sim, run_sim
from kuaifan.twin.paired import PairedDifference, compare_paired
from kuaifan.twin.variants import Variant

Int64s = NDArray[np.int64]
METRICS: Final = (
    "late_share", "late_share_urgent", "mean_s", "lost_min", "busy_share", "mean_wait_s",
)  # fmt: skip
QUANTILES: Final = ("p50_s", "p90_s")
PRIORITIES: Final = ("P1", "P2", "P3", "P4", "P5")


class Job(NamedTuple):
    """One replication (一次重复): its calls as columns, what is run on them."""

    calls: Int64s
    variants: tuple[Variant, ...]
    warm_up_ms: int


class JobRows(NamedTuple):
    """What a replication came to (重复结果): a row and a bound a variant, and the bound of all.

    nobody_busy_late: the share late if every unit were free at its own post.
    """

    rows: tuple[RunRow, ...]
    nobody_busy_late: float | None
    at_least: tuple[Hindsight, ...]
    hindsight: Hindsight


Mapper = Callable[[Sequence[Job]], Iterable[JobRows]]
"""Runs jobs somewhere; the answers in the order of the jobs."""


class HindsightFigures(msgspec.Struct, frozen=True):
    """What nobody is below who knew all calls beforehand (后见下界): means over replications."""

    late_share: float | None
    late_share_urgent: float | None
    mean_s: float | None


class VariantFigures(msgspec.Struct, frozen=True, kw_only=True):
    """One variant over all replications (一个方案): means, and differences from the first.

    at_least: the hindsight bound of those who move up and turn round no more than it does.
    """

    variant: str
    means: dict[str, float | None]
    against_first: dict[str, PairedDifference]
    moves_a_day: float
    turned_a_day: float
    n_unserved: int
    n_overloaded: int
    at_least: HindsightFigures


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What `twin compare` prints (比较结果); warnings: sentences for whoever decides.

    expects: the plan whose expected calls the city goes by, or the constant that stands for them.
    """

    city: str
    expects: str
    calls: str
    n_replications: int
    n_calls: int
    warm_up_h: float
    n_places: int
    moved_m: float
    nobody_busy_late: float | None
    hindsight: HindsightFigures
    variants: list[VariantFigures]
    warnings: list[str]


def run_job(city: KernelCity, job: Job) -> JobRows:
    """Run every variant on the calls of one replication."""
    rows, wait_ms = list[RunRow](), 0
    for variant in job.variants:
        prices = prices_under(variant.policy)
        sim = new_sim(
            city,
            job.calls,
            prices,
            policy=variant.policy,
            rules=variant.rules,
            warm_up_ms=job.warm_up_ms,
        )
        result = run_sim(sim)
        rows.append(row_of(job.calls, result, warm_up_ms=job.warm_up_ms))
        wait_ms = max(wait_ms, longest_wait(job.calls, result.orders))
    floor = nobody_busy_late(job.calls, city, warm_up_ms=job.warm_up_ms)
    own = [variant.freedom for variant in job.variants]
    most = Freedom(any(each.moves for each in own), any(each.turns for each in own))
    bounds = {
        each: hindsight(job.calls, city, warm_up_ms=job.warm_up_ms, wait_ms=wait_ms, freedom=each)
        for each in {*own, most}
    }
    return JobRows(tuple(rows), floor, tuple(bounds[each] for each in own), bounds[most])


def hindsight_of(found: Iterable[Hindsight]) -> HindsightFigures:
    """What nobody is below, over all replications."""
    return HindsightFigures(*(_mean(column) for column in zip(*found, strict=True)))


def figures_of(
    variants: Sequence[Variant], found: Sequence[JobRows], *, days: float
) -> list[VariantFigures]:
    """Sum up every variant and set it against the first."""
    first = [_metrics(job.rows[0]) for job in found]
    return [
        _figures(
            variant.text,
            [job.rows[i] for job in found],
            first if i else None,
            days=days,
            at_least=hindsight_of(job.at_least[i] for job in found),
        )
        for i, variant in enumerate(variants)
    ]


def warnings_of(figures: Sequence[VariantFigures], n_replications: int) -> list[str]:
    """What a reader must know before he believes a difference."""
    said = list[str]()
    for each in figures:
        if each.n_overloaded:
            said.append(
                f"{each.variant}: overloaded in {each.n_overloaded} of {n_replications} runs "
                "(units 85 % busy or the queue still growing): response has no steady value "
                "there, and a few more calls make it much worse"
            )
        if each.n_unserved:
            said.append(f"{each.variant}: {each.n_unserved:,} calls were never reached")
    if n_replications < ENOUGH:
        said.append(f"{n_replications} replications are few: take {ENOUGH} or more to decide by")
    return said


ENOUGH: Final = 30


def _figures(
    text: str,
    rows: Sequence[RunRow],
    first: Sequence[dict[str, float | None]] | None,
    *,
    days: float,
    at_least: HindsightFigures,
) -> VariantFigures:
    own = [_metrics(row) for row in rows]
    against = {
        name: difference
        for name in own[0]
        if first is not None
        and (difference := compare_paired([r[name] for r in first], [r[name] for r in own]))
    }
    span = max(days, 1e-9) * len(rows)
    return VariantFigures(
        variant=text,
        means={name: _mean([row[name] for row in own]) for name in own[0]},
        against_first=against,
        moves_a_day=round(sum(row.n_moves for row in rows) / span, 2),
        turned_a_day=round(sum(row.n_turned for row in rows) / span, 2),
        n_unserved=sum(row.n_unserved for row in rows),
        n_overloaded=sum(is_overloaded(row) for row in rows),
        at_least=at_least,
    )


def _metrics(row: RunRow) -> dict[str, float | None]:
    """All figures of a run by name, such as `p90_s P1`."""
    plain: dict[str, float | None] = {name: getattr(row, name) for name in METRICS}
    for name in QUANTILES:
        of_run: dict[str, float | None] = getattr(row, name)
        plain |= {f"{name} {priority}": of_run[priority] for priority in PRIORITIES}
    return plain


def _mean(found: Iterable[float | None]) -> float | None:
    known = [value for value in found if value is not None]
    return round(float(np.mean(known)), 4) if known else None
