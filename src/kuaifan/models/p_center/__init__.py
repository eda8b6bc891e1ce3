"""p-center (p 中心): so many posts that the longest way to any demand is shortest."""

from .form import Instance, pose
from .solve import solve

MODEL = {
    "title": "p 中心",
    "title_en": "p-center",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
