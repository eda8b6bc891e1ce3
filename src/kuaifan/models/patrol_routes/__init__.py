"""Patrol routes (巡防路线): who stops where and when, so that the most visits due are done."""

from .problem import Instance, pose
from .solve import solve

MODEL = {
    "title": "巡防路线",
    "title_en": "patrol routes",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
