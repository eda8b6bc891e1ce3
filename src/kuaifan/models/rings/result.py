"""What rings are answered with (圈层布警结果): posts by force, and what each ring keeps."""

from __future__ import annotations

import msgspec
import numpy as np

from kuaifan.plan.crews import CrewCover
from kuaifan.plan.crews_solving import CrewPlan, reason_of_crews
from kuaifan.plan.solving import SiteReason, Solved

from .problem import RingPlan
from .rows import RingRows, shares_of


class PostReason(SiteReason, frozen=True, kw_only=True):
    """Why crews of a force stand at a site (布警理由)."""

    force: str
    n_crews: int


class RingShare(msgspec.Struct, frozen=True, kw_only=True):
    """What a ring keeps (圈层覆盖率): of its demand, covered; and what was promised."""

    ring: str
    share: float
    promise: float


class RingsSolved(Solved, frozen=True, kw_only=True):
    """The answer (圈层布警结果). reasons: one a site and force, with its crews."""

    reasons: tuple[PostReason, ...]
    rings: tuple[RingShare, ...]


def make_answer(problem: RingPlan, rows: RingRows, cover: CrewCover, plan: CrewPlan) -> RingsSolved:
    """Put a plan of crews in the words of the problem."""
    there, alone, served = reason_of_crews(cover, plan.crews)
    shares = shares_of(rows, plan.crews)
    return RingsSolved(
        sites=tuple(np.unique(cover.site[there]).tolist()),
        value=plan.value,
        bound=plan.bound,
        gap=plan.gap,
        is_proven=plan.is_proven,
        n_nodes=plan.n_nodes,
        reasons=tuple(
            PostReason(
                site=int(cover.site[i]),
                force=problem.forces[int(cover.force[i])].name,
                n_crews=int(plan.crews[i]),
                marginal=float(lost),
                served=float(near),
            )
            for i, lost, near in zip(there, alone, served, strict=True)
        ),
        rings=tuple(
            RingShare(ring=ring.name, share=float(share), promise=ring.promise)
            for ring, share in zip(problem.rings, shares, strict=True)
        ),
    )


def describe(answer: RingsSolved) -> list[str]:
    """The answer for a person: rings first, then posts."""
    lines = [
        f"  {each.ring}: {each.share:.1%}" + (f" of {each.promise:.1%}" if each.promise else "")
        for each in answer.rings
    ]
    lines += [
        f"  site {each.site}, {each.n_crews} of {each.force}: {each.marginal:.4g} worse without; "
        f"serves {each.served:.4g}"
        for each in sorted(answer.reasons, key=lambda each: (each.force, -each.marginal))
    ]
    return lines
