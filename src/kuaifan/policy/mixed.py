"""Mixed (混合派警): urgent calls by lateness, all others by the mean.

To what is urgent the nearest goes: how long a crew takes to set out is known only when it has, and
whoever counts as "in time" by the mean of it is late a fifth of the time. A crew is turned round
for it only where that brings somebody in time. To the rest goes who costs all calls least: its own
drive, and what the calls to come lose while it is away (`policy.look_ahead`); who would be late
costs two minutes more. Where nobody knows the calls of each circle, a circle left empty costs 45
seconds. DMEXCLP dispatch for all calls had 18 % fewer late and a mean 37 % longer: Jagtenberg, C.
J., Bhulai, S. and van der Mei, R. D. (2017), Dynamic ambulance dispatching, Health Care Management
Science 20, 517.
"""

from __future__ import annotations

from typing import Final

from kuaifan.policy.explain import LinePrices
from kuaifan.policy.nearest import ALIKE, WEIGHTS
from kuaifan.policy.need import Need
from kuaifan.policy.ranking import Policy

POLICY_ID: Final = "mixed"
LOST_MS: Final = 45_000
"""Where the calls of the circles are not known, and in place of looking ahead where a city sets its
own by `Ways.lost_s`. Tried from 30 to 80 s on half a year of two cities."""
AWAY_MS: Final = 600_000
"""So long a unit is away, as far as the calls to come are concerned: of the half hour that it is
out others come free. Tried from 5 to 30 minutes on two years of calls of two cities, seeds 2 and 3:
more is fewer late and, beyond ten, a longer mean."""
LATE_MS: Final = 120_000


def line_prices(_need: Need) -> LinePrices:
    """No line is dearer than another."""
    return ALIKE


POLICY: Final = Policy(
    POLICY_ID,
    WEIGHTS,
    line_prices,
    lost_ms=LOST_MS,
    edge_ms=0,
    away_ms=AWAY_MS,
    late_ms=LATE_MS,
    turns_in_time=True,
)
rank_units: Final = POLICY.rank_units
