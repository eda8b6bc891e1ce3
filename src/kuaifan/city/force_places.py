"""Chooses where posts stand (驻点选址): spread over the whole city, or over each of its districts.

Where districts are known each gets at least one station and one response circle if there are
enough of them: a district whose desk has nobody of its own would live on what others lend.
"""

from collections.abc import Sequence

import numpy as np

from kuaifan.city.city import Area, PostKind
from kuaifan.city.placement import MIDDLE_PPM, Floats, Indices, Standing, spread
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.network import RoadNetwork

PlacedPost = tuple[PostKind, int]
"""Its kind, and an index into the street pieces."""


def choose_places(
    standing: Standing,
    weight: Floats,
    n_of: dict[PostKind, int],
    rng: np.random.Generator,
) -> list[PlacedPost]:
    """Stations are spread alone; street stations and standby posts together, the former heaviest.

    A patrol base near a police station is no waste: they are two lines of force.
    """
    stations = spread(standing, weight, n_of["station"], rng)
    bases = spread(standing, weight, n_of["street_station"] + n_of["standby_post"], rng)
    n_street = min(n_of["street_station"], len(bases))
    return [
        *(("station", at) for at in stations),
        *(("street_station", at) for at in bases[:n_street]),
        *(("standby_post", at) for at in bases[n_street:]),
    ]


def choose_by_district(
    standing: Standing,
    weight: Floats,
    n_of: dict[PostKind, int],
    rng: np.random.Generator,
    *,
    district_i: Indices,
) -> list[PlacedPost]:
    """The same within each district, which has its share of every kind by its weight.

    district_i: (n,) of each street piece, -1 outside all of them.
    """
    inside = [np.flatnonzero(district_i == i) for i in np.unique(district_i[district_i >= 0])]
    shares = [float(weight[pieces].sum()) for pieces in inside]
    n_circles = share_out(n_of["street_station"] + n_of["standby_post"], shares, least=1)
    n_street = share_out(n_of["street_station"], shares, least=0)
    n_stations = share_out(n_of["station"], shares, least=1)
    places: list[PlacedPost] = []
    for pieces, *numbers in zip(inside, n_stations, n_street, n_circles, strict=True):
        station, street, circles = numbers
        street = min(street, circles)
        wanted: dict[PostKind, int] = {
            "station": station,
            "street_station": street,
            "standby_post": circles - street,
        }
        part, own = standing.take(pieces), weight[pieces]
        # Nobody lives on some ground: there the streets themselves weigh.
        own = own if own.sum() > 0.0 else part.length_m
        places += [(kind, int(pieces[at])) for kind, at in choose_places(part, own, wanted, rng)]
    kinds: tuple[PostKind, ...] = ("station", "street_station", "standby_post")
    return sorted(places, key=lambda place: kinds.index(place[0]))


def share_out(n: int, shares: Sequence[float], *, least: int) -> list[int]:
    """Share out n things by Sainte-Laguë; each gets the least first, where there are enough."""
    given = [least if n >= least * len(shares) else 0] * len(shares)
    while sum(given) < n:
        quotients = [share / (2 * has + 1) for share, has in zip(shares, given, strict=True)]
        given[quotients.index(max(quotients))] += 1
    return given


def find_district_i(network: RoadNetwork, standing: Standing, districts: Sequence[Area]) -> Indices:
    """Which of the districts the middle of each street piece lies in, (n,); -1 in none."""
    import shapely

    # Where a post will stand: the middle of a bent street is not that between its ends.
    middle = np.full(len(standing.arc), MIDDLE_PPM, np.int64)
    places = ArcLines(network).places_at(standing.arc, middle)
    found = np.full(len(standing.arc), -1, np.int64)
    for district_i, district in enumerate(districts):
        for ring in district.polygons:
            ground = shapely.Polygon([(ring_lon, ring_lat) for ring_lat, ring_lon in ring])
            found[shapely.contains_xy(ground, places.lon, places.lat)] = district_i
    return found
