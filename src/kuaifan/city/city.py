"""A city as plain data (城市): what stands in its folder, read and checked."""

import csv
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from kuaifan.city.clocks import CityClocks
from kuaifan.city.desks import CityDesk
from kuaifan.city.travel_hours import CityTravel
from kuaifan.roads.network import RoadNetwork
from kuaifan.vocabulary.unit_profile import UnitKind

PostKind = Literal["station", "street_station", "standby_post"]
Line = Literal["patrol", "station", "traffic"]
AreaKind = Literal["jurisdiction", "area_class", "district"]
Level = Literal["", "district", "county"]
PlacedBy = Literal["given", "population", "road density"]
POST_KINDS: tuple[PostKind, ...] = ("station", "street_station", "standby_post")
LINES: tuple[Line, ...] = ("patrol", "station", "traffic")
AREA_KINDS: tuple[AreaKind, ...] = ("jurisdiction", "area_class", "district")
LEVELS: tuple[Level, ...] = ("district", "county")
PLACED_BY: tuple[PlacedBy, ...] = ("given", "population", "road density")


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body that units belong to or take orders from (机构)."""

    org_id: str
    name: str
    parent_id: str


@dataclass(frozen=True, slots=True)
class Post:
    """A place where units stand: 派出所, 街面驻勤工作站 or 屯警点, on an arc of the network."""

    post_id: str
    kind: PostKind
    name: str
    lat: float
    lon: float
    arc: int
    fraction_ppm: int
    parent_id: str
    placed_by: PlacedBy


@dataclass(frozen=True, slots=True)
class Shift:
    """A daily duty window in the city's own time (班次); ends the next day if end <= start."""

    name: str
    start_hour: int
    end_hour: int


@dataclass(frozen=True, slots=True)
class CityUnit:
    """A unit on the roster (警力单元), with its two command lines (双重领导).

    has_gps: False for a crew that is heard by radio only and seen on no map.
    """

    unit_id: str
    call_sign: str
    kind: UnitKind
    line: Line
    skills: tuple[str, ...]
    officers: int
    auxiliaries: int
    shift: Shift
    home_post_id: str
    admin_parent: str
    operational_parent: str
    placed_by: PlacedBy
    has_gps: bool = True

    @property
    def crew(self) -> int:
        """Persons on board, officers and auxiliaries (出动警力)."""
        return self.officers + self.auxiliaries


@dataclass(frozen=True, slots=True)
class Area:
    """A named area (区域): a jurisdiction, the ground of one area class, or a district (区县).

    polygons: each a closed outer ring of (lat, lon), first point repeated last; no holes. level:
    whether a district is one (区) or a county (县), "" for other kinds.
    """

    area_id: str
    kind: AreaKind
    name: str
    area_class: str
    polygons: tuple[tuple[tuple[float, float], ...], ...]
    drawn_by: str
    level: Level = ""


@dataclass(frozen=True, slots=True)
class Targets:
    """Response targets (响应目标), all in seconds and all the city's own; index 0 is priority 1.

    on_scene_s: by area class, from the order to the first unit on scene.
    first_order_s: from place known to the first order.
    """

    on_scene_s: dict[str, tuple[int, ...]]
    first_order_s: tuple[int, ...]
    answer_s: int
    answer_share: float
    sign_s: int
    feedback_s: int
    undo_s: int = 10


@dataclass(frozen=True, slots=True)
class CityMeta:
    """What city.toml says beyond the targets."""

    name: str
    centre_lat: float
    centre_lon: float
    time_zone: str
    source: str
    source_sha256: str
    source_datum: str
    seed: int
    attribution: str
    area_classes: tuple[str, ...]
    rings_min: tuple[float, ...]
    desks: tuple[CityDesk, ...]
    retention_days: dict[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class City:
    """Everything a city folder holds; equal content hash means equal city.

    types_csv: the incident types as text, to be read by the vocabulary. former_hash: what logs
    before format 2 call this city; '' where none can. road_order: (n_nodes,) ranks for the fast
    engine, None in an old folder. travel: hours that drive alike, None where all do.
    """

    path: Path
    meta: CityMeta
    targets: Targets
    network: RoadNetwork
    organisations: tuple[Organisation, ...]
    posts: tuple[Post, ...]
    units: tuple[CityUnit, ...]
    areas: tuple[Area, ...]
    types_csv: str
    content_hash: str
    former_hash: str = ""
    clocks: CityClocks = field(default_factory=CityClocks)
    road_order: NDArray[np.int32] | None = None
    travel: CityTravel | None = None

    @property
    def districts(self) -> tuple[Area, ...]:
        """The districts and counties (区县), in the order of the file; () in an old folder."""
        return tuple(area for area in self.areas if area.kind == "district")

    @property
    def type_rows(self) -> tuple[dict[str, str], ...]:
        """The incident types, one mapping a row."""
        return tuple(csv.DictReader(self.types_csv.splitlines()))
