"""Checks a city folder line by line (城市检查) and accepts a planner's edits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from kuaifan.city.areas import unpack_areas
from kuaifan.city.city_faults import (
    list_area_faults,
    list_off_road,
    list_roster_faults,
    list_type_faults,
)
from kuaifan.city.city_toml import CITY_FILE, CityToml
from kuaifan.city.demand_file import DEMAND_FILE, unpack_demand
from kuaifan.city.features import unpack_features
from kuaifan.city.folder import (
    AREAS_FILE,
    DATA_FILES,
    FEATURES_FILE,
    FORCES_FILE,
    ROADS_FILE,
    TYPES_FILE,
    decode_types,
    find_hash_fault,
    hash_bytes,
    list_data_files,
    read_data_file,
    read_settings,
)
from kuaifan.city.force_csv import unpack_forces
from kuaifan.city.road_file import unpack_roads
from kuaifan.city.sites_file import SITES_FILE, unpack_sites
from kuaifan.city.whole_folder import CityFolderError, replace_file

Read = TypeVar("Read")

_MORE: dict[str, Callable[[bytes, Path], object]] = {
    FEATURES_FILE: unpack_features,
    DEMAND_FILE: unpack_demand,
    SITES_FILE: unpack_sites,
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a city: the file and what, with the cure."""

    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.text}"


@dataclass(slots=True)
class _Inspection:
    """Collects findings while it reads one file after another."""

    path: Path
    settings: CityToml
    are_hashes_checked: bool = True
    findings: list[Finding] = field(default_factory=list)

    def read(self, name: str, unpack: Callable[[bytes, Path], Read]) -> Read | None:
        """The file's content; None, and a finding, where it is missing, damaged or unreadable."""
        file = self.path / name
        try:
            data = read_data_file(self.path, name)
            fault = find_hash_fault(self.settings, file, data) if self.are_hashes_checked else None
            if fault is not None:
                self.note(name, [fault])
            return unpack(data, file)
        except CityFolderError as error:
            # What a damaged file breaks in its reader has been said by its hash already.
            if not any(finding.file == name for finding in self.findings):
                self.note(name, [str(error)])
            return None

    def note(self, name: str, faults: Iterable[str]) -> None:
        self.findings += [Finding(name, fault) for fault in faults]


def check_city(path: Path) -> list[Finding]:
    """List everything wrong with a city folder; an empty list means that it may be used."""
    return _check(path, are_hashes_checked=True)


def accept_edits(path: Path) -> list[Finding]:
    """Make the present files of a folder the valid ones; refused while anything else is wrong.

    Returns the findings that stand in the way; with an empty list city.toml holds the new hashes,
    everything else in it untouched, comments too.
    """
    findings = _check(path, are_hashes_checked=False)
    if findings:
        return findings
    settings = read_settings(path)
    text = read_data_file(path, CITY_FILE).decode()
    for name in list_data_files(settings):
        new_hash = hash_bytes(read_data_file(path, name))
        text = text.replace(settings.files[name], new_hash)
    replace_file(path / CITY_FILE, text.encode())
    return check_city(path)


def _check(path: Path, *, are_hashes_checked: bool) -> list[Finding]:
    try:
        settings = read_settings(path)
    except CityFolderError as error:
        return [Finding(CITY_FILE, str(error))]
    inspection = _Inspection(path, settings, are_hashes_checked)
    unknown = sorted(set(DATA_FILES) - set(settings.files))
    inspection.note(CITY_FILE, [f"[files] has no hash of {name}" for name in unknown])
    network = inspection.read(ROADS_FILE, unpack_roads)
    forces_and_bad = inspection.read(FORCES_FILE, unpack_forces)
    if forces_and_bad is not None:
        forces, bad = forces_and_bad
        inspection.note(FORCES_FILE, [*bad, *list_roster_faults(forces)])
        if network is not None:
            inspection.note(FORCES_FILE, list_off_road(forces, network))
    areas = inspection.read(AREAS_FILE, unpack_areas)
    inspection.note(AREAS_FILE, list_area_faults(areas or (), settings.area_classes))
    types = inspection.read(TYPES_FILE, decode_types)
    inspection.note(TYPES_FILE, [] if types is None else list_type_faults(types))
    for name, unpack in _MORE.items():
        if name in settings.files:
            inspection.read(name, unpack)
    return inspection.findings
