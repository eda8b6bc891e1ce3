"""The enterprise seat (护企专席): whose incident it is, three who read it, a leader."""

from kuaifan.seats.enterprise.actors import ACTORS
from kuaifan.seats.enterprise.folds import EVOLVERS
from kuaifan.seats.enterprise.form import SEAT
from kuaifan.seats.enterprise.papers import Enterprise
from kuaifan.seats.enterprise.retires import RETIRES
from kuaifan.seats.enterprise.rules import DECIDERS, REACTIONS
from kuaifan.seats.enterprise.views import VIEWS
from kuaifan.seats.enterprise.words import COMMANDS, EVENTS, INNER

SLICE = Enterprise

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
