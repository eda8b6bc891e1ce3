"""What a relocation is answered with (迁移布点结果): who moves where, and what it gains."""

from __future__ import annotations

import msgspec

from kuaifan.plan.solving import Solved


class Move(msgspec.Struct, frozen=True, kw_only=True):
    """A post that moves (迁移). gain: what the plan would lose if it stayed where it is."""

    from_site: int
    to_site: int
    cost: float
    gain: float


class Relocated(Solved, frozen=True, kw_only=True):
    """The answer (迁移布点结果): the value is cover less the price of moves.

    cover, cover_now: demand covered after and before. closed, built: posts of no move.
    """

    cover: float
    cover_now: float
    move_cost: float
    moves: tuple[Move, ...]
    closed: tuple[int, ...]
    built: tuple[int, ...]


def describe(answer: Relocated) -> list[str]:
    """The answer for a person: moves first, then all posts."""
    cover = f"covers {answer.cover:.6g}, {answer.cover_now:.6g} as posts stand now"
    lines = [f"  {cover}; {len(answer.moves)} moves cost {answer.move_cost:.6g}"]
    lines += [
        f"  site {move.from_site} moves to {move.to_site} at {move.cost:.6g}: gains {move.gain:.6g}"
        for move in sorted(answer.moves, key=lambda move: -move.gain)
    ]
    lines += [f"  site {site} is closed" for site in answer.closed]
    lines += [f"  site {site} is built" for site in answer.built]
    lines += [
        f"  site {reason.site}: {reason.marginal:.6g} worse without it; serves {reason.served:.6g}"
        for reason in sorted(answer.reasons, key=lambda each: -each.marginal)
    ]
    return lines
