"""Mixed (混合派警): urgent calls by lateness, all others by the mean.

To what is urgent the nearest goes: how long a crew takes to set out is known only when it has, and
whoever counts as "in time" by the mean of it is late a fifth of the time. The rest spares a circle
its last unit where another is there within 45 seconds more: that costs the mean of all calls less
than a second, and the next urgent call finds somebody. DMEXCLP dispatch for all calls had 18 %
fewer late and a mean 37 % longer: Jagtenberg, C. J., Bhulai, S. and van der Mei, R. D. (2017),
Dynamic ambulance dispatching, Health Care Management Science 20, 517.
"""

from __future__ import annotations

from typing import Final

from kuaifan.policy.explain import LinePrices
from kuaifan.policy.nearest import ALIKE, WEIGHTS
from kuaifan.policy.need import Need
from kuaifan.policy.ranking import Policy

POLICY_ID: Final = "mixed"
LOST_MS: Final = 45_000
"""Tried from 30 to 80 s on half a year of two cities: more is a longer mean and, up to some 50,
fewer late. A city sets its own by `Ways.lost_s`."""


def line_prices(_need: Need) -> LinePrices:
    """No line is dearer than another."""
    return ALIKE


POLICY: Final = Policy(POLICY_ID, WEIGHTS, line_prices, lost_ms=LOST_MS, edge_ms=0)
rank_units: Final = POLICY.rank_units
