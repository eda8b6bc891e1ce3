"""How double covering is written down (双重覆盖算例)."""

from __future__ import annotations

from kuaifan.plan.covering import cover_within
from kuaifan.plan.forms import SiteForm, costs_of, room_of

from .solve import DoubleCover


class Instance(SiteForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Crews that cover twice (双重覆盖算例).

    limit: within which a share has one crew and as much as can be has two; outer: within which all
    have one, if given. room: crews at a site, 1 if left out.
    """

    limit: float
    n_crews: int
    share: float = 1.0
    outer: float | None = None
    room: int | list[int] | None = None


def pose(form: Instance) -> DoubleCover:
    """The problem that a form means."""
    cost, weight = costs_of(form)
    return DoubleCover(
        covering=cover_within(cost, weight, form.limit),
        outer=None if form.outer is None else cover_within(cost, weight, form.outer),
        n_crews=form.n_crews,
        share=form.share,
        room=room_of(form.room, len(cost), 1),
        locked=form.locked,
        forbidden=form.forbidden,
    )
