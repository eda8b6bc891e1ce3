"""School alarms (校园一键报警): a key is an incident at once; guard posts; the monthly test."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .actors import ACTORS
from .folds import EVOLVERS
from .form import SEAT
from .papers import SchoolPapers
from .rules_alarm import RULES as ALARM_RULES
from .rules_guard import RULES as GUARD_RULES
from .rules_register import RULES as REGISTER_RULES
from .views import VIEWS
from .words import COMMANDS, EVENTS, INNER

PARTS: Final = (REGISTER_RULES, ALARM_RULES, GUARD_RULES)
DECIDERS: Final = {command: rule for part in PARTS for command, rule in part.deciders.items()}
SLICE: Final = SchoolPapers


def _gather() -> Mapping[type, Sequence[Callable[..., object]]]:
    """The reactions of all parts, in their order."""
    found: dict[type, list[Callable[..., object]]] = {}
    for part in PARTS:
        for event, reactions in part.reactions.items():
            found.setdefault(event, []).extend(reactions)
    return found


REACTIONS: Final = _gather()

__all__ = [
    "ACTORS",
    "COMMANDS",
    "DECIDERS",
    "EVENTS",
    "EVOLVERS",
    "INNER",
    "REACTIONS",
    "SEAT",
    "SLICE",
    "VIEWS",
]
