"""Joint work (合成作战): an incident asks branches, each answers within its time."""

from typing import Final

from .actors import ACTORS
from .folds import EVOLVERS
from .form import SEAT
from .papers import JointPapers
from .rules import RULES
from .views import VIEWS
from .words import COMMANDS, EVENTS

DECIDERS: Final = RULES.deciders
SLICE: Final = JointPapers

__all__ = ["ACTORS", "COMMANDS", "DECIDERS", "EVENTS", "EVOLVERS", "SEAT", "SLICE", "VIEWS"]
