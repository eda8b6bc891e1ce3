"""Villages of an invented city's country (村庄): a lane off a country road, houses along it."""

from dataclasses import dataclass

import numpy as np

from kuaifan.city.invent_land import Land
from kuaifan.city.invent_names import NameBook
from kuaifan.city.invent_net import Point
from kuaifan.city.invent_road import Road
from kuaifan.city.invent_streets import COUNTRY_FROM, Street, Stretch

_SHARE = 0.62
_MIN_STRETCH_M = 480.0
_CLEAR_M = 60.0


@dataclass(slots=True, eq=False)
class Village:
    """One village on paper: its lanes, the houses' places along them, its ground."""

    name: str
    middle: Point
    roads: list[Road]
    ring: list[Point]


def draw_villages(
    land: Land, streets: list[Street], book: NameBook, rng: np.random.Generator
) -> list[Village]:
    """Settle villages along country roads; where their lanes join, the road gets a junction."""
    villages: list[Village] = []
    for street in streets:
        if street.line.axis > 1 or street.line.along:
            continue
        new: list[Stretch] = []
        for stretch in street.stretches:
            village = _settle(land, street, stretch, (book, rng))
            if village is None:
                new.append(stretch)
                continue
            villages.append(village)
            gate = village.roads[0].path[0]
            parts = (stretch.start, gate), (gate, stretch.end)
            new += [Stretch(*ends, stretch.rank, stretch.use, stretch.remote) for ends in parts]
        street.stretches = new
    return villages


def _settle(
    land: Land, street: Street, stretch: Stretch, draw: tuple[NameBook, np.random.Generator]
) -> Village | None:
    book, rng = draw
    line = street.line
    t0, t1 = line.position(stretch.start), line.position(stretch.end)
    if not stretch.is_country or stretch.use != "street" or t1 - t0 < _MIN_STRETCH_M:
        return None
    at, chance, depth_m = rng.uniform(0.35, 0.65), rng.random(), rng.uniform(160.0, 330.0)
    side = float(rng.choice((-1.0, 1.0)))
    gate_t = round(t0 + (t1 - t0) * float(at), 1)

    def place(off_m: float, along_m: float) -> Point:
        across, t = line.at + side * off_m, gate_t + along_m
        point = (across, t) if line.axis == 0 else (t, across)
        return round(point[0], 2), round(point[1], 2)

    rim = [
        place(o, a) for o, a in ((25, -150), (depth_m + 50, -130), (depth_m + 50, 140), (25, 120))
    ]
    if chance > _SHARE or not all(_is_free(land, corner) for corner in rim):
        return None
    name = book.village()
    stem = [place(0.0, 0.0)]
    roads: list[Road] = []
    for rung in range(1, 2 + int(depth_m > 210.0) + int(depth_m > 280.0)):  # noqa: PLR2004
        here = place(85.0 * rung, 12.0 * float(rng.uniform(-1.0, 1.0)))
        stem.append(here)
        lane = [place(85.0 * rung + 8.0, s * float(rng.uniform(60.0, 120.0))) for s in (-1.0, 1.0)]
        roads.append(Road([lane[0], here, lane[1]], "residential"))
    stem.append(place(depth_m, float(rng.uniform(-25.0, 25.0))))
    first = Road(stem, "unclassified", f"{name}村道")
    return Village(name, place(depth_m / 2.0, 0.0), [first, *roads], rim)


def _is_free(land: Land, point: Point) -> bool:
    if abs(point[0]) > land.edge_u or abs(point[1]) > land.edge_v:
        return False
    is_clear = all(abs(point[band.axis] - band.at) > band.half_m + _CLEAR_M for band in land.bands)
    return is_clear and land.remoteness(*point) > COUNTRY_FROM - 0.05
