"""`kuaifan bench` (基准): each prints one JSON object of what this machine does."""

from __future__ import annotations

from pathlib import Path

from cyclopts import App

from kuaifan.app.printing import print_json

app = App(name="bench", help="Measure this machine; each prints one JSON object (基准).")


@app.command
def core(*, lives: int = 3_000) -> int:
    """Durable decisions a second over whole lives, ranking off (核心吞吐).

    Parameters
    ----------
    lives
        How many incidents are led from call to close.
    """
    from kuaifan.app.bench_core import bench_core

    print_json(bench_core(lives))
    return 0


@app.command
def recommend(*, units: int = 500, city: Path | None = None, roads: Path | None = None) -> int:
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
def kill(*, rounds: int = 20) -> int:
    """Kill a live engine under load and start it again (断电恢复); exit 1 if anything is lost.

    Parameters
    ----------
    rounds
        How often.
    """
    from kuaifan.app.bench_kill import bench_kill

    figures = bench_kill(rounds)
    print_json(figures)
    return 0 if figures.lost == 0 and figures.doubled == 0 and figures.chain_ok else 1
