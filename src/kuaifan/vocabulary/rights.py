"""Who may do what (权限表): role × right × jurisdiction × record class × purpose; one look-up.

A right that is not in the table is not there: nothing is granted by being left out. `is_own` says
whether what is asked about is of the asker's own desk. Record classes limit what may be read of a
case; purposes say what for: `duty` is the work in hand, every other one is stated and logged.
"""

from __future__ import annotations

from itertools import product
from typing import Final, Literal, get_args

import msgspec

from kuaifan.vocabulary.record_class import RECORD_CLASSES, RecordClass

Role = Literal[
    "call_taker",
    "dispatcher",
    "commander",
    "crew",
    "wall",
    "admin",
    "planner",
    "reviewer",
    "dv_officer",
    "minors_officer",
    "security_admin",
    "audit_admin",
    "integrator",
]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
ROLE_NAMES: Final[dict[Role, tuple[str, str]]] = {
    "call_taker": ("接警员", "call-taker"),
    "dispatcher": ("派警员", "dispatcher"),
    "commander": ("指挥长", "commander"),
    "crew": ("处警警组", "patrol crew"),
    "wall": ("大屏", "wall screen"),
    "admin": ("系统管理员", "system administrator"),
    "planner": ("规划员", "planner"),
    "reviewer": ("评查员", "reviewer"),
    "dv_officer": ("家暴专席", "domestic violence seat"),
    "minors_officer": ("未成年人专席", "minors seat"),
    "security_admin": ("安全管理员", "security administrator"),
    "audit_admin": ("审计管理员", "audit administrator"),
    "integrator": ("接入系统", "integrator"),
}
SEPARATED: Final[frozenset[Role]] = frozenset({"admin", "security_admin", "audit_admin"})
"""Never two of them one person (三员分立); the last two never anybody who works on cases either."""
APART_FROM_CASES: Final[frozenset[Role]] = frozenset({"security_admin", "audit_admin"})
MACHINE_ROLES: Final[frozenset[Role]] = frozenset({"integrator"})
"""Held by keys, never by a person."""

Right = Literal[
    "public",
    "signed",
    "own_account",
    "see_cases",
    "see_forces",
    "see_board",
    "watch_glass",
    "see_personal",
    "open_record",
    "take_calls",
    "dispatch",
    "command",
    "ask_approval",
    "approve",
    "answer_request",
    "act_as_crew",
    "review_cases",
    "keep_records",
    "keep_items",
    "export_person",
    "close_roads",
    "declare_emergency",
    "aid_intake",
    "find_places",
    "search",
    "read_history",
    "send_photos",
    "read_photos",
    "keep_boards",
    "read_figures",
    "report_positions",
    "switch_life",
    "read_settings",
    "change_settings",
    "break_glass",
    "manage_accounts",
    "release_lockouts",
    "review_glass",
    "read_audit",
    "tend_outbox",
    "plan",
]
RIGHTS: Final[tuple[Right, ...]] = get_args(Right)
FREE_RIGHTS: Final[frozenset[Right]] = frozenset({"public", "signed"})
"""Asked of nobody: what everyone may fetch, and what proves itself by its own signature."""

Purpose = Literal[
    "duty", "handling", "review", "complaint", "investigation", "legal", "break_glass"
]
PURPOSES: Final[tuple[Purpose, ...]] = get_args(Purpose)
PURPOSE_NAMES: Final[dict[Purpose, tuple[str, str]]] = {
    "duty": ("在办", "work in hand"),
    "handling": ("处置", "handling"),
    "review": ("评查", "review"),
    "complaint": ("投诉核查", "complaint"),
    "investigation": ("侦办", "investigation"),
    "legal": ("依法调取", "by law"),
    "break_glass": ("紧急授权", "break-glass"),
}
STATED: Final = frozenset(PURPOSES) - {"duty", "break_glass"}
ORDINARY: Final[tuple[RecordClass, ...]] = ("ordinary",)
DV: Final[tuple[RecordClass, ...]] = ("domestic_violence", "sexual")
MINORS: Final[tuple[RecordClass, ...]] = ("minor", "sexual")
DUTY: Final[tuple[Purpose, ...]] = ("duty",)
OWN: Final = (True,)
ANY: Final = (True, False)
"""Of the desk itself, and of the others."""


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table (授权): these roles have these rights, here, on these, for these."""

    roles: tuple[Role, ...]
    rights: tuple[Right, ...]
    is_own: tuple[bool, ...] = OWN
    classes: tuple[RecordClass, ...] = RECORD_CLASSES
    purposes: tuple[Purpose, ...] = DUTY


SEATS: Final[tuple[Role, ...]] = ("call_taker", "dispatcher")
SPECIAL_SEATS: Final[tuple[Role, ...]] = ("dv_officer", "minors_officer")
PEOPLE: Final[tuple[Role, ...]] = tuple(each for each in ROLES if each not in MACHINE_ROLES)
GLASS: Final[tuple[Role, ...]] = (*SEATS, *SPECIAL_SEATS, "commander", "reviewer")
"""May break the glass: those who work on cases, and no administrator."""

GRANTS: Final[tuple[Grant, ...]] = (
    Grant(roles=PEOPLE, rights=("own_account",), is_own=ANY),
    Grant(
        roles=(*SEATS, *SPECIAL_SEATS, "commander", "crew", "wall", "planner", "reviewer"),
        rights=("see_cases", "see_forces"),
    ),
    Grant(roles=("admin", "integrator"), rights=("see_forces",)),
    # A board and its stream, of which each row is shown by its own right: administrators who read
    # no case are told there, at once, that somebody sees beyond its rights.
    Grant(roles=ROLES, rights=("see_board",)),
    Grant(roles=("commander", "security_admin", "audit_admin"), rights=("watch_glass",)),
    # Personal data: in hand at the own desk; of a restricted record too, where it is being handled.
    Grant(roles=(*SEATS, "crew"), rights=("see_personal",)),
    Grant(roles=SPECIAL_SEATS, rights=("see_personal",), classes=ORDINARY),
    Grant(roles=("dv_officer",), rights=("see_personal",), is_own=ANY, classes=DV),
    Grant(roles=("minors_officer",), rights=("see_personal",), is_own=ANY, classes=MINORS),
    Grant(roles=GLASS, rights=("see_personal",), is_own=ANY, purposes=("break_glass",)),
    # Everything else is opened one by one, with a purpose, and written down.
    Grant(
        roles=(*SEATS, *SPECIAL_SEATS, "commander"),
        rights=("open_record",),
        classes=ORDINARY,
        purposes=("handling", "complaint", "legal"),
    ),
    Grant(
        roles=("commander",), rights=("open_record",), purposes=("handling", "complaint", "legal")
    ),
    Grant(roles=("reviewer",), rights=("open_record",), purposes=("review", "complaint")),
    Grant(
        roles=("dv_officer",),
        rights=("open_record",),
        is_own=ANY,
        classes=DV,
        purposes=("handling", "review", "investigation", "legal"),
    ),
    Grant(
        roles=("minors_officer",),
        rights=("open_record",),
        is_own=ANY,
        classes=MINORS,
        purposes=("handling", "review", "investigation", "legal"),
    ),
    Grant(roles=GLASS, rights=("open_record",), is_own=ANY, purposes=("break_glass",)),
    Grant(
        roles=(*SEATS, *SPECIAL_SEATS, "commander"),
        rights=("take_calls", "aid_intake", "search", "read_figures"),
    ),
    Grant(roles=(*SEATS, *SPECIAL_SEATS, "commander", "reviewer"), rights=("keep_items",)),
    Grant(roles=("integrator",), rights=("take_calls", "read_figures")),
    Grant(roles=("dispatcher", "commander"), rights=("dispatch", "close_roads")),
    Grant(roles=SPECIAL_SEATS, rights=("dispatch",)),
    Grant(roles=("commander",), rights=("command", "release_lockouts", "approve")),
    # What a supervisor has to consent to is asked for, and never typed in another's name.
    Grant(
        roles=(*SEATS, *SPECIAL_SEATS, "commander", "crew", "reviewer"), rights=("ask_approval",)
    ),
    # Whoever is asked: of the core a supervisor, of a seat whom the seat names; see web/approving.
    Grant(roles=(*SEATS, *SPECIAL_SEATS, "commander", "reviewer"), rights=("answer_request",)),
    # Who mends the lines repeats what was stuck; nobody learns of a case by that.
    Grant(roles=("dispatcher", "commander", "admin"), rights=("tend_outbox",)),
    Grant(roles=("dispatcher", "commander", "reviewer"), rights=("review_cases",)),
    Grant(roles=("commander", "reviewer"), rights=("keep_records", "export_person")),
    Grant(roles=("reviewer", "planner"), rights=("search", "read_figures")),
    Grant(roles=("planner", "commander"), rights=("plan",)),
    Grant(roles=("wall",), rights=("read_figures",)),
    Grant(roles=SEATS, rights=("read_history",), purposes=("duty", "handling")),
    Grant(roles=SPECIAL_SEATS, rights=("read_history",), purposes=("duty", "handling")),
    Grant(roles=("crew",), rights=("act_as_crew", "close_roads", "send_photos", "read_photos")),
    # A radio operator says for a crew what the crew said.
    Grant(roles=("dispatcher",), rights=("act_as_crew", "send_photos")),
    # Each look is written down with what for, whoever looks.
    Grant(roles=SEATS, rights=("read_photos",)),
    # Not in hand: by opening the record first, which asks for a purpose.
    Grant(roles=(*SPECIAL_SEATS, "commander", "reviewer"), rights=("read_photos",)),
    Grant(roles=(*SEATS, "crew", "commander"), rights=("declare_emergency",)),
    Grant(roles=(*SEATS, "commander", "integrator"), rights=("keep_boards",)),
    Grant(roles=("crew", "dispatcher", "integrator"), rights=("report_positions",)),
    Grant(
        roles=(*SEATS, *SPECIAL_SEATS, "commander", "crew", "planner", "reviewer", "admin"),
        rights=("find_places",),
    ),
    Grant(roles=("admin", "commander"), rights=("read_settings",)),
    Grant(roles=("admin",), rights=("change_settings", "switch_life", "read_figures")),
    Grant(roles=GLASS, rights=("break_glass",)),
    Grant(
        roles=("security_admin",),
        rights=("manage_accounts", "release_lockouts", "review_glass"),
        is_own=ANY,
    ),
    Grant(roles=("audit_admin",), rights=("read_audit", "review_glass"), is_own=ANY),
)

Cell = tuple[str, str, bool, str, str]


def list_cells(grants: tuple[Grant, ...] = GRANTS) -> frozenset[Cell]:
    """Every (role, right, is own, record class, purpose) that is granted."""
    return frozenset(
        cell
        for each in grants
        for cell in product(each.roles, each.rights, each.is_own, each.classes, each.purposes)
    )


ALLOWED: Final[frozenset[Cell]] = list_cells()


def may(
    role: str,
    right: str,
    is_own: bool = True,  # noqa: FBT001, FBT002 - asked for every row of every frame, by place
    record_class: str = "ordinary",
    purpose: str = "duty",
) -> bool:
    """Whether a role has a right on something, for a purpose; a look-up, 0.3 µs."""
    return (role, right, is_own, record_class, purpose) in ALLOWED


def find_conflict(roles: frozenset[str]) -> tuple[str, str] | None:
    """Why one person may not have these roles, in Chinese and English; None where it may."""
    if len(roles & SEPARATED) > 1:
        return (
            "系统、安全、审计管理员须由三人分任",
            "the system, security and audit administrators are three persons, never one",
        )
    if roles & APART_FROM_CASES and roles - APART_FROM_CASES:
        return (
            "安全管理员、审计管理员不得兼任业务角色",
            "the security and the audit administrator do no other work here",
        )
    if roles & MACHINE_ROLES:
        return "接入系统只用密钥，不设人员账号", "integrators come with keys, not as persons"
    return None
