"""Compliance tables (布防等级表): for each number of free units, the posts that are to be held."""

from .problem import Instance, pose
from .solve import solve

MODEL = {
    "title": "布防等级表",
    "title_en": "compliance tables",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
