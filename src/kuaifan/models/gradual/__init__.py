"""Gradual covering (渐变覆盖): posts so that demand near is covered whole, farther off less."""

from .form import Instance, pose
from .solve import solve

MODEL = {
    "title": "渐变覆盖",
    "title_en": "gradual covering",
    "solve": solve,
    "instance": Instance,
    "pose": pose,
}
