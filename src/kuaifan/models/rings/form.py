"""How rings are written down (圈层算例)."""

from __future__ import annotations

import msgspec
import numpy as np

from kuaifan.plan.forms import SiteForm, Table, costs_of, room_of, table_of
from kuaifan.plan.siting import ProblemError

from .problem import Force, Ring, RingPlan


class ForceForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A force (警力): its own costs where it does not go as the others do."""

    name: str
    n_crews: int
    cost: Table | None = None
    presence: float = 1.0
    locked: tuple[int, ...] = ()
    forbidden: tuple[int, ...] = ()


class RingForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A ring (圈层). forces: by name, all if left out. weight: of its site class's demand."""

    name: str
    limit: float
    weight: list[float] | None = None
    worth: float = 1.0
    promise: float = 0.0
    forces: tuple[str, ...] | None = None


class Instance(SiteForm, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rings of forces (圈层算例). forbidden and locked are said force by force."""

    forces: list[ForceForm]
    rings: list[RingForm]
    room: int | list[int] | None = None


def pose(form: Instance) -> RingPlan:
    """The problem that a form means."""
    cost, weight = costs_of(form)
    if form.locked:
        raise ProblemError("lock a site for a force, inside it: the plan would not know for which")
    names = [force.name for force in form.forces]
    return RingPlan(
        forces=tuple(
            Force(
                name=force.name,
                cost=cost if force.cost is None else table_of(force.cost),
                n_crews=force.n_crews,
                presence=force.presence,
                locked=force.locked,
                forbidden=(*form.forbidden, *force.forbidden),
            )
            for force in form.forces
        ),
        rings=tuple(
            Ring(
                name=ring.name,
                limit=ring.limit,
                weight=weight if ring.weight is None else np.array(ring.weight, np.float64),
                worth=ring.worth,
                promise=ring.promise,
                forces=_numbers(ring, names),
            )
            for ring in form.rings
        ),
        room=room_of(form.room, len(cost), 1),
    )


def _numbers(ring: RingForm, names: list[str]) -> tuple[int, ...]:
    if ring.forces is None:
        return tuple(range(len(names)))
    for name in ring.forces:
        if name not in names:
            raise ProblemError(f"ring {ring.name} names the force {name!r}; there are {names}")
    return tuple(names.index(name) for name in ring.forces)
