"""p-median (p 中位): so many posts that the mean way to the demand is shortest."""

from .form import Instance, pose
from .solve import solve

MODEL = {
    "title": "p 中位",
    "title_en": "p-median",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
