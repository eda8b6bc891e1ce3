"""How expected covering is written down (期望最大覆盖算例)."""

from __future__ import annotations

from kuaifan.plan.covering import cover_within
from kuaifan.plan.crews import MAX_CREWS
from kuaifan.plan.forms import SiteForm, costs_of, room_of

from .solve import ExpectedCover


class Instance(SiteForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Crews that may be busy (期望最大覆盖算例). room: of a site, all crews if left out."""

    limit: float
    n_crews: int
    busy: float
    room: int | list[int] | None = None


def pose(form: Instance) -> ExpectedCover:
    """The problem that a form means."""
    cost, weight = costs_of(form)
    return ExpectedCover(
        covering=cover_within(cost, weight, form.limit),
        n_crews=form.n_crews,
        busy=form.busy,
        room=room_of(form.room, len(cost), min(max(form.n_crews, 0), MAX_CREWS)),
        locked=form.locked,
        forbidden=form.forbidden,
    )
