"""Checks a city folder line by line (城市检查) and accepts a planner's edits."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

from kuaifan.city.areas import unpack_areas
from kuaifan.city.check_ground import (
    list_circle_faults,
    list_desk_faults,
    list_homeless,
    list_manned,
    list_tile_faults,
)
from kuaifan.city.city import Area
from kuaifan.city.city_faults import (
    list_area_faults,
    list_off_road,
    list_roster_faults,
    list_target_faults,
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
    read_default_types,
    read_settings,
)
from kuaifan.city.force_csv import Forces, unpack_forces
from kuaifan.city.order_file import ORDER_FILE, unpack_order
from kuaifan.city.road_file import unpack_roads
from kuaifan.city.sites_file import SITES_FILE, unpack_sites
from kuaifan.city.whole_folder import CityFolderError, replace_file
from kuaifan.roads.network import RoadNetwork

Read = TypeVar("Read")

_MORE: dict[str, tuple[str, Callable[[bytes, Path], object]]] = {
    FEATURES_FILE: ("features 地图要素", unpack_features),
    DEMAND_FILE: ("demand 需求面", unpack_demand),
    SITES_FILE: ("sites 重点部位", unpack_sites),
    ORDER_FILE: ("order 收缩次序", unpack_order),
}
_ADDABLE = (DEMAND_FILE, SITES_FILE)
"""What an imported city begins without, and a planner may put in."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a city: the file and what, with the cure."""

    file: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.text}"


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One thing looked at (一项检查): what it was, and all that is wrong with it.

    said: what was found where nothing is wrong.
    """

    what: str
    file: str
    faults: tuple[str, ...]
    said: str

    @property
    def is_ok(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults


@dataclass(slots=True)
class _Inspection:
    """Looks at one thing after another; what cannot be read is not looked at further."""

    path: Path
    settings: CityToml
    are_hashes_checked: bool = True
    network: RoadNetwork | None = None
    forces: Forces | None = None
    areas: tuple[Area, ...] | None = None
    lines: list[CheckLine] = field(default_factory=list)

    def add(self, what: str, file: str, faults: Iterable[str], said: str) -> None:
        self.lines.append(CheckLine(what, file, tuple(faults), said))

    def read(
        self, name: str, unpack: Callable[[bytes, Path], Read]
    ) -> tuple[Read | None, list[str]]:
        """The file's content, None where it is missing or unreadable; and what is wrong with it."""
        file = self.path / name
        faults: list[str] = []
        try:
            data = read_data_file(self.path, name)
            fault = find_hash_fault(self.settings, file, data) if self.are_hashes_checked else None
            faults += [] if fault is None else [fault]
            return unpack(data, file), faults
        except CityFolderError as error:
            # What a damaged file breaks in its reader has been said by its hash already.
            return None, faults or [str(error)]

    @property
    def districts(self) -> tuple[Area, ...]:
        return tuple(area for area in self.areas or () if area.kind == "district")


def check_city(path: Path) -> list[Finding]:
    """List everything wrong with a city folder; an empty list means that it may be used."""
    return _list_findings(inspect_city(path))


def accept_edits(path: Path) -> list[Finding]:
    """Make the present files of a folder the valid ones; refused while anything else is wrong.

    A demand or sites that were put into a folder without become part of it.

    Returns the findings that stand in the way; with an empty list city.toml holds the new hashes,
    everything else in it untouched, comments too.
    """
    findings = _list_findings(inspect_city(path, are_hashes_checked=False))
    findings = findings or _list_new_faults(path)
    if findings:
        return findings
    settings = read_settings(path)
    text = read_data_file(path, CITY_FILE).decode()
    for name in list_data_files(settings):
        new_hash = hash_bytes(read_data_file(path, name))
        text = text.replace(settings.files[name], new_hash)
    for name in _list_new(path, settings):
        # After the last file that it names: so it stands in [files], and comments stay.
        end = text.index("\n", max(text.rindex(f'"{known}"') for known in settings.files))
        new_hash = hash_bytes(read_data_file(path, name))
        text = f'{text[:end]}\n"{name}" = "{new_hash}"{text[end:]}'
    replace_file(path / CITY_FILE, text.encode())
    return check_city(path)


def _list_new(path: Path, settings: CityToml) -> list[str]:
    """What a planner put into the folder that it had not before."""
    return [name for name in _ADDABLE if name not in settings.files and (path / name).is_file()]


def _list_new_faults(path: Path) -> list[Finding]:
    faults = []
    for name in _list_new(path, read_settings(path)):
        try:
            _MORE[name][1](read_data_file(path, name), path / name)
        except CityFolderError as error:
            faults.append(Finding(name, str(error)))
    return faults


def _list_findings(lines: Iterable[CheckLine]) -> list[Finding]:
    return [Finding(line.file, fault) for line in lines for fault in line.faults]


def inspect_city(path: Path, *, are_hashes_checked: bool = True) -> list[CheckLine]:
    """Look at a city folder and say of each thing whether it holds (逐项检查).

    The first line is about city.toml; where that cannot be read there is no other.
    """
    try:
        settings = read_settings(path)
    except CityFolderError as error:
        return [CheckLine("settings 配置", CITY_FILE, (str(error),), "")]
    inspection = _Inspection(path, settings, are_hashes_checked)
    _look_at_settings(inspection)
    _look_at_roads(inspection)
    _look_at_forces(inspection)
    _look_at_areas(inspection)
    _look_at_districts(inspection)
    _look_at_desks(inspection)
    _look_at_types(inspection)
    for name, (what, unpack) in _MORE.items():
        if name in settings.files:
            content, faults = inspection.read(name, unpack)
            if name == ORDER_FILE and content is not None:
                faults += _order_faults(inspection, content)
            inspection.add(what, name, faults, "whole")
    return inspection.lines


def _order_faults(inspection: _Inspection, content: object) -> list[str]:
    """The order must be of these very roads: of others it would be slow, or no order at all."""
    network = inspection.network
    network_hash, _ = cast("tuple[str, Any]", content)
    is_other = network is not None and network_hash != network.content_hash()
    return ["is of another network than roads.kfr: import the map again"] if is_other else []


def _look_at_settings(inspection: _Inspection) -> None:
    settings = inspection.settings
    unknown = sorted(set(DATA_FILES) - set(settings.files))
    faults = [f"[files] has no hash of {name}" for name in unknown]
    inspection.add("settings 配置", CITY_FILE, faults, f"{settings.name}, {settings.time_zone}")
    rows = settings.response_targets_s
    said = f"{len(rows)} area classes × 5 priorities, every one has its time"
    inspection.add("targets 响应目标", CITY_FILE, list_target_faults(settings), said)
    # A wrong clock is a wrong setting: such a file has not been read.
    said = f"{len(settings.clocks.__struct_fields__)} settings, all levels rising"
    inspection.add("clocks 时限", CITY_FILE, (), said)


def _look_at_roads(inspection: _Inspection) -> None:
    network, faults = inspection.read(ROADS_FILE, unpack_roads)
    said = "" if network is None else f"{network.n_nodes:,} nodes, {network.n_arcs:,} arcs"
    inspection.network = network
    inspection.add("roads 路网", ROADS_FILE, faults, said)


def _look_at_forces(inspection: _Inspection) -> None:
    forces_and_bad, faults = inspection.read(FORCES_FILE, unpack_forces)
    if forces_and_bad is None:
        inspection.add("forces 警力", FORCES_FILE, faults, "")
        return
    forces, bad = forces_and_bad
    inspection.forces = forces
    faults += [*bad, *list_roster_faults(forces)]
    if inspection.network is not None:
        faults += list_off_road(forces, inspection.network)
    crew = sum(unit.crew for unit in forces.units)
    n_radio = sum(not unit.has_gps for unit in forces.units)
    said = f"{len(forces.posts)} posts, {len(forces.units)} units ({n_radio} by radio only), "
    inspection.add("forces 警力", FORCES_FILE, faults, f"{said}{crew} persons a day")
    n_circles = sum(post.kind != "station" for post in forces.posts)
    said = f"{n_circles} circles, {len(list_manned(forces))} of them manned in every shift"
    inspection.add("circles 快反圈", FORCES_FILE, list_circle_faults(forces), said)


def _look_at_areas(inspection: _Inspection) -> None:
    areas, faults = inspection.read(AREAS_FILE, unpack_areas)
    inspection.areas = areas
    faults += list_area_faults(areas or (), inspection.settings.area_classes)
    said = f"{len({area.area_class for area in areas or () if area.area_class})} area classes"
    inspection.add("areas 区域", AREAS_FILE, faults, said)


def _look_at_districts(inspection: _Inspection) -> None:
    if inspection.areas is None:
        return
    districts = inspection.districts
    faults = []
    if inspection.network is not None:
        faults += list_tile_faults(districts, inspection.network)
    if inspection.forces is not None:
        faults += list_homeless(inspection.forces, districts)
    n_counties = sum(area.level == "county" for area in districts)
    said = (
        f"districts {len(districts) - n_counties}, counties {n_counties}: every road node in one"
        if districts
        else "none drawn: all of the city is the city desk's"
    )
    inspection.add("districts 区县", AREAS_FILE, faults, said)


def _look_at_desks(inspection: _Inspection) -> None:
    if inspection.areas is None:
        return
    desks = inspection.settings.meta.desks
    faults = list_desk_faults(desks, inspection.districts)
    inspection.add("desks 指挥席", CITY_FILE, faults, ", ".join(desk.name for desk in desks))


def _look_at_types(inspection: _Inspection) -> None:
    types, faults = inspection.read(TYPES_FILE, decode_types)
    n_types = 0
    if types is not None:
        faults += list_type_faults(types, read_default_types().decode("utf-8-sig"))
        n_types = len(types.splitlines()) - 1
    inspection.add("types 警情类别", TYPES_FILE, faults, f"{n_types} types, every plan known")
