"""What may be wrong between the lines of a city's files (数据核对): each fault one sentence."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from kuaifan.board.reference import DEFAULT_AREA_CLASS
from kuaifan.city.city import Area, CityUnit, Post
from kuaifan.city.city_toml import CityToml
from kuaifan.city.force_csv import Forces
from kuaifan.geo.points import distances_m
from kuaifan.roads.lines import ArcLines
from kuaifan.roads.network import RoadNetwork
from kuaifan.vocabulary.incident_types import IncidentTypesError, read_incident_types

MAX_OFF_ROAD_M = 5.0
MIN_CREW = 2
_TYPE_COLUMNS = ("code", "name_cn", "key", "priority", "plan", "min_units")
_PRIORITIES = frozenset("12345")
_WORD_COLUMNS = ("plan", "seat", "route", "agencies")


def list_roster_faults(forces: Forces) -> list[str]:
    """Faults of posts and units among themselves."""
    post_ids = {post.post_id for post in forces.posts}
    known = post_ids | {org.org_id for org in forces.organisations}
    faults = list(_list_repeats(forces))
    faults += [
        f"organisation {org.org_id} has the unknown parent {org.parent_id!r}"
        for org in forces.organisations
        if org.parent_id and org.parent_id not in known
    ]
    faults += [
        f"post {post.post_id} has the unknown parent {post.parent_id!r}"
        for post in forces.posts
        if post.parent_id not in known
    ]
    for unit in forces.units:
        faults += _list_unit_faults(unit, post_ids, known)
    if not forces.posts:
        faults.append("there is no post: add at least one")
    if not forces.units:
        faults.append("there is no unit: add at least one")
    return faults


def _list_repeats(forces: Forces) -> Iterator[str]:
    ids = Counter(org.org_id for org in forces.organisations)
    ids.update(post.post_id for post in forces.posts)
    ids.update(unit.unit_id for unit in forces.units)
    yield from (f"the id {name} is used {n} times" for name, n in ids.items() if n > 1)
    signs = Counter(unit.call_sign for unit in forces.units)
    yield from (f"the call sign {name} is used {n} times" for name, n in signs.items() if n > 1)


def _list_unit_faults(unit: CityUnit, post_ids: set[str], known: set[str]) -> Iterator[str]:
    name = f"unit {unit.unit_id}"
    if unit.home_post_id not in post_ids:
        yield f"{name} has no post: home_post_id {unit.home_post_id!r} is not among the posts"
    parents = (("admin", unit.admin_parent), ("operational", unit.operational_parent))
    for line, parent in parents:
        if parent not in known:
            yield f"{name} has the unknown {line} parent {parent!r}"
    if unit.crew < MIN_CREW or unit.officers < 1:
        yield f"{name} has a crew of {unit.crew}: it needs two, an officer leading"
    if unit.shift.start_hour == unit.shift.end_hour:
        yield f"{name} has a shift that ends when it starts"


def list_off_road(forces: Forces, network: RoadNetwork) -> list[str]:
    """Posts whose stored road position is not on the network or not where they stand."""
    faults = [
        f"post {post.post_id} is on no road: arc {post.arc} of {network.n_arcs:,}"
        for post in forces.posts
        if post.arc >= network.n_arcs
    ]
    placed = [post for post in forces.posts if post.arc < network.n_arcs]
    if not placed:
        return faults
    away_m = _off_road_m(placed, network)
    return faults + [
        f"post {post.post_id} is not on its road: {away:.0f} m from arc {post.arc}; move it there "
        "or import again"
        for post, away in zip(placed, away_m.tolist(), strict=True)
        if away > MAX_OFF_ROAD_M
    ]


def _off_road_m(
    posts: Sequence[Post], network: RoadNetwork
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    places = ArcLines(network).places_at(
        [post.arc for post in posts], [post.fraction_ppm for post in posts]
    )
    return distances_m(
        [post.lat for post in posts],
        [post.lon for post in posts],
        to_lat=places.lat,
        to_lon=places.lon,
    )


def list_area_faults(areas: Sequence[Area], area_classes: Sequence[str]) -> list[str]:
    """Areas with a class that has no response targets, and ids used twice."""
    ids = Counter(area.area_id for area in areas)
    return [
        *(f"the area id {name} is used {n} times" for name, n in ids.items() if n > 1),
        *(
            f"area {area.area_id} has the class {area.area_class!r}, which is not among "
            "area_classes in city.toml"
            for area in areas
            if area.kind == "area_class" and area.area_class not in area_classes
        ),
    ]


def list_target_faults(settings: CityToml) -> list[str]:
    """Area classes without response targets: those named, and the one where none is drawn."""
    wanted = dict.fromkeys((*settings.area_classes, DEFAULT_AREA_CLASS))
    return [
        f"response_targets_s has no row for {name!r}, which holds where no area is drawn: add it"
        for name in wanted
        if name not in settings.response_targets_s
    ]


def list_type_faults(types_csv: str, shipped_csv: str) -> list[str]:
    """Incident types with a repeated code, a wrong priority, too few columns or unknown words.

    shipped_csv: the table of this build; its plans, seats, routes and agencies are those known.
    """
    reader = csv.DictReader(types_csv.splitlines())
    missing = [name for name in _TYPE_COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        return [f"lacks the columns {', '.join(missing)}"]
    known = _list_known_words(shipped_csv)
    faults: list[str] = []
    seen: set[str] = set()
    for row in reader:
        where, code = f"line {reader.line_num}", row["code"]
        if not code or code in seen:
            faults.append(f"{where}: code {code!r} is empty or used twice")
        seen.add(code)
        if row["priority"] not in _PRIORITIES:
            faults.append(f"{where}: priority {row['priority']!r} is not 1 to 5")
        faults += [
            f"{where}: {column} {word!r} is none of {', '.join(sorted(known[column]))}"
            for column in _WORD_COLUMNS
            for word in _list_words(row, column)
            if word not in known[column]
        ]
    return (faults or _find_unreadable(types_csv)) if seen else ["holds no types"]


def _list_known_words(shipped_csv: str) -> dict[str, set[str]]:
    rows = list(csv.DictReader(shipped_csv.splitlines()))
    return {
        column: {word for row in rows for word in _list_words(row, column)}
        for column in _WORD_COLUMNS
    }


def _list_words(row: dict[str, str], column: str) -> list[str]:
    """The words of one column; none where it is empty or the row too short to have it."""
    return [word for word in (row.get(column) or "").split(";") if word not in {"", "none"}]


def _find_unreadable(types_csv: str) -> list[str]:
    """What the vocabulary says of a table that has no fault by itself."""
    try:
        read_incident_types(types_csv)
    except IncidentTypesError as error:
        return [str(error)]
    return []
