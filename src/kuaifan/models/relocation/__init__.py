"""Relocation (迁移布点): move few of the posts there are, so that the plan gains most."""

from .form import Instance, pose
from .result import describe
from .solve import solve

MODEL = {
    "title": "迁移布点",
    "title_en": "relocation of posts",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
    "describe": describe,
}
