"""`kuaifan plan grids|patrol|roster` (网格, 巡防, 排班): duty read off a city's own numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from kuaifan.app.limits import within
from kuaifan.app.printing import print_json, print_lines

City = Annotated[Path, Parameter(help="The city folder.")]
Output = Annotated[Path, Parameter(name=["--output", "-o"])]
Seconds = Annotated[
    float, within(0.1, 1_000_000), Parameter(help="Stop after so long with the best so far.")
]
ServiceMin = Annotated[
    float,
    within(1, 1_440),
    Parameter(help="Minutes that an incident keeps a crew, the drive included."),
]
WaitMin = Annotated[
    float, within(0.1, 1_440), Parameter(help="A crew is to be free within so many minutes.")
]
Share = Annotated[float, within(0.01, 0.999), Parameter(help="For such a share of incidents.")]
Least = Annotated[int, within(0, 10_000), Parameter(help="Crews on duty however quiet it is.")]
PerCall = Annotated[
    float, within(0.01, 100), Parameter(help="Crews sent to an incident, on average.")
]
RestHours = Annotated[int, within(0, 48), Parameter(help="Hours between two shifts.")]
Nights = Annotated[int, within(0, 28), Parameter(help="Nights in a row at most.")]
WeekHours = Annotated[int, within(1, 168), Parameter(help="Hours of a crew in any week at most.")]
Gap = Annotated[float, within(0, 1), Parameter(help="A proof to within this share is enough.")]
Json = Annotated[bool, Parameter(negative="", help="Print one JSON object.")]


def grids(
    *,
    city: City,
    output: Output,
    n: Annotated[int, within(1, 500)] = 8,
    tolerance: Annotated[float, within(0, 0.99)] = 0.05,
    across_districts: Annotated[bool, Parameter(negative="")] = False,
    locked: Path | None = None,
    seconds: Seconds = 60.0,
    json: Json = False,
) -> int:
    """Divide a city into patrol grids (巡防网格); exit 1 if one is off by more than the tolerance.

    Contiguous by road, of like workload (incidents a week of the city's demand) and compact; none
    across a district's border.

    Parameters
    ----------
    output
        A CSV of cells with their grid, or a GeoJSON of grids, by its ending.
    n
        How many grids.
    tolerance
        A grid's work within this share of the mean is good enough.
    across_districts
        Let a grid lie in several districts.
    locked
        A CSV of lat, lon, grid: the cells there belong to these grids, numbered from 0.
    """
    from kuaifan.app.plan_grids import describe, plan_grids

    figures = plan_grids(
        city,
        output,
        n_grids=n,
        tolerance=tolerance,
        across_districts=across_districts,
        locked=locked,
        seconds=seconds,
    )
    if json:
        print_json(figures)
    else:
        print_lines(describe(figures))
    return 0 if figures.answer.imbalance <= tolerance + 1e-9 else 1


def patrol(
    *,
    city: City,
    output: Output,
    shift: str,
    places: Path | None = None,
    tiers: Path | None = None,
    grids: Path | None = None,
    seconds: Seconds = 60.0,
    json: Json = False,
) -> int:
    """Plan the patrol routes of a shift (巡防路线); exit 1 if visits due are left out.

    Who stops where and when, 10 to 16 minutes each, within shift and grid, by the city's roads.

    Parameters
    ----------
    output
        A CSV or a GeoJSON of stops, by its ending.
    shift
        The shift whose patrol units go, by its name on the roster.
    places
        A CSV of name, tier, lat, lon; without it the city's key sites, those of the 1, 3 and 5
        minute rings in tiers 1, 2 and 3.
    tiers
        A JSON list of tiers: tier, visits, worth, stop_min, windows_min (minutes from midnight).
    grids
        A CSV of kuaifan plan grids: crews stay in the grid of their base.
    """
    from kuaifan.app.plan_patrol import PatrolAsked, describe, plan_patrol

    asked = PatrolAsked(shift=shift, places=places, tiers=tiers, grids=grids, seconds=seconds)
    figures = plan_patrol(city, output, asked)
    if json:
        print_json(figures)
    else:
        print_lines(describe(figures))
    return 1 if figures.answer.missed else 0


def roster(  # noqa: PLR0913 - one parameter an option
    *,
    city: City,
    output: Output,
    hours: Path | None = None,
    shifts: Path | None = None,
    crews: Annotated[int | None, within(1, 10_000)] = None,
    service_min: ServiceMin = 50.0,
    wait_min: WaitMin = 2.0,
    share: Share = 0.95,
    least: Least = 1,
    crews_per_call: PerCall = 1.0,
    rest_hours: RestHours = 11,
    nights_in_row: Nights = 3,
    week_hours: WeekHours = 44,
    seconds: Seconds = 60.0,
    gap: Gap = 0.0,
    json: Json = False,
) -> int:
    """Make a cyclic roster from a city's demand (勤务排班); exit 1 if it is not proven least.

    Crews by hour of the week (Erlang C), the fewest crews whose shifts meet them, with rest.

    Parameters
    ----------
    output
        A CSV, a line a week: who is in it goes on to the next line, at the end to the first.
    hours
        A CSV to write of each hour's incidents, need and crews on duty.
    shifts
        A JSON list of name, start_hour, hours; without it the shifts of the city's units.
    crews
        So many there are; where they are not enough the hour that fails is named.
    """
    from kuaifan.app.plan_roster import RosterAsked, describe, plan_roster
    from kuaifan.models.rosters.problem import RestRules
    from kuaifan.plan.staffing import Staffing

    staffing = Staffing(
        service_min=service_min,
        wait_min=wait_min,
        share=share,
        least=least,
        crews_per_call=crews_per_call,
    )
    asked = RosterAsked(
        staffing=staffing,
        rules=RestRules(rest_hours=rest_hours, nights_in_row=nights_in_row, week_hours=week_hours),
        shifts=shifts,
        most_crews=crews,
        seconds=seconds,
        gap=gap,
    )
    figures = plan_roster(city, output, asked, hours)
    if json:
        print_json(figures)
    else:
        print_lines(describe(figures))
    return 0 if figures.answer.is_proven else 1
