"""Hypercube queueing model (超立方排队模型): how busy each unit is, and who drives where.

Exact up to `MAX_EXACT_UNITS` units, Larson's approximation above; see README.md.
"""

from kuaifan.models.hypercube.problem import MAX_EXACT_UNITS, HypercubeProblem
from kuaifan.models.hypercube.result import HypercubeResult
from kuaifan.models.hypercube.solving import solve

__all__ = ["MAX_EXACT_UNITS", "MODEL", "HypercubeProblem", "HypercubeResult", "solve"]

MODEL = {"title": "超立方排队模型", "title_en": "Hypercube queueing model"}
