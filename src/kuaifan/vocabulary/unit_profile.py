"""The register of units (警力档案): what the city's books say of a unit, on duty or not."""

from __future__ import annotations

from typing import Final, Literal, get_args

import msgspec

UnitKind = Literal["patrol_car", "motorcycle", "station_car", "traffic_unit", "foot_patrol"]
UNIT_KINDS: Final[tuple[UnitKind, ...]] = get_args(UnitKind)
MAX_CREW: Final = 100
"""More people than any unit has."""


class UnitProfile(msgspec.Struct, frozen=True):
    """What the city's register says of a unit (警力档案)."""

    unit_id: str
    call_sign: str
    kind: str
    line: str
    skills: tuple[str, ...]
    home_post_id: str
    n_officers: int
    n_auxiliaries: int
    shift: str
    shift_start_hour: int
    shift_end_hour: int
    desk_id: str = "city"
    admin_parent: str = ""
    has_gps: bool = True
    """desk_id: who gives orders (业务指挥); admin_parent: whose it is (行政隶属), who sees it."""
