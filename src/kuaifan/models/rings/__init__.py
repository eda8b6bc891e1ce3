"""Rings 1·3·5 (多圈层布警): crews of several forces so that each ring's promise is kept most."""

from .form import Instance, pose
from .result import describe
from .solve import solve

MODEL = {
    "title": "多圈层布警",
    "title_en": "rings of several forces",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
    "describe": describe,
}
