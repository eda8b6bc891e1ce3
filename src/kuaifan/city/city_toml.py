"""The shape of `city.toml` (城市配置): read strictly, written with its defaults spelled out."""

import re
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from kuaifan.city.city import CityMeta, Targets
from kuaifan.city.city_numbers import N_PRIORITIES, Seconds
from kuaifan.city.clocks import CityClocks, find_clock_fault
from kuaifan.city.desks import CityDesk, find_desk_fault, read_desks
from kuaifan.city.toml_text import write_toml
from kuaifan.city.travel_hours import CityTravel, find_travel_fault, write_travel
from kuaifan.city.whole_folder import CityFolderError

FORMAT = 1
CITY_FILE = "city.toml"
MAX_RING_MIN = 120.0
_SHA256 = re.compile("[0-9a-f]{64}")
DEFAULT_TIME_ZONE = "Asia/Shanghai"

# Domain §2.3: the national rule has no minute figure, so these are a start that each city edits.
# P1 to P5; rows for P5 follow P4, as both are national grade 4, and core follows urban.
ON_SCENE_S: dict[str, Seconds] = {
    "core": (300, 300, 600, 1800, 1800),
    "urban": (300, 300, 600, 1800, 1800),
    "suburban": (600, 600, 1200, 3600, 3600),
    "rural": (1200, 1200, 1800, 7200, 7200),
}
FIRST_ORDER_S = (30, 60, 180, 600, 600)
TARGETS = Targets(
    on_scene_s=ON_SCENE_S,
    first_order_s=FIRST_ORDER_S,
    answer_s=10,
    answer_share=0.9,
    sign_s=30,
    feedback_s=1800,
)
RINGS_MIN = (1.0, 3.0, 5.0)
# Domain §2.10: police positions 90 days raw, audit 6 months at least, voice 24 months.
RETENTION_DAYS = {"positions": 90, "audit": 180, "body_camera": 180, "voice": 730}


class _Source(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    file: str
    sha256: str
    datum: str
    seed: int
    attribution: str


class _Desk(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    first_order_s: Seconds
    answer_s: int
    answer_share: float
    sign_s: int
    feedback_s: int
    undo_s: int = 10


class CityToml(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """city.toml as read (城市配置); `import_report` is for people only. See content_hash.py."""

    format: int
    name: str
    centre_lat: float
    centre_lon: float
    time_zone: str
    area_classes: tuple[str, ...]
    rings_min: tuple[float, ...]
    desks: tuple[str | CityDesk, ...]
    source: _Source
    response_targets_s: dict[str, Seconds]
    desk_targets: _Desk
    retention_days: dict[str, int]
    files: dict[str, str]
    clocks: CityClocks = CityClocks()
    travel: CityTravel | None = None
    import_report: dict[str, Any] = {}

    @property
    def meta(self) -> CityMeta:
        """What is neither a target nor a file."""
        return CityMeta(
            name=self.name,
            centre_lat=self.centre_lat,
            centre_lon=self.centre_lon,
            time_zone=self.time_zone,
            source=self.source.file,
            source_sha256=self.source.sha256,
            source_datum=self.source.datum,
            seed=self.source.seed,
            attribution=self.source.attribution,
            area_classes=self.area_classes,
            rings_min=self.rings_min,
            desks=read_desks(self.desks),
            retention_days=self.retention_days,
        )

    @property
    def targets(self) -> Targets:
        """The response targets."""
        desk = self.desk_targets
        return Targets(
            on_scene_s=self.response_targets_s,
            first_order_s=desk.first_order_s,
            answer_s=desk.answer_s,
            answer_share=desk.answer_share,
            sign_s=desk.sign_s,
            undo_s=desk.undo_s,
            feedback_s=desk.feedback_s,
        )


def make_city_toml(
    meta: CityMeta, targets: Targets, files: dict[str, str], report: dict[str, Any]
) -> CityToml:
    """Bring the settings of a city into the shape of its file."""
    source = _Source(
        meta.source, meta.source_sha256, meta.source_datum, meta.seed, meta.attribution
    )
    desk = _Desk(
        targets.first_order_s,
        targets.answer_s,
        targets.answer_share,
        targets.sign_s,
        targets.feedback_s,
        targets.undo_s,
    )
    return CityToml(
        format=FORMAT,
        name=meta.name,
        centre_lat=meta.centre_lat,
        centre_lon=meta.centre_lon,
        time_zone=meta.time_zone,
        area_classes=meta.area_classes,
        rings_min=meta.rings_min,
        desks=meta.desks,
        source=source,
        response_targets_s=targets.on_scene_s,
        desk_targets=desk,
        retention_days=meta.retention_days,
        files=files,
        travel=CityTravel(),
        import_report=report,
    )


def pack_city_toml(settings: CityToml) -> bytes:
    """The bytes of city.toml, with a heading that says how to edit it."""
    heading = (
        f"City 城市: {settings.name}\n"
        "Edit what you like; response_targets_s and first_order_s go from P1 to P5, in seconds.\n"
        "A desk may have its own first_order_s, response_targets_s and policy: patrol_first,\n"
        "station_first or nearest. [clocks]: levels from the same start, in seconds.\n"
        "[travel]: p peak, d day, w weekend day, n night, one letter an hour.\n"
        "After editing another file of this folder: kuaifan city check DIR --accept-edits"
    )
    document = msgspec.to_builtins(settings)
    write_travel(document)
    if not settings.clocks.unsigned_s:
        # Left out, it follows sign_s when somebody edits that.
        del document["clocks"]["unsigned_s"]
    return write_toml(document, heading=heading).encode()


def unpack_city_toml(data: bytes, path: Path) -> CityToml:
    """The settings in the bytes of a city.toml.

    Raises CityFolderError naming the setting that is wrong.
    """
    try:
        settings = msgspec.convert(tomllib.loads(data.decode()), CityToml, strict=True)
    except UnicodeDecodeError:
        raise CityFolderError(f"{path} is not UTF-8 text: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise CityFolderError(f"{path} is no TOML: {error}") from None
    except msgspec.ValidationError as error:
        raise CityFolderError(f"{path} has a wrong setting: {error}") from None
    fault = _find_fault(settings)
    if fault is not None:
        raise CityFolderError(f"{path}: {fault}")
    return settings


def _find_fault(settings: CityToml) -> str | None:
    if settings.format != FORMAT:
        return f"format {settings.format} is unknown, this build reads {FORMAT}: import again"
    if not (abs(settings.centre_lat) <= 90.0 and abs(settings.centre_lon) <= 180.0):  # noqa: PLR2004 - degrees
        return "centre_lat and centre_lon must be degrees"
    if not settings.rings_min or not all(0.0 < ring <= MAX_RING_MIN for ring in settings.rings_min):
        return f"rings_min needs at least one ring, in minutes above 0 up to {MAX_RING_MIN:g}"
    if not is_time_zone(settings.time_zone):
        return f"time_zone {settings.time_zone!r} is unknown: give one like {DEFAULT_TIME_ZONE}"
    if not all(_SHA256.fullmatch(value) for value in settings.files.values()):
        return "[files] holds what is no SHA-256: restore the file from a backup"
    return (
        _find_target_fault(settings)
        or find_desk_fault(settings.desks, settings.area_classes)
        or find_clock_fault(settings.clocks)
        or find_travel_fault(settings.travel)
    )


def _find_target_fault(settings: CityToml) -> str | None:
    rows = {f"response_targets_s.{k}": v for k, v in settings.response_targets_s.items()}
    for name in settings.area_classes:
        if f"response_targets_s.{name}" not in rows:
            return f"response_targets_s has no row for the area class {name!r}: add it"
    rows["desk_targets.first_order_s"] = settings.desk_targets.first_order_s
    for name, seconds in rows.items():
        if len(seconds) != N_PRIORITIES or min(seconds) <= 0:
            return f"{name} needs {N_PRIORITIES} whole seconds above zero, P1 to P5"
    return None


def is_time_zone(name: str) -> bool:
    """Whether the name is one of the IANA time zones this machine knows."""
    try:
        ZoneInfo(name)
    # A name like "Asia" is a folder of the database, which the system reports as an OSError.
    except (KeyError, ValueError, OSError):
        return False
    return True
