"""Plans of where to stand (布警方案): drawn and proven beside the desk, adopted by two persons.

The log holds a plan whole, with the comparison it was adopted on, so that it says by itself where
everybody was to stand at any moment, and what had been promised.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText

MAX_POSTS = 500
MAX_UNITS = 5_000
Instant = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_000)]
Latitude = Annotated[float, msgspec.Meta(ge=-90, le=90)]
Longitude = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Measured = Annotated[float, msgspec.Meta(ge=-1e12, le=1e12)]
"""A figure of a comparison: a number that JSON can carry, which infinity is not."""
Hash = Annotated[str, msgspec.Meta(max_length=64)]
Name = Annotated[str, msgspec.Meta(max_length=80)]
Text = Annotated[str, msgspec.Meta(max_length=600)]
PostKind = Literal["street_station", "standby_post"]


class RingPromise(msgspec.Struct, frozen=True):
    """Of what a circle answers for, so much is to be reached in so many minutes (圈层承诺)."""

    ring_min: Annotated[float, msgspec.Meta(gt=0, le=240)]
    share: Share


class PlanPost(msgspec.Struct, frozen=True, kw_only=True):
    """A post of a plan, which carries a response circle (方案驻点).

    rings: what it promises, narrowest first. per_day: calls expected where it is the nearest post.
    """

    post_id: Id
    kind: PostKind
    name: Name
    lat: Latitude
    lon: Longitude
    per_day: Annotated[float, msgspec.Meta(ge=0, le=1e9)] = 0.0
    rings: Annotated[tuple[RingPromise, ...], msgspec.Meta(max_length=8)] = ()


class PlacedPost(msgspec.Struct, frozen=True, kw_only=True):
    """The same on its street (落位驻点)."""

    post_id: str
    kind: PostKind
    name: str
    lat: float
    lon: float
    arc: int
    fraction_ppm: int


class UnitStand(msgspec.Struct, frozen=True):
    """Where a unit has its home from now on (警力驻守)."""

    unit_id: Id
    post_id: Id


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Where to stand (布警方案): all posts that carry a circle; the others carry none then."""

    name: Name
    posts: Annotated[tuple[PlanPost, ...], msgspec.Meta(max_length=MAX_POSTS)]
    stands: Annotated[tuple[UnitStand, ...], msgspec.Meta(max_length=MAX_UNITS)] = ()


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule or plan was held against before it goes live (对比依据).

    comparison_hash: of the stored comparison. difference: of the new less the old, over n_pairs of
    days that both met, in `unit`; low and high: where it lies 19 times of 20.
    """

    comparison_hash: Hash
    baseline: Name
    metric: Name
    unit: Name
    n_pairs: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    difference: Measured
    low: Measured
    high: Measured
    said_zh: Text = ""
    said_en: Text = ""


class ProposePlan(Command, frozen=True):
    """The first person asks that a plan be used from a moment on (提请采用方案).

    plan_hash: of the plan, so that nobody agrees to another than was proven. from_ms: 0 = at once.
    """

    person: Id
    reason: ShortText
    plan: Plan
    plan_hash: Hash
    comparison: Comparison | None = None
    from_ms: Instant = 0


class PublishPlan(Command, frozen=True):
    """The second person agrees (批准采用方案); it is used from its moment on."""

    plan_id: Id
    person: Id
    reason: ShortText = ""


class RejectPlan(Command, frozen=True):
    """A person says no, or calls off what is not in use yet (驳回方案)."""

    plan_id: Id
    person: Id
    reason: ShortText


class UsePlan(Command, frozen=True):
    """Its moment has come (启用方案)."""

    plan_id: Id


class PlanProposed(Event, frozen=True):
    """A plan waits for a second person (方案待批)."""

    plan_id: str
    person: str
    reason: str
    plan: Plan
    plan_hash: str
    comparison: Comparison
    from_ms: int
    posts: tuple[PlacedPost, ...]


class PlanPublished(Event, frozen=True):
    """Two persons want it (方案已批准)."""

    plan_id: str
    person: str
    reason: str
    from_ms: int


class PlanRejected(Event, frozen=True):
    """It will not be used (方案已驳回)."""

    plan_id: str
    person: str
    reason: str


class PlanUsed(Event, frozen=True):
    """Circles and homes are those of the plan from here on (方案已启用); stands: of every unit."""

    plan_id: str
    stands: tuple[UnitStand, ...]


ASKED = (ProposePlan, PublishPlan, RejectPlan)
"""By persons, each in its own name."""
COMMANDS = (ProposePlan, PublishPlan, RejectPlan, UsePlan)
EVENTS = (PlanProposed, PlanPublished, PlanRejected, PlanUsed)
