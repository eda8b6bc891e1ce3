"""`kuaifan bench` (基准): each prints one JSON object of what this machine does."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from kuaifan.app.limits import within
from kuaifan.app.printing import print_json

app = App(name="bench", help="Measure this machine; each prints one JSON object (基准).")
Cluster = Annotated[bool, Parameter(negative="")]
KILL_ROUNDS, CLUSTER_ROUNDS = 20, 3


@app.command
def core(*, lives: Annotated[int, within(1, 100_000)] = 3_000, db: str = "sqlite") -> int:
    """Durable decisions a second over whole lives, ranking off (核心吞吐).

    Parameters
    ----------
    lives
        How many incidents are led from call to close.
    db
        sqlite, or postgresql for a server of its own with a synchronous standby, or a URL of an
        empty database.
    """
    from kuaifan.app.bench_core import bench_core

    print_json(bench_core(lives, db))
    return 0


@app.command
def recommend(
    *,
    units: Annotated[int, within(1, 100_000)] = 500,
    city: Path | None = None,
    roads: Path | None = None,
) -> int:
    """How long one recommendation takes (推荐耗时): road times, score, reasons.

    Parameters
    ----------
    units
        Available units, spread over the city.
    city
        A city folder; without one, a grid of streets made for the purpose.
    roads
        Instead of --city: a map file to import first.
    """
    from kuaifan.app.bench_recommend import bench_recommend

    print_json(bench_recommend(units, city=city, roads=roads))
    return 0


@app.command
def kill(
    *,
    rounds: Annotated[int, within(1, 200)] | None = None,
    db: str = "sqlite",
    seed: Annotated[int, within(0, 1_000_000)] = 1,
    decisions: Annotated[int, within(0, 10_000_000)] = 0,
    cluster: Cluster = False,
) -> int:
    """Kill a live engine under load and start it again (断电恢复); exit 1 if anything is lost.

    Parameters
    ----------
    rounds
        How often; 20, or 3 of a cluster.
    db
        sqlite, or postgresql for a server of its own, or a URL of an empty database.
    seed
        Of the moments at which it is killed.
    decisions
        How many the log holds before the first round; 1000000 takes some minutes to write.
    cluster
        Kill the primary database of a cluster of its own, then its active desk; exit 1 also where
        the first answer takes longer than 15 s and 5 s.
    """
    if cluster:
        from kuaifan.app.bench_cluster import bench_cluster, is_held

        switched = bench_cluster(rounds or CLUSTER_ROUNDS)
        print_json(switched)
        return 0 if is_held(switched) else 1
    from kuaifan.app.bench_kill import bench_kill

    figures = bench_kill(rounds or KILL_ROUNDS, db=db, seed=seed, n_decisions=decisions)
    print_json(figures)
    is_lossless = figures.lost == 0 and figures.doubled == 0
    return 0 if is_lossless and figures.chain_ok and figures.timers_ok else 1


@app.command
def log(*, rows: Annotated[int, within(1_000, 1_000_000)] = 100_000) -> int:
    """How fast a board comes back from its log (重建速率): folded, read from the file, as tables.

    Parameters
    ----------
    rows
        Calls, incidents, orders and units on the board; writing 100,000 takes a minute first.
    """
    from kuaifan.app.bench_rebuild import bench_rebuild

    print_json(bench_rebuild(rows))
    return 0


@app.command
def http(
    *,
    consoles: Annotated[int, within(1, 5_000)] = 500,
    calls_per_s: Annotated[int, within(1, 10_000)] = 20,
    seconds: Annotated[int, within(1, 3_600)] = 60,
    db: str = "sqlite",
) -> int:
    """What callers and consoles wait for over HTTP (网页吞吐); exit 1 unless all came everywhere.

    Parameters
    ----------
    consoles
        How many listen to the stream.
    calls_per_s
        Calls that come a second, each at its time whether earlier ones were answered or not.
    seconds
        For how long.
    db
        sqlite, or postgresql for a server of its own with a synchronous standby, or a URL of an
        empty database.
    """
    from kuaifan.app.bench_http import HttpOptions, bench_http

    figures = bench_http(
        HttpOptions(consoles=consoles, calls_per_s=calls_per_s, seconds=seconds, db=db)
    )
    print_json(figures)
    return 0 if (figures.delivered, figures.errors) == (1.0, 0) else 1


@app.command
def partition() -> int:
    """Cut the primary database off from all others under load (网络分区); needs root.

    Exit 1 if anything is lost or doubled, or if the one that is cut off answers a write.
    """
    from kuaifan.app.bench_cluster import bench_partition

    figures = bench_partition()
    print_json(figures)
    is_lossless = (figures.lost, figures.doubled, figures.chain_ok) == (0, 0, True)
    return 0 if is_lossless and not figures.old_primary_wrote else 1


@app.command
def travel(
    *,
    roads: Path | None = None,
    units: Annotated[int, within(1, 100_000)] = 500,
    tiles: Annotated[int, within(1, 64)] = 1,
) -> int:
    """How long ranking all units by road takes (行车时间); exit 1 if any time is not exact.

    Parameters
    ----------
    roads
        A map file or a city folder; without one, a grid of streets made for the purpose.
    units
        Units inside streets, anywhere.
    tiles
        How many copies of the roads are laid side by side to make a larger city.
    """
    from kuaifan.app.bench_travel import bench_travel

    figures = bench_travel(units, roads=roads, n_tiles=tiles)
    print_json(figures)
    return 0 if figures.exact else 1


@app.command
def matrix(
    *,
    roads: Path | None = None,
    origins: Annotated[int, within(1, 100_000)] = 2_000,
    targets: Annotated[int, within(1, 10_000)] = 300,
    tiles: Annotated[int, within(1, 64)] = 1,
) -> int:
    """How long a matrix of road times takes (时间矩阵); exit 1 if any time is not exact.

    Parameters
    ----------
    roads
        A map file or a city folder; without one, a grid of streets made for the purpose.
    origins
        How many places inside streets are driven from.
    targets
        How many are driven to.
    tiles
        How many copies of the roads are laid side by side to make a larger city.
    """
    from kuaifan.app.bench_travel import bench_matrix

    figures = bench_matrix(origins, targets, roads=roads, n_tiles=tiles)
    print_json(figures)
    return 0 if figures.exact else 1


@app.command
def circles(
    *,
    roads: Path | None = None,
    posts: Annotated[int, within(1, 1_000)] = 50,
    minutes: float = 5.0,
    tiles: Annotated[int, within(1, 64)] = 1,
) -> int:
    """How long the rings of all posts take (圈层); exit 1 if any place is on the wrong side.

    Parameters
    ----------
    roads
        A map file or a city folder; without one, a grid of streets made for the purpose.
    posts
        Posts inside streets, anywhere.
    minutes
        The widest ring.
    tiles
        How many copies of the roads are laid side by side to make a larger city.
    """
    from kuaifan.app.bench_circles import bench_circles

    figures = bench_circles(posts, minutes, roads=roads, n_tiles=tiles)
    print_json(figures)
    return 0 if figures.exact else 1


@app.command
def match(*, tracks: Path, roads: Path | None = None) -> int:
    """How well recorded tracks are matched to the roads (地图匹配), and how long a fix takes.

    Parameters
    ----------
    tracks
        A `*_input.txt` or `.txt.gz` with its `*_output.txt` beside it, or a folder of them.
    roads
        A map file or a city folder; without one, a grid of streets made for the purpose.
    """
    from kuaifan.app.bench_match import bench_match

    print_json(bench_match(roads, tracks))
    return 0


@app.command
def places(*, places: Annotated[int, within(1_000, 2_000_000)] = 200_000) -> int:
    """How fast places are found (地点检索) by characters, pinyin, initials and other ways.

    Parameters
    ----------
    places
        Made-up places in the gazetteer.
    """
    from kuaifan.app.bench_places import bench_places

    print_json(bench_places(places))
    return 0


@app.command
def ui(
    *,
    units: Annotated[int, within(1, 5_000)] = 500,
    seats: Annotated[int, within(2, 1_000)] = 100,
    samples: Annotated[int, within(1, 10_000)] = 50,
    minutes: Annotated[float, within(0.01, 1_440)] = 5.0,
) -> int:
    """How long people at the console wait (界面), measured in Chromium; needs Playwright.

    Parameters
    ----------
    units
        Units on duty that move.
    seats
        Seats that hear of a new call: two pages, the rest bare streams.
    samples
        How often each wait is measured.
    minutes
        How long the units move while the memory of the page is watched.
    """
    from kuaifan.app.bench_ui import UiOptions, bench_ui

    print_json(bench_ui(UiOptions(units=units, seats=seats, samples=samples, minutes=minutes)))
    return 0


@app.command
def plan(
    *,
    only: Literal["pmedian", "mclp", "posts", "hypercube"] | None = None,
    instances: Path = Path("../shared/data/instances/pmed"),
    data: Path | None = None,
) -> int:
    """How fast plans are proven best (规划求解); exit 1 if one is not proven.

    Parameters
    ----------
    only
        One part alone: pmedian, mclp, posts or hypercube.
    instances
        Folder of OR-Library's pmed*.txt; mclp_city10k_500.npz lies in it or beside it.
    data
        Folder of roads/ and calls/ for posts; two above the instances if left out.
    """
    from kuaifan.app.bench_plan import all_proven, bench_plan

    figures = bench_plan(only, instances, data)
    print_json(figures)
    return 0 if all_proven(figures) else 1


@app.command
def twin(*, incidents: Annotated[int, within(0, 250_000)] = 700) -> int:
    """How fast the twins are (孪生速度); exit 1 if engine and kernel send other units.

    Calls a second of the fast kernel, plain and with every feature, with SimPy beside it where it
    is installed; the engine twin over a city-year; the identity test.

    Parameters
    ----------
    incidents
        How many incidents of the year of 250,000 the engine twin really runs; the rest is their
        time, so many times. 250000 for all of them, 0 to leave it out.
    """
    from kuaifan.app.bench_twin import bench_twin

    figures = bench_twin(engine_incidents=incidents)
    print_json(figures)
    return 0 if figures.identical else 1
