"""The page of the reform (改革重演页): what was run, what came of it, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from kuaifan.app.reform import (
    BY_HAND,
    FEWER,
    MIXED,
    MOVED,
    MOVES,
    N_PLACES,
    OPTIMIZED,
    STATIONS,
    CityReform,
    ReformOptions,
)
from kuaifan.app.reform_figures import BOUNDS, Interval, PlanFigures
from kuaifan.app.reform_pictures import late_picture, posts_picture
from kuaifan.app.reform_plans import N_CANDIDATES, fewer
from kuaifan.city.whole_folder import write_file
from kuaifan.policy.mixed import AWAY_MS, LATE_MS
from kuaifan.twin.paired import PairedDifference

PRIORITIES: Final = ("P1", "P2", "P3", "P4", "P5")
SHOWN: Final = (
    ("late", "late", 100.0, " points"),
    ("late_urgent", "P1 and P2 late", 100.0, " points"),
    ("mean_s", "mean response", 1.0, " s"),
    ("lost_min", "lost-circle minutes a day", 1.0, ""),
)
SHOWN_TOO: Final = (
    ("p50_s P1", "P1 p50", 1.0, " s"),
    ("p90_s P1", "P1 p90", 1.0, " s"),
    ("p90_s P2", "P2 p90", 1.0, " s"),
    ("p90_s P3", "P3 p90", 1.0, " s"),
    ("within 3", "3 min ring kept", 100.0, " points"),
    ("within 5", "5 min ring kept", 100.0, " points"),
    ("street_share", "street stations", 100.0, " points"),
)
ASKED: Final = (
    (OPTIMIZED, BY_HAND, "Posts optimized against by hand", 0.15),
    (MIXED, OPTIMIZED, "Mixed dispatch against the nearest car", 0.10),
    (MOVED, MIXED, "Move-up against standing still", 0.15),
)
"""What the project asks of the twin: so much less late, and how sure."""
FURTHER: Final = ((BY_HAND, STATIONS), (MOVED, STATIONS), (FEWER, MOVED), (FEWER, BY_HAND))


def write_page(
    target: Path, found: Sequence[CityReform], options: ReformOptions, command: str
) -> list[Path]:
    """Write the page and its pictures beside it, under img/; each file whole. What was written."""
    folder, written = target.parent / "img", list[Path]()
    folder.mkdir(parents=True, exist_ok=True)
    for city in found:
        for kind, draw in (("late", late_picture), ("posts", posts_picture)):
            path = folder / f"reform-{city.slug}-{kind}.svg"
            write_file(path, draw(city).encode())
            written.append(path)
    write_file(target, ("\n".join(page_lines(found, options, command)) + "\n").encode())
    return [*written, target]


def page_lines(found: Sequence[CityReform], options: ReformOptions, command: str) -> Iterator[str]:
    """The whole page, line by line."""
    yield "# The reform, re-enacted 改革重演"
    yield ""
    yield from _intro(options, command)
    for city in found:
        yield ""
        yield from _city(city)


def _intro(options: ReformOptions, command: str) -> Iterator[str]:
    n_few = fewer(options.n_cars)
    yield (
        "Huainan turned its 110 from stations that were sent for into cars that wait where calls "
        "come from: 10 street stations 警务站 and 21 standby posts 屯警点. Here that is done over, "
        "step by step, in cities of which the roads are known, with the same calls under every "
        "plan."
    )
    yield ""
    yield (
        "This page is made by one command; the same seed gives the same figures, but for posts "
        "that a slower machine has no time to find:"
    )
    yield f"```\n{command}\n```"
    yield ""
    yield (
        f"**What was run.** {options.n_days} days of {options.per_day:g} handled calls a day "
        f"(Huainan 2023: 678), cut into {options.n_parts} parts; each part has its own calls, "
        "turn-outs and times on scene, and all six plans meet the very same ones. A day before "
        f"each part warms it up and is not counted. {options.n_cars} cars are on duty at all "
        "hours in every plan but the last, two on board, each able to do everything. All of it "
        "was run on the fast twin (compiled kernel 快速仿真), which an identity test holds to the "
        "assignments of the live engine; the whole engine ran none of these figures. What the "
        "fast twin leaves out: callers and seats, people who think, hours of the day on the "
        "roads, shifts, closures, paperwork. The numbers of the mixed dispatch were chosen on "
        "Porto Alegre and on the invented city 淮州 with the calls of seeds 2 and 3 (104 weeks; "
        "how: `docs/mixed-dispatch.md`): those of seed 1 had no part in it. The way of moving up "
        "(`all_circles`) and its cap of three a car in eight hours were chosen on every second of "
        "52 parts of seed 1: of these its figures are not of calls unseen."
    )
    yield ""
    yield "| plan | cars stand | who is sent |"
    yield "|---|---|---|"
    yield (
        f"| {STATIONS} | at the police stations, by the calls on their ground | the own station's "
        "car, another's if it is two minutes nearer (`station_first`) |"
    )
    yield (
        f"| {BY_HAND} | 31 posts: each district by its share of calls; in it a pin into the "
        "busiest square kilometre, at its busiest place, the eight squares around it left out, "
        "and on to the next | the nearest by road (`nearest`) |"
    )
    yield (
        f"| {OPTIMIZED} | 31 posts of the {N_CANDIDATES} busiest places, by `{options.model}` on "
        "road times and rates, not on the calls of the test | the same |"
    )
    yield (
        f"| {MIXED} | the same | P1, P2: the nearest, and where nobody is in time, a minute to "
        "set out included, a car on its way to something less urgent is turned round if that is a "
        "minute sooner and in time; the rest: who costs all calls least, that is the drive and "
        f"what the calls to come at its circles lose in {AWAY_MS // 60_000} minutes without it; "
        f"who would be late costs {LATE_MS // 60_000} minutes more (`mixed`) |"
    )
    yield (
        f"| {MOVED} | the same, and with each car sent one moves to an empty circle within ten "
        f"minutes, {MOVES} times in eight hours at most (`all_circles`) | the same |"
    )
    yield f"| {FEWER} | {n_few} cars instead of {options.n_cars} | the same |"
    yield ""
    yield (
        "Late 超时: somebody there later than the city's target for the priority and the area, "
        "counted from the call; a call never reached is late. Intervals are of 95 %, Student's t "
        "over the parts; differences are taken part by part. A lost circle 失守 is one of the 31 "
        "whose three-minute ring holds no free car; under stations only it is asked of the "
        "circles drawn by hand."
    )


def _city(found: CityReform) -> Iterator[str]:
    at_1, at_3, at_5 = found.n_at_sites
    yield f"## {found.city}"
    yield ""
    yield (
        f"{found.n_calls:,} calls counted that cars are sent to, of some {found.n_handled:,} "
        f"handled ones (the rest are settled by telephone), over {found.n_days} days; city content "
        f"`{found.content_hash[:16]}`; {found.n_stations} police stations have cars. "
        f"`{found.solve.model}`: gap {found.solve.gap:.2%}, "
        f"{'proven to that' if found.solve.is_proven else 'stopped before a proof'}. Calls stand "
        f"at no more than {N_PLACES:,} places, {found.moved_m:g} m off on the average. "
        f"{_left(found)}Run in {found.seconds:,.0f} s."
    )
    yield ""
    yield f"![Late under each plan](img/reform-{found.slug}-late.svg)"
    yield ""
    yield from _asked(found)
    yield ""
    yield "| plan | late | P1 and P2 late | mean s | cars busy | lost-circle min/day | moves/day |"
    yield "|---|---|---|---|---|---|---|"
    for plan in found.plans:
        yield _main_row(plan)
    yield ""
    yield from _bounds(found)
    yield ""
    yield "Response, p50 / p90 in seconds from the call to somebody there:"
    yield ""
    yield f"| plan | {' | '.join(PRIORITIES)} |"
    yield "|---" * (1 + len(PRIORITIES)) + "|"
    for plan in found.plans:
        pairs = (_pair(plan, name) for name in PRIORITIES)
        yield f"| {plan.name} | {' | '.join(pairs)} |"
    yield ""
    yield (
        f"Share reached within the ring 1·3·5 分钟 that the place asks for (a key site's ring "
        f"within 250 m of it, else five minutes; {at_1:,}, {at_3:,} and {at_5:,} calls), and the "
        "share of calls whose first car came from one of the ten street stations 警务站接警量 "
        "(Huainan: 25.39 %):"
    )
    yield ""
    yield "| plan | 1 min | 3 min | 5 min | street stations |"
    yield "|---|---|---|---|---|"
    for plan in found.plans:
        keys = ("within 1", "within 3", "within 5", "street_share")
        yield f"| {plan.name} | {' | '.join(_percent(plan, key) for key in keys)} |"
    yield ""
    yield from _differences(found)
    yield f"![Where the posts stand](img/reform-{found.slug}-posts.svg)"
    yield ""
    yield (
        "Targets in seconds, by area, P1 to P5: "
        + "; ".join(
            f"{area} {' '.join(str(each) for each in row)}" for area, row in found.targets_s
        )
        + "."
    )


def _left(found: CityReform) -> str:
    if not found.square_m:
        return ""
    return f"The plans were drawn on squares of {found.square_m:g} m. "


def _asked(found: CityReform) -> Iterator[str]:
    yield "| asked | found | |"
    yield "|---|---|---|"
    for name, base, what, least in ASKED:
        late, mean = (_against(found, name, base, key) for key in ("late", "mean_s"))
        if late is None or mean is None:
            continue
        change = late.mean / late.base if late.base else 0.0
        sure = "sure" if late.is_sure else "NOT sure"
        is_kept = change <= -least and late.is_sure and (least > 0.1 or mean.t_low <= 0)  # noqa: PLR2004 - dispatch asks of the mean too
        yield (
            f"| {what}: {least:.0%} fewer late | {_signed(100 * change)} % "
            f"({_signed(100 * late.t_low, 2)} to {_signed(100 * late.t_high, 2)} points, {sure}); "
            f"mean {_signed(mean.mean)} s ({_signed(mean.t_low)} to {_signed(mean.t_high)}) | "
            f"{'met' if is_kept else '**not met**'} |"
        )


def _bounds(found: CityReform) -> Iterator[str]:
    """The hindsight bound of each plan beside what was found."""
    yield (
        "What nobody can beat 后见下界, whoever is sent, even knowing all calls beforehand: with "
        "these posts and cars, turning round and moving up only where the plan does. A car is at "
        "its own post or still where it served last (moved up: at any post, for nothing), and a "
        "call that is let wait so that a car stays near another pays for it; that the cars of a "
        "post are all out costs nothing there, so not all of the distance is to be had:"
    )
    yield ""
    yield "| plan | late, found / at least | P1 and P2 late | mean s |"
    yield "|---|---|---|---|"
    for plan in found.plans:
        late, urgent = (
            " / ".join(_percent(plan, key) for key in pair)
            for pair in (("late", BOUNDS[0]), ("late_urgent", BOUNDS[1]))
        )
        mean = " / ".join(_number(plan.figures.get(key)) for key in ("mean_s", BOUNDS[2]))
        yield f"| {plan.name} | {late} | {urgent} | {mean} |"


def _differences(found: CityReform) -> Iterator[str]:
    pairs = [*((name, base) for name, base, _, _ in ASKED), *FURTHER]
    yield "Differences, with their 95 % intervals; a star where both intervals leave out 0:"
    yield ""
    for shown in (SHOWN, SHOWN_TOO):
        yield f"| plan | against | {' | '.join(f'{title}{unit}' for _, title, _, unit in shown)} |"
        yield "|---" * (2 + len(shown)) + "|"
        for name, base in pairs:
            cells = [
                _difference(_against(found, name, base, key), scale) for key, _, scale, _ in shown
            ]
            yield f"| {name} | {base} | {' | '.join(cells)} |"
        yield ""


def _difference(found: PairedDifference | None, scale: float) -> str:
    if found is None:
        return "–"
    digits = 2 if scale > 1 else 1
    mean, low, high = (
        _signed(scale * each, digits) for each in (found.mean, found.t_low, found.t_high)
    )
    return f"{mean} ({low} to {high}){' *' if found.is_sure else ''}"


def _against(found: CityReform, name: str, base: str, key: str) -> PairedDifference | None:
    [plan] = [each for each in found.plans if each.name == name]
    return plan.against.get(base, {}).get(key)


def _main_row(plan: PlanFigures) -> str:
    figures = plan.figures
    late, urgent, busy = (_percent(plan, key) for key in ("late", "late_urgent", "busy"))
    mean, lost, moves = (_number(figures.get(key)) for key in ("mean_s", "lost_min", "moves"))
    return f"| {plan.name} | {late} | {urgent} | {mean} | {busy} | {lost} | {moves} |"


def _pair(plan: PlanFigures, name: str) -> str:
    return " / ".join(_number(plan.figures.get(f"{key} {name}")) for key in ("p50_s", "p90_s"))


def _number(found: Interval | None) -> str:
    if found is None:
        return "–"
    if not found.mean:
        return "0"
    return f"{found.mean:,.0f} ± {found.high - found.mean:,.0f}"


def _percent(plan: PlanFigures, key: str) -> str:
    each = plan.figures.get(key)
    if each is None:
        return "–"
    return f"{each.mean:.2%} ± {100 * (each.high - each.mean):.2f}"


def _signed(value: float, digits: int = 1) -> str:
    return f"{value:+,.{digits}f}".replace("-", "−")
