"""Publish units (更改警力档案): who is in the register; a crew on duty is left in peace."""

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
from kuaifan.policy.fleet import LINES, SKILLS
from kuaifan.vocabulary import setting
from kuaifan.vocabulary.setting import FieldChange
from kuaifan.vocabulary.unit_profile import MAX_CREW, UNIT_KINDS, UnitProfile
from kuaifan.vocabulary.voice import call_sign_key

ANY_TIME: Final = frozenset({"call_sign", "n_officers", "n_auxiliaries"})
"""Fields that may change while the crew is out: no order and no ranking hangs on them."""


def change_unit(board: Board, command: setting.ChangeUnitProfile, _now_ms: int) -> list[Event]:
    """A unit is another, new, retired or back (更改警力档案)."""
    need_author(command)
    unit_id = command.unit_id
    old = board.reference.units.get(unit_id)
    check_new(command, unit_id, is_new=command.is_new, is_known=old is not None)
    new = _unit_after(command, old)
    _check_unit(board, new)
    was_retired = board.settings.is_retired("unit", unit_id)
    is_retired = retired_after(board.settings, command, "unit", unit_id)
    changes = list_changes(old, new, was_retired=was_retired, is_retired=is_retired)
    if old is not None:
        _check_at_home(board, unit_id, changes)
    return [
        setting.UnitProfileChanged(
            by=command.by,
            reason=command.reason,
            changes=need_changes(changes),
            unit_id=unit_id,
            value=new,
            is_retired=is_retired,
        )
    ]


def _unit_after(command: setting.ChangeUnitProfile, old: UnitProfile | None) -> UnitProfile:
    given = named_fields(command, UnitProfile)
    if "skills" in given:
        given["skills"] = tuple(dict.fromkeys(each for each in command.skills or () if each))
    if old is not None:
        return msgspec.structs.replace(old, **given)
    missing = {"call_sign", "kind", "line", "home_post_id"}.difference(given)
    if missing:
        raise Refused(
            "field_missing",
            f"新增警力须填写：{'、'.join(sorted(missing))}",
            f"a new unit needs {', '.join(sorted(missing))}",
        )
    blank = UnitProfile(
        unit_id=command.unit_id,
        call_sign="",
        kind="",
        line="",
        skills=(),
        home_post_id="",
        n_officers=2,
        n_auxiliaries=0,
        shift="day",
        shift_start_hour=0,
        shift_end_hour=24,
    )
    return msgspec.structs.replace(blank, **given)


def _check_unit(board: Board, new: UnitProfile) -> None:
    reference = board.reference
    kinds = [*UNIT_KINDS, *sorted({unit.kind for unit in reference.units.values()})]
    _need_one_of(new.kind, list(dict.fromkeys(kinds)), "unknown_kind", "警力类型")
    _need_one_of(new.line, list(LINES), "unknown_line", "警种")
    for skill in new.skills:
        _need_one_of(skill, list(SKILLS), "unknown_skill", "技能")
    posts = [post.post_id for post in reference.posts_in_use]
    _need_one_of(new.home_post_id, posts, "unknown_post", "驻点")
    _need_one_of(new.desk_id, list(reference.desks), "unknown_desk", "指挥席")
    n_crew = new.n_officers + new.n_auxiliaries
    if new.n_officers < 1 or n_crew > MAX_CREW:
        raise Refused(
            "out_of_bounds",
            f"编制须有 1 名民警以上，合计不超过 {MAX_CREW} 人",
            f"a crew has an officer at least and {MAX_CREW} people at most",
        )
    key = call_sign_key(new.call_sign)
    keys = reference.call_sign_keys.items()
    other = next((each for each, taken in keys if taken == key and each != new.unit_id), None)
    if not key or other is not None:
        raise Refused(
            "call_sign_taken",
            f"呼号 {new.call_sign} 为空或已由 {other or '—'} 使用",
            f"the call sign {new.call_sign!r} is empty or that of {other}; choose another",
        )


def _need_one_of(value: str, known: list[str], code: str, zh: str) -> None:
    if value not in known:
        named = "、".join(known[:12])
        raise Refused(
            code,
            f"没有{zh} {value}，可用：{named}",
            f"{value!r} is none of {', '.join(known[:12])}",
        )


def _check_at_home(board: Board, unit_id: str, changes: list[FieldChange]) -> None:
    """Refuse while the unit is out: on_duty, unit_bound."""
    unit = board.units[unit_id]
    if not any(change.field not in ANY_TIME for change in changes):
        return
    if unit.order_id or unit.beside_order_ids:
        raise Refused(
            "unit_bound",
            f"警力 {unit.call_sign} 有未结派警单 {unit.order_id}，结束并下勤后方可更改",
            f"unit {unit_id} has the order {unit.order_id}; change it when that is over",
        )
    if unit.status != "off_duty":
        raise Refused(
            "on_duty",
            f"警力 {unit.call_sign} 在勤，下勤后方可更改；在勤时只能改呼号和编制",
            f"unit {unit_id} is on duty; end the shift first, or change its call sign only",
        )


RULES = Rules[Board](deciders={setting.ChangeUnitProfile: change_unit})
