"""How fast plans are proven (规划基准): p-medians, maximal covers, a city's week of posts."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import Final, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.app.bench_hypercube import HypercubeFigure, bench_hypercube
from kuaifan.app.bench_posts import PostsFigures, bench_posts
from kuaifan.app.plan_files import read_p_median
from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.covering import cover_in_radius
from kuaifan.plan.siting import Siting
from kuaifan.plan.solving import Solved

Floats = NDArray[np.float64]
Part = Literal["pmedian", "mclp", "posts", "hypercube"]

CITY_RADIUS, CITY_OPEN = 1.5, 30
N_CALLS: Final = 10_000_000
N_SITES: Final = 100
SIDE: Final = 30.0
RADII: Final = (5.5, 6.25)
N_OPEN: Final = 10


class PMedianFigures(msgspec.Struct, frozen=True):
    """One p-median (p 中位): solving it, without reading its file."""

    instance: str
    value: float
    bound: float
    proven: bool
    seconds: float


class CoverFigures(msgspec.Struct, frozen=True, omit_defaults=True):
    """One maximal cover (最大覆盖): summing its demand and building it included."""

    value: float
    proven: bool
    seconds: float
    heuristic_value: float | None = None
    heuristic_seconds: float | None = None


class PlanFigures(msgspec.Struct, frozen=True, omit_defaults=True):
    """What `bench plan` prints (规划)."""

    pmedian: list[PMedianFigures] | None = None
    mclp_10k_500: CoverFigures | None = None
    mclp_10m_100: CoverFigures | None = None
    posts_31: PostsFigures | None = None
    hypercube: list[HypercubeFigure] | None = None


def bench_plan(only: Part | None, instances: Path, data: Path | None = None) -> PlanFigures:
    """Solve what is asked for; kernels are compiled before any clock runs.

    data: the folder of roads/ and calls/, two above the instances if left out.
    """
    wants_p, wants_m = only in (None, "pmedian"), only in (None, "mclp")
    return PlanFigures(
        pmedian=_p_medians(instances) if wants_p else None,
        mclp_10k_500=_city_cover(instances) if wants_m else None,
        mclp_10m_100=_wide_cover() if wants_m else None,
        posts_31=bench_posts(data or instances.parent.parent) if only in (None, "posts") else None,
        hypercube=bench_hypercube() if only in (None, "hypercube") else None,
    )


def all_proven(figures: PlanFigures) -> bool:
    """Whether every plan asked for is proven: the best, or a week of posts to within its gap."""
    covers = (figures.mclp_10k_500, figures.mclp_10m_100, figures.posts_31)
    return all(each.proven for each in (*(figures.pmedian or ()), *covers) if each is not None)


def _p_medians(folder: Path) -> list[PMedianFigures]:
    from kuaifan.models.p_median.solve import solve

    files = sorted(folder.glob("pmed*.txt"), key=lambda file: (len(file.name), file.name))
    if not files:
        raise BadInputError(
            f"{folder} holds no pmed*.txt: name the folder of OR-Library's files by --instances"
        )
    solve(Siting(cost=1.0 - np.eye(4), weight=np.ones(4), n_open=2))
    figures = []
    for file in files:
        problem = read_p_median(file)
        began_s = perf_counter()
        solved = solve(problem, gap=0.0)
        took_s = round(perf_counter() - began_s, 3)
        figures.append(
            PMedianFigures(file.stem, solved.value, solved.bound, solved.is_proven, took_s)
        )
    return figures


def _city_cover(folder: Path) -> CoverFigures:
    file = next(
        (
            place / "mclp_city10k_500.npz"
            for place in (folder, folder.parent)
            if (place / "mclp_city10k_500.npz").is_file()
        ),
        None,
    )
    if file is None:
        raise BadInputError(f"neither {folder} nor the folder above holds mclp_city10k_500.npz")
    with np.load(file) as city:
        sites, demand, weight = city["sites"], city["demand"], city["w"].astype(np.float64)
    _cover(sites[:9], demand[:99], weight[:99], radius=SIDE, n_open=2)
    return _cover(sites, demand, weight, radius=CITY_RADIUS, n_open=CITY_OPEN)


def _wide_cover() -> CoverFigures:
    """Ten million calls, uniform on a square; the slower of two radii."""
    rng = np.random.default_rng(1)
    sites, demand = rng.random((N_SITES, 2)) * SIDE, rng.random((N_CALLS, 2)) * SIDE
    weight = rng.integers(1, 101, N_CALLS).astype(np.float64)
    _cover(sites[:9], demand[:99], weight[:99], radius=SIDE, n_open=2)
    figures = [_cover(sites, demand, weight, radius=r, n_open=N_OPEN) for r in RADII]
    return max(figures, key=lambda each: each.seconds)


def _cover(
    sites: Floats, demand: Floats, weight: Floats, *, radius: float, n_open: int
) -> CoverFigures:
    from kuaifan.models.mclp.solve import MaxCover, solve, solve_quickly

    began_s = perf_counter()
    problem = MaxCover(covering=cover_in_radius(sites, demand, weight, radius), n_open=n_open)
    built_s = perf_counter()
    quick: Solved = solve_quickly(problem)
    quick_s = perf_counter()
    solved: Solved = solve(problem, gap=0.0)
    ended_s = perf_counter()
    return CoverFigures(
        value=solved.value,
        proven=solved.is_proven,
        seconds=round(ended_s - quick_s + built_s - began_s, 3),
        heuristic_value=quick.value,
        heuristic_seconds=round(quick_s - built_s, 4),
    )
