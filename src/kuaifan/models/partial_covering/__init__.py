"""Partial covering (部分覆盖): the fewest posts so that a share of the demand is within reach."""

from .form import Instance, pose
from .solve import solve

MODEL = {
    "title": "部分覆盖",
    "title_en": "partial set covering",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
