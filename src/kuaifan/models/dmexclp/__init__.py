"""DMEXCLP (动态期望覆盖): which free unit should move to which post now."""

from .problem import Instance, pose
from .solve import solve

MODEL = {
    "title": "动态期望覆盖补位",
    "title_en": "DMEXCLP move-up",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
