"""Random draws that belong to a call (随机数): same call and stage, same number, in every run.

A draw depends on the seed, the call and the stage alone, never on the order in which things
happen. So two policies run on the same luck, and their difference is theirs (common random
numbers).
"""

from __future__ import annotations

from enum import IntEnum
from math import exp
from statistics import NormalDist
from typing import Final

_MASK: Final = (1 << 64) - 1
_SPAN: Final = 2.0**64
_GOLDEN: Final = 0x9E3779B97F4A7C15
_PART: Final = 0xD1B54A32D192ED03
_MIX_1: Final = 0xBF58476D1CE4E5B9
_MIX_2: Final = 0x94D049BB133111EB
_INV_CDF: Final = NormalDist().inv_cdf
_LEAST: Final = 1e-12
_MOST: Final = 1 - 1e-12
MIN_MS: Final = 1_000


class Stage(IntEnum):
    """What a draw is for; the order is part of every recorded result, so only append (阶段)."""

    ANSWER = 1
    TALK = 2
    PLACE = 3
    DISPATCH = 4
    SIGN = 5
    TURNOUT = 6
    BUTTON = 7
    SERVICE = 8
    PAPERWORK = 9
    REVIEW = 10
    PHONE = 11
    NUMBER = 12
    SILENCE = 13
    FACT = 14
    DUPLICATE = 15
    CALL_BACK = 16
    PARTY = 17
    CORRECTION = 18
    AMENDMENT = 19
    BACKUP = 20
    VOICE = 21
    FOUND = 22
    EMERGENCY = 23
    AGENCY = 24
    ALARM = 25
    MOVE_UP = 26
    HAND_OVER = 27
    RETURNED = 28
    LIMIT = 29
    PAUSE = 30
    RECOGNISE = 31
    BESIDE = 32
    TRANSFER = 33
    REOPEN = 34
    SPECIAL = 35
    LEFT_OPEN = 36
    STORY = 37


def uniform(seed: int, call_no: int, stage: int, extra: int = 0) -> float:
    """Draw from the open interval (0, 1), by SplitMix64 over the key."""
    return uniform_of(begin(seed, call_no, stage), extra)


def begin(seed: int, call_no: int, stage: int) -> int:
    """The part of a draw that all extras of a call's stage share."""
    return _mix((seed * _GOLDEN + call_no) ^ (int(stage) * _PART))


def uniform_of(begun: int, extra: int) -> float:
    """Draw for an extra of a stage that was begun."""
    return (_mix(begun ^ (extra * _PART)) + 0.5) / _SPAN


def _mix(state: int) -> int:
    state = (state + _GOLDEN) & _MASK
    state = ((state ^ (state >> 30)) * _MIX_1) & _MASK
    state = ((state ^ (state >> 27)) * _MIX_2) & _MASK
    return state ^ (state >> 31)


def lognormal_ms(uniform_draw: float, *, median_s: float, sigma: float) -> int:
    """Turn a uniform draw into a log-normal duration in milliseconds, at least one second."""
    if not _LEAST <= uniform_draw <= _MOST:
        uniform_draw = min(max(uniform_draw, _LEAST), _MOST)
    seconds = median_s * exp(sigma * _INV_CDF(uniform_draw))
    return max(MIN_MS, round(seconds * 1000))
