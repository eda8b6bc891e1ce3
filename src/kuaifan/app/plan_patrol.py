"""`kuaifan plan patrol` (巡防路线): a city's places by tier, its crews of a shift, its roads."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Final, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from kuaifan.app.plan_tables import check_suffix, read_list, read_rows
from kuaifan.city.city import City, CityUnit
from kuaifan.city.city import Post as CityPost
from kuaifan.city.folder import read_city, read_sites
from kuaifan.city.whole_folder import replace_file
from kuaifan.geo.points import distances_m
from kuaifan.kernel.errors import BadInputError
from kuaifan.models.patrol_routes.problem import (
    MAX_NODES,
    USUAL_TIERS,
    Instance,
    PatrolCrew,
    Place,
    Tier,
    pose,
)
from kuaifan.models.patrol_routes.solve import Routes, solve
from kuaifan.plan.solving import Progress
from kuaifan.roads.travel import UNREACHABLE_MS

Floats = NDArray[np.float64]

TIER_OF_SITE: Final = {1: 1, 3: 2, 5: 3}
"""Tier of a key site by the minutes of its ring (四级巡防, where no file says otherwise)."""
PATROL_LINE: Final = "patrol"


@dataclass(frozen=True, slots=True, kw_only=True)
class PatrolAsked:
    """What is asked besides the city (巡防要求): places and grids as CSV, tiers as a JSON list."""

    shift: str
    places: Path | None = None
    tiers: Path | None = None
    grids: Path | None = None
    seconds: float = 60.0


class PatrolFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What it prints (巡防结果)."""

    city: str
    shift: str
    n_places: int
    n_crews: int
    n_visits: int
    seconds: float
    answer: Routes
    written: Path


class _Spot(NamedTuple):
    """A place with where it lies."""

    name: str
    tier: int
    lat: float
    lon: float


def plan_patrol(city: Path, output: Path, asked: PatrolAsked) -> PatrolFigures:
    """Plan a shift's routes and write them as CSV or GeoJSON; see PatrolFigures."""
    check_suffix(output, (".csv", ".geojson"))
    whole = read_city(city)
    crews = _crews(whole, asked.shift)
    spots = _read_spots(asked.places) if asked.places else _site_spots(city)
    if not spots:
        raise BadInputError(
            f"{city} names no key sites: give places by --places, a CSV of name, tier, lat, lon"
        )
    tiers = read_list(asked.tiers, Tier) if asked.tiers else USUAL_TIERS
    bases = list(dict.fromkeys(unit.home_post_id for unit in crews))
    posts = {post.post_id: post for post in whole.posts}
    instance = _pose(whole, crews, spots, [posts[each] for each in bases], asked, tiers)
    problem = pose(instance)
    began_s = perf_counter()

    def watch(_progress: Progress) -> bool:
        return perf_counter() - began_s < asked.seconds

    answer = solve(problem, watch=watch)
    took_s = round(perf_counter() - began_s, 3)
    pack = _pack_csv if output.suffix == ".csv" else _pack_geojson
    replace_file(output, pack(answer, {spot.name: spot for spot in spots}))
    return PatrolFigures(
        city=whole.meta.name,
        shift=asked.shift,
        n_places=len(spots),
        n_crews=len(crews),
        n_visits=len(problem.visits),
        seconds=took_s,
        answer=answer,
        written=output,
    )


def describe(figures: PatrolFigures) -> list[str]:
    """The figures for a person."""
    answer = figures.answer
    return [
        (
            f"{figures.city}, shift {figures.shift}: {figures.n_crews} crews, "
            f"{figures.n_visits} visits due at {figures.n_places} places; worth {answer.value:g}, "
            f"no more than {answer.bound:g} can be; {figures.seconds:.2f} s"
        ),
        *(f"  {reason}" for reason in answer.reasons),
        f"{figures.written} written",
    ]


def _crews(city: City, shift: str) -> list[CityUnit]:
    """The patrol crews of a shift."""
    names = list(dict.fromkeys(unit.shift.name for unit in city.units))
    if shift not in names:
        raise BadInputError(f"no unit works a shift {shift!r}: there are {', '.join(names)}")
    found = [u for u in city.units if u.shift.name == shift and u.line == PATROL_LINE]
    if not found:
        raise BadInputError(f"no patrol unit works the shift {shift}: choose another")
    return found


def _site_spots(city: Path) -> list[_Spot]:
    """The key sites; one name for each."""
    return [
        _Spot(f"{site.site_id} {site.name}", TIER_OF_SITE[site.site_class], site.lat, site.lon)
        for site in read_sites(city)
    ]


def _read_spots(file: Path) -> list[_Spot]:
    rows = read_rows(file, ("name", "tier", "lat", "lon"))
    spots = []
    for line, row in enumerate(rows, start=2):
        try:
            spot = _Spot(row["name"], int(row["tier"]), float(row["lat"]), float(row["lon"]))
        except ValueError as error:
            raise BadInputError(f"{file} line {line}: tier, lat and lon are numbers") from error
        if not (-90 <= spot.lat <= 90 and -180 <= spot.lon <= 180):  # noqa: PLR2004 - the globe
            raise BadInputError(f"{file} line {line}: {spot.lat:g}, {spot.lon:g} is off the globe")
        spots.append(spot)
    names = [spot.name for spot in spots]
    if double := next((name for name in names if names.count(name) > 1), None):
        raise BadInputError(f"{file} names {double!r} twice: give each place a name of its own")
    return spots


def _pose(
    city: City,
    crews: list[CityUnit],
    spots: list[_Spot],
    bases: list[CityPost],
    asked: PatrolAsked,
    tiers: tuple[Tier, ...],
) -> Instance:
    """The problem in minutes from the midnight on which the shift begins."""
    if len(spots) + len(bases) > MAX_NODES:
        raise BadInputError(f"{len(spots)} places are too many at once: {MAX_NODES:,} with bases")
    lat = np.array([s.lat for s in spots] + [b.lat for b in bases])
    lon = np.array([s.lon for s in spots] + [b.lon for b in bases])
    grid = _grids_at(asked.grids, lat, lon)
    number = {base.post_id: i for i, base in enumerate(bases)}
    return Instance(
        places=[
            Place(name=spot.name, tier=spot.tier, grid=grid[i]) for i, spot in enumerate(spots)
        ],
        crews=[
            PatrolCrew(
                name=unit.unit_id,
                base=number[unit.home_post_id],
                from_min=60.0 * unit.shift.start_hour,
                until_min=60.0 * (unit.shift.start_hour + _length(unit)),
                grid=grid[len(spots) + number[unit.home_post_id]],
            )
            for unit in crews
        ],
        travel_min=_travel_min(city, lat, lon),
        tiers=tiers,
    )


def _length(unit: CityUnit) -> int:
    """Hours of a unit's shift; a day where it ends when it begins."""
    return (unit.shift.end_hour - unit.shift.start_hour - 1) % 24 + 1


def _grids_at(file: Path | None, lat: Floats, lon: Floats) -> list[str]:
    """The grid of each place by the nearest cell of `plan grids`, "" where none are given."""
    if file is None:
        return [""] * len(lat)
    rows = read_rows(file, ("lat", "lon", "grid"))
    if not rows:
        raise BadInputError(f"{file} has no cells: make it by kuaifan plan grids")
    try:
        at = np.array([(float(row["lat"]), float(row["lon"])) for row in rows]).T
    except ValueError as error:
        raise BadInputError(f"{file}: lat and lon are to be numbers") from error
    places = zip(lat.tolist(), lon.tolist(), strict=True)
    far_m = [distances_m(*at, to_lat=y, to_lon=x) for y, x in places]
    return [rows[int(np.argmin(each))]["grid"] for each in far_m]


def _travel_min(city: City, lat: Floats, lon: Floats) -> list[list[float | None]]:
    """Driving times among places at an ordinary pace, None where no road leads."""
    from kuaifan.roads.dijkstra import DijkstraTravelTimes
    from kuaifan.roads.snap import Snapper
    from kuaifan.roads.travel import RoadPosition

    at, travel = Snapper(city.network).snap(lat, lon), DijkstraTravelTimes(city.network)
    positions = zip(at.arc.tolist(), at.fraction_ppm.tolist(), strict=True)
    rows = [
        travel.from_one(RoadPosition(*position), at.arc, at.fraction_ppm) for position in positions
    ]
    return [[None if ms >= UNREACHABLE_MS else ms / 60_000 for ms in row.tolist()] for row in rows]


def _clock(minutes: float) -> str:
    """Minutes from midnight as a time of day."""
    whole = round(minutes * 60)
    return f"{whole // 3600 % 24:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _pack_csv(answer: Routes, spots: dict[str, _Spot]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("crew", "stop", "place", "tier", "visit", "from", "until", "lat", "lon"))
    for route in answer.routes:
        for n, stop in enumerate(route.stops, start=1):
            spot = spots[stop.place]
            times = (_clock(stop.from_min), _clock(stop.until_min))
            where = (f"{spot.lat:.6f}", f"{spot.lon:.6f}")
            writer.writerow((route.crew, n, stop.place, stop.tier, stop.nth, *times, *where))
    return buffer.getvalue().encode("utf-8-sig")


def _pack_geojson(answer: Routes, spots: dict[str, _Spot]) -> bytes:
    """A point for each stop, in the order of each route."""
    features = [
        {
            "type": "Feature",
            "properties": {
                "crew": route.crew,
                "stop": n,
                "place": stop.place,
                "tier": stop.tier,
                "visit": stop.nth,
                "from": _clock(stop.from_min),
                "until": _clock(stop.until_min),
            },
            "geometry": {
                "type": "Point",
                "coordinates": [round(spots[stop.place].lon, 6), round(spots[stop.place].lat, 6)],
            },
        }
        for route in answer.routes
        for n, stop in enumerate(route.stops, start=1)
    ]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})
