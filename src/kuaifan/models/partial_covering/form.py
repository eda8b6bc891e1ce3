"""How partial covering is written down (部分覆盖算例)."""

from __future__ import annotations

from kuaifan.plan.covering import cover_within
from kuaifan.plan.enough import EnoughCover
from kuaifan.plan.forms import SiteForm, costs_of


class Instance(SiteForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cover a share of all demand within a limit (部分覆盖算例)."""

    limit: float
    share: float


def pose(form: Instance) -> EnoughCover:
    """The problem that a form means."""
    return EnoughCover(
        covering=cover_within(*costs_of(form), form.limit),
        share=form.share,
        locked=form.locked,
        forbidden=form.forbidden,
    )
