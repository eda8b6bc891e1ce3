"""LSCP (集合覆盖): the fewest posts so that all, or so much, of the demand is within reach."""

from .solve import solve

MODEL = {"title": "集合覆盖", "title_en": "location set covering", "solve": solve}
