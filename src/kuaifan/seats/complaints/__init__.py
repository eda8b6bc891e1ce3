"""Complaints about police (投诉监督专席): looked into by others than whom they are about."""

from kuaifan.seats.complaints.actors import ACTORS
from kuaifan.seats.complaints.folds import EVOLVERS
from kuaifan.seats.complaints.form import SEAT
from kuaifan.seats.complaints.papers import Slice
from kuaifan.seats.complaints.retires import RETIRES
from kuaifan.seats.complaints.rules import DECIDERS, REACTIONS
from kuaifan.seats.complaints.views import VIEWS
from kuaifan.seats.complaints.words import COMMANDS, EVENTS, INNER

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
