"""Limits on what is typed (取值范围): a number outside them is refused before anything begins."""

from __future__ import annotations

from typing import Final

from cyclopts import Parameter
from cyclopts.validators import Number

MAX_SEED: Final = 2**63 - 1


def within(low: float, high: float) -> Parameter:
    """An option whose number lies from low to high, both included."""
    return Parameter(validator=Number(gte=low, lte=high))


SEED: Final = within(0, MAX_SEED)
