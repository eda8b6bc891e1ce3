"""Editing one setting (编辑设置): the fields a command names over what holds, and what differs."""

from __future__ import annotations

from typing import Final, TypeVar

import msgspec

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.settings import Settings
from kuaifan.kernel.message import Refused
from kuaifan.vocabulary.setting import ChangeSetting, FieldChange, SettingKind

T = TypeVar("T", bound=msgspec.Struct)
RETIRED: Final = "is_retired"
SAID: Final = {True: "yes", False: "no"}
SEPARATOR: Final = ";"
"""Between the parts of a list, as in the tables of a city folder."""


def need_author(command: ChangeSetting) -> None:
    """Refuse a change that nobody signs, or that says no reason."""
    need_name(command.by)
    need_reason(command.reason)


def check_new(command: ChangeSetting, key: str, *, is_new: bool, is_known: bool) -> None:
    """Refuse: code_taken, unknown_setting; a code means one thing, in old papers too."""
    if not key.strip() or any(mark in key for mark in ":|;"):
        raise Refused(
            "bad_code", "编码不能为空，也不能含 : | ;", "a code is not empty and has none of : | ;"
        )
    if is_new and is_known:
        raise Refused("code_taken", f"编码 {key} 已存在", f"{key} is there already; change it")
    if not is_new and not is_known:
        name = type(command).__name__
        raise Refused(
            "unknown_setting",
            f"没有 {key}，如要新增请说明",
            f"{name}: there is no {key}; say is_new to add it",
        )


def named_fields(command: ChangeSetting, value: type[msgspec.Struct]) -> dict[str, object]:
    """Fields of a value that a command says something of."""
    said = ((name, getattr(command, name, None)) for name in value.__struct_fields__)
    return {name: given for name, given in said if given is not None}


def retired_after(settings: Settings, command: ChangeSetting, kind: SettingKind, key: str) -> bool:
    """Whether the thing is retired once the command is done."""
    asked: bool | None = getattr(command, RETIRED, None)
    return settings.is_retired(kind, key) if asked is None else asked


def list_changes(
    old: T | None, new: T, *, was_retired: bool, is_retired: bool
) -> list[FieldChange]:
    """Each field that differs, before and after; of a new thing every field that says something."""
    found = []
    for name in new.__struct_fields__:
        before = said(getattr(old, name)) if old is not None else ""
        after = said(getattr(new, name))
        if before != after:
            found.append(FieldChange(name, before, after))
    if was_retired != is_retired:
        found.append(FieldChange(RETIRED, SAID[was_retired], SAID[is_retired]))
    return found


def need_changes(changes: list[FieldChange]) -> tuple[FieldChange, ...]:
    """Refuse a command that would change nothing: nothing_changed."""
    if not changes:
        raise Refused(
            "nothing_changed", "内容与现行设置相同，未作更改", "this holds already; nothing changes"
        )
    return tuple(changes)


def said(value: object) -> str:
    """A value as people read it: numbers as they are, lists with semicolons between."""
    if isinstance(value, bool):
        return SAID[value]
    if isinstance(value, tuple):
        return SEPARATOR.join(said(each) for each in value)
    if isinstance(value, msgspec.Struct):
        return ":".join(said(getattr(value, name)) for name in value.__struct_fields__)
    return f"{value:g}" if isinstance(value, float) else str(value)
