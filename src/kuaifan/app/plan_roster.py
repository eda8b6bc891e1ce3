"""`kuaifan plan roster` (勤务排班): crews by hour from a city's demand, shifts that cover them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final

import msgspec
import numpy as np

from kuaifan.app.plan_cells import need_demand
from kuaifan.app.plan_tables import check_suffix, read_list
from kuaifan.city.city import City
from kuaifan.city.folder import read_city
from kuaifan.city.whole_folder import replace_file
from kuaifan.models.rosters.problem import THREE_SHIFTS, DutyShift, RestRules, RosterProblem
from kuaifan.models.rosters.solve import Roster, solve
from kuaifan.plan.solving import Progress
from kuaifan.plan.staffing import DAYS, HOURS_PER_WEEK, Staffing, crews_needed, name_hour

DAY: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterAsked:
    """What is asked besides the city (排班要求). shifts: a JSON list; else the city's own."""

    staffing: Staffing
    rules: RestRules
    shifts: Path | None = None
    most_crews: int | None = None
    seconds: float = 60.0
    gap: float = 0.0


class RosterFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What it prints (排班结果)."""

    city: str
    calls_per_week: float
    shifts: tuple[DutyShift, ...]
    seconds: float
    answer: Roster
    written: Path


def plan_roster(city: Path, output: Path, asked: RosterAsked, hours: Path | None) -> RosterFigures:
    """Make a roster and write it, and each hour's crews where a file is named."""
    for file in (output, *([hours] if hours else [])):
        check_suffix(file, (".csv",))
    demand, whole = need_demand(city), read_city(city)
    calls = [float(demand.rates(hour).sum()) for hour in range(HOURS_PER_WEEK)]
    shifts = read_list(asked.shifts, DutyShift) if asked.shifts else _shifts_of(whole)
    problem = RosterProblem(
        need=crews_needed(calls, asked.staffing),
        shifts=shifts,
        rules=asked.rules,
        most_crews=asked.most_crews,
    )
    began_s = perf_counter()

    def watch(_progress: Progress) -> bool:
        return perf_counter() - began_s < asked.seconds

    answer = solve(problem, gap=asked.gap, watch=watch)
    took_s = round(perf_counter() - began_s, 3)
    replace_file(output, _pack(answer))
    if hours is not None:
        replace_file(hours, _pack_hours(answer, calls))
    return RosterFigures(
        city=whole.meta.name,
        calls_per_week=float(np.sum(calls)),
        shifts=shifts,
        seconds=took_s,
        answer=answer,
        written=output,
    )


def describe(figures: RosterFigures) -> list[str]:
    """The figures for a person."""
    answer = figures.answer
    shifts = ", ".join(f"{s.name} {s.start_hour:02d}+{s.hours}" for s in figures.shifts)
    proof = "none can do with fewer" if answer.is_proven else f"at least {answer.bound:g} it takes"
    rings = " + ".join(str(len(ring)) for ring in answer.rings)
    return [
        f"{figures.city}: {figures.calls_per_week:.1f} incidents a week; shifts {shifts}",
        f"{answer.value:g} crews in rings of {rings} weeks, {proof}; {figures.seconds:.2f} s",
        *(f"  {reason}" for reason in answer.reasons),
        f"{figures.written} written",
    ]


def _shifts_of(city: City) -> tuple[DutyShift, ...]:
    """The shifts that the city's units work; three of eight hours where none are on the roster."""
    found = dict.fromkeys(unit.shift for unit in city.units)
    shifts = [
        DutyShift(
            name=shift.name,
            start_hour=shift.start_hour % DAY,
            hours=(shift.end_hour - shift.start_hour - 1) % DAY + 1,
        )
        for shift in sorted(found, key=lambda each: (each.start_hour, each.name))
    ]
    return tuple(shifts) or THREE_SHIFTS


def _pack(answer: Roster) -> bytes:
    """A line a week: who is in it goes to the next line the week after, at the end to the first."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("ring", "week", *DAYS))
    for r, ring in enumerate(answer.rings, start=1):
        writer.writerows((r, w, *days) for w, days in enumerate(ring, start=1))
    return buffer.getvalue().encode("utf-8-sig")


def _pack_hours(answer: Roster, calls: list[float]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("hour", "incidents", "need", "on_duty"))
    for hour in range(HOURS_PER_WEEK):
        row = (f"{calls[hour]:.3f}", answer.need[hour], answer.on_duty[hour])
        writer.writerow((name_hour(hour), *row))
    return buffer.getvalue().encode("utf-8-sig")
