"""Where people of an invented city live and where calls come from (人口与警情需求).

People follow the homes: so many on a hectare by zone. Calls follow both people and places: home,
shops and works, schools, night life, roads, each with its own hours of the week.
"""

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.demand_file import HOURS_PER_WEEK, PLACE_CLASSES, Demand
from kuaifan.city.invent_layout import Layout
from kuaifan.city.invent_net import Point
from kuaifan.city.invent_places import Place
from kuaifan.city.invent_plots import Plot, Use
from kuaifan.city.invent_road import Road
from kuaifan.city.invent_villages import Village
from kuaifan.city.invent_ways import Ground, densify
from kuaifan.city.population import Population

Floats = NDArray[np.float64]
CELL_M = 250.0
# Domain §0.4 and §3.5: 82 incidents a year on 1,000 inhabitants, 24.4 % of all calls.
INCIDENTS_PER_1000_YEARLY = 82.0
EFFECTIVE_SHARE = 0.244
VARIANCE_TO_MEAN = 2.4
"""Design §4: counts by hour are over-dispersed even after the hour of the week."""

# Relative densities of inhabitants on a hectare of each use; the total is the size's.
_PER_HECTARE: dict[Use, float] = {
    "old_homes": 320.0,
    "estate": 270.0,
    "commercial": 90.0,
    "market": 40.0,
    "mall": 20.0,
    "university": 160.0,
    "school": 15.0,
    "hospital": 30.0,
    "industrial": 12.0,
    "fields": 1.2,
}
_ZONE_FACTOR = {"old": 1.1, "core": 1.25, "urban": 1.0, "suburban": 0.55, "rural": 1.0}
_PER_VILLAGE = 420.0
_SHARES = {
    "residential": 0.4,
    "night_life": 0.08,
    "commercial": 0.17,
    "school": 0.03,
    "industrial": 0.04,
    "road": 0.28,
}
_PLACE_WEIGHT: dict[str, tuple[str, float]] = {
    "leisure": ("night_life", 4.0),
    "restaurant": ("night_life", 1.0),
    "hotel": ("night_life", 1.0),
    "shop": ("commercial", 1.0),
    "bank": ("commercial", 1.0),
    "mall": ("commercial", 12.0),
    "market": ("commercial", 6.0),
    "railway_station": ("commercial", 25.0),
    "landmark": ("commercial", 8.0),
    "hospital": ("commercial", 8.0),
    "office": ("commercial", 1.0),
    "school": ("school", 1.0),
}
_ROAD_WEIGHT = {"trunk": 1.2, "primary": 2.2, "secondary": 1.3, "tertiary": 0.7}

# Calls by the hour, Monday to Friday then the weekend; each is made to sum to 1 over a week.
# Levels follow the quarter-days of domain §3.5 (0-6: 5.5 %, 6-12: 24.6, 12-18: 42.1, 18-24: 27.7).
_HOURS: dict[str, tuple[str, str]] = {
    "residential": ("211111246666667666678965", "211111135677777777788866"),
    "night_life": ("530000000001232122359999", "742000000002342233469999"),
    "commercial": ("000000013788877889998610", "000000012688999999999720"),
    "school": ("000000095334533389310000", "000000001111111111110000"),
    "industrial": ("111111147997699963322211", "111111123333332222211111"),
    "road": ("211111389777788778986543", "321111235677788888876543"),
}


def make_demand(
    layout: Layout,
    built: tuple[list[Plot], list[Village], list[Road], list[Place]],
    ground: Ground,
) -> Demand:
    """The demand surface of a city, cells without any left out."""
    plots, villages, roads, places = built
    cells = _Cells(layout)
    cells.add("population", *_people(plots, villages))
    cells.add("road", *_roads(roads))
    for name in ("night_life", "commercial", "school"):
        cells.add(name, *_visitors(places, name))
    cells.add("industrial", *_works(plots))
    people = cells.of("population")
    people *= layout.land.size.n_people / max(people.sum(), 1.0)
    weekly_total = people.sum() * INCIDENTS_PER_1000_YEARLY / 1000.0 / 365.0 * 7.0
    weekly = np.column_stack(
        [_share_out(people if k == "residential" else cells.of(k)) for k in PLACE_CLASSES]
    )
    weekly *= weekly_total * np.array([_SHARES[k] for k in PLACE_CLASSES])
    kept = np.flatnonzero((people >= 0.5) | (weekly.sum(axis=1) > 1e-4))  # noqa: PLR2004
    lat, lon = ground.locate_arrays(cells.u[kept], cells.v[kept])
    return Demand(
        cell_m=CELL_M,
        lat=lat,
        lon=lon,
        population=people[kept].astype(np.float32),
        weekly=weekly[kept].astype(np.float32),
        shape=make_hours(),
        variance_to_mean=VARIANCE_TO_MEAN,
        effective_share=EFFECTIVE_SHARE,
    )


def to_population(demand: Demand) -> Population:
    """The inhabitants alone, as the placing of forces wants them."""
    return Population(demand.lat, demand.lon, demand.population.astype(np.float64))


def make_hours() -> NDArray[np.float32]:
    """Shares of the week's hours for each class, (classes, 168), from Monday 00:00."""
    rows = []
    for name in PLACE_CLASSES:
        workday, weekend = (np.array([int(digit) for digit in text]) for text in _HOURS[name])
        week = np.concatenate([*[workday] * 5, *[weekend] * 2]).astype(np.float64) + 0.1
        rows.append(week / week.sum())
    shape = np.array(rows, np.float32)
    if shape.shape[1] != HOURS_PER_WEEK:
        raise AssertionError("a week has 168 hours")
    return shape


def _share_out(values: Floats) -> Floats:
    total = values.sum()
    return values / total if total > 0.0 else values


class _Cells:
    """Square cells on paper."""

    def __init__(self, layout: Layout) -> None:
        land = layout.land
        self._edge = (land.edge_u, land.edge_v)
        self._n = (int(2 * land.edge_u // CELL_M) + 1, int(2 * land.edge_v // CELL_M) + 1)
        columns, rows = np.meshgrid(np.arange(self._n[0]), np.arange(self._n[1]))
        self.u: Floats = (columns.ravel().astype(np.float64) + 0.5) * CELL_M - land.edge_u
        self.v: Floats = (rows.ravel().astype(np.float64) + 0.5) * CELL_M - land.edge_v
        self._sums: dict[str, Floats] = {}

    def add(self, name: str, points: Floats, weights: Floats) -> None:
        """Add weights at points, (n, 2)."""
        column = np.clip((points[:, 0] + self._edge[0]) // CELL_M, 0, self._n[0] - 1)
        row = np.clip((points[:, 1] + self._edge[1]) // CELL_M, 0, self._n[1] - 1)
        at = (row * self._n[0] + column).astype(np.int64)
        n_cells = self._n[0] * self._n[1]
        self._sums[name] = np.bincount(at, weights=weights, minlength=n_cells).astype(np.float64)

    def of(self, name: str) -> Floats:
        """The sums of one kind, (n cells,)."""
        return self._sums[name].copy()


def _people(plots: list[Plot], villages: list[Village]) -> tuple[Floats, Floats]:
    """Nine points a plot, so that a large one fills the cells it covers."""
    points, weights = [], []
    for plot in plots:
        per_hectare = _PER_HECTARE.get(plot.use, 0.0) * _ZONE_FACTOR[plot.zone]
        inside = _spread(plot)
        points += inside
        weights += [per_hectare * plot.cell.area_m2() / 1e4 / len(inside)] * len(inside)
    points += [village.middle for village in villages]
    weights += [_PER_VILLAGE] * len(villages)
    return np.array(points), np.array(weights)


def _spread(plot: Plot) -> list[Point]:
    u, v = plot.cell.middle
    corners = plot.cell.corners
    return [
        (u + share * (corner[0] - u), v + share * (corner[1] - v))
        for corner in corners
        for share in (0.25, 0.65)
    ]


def _roads(roads: list[Road]) -> tuple[Floats, Floats]:
    points, weights = [], []
    for road in roads:
        weight = _ROAD_WEIGHT.get(road.highway, 0.0)
        if weight:
            dense = densify(road.path, 60.0)
            points += dense
            weights += [weight] * len(dense)
    return np.array(points), np.array(weights)


def _visitors(places: list[Place], name: str) -> tuple[Floats, Floats]:
    rows = [
        (p.at, w) for p in places for k, w in [_PLACE_WEIGHT.get(p.kind, ("", 0.0))] if k == name
    ]
    return np.array([r[0] for r in rows]).reshape(-1, 2), np.array([r[1] for r in rows])


def _works(plots: list[Plot]) -> tuple[Floats, Floats]:
    works = [plot for plot in plots if plot.use == "industrial"]
    points = np.array([plot.cell.middle for plot in works]).reshape(-1, 2)
    return points, np.array([plot.cell.area_m2() / 1e4 for plot in works])
