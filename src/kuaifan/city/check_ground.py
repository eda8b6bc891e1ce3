"""Whether districts, desks and posts fit one another (辖区核对): each fault one sentence."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.areas import find_district
from kuaifan.city.city import Area, City
from kuaifan.city.desks import CityDesk, list_ground_faults
from kuaifan.city.force_csv import Forces
from kuaifan.roads.network import RoadNetwork

_PATROL = "patrol"
Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def list_tile_faults(districts: Sequence[Area], network: RoadNetwork) -> list[str]:
    """Road nodes in no district or in several; no district at all is no fault."""
    if not districts:
        return []
    n_in = count_districts(districts, network.node_lat, network.node_lon)
    faults = []
    for nodes, what, cure in (
        (np.flatnonzero(n_in == 0), "in no district", "draw one around it"),
        (np.flatnonzero(n_in > 1), "in more than one district", "draw one border for both"),
    ):
        if len(nodes):
            lat, lon = network.node_lat[nodes[0]], network.node_lon[nodes[0]]
            faults.append(
                f"{len(nodes):,} road nodes lie {what}, the first at {lat:.6f}, {lon:.6f}: {cure}"
            )
    return faults


def count_districts(districts: Sequence[Area], lat: Floats, lon: Floats) -> Counts:
    """In how many of the districts each point lies, (n,), to the bit as the desk will find it."""
    n_in = np.zeros(len(lat), np.int64)
    for district in districts:
        inside = np.zeros(len(lat), np.bool_)
        for ring in district.polygons:
            inside |= _is_in(ring, lat, lon)
        n_in += inside
    return n_in


def _is_in(ring: Sequence[tuple[float, float]], lat: Floats, lon: Floats) -> NDArray[np.bool_]:
    """The even-odd rule of geo.polygons.ring_contains, for many points at once."""
    inside = np.zeros(len(lat), np.bool_)
    lats, lons = zip(*ring, strict=True)
    near = np.flatnonzero(
        (lat >= min(lats)) & (lat <= max(lats)) & (lon >= min(lons)) & (lon <= max(lons))
    )
    y, x, odd = lat[near], lon[near], inside[near]
    for one, other in pairwise(ring):
        (south, south_lon), (north, north_lon) = sorted((one, other))
        if north > south:
            crossing = south_lon + (y - south) / (north - south) * (north_lon - south_lon)
            odd ^= ((one[0] > y) != (other[0] > y)) & (x < crossing)
    inside[near] = odd
    return inside


def list_desk_faults(desks: Sequence[CityDesk], districts: Sequence[Area]) -> list[str]:
    """Desks of ground that is not drawn, and districts that no desk has."""
    has_desk = {area for desk in desks for area in desk.districts}
    return [
        *list_ground_faults(desks, [district.area_id for district in districts]),
        *(
            f"the district {district.area_id} {district.name} has no desk: add it to the "
            "districts of one of [[desks]]"
            for district in districts
            if district.area_id not in has_desk
        ),
    ]


def list_homeless(forces: Forces, districts: Sequence[Area]) -> list[str]:
    """Posts, and so homes of units, that stand in no district; none where none is drawn."""
    if not districts:
        return []
    return [
        f"post {post.post_id} {post.name} and {_count_units(forces, post.post_id)} units stand in "
        "no district, so in none that has a desk: draw one around it in areas.geojson"
        for post in forces.posts
        if find_district(districts, lat=post.lat, lon=post.lon) is None
    ]


def _count_units(forces: Forces, post_id: str) -> int:
    return sum(unit.home_post_id == post_id for unit in forces.units)


def list_circle_faults(forces: Forces) -> list[str]:
    """A city without a response circle."""
    if any(post.kind != "station" for post in forces.posts):
        return []
    return ["there is no response circle: add a street_station or a standby_post"]


def list_manned(forces: Forces | City) -> list[str]:
    """Ids of the circles' posts at which a patrol unit stands in every shift."""
    return list(_find_manned(forces))


def _find_manned(forces: Forces | City) -> Iterator[str]:
    shifts = {unit.shift.name for unit in forces.units}
    patrols = [unit for unit in forces.units if unit.line == _PATROL]
    for post in forces.posts:
        held = {unit.shift.name for unit in patrols if unit.home_post_id == post.post_id}
        if post.kind != "station" and held == shifts:
            yield post.post_id
