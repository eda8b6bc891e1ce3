"""MCLP (最大覆盖): so many posts that the most demand is within reach."""

from .form import Instance, pose
from .solve import solve

MODEL = {
    "title": "最大覆盖",
    "title_en": "maximal covering",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
