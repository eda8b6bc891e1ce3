"""How set covering is written down (集合覆盖算例)."""

from __future__ import annotations

from kuaifan.plan.covering import cover_within
from kuaifan.plan.forms import SiteForm, costs_of

from .solve import FullCover


class Instance(SiteForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cover all within a limit (集合覆盖算例)."""

    limit: float


def pose(form: Instance) -> FullCover:
    """The problem that a form means."""
    return FullCover(
        covering=cover_within(*costs_of(form), form.limit),
        locked=form.locked,
        forbidden=form.forbidden,
    )
