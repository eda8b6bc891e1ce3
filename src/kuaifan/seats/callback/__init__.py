"""Call-backs (回访): who is rung, what was answered, and a page for the caller."""

from kuaifan.seats.callback.actors import ACTORS
from kuaifan.seats.callback.folds import EVOLVERS
from kuaifan.seats.callback.form import SEAT
from kuaifan.seats.callback.papers import CallBacks
from kuaifan.seats.callback.retires import RETIRES
from kuaifan.seats.callback.rules import DECIDERS, REACTIONS
from kuaifan.seats.callback.tracking import PUBLIC_PAGE
from kuaifan.seats.callback.views import VIEWS
from kuaifan.seats.callback.words import COMMANDS, EVENTS, INNER

SLICE = CallBacks
__all__ = [
    "ACTORS",
    "COMMANDS",
    "DECIDERS",
    "EVENTS",
    "EVOLVERS",
    "INNER",
    "PUBLIC_PAGE",
    "REACTIONS",
    "RETIRES",
    "SEAT",
    "SLICE",
    "VIEWS",
]
