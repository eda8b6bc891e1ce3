"""The daily clearing (两清一规范): yesterday is cleared at nine, or each incident is somebody's."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from .actors import ACTORS
from .folds import EVOLVERS
from .form import SEAT
from .papers import DailyClearing
from .retires import RETIRES
from .rules_case import RULES as CASE_RULES
from .rules_check import RULES as CHECK_RULES
from .rules_clearing import RULES as CLEARING_RULES
from .rules_meeting import RULES as MEETING_RULES
from .rules_small import RULES as SMALL_RULES
from .views import VIEWS
from .words import COMMANDS as CLEARING_COMMANDS
from .words import EVENTS as CLEARING_EVENTS
from .words import ClearIncident, OpenSmallCase, RunDailyClearing
from .words_case import COMMANDS as CASE_COMMANDS
from .words_case import EVENTS as CASE_EVENTS
from .words_check import COMMANDS as CHECK_COMMANDS
from .words_check import EVENTS as CHECK_EVENTS
from .words_check import CheckDay
from .words_meeting import COMMANDS as MEETING_COMMANDS
from .words_meeting import EVENTS as MEETING_EVENTS

PARTS: Final = (CLEARING_RULES, CHECK_RULES, CASE_RULES, SMALL_RULES, MEETING_RULES)
COMMANDS: Final = (*CLEARING_COMMANDS, *CHECK_COMMANDS, *CASE_COMMANDS, *MEETING_COMMANDS)
INNER: Final = (RunDailyClearing, ClearIncident, OpenSmallCase, CheckDay)
"""Asked for by rules and timers alone: nobody submits them."""
EVENTS: Final = (*CLEARING_EVENTS, *CHECK_EVENTS, *CASE_EVENTS, *MEETING_EVENTS)
DECIDERS: Final = {command: rule for part in PARTS for command, rule in part.deciders.items()}
SLICE: Final = DailyClearing


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
    "RETIRES",
    "SEAT",
    "SLICE",
    "VIEWS",
]
