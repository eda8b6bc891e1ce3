"""Double covering (双重覆盖): most demand has two posts near, and what is promised one."""

from .form import Instance, pose
from .solve import describe, solve

MODEL = {
    "title": "双重覆盖",
    "title_en": "double covering",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
    "describe": describe,
}
