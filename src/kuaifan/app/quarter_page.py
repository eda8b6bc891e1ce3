"""The page of a quarter (仿真季度页): what ran through each loop, and what each morning named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Final

from kuaifan.app.loop_figures import Money, is_within
from kuaifan.app.loop_lives import ItemLife, SeatLoop
from kuaifan.app.loop_mornings import Morning
from kuaifan.app.quarter import QuarterOptions, QuarterReport
from kuaifan.app.served_seats import installed_seats
from kuaifan.app.twin_run import Summary
from kuaifan.board.day_tally import CITY_OFFSET_MS
from kuaifan.board.seat_forms import Choice
from kuaifan.city.whole_folder import write_file

DESK: Final = ("交办", "desk tasks")
PEOPLE: Final = ("dispatcher", "supervisor", "leader")
MAX_OPEN: Final = 40
N_PARTS: Final = 10
MAX_NAMED: Final = 12
CITY_TIME: Final = timezone(timedelta(milliseconds=CITY_OFFSET_MS))
MANNERS: Final[Mapping[str, str]] = {
    "no_feedback": "the crew never feeds back",
    "no_review": "nobody reads the report",
    "never_mediated": "a mediation never attempted",
    "never_received": "a transfer never received",
}


def write_page(
    target: Path, summary: Summary, report: QuarterReport, options: QuarterOptions
) -> None:
    """Write the page whole."""
    lines = report_lines(summary, report, options)
    write_file(target, ("\n".join(lines) + "\n").encode())


def report_lines(summary: Summary, report: QuarterReport, options: QuarterOptions) -> Iterator[str]:
    """The whole page, line by line."""
    yield from _head(summary, report, options)
    yield from _pace(report)
    yield from _volumes(report)
    yield from _seats(report)
    yield from _laws(report)
    yield from _money(report.money)
    yield from _clearing(report)
    yield from _rules(report)
    yield from _open(summary, report)


def _head(summary: Summary, report: QuarterReport, options: QuarterOptions) -> Iterator[str]:
    yield "# A quarter with every loop on 仿真季度"
    yield ""
    yield (
        "The special seats' loops take days and months; a story of one case does not show what a "
        "city's volume does to them. Here a quarter runs through the real engine, all seats and "
        "their simulated people on, at the volume that Huainan tells of 2023. Everything below is "
        "read from the log of that run by one command; the same program and seed give the same "
        "figures:"
    )
    yield "```"
    yield (
        f"kuaifan twin quarter --city {summary.city} --days {options.n_days} "
        f"--per-day {options.handled_per_day:g} --seed {options.seed} -o out --page quarter.md"
    )
    yield "```"
    yield ""
    yield (
        f"**What was run.** {report.n_days} days from {_day(options.start_ms)}, "
        f"{summary.figures.n_calls:,} calls, {summary.figures.n_incidents:,} incidents, "
        f"{report.n_records:,} records, in the invented city of {summary.city}; "
        f"{summary.run_s:.0f} s. Calls for each incident: {options.raw_per_handled:g}, for the "
        "loops begin with one, and who rings in vain is `twin run`'s subject. The page is of "
        f"{datetime.now(UTC):%Y-%m-%d}. "
        f"{'Sound: every law below held.' if report.is_sound else 'NOT SOUND: see below.'}"
    )


def _pace(report: QuarterReport) -> Iterator[str]:
    """Whether the days become dearer: the second and the last tenth of the run, and the memory."""
    if len(report.pace) < N_PARTS:
        return
    tenth = len(report.pace) // N_PARTS
    first, last = report.pace[tenth : 2 * tenth + 1], report.pace[-tenth - 1 :]
    costs = [
        1_000 * (part[-1].cpu_s - part[0].cpu_s) / max(1, part[-1].n_closed - part[0].n_closed)
        for part in (first, last)
    ]
    yield ""
    yield (
        f"Processor time for an incident closed: {costs[0]:.1f} ms in the second tenth of the run, "
        f"{costs[1]:.1f} ms in the last; at most {first[0].peak_mb:,.0f} MB were in use then, "
        f"{last[-1].peak_mb:,.0f} MB at the end."
    )


def _volumes(report: QuarterReport) -> Iterator[str]:
    yield ""
    yield "## Volume 业务量"
    yield ""
    yield (
        f"Expected: {report.n_days} of 365 days of the published year. Calls come in bursts (2.4 "
        "times the variance of a Poisson), so that 95 of 100 quarters lie within the spread."
    )
    yield ""
    yield "| | ran | expected | spread | source |"
    yield "|---|---|---|---|---|"
    for each in report.volumes:
        mark = "" if is_within(each) else " (outside)"
        source = f"{each.source}, domain page"
        spread = f"± {each.spread:,.0f}{mark}"
        yield f"| {each.words} | {each.n:,} | {each.expected:,.0f} | {spread} | {source} |"


def _seats(report: QuarterReport) -> Iterator[str]:
    names = {each.seat_id: (each.seat.title_zh, each.seat_id) for each in installed_seats()}
    yield ""
    yield "## What each seat owed 各专席"
    yield ""
    yield (
        "Items opened, closed, late (an alarm rang at all), alarms by who was told, ladders that "
        "rang to their last rung, and what was open at the end, of that past its time."
    )
    yield ""
    yield (
        "| seat | opened | closed | late | dispatcher | supervisor | leader | last rung | open "
        "| open late |"
    )
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for seat in report.seats:
        yield _seat_line(seat, names.get(seat.seat_id, DESK))


def _seat_line(seat: SeatLoop, name: tuple[str, str]) -> str:
    rings = " | ".join(f"{seat.rings.get(to, 0):,}" for to in PEOPLE)
    share = f"{seat.n_late:,} ({seat.n_late / max(1, seat.n_opened):.1%})"
    return (
        f"| {name[0]} {name[1]} | {seat.n_opened:,} | {seat.n_closed:,} | {share} | {rings} | "
        f"{seat.n_to_the_end:,} | {seat.n_open:,} | {seat.n_open_late:,} |"
    )


def _laws(report: QuarterReport) -> Iterator[str]:
    yield ""
    yield "## Laws 规矩"
    yield ""
    n_rings = sum(sum(seat.rings.values()) for seat in report.seats)
    n_items = sum(seat.n_opened for seat in report.seats)
    if not (report.laws_broken or report.faults or report.refused_by_system):
        yield (
            f"Each of {n_items:,} items had an owner and a due time at every step; each of "
            f"{n_rings:,} alarms rang at its own time, once and in its order, and none was lost; "
            "every ladder ends with a supervisor or a leader, and whoever it rang for last has "
            "taken it up; no rule broke, and nothing that a timer asked was refused."
        )
    for law, n in report.laws_broken.items():
        yield f"- BROKEN {n:,} times: {law}. {', '.join(report.examples[law])}"
    for fault, n in report.faults.items():
        yield f"- FAULTED {n:,}: {fault}"
    for refusal, n in report.refused_after.items():
        yield f"- A rule asked, another refused {n:,}: {refusal}"
    for refusal, n in report.refused_by_system.items():
        yield f"- A TIMER WAS REFUSED {n:,}: {refusal}"


def _money(money: Money) -> Iterator[str]:
    yield ""
    yield "## Money 资金台账"
    yield ""
    states = ", ".join(f"{name} {_yuan(fen)}" for name, fen in money.states.items())
    word = "balanced" if money.is_balanced else "NOT BALANCED"
    yield (
        f"Lost {_yuan(money.lost)} in {money.n_accounts:,} accounts: {states or 'nothing'}. "
        f"{money.n_entries:,} entries, each fen in one state at every step: {word}."
    )


def _clearing(report: QuarterReport) -> Iterator[str]:
    yield ""
    yield "## Nine o'clock 九点清零"
    yield ""
    n_overlooked = sum(len(each.overlooked) for each in report.mornings)
    n_wrong = sum(len(each.wrong) for each in report.mornings)
    yield (
        f"On {len(report.mornings):,} mornings the clearing was held against the log: what is open "
        "from an earlier day is named, unless the log has a case, a seat's step in its time, a "
        "receipt of another service, or a dated reason. "
        f"Overlooked {n_overlooked:,}, named wrongly {n_wrong:,}."
    )
    left = report.left
    n_left = sum(left.by_manner.values())
    yield ""
    yield (
        f"Left open on purpose, and open without an excuse on the last morning: {n_left:,} ("
        + ", ".join(f"{MANNERS.get(name, name)} {n:,}" for name, n in left.by_manner.items())
        + f"). Named of these {n_left - len(left.missing):,}, missing {len(left.missing):,}. "
        f"{left.n_ended:,} more were merged, taken by another service, or not due yet. Named "
        f"besides, late of themselves: {len(left.besides):,}{_some(left.besides)}."
    )
    yield ""
    yield "| morning | of the day before | open with an excuse | named |"
    yield "|---|---|---|---|"
    for each in _spread(report.mornings):
        day, n_named = _day(each.at_ms), len(each.named)
        yield f"| {day} | {each.n_opened:,} | {each.n_excused:,} | {n_named:,} |"


def _rules(report: QuarterReport) -> Iterator[str]:
    yield ""
    yield "## The daily checklist 日评查"
    yield ""
    n_incidents = report.rules[0].n_incidents if report.rules else 0
    n_hits = sum(each.n_hits for each in report.rules)
    yield f"{n_hits:,} hits in {n_incidents:,} incidents."
    yield ""
    yield "| rule | hits | of incidents |"
    yield "|---|---|---|"
    hits = {each.rule: each.n_hits for each in report.rules}
    for rule in _rules_of_seats():
        n = hits.get(rule.code, 0)
        yield f"| {rule.zh} {rule.en} | {n:,} | {n / max(1, n_incidents):.2%} |"


def _rules_of_seats() -> list[Choice]:
    """The rules of the checklist, as the page of the seat that has one names them."""
    columns = [
        column
        for each in installed_seats()
        for table in each.seat.tables
        for column in table.columns
        if column.name == "rule"
    ]
    return [choice for column in columns[:1] for choice in column.choices]


def _open(summary: Summary, report: QuarterReport) -> Iterator[str]:
    yield ""
    yield "## Open at the end 期末未办结"
    yield ""
    late = [each for each in report.open_items if each.due_at_ms < report.at_ms]
    yield (
        f"{len(report.open_items):,} items are open, {len(late):,} of them past their time; each "
        f"has an owner and a due time. The first {min(MAX_OPEN, len(late)):,} that are late, all "
        "are in loops.json. "
        f"{summary.figures.n_held:,} incidents are reviewed and held by a seat that still owes "
        "something for them."
    )
    yield ""
    yield "| seat | kind | open | late |"
    yield "|---|---|---|---|"
    n_open = Counter((each.seat_id, each.kind) for each in report.open_items)
    n_late = Counter((each.seat_id, each.kind) for each in late)
    for key, n in sorted(n_open.items()):
        yield f"| {key[0]} | {key[1]} | {n:,} | {n_late[key]:,} |"
    yield ""
    yield "| item | seat | kind | stage | incident | owner | due | rung |"
    yield "|---|---|---|---|---|---|---|---|"
    for each in late[:MAX_OPEN]:
        yield _item_line(each)


def _item_line(life: ItemLife) -> str:
    owner = f"{life.owner.kind} {life.owner.owner_id}"
    return (
        f"| {life.item_id} | {life.seat_id} | {life.kind} | {life.stage} | {life.incident_id} | "
        f"{owner} | {_day(life.due_at_ms)} | {life.level} of {len(life.ladder)} |"
    )


def _spread(mornings: list[Morning]) -> list[Morning]:
    """The first week and the last, and the Mondays between."""
    week = 7
    inner = mornings[week:-week]
    return [*mornings[:week], *inner[::week], *mornings[max(week, len(mornings) - week) :]]


def _some(names: tuple[str, ...]) -> str:
    if not names:
        return ""
    more = ", …" if len(names) > MAX_NAMED else ""
    return f" ({', '.join(names[:MAX_NAMED])}{more})"


def _day(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, CITY_TIME):%Y-%m-%d}"


def _yuan(fen: int) -> str:
    return f"¥{fen / 100:,.0f}"
