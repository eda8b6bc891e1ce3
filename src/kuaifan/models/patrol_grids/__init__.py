"""Patrol grids (巡防网格): contiguous grids of like workload over the cells of a city."""

from .problem import Instance, pose
from .solve import solve

MODEL = {
    "title": "巡防网格",
    "title_en": "patrol grids",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
