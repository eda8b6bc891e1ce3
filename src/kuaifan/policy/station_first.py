"""Station first (派出所优先): the station whose ground it is goes, then other stations.

Patrol is the second line, and so are the traffic police for what is not traffic.
"""

from __future__ import annotations

from typing import Final

from kuaifan.policy.explain import LinePrice, LinePrices
from kuaifan.policy.fleet import TRAFFIC_BIT
from kuaifan.policy.need import Need
from kuaifan.policy.ranking import Policy
from kuaifan.policy.scoring import Weights

POLICY_ID: Final = "station_first"
OTHER_STATION_MS: Final = 120_000
SECOND_LINE_MS: Final = 240_000
WEIGHTS: Final = Weights(missing_skill_ms=180_000)
"""Another station must be two minutes nearer to go first, a patrol four; a skill costs three."""

FIRST: Final = LinePrice(0)
OWN: Final = LinePrice(0, "own_station")
OTHER: Final = LinePrice(OTHER_STATION_MS, "other_station")
SECOND: Final = LinePrice(SECOND_LINE_MS, "second_line")


def line_prices(need: Need) -> LinePrices:
    """Where nobody said whose ground it is, no station is another's."""
    return LinePrices(
        patrol=SECOND,
        station=FIRST if need.is_owner is None else OTHER,
        traffic=FIRST if need.wanted_skills & TRAFFIC_BIT else SECOND,
        own_station=OWN,
    )


POLICY: Final = Policy(POLICY_ID, WEIGHTS, line_prices)
rank_units: Final = POLICY.rank_units
