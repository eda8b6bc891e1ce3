"""Response plans (出警预案): what a type asks of the units, by capability, beside their number.

The table is a text; a city may keep its own copy. A hard requirement keeps an incident among the
unsent until it is met, a wish only decides between units. How many units go is said by the type;
a plan may say at least. Rings and leaders are data for people: nothing is opened by itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.policy.fleet import SKILLS
from kuaifan.vocabulary.incident_types import IncidentType

COLUMNS: Final = ("plan", "name_cn", "hard", "wish", "at_least", "tells_leader", "rings_min")
MAX_UNITS: Final = 60
"""More units than any plan sends at once."""
MAX_CAPABILITIES: Final = 6
"""More skills than a plan names; a ranking weighs them all together."""
YES_NO: Final = {"yes": True, "no": False}

TABLE: Final = """\
plan,name_cn,hard,wish,at_least,tells_leader,rings_min
A1,暴力重大,armed:1,,2,yes,1;3;5
A2,生命救助,,first_aid:1,1,no,1;3
A3,重大公共安全,,traffic:1,2,yes,3;5
B1,现行,,,1,no,3
B2,保护,,female_officer:1,1,no,
C1,普通,,,1,no,
C2,需现场勘查,,forensics:1,1,no,
C3,窗口或预约,,,1,no,
C4,先电话,,,1,no,
D1,纠纷,,,1,no,
D2,医疗纠纷,,,2,no,
F1,火警,,,1,no,
F2,危化与工矿,,,2,no,
F3,公用设施,,,1,no,
M1,止付,,,1,no,
M2,诈骗受理,,,1,no,
M3,劝阻,,,1,no,
N1,转办,,,1,no,
N2,内部,,,1,no,
N4,督察,,inspection:1,1,no,
Q1,查找,,,1,no,
S1,校园紧急,,,2,yes,1;3;5
S2,单位紧急,,,2,no,1;3;5
T1,交通伤人,traffic:1,,2,no,
T2,交通财损,,traffic:1,1,no,
T3,道路秩序,,traffic:1,1,no,
T4,挪车,,traffic:1,1,no,
V0,无效,,,1,no,
V1,无声,,,1,no,
V2,重复,,,1,no,
"""
"""Plans by code (domain §4); skill:number pairs and ring minutes are separated by semicolons."""


class Capability(msgspec.Struct, frozen=True):
    """So many units with a skill (能力要求); a wish 尽量 may stay unmet."""

    skill: str
    n: int
    is_wish: bool = False


class ResponsePlan(msgspec.Struct, frozen=True, kw_only=True):
    """One plan (出警预案); at_least: units, should a type say fewer; rings_min: opened in turn."""

    code: str
    name_cn: str
    capabilities: tuple[Capability, ...] = ()
    at_least: int = 1
    tells_leader: bool = False
    rings_min: tuple[int, ...] = ()


class ResponsePlansError(BadInputError):
    """The table of plans cannot be used; names the line and the cure."""


def read_response_plans(text: str) -> Mapping[str, ResponsePlan]:
    """Read the table; raises ResponsePlansError for a missing column, a bad or doubled plan."""
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise ResponsePlansError(f"plans have no column {', '.join(missing)}; take a fresh copy")
    plans: dict[str, ResponsePlan] = {}
    for row in reader:
        line_no = reader.line_num
        try:
            plan = _read_row(row)
        except (ValueError, TypeError, AttributeError) as error:
            raise ResponsePlansError(f"plans line {line_no} cannot be read: {error}") from error
        if plan.code in plans:
            raise ResponsePlansError(
                f"plans line {line_no}: plan {plan.code} is there twice; remove one"
            )
        plans[plan.code] = plan
    return MappingProxyType(plans)


def find_plan(code: str) -> ResponsePlan | None:
    """Return the plan of a code; None for a code that only this city has, which asks no skill."""
    return RESPONSE_PLANS.get(code)


def n_units_under(plans: Mapping[str, ResponsePlan], incident_type: IncidentType) -> int:
    """How many units a type asks for by some plans, 0 where it asks for none (应派警力数)."""
    if not incident_type.needs_units:
        return 0
    plan = plans.get(incident_type.plan)
    return max(incident_type.min_units, plan.at_least if plan else 1)


def _read_row(row: Mapping[str, str]) -> ResponsePlan:
    capabilities = (*_capabilities(row["hard"]), *_capabilities(row["wish"], is_wish=True))
    if len(capabilities) > MAX_CAPABILITIES:
        raise ValueError(f"a plan names at most {MAX_CAPABILITIES} skills")
    at_least = int(row["at_least"])
    if not row["plan"] or not 1 <= at_least <= MAX_UNITS:
        raise ValueError(f"a plan has a code and asks for 1 to {MAX_UNITS} units at least")
    if row["tells_leader"] not in YES_NO:
        raise ValueError(f"tells_leader is {row['tells_leader']!r}; say yes or no")
    return ResponsePlan(
        code=row["plan"],
        name_cn=row["name_cn"],
        capabilities=capabilities,
        at_least=at_least,
        tells_leader=YES_NO[row["tells_leader"]],
        rings_min=tuple(int(part) for part in row["rings_min"].split(";") if part),
    )


def _capabilities(text: str, *, is_wish: bool = False) -> tuple[Capability, ...]:
    return tuple(read_capability(part, is_wish=is_wish) for part in text.split(";") if part)


def read_capability(text: str, *, is_wish: bool) -> Capability:
    """Read a skill with its number, such as `armed:1`; raises ValueError in words."""
    skill, _, n = text.partition(":")
    if skill not in SKILLS:
        raise ValueError(f"skill {skill!r} is unknown; known are {', '.join(SKILLS)}")
    if not n.isascii() or not n.isdigit() or not 1 <= int(n) <= MAX_UNITS:
        raise ValueError(f"{text!r} does not say how many units; write {skill}:1")
    return Capability(skill, int(n), is_wish)


RESPONSE_PLANS: Final = read_response_plans(TABLE)
