"""Makes the offline vector map of a city (离线底图): one PMTiles file, the same every time."""

import gzip
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kuaifan.city.basemap_cut import Layer, cut_tile
from kuaifan.city.basemap_ground import draw_ground, gather_ground
from kuaifan.city.basemap_labels import Labels
from kuaifan.city.basemap_mvt import EXTENT
from kuaifan.city.basemap_plane import MAX_ZOOM, MIN_ZOOM, project
from kuaifan.city.basemap_roads import draw_roads, gather_streets
from kuaifan.city.city import Area, City
from kuaifan.city.clip import Box
from kuaifan.city.features import MapFeatures
from kuaifan.city.folder import read_city, read_features
from kuaifan.city.whole_folder import replace_file
from kuaifan.roads.network import RoadNetwork

BASEMAP_FILE = "basemap.pmtiles"
LAYER_FIELDS: dict[str, dict[str, str]] = {
    "landuse": {"kind": "String", "name": "String"},
    "water": {"kind": "String", "name": "String"},
    "buildings": {"kind": "String", "name": "String"},
    "boundaries": {"kind": "String"},
    "roads": {"class": "String", "name": "String", "oneway": "Number"},
    "places": {"kind": "String", "name": "String", "rank": "Number"},
    "pois": {"kind": "String", "name": "String", "rank": "Number"},
}
"""The layers with their fields (图层与字段); a name that is not known is left out.

roads.class is one of ROAD_CLASSES or "railway"; water holds areas and lines (river, coastline);
boundaries.kind is district or jurisdiction; rank goes from 1, seen from afar, to 5.
"""

_MARGIN = 0.03
_E7 = 10_000_000
_GZIP_LEVEL = 9
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class BasemapSource:
    """What a basemap is drawn from; `made_from` is the content hash of the city."""

    name: str
    attribution: str
    made_from: str
    network: RoadNetwork
    features: MapFeatures
    areas: tuple[Area, ...]


@dataclass(frozen=True, slots=True)
class BasemapReport:
    """What was drawn."""

    n_tiles: int
    n_bytes: int


def make_basemap(city_dir: Path, *, progress: Progress) -> BasemapReport:
    """Draw the basemap of a city folder anew and put it in its place, whole.

    Raises CityFolderError if the folder cannot be read or written; an old basemap then stays.
    """
    city = read_city(city_dir)
    data, n_tiles = draw_basemap(take_source(city, read_features(city_dir)), progress=progress)
    replace_file(city_dir / BASEMAP_FILE, data)
    return BasemapReport(n_tiles, len(data))


def take_source(city: City, features: MapFeatures | None) -> BasemapSource:
    """What the basemap of a city is drawn from; an old folder has no features, only roads."""
    return BasemapSource(
        name=city.meta.name,
        attribution=city.meta.attribution,
        made_from=city.content_hash,
        network=city.network,
        features=features or MapFeatures(),
        areas=city.areas,
    )


def draw_basemap(source: BasemapSource, *, progress: Progress) -> tuple[bytes, int]:
    """The bytes of a basemap.pmtiles and its number of tiles; equal sources give equal bytes."""
    from pmtiles.tile import zxy_to_tileid
    from pmtiles.writer import Writer

    progress(f"drawing the map of {source.name}")
    bounds = find_bounds(source.network)
    tiles = {
        int(zxy_to_tileid(zoom, x, y)): data for zoom, x, y, data in _list_tiles(source, bounds)
    }
    buffer = io.BytesIO()
    writer: Any = Writer(buffer)  # type: ignore[no-untyped-call]  # the package has no types
    for tile_id in sorted(tiles):
        writer.write_tile(tile_id, gzip.compress(tiles[tile_id], _GZIP_LEVEL, mtime=0))
    writer.finalize(_make_header(bounds), _make_metadata(source))
    return buffer.getvalue(), len(tiles)


def _list_tiles(source: BasemapSource, bounds: Box) -> Iterator[tuple[int, int, int, bytes]]:
    streets = gather_streets(source.network)
    ground = gather_ground(source.features, source.areas)
    labels = Labels(source.features, ground.areas)
    for zoom in range(MIN_ZOOM, MAX_ZOOM + 1):
        layers = [*draw_ground(ground, zoom), *draw_roads(streets, zoom), *labels.draw(zoom)]
        yield from _cut(layers, zoom, bounds)


def _cut(layers: list[Layer], zoom: int, bounds: Box) -> Iterator[tuple[int, int, int, bytes]]:
    corners = project([bounds.north, bounds.south], [bounds.west, bounds.east])
    (west, north), (east, south) = (corners // (EXTENT << (MAX_ZOOM - zoom))).astype(int).tolist()
    for x in range(west, east + 1):
        for y in range(north, south + 1):
            data = cut_tile(layers, zoom, x, y)
            if data:
                yield zoom, x, y, data


def find_bounds(network: RoadNetwork) -> Box:
    """The extent of the streets and a little more."""
    south, north = float(network.shape_lat.min()), float(network.shape_lat.max())
    west, east = float(network.shape_lon.min()), float(network.shape_lon.max())
    high, wide = (north - south) * _MARGIN, (east - west) * _MARGIN
    return Box(south - high, west - wide, north + high, east + wide)


def _make_header(bounds: Box) -> dict[str, Any]:
    from pmtiles.tile import Compression, TileType

    south, west, north, east = (
        round(degrees * _E7) for degrees in (bounds.south, bounds.west, bounds.north, bounds.east)
    )
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lat_e7": south,
        "min_lon_e7": west,
        "max_lat_e7": north,
        "max_lon_e7": east,
        "center_zoom": 12,
        "center_lat_e7": (south + north) // 2,
        "center_lon_e7": (west + east) // 2,
    }


def _make_metadata(source: BasemapSource) -> dict[str, Any]:
    return {
        "name": source.name,
        "attribution": source.attribution,
        "type": "baselayer",
        "generator": "kuaifan",
        "made_from": source.made_from,
        "vector_layers": [
            {"id": name, "fields": fields, "minzoom": MIN_ZOOM, "maxzoom": MAX_ZOOM}
            for name, fields in LAYER_FIELDS.items()
        ],
    }
