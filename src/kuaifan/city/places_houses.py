"""Puts houses on their streets (门牌上街): known ones, and the street between two of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from kuaifan.city.features import MapHouse, MapHouseRow
from kuaifan.city.places_streets import APART_M, clusters
from kuaifan.city.street_line import StreetLine, lay_streets
from kuaifan.geo.place_names import fold_name
from kuaifan.geo.points import LocalPlane
from kuaifan.roads.network import RoadNetwork
from kuaifan.roads.snap import Snapper

BESIDE_M = 60.0
"""A house without a street belongs to the nearest one within this."""
WIDEST_RANGE_M = 1_000.0
LEAST_OFF_M = 3.0
"""Nearer to the middle of a street, a house stands on neither side."""

Number = tuple[str, int, int, float, float]
Range = tuple[str, int, int, int, int, float, float, tuple[tuple[float, float], ...]]


class Houses(NamedTuple):
    """What the gazetteer keeps of houses (门牌); see store.places_write.PlaceDetails."""

    numbers: list[Number]
    ranges: list[Range]
    n_lost: int


def place_houses(
    network: RoadNetwork, houses: Sequence[MapHouse], rows: Iterable[MapHouseRow] = ()
) -> Houses:
    """All houses by street, and between each two neighbours in number the street that runs there.

    Of two houses of one number the first counts. n_lost: houses of no street, and far from any.
    """
    on_streets = _name_streets(network, houses)
    plane = LocalPlane(float(np.median(network.node_lat)), float(np.median(network.node_lon)))
    drawn = defaultdict[str, list[MapHouseRow]](list)
    for row in rows:
        drawn[fold_name(row.street)].append(row)
    by_street = defaultdict[str, list[MapHouse]](list)
    for house in on_streets:
        by_street[fold_name(house.street)].append(house)
    lines = lay_streets(network, plane, set(by_street))
    found = Houses([], [], len(houses) - len(on_streets))
    for street in sorted(by_street):
        for part, known in enumerate(_list_parts(by_street[street], plane)):
            found.numbers.extend((street, part, h.number, h.lat, h.lon) for h in known)
            found.ranges.extend(_drawn_ranges(street, part, known, drawn.pop(street, ())))
            if street in lines:
                found.ranges.extend(_list_ranges(street, part, known, lines[street]))
    return found


def _name_streets(network: RoadNetwork, houses: Sequence[MapHouse]) -> list[MapHouse]:
    """Houses with their street; those that say none have the nearest."""
    nameless = [house for house in houses if not fold_name(house.street)]
    named = [house for house in houses if fold_name(house.street)]
    if not nameless:
        return named
    snapper = Snapper(network)
    snapper.load_kernel()
    found = snapper.snap([h.lat for h in nameless], [h.lon for h in nameless])
    for house, arc, off_m in zip(nameless, found.arc, found.distance_m, strict=True):
        street = network.names[int(network.name_i[arc])]
        if off_m <= BESIDE_M and fold_name(street):
            named.append(MapHouse(street, house.number, house.lat, house.lon))
    return named


def _list_parts(houses: Sequence[MapHouse], plane: LocalPlane) -> Iterator[list[MapHouse]]:
    """Houses of each street of one name, by number; the first of each number."""
    xy = np.column_stack(plane.to_metres([h.lat for h in houses], [h.lon for h in houses]))
    for rows in clusters(xy, APART_M):
        first: dict[int, MapHouse] = {}
        for i in sorted(rows.tolist()):
            first.setdefault(houses[i].number, houses[i])
        yield [first[number] for number in sorted(first)]


def _drawn_ranges(
    street: str, part: int, known: Sequence[MapHouse], rows: Iterable[MapHouseRow]
) -> Iterator[Range]:
    numbers = {house.number for house in known}
    for row in rows:
        if {row.low, row.high} <= numbers:
            yield street, part, row.low, row.high, row.step, 0.0, 0.0, row.line


class _Pair(NamedTuple):
    """Two houses and the street from the lower to the higher."""

    low: MapHouse
    high: MapHouse
    line: tuple[tuple[float, float], ...]
    low_off_m: float
    high_off_m: float


def _list_ranges(
    street: str, part: int, known: Sequence[MapHouse], line: StreetLine
) -> Iterator[Range]:
    """Between neighbours of one side where the street shows sides, else between any two."""
    spots = line.project([h.lat for h in known], [h.lon for h in known])

    def join(low: int, high: int) -> _Pair | None:
        way = line.walk(spots[low], spots[high], within_m=WIDEST_RANGE_M)
        if way is None:
            return None
        return _Pair(known[low], known[high], way.line, way.first_off_m, way.last_off_m)

    every = [join(i, i + 1) for i in range(len(known) - 1)]
    pairs, step = every, 1
    if _shows_sides(pair for pair in every if pair is not None):
        sides = ([i for i, h in enumerate(known) if h.number % 2 == odd] for odd in (0, 1))
        pairs, step = [join(low, high) for side in sides for low, high in pairwise(side)], 2
    for pair in pairs:
        if pair is not None and pair.high.number - pair.low.number > step:
            numbers = pair.low.number, pair.high.number
            offs_m = round(pair.low_off_m, 1), round(pair.high_off_m, 1)
            yield street, part, *numbers, step, *offs_m, pair.line


def _shows_sides(pairs: Iterable[_Pair]) -> bool:
    """Whether odd and even numbers stand across from each other; so where nothing tells."""
    n_for = n_against = 0
    for pair in pairs:
        if min(abs(pair.low_off_m), abs(pair.high_off_m)) < LEAST_OFF_M:
            continue
        is_across = (pair.low_off_m > 0) != (pair.high_off_m > 0)
        if is_across == bool((pair.high.number - pair.low.number) % 2):
            n_for += 1
        else:
            n_against += 1
    return n_for >= n_against
