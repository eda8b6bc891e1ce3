"""Folds of settings (设置归并): one function per event; the city's data of now follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec

from kuaifan.board.progress import refresh_incident, refresh_unit
from kuaifan.board.settings import MAX_CHANGES, SettingChange, Settings, TargetSet
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import setting
from kuaifan.vocabulary.setting import SettingKind


def type_changed(board: Board, event: setting.IncidentTypeChanged, at_ms: int) -> None:
    """Who chooses the type from now on gets the new one."""
    types = {**board.settings.types, event.value.code: event.value}
    retired = _retired(board.settings, f"type:{event.value.code}", is_retired=event.is_retired)
    _use(board, at_ms, event, ("type", event.value.code), types=types, retired=retired)


def plan_changed(board: Board, event: setting.ResponsePlanChanged, at_ms: int) -> None:
    """Open incidents of the plan may wait now, or wait no longer. O(incidents)."""
    plans = {**board.settings.plans, event.value.code: event.value}
    _use(board, at_ms, event, ("plan", event.value.code), plans=plans)
    for incident in board.incidents.values():
        if incident.plan == event.value.code and not incident.is_over:
            refresh_incident(board, incident)


def arrival_target_changed(board: Board, event: setting.ArrivalTargetChanged, at_ms: int) -> None:
    """Another promise for an area."""
    own = TargetSet(event.desk_id, event.area_class, event.priority, event.target_ms)
    key = f"{event.desk_id}|{event.area_class}|{event.priority}"
    _use(board, at_ms, event, ("arrival_target", key), targets=_with(board.settings, own))


def first_order_target_changed(
    board: Board, event: setting.FirstOrderTargetChanged, at_ms: int
) -> None:
    """Another promise for the first order."""
    own = TargetSet(event.desk_id, "", event.priority, event.target_ms)
    key = f"{event.desk_id}|{event.priority}"
    _use(board, at_ms, event, ("first_order_target", key), targets=_with(board.settings, own))


def clock_changed(board: Board, event: setting.ClockChanged, at_ms: int) -> None:
    """A clock that starts from now on, or comes to its next level, goes by the new times."""
    clocks = {**board.settings.clocks, event.clock: event.levels}
    _use(board, at_ms, event, ("clock", event.clock), clocks=clocks)


def unit_changed(board: Board, event: setting.UnitProfileChanged, at_ms: int) -> None:
    """The unit is as its papers say; a new one stands off duty among the others."""
    units = {**board.settings.units, event.unit_id: event.value}
    retired = _retired(board.settings, f"unit:{event.unit_id}", is_retired=event.is_retired)
    was = board.units.get(event.unit_id)
    was_home = was.home_post_id if was else ""
    # What the crew of this shift brought beyond the papers is theirs, whatever these say now.
    own = board.reference.units[event.unit_id].skills if was else ()
    brought = tuple(each for each in was.skills if each not in own) if was else ()
    _use(board, at_ms, event, ("unit", event.unit_id), units=units, retired=retired)
    unit = board.put_unit(event.value)
    board.use_skills(unit, brought)
    unit.is_retired, unit.seq = event.is_retired, board.seq
    if unit.post_id == was_home:
        unit.post_id = unit.home_post_id
    if unit.post_id == unit.home_post_id:
        board.moved_up_unit_ids.pop(unit.unit_id, None)
    refresh_unit(board, unit)


def seat_changed(board: Board, event: setting.SeatProfileChanged, at_ms: int) -> None:
    """Who logs on from now on is held to it."""
    seats = {**board.settings.seats, event.value.seat_id: event.value}
    retired = _retired(board.settings, f"seat:{event.value.seat_id}", is_retired=event.is_retired)
    _use(board, at_ms, event, ("seat", event.value.seat_id), seats=seats, retired=retired)


def template_changed(board: Board, event: setting.TemplateChanged, at_ms: int) -> None:
    """The text is offered from now on."""
    key = event.value.template_id
    templates = {**board.settings.templates, key: event.value}
    retired = _retired(board.settings, f"template:{key}", is_retired=event.is_retired)
    _use(board, at_ms, event, ("template", key), templates=templates, retired=retired)


def policy_rules_changed(board: Board, event: setting.PolicyRulesChanged, at_ms: int) -> None:
    """The next choice of a policy is held to it."""
    _use(board, at_ms, event, ("policy_rules", ""), policy_rules=event.value)


def _use(
    board: Board,
    at_ms: int,
    event: setting.SettingChanged,
    what: tuple[SettingKind, str],
    **parts: Any,  # noqa: ANN401 - fields of Settings
) -> None:
    """Have the settings with some parts in place of others in force, and the change on the list."""
    kind, key = what
    change = SettingChange(board.seq, at_ms, kind, key, event.changes, event.by, event.reason)
    changes = (*board.settings.changes, change)[-MAX_CHANGES:]
    board.use_settings(msgspec.structs.replace(board.settings, **parts, changes=changes))


def _with(settings: Settings, own: TargetSet) -> tuple[TargetSet, ...]:
    about = (own.desk_id, own.area_class, own.priority)
    others = (
        each for each in settings.targets if (each.desk_id, each.area_class, each.priority) != about
    )
    return (*others, own)


def _retired(settings: Settings, name: str, *, is_retired: bool) -> tuple[str, ...]:
    others = tuple(each for each in settings.retired if each != name)
    return (*others, name) if is_retired else others


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    setting.IncidentTypeChanged: type_changed,
    setting.ArrivalTargetChanged: arrival_target_changed,
    setting.FirstOrderTargetChanged: first_order_target_changed,
    setting.ClockChanged: clock_changed,
    setting.ResponsePlanChanged: plan_changed,
    setting.UnitProfileChanged: unit_changed,
    setting.SeatProfileChanged: seat_changed,
    setting.TemplateChanged: template_changed,
    setting.PolicyRulesChanged: policy_rules_changed,
}
