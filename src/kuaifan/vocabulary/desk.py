"""Desks (指挥席) of city, district and county: whose an incident is, and which policy ranks it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.free_words import IncidentReason, IncidentReasonTold
from kuaifan.vocabulary.plan import Measured

PolicyName = Literal["patrol_first", "station_first", "nearest", "reserve_urgent", "mixed"]
MoveUpName = Literal["circles", "dmexclp", "none", "all_circles"]
Instant = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
Hash = Annotated[str, msgspec.Meta(max_length=64)]
Text = Annotated[str, msgspec.Meta(max_length=600)]
Short = Annotated[str, msgspec.Meta(max_length=200)]
Moves = Annotated[int, msgspec.Meta(ge=0, le=1_000)]


class Ways(msgspec.Struct, frozen=True, kw_only=True):
    """What goes with a dispatch policy (策略选项): pre-emption, move-up and its caps, the reserve.

    move_up: by which a move-up is suggested, see policy/move_ups.py. turns: whether units under way
    are offered for what is more urgent. kept: units kept for the urgent, -1 for as many as the
    policy keeps. per_unit, per_shift: move-ups suggested within eight hours, to one unit and in
    all, 0 for any number. lost_s: what leaving a circle empty costs, in seconds of road, -1 for
    what the policy says.
    """

    move_up: MoveUpName = "circles"
    turns: bool = True
    kept: Annotated[int, msgspec.Meta(ge=-1, le=1_000)] = -1
    per_unit: Moves = 0
    per_shift: Moves = 0
    lost_s: Annotated[int, msgspec.Meta(ge=-1, le=600)] = -1


class ProofFigure(msgspec.Struct, frozen=True, kw_only=True):
    """One figure under both policies (对比指标): the new less the old, 19 times of 20 so."""

    key: Short
    unit: Short
    old: Measured
    new: Measured
    difference: Measured
    low: Measured
    high: Measured
    verdict: Literal["better", "worse", "unsure"]


class PolicyProof(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy was held against before it goes live (策略对比依据).

    trial_id: the comparison that the desk keeps, comparison_hash: of all its figures. policy,
    present: what was tried and what held, in words of `policy_text`. n_days: that both met.
    """

    trial_id: Short
    comparison_hash: Hash
    policy: Short
    present: Text
    desk_id: Id
    made_at_ms: Instant
    n_days: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]
    figures: Annotated[tuple[ProofFigure, ...], msgspec.Meta(max_length=24)]
    said_zh: Text = ""
    said_en: Text = ""


class HandOverIncident(Command, frozen=True):
    """Offer an incident to another desk (移交警情); the first keeps it until the receipt."""

    incident_id: Id
    to_desk_id: Id
    reason: IncidentReason


class AcceptHandOver(Command, frozen=True):
    """The other desk signs for it (移交签收)."""

    incident_id: Id
    by: ShortText


class RefuseHandOver(Command, frozen=True):
    """The other desk sends it back (移交退回)."""

    incident_id: Id
    by: ShortText
    reason: IncidentReason


class TakeOverIncident(Command, frozen=True):
    """The city desk takes an incident to itself (提级指挥), with a reason."""

    incident_id: Id
    by: ShortText
    reason: IncidentReason


class UsePolicy(Command, frozen=True):
    """Put a dispatch policy in force for a district, or for all, from a moment on (启用派警策略).

    desk_id: empty for every desk without a choice of its own. until_ms: 0 = until further notice.
    proof: the comparison with what holds now, which a desk at work asks for. reason, agreed_by: why
    and by whose consent one is used that the comparison shows to be worse.
    """

    policy: PolicyName
    approved_by: ShortText
    desk_id: Id = ""
    from_ms: Instant = 0
    until_ms: Instant = 0
    ways: Ways = Ways()
    proof: PolicyProof | None = None
    reason: ShortText = ""
    agreed_by: ShortText = ""


class RunShadowPolicy(Command, frozen=True):
    """Have a policy worked out beside every recommendation, never acted on (运行影子策略).

    policy: empty switches it off. Its counts begin anew with another policy.
    """

    policy: PolicyName | Literal[""]
    by: ShortText
    reason: ShortText
    ways: Ways = Ways()


class HandOverOffered(Event, frozen=True):
    """An incident waits for another desk's receipt (移交待签收)."""

    incident_id: str
    from_desk_id: str
    to_desk_id: str
    reason: IncidentReasonTold


class HandOverAccepted(Event, frozen=True):
    """The other desk has it (移交已签收)."""

    incident_id: str
    from_desk_id: str
    to_desk_id: str
    by: str


class HandOverRefused(Event, frozen=True):
    """It stays where it is (移交被退回)."""

    incident_id: str
    from_desk_id: str
    to_desk_id: str
    by: str
    reason: IncidentReasonTold


class IncidentTakenOver(Event, frozen=True):
    """The city desk has it (已提级指挥)."""

    incident_id: str
    from_desk_id: str
    to_desk_id: str
    by: str
    reason: IncidentReasonTold


class PolicyUsed(Event, frozen=True):
    """A policy is in force (派警策略已启用)."""

    policy: PolicyName
    approved_by: str
    desk_id: str
    from_ms: int
    until_ms: int
    ways: Ways = Ways()
    proof: PolicyProof | None = None
    reason: str = ""
    agreed_by: str = ""


COMMANDS = (
    *(HandOverIncident, AcceptHandOver, RefuseHandOver, TakeOverIncident, UsePolicy),
    RunShadowPolicy,
)
EVENTS = (HandOverOffered, HandOverAccepted, HandOverRefused, IncidentTakenOver, PolicyUsed)
