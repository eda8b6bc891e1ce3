"""Mediation (调解专席): a dispute from the crew's feedback to an agreement that is performed."""

from kuaifan.seats.mediation.actors import ACTORS
from kuaifan.seats.mediation.folds import EVOLVERS
from kuaifan.seats.mediation.form import SEAT
from kuaifan.seats.mediation.papers import Slice
from kuaifan.seats.mediation.retires import RETIRES
from kuaifan.seats.mediation.rules import DECIDERS, REACTIONS
from kuaifan.seats.mediation.views import VIEWS
from kuaifan.seats.mediation.words import COMMANDS, EVENTS, INNER

SLICE = Slice

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
