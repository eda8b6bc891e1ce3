"""What an invented city's map shows beside its roads (地图要素): ground, water, rails, names."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kuaifan.city import invent_words as words
from kuaifan.city.features import MapArea, MapFeatures, MapLine, MapPoint
from kuaifan.city.invent_buildings import list_buildings
from kuaifan.city.invent_districts import Districts
from kuaifan.city.invent_layout import Layout
from kuaifan.city.invent_names import NameBook
from kuaifan.city.invent_net import Point
from kuaifan.city.invent_places import Place
from kuaifan.city.invent_plots import Plot, Use
from kuaifan.city.invent_shapes import BEYOND, blob, river_banks, water_ring
from kuaifan.city.invent_streets import Street
from kuaifan.city.invent_villages import Village
from kuaifan.city.invent_warp import Floats
from kuaifan.city.invent_ways import Ground, densify

_AREA_KIND: dict[Use, str] = {
    "estate": "residential",
    "old_homes": "residential",
    "commercial": "commercial",
    "mall": "commercial",
    "market": "commercial",
    "station": "commercial",
    "industrial": "industrial",
    "school": "campus",
    "university": "campus",
    "government": "campus",
    "hospital": "hospital",
    "park": "green",
    "square": "green",
    "lake": "green",
    "hill": "green",
}
_BEND_M = 55.0
_LAKE_SIZE = 0.36


@dataclass(frozen=True, slots=True)
class Built:
    """Everything that was drawn on paper."""

    plots: list[Plot]
    villages: list[Village]
    streets: list[Street]
    places: list[Place]
    inner_paths: list[list[Point]]


def make_features(
    layout: Layout, city: tuple[str, Districts], built: Built, tools: tuple[Ground, NameBook],
    rng: np.random.Generator,
) -> MapFeatures:  # fmt: skip
    """Lay all that is not road on the ground."""
    ground, book = tools
    river_name = book.claim(book.pick(words.RIVERS))
    banks = river_banks(layout.land, rng)
    areas = [
        *_list_waters(layout, (river_name, banks), built.plots, rng),
        *_list_ground(built),
    ]
    n_most = layout.land.size.n_buildings
    boxes = list_buildings(built.plots, built.inner_paths, n_most, rng)
    points = [
        *_list_labels(layout, city, built.villages),
        *_list_bridges(layout, built.streets, book),
        *built.places,
    ]
    return MapFeatures(
        areas=(*_areas(areas, ground), *_buildings(boxes, ground)),
        lines=tuple(_list_lines(layout, (river_name, banks), ground)),
        points=tuple(_points(points, ground)),
    )


def _areas(areas: list[tuple[str, str, list[Point]]], ground: Ground) -> Iterator[MapArea]:
    """All rings bent at once, for a call costs more than a point."""
    rings = [densify([*ring, ring[0]], _BEND_M) for _, _, ring in areas]
    located = ground.locate([point for ring in rings for point in ring])
    start = 0
    for (kind, name, _), ring in zip(areas, rings, strict=True):
        yield MapArea(kind, name, (tuple(located[start : start + len(ring)]),))
        start += len(ring)


def _buildings(boxes: Floats, ground: Ground) -> Iterator[MapArea]:
    """Boxes as true rectangles on the ground, turned as the paper is there but not skewed."""
    lat, lon = ground.locate_boxes(boxes)
    for corners_lat, corners_lon in zip(lat.tolist(), lon.tolist(), strict=True):
        yield MapArea("building", "", (tuple(zip(corners_lat, corners_lon, strict=True)),))


def _points(places: list[Place], ground: Ground) -> Iterator[MapPoint]:
    located = ground.locate([place.at for place in places])
    for place, (lat, lon) in zip(places, located, strict=True):
        yield MapPoint(place.kind, place.name, lat, lon, place.rank)


def _list_ground(built: Built) -> Iterator[tuple[str, str, list[Point]]]:
    for plot in built.plots:
        if plot.use in _AREA_KIND and plot.ring:
            yield _AREA_KIND[plot.use], plot.name, plot.ring
    for village in built.villages:
        yield "residential", village.name, village.ring


def _list_waters(
    layout: Layout,
    river: tuple[str, tuple[list[Point], list[Point]]],
    plots: list[Plot],
    rng: np.random.Generator,
) -> Iterator[tuple[str, str, list[Point]]]:
    name, (south, north) = river
    yield "water", name, water_ring(south, north)
    yield from _list_banks(layout, (south, north))
    for plot in plots:
        if plot.use == "lake":
            yield "water", plot.name.removesuffix("公园"), blob(plot.cell, _LAKE_SIZE, rng)


def _list_banks(
    layout: Layout, banks: tuple[list[Point], list[Point]]
) -> Iterator[tuple[str, str, list[Point]]]:
    """Green between water and road, where there is a town to walk in it (滨河绿带)."""
    river = layout.land.river
    for bank, side in zip(banks, (-1.0, 1.0), strict=True):
        edge_v = river.at + side * (river.half_m - 12.0)
        town = [p for p in bank if layout.land.remoteness(*p) < 1.0]
        if len(town) > 1:
            yield "green", "", [*town, (town[-1][0], edge_v), (town[0][0], edge_v)]


def _list_lines(
    layout: Layout, river: tuple[str, tuple[list[Point], list[Point]]], ground: Ground
) -> Iterator[MapLine]:
    land = layout.land
    name, (south, north) = river
    middle = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in zip(south, north, strict=True)]
    yield MapLine("river", name, tuple(ground.locate(middle)))
    for rail in land.list_bands("rail"):
        for off_m in (-4.0, 4.0):
            reach_m = BEYOND * land.edge_u
            ends = [(-reach_m, rail.at + off_m), (reach_m, rail.at + off_m)]
            yield MapLine("railway", "", tuple(ground.locate(densify(ends, 45.0))))


def _list_labels(
    layout: Layout, city: tuple[str, Districts], villages: list[Village]
) -> Iterator[Place]:
    name, districts = city
    yield Place("place_label", name, (0.0, 0.0), 1)
    for district, seat in zip(districts.names, districts.seats, strict=True):
        # A city's and a county's seat have a name of their own; the district's stands aside.
        is_shared = seat == (0.0, 0.0) or district.endswith("县")
        at = (seat[0], seat[1] + 420.0) if is_shared else seat
        yield Place("place_label", district, at, 2)
    for i, town in enumerate(layout.land.towns):
        yield Place("place_label", words.TOWNS[i % len(words.TOWNS)], (town.u, town.v), 3)
    for village in villages:
        yield Place("place_label", village.name, village.middle, 5)


def _list_bridges(layout: Layout, streets: list[Street], book: NameBook) -> Iterator[Place]:
    for street in streets:
        for stretch in street.stretches:
            if stretch.use == "bridge":
                middle = (stretch.start[0], layout.land.river.at)
                yield Place("bridge", book.claim(f"{street.name[:2]}路大桥"), middle, 3)
    for band in layout.land.list_bands("express", 0):
        name = book.claim(f"{layout.express_stems[band.at]}大桥")
        yield Place("bridge", name, (band.at, layout.land.river.at), 3)
