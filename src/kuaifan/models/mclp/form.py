"""How maximal covering is written down (最大覆盖算例)."""

from __future__ import annotations

from kuaifan.plan.covering import cover_within
from kuaifan.plan.forms import SiteForm, costs_of

from .solve import MaxCover


class Instance(SiteForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many posts, each covering within a limit (最大覆盖算例)."""

    limit: float
    n_open: int


def pose(form: Instance) -> MaxCover:
    """The problem that a form means."""
    return MaxCover(
        covering=cover_within(*costs_of(form), form.limit),
        n_open=form.n_open,
        locked=form.locked,
        forbidden=form.forbidden,
    )
