"""A quarter of a city on the twin (仿真季度): all seats on, and a report made from its log."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from time import process_time
from typing import Final

import msgspec

from kuaifan.app.loop_figures import LoopFigures, Money, RuleHits, Volume
from kuaifan.app.loop_lives import ItemLife, Lives, SeatLoop, late_first
from kuaifan.app.loop_mornings import Morning, Mornings
from kuaifan.app.reference import make_reference
from kuaifan.app.rules import core_codec
from kuaifan.app.twin_demand import draw_source
from kuaifan.app.twin_run import RunOptions, Summary, run_twin
from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.items import HOUR_MS
from kuaifan.city.city import City
from kuaifan.city.whole_folder import write_file
from kuaifan.kernel.record import Record
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.incident_types import IncidentType

QUARTER_DAYS: Final = 91
PER_DAY: Final = 678.0
"""Huainan 2023: 247,300 handled in a year (domain §3.5)."""
N_SEATS: Final = 16
LEFT_SHARE: Final = 0.004
KB_PER_MB: Final = 1_024
LAST_MS: Final = 9 * HOUR_MS + HOUR_MS // 2
"""After the last day the run goes on until half past nine, so that its own clearing is in it."""


class QuarterOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is run (季度选项); raw_per_handled: calls that ring for each incident."""

    start_ms: int
    n_days: int = QUARTER_DAYS
    handled_per_day: float = PER_DAY
    left_share: float = LEFT_SHARE
    raw_per_handled: float = 1.0
    n_seats: int = N_SEATS
    seed: int = 1


class LeftOpenFound(msgspec.Struct, frozen=True, kw_only=True):
    """What was left open on purpose, and what the last morning named (遗留核对).

    by_manner: of those left, those that were open without excuse by then; n_ended: the others, of
    which most were merged. missing: not named. besides: named, and left by nobody on purpose.
    """

    by_manner: dict[str, int]
    n_ended: int
    missing: tuple[str, ...]
    besides: tuple[str, ...]


class Pace(msgspec.Struct, frozen=True):
    """How far a run was after so much work (进度): processor seconds, most memory so far in MB."""

    n_closed: int
    cpu_s: float
    peak_mb: float


class QuarterReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a log says of the loops (闭环报告).

    refused_by_system: commands of timers. refused_after: what a rule asked for and another refused.
    """

    n_days: int
    n_records: int
    faults: dict[str, int]
    refused_by_system: dict[str, int]
    refused_after: dict[str, int]
    laws_broken: dict[str, int]
    examples: dict[str, list[str]]
    volumes: list[Volume]
    seats: list[SeatLoop]
    money: Money
    rules: list[RuleHits]
    mornings: list[Morning]
    left: LeftOpenFound
    open_items: list[ItemLife]
    at_ms: int
    pace: tuple[Pace, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Whether every law held, the ledger is balanced, and the clearing named exactly these."""
        is_named = not any(each.overlooked or each.wrong for each in self.mornings)
        is_quiet = not self.faults and not self.refused_by_system and not self.laws_broken
        return is_named and is_quiet and self.money.is_balanced and not self.left.missing


def run_quarter(
    city: City, target: Path, options: QuarterOptions, *, progress: Callable[[int, int], None]
) -> tuple[Summary, QuarterReport]:
    """Run the days into a folder, then read its log; loops.json is written beside it."""
    source = draw_source(
        city,
        start_ms=options.start_ms,
        n_days=options.n_days,
        handled_per_day=options.handled_per_day,
        raw_per_handled=options.raw_per_handled,
        seed=options.seed,
    )
    run = RunOptions(
        seed=options.seed,
        n_seats=options.n_seats,
        until_ms=options.start_ms + options.n_days * DAY_MS + LAST_MS,
        left_share=options.left_share,
    )
    pace = list[Pace]()

    def step(n_closed: int, n_calls: int) -> None:
        peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KB_PER_MB
        pace.append(Pace(n_closed, round(process_time(), 1), round(peak_mb)))
        progress(n_closed, n_calls)

    summary = run_twin(city, source, target, run, progress=step)
    with LogReader(target / "log.db", core_codec()) as reader:
        types = make_reference(city).types
        report = read_report(reader.read_records(), types, summary.left_open, options.n_days)
    report = msgspec.structs.replace(report, pace=tuple(pace))
    text = msgspec.json.format(msgspec.json.encode(report), indent=2)
    write_file(target / "loops.json", text + b"\n")
    return summary, report


def read_report(
    records: Iterable[Record],
    types: Mapping[str, IncidentType],
    left: dict[str, str],
    n_days: int,
) -> QuarterReport:
    """Read a log once, from its first record to its last."""
    lives, mornings, figures = Lives(), Mornings(), LoopFigures(types)
    for record in records:
        lives.take(record)
        mornings.take(record)
        figures.take(record)
    seats = lives.finish()
    return QuarterReport(
        n_days=n_days,
        n_records=figures.n_records,
        faults=dict(figures.faults),
        refused_by_system=dict(figures.refused_by_system),
        refused_after=dict(figures.refused_after),
        laws_broken=dict(lives.n_faults),
        examples=lives.faults,
        volumes=figures.volumes(n_days),
        seats=seats,
        money=figures.close_money(),
        rules=figures.rule_hits(),
        mornings=mornings.found,
        left=_left_found(left, mornings),
        open_items=list(late_first(lives.open.values())),
        at_ms=lives.at_ms,
    )


def _left_found(left: dict[str, str], mornings: Mornings) -> LeftOpenFound:
    """What was left, held against what the last morning named."""
    named = set(mornings.found[-1].named) if mornings.found else set()
    due = mornings.without_excuse & left.keys()
    return LeftOpenFound(
        by_manner=dict(sorted(Counter(left[each] for each in due).items())),
        n_ended=len(left) - len(due),
        missing=tuple(sorted(due - named)),
        besides=tuple(sorted(named - left.keys())),
    )
