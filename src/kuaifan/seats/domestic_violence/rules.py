"""All rules of the seat (家暴专席规则), gathered."""

from __future__ import annotations

from typing import Final

from kuaifan.seats.domestic_violence import (
    attention_rules,
    household_rules,
    paper_rules,
    protection_rules,
)
from kuaifan.seats.domestic_violence.folds import EVOLVERS
from kuaifan.seats.domestic_violence.reactions import REACTIONS

DECIDERS: Final = {
    **household_rules.DECIDERS,
    **attention_rules.DECIDERS,
    **paper_rules.DECIDERS,
    **protection_rules.DECIDERS,
}
__all__ = ["DECIDERS", "EVOLVERS", "REACTIONS"]
