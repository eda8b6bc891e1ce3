"""LSCP (集合覆盖): the fewest posts so that all demand is within reach of one."""

from .form import Instance, pose
from .solve import solve

MODEL = {
    "title": "集合覆盖",
    "title_en": "location set covering",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
