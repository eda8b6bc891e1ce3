"""Nearest (就近派警): whoever is nearest by road goes, of whichever line, whatever circle is left.

What makes a unit unfit or its road time doubtful still counts: skills, old fixes, reservations.
"""

from __future__ import annotations

from typing import Final

from kuaifan.policy.explain import LinePrice, LinePrices
from kuaifan.policy.need import Need
from kuaifan.policy.ranking import Policy
from kuaifan.policy.scoring import N_LINE_PRICES, Weights

POLICY_ID: Final = "nearest"
WEIGHTS: Final = Weights(missing_skill_ms=180_000)
"""A missing skill costs three minutes of road, as under the other policies."""

ALIKE: Final = LinePrices(*[LinePrice(0)] * N_LINE_PRICES)


def line_prices(_need: Need) -> LinePrices:
    """No line is dearer than another."""
    return ALIKE


POLICY: Final = Policy(POLICY_ID, WEIGHTS, line_prices, pays_circles=False)
rank_units: Final = POLICY.rank_units
