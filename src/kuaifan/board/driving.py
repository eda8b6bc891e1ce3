"""How a unit gets to an incident (行驶方式): by what it is, and with siren when it is urgent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kuaifan.board.entities import Incident
from kuaifan.roads.network import UNREACHABLE_MS, RoadNetwork

SIREN_PRIORITY: Final = 2
"""Up to this priority units drive with lights and siren."""
NORMAL_PROFILE: Final = 0
SIREN_PROFILE: Final = 1
"""Profiles of the road network that every map has, in its order."""
OWN_PROFILES: Final = {"motorcycle": "motorcycle", "foot_patrol": "foot"}
"""Kinds of unit that are no car (铁骑、步巡), with the profile they always go by."""


def is_urgent(incident: Incident) -> bool:
    """Whether cars drive to it with lights and siren."""
    return incident.priority <= SIREN_PRIORITY


def unit_profiles(network: RoadNetwork, kinds: Sequence[str]) -> NDArray[np.int8]:
    """(2, n_units) profile of each unit by its kind, without haste and with.

    Where the map says nothing of those who ride or walk, they are timed as cars.
    """
    profiles = np.empty((2, len(kinds)), np.int8)
    for kind in set(kinds):
        own = network.find_profile(OWN_PROFILES.get(kind, ""))
        has_ways = own is not None and bool((network.travel_ms[own] < UNREACHABLE_MS).any())
        pair = (own, own) if own is not None and has_ways else (NORMAL_PROFILE, SIREN_PROFILE)
        profiles[:, [each == kind for each in kinds]] = np.array(pair, np.int8)[:, None]
    return profiles
