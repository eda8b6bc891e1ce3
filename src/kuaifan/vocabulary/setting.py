"""Settings (设置): the city's types, targets, plans, units and seats, changed while it works.

A field that a command leaves out stays as it is. Nothing is ever deleted: what is not to be used
any more is retired (停用), and taken back by another change. An event carries the whole new value,
so that a log says by itself what held at any moment.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.desk import PolicyName, Ways
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.response_plans import ResponsePlan
from kuaifan.vocabulary.unit_profile import UnitProfile

Name = Annotated[str, msgspec.Meta(max_length=60)]
Priority = Annotated[int, msgspec.Meta(ge=1, le=5)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=2_678_400)]
Number = Annotated[int, msgspec.Meta(ge=0, le=999)]
Hour = Annotated[int, msgspec.Meta(ge=0, le=24)]
Names = Annotated[tuple[Name, ...], msgspec.Meta(max_length=16)]
ClockName = Literal[
    "unsigned", "feedback", "queue", "not_moving", "eta_passed", "silent_on_scene", "amendment",
    "agency_receipt", "hand_over", "call_back", "backup", "emergency",
]  # fmt: skip
TemplateUse = Literal["caller_text", "broadcast", "safety"]
"""What a template is for (常用语用途): texts to callers, broadcasts to units, safety advice."""
SettingKind = Literal[
    "type",
    "arrival_target",
    "first_order_target",
    "clock",
    "plan",
    "unit",
    "seat",
    "template",
    "policy_rules",
]
TemplateText = Annotated[str, msgspec.Meta(max_length=500)]


class FieldChange(msgspec.Struct, frozen=True):
    """One field before and after, as people read it (更改前后)."""

    field: str
    old: str
    new: str


class SeatProfile(msgspec.Struct, frozen=True, kw_only=True):
    """What the register says of a seat (席位档案); skills: those it may be given, empty for all.

    desk_id: the desk it belongs to, empty for any.
    """

    seat_id: str
    number: str = ""
    extension: str = ""
    skills: tuple[str, ...] = ()
    desk_id: str = ""


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """A text kept ready (常用语)."""

    template_id: str
    use: TemplateUse
    text_zh: str
    text_en: str = ""


class PolicyRules(msgspec.Struct, frozen=True, kw_only=True):
    """How policies are chosen (策略规则).

    proof_days: so old may a comparison be that a policy goes live on. shadow: a policy that is
    worked out beside every recommendation and never acted on; empty for none.
    """

    proof_days: int = 30
    shadow: PolicyName | Literal[""] = ""
    shadow_ways: Ways = Ways()


class ChangeSetting(Command, frozen=True):
    """What every change of a setting carries (更改设置): who, and why."""

    by: ShortText
    reason: ShortText


class ChangeIncidentType(ChangeSetting, frozen=True):
    """Change, add, retire or bring back an incident type (更改警情类别).

    is_new: the code is free. Incidents that have the type keep the priority they were given.
    """

    code: Id
    is_new: bool = False
    is_retired: bool | None = None
    name_cn: Name | None = None
    class_key: Name | None = None
    priority: Priority | None = None
    plan: Id | None = None
    min_units: Number | None = None
    seat: Name | None = None
    route: Name | None = None
    agencies: Names | None = None


class ChangeArrivalTarget(ChangeSetting, frozen=True):
    """Change the time to be on scene (更改到场时限); desk_id: empty for the whole city."""

    area_class: Name
    priority: Priority
    target_s: Seconds
    desk_id: Id = ""


class ChangeFirstOrderTarget(ChangeSetting, frozen=True):
    """Change the time to the first order (更改首派时限); desk_id: empty for the whole city."""

    priority: Priority
    target_s: Seconds
    desk_id: Id = ""


class ChangeClock(ChangeSetting, frozen=True):
    """Change when a clock reminds (更改提醒时限).

    levels: seconds from the same start, as many as before; of `queue`, percent of the first order.
    """

    clock: ClockName
    levels: Annotated[tuple[Seconds, ...], msgspec.Meta(min_length=1, max_length=6)]


class ChangeResponsePlan(ChangeSetting, frozen=True):
    """Change or add a response plan (更改出警预案).

    hard, wish: skills with how many, such as `armed:1`; a hard one keeps an incident waiting.
    """

    code: Id
    is_new: bool = False
    name_cn: Name | None = None
    at_least: Number | None = None
    hard: Names | None = None
    wish: Names | None = None
    tells_leader: bool | None = None


class ChangeUnitProfile(ChangeSetting, frozen=True):
    """Change, add, retire or bring back a unit (更改警力档案); on duty only its call sign."""

    unit_id: Id
    is_new: bool = False
    is_retired: bool | None = None
    call_sign: Name | None = None
    kind: Name | None = None
    line: Name | None = None
    skills: Names | None = None
    home_post_id: Id | None = None
    n_officers: Number | None = None
    n_auxiliaries: Number | None = None
    shift_start_hour: Hour | None = None
    shift_end_hour: Hour | None = None
    desk_id: Id | None = None
    admin_parent: Name | None = None
    has_gps: bool | None = None


class ChangeSeatProfile(ChangeSetting, frozen=True):
    """Change, add, retire or bring back a seat of the register (更改席位档案)."""

    seat_id: Id
    is_new: bool = False
    is_retired: bool | None = None
    number: Name | None = None
    extension: Name | None = None
    skills: Names | None = None
    desk_id: Id | None = None


class ChangeTemplate(ChangeSetting, frozen=True):
    """Change, add, retire or bring back a template (更改常用语)."""

    template_id: Id
    is_new: bool = False
    is_retired: bool | None = None
    use: TemplateUse | None = None
    text_zh: TemplateText | None = None
    text_en: TemplateText | None = None


class ChangePolicyRules(ChangeSetting, frozen=True):
    """Change how old a comparison may be, or which policy runs as a shadow (更改策略规则)."""

    proof_days: Annotated[int, msgspec.Meta(ge=1, le=365)] | None = None
    shadow: PolicyName | Literal[""] | None = None
    shadow_ways: Ways | None = None


class SettingChanged(Event, frozen=True):
    """A setting was changed (设置已更改): by whom, why, and each field before and after."""

    by: str
    reason: str
    changes: tuple[FieldChange, ...]


class IncidentTypeChanged(SettingChanged, frozen=True):
    """A type is another, or new (警情类别已更改)."""

    value: IncidentType
    is_retired: bool


class ArrivalTargetChanged(SettingChanged, frozen=True):
    """Another time to be on scene holds (到场时限已更改)."""

    desk_id: str
    area_class: str
    priority: int
    target_ms: int


class FirstOrderTargetChanged(SettingChanged, frozen=True):
    """Another time to the first order holds (首派时限已更改)."""

    desk_id: str
    priority: int
    target_ms: int


class ClockChanged(SettingChanged, frozen=True):
    """A clock reminds at other times (提醒时限已更改); levels: milliseconds, or permille."""

    clock: ClockName
    levels: tuple[int, ...]


class ResponsePlanChanged(SettingChanged, frozen=True):
    """A plan is another, or new (出警预案已更改)."""

    value: ResponsePlan


class UnitProfileChanged(SettingChanged, frozen=True):
    """A unit of the register is another, or new (警力档案已更改)."""

    unit_id: str
    value: UnitProfile
    is_retired: bool


class SeatProfileChanged(SettingChanged, frozen=True):
    """A seat of the register is another, or new (席位档案已更改)."""

    value: SeatProfile
    is_retired: bool


class TemplateChanged(SettingChanged, frozen=True):
    """A template is another, or new (常用语已更改)."""

    value: Template
    is_retired: bool


class PolicyRulesChanged(SettingChanged, frozen=True):
    """Policies are chosen otherwise (策略规则已更改)."""

    value: PolicyRules


COMMANDS: Final[tuple[type[ChangeSetting], ...]] = (
    ChangeIncidentType,
    ChangeArrivalTarget,
    ChangeFirstOrderTarget,
    ChangeClock,
    ChangeResponsePlan,
    ChangeUnitProfile,
    ChangeSeatProfile,
    ChangeTemplate,
    ChangePolicyRules,
)
EVENTS: Final[tuple[type[SettingChanged], ...]] = (
    IncidentTypeChanged,
    ArrivalTargetChanged,
    FirstOrderTargetChanged,
    ClockChanged,
    ResponsePlanChanged,
    UnitProfileChanged,
    SeatProfileChanged,
    TemplateChanged,
    PolicyRulesChanged,
)
