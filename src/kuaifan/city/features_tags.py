"""Which OpenStreetMap tags become which map feature (要素分类)."""

from collections.abc import Mapping
from typing import NamedTuple, TypeVar

Tags = Mapping[str, str]
Class = TypeVar("Class")


class PointClass(NamedTuple):
    """Kind and rank of a point of interest."""

    kind: str
    rank: int


POINT_CLASSES: dict[str, dict[str, PointClass]] = {
    "place": {
        "city": PointClass("place_label", 1),
        "town": PointClass("place_label", 1),
        "borough": PointClass("place_label", 2),
        "suburb": PointClass("place_label", 2),
        "district": PointClass("place_label", 2),
        "village": PointClass("place_label", 2),
        "quarter": PointClass("place_label", 3),
        "neighbourhood": PointClass("place_label", 3),
        "hamlet": PointClass("place_label", 4),
        "locality": PointClass("place_label", 5),
        "square": PointClass("landmark", 4),
    },
    "amenity": {
        "university": PointClass("school", 3),
        "college": PointClass("school", 3),
        "school": PointClass("school", 4),
        "kindergarten": PointClass("school", 5),
        "hospital": PointClass("hospital", 3),
        "clinic": PointClass("clinic", 5),
        "doctors": PointClass("clinic", 5),
        "pharmacy": PointClass("pharmacy", 5),
        "police": PointClass("police_station", 2),
        "fire_station": PointClass("fire_station", 3),
        "townhall": PointClass("government", 3),
        "courthouse": PointClass("government", 3),
        "embassy": PointClass("government", 5),
        "bank": PointClass("bank", 4),
        "fuel": PointClass("gas_station", 4),
        "restaurant": PointClass("restaurant", 5),
        "cafe": PointClass("restaurant", 5),
        "fast_food": PointClass("restaurant", 5),
        "food_court": PointClass("restaurant", 5),
        "bar": PointClass("restaurant", 5),
        "pub": PointClass("restaurant", 5),
        "nightclub": PointClass("leisure", 5),
        "cinema": PointClass("leisure", 4),
        "theatre": PointClass("leisure", 4),
        "library": PointClass("leisure", 4),
        "arts_centre": PointClass("leisure", 5),
        "community_centre": PointClass("leisure", 5),
        "marketplace": PointClass("market", 4),
        "bus_station": PointClass("bus_stop", 3),
        "ferry_terminal": PointClass("landmark", 3),
        "place_of_worship": PointClass("worship", 4),
        "parking": PointClass("parking", 5),
        "post_office": PointClass("office", 5),
    },
    "shop": {
        "mall": PointClass("mall", 3),
        "department_store": PointClass("mall", 3),
        "supermarket": PointClass("market", 4),
        "*": PointClass("shop", 5),
    },
    "tourism": {
        "hotel": PointClass("hotel", 4),
        "hostel": PointClass("hotel", 5),
        "motel": PointClass("hotel", 5),
        "guest_house": PointClass("hotel", 5),
        "attraction": PointClass("landmark", 4),
        "museum": PointClass("landmark", 4),
        "viewpoint": PointClass("landmark", 5),
        "theme_park": PointClass("landmark", 3),
        "zoo": PointClass("landmark", 3),
    },
    "leisure": {
        "park": PointClass("park", 4),
        "garden": PointClass("park", 5),
        "stadium": PointClass("leisure", 3),
        "sports_centre": PointClass("leisure", 4),
    },
    "railway": {
        "station": PointClass("railway_station", 2),
        "halt": PointClass("railway_station", 3),
        "tram_stop": PointClass("bus_stop", 5),
        "subway_entrance": PointClass("metro", 5),
    },
    "aeroway": {
        "aerodrome": PointClass("landmark", 1),
        "terminal": PointClass("landmark", 2),
    },
    "highway": {"bus_stop": PointClass("bus_stop", 5)},
    "public_transport": {
        "platform": PointClass("bus_stop", 5),
        "station": PointClass("bus_stop", 3),
    },
    "man_made": {"bridge": PointClass("bridge", 4)},
    "natural": {"peak": PointClass("landmark", 4), "beach": PointClass("park", 4)},
    "historic": {"*": PointClass("landmark", 5)},
    "office": {"government": PointClass("government", 4), "*": PointClass("office", 5)},
    "landuse": {"residential": PointClass("estate", 4)},
    "building": {"*": PointClass("building", 5)},
}
"""First by key in this order, then by value; "*" stands for every other value."""

AREA_CLASSES: dict[str, dict[str, str]] = {
    "boundary": {"administrative": "district"},
    "natural": {
        "water": "water",
        "wood": "green",
        "scrub": "green",
        "grassland": "green",
        "heath": "green",
    },
    "waterway": {"riverbank": "water", "dock": "water"},
    "amenity": {
        "school": "campus",
        "university": "campus",
        "college": "campus",
        "kindergarten": "campus",
        "hospital": "hospital",
    },
    "leisure": {
        "park": "green",
        "garden": "green",
        "golf_course": "green",
        "pitch": "green",
        "nature_reserve": "green",
    },
    "landuse": {
        "reservoir": "water",
        "basin": "water",
        "forest": "green",
        "grass": "green",
        "meadow": "green",
        "recreation_ground": "green",
        "village_green": "green",
        "cemetery": "green",
        "orchard": "green",
        "residential": "residential",
        "commercial": "commercial",
        "retail": "commercial",
        "industrial": "industrial",
        "port": "industrial",
        "railway": "industrial",
        "education": "campus",
    },
    "building": {"*": "building"},
}

LINE_CLASSES: dict[str, dict[str, str]] = {
    "waterway": {"river": "river", "canal": "river", "stream": "river"},
    "railway": {"rail": "railway", "light_rail": "railway", "subway": "railway"},
    "natural": {"coastline": "coastline"},
}

KEYS: tuple[str, ...] = tuple(dict.fromkeys((*POINT_CLASSES, *AREA_CLASSES, *LINE_CLASSES)))
"""A thing without one of these keys is no feature."""

# From a city's district (区, 6) down to a quarter: China's subdistrict (街道) is 8.
_DISTRICT_LEVELS = {"6", "7", "8", "9", "10"}
_NO_BUILDING = {"no", "roof", "entrance"}
_METRO = {"subway", "light_rail"}


def find_point_class(tags: Tags) -> PointClass | None:
    """The kind and rank of a named point (兴趣点), or None if it is none a map shows."""
    found = _find(POINT_CLASSES, tags)
    if found is None:
        return None
    if found.kind == "railway_station" and tags.get("station") in _METRO:
        return PointClass("metro", 2)
    return found


def find_area_kind(tags: Tags) -> str | None:
    """The kind of an area (面), or None."""
    kind = _find(AREA_CLASSES, tags)
    if kind == "district" and tags.get("admin_level") not in _DISTRICT_LEVELS:
        return None
    if kind == "building" and tags.get("building") in _NO_BUILDING:
        return None
    return kind


def find_line_kind(tags: Tags) -> str | None:
    """The kind of a line (线), or None; what runs in a tunnel or a yard is not shown."""
    kind = _find(LINE_CLASSES, tags)
    is_hidden = tags.get("tunnel", "no") != "no" or (kind == "railway" and "service" in tags)
    return None if is_hidden else kind


def get_name(tags: Tags) -> str:
    """The name people of the place use, in their writing; "" if it has none."""
    return next((tags[key].strip() for key in ("name", "name:zh", "name:en") if key in tags), "")


def _find(classes: Mapping[str, Mapping[str, Class]], tags: Tags) -> Class | None:
    for key, values in classes.items():
        if key in tags:
            found = values.get(tags[key], values.get("*"))
            if found is not None:
                return found
    return None
