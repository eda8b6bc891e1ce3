"""MEXCLP (期望最大覆盖): most demand has a crew near that is not busy."""

from .form import Instance, pose
from .solve import describe, solve

MODEL = {
    "title": "期望最大覆盖",
    "title_en": "maximum expected covering",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
    "describe": describe,
}
