"""A city's cells with what they ask for, and which of them roads join (城市单元)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.city import City
from kuaifan.city.demand_file import Demand
from kuaifan.city.folder import read_city, read_demand
from kuaifan.geo.points import LocalPlane
from kuaifan.kernel.errors import BadInputError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CityCells:
    """Cells with calls or roads (城市单元).

    lat, lon: (n,) middles. work: (n,) incidents a week. place_m: (n, 2) east and north. borders:
    (m, 2) pairs that a street leads between. region: (n,) place in the city's districts, 0 where
    it has none. n_joined: borders that no street makes, put in so that a district is one piece.
    """

    city: City
    plane: LocalPlane
    cell_m: float
    lat: Floats
    lon: Floats
    work: Floats
    place_m: Floats
    borders: Ints
    region: Ints
    n_joined: int

    def cell_at(self, lat: Floats, lon: Floats) -> Ints:
        """(k,) the nearest cell of each place."""
        return _nearest(self.place_m, np.stack(self.plane.to_metres(lat, lon), 1))[1]


def need_demand(city: Path) -> Demand:
    """The city's demand; raises BadInputError where it has none."""
    demand = read_demand(city)
    if demand is None:
        raise BadInputError(
            f"{city} has no demand.npz: learn one with kuaifan plan demand, then "
            f"kuaifan city check {city} --accept-edits"
        )
    return demand


def read_cells(path: Path, *, across_districts: bool) -> CityCells:
    """Read a city's cells. Raises BadInputError where it has no demand."""
    city, demand = read_city(path), need_demand(path)
    plane = LocalPlane(city.meta.centre_lat, city.meta.centre_lon)
    place_m = np.stack(plane.to_metres(demand.lat, demand.lon), 1)
    work = demand.weekly.sum(axis=1, dtype=np.float64)
    borders = _list_borders(city, plane, place_m, demand.cell_m)
    used = work > 0
    used[borders.ravel()] = True
    if not used.any():
        raise BadInputError(f"{path} has no cell with a call or a road: learn its demand again")
    number = np.cumsum(used) - 1
    place_m = place_m[used]
    region = (
        np.zeros(len(place_m), np.int64)
        if across_districts or not city.districts
        else _regions(city, demand.lat[used], demand.lon[used], place_m)
    )
    joined = _join_pieces(number[borders], region, place_m)
    return CityCells(
        city=city,
        plane=plane,
        cell_m=demand.cell_m,
        lat=demand.lat[used],
        lon=demand.lon[used],
        work=work[used],
        place_m=place_m,
        borders=np.concatenate((number[borders], joined)),
        region=region,
        n_joined=len(joined),
    )


def _nearest(places: Floats, points: Floats, *, within_m: float = np.inf) -> tuple[Floats, Ints]:
    """(k,) how far the nearest place of each point is, infinite beyond the limit; and which."""
    from scipy.spatial import KDTree

    far, at = KDTree(places).query(points, distance_upper_bound=within_m)
    return np.asarray(far, np.float64), np.asarray(at, np.int64)


def _list_borders(city: City, plane: LocalPlane, place_m: Floats, cell_m: float) -> Ints:
    """Pairs of cells between which a street leads: streets are walked in steps of half a cell."""
    network = city.network
    inner = np.ones(len(network.shape_lat) - 1, np.bool_)
    inner[network.shape_first[1:-1] - 1] = False
    arc = np.repeat(np.arange(network.n_arcs), np.diff(network.shape_first))
    begin = np.flatnonzero(inner & network.is_street[arc[:-1]])
    points = np.stack(plane.to_metres(network.shape_lat, network.shape_lon), 1)
    step = points[begin + 1] - points[begin]
    n_steps = np.ceil(np.hypot(*step.T) / (cell_m / 2)).astype(np.int64) + 1
    row = np.repeat(np.arange(len(begin)), n_steps)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(n_steps) - n_steps, n_steps)
    share = nth / np.maximum(1, n_steps[row] - 1)
    walked = points[begin[row]] + share[:, None] * step[row]
    far, cell = _nearest(place_m, walked, within_m=cell_m)
    on_one_way = arc[begin[row[1:]]] == arc[begin[row[:-1]]]
    meets = on_one_way & np.isfinite(far[1:]) & np.isfinite(far[:-1]) & (cell[1:] != cell[:-1])
    pairs = np.sort(np.stack((cell[:-1][meets], cell[1:][meets]), 1), axis=1)
    return np.unique(pairs, axis=0).astype(np.int64).reshape(-1, 2)


def _regions(city: City, lat: Floats, lon: Floats, place_m: Floats) -> Ints:
    """The district of each cell's middle; what lies in none goes with the nearest that does."""
    import shapely

    region = np.full(len(lat), -1, np.int64)
    for i, district in enumerate(city.districts):
        ground = shapely.MultiPolygon(
            [shapely.Polygon([(x, y) for y, x in ring]) for ring in district.polygons]
        )
        region[(region < 0) & shapely.contains_xy(ground, lon, lat)] = i
    inside = np.flatnonzero(region >= 0)
    if not len(inside):
        return np.zeros(len(lat), np.int64)
    _, nearest = _nearest(place_m[inside], place_m)
    return np.where(region < 0, region[inside[nearest]], region)


def _join_pieces(borders: Ints, region: Ints, place_m: Floats) -> Ints:
    """Borders that make each region one piece: each lesser piece by its nearest pair of cells."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    kept = borders[region[borders[:, 0]] == region[borders[:, 1]]]
    graph = csr_array((np.ones(len(kept)), (kept[:, 0], kept[:, 1])), (len(region),) * 2)
    _, piece = connected_components(graph, directed=False)
    found = list[tuple[int, int]]()
    for each in np.unique(region).tolist():
        mine = np.flatnonzero(region == each)
        sizes = np.bincount(piece[mine])
        rest = set(np.flatnonzero(sizes).tolist())
        inside = mine[piece[mine] == int(np.argmax(sizes))]
        rest.discard(int(np.argmax(sizes)))
        while rest:
            outside = mine[np.isin(piece[mine], [*rest])]
            far, at = _nearest(place_m[inside], place_m[outside])
            nearest = int(np.argmin(far))
            found.append((int(inside[at[nearest]]), int(outside[nearest])))
            joined = int(piece[outside[nearest]])
            inside = np.concatenate((inside, mine[piece[mine] == joined]))
            rest.discard(joined)
    return np.array(found, np.int64).reshape(-1, 2)
