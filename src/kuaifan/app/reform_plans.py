"""The plans of the reform (改革方案): where the cars stand in each, as a city of the fast twin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kuaifan.app.planner_models import Asked, solver_of
from kuaifan.app.planner_problem import way_s
from kuaifan.board.circle_calls import weekly_calls
from kuaifan.board.reference import Reference
from kuaifan.board.settings import UNCHANGED, settle, under_plan
from kuaifan.city.demand_file import Demand
from kuaifan.city.population import Population
from kuaifan.geo.points import METRES_PER_DEGREE
from kuaifan.kernel.errors import BadInputError
from kuaifan.plan.by_hand import draw_by_hand, share_out
from kuaifan.plan.solving import Progress
from kuaifan.policy.fleet import SKILLS
from kuaifan.twin.demand import CallCells
from kuaifan.vocabulary.plan import PlacedPost
from kuaifan.vocabulary.unit_profile import UnitProfile

Floats = NDArray[np.float64]
N_STREET, N_STANDBY = 10, 21
"""Huainan: street stations (街面驻勤工作站) and standby posts (屯警点)."""
MAX_CELLS: Final = 3_000
FIRST_SQUARE_M: Final = 100.0
N_CANDIDATES: Final = 400
REACH_S: Final = 240.0
GAP: Final = 1e-3
STREET: Final = "street_station"
STREET_PREFIX: Final = "reform:S"


class Cells(NamedTuple):
    """Where the calls are (需求格), weight: calls a day of each.

    square_m: side of the squares that cells were put together in, 0 where they are as they were.
    whole: cells as a twin draws from them, None where the city's own demand says it better.
    """

    lat: Floats
    lon: Floats
    weight: Floats
    square_m: float
    whole: CallCells | None


class Spot(NamedTuple):
    """A post of a plan (布点)."""

    kind: str
    lat: float
    lon: float
    per_day: float


class Solve(NamedTuple):
    """What a model said of its plan (求解结果)."""

    model: str
    value: float
    gap: float
    is_proven: bool


def read_cells(
    demand: Demand | None, population: Population | None, *, name: str, per_day: float
) -> Cells:
    """The cells with calls, by the city's demand, else by inhabitants; a few thousand at most.

    Raises BadInputError for a city of which neither is known.
    """
    if demand is not None:
        weight = demand.weekly.sum(axis=1, dtype=np.float64)
        return _in_squares(demand.lat, demand.lon, weight, None, name=name, per_day=per_day)
    if population is None:
        raise BadInputError(
            f"{name} has no demand.npz: learn one by `kuaifan plan demand`, or say where people "
            "live by --population"
        )
    lat, lon, people = population.lat, population.lon, population.inhabitants
    whole = CallCells(lat, lon, people, _apart_m(lat, lon))
    return _in_squares(lat, lon, people, whole, name=name, per_day=per_day)


def _apart_m(lat: Floats, lon: Floats) -> float:
    """How far points lie apart: the median way to the next one."""
    from scipy.spatial import cKDTree

    east = lon * METRES_PER_DEGREE * np.cos(np.radians(lat.mean()))
    points = np.stack([east, lat * METRES_PER_DEGREE], axis=1)
    if len(points) < 2:  # noqa: PLR2004 - one point is apart from nothing
        return 0.0
    apart = np.asarray(cKDTree(points).query(points, k=2)[0], np.float64)
    return float(np.median(apart[:, 1]))


def _in_squares(
    lat: Floats,
    lon: Floats,
    weight: Floats,
    whole: CallCells | None,
    *,
    name: str,
    per_day: float,
) -> Cells:
    """Put cells together in squares as large as it takes, so that no call is left out."""
    kept = np.flatnonzero(weight > 0)
    if not len(kept):
        raise BadInputError(f"{name}: no place has any calls: there is nothing to stand for")
    lat, lon, weight, square_m = lat[kept], lon[kept], weight[kept], 0.0
    group = np.arange(len(kept))
    while group.max() >= MAX_CELLS:
        square_m = max(FIRST_SQUARE_M, square_m * 1.25)
        group = _squares_of(lat, lon, square_m)
    sums = np.bincount(group, weight)
    mid_lat, mid_lon = (np.bincount(group, weight * each) / sums for each in (lat, lon))
    return Cells(mid_lat, mid_lon, per_day * sums / sums.sum(), square_m, whole)


def _squares_of(lat: Floats, lon: Floats, side_m: float) -> NDArray[np.int64]:
    """Number of the square that each place is in."""
    east = np.floor(lon * METRES_PER_DEGREE * np.cos(np.radians(lat.mean())) / side_m)
    north = np.floor(lat * METRES_PER_DEGREE / side_m)
    _, group = np.unique(np.stack([east, north]), axis=1, return_inverse=True)
    return np.asarray(group, np.int64).reshape(-1)


def by_hand(own: Reference, cells: Cells) -> list[Spot]:
    """Ten and twenty-one by the rule of hand, the busiest ten as street stations."""
    pairs = zip(cells.lat.tolist(), cells.lon.tolist(), strict=True)
    districts = [own.district_at(*each) for each in pairs]
    chosen = draw_by_hand(cells.lat, cells.lon, cells.weight, districts, N_STREET + N_STANDBY)
    return _spots(own, cells, [(cells.lat[i], cells.lon[i]) for i in chosen])


def optimized(own: Reference, cells: Cells, model: str, watch_s: float) -> tuple[list[Spot], Solve]:
    """As many posts by a planning model, from the busiest cells as candidates."""
    from time import perf_counter

    best = np.sort(np.argsort(-cells.weight, kind="stable")[:N_CANDIDATES])
    sites = [(float(cells.lat[i]), float(cells.lon[i])) for i in best]
    cost = way_s(own, sites, lat=cells.lat, lon=cells.lon)
    reached = np.isfinite(cost).any(axis=0)
    asked = Asked(
        cost=np.ascontiguousarray(cost[:, reached]),
        weight=np.ascontiguousarray(cells.weight[reached]),
        n_open=N_STREET + N_STANDBY,
        locked=(),
        forbidden=(),
        reach_s=REACH_S,
        rings_s=tuple(ms / 1000 for ms in own.rings_ms),
        parameters={},
    )
    began_s = perf_counter()

    def watch(_progress: Progress) -> bool:
        return perf_counter() - began_s < watch_s

    solved = solver_of(model, asked)(gap=GAP, watch=watch)
    spots = _spots(own, cells, [sites[i] for i in solved.sites])
    return spots, Solve(model, solved.value, solved.gap, solved.is_proven)


def _spots(own: Reference, cells: Cells, places: Sequence[tuple[float, float]]) -> list[Spot]:
    """Posts with the calls nearest to each by road; the ten with most are street stations."""
    cost = way_s(own, list(places), lat=cells.lat, lon=cells.lon)
    reached = np.isfinite(cost).any(axis=0)
    nearest = np.where(np.isfinite(cost), cost, np.inf).argmin(axis=0)[reached]
    per_day = np.bincount(nearest, cells.weight[reached], minlength=len(places))
    order = np.argsort(-per_day, kind="stable").tolist()
    street = set(order[:N_STREET])
    return [
        Spot(STREET if i in street else "standby_post", float(lat), float(lon), float(per_day[i]))
        for i, (lat, lon) in enumerate(places)
    ]


def at_posts(own: Reference, spots: Sequence[Spot], n_cars: int) -> Reference:
    """The city with these posts and so many cars: as even as can be, more where calls are more."""
    placed = tuple(_placed(own, spot, i) for i, spot in enumerate(spots))
    n_each, n_more = divmod(n_cars, len(spots))
    most = sorted(range(len(spots)), key=lambda i: (-spots[i].per_day, i))[:n_more]
    stands = [post.post_id for i, post in enumerate(placed) for _ in range(n_each + (i in most))]
    return _with_cars(own, placed, stands, "patrol")


def calls_a_week(reference: Reference, spots: Sequence[Spot]) -> NDArray[np.int64]:
    """Calls a week that each circle's post is nearest to, as a desk has them of its plan."""
    return weekly_calls(
        {_post_id(spot, i): spot.per_day for i, spot in enumerate(spots)}, reference
    )


def at_stations(
    own: Reference, cells: Cells, circles: Sequence[Spot], n_cars: int
) -> tuple[Reference, int]:
    """The city before: all cars at its police stations, by the calls on their ground.

    circles: nobody stands there; whether anybody could hold them is counted all the same. The
    second value: stations that have a car.
    """
    ids = sorted(post.post_id for post in own.posts.values() if post.kind == "station")
    if not ids:
        raise BadInputError("the city has no police station in its forces.csv: add one")
    owner = [own.place(float(a), float(b)).jurisdiction for a, b in zip(*cells[:2], strict=True)]
    place = {station: i for i, station in enumerate(ids)}
    at = np.array([place[each] for each in owner], np.int64)
    calls = np.bincount(at, cells.weight, minlength=len(ids)).astype(np.float64)
    given = share_out(calls, np.full(len(ids), n_cars), n_cars)
    stands = [station for station, n in zip(ids, given, strict=True) for _ in range(n)]
    placed = tuple(_placed(own, spot, i) for i, spot in enumerate(circles))
    return _with_cars(own, placed, stands, "station"), sum(n > 0 for n in given)


def _placed(own: Reference, spot: Spot, number: int) -> PlacedPost:
    position = own.snapper.snap_one(spot.lat, spot.lon).position
    post_id = _post_id(spot, number)
    return PlacedPost(
        post_id=post_id,
        kind="street_station" if spot.kind == STREET else "standby_post",
        name=post_id,
        lat=spot.lat,
        lon=spot.lon,
        arc=position.arc,
        fraction_ppm=position.fraction_ppm,
    )


def _post_id(spot: Spot, number: int) -> str:
    """No city's own post is called so."""
    return f"{STREET_PREFIX if spot.kind == STREET else 'reform:B'}{number + 1}"


def _with_cars(
    own: Reference, placed: tuple[PlacedPost, ...], stands: Sequence[str], line: str
) -> Reference:
    """The city with these cars and no other unit; each can do everything, at every hour."""
    units = {
        f"U{i + 1:04}": UnitProfile(
            unit_id=f"U{i + 1:04}",
            call_sign=f"{i + 1:04}",
            kind="car",
            line=line,
            skills=SKILLS,
            home_post_id=post_id,
            n_officers=2,
            n_auxiliaries=1,
            shift="all",
            shift_start_hour=0,
            shift_end_hour=0,
        )
        for i, post_id in enumerate(stands)
    }
    posts = settle(own, under_plan(UNCHANGED, {}, placed, {}))
    return posts.under(units=units)


def fewer(n_cars: int) -> int:
    """One third fewer."""
    return n_cars - n_cars // 3
