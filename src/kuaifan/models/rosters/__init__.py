"""Shift rosters (勤务排班): the fewest crews that meet each hour's need, week after week."""

from .problem import Instance, pose
from .solve import solve

MODEL = {
    "title": "勤务排班",
    "title_en": "shift rosters",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
