"""What a model answers that chooses no sites (方案结果): a figure, what none can beat, why."""

from __future__ import annotations

import msgspec

from kuaifan.plan.solving import gap_of


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a model (求解结果); each model adds its plan.

    bound: no plan can be better; None where nothing is known. gap: between the two, as a share of
    the value. is_proven: within the gap that was asked for. reasons: why it is so, a sentence each.
    """

    value: float
    bound: float | None
    gap: float | None
    is_proven: bool
    n_nodes: int = 0
    reasons: tuple[str, ...]


def is_within(value: float, bound: float, asked_gap: float) -> bool:
    """Whether a value is proven to the gap that was asked for; rounding is forgiven."""
    return gap_of(value, bound) <= asked_gap + 1e-9
