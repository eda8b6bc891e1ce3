"""Places posts and units where a map says nothing of them (警力布设), and marks them as placed.

Full size follows one real city (domain rows 7, 8 and 14): 10 street stations and 21 standby posts,
beside 8 police stations, and 60 units in three shifts. A network with less than `FULL_STREET_KM`
gets its share of all of these.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from kuaifan.city.city import CityUnit, Organisation, PlacedBy, Post, PostKind
from kuaifan.city.force_csv import Forces
from kuaifan.city.placement import MIDDLE_PPM, Floats, Standing, list_standing, spread
from kuaifan.city.population import Population, weigh_streets
from kuaifan.city.roster import BRANCH, ORGANISATIONS, SWAT, Bases, roster
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.network import RoadNetwork

FULL_STREET_KM = 150.0
_FULL_POSTS: dict[PostKind, int] = {"station": 8, "street_station": 10, "standby_post": 21}
_FULL_UNITS_PER_SHIFT = 20
_MIN_UNITS_PER_SHIFT = 3
_PREFIX: dict[PostKind, str] = {"station": "PS", "street_station": "SS", "standby_post": "SP"}
_WORD: dict[PostKind, str] = {
    "station": "派出所",
    "street_station": "警务站",
    "standby_post": "屯警点",
}


@dataclass(frozen=True, slots=True)
class PlacedForces:
    """Forces that this module placed, and by what."""

    forces: Forces
    placed_by: PlacedBy
    n_people_left_out: int


def place_forces(network: RoadNetwork, population: Population | None, seed: int) -> PlacedForces:
    """Place posts by population, or by road density without one, and man them.

    Equal network, population and seed give equal forces.
    """
    standing = list_standing(network)
    weight, left_out = standing.length_m, 0.0
    placed_by: PlacedBy = "road density"
    if population is not None:
        weight, left_out = weigh_streets(population, standing)
        placed_by = "population"
    scale = min(1.0, float(standing.length_m.sum()) / 1000.0 / FULL_STREET_KM)
    rng = np.random.default_rng(seed)
    places = _choose_places(standing, weight, scale, rng)
    posts = _name_posts(network, standing, places, placed_by)
    n_units = max(_MIN_UNITS_PER_SHIFT, round(_FULL_UNITS_PER_SHIFT * scale))
    units = _man(posts, n_units, placed_by, rng)
    orgs = tuple(Organisation(*row) for row in ORGANISATIONS)
    return PlacedForces(Forces(orgs, tuple(posts), units), placed_by, round(left_out))


def _choose_places(
    standing: Standing, weight: Floats, scale: float, rng: np.random.Generator
) -> list[tuple[PostKind, int]]:
    """Stations are spread alone; street stations and standby posts together, the former heaviest.

    A patrol base near a police station is no waste: they are two lines of force.
    """
    n_of = {kind: max(1, round(n * scale)) for kind, n in _FULL_POSTS.items()}
    stations = spread(standing, weight, n_of["station"], rng)
    bases = spread(standing, weight, n_of["street_station"] + n_of["standby_post"], rng)
    n_street = min(n_of["street_station"], len(bases))
    return [
        *(("station", at) for at in stations),
        *(("street_station", at) for at in bases[:n_street]),
        *(("standby_post", at) for at in bases[n_street:]),
    ]


def _name_posts(
    network: RoadNetwork,
    standing: Standing,
    places: list[tuple[PostKind, int]],
    placed_by: PlacedBy,
) -> list[Post]:
    lines = ArcLines(network)
    number: Counter[PostKind] = Counter()
    used: Counter[str] = Counter()
    posts: list[Post] = []
    for kind, at in places:
        arc = int(standing.arc[at])
        lat, lon = lines.point_at(arc, MIDDLE_PPM)
        number[kind] += 1
        posts.append(
            Post(
                post_id=f"{_PREFIX[kind]}{number[kind]:02d}",
                kind=kind,
                name=_post_name(network.names[int(network.name_i[arc])], kind, number, used),
                lat=round(lat, 7),
                lon=round(lon, 7),
                arc=arc,
                fraction_ppm=MIDDLE_PPM,
                parent_id=BRANCH if kind == "station" else SWAT,
                placed_by=placed_by,
            )
        )
    return posts


def _post_name(street: str, kind: PostKind, number: Counter[PostKind], used: Counter[str]) -> str:
    """Named after its street; a second post on the same street is numbered, as is one on none."""
    if not street:
        return f"第{number[kind]}{_WORD[kind]}"
    name = f"{street}{_WORD[kind]}"
    used[name] += 1
    return name if used[name] == 1 else f"{street}第{used[name]}{_WORD[kind]}"


def _man(
    posts: list[Post], n_units_per_shift: int, placed_by: PlacedBy, rng: np.random.Generator
) -> tuple[CityUnit, ...]:
    of_kind = {kind: [post for post in posts if post.kind == kind] for kind in _FULL_POSTS}
    # With so few street pieces that a kind of post is missing, its units stand at the others.
    standby = of_kind["standby_post"] or of_kind["street_station"] or posts
    bases = Bases(
        stations=_turns(of_kind["station"] or posts),
        street_stations=tuple(post.post_id for post in of_kind["street_station"]),
        standby_posts=_turns(standby),
    )
    return roster(bases, n_units_per_shift, placed_by=placed_by, rng=rng)


def _turns(posts: list[Post]) -> Iterator[str]:
    return cycle([post.post_id for post in posts])
