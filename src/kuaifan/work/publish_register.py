"""Publish types, plans, seats and templates (更改类别、预案、席位与常用语)."""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.setting_edits import (
    check_new,
    list_changes,
    named_fields,
    need_author,
    need_changes,
    retired_after,
)
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.policy.fleet import SKILLS
from kuaifan.vocabulary import setting
from kuaifan.vocabulary.incident_types import ROUTES, IncidentType
from kuaifan.vocabulary.lines import SEAT_SKILLS
from kuaifan.vocabulary.response_plans import (
    MAX_CAPABILITIES,
    MAX_UNITS,
    Capability,
    ResponsePlan,
    read_capability,
)
from kuaifan.vocabulary.seat import EXTENSION
from kuaifan.vocabulary.setting import FieldChange, SeatProfile, Template

NEEDED_KEY: Final = "obstructing_police"
"""The type that an officer emergency opens: the rules cannot do without it."""


def change_type(board: Board, command: setting.ChangeIncidentType, _now_ms: int) -> list[Event]:
    """A type is another, new, retired or back (更改警情类别); no code is ever deleted."""
    need_author(command)
    old = board.reference.types.get(command.code)
    check_new(command, command.code, is_new=command.is_new, is_known=old is not None)
    new = _type_after(board, command, old)
    _check_type(board, new)
    was_retired = command.code in board.reference.retired_types
    is_retired = retired_after(board.settings, command, "type", command.code)
    if is_retired and not was_retired:
        _check_type_not_needed(board, new)
    changes = list_changes(old, new, was_retired=was_retired, is_retired=is_retired)
    return [
        setting.IncidentTypeChanged(
            by=command.by,
            reason=command.reason,
            changes=need_changes(changes),
            value=new,
            is_retired=is_retired,
        )
    ]


def change_plan(board: Board, command: setting.ChangeResponsePlan, _now_ms: int) -> list[Event]:
    """A plan asks for other units (更改出警预案)."""
    need_author(command)
    old = board.reference.plans.get(command.code)
    check_new(command, command.code, is_new=command.is_new, is_known=old is not None)
    given = named_fields(command, ResponsePlan) | {"capabilities": _capabilities(command, old)}
    new = msgspec.structs.replace(old or ResponsePlan(code=command.code, name_cn=""), **given)
    _need_text(new.name_cn, "预案名称", "the name of the plan")
    if not 1 <= new.at_least <= MAX_UNITS:
        raise Refused(
            "out_of_bounds",
            f"预案警力数须为 1 至 {MAX_UNITS}",
            f"a plan asks for 1 to {MAX_UNITS} units",
        )
    changes = _plan_changes(old, new)
    return [
        setting.ResponsePlanChanged(
            by=command.by, reason=command.reason, changes=need_changes(changes), value=new
        )
    ]


def change_seat(board: Board, command: setting.ChangeSeatProfile, _now_ms: int) -> list[Event]:
    """A seat of the register is another, new, retired or back (更改席位档案)."""
    need_author(command)
    key, settings = command.seat_id, board.settings
    old = settings.seats.get(key)
    check_new(command, key, is_new=command.is_new, is_known=old is not None)
    new = msgspec.structs.replace(
        old or SeatProfile(seat_id=key), **named_fields(command, SeatProfile)
    )
    _check_seat(board, new)
    _check_extension(command.extension)
    was_retired = settings.is_retired("seat", key)
    is_retired = retired_after(settings, command, "seat", key)
    there = board.desk_seats.get(key)
    if is_retired and not was_retired and there is not None and there.state != "off":
        raise Refused(
            "seat_taken",
            f"席位 {key} 由 {there.person} 签入，签出后方可停用",
            f"{there.person} is logged on at seat {key}; it can be retired after that",
        )
    changes = list_changes(old, new, was_retired=was_retired, is_retired=is_retired)
    return [
        setting.SeatProfileChanged(
            by=command.by,
            reason=command.reason,
            changes=need_changes(changes),
            value=new,
            is_retired=is_retired,
        )
    ]


def change_template(board: Board, command: setting.ChangeTemplate, _now_ms: int) -> list[Event]:
    """A template is another, new, retired or back (更改常用语)."""
    need_author(command)
    key, settings = command.template_id, board.settings
    old = settings.templates.get(key)
    check_new(command, key, is_new=command.is_new, is_known=old is not None)
    empty = Template(template_id=key, use=command.use or "caller_text", text_zh="")
    new = msgspec.structs.replace(old or empty, **named_fields(command, Template))
    _need_text(new.text_zh, "中文内容", "the Chinese text")
    was_retired = settings.is_retired("template", key)
    is_retired = retired_after(settings, command, "template", key)
    changes = list_changes(old, new, was_retired=was_retired, is_retired=is_retired)
    return [
        setting.TemplateChanged(
            by=command.by,
            reason=command.reason,
            changes=need_changes(changes),
            value=new,
            is_retired=is_retired,
        )
    ]


def _type_after(
    board: Board, command: setting.ChangeIncidentType, old: IncidentType | None
) -> IncidentType:
    """The type as the command has it; a new one has a key of its own, and its class's name."""
    given = named_fields(command, IncidentType)
    class_key = given.get("class_key")
    if class_key is not None:
        peers = (each for each in board.reference.types.values() if each.class_key == class_key)
        if (peer := next(peers, None)) is None:
            raise Refused(
                "unknown_class",
                f"没有警情大类 {class_key}",
                f"there is no class {class_key}; take that of another type",
            )
        given["class_cn"] = peer.class_cn
    if old is not None:
        return msgspec.structs.replace(old, **given)
    missing = {"name_cn", "class_key", "priority", "plan", "route"}.difference(given)
    if missing:
        raise Refused(
            "field_missing",
            f"新增类别须填写：{'、'.join(sorted(missing))}",
            f"a new type needs {', '.join(sorted(missing))}",
        )
    blank = IncidentType(
        code=command.code,
        class_key="",
        class_cn="",
        group_key="own",
        name_cn="",
        key=f"own_{command.code}",
        priority=3,
        plan="",
        min_units=1,
        seat="general",
        route="",
        agencies=(),
        followups=(),
        restricted=False,
        weight_permille=0.0,
        service_median_min=0.0,
    )
    return msgspec.structs.replace(blank, **given)


def _check_type(board: Board, new: IncidentType) -> None:
    _need_text(new.name_cn, "类别名称", "the name of the type")
    if new.route not in ROUTES:
        raise Refused(
            "unknown_route",
            f"没有处置路径 {new.route}",
            f"there is no route {new.route}; known are {', '.join(sorted(ROUTES))}",
        )
    if new.plan not in board.reference.plans:
        raise Refused(
            "unknown_plan",
            f"没有出警预案 {new.plan}",
            f"there is no plan {new.plan}; known are {', '.join(board.reference.plans)}",
        )
    if new.min_units > MAX_UNITS:
        raise Refused(
            "out_of_bounds",
            f"警力数不能超过 {MAX_UNITS}",
            f"a type asks for {MAX_UNITS} units at most",
        )
    twin = next(
        (
            each.code
            for each in board.reference.types.values()
            if each.name_cn == new.name_cn and each.code != new.code
        ),
        None,
    )
    if twin is not None and board.reference.types.get(new.code) is None:
        raise Refused(
            "name_taken",
            f"已有同名类别 {twin} {new.name_cn}",
            f"the type {twin} has this name already; two cannot be told apart",
        )


def _check_type_not_needed(board: Board, retired: IncidentType) -> None:
    """Refuse: type_needed. A rule leads to it, and would lead to nothing."""
    rules = [rule for rule in board.reference.priority_rules if rule.to_type == retired.key]
    if rules or retired.key == NEEDED_KEY:
        facts = sorted({fact for rule in rules for fact in rule.facts})
        said = "、".join(facts) or "警员紧急求助"
        raise Refused(
            "type_needed",
            f"类别 {retired.code} {retired.name_cn} 由定级规则使用（{said}），不能停用",
            f"rules lead to the type {retired.code} ({', '.join(facts) or 'officer emergency'}); "
            "it cannot be retired",
        )


def _capabilities(
    command: setting.ChangeResponsePlan, old: ResponsePlan | None
) -> tuple[Capability, ...]:
    """Skills of the plan: each kind as the command says, or as it was."""
    was = old.capabilities if old else ()
    found = []
    for is_wish, given in ((False, command.hard), (True, command.wish)):
        if given is None:
            found += [each for each in was if each.is_wish == is_wish]
            continue
        try:
            found += [read_capability(text, is_wish=is_wish) for text in given if text]
        except ValueError as error:
            raise Refused(
                "bad_capability",
                f"能力要求须写作 技能:数量，如 armed:1；技能有 {'、'.join(SKILLS)}",
                str(error),
            ) from error
    if len(found) > MAX_CAPABILITIES or len({each.skill for each in found}) < len(found):
        raise Refused(
            "bad_capability",
            f"一个预案最多 {MAX_CAPABILITIES} 项能力，每项一次",
            f"a plan names at most {MAX_CAPABILITIES} skills, each once",
        )
    return tuple(found)


def _plan_changes(old: ResponsePlan | None, new: ResponsePlan) -> list[FieldChange]:
    """Its fields, with the skills as a form has them: what it needs apart from what it wishes."""
    found = list_changes(old, new, was_retired=False, is_retired=False)
    changes = [each for each in found if each.field != "capabilities"]
    for field, is_wish in (("hard", False), ("wish", True)):
        before, after = (_skills(plan, is_wish=is_wish) for plan in (old, new))
        if before != after:
            changes.append(FieldChange(field, before, after))
    return changes


def _skills(plan: ResponsePlan | None, *, is_wish: bool) -> str:
    capabilities = plan.capabilities if plan else ()
    return ";".join(f"{each.skill}:{each.n}" for each in capabilities if each.is_wish == is_wish)


def _check_seat(board: Board, new: SeatProfile) -> None:
    unknown = [skill for skill in new.skills if skill not in SEAT_SKILLS]
    if unknown:
        raise Refused(
            "unknown_skill",
            f"没有席位技能 {'、'.join(unknown)}",
            f"no seat skill is called {', '.join(unknown)}; there are {', '.join(SEAT_SKILLS)}",
        )
    if new.desk_id and new.desk_id not in board.reference.desks:
        raise Refused(
            "unknown_desk", f"没有指挥席 {new.desk_id}", f"there is no desk {new.desk_id}"
        )


def _check_extension(extension: str | None) -> None:
    """Refuse: bad_extension; whoever logs on gets it, and the telephone system knows it by it."""
    if extension is not None and not EXTENSION.fullmatch(extension):
        raise Refused(
            "bad_extension",
            "分机只含数字、*、#、+，至多 16 位",
            "an extension has up to 16 digits, *, # or +",
        )


def _need_text(text: str, zh: str, en: str) -> None:
    if not text.strip():
        raise Refused("field_missing", f"须填写{zh}", f"give {en}")


RULES = Rules[Board](
    deciders={
        setting.ChangeIncidentType: change_type,
        setting.ChangeResponsePlan: change_plan,
        setting.ChangeSeatProfile: change_seat,
        setting.ChangeTemplate: change_template,
    }
)
