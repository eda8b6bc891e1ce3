"""How a unit drives to an incident (行驶方式): with lights and siren when it is urgent."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Incident

SIREN_PRIORITY: Final = 2
"""Up to this priority units drive with lights and siren."""
NORMAL_PROFILE: Final = 0
SIREN_PROFILE: Final = 1
"""Profiles of the road network, in its order."""


def profile_of(incident: Incident) -> int:
    """Profile of the road times for an incident."""
    return SIREN_PROFILE if incident.priority <= SIREN_PRIORITY else NORMAL_PROFILE
