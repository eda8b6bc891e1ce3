"""The fraud seat (反诈专席): stop the money in time, keep track of every yuan, reach the victim."""

from kuaifan.seats.anti_fraud.actors import ACTORS
from kuaifan.seats.anti_fraud.folds import EVOLVERS
from kuaifan.seats.anti_fraud.form import SEAT
from kuaifan.seats.anti_fraud.papers import AntiFraud
from kuaifan.seats.anti_fraud.retires import RETIRES
from kuaifan.seats.anti_fraud.rules import DECIDERS, REACTIONS
from kuaifan.seats.anti_fraud.views import VIEWS
from kuaifan.seats.anti_fraud.words import COMMANDS, EVENTS, INNER

SLICE = AntiFraud

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
