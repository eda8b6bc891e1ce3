"""Makes and opens the gazetteer of a city (地名库), between the city's folder and its store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from kuaifan.store.places import PlaceIndex, open_places
from kuaifan.store.places_house import HouseRange
from kuaifan.store.places_write import PLACES_FILE, PlaceDetails, PlacesError, write_places


def make_gazetteer(city_dir: Path, *, progress: Callable[[str], None]) -> int:
    """List the places of a city folder and write its places.sqlite; return their number."""
    # Building needs shapely and pypinyin, which no desk ever loads.
    from kuaifan.city.features import MapFeatures, MapHouse
    from kuaifan.city.folder import read_city, read_features
    from kuaifan.city.places_build import make_places
    from kuaifan.city.places_extra import read_city_extra
    from kuaifan.city.places_houses import place_houses
    from kuaifan.city.places_outlines import list_outlines
    from kuaifan.city.places_sounds import list_readings
    from kuaifan.city.places_streets import list_streets

    city = read_city(city_dir)
    features = read_features(city_dir)
    extra = read_city_extra(city_dir)
    rows = make_places(city, features, progress=progress, extra=extra)
    # Those put in by hand come first: of two of one number they count.
    known = [MapHouse(*e.house, e.lat, e.lon) for e in extra if e.house is not None]
    drawn = features or MapFeatures()
    houses = place_houses(city.network, [*known, *drawn.houses], drawn.house_rows)
    progress(f"{len(houses.numbers):,} house numbers, {len(houses.ranges):,} stretches between")
    details = PlaceDetails(
        boxes=list_outlines(rows, features, list_streets(city.network)),
        codes={(e.title, e.lat, e.lon): e.code for e in extra if e.code},
        numbers=houses.numbers,
        ranges=[HouseRange(*each) for each in houses.ranges],
        sounds=list_readings(),
    )
    return write_places(city_dir / PLACES_FILE, rows, made_from=city.content_hash, details=details)


def find_gazetteer_fault(city_dir: Path) -> str:
    """Why no place of a city can be found by name, with the cure; empty where all is well."""
    try:
        open_places(city_dir / PLACES_FILE).close()
    except PlacesError as error:
        return str(error)
    return ""


def open_gazetteer(city_dir: Path) -> PlaceIndex | None:
    """The gazetteer of a city folder; None where an old folder has none or it is damaged."""
    try:
        return open_places(city_dir / PLACES_FILE)
    except PlacesError:
        return None
