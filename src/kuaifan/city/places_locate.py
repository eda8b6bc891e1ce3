"""Says where a place lies (地址): its district and the street beside it."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.city import City
from kuaifan.city.features import MapFeatures
from kuaifan.geo.place_names import has_hanzi
from kuaifan.geo.points import LocalPlane

BESIDE_M = 200.0
"""A street further away than this is not the place's address."""

ON_STREETS = {"street", "crossing", "district", "place_label", "water"}
"""Kinds that are no house beside a street."""


class Placed(Protocol):
    """What has a kind, a name and a place."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def lat(self) -> float:
        """Degrees north."""

    @property
    def lon(self) -> float:
        """Degrees east."""


class Locator:
    """Finds the district around and the street beside many places at once."""

    def __init__(self, city: City, features: MapFeatures) -> None:
        self._plane = LocalPlane(city.meta.centre_lat, city.meta.centre_lon)
        self._street_names, self._streets = self._draw_streets(city)
        self._district_names, self._districts = _draw_districts(city, features)

    def list_addresses(self, places: Sequence[Placed]) -> list[str]:
        """The address of each place, such as 城中区解放北路; "" where nothing is known."""
        streets = self._list_streets(places)
        districts = self._list_districts(places)
        return [
            _join(district, street, place.name)
            for place, district, street in zip(places, districts, streets, strict=True)
        ]

    def _draw_streets(self, city: City) -> tuple[list[str], NDArray[Any]]:
        import shapely

        network = city.network
        named = (network.name_i > 0) & (
            (network.twin < 0) | (np.arange(network.n_arcs) < network.twin)
        )
        xy = np.column_stack(self._plane.to_metres(network.shape_lat, network.shape_lon))
        arc_of = np.repeat(np.arange(network.n_arcs), np.diff(network.shape_first))
        lines = shapely.linestrings(xy, indices=arc_of)[named]
        return [network.names[i] for i in network.name_i[named].tolist()], lines

    def _list_streets(self, places: Sequence[Placed]) -> list[str]:
        import shapely

        names = [""] * len(places)
        asked = [i for i, place in enumerate(places) if place.kind not in ON_STREETS]
        if not asked or not self._street_names:
            return names
        east, north = self._plane.to_metres(
            [places[i].lat for i in asked], [places[i].lon for i in asked]
        )
        points = shapely.points(east, north)
        (at, line), _ = shapely.STRtree(self._streets).query_nearest(
            points, max_distance=BESIDE_M, return_distance=True, all_matches=False
        )
        for row, found in zip(at.tolist(), line.tolist(), strict=True):
            names[asked[row]] = self._street_names[found]
        return names

    def _list_districts(self, places: Sequence[Placed]) -> list[str]:
        import shapely

        names = [""] * len(places)
        if not self._district_names:
            return names
        points = shapely.points([place.lon for place in places], [place.lat for place in places])
        at, within = shapely.STRtree(self._districts).query(points, predicate="intersects")
        # The smallest one comes last, so it stays.
        for found, row in sorted(zip(within.tolist(), at.tolist(), strict=True)):
            names[row] = self._district_names[found]
        return names


def _draw_districts(city: City, features: MapFeatures) -> tuple[list[str], NDArray[Any]]:
    """Districts of the map and jurisdictions of the city by their names, the largest first."""
    import shapely

    outlines = [
        (area.name, area.rings[0])
        for area in features.areas
        if area.kind == "district" and area.name
    ]
    # A hull around all streets is no district that anybody would name.
    outlines += [
        (area.name, ring)
        for area in city.areas
        if area.kind == "jurisdiction" and area.drawn_by != "road hull"
        for ring in area.polygons
    ]
    ground = [
        (name, shapely.make_valid(shapely.Polygon([(lon, lat) for lat, lon in ring])))
        for name, ring in outlines
    ]
    ground.sort(key=lambda named: -float(named[1].area))
    drawn = np.empty(len(ground), object)
    drawn[:] = [polygon for _, polygon in ground]
    return [name for name, _ in ground], drawn


def _join(district: str, street: str, name: str) -> str:
    parts = [part for part in (district, street) if part and part != name]
    return "".join(parts) if has_hanzi("".join(parts)) else ", ".join(reversed(parts))
