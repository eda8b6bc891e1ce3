"""`kuaifan twin` and `kuaifan replay` (孪生与重演)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

from kuaifan.app.limits import SEED, within
from kuaifan.app.printing import print_json, print_lines, print_progress
from kuaifan.kernel.errors import BadInputError

if TYPE_CHECKING:
    from kuaifan.app.twin_run import CallSource, Summary
    from kuaifan.city.city import City
    from kuaifan.twin.variants import Variant

app = App(name="twin", help="Run the city on simulated people (数字孪生).")
Json = Annotated[bool, Parameter(negative="", help="Print one JSON object.")]
PerDay = Annotated[float, Parameter(name=["--per-day", "--handled-per-day"]), within(0.01, 100_000)]
FIRST_YEAR, LAST_YEAR = 1971, 2200
MIN_VARIANTS = 2


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class SpreadFlags:
    """Where replications run.

    Parameters
    ----------
    jobs
        Processes.
    executor
        processes, or dask://host:port of a dask scheduler with workers on many machines.
    """

    jobs: Annotated[int, within(1, 256)] = 2
    executor: str = "processes"


@app.command
def run(  # noqa: PLR0913 - one parameter an option
    *,
    city: Path,
    output: Annotated[Path, Parameter(name=["--output", "-o"])],
    calls: Path | None = None,
    days: Annotated[int | None, within(1, 3_660)] = None,
    start: str = "2026-01-05",
    per_day: PerDay | None = None,
    raw: Annotated[float, within(1, 100)] = 4.1,
    policy: str = "",
    plan: str = "",
    seed: Annotated[int, SEED] = 1,
    seats: Annotated[int, within(1, 1_000)] = 8,
    fix_every_s: Annotated[int, within(1, 300)] = 10,
    profile: Annotated[bool, Parameter(negative="")] = False,
    suite: Literal["standard", "sm"] = "standard",
    json: Json = False,
) -> int:
    """Run calls through the engine to the last one closed (运行孪生); exit 1 if one stays open.

    Parameters
    ----------
    city
        The city folder.
    output
        Folder to make, with log.db and summary.json.
    calls
        A call file of `kuaifan import calls`.
    days
        Instead of --calls: so many days of drawn calls.
    start
        First of these days, in the city's time.
    per_day
        Handled calls a day; by default 82 a year on 1,000 inhabitants, as in Huainan.
    raw
        Calls that ring for each handled one: repeats, silent lines, misdials, enquiries besides.
    policy
        For all desks, such as nearest or a variant of `twin compare`; by default each desk's own.
    plan
        The plan in use from the first moment on, as for `twin compare`.
    seed
        Of all luck: same seed, same run.
    seats
        Call-takers on duty.
    fix_every_s
        Seconds between two fixes of a moving car; where it stops, it says so at once.
    profile
        Write where the time goes into profile.txt; everything takes twice as long then.
    suite
        Ciphers and digests of the log (密码套件): sm is SM4-GCM and SM3 (国密).
    """
    from kuaifan.app.plan_sources import find_plan
    from kuaifan.app.twin_run import RunOptions, run_twin
    from kuaifan.city.folder import read_city

    _need_one(calls, days)
    folder = read_city(city)
    source = None if calls is None else _noted(_read_source(calls, folder))
    source = source or _draw_source(folder, start, days or 1, per_day=per_day, raw=raw, seed=seed)
    options = RunOptions(
        seed=seed,
        policy=policy,
        plan=find_plan(plan, folder),
        n_seats=seats,
        fix_every_s=fix_every_s,
        with_profile=profile,
        suite=suite,
    )
    summary = run_twin(folder, source, output, options, progress=ProgressLine())
    return _say(summary, output, as_json=json)


def _say(summary: Summary, output: Path, *, as_json: bool) -> int:
    from kuaifan.app.twin_text import summary_lines

    if as_json:
        print_json(summary)
    else:
        written = f"{output}/log.db and {output}/summary.json written"
        print_lines([*summary_lines(summary), written])
    return 0 if summary.figures.n_open == 0 else 1


@app.command
def compare(  # noqa: PLR0913 - one parameter an option
    *,
    city: Path,
    variants: Annotated[list[str], Parameter(name=["--variants"], consume_multiple=True)],
    plan: str = "",
    calls: Path | None = None,
    days: Annotated[int, within(1, 366)] = 7,
    start: str = "2026-01-05",
    per_day: PerDay | None = None,
    replications: Annotated[int, within(2, 10_000)] = 30,
    warm_up: Annotated[float, within(0, 720)] = 12.0,
    seed: Annotated[int, SEED] = 1,
    spread: SpreadFlags = SpreadFlags(),
    json: Json = False,
) -> int:
    """Compare policies on the fast twin, on equal luck (政策比较); exit 1 if one is overloaded.

    Each variant is set against the first, replication by replication: late share, response,
    empty circles, with 95 % intervals, and the share late if nobody were ever busy.

    Parameters
    ----------
    city
        The city folder.
    variants
        Two or more of policy[:moves=N|no][:turns=no][:kept=N], such as patrol_first
        patrol_first:moves=no nearest.
    plan
        The plan in use (在用方案), with its posts, homes and expected calls: a JSON file, a solved
        scenario's folder, own (the city's posts with its demand), none; else the desk's, if any.
    calls
        A call file of `kuaifan import calls`, in every replication the same; else drawn days.
    days
        Drawn days of a replication.
    start
        First of these days, in the city's time.
    per_day
        Handled calls a day.
    replications
        How often, each with its own luck; 30 or more to decide by.
    warm_up
        Hours at the beginning of each that count for nothing.
    seed
        Of all luck: same seed, same figures, on any number of processes.
    """
    from kuaifan.app.plan_sources import find_plan
    from kuaifan.app.twin_compare import CompareOptions, comparison_lines
    from kuaifan.app.twin_compare import compare as compare_all
    from kuaifan.city.folder import read_city

    named, folder = _read_variants(variants), read_city(city)
    found = compare_all(
        folder,
        named,
        None if calls is None else _read_source(calls, folder),
        CompareOptions(
            n_replications=replications,
            seed=seed,
            warm_up_h=warm_up,
            n_jobs=spread.jobs,
            executor=spread.executor,
            n_days=days,
            start_ms=midnight_ms(start, folder.meta.time_zone),
            handled_per_day=per_day,
            plan=find_plan(plan, folder),
        ),
        print_progress,
    )
    print_json(found) if json else print_lines(comparison_lines(found))
    return 0 if not any(each.n_overloaded for each in found.variants) else 1


@app.command
def calibrate(  # noqa: PLR0913 - one parameter an option
    *,
    roads: Path | None = None,
    tracks: Path | None = None,
    zone: str = "",
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    types: Annotated[bool, Parameter(negative="")] = False,
    city: Path | None = None,
    texts: Path | None = None,
    mapping: Path | None = None,
    db: str | None = None,
    json: Json = False,
) -> int:
    """Learn drive times from tracks, or with --types the words of a city's callers (校准).

    Drive times: needs --roads and --tracks; the factors by road class and hour are written down
    for a person to look at, and no road time follows them by itself. Types: needs --city and
    --texts with --mapping, or --db; writes types_model.json.gz into the city folder, exit 1 where
    it would suggest worse than before and nothing is written.

    Parameters
    ----------
    roads
        A city folder or a map file.
    tracks
        A `*_input.txt` or `.txt.gz` with a line `seconds lat lon edge` for each fix, or a folder.
    zone
        Time zone of the roads; by default the city's own.
    output
        The file of factors; by default ROADS.times.toml beside the roads.
    types
        Learn which types callers' words mean, and say how often the right one is suggested.
    city
        With --types: the city folder.
    texts
        With --types: a CSV file with a column of texts and one of types.
    mapping
        With --texts: a TOML file that names the columns and our type for each of theirs.
    db
        With --types: instead of --texts, the city's own log, narratives of closed incidents.
    """
    if types:
        return _calibrate_types(city, texts=texts, mapping=mapping, db=db, as_json=json)
    if roads is None or tracks is None:
        raise BadInputError("give --roads and --tracks, or --types with --city")
    from kuaifan.app.calibrate import calibrate

    print_json(calibrate(roads, tracks, zone=zone, output=output))
    return 0


def _read_variants(texts: list[str]) -> list[Variant]:
    from kuaifan.twin.variants import read_variant

    named = [read_variant(text) for text in texts]
    if len(named) < MIN_VARIANTS or len({each.text for each in named}) < len(named):
        raise BadInputError("give two or more --variants, each once, to compare one with another")
    return named


def _calibrate_types(
    city: Path | None, *, texts: Path | None, mapping: Path | None, db: str | None, as_json: bool
) -> int:
    from kuaifan.app.calibrate_types import calibrate_types, figures_lines

    if city is None:
        raise BadInputError("give --city with --types: the model is written into its folder")
    figures = calibrate_types(city, texts=texts, mapping=mapping, db=db)
    if as_json:
        print_json(figures)
    else:
        print_lines(figures_lines(figures))
    return 0 if figures.is_written else 1


def replay(*, db: str, city: Path | None = None, json: Json = False) -> int:
    """Decide a log again from its inputs (重演); exit 1 at the first difference.

    Parameters
    ----------
    db
        Database URL of the log, such as sqlite:///out/log.db.
    city
        The city folder; without it, where the log says the city lay.
    """
    from kuaifan.app.reference import load_kernels, make_reference
    from kuaifan.app.replay import Replay
    from kuaifan.app.replay_city import read_city_of

    log, folder = read_city_of(db, city)
    reference = make_reference(folder)
    load_kernels(reference)
    report = Replay(log, reference).run(_say_replayed)
    if json:
        print_json(report)
    else:
        from kuaifan.app.twin_text import replay_lines

        print_lines(replay_lines(report))
    return 0 if report.identical else 1


def _need_one(calls: Path | None, days: int | None) -> None:
    if (calls is None) == (days is None):
        raise BadInputError("give either --calls FILE or --days N")


def _noted(source: CallSource) -> CallSource:
    """Said at once where calls are not at their own places."""
    if source.remapped:
        print_progress(f"note: {source.remapped}")
    return source


def _draw_source(
    city: City, start: str, n_days: int, *, per_day: float | None, raw: float, seed: int
) -> CallSource:
    from kuaifan.app.twin_demand import draw_source

    return draw_source(
        city,
        start_ms=midnight_ms(start, city.meta.time_zone),
        n_days=n_days,
        handled_per_day=per_day,
        raw_per_handled=raw,
        seed=seed,
    )


def _read_source(calls: Path, city: City) -> CallSource:
    from kuaifan.app.twin_run import calls_of_file
    from kuaifan.city.calls import read_calls

    codes = {row["code"] for row in city.type_rows}
    found = read_calls(calls, type_codes=codes)
    return calls_of_file(found.header, found.rows, city)


def midnight_ms(day: str, time_zone: str) -> int:
    """When a day named by the user begins; raises BadInputError for one that there is not."""
    from datetime import date, datetime, time
    from zoneinfo import ZoneInfo

    try:
        first = date.fromisoformat(day)
    except ValueError:
        raise BadInputError(f"--start {day!r} is no date: give one like 2026-01-05") from None
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise BadInputError(
            f"--start {day} is out of range: give a year {FIRST_YEAR} to {LAST_YEAR}"
        )
    midnight = datetime.combine(first, time(), ZoneInfo(time_zone))
    return round(midnight.timestamp() * 1000)


class ProgressLine:
    """Says every so often how many incidents are closed, and how fast."""

    def __init__(self) -> None:
        self._began_s = perf_counter()

    def __call__(self, n_closed: int, n_calls: int) -> None:
        """So many incidents are closed, of so many calls."""
        elapsed_s = perf_counter() - self._began_s
        print_progress(f"{n_closed:,} of {n_calls:,} closed, {elapsed_s:.0f} s")


def _say_replayed(n_records: int) -> None:
    print_progress(f"{n_records:,} records decided again, all equal")
