"""The position (定位): what a device reports of a unit, and how far a report is to be believed."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

FixMark = Literal["ok", "off_road", "jump", "reversed", "late", "future", "vague"]
"""What a fix is marked as (定位标记): it moves the unit's marker, or why it does not.

No street near; not to be driven to in the time since the fix before; against a one-way street;
older than one that was taken already; from a clock ahead of ours; too uncertain to name a street.
"""

MARKS: Final[tuple[FixMark, ...]] = (
    "ok",
    "off_road",
    "jump",
    "reversed",
    "late",
    "future",
    "vague",
)
"""By their number in a batch of fixes; the first four are those of map matching."""


class PositionReport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One position as a device reports it, in WGS-84 (定位上报); None: the device does not know."""

    unit_id: str
    lat: float
    lon: float
    at_ms: int
    speed_mps: float | None = None
    heading_deg: float | None = None
    accuracy_m: float | None = None
