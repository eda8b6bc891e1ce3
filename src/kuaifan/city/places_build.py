"""Lists all places of a city that have a name (地名库编制), as plain rows for `places.sqlite`."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from kuaifan.city.city import City, PostKind
from kuaifan.city.features import MapArea, MapFeatures
from kuaifan.city.places_extra import ExtraPlace
from kuaifan.city.places_locate import Locator
from kuaifan.city.places_streets import list_crossings, list_streets
from kuaifan.geo.place_names import has_hanzi, split_name

CROSSING_RANK = 5
EXTRA_RANK = 5
_POST_PLACES: dict[PostKind, tuple[str, int]] = {
    "station": ("police_station", 2),
    "street_station": ("street_station", 3),
    "standby_post": ("standby_post", 3),
}
_AREA_PLACES = {
    "water": ("water", 4),
    "green": ("park", 4),
    "residential": ("estate", 4),
    "campus": ("school", 4),
    "hospital": ("hospital", 3),
    "district": ("district", 1),
    "commercial": ("building", 5),
    "industrial": ("building", 5),
    "building": ("building", 5),
}
_AND, _CORNER = "与", "交叉口"
_SPELT_OUT = 4
"""Latin words and numbers up to this long count letter by letter among the initials: KTV, 101."""

_IN_PLACES = {"长": "cháng,zhǎng", "弄": "lòng,nòng", "都": "dū,dōu", "盛": "shèng,chéng"}
"""How characters of several readings sound in the name of a street, where no phrase decides."""


class PlaceRow(NamedTuple):
    """One place (地点); pinyin and initials have a space between syllables, "" without hanzi.

    rank: 1, what everybody knows, to 5.
    """

    name: str
    kind: str
    lat: float
    lon: float
    rank: int
    address: str
    pinyin: str
    initials: str


class _Named(NamedTuple):
    name: str
    kind: str
    lat: float
    lon: float
    rank: int


def make_places(
    city: City,
    features: MapFeatures | None,
    *,
    progress: Callable[[str], None],
    extra: Iterable[ExtraPlace] = (),
) -> list[PlaceRow]:
    """All streets, crossings, points of interest, estates, areas and posts, most known first.

    extra: landmarks that no map has; house numbers among them are found through their streets.
    """
    progress(f"listing the places of {city.meta.name}")
    shown = features or MapFeatures()
    named = [
        *_list_features(shown),
        *(_Named(p.name, *_at(_POST_PLACES[p.kind], p.lat, p.lon)) for p in city.posts),
        *(_Named(s.name, "street", s.lat, s.lon, s.rank) for s in list_streets(city.network)),
        *(
            _Named(_crossing_name(c.names), "crossing", c.lat, c.lon, CROSSING_RANK)
            for c in list_crossings(city.network)
        ),
        *(_Named(e.title, e.kind, e.lat, e.lon, EXTRA_RANK) for e in extra if e.house is None),
    ]
    # A name of punctuation only can be asked for by nobody.
    named = sorted({place for place in named if split_name(place.name)}, key=_importance)
    addresses = Locator(city, shown).list_addresses(named)
    return [
        PlaceRow(*place, address, *_spell_place(place))
        for place, address in zip(named, addresses, strict=True)
    ]


@cache
def spell(name: str) -> tuple[str, str]:
    """Pinyin and initials of a name (拼音与首字母); both "" if it has no Chinese character."""
    if not has_hanzi(name):
        return "", ""
    syllables: list[str] = []
    initials: list[str] = []
    for text in _load_pinyin()(name):
        for syllable in split_name(text):
            syllables.append(syllable)
            is_spelt = len(syllable) <= _SPELT_OUT and syllable in name.casefold()
            initials += list(syllable) if is_spelt else [syllable[0]]
    return " ".join(syllables), " ".join(initials)


@cache
def _load_pinyin() -> Callable[[str], list[str]]:
    # Heavy, and needed only while a gazetteer is made.
    from pypinyin import lazy_pinyin, load_single_dict

    load_single_dict({ord(character): reading for character, reading in _IN_PLACES.items()})
    return lazy_pinyin


def _spell_place(place: _Named) -> tuple[str, str]:
    """Of a crossing only its streets: nobody types the glue of "A路与B路交叉口" in initials."""
    if place.kind != "crossing":
        return spell(place.name)
    streets = [spell(name) for name in place.name.removesuffix(_CORNER).split(_AND, 1)]
    return " ".join(pinyin for pinyin, _ in streets), " ".join(letters for _, letters in streets)


def _crossing_name(names: tuple[str, str]) -> str:
    return f"{_AND.join(names)}{_CORNER}" if any(map(has_hanzi, names)) else " & ".join(names)


def _importance(place: _Named) -> tuple[int, int, str, str, float, float]:
    return (place.rank, len(place.name), place.name, place.kind, place.lat, place.lon)


def _list_features(features: MapFeatures) -> Iterator[_Named]:
    """Points, and the areas that no point names."""
    for point in features.points:
        yield _Named(point.name, point.kind, point.lat, point.lon, point.rank)
    said = {point.name for point in features.points}
    yield from _list_areas(area for area in features.areas if area.name and area.name not in said)


def _list_areas(areas: Iterable[MapArea]) -> Iterator[_Named]:
    import shapely

    for area in areas:
        ground = shapely.Polygon([(lon, lat) for lat, lon in area.rings[0]])
        inside = shapely.point_on_surface(ground)
        at = (round(float(inside.y), 6), round(float(inside.x), 6))
        yield _Named(area.name, *_at(_AREA_PLACES[area.kind], *at))


def _at(place: tuple[str, int], lat: float, lon: float) -> tuple[str, float, float, int]:
    kind, rank = place
    return kind, lat, lon, rank
