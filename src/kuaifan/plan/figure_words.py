"""Figures as a sentence says them (数字措辞)."""

from __future__ import annotations

from typing import Final

MANY: Final = 100


def say_figure(value: float, *, signed: bool = False) -> str:
    """Three digits, all whole ones of a large figure, and never an exponent: people read it."""
    sign = "+" if signed else ""
    if abs(value) >= MANY:
        return f"{value:{sign},.0f}"
    # Adding 0.0 takes the sign from a zero.
    return f"{round(value, 4) + 0.0:{sign}.3g}"
