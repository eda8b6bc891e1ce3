"""Draws a whole invented city on paper and lays it on the ground (城市总图)."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kuaifan.city import invent_words as words
from kuaifan.city.city import Area
from kuaifan.city.demand_file import Demand
from kuaifan.city.features import MapFeatures
from kuaifan.city.invent_address import Addresses
from kuaifan.city.invent_demand import make_demand
from kuaifan.city.invent_districts import draw_area_rings, draw_districts
from kuaifan.city.invent_estates import draw_inner_roads
from kuaifan.city.invent_express import draw_expressways
from kuaifan.city.invent_features import Built, make_features
from kuaifan.city.invent_land import make_land
from kuaifan.city.invent_layout import Layout, lay_out
from kuaifan.city.invent_names import NameBook
from kuaifan.city.invent_net import Point
from kuaifan.city.invent_places import Place, PlotNamer
from kuaifan.city.invent_plots import Plot, assign_uses
from kuaifan.city.invent_pois import list_roadside, list_shops
from kuaifan.city.invent_road import Road
from kuaifan.city.invent_size import CitySize
from kuaifan.city.invent_streets import draw_streets, list_roads
from kuaifan.city.invent_villages import draw_villages
from kuaifan.city.invent_walks import close_some_to_cars
from kuaifan.city.invent_ways import Ground, lay_roads
from kuaifan.city.sites_file import Site
from kuaifan.geo.points import LocalPlane
from kuaifan.roads.raw import RawWays

# Somewhere on the plains between the two great rivers of eastern China.
_N_STREAMS = 12
_LAT, _LON = (31.6, 34.2), (114.8, 118.6)


@dataclass(frozen=True, slots=True, eq=False)
class CityPlan:
    """An invented city, all of it in WGS-84, before forces are placed."""

    name: str
    centre: tuple[float, float]
    raw: RawWays
    features: MapFeatures
    areas: tuple[Area, ...]
    demand: Demand
    sites: tuple[Site, ...]
    gates: dict[str, tuple[tuple[float, float], ...]]

    @property
    def districts(self) -> tuple[Area, ...]:
        """Its districts and counties, which tile its ground."""
        return tuple(area for area in self.areas if area.kind == "district")


def draw_plan(size: CitySize, *, seed: int, name: str | None = None) -> CityPlan:
    """Draw one city; equal size, seed and name give equal plans.

    gates of the plan: the name of each estate to its gates on the streets.
    """
    # Each stage has its own stream, so that a change in one leaves the others' luck alone.
    streams = iter(np.random.default_rng(seed).spawn(_N_STREAMS))
    rng = next(streams)
    city_name = name or words.CITIES[int(rng.integers(len(words.CITIES)))]
    centre = (round(float(rng.uniform(*_LAT)), 4), round(float(rng.uniform(*_LON)), 4))
    land = make_land(size, next(streams))
    layout = lay_out(land, next(streams))
    book = NameBook(next(streams))
    ground = Ground(land.warp, LocalPlane(*centre))
    plots = assign_uses(layout, next(streams))
    roads, built, gates = _build(layout, plots, book, streams)
    districts = draw_districts(layout, book, next(streams))
    namer = PlotNamer(city_name, districts.by_superblock(), Addresses(built.streets), book)
    built.places.extend(_list_places(built, namer, next(streams)))
    features = make_features(layout, (city_name, districts), built, (ground, book), next(streams))
    demand = make_demand(layout, (plots, built.villages, roads, built.places), ground)
    return CityPlan(
        name=city_name,
        centre=centre,
        raw=lay_roads(ground, roads),
        features=features,
        areas=draw_area_rings(layout, districts, ground),
        demand=demand,
        sites=_list_sites(built.places, ground),
        gates={plots[i].name: tuple(ground.locate(at)) for i, at in gates.items() if plots[i].name},
    )


def _build(
    layout: Layout, plots: list[Plot], book: NameBook, streams: Iterator[np.random.Generator]
) -> tuple[list[Road], Built, dict[int, list[Point]]]:
    """Roads of every kind, in the order in which they take junctions from each other."""
    for band in layout.land.list_bands("express"):
        layout.express_stems[band.at] = book.civic_stem()
    inner = draw_inner_roads(plots, next(streams))
    expressways = draw_expressways(layout)
    inner_roads = [Road(path, "service") for path in inner.paths]
    streets = draw_streets(layout, [*expressways, *inner_roads], book, next(streams))
    villages = draw_villages(layout.land, streets, book, next(streams))
    lanes = [road for village in villages for road in village.roads]
    roads = [*list_roads(streets), *expressways, *inner_roads, *lanes]
    close_some_to_cars(roads, layout.land)
    return roads, Built(plots, villages, streets, [], inner.paths), inner.gates


def _list_places(built: Built, namer: PlotNamer, rng: np.random.Generator) -> Iterator[Place]:
    """The nearest to the middle are named first: the city's own hospital is no suburb's."""
    by_distance = sorted(
        built.plots, key=lambda plot: round(abs(plot.cell.middle[0]) + abs(plot.cell.middle[1]))
    )
    for plot in by_distance:
        place = namer.name(plot)
        if place is not None:
            yield place
    yield from list_shops(built.plots, namer.addresses, namer.book, rng)
    yield from list_roadside(built.streets, namer.book, rng)


def _list_sites(places: list[Place], ground: Ground) -> tuple[Site, ...]:
    key = sorted((p for p in places if p.site_class), key=lambda p: (p.site_class, p.kind, p.name))
    located = ground.locate([place.at for place in key])
    return tuple(
        Site(f"S{i:04d}", place.kind, place.name, lat, lon, place.site_class, place.address)
        for i, (place, (lat, lon)) in enumerate(zip(key, located, strict=True), start=1)
    )
