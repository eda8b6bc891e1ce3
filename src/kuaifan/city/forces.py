"""Places posts and units where a map says nothing of them (警力布设), and marks them as placed.

Full size follows one real city (domain rows 7, 8 and 14): 10 street stations and 21 standby posts,
beside 8 police stations, and 60 units in three shifts. A network with less than `FULL_STREET_KM`
gets its share of all of these. Whoever asks for a number of response circles gets as many street
stations and standby posts, and the units to man each of them in every shift.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle

import numpy as np

from kuaifan.city.city import Area, CityUnit, Organisation, PlacedBy, Post, PostKind
from kuaifan.city.force_csv import Forces
from kuaifan.city.force_places import (
    PlacedPost,
    choose_by_district,
    choose_places,
    find_district_i,
)
from kuaifan.city.placement import MIDDLE_PPM, Standing, list_standing
from kuaifan.city.population import Population, weigh_streets
from kuaifan.city.roster import BRANCH, ORGANISATIONS, SWAT, Bases, roster, share_kinds
from kuaifan.kernel.errors import BadInputError
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.network import RoadNetwork

FULL_STREET_KM = 150.0
_FULL_POSTS: dict[PostKind, int] = {"station": 8, "street_station": 10, "standby_post": 21}
_FULL_UNITS_PER_SHIFT = 20
_MIN_UNITS_PER_SHIFT = 3
MAX_CIRCLES = 500
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


@dataclass(frozen=True, slots=True)
class ForceWishes:
    """What a city wants of its forces (布警要求); what is None or empty follows its streets.

    districts: each gets its share of the posts, and is held by a patrol unit in every shift.
    """

    n_circles: int | None = None
    n_stations: int | None = None
    districts: tuple[Area, ...] = ()


@dataclass(frozen=True, slots=True)
class ForceNumbers:
    """How many posts of each kind and how many units a shift (警力规模)."""

    n_of: dict[PostKind, int]
    n_units_per_shift: int


def count_forces(street_km: float, wishes: ForceWishes) -> ForceNumbers:
    """How many forces a city of so many streets gets.

    Raises BadInputError for a number of circles that no city has.
    """
    scale = min(1.0, street_km / FULL_STREET_KM)
    n_of = {kind: max(1, round(n * scale)) for kind, n in _FULL_POSTS.items()}
    n_units = max(_MIN_UNITS_PER_SHIFT, round(_FULL_UNITS_PER_SHIFT * scale))
    if wishes.n_stations is not None:
        n_of["station"] = wishes.n_stations
    n_circles = wishes.n_circles
    if n_circles is not None:
        check_circles(n_circles)
        n_of["street_station"] = _count_street_stations(n_circles)
        n_of["standby_post"] = n_circles - n_of["street_station"]
        while _count_patrol_units(n_units) < n_circles:
            n_units += 1
    return ForceNumbers(n_of, n_units)


def check_circles(n_circles: int) -> None:
    """Raise BadInputError for a number of circles that no city has."""
    if not 1 <= n_circles <= MAX_CIRCLES:
        raise BadInputError(
            f"{n_circles} response circles are not between 1 and {MAX_CIRCLES}: choose another "
            "number"
        )


def _count_street_stations(n_circles: int) -> int:
    """As many of the circles as in the real city, which has ten; more circles are standby posts."""
    full = _FULL_POSTS["street_station"]
    share = full / (full + _FULL_POSTS["standby_post"])
    return min(full, max(1, round(n_circles * share)))


def _count_patrol_units(n_units: int) -> int:
    n_of = share_kinds(n_units)
    return n_of["patrol_car"] + n_of["motorcycle"]


def place_forces(
    network: RoadNetwork,
    population: Population | None,
    seed: int,
    wishes: ForceWishes = ForceWishes(),
) -> PlacedForces:
    """Place posts by population, or by road density without one, and man them.

    Equal network, population, seed and wishes give equal forces. Raises BadInputError where the
    streets cannot hold the circles asked for.
    """
    standing = list_standing(network)
    weight, left_out = standing.length_m, 0.0
    placed_by: PlacedBy = "road density"
    if population is not None:
        weight, left_out = weigh_streets(population, standing)
        placed_by = "population"
    numbers = count_forces(float(standing.length_m.sum()) / 1000.0, wishes)
    _check_room(standing, wishes)
    rng = np.random.default_rng(seed)
    district_i = find_district_i(network, standing, wishes.districts) if wishes.districts else None
    if district_i is None:
        places = choose_places(standing, weight, numbers.n_of, rng)
    else:
        places = choose_by_district(standing, weight, numbers.n_of, rng, district_i=district_i)
    posts = _name_posts(network, standing, places, placed_by)
    held = _list_held(posts, [] if district_i is None else [district_i[at] for _, at in places])
    units = _man((posts, held), numbers.n_units_per_shift, placed_by, rng)
    orgs = tuple(Organisation(*row) for row in ORGANISATIONS)
    return PlacedForces(Forces(orgs, tuple(posts), units), placed_by, round(left_out))


def _check_room(standing: Standing, wishes: ForceWishes) -> None:
    if wishes.n_circles is not None and wishes.n_circles > len(standing.arc):
        raise BadInputError(
            f"{wishes.n_circles} response circles do not fit on {len(standing.arc)} pieces of "
            "street: choose fewer"
        )


def _list_held(posts: list[Post], districts: list[int]) -> list[Post]:
    """Posts that are manned in every shift: street stations, and one in a district without any."""
    held = [post for post in posts if post.kind == "street_station"]
    of_post = dict(zip([post.post_id for post in posts], districts, strict=False))
    covered = {of_post.get(post.post_id) for post in held}
    for post in posts:
        district_i = of_post.get(post.post_id)
        if post.kind == "standby_post" and district_i not in {None, *covered}:
            held.append(post)
            covered.add(district_i)
    return held


def _name_posts(
    network: RoadNetwork,
    standing: Standing,
    places: list[PlacedPost],
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
    bases: tuple[list[Post], list[Post]],
    n_units_per_shift: int,
    placed_by: PlacedBy,
    rng: np.random.Generator,
) -> tuple[CityUnit, ...]:
    """Man the posts, those first that are held in every shift.

    bases: all posts, and those held.
    """
    posts, held = bases
    of_kind = {kind: [post for post in posts if post.kind == kind] for kind in _FULL_POSTS}
    # With so few street pieces that a kind of post is missing, its units stand at the others.
    standby = [post for post in of_kind["standby_post"] if post not in held]
    standby = standby or of_kind["standby_post"] or of_kind["street_station"] or posts
    places = Bases(
        stations=_turns(of_kind["station"] or posts),
        held=tuple(post.post_id for post in held),
        standby_posts=_turns(standby),
    )
    return roster(places, n_units_per_shift, placed_by=placed_by, rng=rng)


def _turns(posts: list[Post]) -> Iterator[str]:
    return cycle([post.post_id for post in posts])
