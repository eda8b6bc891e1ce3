"""The reform, re-enacted (改革重演): one call year under six plans, each on the very same calls.

The year is cut into parts, each with calls, turn-outs and times on scene of its own and the same
under every plan: the parts are the pairs that differences are told by. All runs are of the fast
twin, whose assignments an identity test holds equal to the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.app.planner_models import find_offer
from kuaifan.app.reference import load_kernels, make_reference
from kuaifan.app.reform_figures import (
    BOUNDS,
    PlanFigures,
    Row,
    figures_of_part,
    ring_classes,
    sum_up,
)
from kuaifan.app.reform_plans import (
    Cells,
    Solve,
    Spot,
    at_posts,
    at_stations,
    by_hand,
    calls_a_week,
    fewer,
    optimized,
    read_cells,
)
from kuaifan.app.twin_demand import draw_handled
from kuaifan.board.reference import Reference
from kuaifan.city.city import City
from kuaifan.city.folder import read_demand, read_sites
from kuaifan.city.population import Population
from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.policies import get_policy
from kuaifan.policy.ranking import Policy
from kuaifan.twin.demand import draw_calls
from kuaifan.twin.hindsight import hindsight, longest_wait
from kuaifan.twin.hindsight_places import Freedom
from kuaifan.twin.kernel_city import KernelCity, PlainCall, make_city, plain_calls, with_units_of
from kuaifan.twin.kernel_places import PlaceBook, lay_on, make_book, prices_under
from kuaifan.twin.kernel_run import KernelRules, new_sim, run_sim
from kuaifan.twin.paired import seed_of

DAY_MS: Final = 86_400_000
SAMPLE_MS: Final = 300_000
N_PLACES: Final = 3_000
MOVES: Final = 3
"""A car is moved up so often in eight hours at most."""
STATIONS, BY_HAND, OPTIMIZED, MIXED, MOVED, FEWER = NAMES = (
    "stations only",
    "10 + 21 by hand",
    "10 + 21 optimized",
    "+ mixed dispatch",
    "+ move-up",
    "+ one third fewer cars",
)
PAIRS: Final = ((1, 0), (2, 1), (3, 2), (4, 3), (5, 4), (5, 1), (4, 1), (4, 0))
"""Plan and what it is set against, as places in NAMES."""
Say = Callable[[str], None]


class ReformOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How the reform is re-enacted (重演选项). n_days: cut into n_parts; per_day: handled calls."""

    n_days: int = 364
    n_parts: int = 52
    per_day: float = 678.0
    n_cars: int = 62
    model: str = "p_median"
    solve_s: float = 60.0
    start: date = date(2026, 1, 5)
    seed: int = 1


class CityReform(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it in one city (一城结果)."""

    city: str
    slug: str
    content_hash: str
    n_stations: int
    n_days: int
    n_calls: int
    n_at_sites: tuple[int, int, int]
    square_m: float
    n_handled: int
    moved_m: float
    solve: Solve
    by_hand: list[Spot]
    optimized: list[Spot]
    cells: list[tuple[float, float, float]]
    targets_s: list[tuple[str, list[int]]]
    plans: list[PlanFigures]
    seconds: float


class _Scene(NamedTuple):
    """One plan ready to run."""

    reference: Reference
    city: KernelCity
    policy: Policy
    rules: KernelRules


class _Part(NamedTuple):
    calls: list[PlainCall]
    rings: NDArray[np.int64]


def reenact(
    city: City, options: ReformOptions, say: Say, *, population: Population | None = None
) -> CityReform:
    """Run all six plans over the year; minutes for 364 days of 678 calls.

    population: where people live, for a city that knows no demand. Raises BadInputError for what
    cannot be run.
    """
    began_s = perf_counter()
    _check(options)
    own = make_reference(city)
    load_kernels(own)
    name, demand = city.meta.name, read_demand(city.path)
    cells = read_cells(demand, population, name=name, per_day=options.per_day)
    say(f"{name}: posts by hand, and by {options.model}")
    hand = by_hand(own, cells)
    best, solve = optimized(own, cells, options.model, options.solve_s)
    references, n_stations = _references(own, cells, hand, best, options.n_cars)
    say(f"{name}: drawing {options.n_days} days in {options.n_parts} parts")
    parts = [_draw(city, own, cells, options, number) for number in range(options.n_parts)]
    say(f"{name}: measuring road times")
    calls = [call for part in parts for call in part.calls]
    books = [make_book(each, calls, N_PLACES) for each in references[:3]]
    scenes = _scenes(references, books, best)
    rows: list[list[Row]] = [[] for _ in NAMES]
    moved_m = 0.0
    for number, part in enumerate(parts):
        say(f"{name}: part {number + 1} of {len(parts)}, {perf_counter() - began_s:.0f} s")
        moved_m += _run_part(scenes, books, part, rows)
    rings = np.concatenate([part.rings[len(part.rings) - _counted(part.calls) :] for part in parts])
    return CityReform(
        city=name,
        slug=slug_of(city.path.name),
        content_hash=city.content_hash,
        n_stations=n_stations,
        n_days=options.n_days,
        n_calls=sum(_counted(part.calls) for part in parts),
        n_at_sites=tuple(int((rings == ring).sum()) for ring in (1, 3, 5)),  # type: ignore[arg-type] # three of them
        square_m=round(cells.square_m),
        n_handled=round(options.per_day * options.n_days),
        moved_m=round(moved_m / len(parts), 1),
        solve=solve,
        by_hand=hand,
        optimized=best,
        cells=[(float(a), float(b), float(w)) for a, b, w in zip(*cells[:3], strict=True)],
        targets_s=_targets(own),
        plans=sum_up(NAMES, rows, PAIRS),
        seconds=round(perf_counter() - began_s, 1),
    )


def slug_of(name: str) -> str:
    """A folder's name as part of a file's: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "city"


def _check(options: ReformOptions) -> None:
    if asks := find_offer(options.model).asks:
        raise BadInputError(
            f"{options.model} asks for {', '.join(asks)} besides: choose a model that asks for "
            "nothing, such as p_median"
        )
    if options.n_days < options.n_parts:
        raise BadInputError(
            f"{options.n_days} days cannot be cut into {options.n_parts} parts: each has a day at "
            "the least"
        )
    if fewer(options.n_cars) < 31:  # noqa: PLR2004 - 10 + 21
        raise BadInputError(
            f"of {options.n_cars} cars a third fewer do not man 31 posts: give --cars 46 or more"
        )


def _references(
    own: Reference, cells: Cells, hand: list[Spot], best: list[Spot], n_cars: int
) -> tuple[list[Reference], int]:
    """Stations, by hand, optimized, optimized with fewer cars."""
    stations, n_stations = at_stations(own, cells, hand, n_cars)
    found = [stations, at_posts(own, hand, n_cars), at_posts(own, best, n_cars)]
    return [*found, at_posts(own, best, fewer(n_cars))], n_stations


def _scenes(
    references: Sequence[Reference], books: Sequence[PlaceBook], spots: Sequence[Spot]
) -> list[_Scene]:
    """The six plans in the order of NAMES. spots: the optimized posts."""
    stations, hand, best, few = references
    cities = [
        make_city(each, book.positions) for each, book in zip(references[:3], books, strict=True)
    ]
    cities[2] = cities[2]._replace(demand=calls_a_week(best, spots))
    still = KernelRules(can_divert=False, can_move_up=False, sample_ms=SAMPLE_MS)
    turning = msgspec.structs.replace(still, can_divert=True)
    moving = msgspec.structs.replace(
        turning, can_move_up=True, move_up="all_circles", max_moves=MOVES
    )
    nearest, mixed = get_policy("nearest"), get_policy("mixed")
    # Nobody stands at the circles yet: no station keeps a car back for one.
    before = get_policy("station_first")._replace(pays_circles=False)
    return [
        _Scene(stations, cities[0], before, still),
        _Scene(hand, cities[1], nearest, still),
        _Scene(best, cities[2], nearest, still),
        _Scene(best, cities[2], mixed, turning),
        _Scene(best, cities[2], mixed, moving),
        _Scene(few, with_units_of(cities[2], few), mixed, moving),
    ]


def _run_part(
    scenes: Sequence[_Scene], books: Sequence[PlaceBook], part: _Part, rows: list[list[Row]]
) -> float:
    """Run all plans over a part; how far the calls were moved, in metres."""
    laid = [
        lay_on(scene.reference, book, part.calls)
        for scene, book in zip(scenes[:3], books, strict=True)
    ]
    for i, scene in enumerate(scenes):
        calls, _ = laid[min(i, 2)]
        sim = new_sim(
            scene.city,
            calls,
            prices_under(scene.policy),
            policy=scene.policy,
            rules=scene.rules,
            warm_up_ms=DAY_MS,
        )
        result = run_sim(sim)
        row = figures_of_part(calls, result, part.rings, scene.reference, warm_up_ms=DAY_MS)
        best = hindsight(
            calls,
            scene.city,
            warm_up_ms=DAY_MS,
            wait_ms=longest_wait(calls, result.orders),
            freedom=Freedom(scene.rules.can_move_up, scene.rules.can_divert),
        )
        rows[i].append(row | dict(zip(BOUNDS, best, strict=True)))
    return laid[0][1]


def _draw(city: City, own: Reference, cells: Cells, options: ReformOptions, number: int) -> _Part:
    """The calls of a part, a day before it begins to warm up."""
    first, last = (round(options.n_days * k / options.n_parts) for k in (number, number + 1))
    day = options.start + timedelta(days=first - 1)
    zone = ZoneInfo(city.meta.time_zone)
    seed = seed_of(options.seed, number)
    start_ms = round(datetime.combine(day, time(), zone).timestamp() * 1000)
    n_days, rate = last - first + 1, options.per_day
    if cells.whole is None:
        drawn = draw_handled(
            city, own, start_ms=start_ms, n_days=n_days, handled_per_day=rate, seed=seed
        )
    else:
        drawn = draw_calls(
            own,
            start_ms=start_ms,
            n_days=n_days,
            calls_per_day=rate,
            rng=np.random.default_rng(seed),
            cells=cells.whole,
        )
    calls = plain_calls(own, drawn, seed=seed)
    if not calls or not _counted(calls):
        raise BadInputError(f"part {number + 1} has no calls: give more --per-day or fewer --parts")
    sites = [(site.lat, site.lon, site.site_class) for site in read_sites(city.path)]
    rings = ring_classes(sites, [call.lat for call in calls], [call.lon for call in calls])
    return _Part(calls, rings)


def _counted(calls: Sequence[PlainCall]) -> int:
    """Calls after the first day."""
    return sum(call.at_ms - calls[0].at_ms >= DAY_MS for call in calls)


def _targets(own: Reference) -> list[tuple[str, list[int]]]:
    """What is late: seconds from the call to somebody there, by area and priority."""
    areas = sorted({area for _, area in own.targets_ms})
    return [(area, [own.target_ms(p, area) // 1000 for p in range(1, 6)]) for area in areas]
