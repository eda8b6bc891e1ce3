"""`kuaifan twin calibrate` (校准): learn drive times from tracks, and say how much better they are.

The factors are written beside the roads for a person to look at; no road time follows them by
itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import numpy as np

from kuaifan.app.bench_travel import read_bench_roads
from kuaifan.app.track_files import Track, read_tracks
from kuaifan.city.folder import read_city
from kuaifan.city.travel_hours import read_week
from kuaifan.city.whole_folder import replace_file
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.cch import CchTravelTimes
from kuaifan.roads.cch_order import order_nodes
from kuaifan.roads.hours import HOUR_CLASSES, HourTable, usual_week
from kuaifan.roads.matching import Matcher
from kuaifan.roads.network import ROAD_CLASSES, WALK_CLASSES
from kuaifan.roads.observed import (
    Trip,
    fit_factors,
    make_trip,
    trip_errors,
)
from kuaifan.roads.snap import Snapper

MIN_TRIP_MS: Final = 120_000


class CalibrationFigures(msgspec.Struct, frozen=True):
    """What `twin calibrate` prints (校准结果).

    error_before, error_after: median share by which the time of a held-out trip is missed, by the
    profile and with the factors; learned from every other trip.
    """

    tracks: int
    trips_learned: int
    trips_held_out: int
    driven_hours: float
    error_before: float
    error_after: float
    factors_file: Path


def calibrate(
    roads: Path, tracks: Path, *, zone: str = "", output: Path | None = None
) -> CalibrationFigures:
    """Learn factors from one half of the trips and measure them on the other; write them down.

    zone: of the roads; empty: the city's own. Raises BadInputError.
    """
    recorded, time_zone = read_tracks(tracks), _zone(roads, zone)
    trips = _make_trips(roads, recorded, _hours(roads, time_zone))
    learned, held_out = trips[::2], trips[1::2]
    if not held_out:
        raise BadInputError(f"{tracks} holds {len(trips)} trips of two minutes; two are needed")
    factors = fit_factors(learned)
    target = output or roads.with_name(f"{roads.name}.times.toml")
    figures = CalibrationFigures(
        tracks=len(recorded),
        trips_learned=len(learned),
        trips_held_out=len(held_out),
        driven_hours=round(sum(_took_ms(trip) for trip in trips) / 3_600_000, 1),
        error_before=round(float(np.median(trip_errors(held_out, np.ones_like(factors)))), 4),
        error_after=round(float(np.median(trip_errors(held_out, factors))), 4),
        factors_file=target,
    )
    replace_file(target, _toml(figures, factors.tolist()).encode())
    return figures


def _zone(roads: Path, zone: str) -> ZoneInfo:
    if not zone and not roads.is_dir():
        raise BadInputError(f"{roads} does not say its time zone: give --zone, or a city folder")
    name = zone or read_city(roads).meta.time_zone
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadInputError(f"there is no time zone {name!r}; one is Asia/Shanghai") from error


def _hours(roads: Path, zone: ZoneInfo) -> HourTable:
    """The hours as the city tells them apart, as usual where nothing does."""
    travel = read_city(roads).travel if roads.is_dir() else None
    return HourTable(usual_week() if travel is None else read_week(travel.hours), zone)


def _make_trips(roads: Path, recorded: list[Track], table: HourTable) -> list[Trip]:
    network = read_bench_roads(roads)
    snapper = Snapper(network)
    snapper.load_kernel()
    matcher, travel = Matcher(snapper), CchTravelTimes(network, order_nodes(network))
    found = []
    for track in recorded:
        fixes = track.fixes
        hours = [table.class_at(fix.at_ms) for fix in fixes]
        matched = list(zip(fixes, matcher.match_track(fixes), strict=True))
        found.append(make_trip(travel, network, matched, hours))
    return [trip for trip in found if _took_ms(trip) >= MIN_TRIP_MS]


def _took_ms(trip: Trip) -> int:
    return sum(hop.took_ms for hop in trip)


def _toml(figures: CalibrationFigures, factors: list[list[float]]) -> str:
    lines = [
        "# Observed drive times by road class and hour, as factors on the profile's (实测系数).",
        "# For a person to look at: nothing reads this file by itself. To use the factors, put",
        "# them in place of [travel.factors] in city.toml; they are those of cars.",
        f"trips_learned = {figures.trips_learned}",
        f"trips_held_out = {figures.trips_held_out}",
        f"error_before = {figures.error_before}",
        f"error_after = {figures.error_after}",
    ]
    for road_class, row in zip(ROAD_CLASSES, factors, strict=True):
        if road_class in WALK_CLASSES:
            continue
        lines += ["", f"[travel.factors.{road_class}]"]
        lines += [f"{hours} = {each:.3f}" for hours, each in zip(HOUR_CLASSES, row, strict=True)]
    return "\n".join(lines) + "\n"
