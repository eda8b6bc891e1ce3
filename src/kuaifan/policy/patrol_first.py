"""Patrol first (特巡警优先): the nearest patrol goes, stations are the second line.

So are the traffic police for what is not traffic.
"""

from __future__ import annotations

from typing import Final

from kuaifan.policy.explain import LinePrice, LinePrices, Why
from kuaifan.policy.fleet import TRAFFIC_BIT
from kuaifan.policy.listing import MAX_PASSED_OVER
from kuaifan.policy.need import Need
from kuaifan.policy.ranking import (
    EMERGENCY_PRIORITY,
    MAX_CANDIDATES,
    Policy,
    Ranked,
    Ranking,
)
from kuaifan.policy.scoring import Scorer, Weights

__all__ = [
    "EMERGENCY_PRIORITY",
    "MAX_CANDIDATES",
    "MAX_PASSED_OVER",
    "POLICY",
    "POLICY_ID",
    "SECOND_LINE_MS",
    "WEIGHTS",
    "Need",
    "Ranked",
    "Ranking",
    "Scorer",
    "Why",
    "rank_units",
]

POLICY_ID: Final = "patrol_first"
SECOND_LINE_MS: Final = 240_000
WEIGHTS: Final = Weights(missing_skill_ms=180_000)
"""A station unit must be four minutes nearer to go first; a missing skill costs three."""

FIRST: Final = LinePrice(0)
SECOND: Final = LinePrice(SECOND_LINE_MS, "second_line")


def line_prices(need: Need) -> LinePrices:
    """Stations are second whosever the ground; traffic units are, unless traffic is wanted."""
    traffic = FIRST if need.wanted_skills & TRAFFIC_BIT else SECOND
    return LinePrices(patrol=FIRST, station=SECOND, traffic=traffic, own_station=SECOND)


POLICY: Final = Policy(POLICY_ID, WEIGHTS, line_prices)
rank_units: Final = POLICY.rank_units
