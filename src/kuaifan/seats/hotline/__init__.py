"""Hand-overs with 12345 and the departments (联动专席): nobody's between two desks, ever."""

from kuaifan.seats.hotline.actors import ACTORS
from kuaifan.seats.hotline.folds import EVOLVERS
from kuaifan.seats.hotline.form import SEAT
from kuaifan.seats.hotline.papers import Slice
from kuaifan.seats.hotline.retires import RETIRES
from kuaifan.seats.hotline.rules import DECIDERS, REACTIONS
from kuaifan.seats.hotline.views import VIEWS
from kuaifan.seats.hotline.words import COMMANDS, EVENTS, INNER

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
