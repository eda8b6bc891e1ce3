"""Domestic violence (反家庭暴力专席): a case, visits and a call for each."""

from kuaifan.seats.domestic_violence.actors import ACTORS
from kuaifan.seats.domestic_violence.form import SEAT
from kuaifan.seats.domestic_violence.happened import EVENTS
from kuaifan.seats.domestic_violence.papers import Households
from kuaifan.seats.domestic_violence.retires import RETIRES
from kuaifan.seats.domestic_violence.rules import DECIDERS, EVOLVERS, REACTIONS
from kuaifan.seats.domestic_violence.views import VIEWS
from kuaifan.seats.domestic_violence.words import COMMANDS, INNER

SLICE = Households
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
