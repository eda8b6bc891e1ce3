"""Publish targets and clocks (更改时限): what is promised, and when the desk is reminded."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from kuaifan.board.queue_clock import list_queue_timers
from kuaifan.board.reference import DEFAULT_AREA_CLASS, Reference
from kuaifan.board.setting_edits import need_author, need_changes
from kuaifan.board.settings import levels_of
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import setting
from kuaifan.vocabulary.setting import FieldChange

ARRIVAL_S: Final = (30, 4 * 3600)
"""A promise to be on scene is kept in half a minute at best, and is none after four hours."""
FIRST_ORDER_S: Final = (5, 2 * 3600)
CLOCK_S: Final = (5, 24 * 3600)
QUEUE_PERCENT: Final = (1, 500)
MS: Final = 1_000
PERMILLE_PER_PERCENT: Final = 10


def change_arrival_target(
    board: Board, command: setting.ChangeArrivalTarget, _now_ms: int
) -> list[Event]:
    """The time to be on scene, by area and priority (更改到场时限)."""
    need_author(command)
    reference = board.reference
    _check_desk(reference, command.desk_id)
    known = area_classes(reference)
    if command.area_class not in known:
        raise Refused(
            "unknown_area_class",
            f"没有区域等级 {command.area_class}，本市有 {'、'.join(known)}",
            f"there is no area class {command.area_class}; known are {', '.join(known)}",
        )
    _check_bounds(command.target_s, ARRIVAL_S, "到场时限", "the time to be on scene")
    old_ms = reference.target_ms(command.priority, command.area_class, command.desk_id)
    changes = _one("target_s", old_ms // MS, command.target_s)
    return [
        setting.ArrivalTargetChanged(
            by=command.by,
            reason=command.reason,
            changes=need_changes(changes),
            desk_id=command.desk_id,
            area_class=command.area_class,
            priority=command.priority,
            target_ms=command.target_s * MS,
        )
    ]


def change_first_order_target(
    board: Board, command: setting.ChangeFirstOrderTarget, _now_ms: int
) -> list[Event]:
    """The time from the place known to the first order (更改首派时限)."""
    need_author(command)
    _check_desk(board.reference, command.desk_id)
    _check_bounds(command.target_s, FIRST_ORDER_S, "首派时限", "the time to the first order")
    old_ms = board.reference.first_order_ms(command.priority, command.desk_id)
    changes = _one("target_s", old_ms // MS, command.target_s)
    return [
        setting.FirstOrderTargetChanged(
            by=command.by,
            reason=command.reason,
            changes=need_changes(changes),
            desk_id=command.desk_id,
            priority=command.priority,
            target_ms=command.target_s * MS,
        )
    ]


def change_clock(board: Board, command: setting.ChangeClock, _now_ms: int) -> list[Event]:
    """When a clock reminds (更改提醒时限); each level is somebody's, so their number stays."""
    need_author(command)
    is_queue = command.clock == "queue"
    factor = PERMILLE_PER_PERCENT if is_queue else MS
    old = levels_of(board.reference.clocks, command.clock)
    if len(command.levels) != len(old):
        raise Refused(
            "wrong_levels",
            f"该时限共 {len(old)} 级，须逐级填写",
            f"this clock has {len(old)} levels; give each of them",
        )
    if any(one >= two for one, two in pairwise(command.levels)):
        raise Refused(
            "levels_not_rising",
            "各级时限须逐级增大",
            "each level comes later than the one before",
        )
    bounds = QUEUE_PERCENT if is_queue else CLOCK_S
    for level in command.levels:
        _check_bounds(level, bounds, "各级时限", "a level", "%" if is_queue else "秒")
    new = tuple(level * factor for level in command.levels)
    before = ";".join(f"{level / factor:g}" for level in old)
    changes = _one("levels", before, ";".join(str(level) for level in command.levels))
    return [
        setting.ClockChanged(
            by=command.by,
            reason=command.reason,
            changes=need_changes(changes),
            clock=command.clock,
            levels=new,
        )
    ]


def on_queue_times(
    board: Board, event: setting.FirstOrderTargetChanged | setting.ClockChanged, now_ms: int
) -> list[Follow]:
    """Whoever waits is measured by the new times at once. O(incidents)."""
    if isinstance(event, setting.ClockChanged) and event.clock != "queue":
        return []
    return [timer for each in board.incidents for timer in list_queue_timers(board, each, now_ms)]


def area_classes(reference: Reference) -> list[str]:
    """Area classes a target may be given for: those with targets, or with ground in the city."""
    named = {area_class for _, area_class in reference.targets_ms}
    named.update(area.area_class for area in reference.areas)
    return sorted(named | {DEFAULT_AREA_CLASS})


def _one(field: str, old: object, new: object) -> list[FieldChange]:
    return [] if str(old) == str(new) else [FieldChange(field, str(old), str(new))]


def _check_desk(reference: Reference, desk_id: str) -> None:
    if desk_id and desk_id not in reference.desks:
        raise Refused(
            "unknown_desk",
            f"没有指挥席 {desk_id}",
            f"there is no desk {desk_id}; leave it empty for the whole city",
        )


def _check_bounds(value: int, bounds: tuple[int, int], zh: str, en: str, unit: str = "秒") -> None:
    low, high = bounds
    if not low <= value <= high:
        raise Refused(
            "out_of_bounds",
            f"{zh}须在 {low} 至 {high} {unit}之间，不能为 {value}",
            f"{en} lies between {low} and {high}, {value} does not",
        )


RULES = Rules[Board](
    deciders={
        setting.ChangeArrivalTarget: change_arrival_target,
        setting.ChangeFirstOrderTarget: change_first_order_target,
        setting.ChangeClock: change_clock,
    },
    reactions={
        setting.FirstOrderTargetChanged: [on_queue_times],
        setting.ClockChanged: [on_queue_times],
    },
)
