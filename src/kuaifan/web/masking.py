"""The one serializer of what has personal data in it (脱敏): marks decide, not field names."""

from __future__ import annotations

from functools import cache
from typing import Any, Final, NamedTuple, TypeGuard, TypeVar, get_args, get_type_hints

import msgspec

from kuaifan.board.approval_rows import ApprovalRow
from kuaifan.board.broadcasts import BroadcastRow, seen_by_crew
from kuaifan.board.view_rows import IncidentRow, ViewRow
from kuaifan.board.views import Shown
from kuaifan.kernel.personal import Personal, personal_marks
from kuaifan.vocabulary.rights import Right
from kuaifan.web.viewer import Viewer

MASKED: Final = ""
S = TypeVar("S", bound=msgspec.Struct)


class MaskPlan(NamedTuple):
    """What of a struct is personal, and in which fields more may be (脱敏方案)."""

    marked: tuple[tuple[str, Personal], ...]
    nested: tuple[str, ...]


def masked_row(viewer: Viewer, shown: Shown | None) -> ViewRow | None:
    """The row as a viewer may see it, None where it is not in its scope."""
    if shown is None or not viewer.sees(shown):
        return None
    if is_cut_for(shown.row, viewer):
        return seen_by_crew(shown.row, viewer.unit_id)
    if viewer.sees_personal_of(shown) or _is_asked(viewer, shown):
        return shown.row
    masked = mask(shown.row)
    # So that a screen can offer to open it, with a purpose.
    is_case = isinstance(masked, IncidentRow)
    return msgspec.structs.replace(masked, is_masked=True) if is_case else masked


def _is_asked(viewer: Viewer, shown: Shown) -> bool:
    """Whoever is to consent reads why it is asked; of a restricted case only who may read it."""
    row = shown.row
    if not isinstance(row, ApprovalRow):
        return False
    return may_answer(viewer, row) and (not row.seat_id or shown.record_class == "ordinary")


def may_answer(viewer: Viewer, row: ApprovalRow) -> bool:
    """Whether a request is for this viewer to answer: a supervisor's, or whom its seat names."""
    if not row.seat_id:
        return viewer.may("approve")
    right = msgspec.convert(row.right, Right)
    return viewer.role in row.readers and viewer.may(right)


def is_cut_for(row: ViewRow, viewer: Viewer) -> TypeGuard[BroadcastRow]:
    """Whether a viewer sees its own part of a row only: it may change, and that part stay."""
    return viewer.role == "crew" and isinstance(row, BroadcastRow)


def mask(value: S) -> S:
    """A copy without any personal text, at any depth; the value itself where there is none."""
    plan = mask_plan(type(value))
    changed: dict[str, Any] = {}
    for name, mark in plan.marked:
        if mark.covers(getattr(value, name)):
            changed[name] = MASKED
    for name in plan.nested:
        changed[name] = _mask_any(getattr(value, name))
    return msgspec.structs.replace(value, **changed) if changed else value


@cache
def mask_plan(struct: type[msgspec.Struct]) -> MaskPlan:
    """What there is to mask in a struct type."""
    marks = personal_marks(struct)
    marked = (each for each in marks if not _holds_marked(_hint(struct, each[0])))
    nested = (name for name in struct.__struct_fields__ if _holds_marked(_hint(struct, name)))
    return MaskPlan(tuple(marked), tuple(nested))


def _mask_any(value: Any) -> Any:  # noqa: ANN401 - whatever a field holds
    if isinstance(value, msgspec.Struct):
        return mask(value)
    if isinstance(value, (list, tuple)):
        return type(value)(_mask_any(each) for each in value)
    if isinstance(value, dict):
        return {key: _mask_any(each) for key, each in value.items()}
    return value


@cache
def _hints(struct: type[msgspec.Struct]) -> dict[str, Any]:
    return get_type_hints(struct, include_extras=True)


def _hint(struct: type[msgspec.Struct], name: str) -> Any:  # noqa: ANN401 - a type hint
    return _hints(struct)[name]


def _holds_marked(hint: Any) -> bool:  # noqa: ANN401 - a type hint
    """Whether a type holds a struct with something to mask."""
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return any(mask_plan(hint))
    return any(_holds_marked(part) for part in get_args(hint))
