"""Numbers to ring when the system is gone (应急电话)."""

from __future__ import annotations

import msgspec


class EmergencyPhone(msgspec.Struct, frozen=True):
    """A number on every printed board (应急电话); desk_id empty: of every desk."""

    desk_id: str
    name: str
    number: str
