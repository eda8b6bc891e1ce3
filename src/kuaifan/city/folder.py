"""The city folder on disk (城市文件夹): which files it has, written whole, read and believed."""

import hashlib
from dataclasses import dataclass
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
from kuaifan.city.force_csv import Forces, pack_forces, unpack_forces
from kuaifan.city.road_file import pack_roads, unpack_roads
from kuaifan.city.whole_folder import CityFolderError, write_file
from kuaifan.roads.network import RoadNetwork

ROADS_FILE = "roads.kfr"
FORCES_FILE = "forces.csv"
TYPES_FILE = "types.csv"
AREAS_FILE = "areas.geojson"
DATA_FILES = (ROADS_FILE, FORCES_FILE, TYPES_FILE, AREAS_FILE)
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
    }
    hashes = {name: hash_bytes(data) for name, data in contents.items()}
    settings = make_city_toml(city.meta, city.targets, hashes, city.report)
    for name, data in contents.items():
        write_file(draft / name, data)
    write_file(draft / CITY_FILE, pack_city_toml(settings))
    return settings.content_hash


def read_city(path: Path) -> City:
    """Read a whole city folder.

    Raises CityFolderError with the first thing that is missing, damaged or unreadable; `check`
    lists them all.
    """
    settings = read_settings(path)
    data = {name: read_data_file(path, name) for name in DATA_FILES}
    for name in DATA_FILES:
        fault = find_hash_fault(settings, path / name, data[name])
        if fault is not None:
            raise CityFolderError(fault)
    forces, bad = unpack_forces(data[FORCES_FILE], path / FORCES_FILE)
    if bad:
        raise CityFolderError(f"{path / FORCES_FILE} {bad[0]}, and {len(bad) - 1} more bad lines")
    return City(
        path=path,
        meta=settings.meta,
        targets=settings.targets,
        network=unpack_roads(data[ROADS_FILE], path / ROADS_FILE),
        organisations=forces.organisations,
        posts=forces.posts,
        units=forces.units,
        areas=unpack_areas(data[AREAS_FILE], path / AREAS_FILE),
        types_csv=decode_types(data[TYPES_FILE], path / TYPES_FILE),
        content_hash=settings.content_hash,
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
