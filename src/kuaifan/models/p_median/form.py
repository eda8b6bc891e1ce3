"""How a p-median is written down (p中位算例), where it is no file of OR-Library."""

from __future__ import annotations

from kuaifan.plan.forms import SiteForm, costs_of
from kuaifan.plan.siting import Siting


class Instance(SiteForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many posts (p中位算例)."""

    n_open: int


def pose(form: Instance) -> Siting:
    """The problem that a form means."""
    cost, weight = costs_of(form)
    return Siting(
        cost=cost,
        weight=weight,
        n_open=form.n_open,
        locked=form.locked,
        forbidden=form.forbidden,
    )
