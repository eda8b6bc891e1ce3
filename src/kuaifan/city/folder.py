"""The city folder on disk (城市文件夹): which files it has, written whole, read and believed."""

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from kuaifan.city.areas import pack_areas, unpack_areas
from kuaifan.city.city import Area, City, CityMeta, Targets
from kuaifan.city.city_toml import (
    CITY_FILE,
    CityToml,
    make_city_toml,
    pack_city_toml,
    unpack_city_toml,
)
from kuaifan.city.content_hash import DECIDING_FILES, hash_as_before, hash_content
from kuaifan.city.demand_file import DEMAND_FILE, Demand, unpack_demand
from kuaifan.city.desks import list_ground_faults
from kuaifan.city.features import MapFeatures, pack_features, unpack_features
from kuaifan.city.force_csv import Forces, pack_forces, unpack_forces
from kuaifan.city.order_file import ORDER_FILE, pack_order, unpack_order
from kuaifan.city.road_file import pack_roads, unpack_roads
from kuaifan.city.sites_file import SITES_FILE, Site, unpack_sites
from kuaifan.city.whole_folder import CityFolderError, write_file
from kuaifan.roads.network import RoadNetwork

ROADS_FILE, FORCES_FILE, TYPES_FILE, AREAS_FILE = DECIDING_FILES
FEATURES_FILE = "features.json.gz"
DATA_FILES = DECIDING_FILES
"""What every city has; a folder made since the map is drawn has FEATURES_FILE too."""

MORE_FILES = (FEATURES_FILE, DEMAND_FILE, SITES_FILE, ORDER_FILE)
"""What a city may have; those that city.toml names are there, and whole."""

MAX_FILE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class NewCity:
    """All that makes a city, before it has a folder."""

    meta: CityMeta
    targets: Targets
    network: RoadNetwork
    forces: Forces
    areas: tuple[Area, ...]
    report: dict[str, Any]
    features: MapFeatures = field(default_factory=MapFeatures)
    more_files: Mapping[str, bytes] = field(default_factory=dict)


def read_default_types() -> bytes:
    """The 123 incident types that the package ships (警情类别), as the bytes of a types.csv."""
    return resources.files("kuaifan.vocabulary").joinpath("incident_types.csv").read_bytes()


def write_city(draft: Path, city: NewCity) -> str:
    """Write all files of a new city into an empty folder; return the content hash."""
    contents = {
        ROADS_FILE: pack_roads(city.network),
        FORCES_FILE: pack_forces(city.forces),
        TYPES_FILE: read_default_types(),
        AREAS_FILE: pack_areas(city.areas),
        FEATURES_FILE: pack_features(city.features),
        ORDER_FILE: pack_order(city.network),
        **city.more_files,
    }
    hashes = {name: hash_bytes(data) for name, data in contents.items()}
    settings = make_city_toml(city.meta, city.targets, hashes, city.report)
    for name, data in contents.items():
        write_file(draft / name, data)
    packed = pack_city_toml(settings)
    write_file(draft / CITY_FILE, packed)
    return hash_content(packed)


def read_city(path: Path) -> City:
    """Read a whole city folder.

    Raises CityFolderError with the first thing that is missing, damaged or unreadable; `check`
    lists them all.
    """
    settings = read_settings(path)
    packed = read_data_file(path, CITY_FILE)
    data = {name: read_data_file(path, name) for name in list_data_files(settings)}
    for name, content in data.items():
        fault = find_hash_fault(settings, path / name, content)
        if fault is not None:
            raise CityFolderError(fault)
    forces, bad = unpack_forces(data[FORCES_FILE], path / FORCES_FILE)
    if bad:
        raise CityFolderError(f"{path / FORCES_FILE} {bad[0]}, and {len(bad) - 1} more bad lines")
    order = data.get(ORDER_FILE)
    areas = unpack_areas(data[AREAS_FILE], path / AREAS_FILE)
    drawn = [area.area_id for area in areas if area.kind == "district"]
    for fault in list_ground_faults(settings.meta.desks, drawn):
        raise CityFolderError(f"{path / CITY_FILE}: {fault}")
    return City(
        path=path,
        meta=settings.meta,
        targets=settings.targets,
        network=unpack_roads(data[ROADS_FILE], path / ROADS_FILE),
        organisations=forces.organisations,
        posts=forces.posts,
        units=forces.units,
        areas=areas,
        types_csv=decode_types(data[TYPES_FILE], path / TYPES_FILE),
        content_hash=hash_content(packed),
        former_hash=hash_as_before(packed),
        clocks=settings.clocks,
        travel=settings.travel,
        road_order=unpack_order(order, path / ORDER_FILE)[1] if order else None,
    )


def list_data_files(settings: CityToml) -> tuple[str, ...]:
    """The data files that this city must have: an old one has no map features."""
    return (*DATA_FILES, *(name for name in MORE_FILES if name in settings.files))


def read_features(path: Path) -> MapFeatures | None:
    """The map features of a city folder (地图要素); None where an old folder has no such file.

    A desk never needs them: the basemap and the gazetteer are made from them beforehand. Raises
    CityFolderError if the file is missing, damaged or edited.
    """
    data = _find_file(path, FEATURES_FILE)
    return None if data is None else unpack_features(data, path / FEATURES_FILE)


def read_demand(path: Path) -> Demand | None:
    """The demand surface of a city folder (需求面); None where it has none. Raises as above."""
    data = _find_file(path, DEMAND_FILE)
    return None if data is None else unpack_demand(data, path / DEMAND_FILE)


def read_sites(path: Path) -> tuple[Site, ...]:
    """The key sites of a city folder (重点部位); () where it names none. Raises as above."""
    data = _find_file(path, SITES_FILE)
    return () if data is None else unpack_sites(data, path / SITES_FILE)


def _find_file(path: Path, name: str) -> bytes | None:
    """The bytes of a file that not every city has, known to be whole."""
    settings = read_settings(path)
    if name not in settings.files:
        return None
    data = read_data_file(path, name)
    fault = find_hash_fault(settings, path / name, data)
    if fault is not None:
        raise CityFolderError(fault)
    return data


def check_target(target: Path, *, is_replacing: bool) -> None:
    """Raise CityFolderError where a new city may not be put: nothing but a city is replaced."""
    with suppress(PermissionError):
        if target.exists() and not target.is_dir():
            raise CityFolderError(f"{target} is a file: choose another place for the city")
        if not target.is_dir() or not any(target.iterdir()):
            return
        if not (target / CITY_FILE).is_file():
            raise CityFolderError(
                f"{target} is not empty and no city, so it is left alone: choose another place"
            )
        if not is_replacing:
            raise CityFolderError(
                f"{target} holds a city already: choose another place or add --replace"
            )


def read_settings(path: Path) -> CityToml:
    """Read city.toml; raises CityFolderError if the folder is no city."""
    if not path.is_dir():
        what = "is a file, not a folder" if path.exists() else "does not exist"
        raise CityFolderError(f"{path} {what}: give a folder made by kuaifan city new or import")
    if not (path / CITY_FILE).is_file():
        raise CityFolderError(
            f"{path} has no {CITY_FILE}, so it is no city: give a folder made by kuaifan city new "
            "or import, or restore the file from a backup"
        )
    return unpack_city_toml(read_data_file(path, CITY_FILE), path / CITY_FILE)


def read_data_file(path: Path, name: str) -> bytes:
    """The bytes of one file of the folder; raises CityFolderError if it is not there to read."""
    file = path / name
    try:
        n_bytes = file.stat().st_size
        if n_bytes > MAX_FILE_BYTES:
            raise CityFolderError(f"{file} is over 2 GiB: no file of a city is, restore it")
        return file.read_bytes()
    except FileNotFoundError:
        raise CityFolderError(
            f"{file} is missing: restore it from a backup or import the map again"
        ) from None
    except OSError as error:
        raise CityFolderError(f"cannot read {file}: {error.strerror or error}") from error


def find_hash_fault(settings: CityToml, file: Path, data: bytes) -> str | None:
    """One sentence if the file is not the one that city.toml names, else None."""
    if settings.files.get(file.name) == hash_bytes(data):
        return None
    cure = "restore it from a backup or import the map again"
    if file.name != ROADS_FILE:
        cure = f"restore it, or if you edited it: kuaifan city check {file.parent} --accept-edits"
    return f"{file} is damaged or edited (its SHA-256 is not the one in {CITY_FILE}): {cure}"


def decode_types(data: bytes, file: Path) -> str:
    """The incident types as text; raises CityFolderError if they are no UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CityFolderError(f"{file} is not UTF-8 text: save it as UTF-8") from None


def hash_bytes(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
