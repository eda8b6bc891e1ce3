"""What a change of a setting does now (更改影响): counted on the board as it stands, never guessed.

The board is only read. `under` shows it as it would be with the change, for rules that look up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import Any, Final

import msgspec

from kuaifan.board.entities import Incident, Order
from kuaifan.board.queue_clock import queue_since_ms, waits_for_order
from kuaifan.board.settings import levels_of
from kuaifan.board.shortfall import shortfall_of
from kuaifan.board.state import Board
from kuaifan.vocabulary import setting
from kuaifan.vocabulary.priority_rules import PriorityRule

MAX_NAMED: Final = 8
PERMILLE: Final = 1_000
ORDER_CLOCKS: Final[Mapping[str, tuple[str, str]]] = {
    "unsigned": ("dispatched", "t4_ms"),
    "not_moving": ("acknowledged", "t5_ms"),
    "silent_on_scene": ("on_scene", "t7_ms"),
    "feedback": ("handled", "t8_ms"),
}
"""Clocks of an order: the state in which they run, and the stamp they run from."""


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a change does (一项影响); ids: the first few it does it to."""

    code: str
    n: int
    text_zh: str
    text_en: str
    ids: tuple[str, ...] = ()


def list_effects(board: Board, event: setting.SettingChanged, now_ms: int) -> list[Effect]:
    """What is another at once if the event happens now. O(incidents + orders + units)."""
    counted = EFFECTS.get(type(event))
    return counted(board, event, now_ms) if counted else []


def _arrival(board: Board, event: setting.ArrivalTargetChanged, now_ms: int) -> list[Effect]:
    about = [
        incident
        for incident in _open(board)
        if (incident.priority, incident.area_class) == (event.priority, event.area_class)
        and _is_measured(board, incident, event)
    ]
    waited = {each.incident_id: _arrival_wait_ms(board, each, now_ms) for each in about}
    old_ms = board.reference.target_ms(event.priority, event.area_class, event.desk_id)
    return _crossed(about, waited, old_ms=old_ms, new_ms=event.target_ms, what="到场")


def _first_order(board: Board, event: setting.FirstOrderTargetChanged, now_ms: int) -> list[Effect]:
    about = [
        incident
        for incident in _open(board)
        if incident.priority == event.priority
        and waits_for_order(board, incident.incident_id)
        and _is_first_order_measured(board, incident, event)
    ]
    waited = {each.incident_id: now_ms - queue_since_ms(board, each.incident_id) for each in about}
    old_ms = board.reference.first_order_ms(event.priority, event.desk_id)
    return _crossed(about, waited, old_ms=old_ms, new_ms=event.target_ms, what="首派")


def _clock(board: Board, event: setting.ClockChanged, now_ms: int) -> list[Effect]:
    old = levels_of(board.reference.clocks, event.clock)
    if event.clock == "queue":
        return _queue_shares(board, old, event.levels, now_ms)
    if event.clock not in ORDER_CLOCKS:
        return [
            Effect(
                code="from_next_start",
                n=0,
                text_zh="从下一次计时起按新时限提醒；已在计时的按原时限到本级为止",
                text_en="holds from the next start on; what runs now keeps its present level",
            )
        ]
    state, stamp = ORDER_CLOCKS[event.clock]
    running = [order for order in board.orders.values() if order.state == state]
    past_old = [each for each in running if now_ms - getattr(each, stamp) >= old[0]]
    past_new = [each for each in running if now_ms - getattr(each, stamp) >= event.levels[0]]
    return [
        _some("running", running, "个派警单正在此项计时", "orders are on this clock now"),
        _some("past_first_old", past_old, "个已超过原第一级", "are past the first level as it was"),
        _some("past_first_new", past_new, "个已超过新第一级", "are past the first level as new"),
    ]


def _queue_shares(
    board: Board, old: tuple[int, ...], new: tuple[int, ...], now_ms: int
) -> list[Effect]:
    waiting = [each for each in _open(board) if waits_for_order(board, each.incident_id)]

    def past(share: int) -> list[Incident]:
        return [
            each
            for each in waiting
            if now_ms - queue_since_ms(board, each.incident_id)
            >= board.reference.first_order_ms(each.priority, each.desk_id) * share // PERMILLE
        ]

    return [
        _some("waiting", waiting, "起警情待派", "incidents wait for an order"),
        _some("past_first_old", past(old[0]), "起已超过原第一级", "are past the first level, old"),
        _some("past_first_new", past(new[0]), "起已超过新第一级", "are past the first level, new"),
    ]


def _type(board: Board, event: setting.IncidentTypeChanged, _now_ms: int) -> list[Effect]:
    value = event.value
    having = [each for each in _open(board) if each.type_code == value.code]
    rules = [rule for rule in board.reference.priority_rules if _names(rule, value.key)]
    old = board.reference.types.get(value.code)
    old_units = board.reference.n_units_of(old) if old else 0
    new_units = board.reference.n_units_of(value)
    facts = tuple(sorted({fact for rule in rules for fact in rule.facts}))
    return [
        _some(
            "keep_theirs",
            having,
            "起在办警情属此类，等级、预案和警力数保持不变",
            "open incidents are of this type; they keep priority, plan and number of units",
        ),
        Effect(
            code="units_asked",
            n=new_units,
            text_zh=f"新警情应派警力：{old_units} → {new_units}",
            text_en=f"units asked for by a new one: {old_units} to {new_units}",
        ),
        Effect(
            code="rules",
            n=len(rules),
            text_zh=f"{len(rules)} 条定级规则提到此类",
            text_en=f"{len(rules)} rules of priority name it",
            ids=facts[:MAX_NAMED],
        ),
    ]


def _plan(board: Board, event: setting.ResponsePlanChanged, _now_ms: int) -> list[Effect]:
    plan, view = event.value, under(board, event)
    types = [each for each in board.reference.types.values() if each.plan == plan.code]
    having = [each for each in _open(board) if each.plan == plan.code and each.is_placed]
    starts = [
        each
        for each in having
        if shortfall_of(view, each).is_short and not shortfall_of(board, each).is_short
    ]
    stops = [
        each
        for each in having
        if shortfall_of(board, each).is_short and not shortfall_of(view, each).is_short
    ]
    named = tuple(f"{each.code} {each.name_cn}" for each in types[:MAX_NAMED])
    effects = [
        Effect(
            code="types",
            n=len(types),
            text_zh=f"{len(types)} 个类别使用此预案",
            text_en=f"{len(types)} types use it",
            ids=named,
        ),
        _some("open", having, "起在办警情按此预案派警", "open incidents go by it"),
        _some("short_now", starts, "起将转为警力不足", "of them would be short of units"),
        _some("short_no_more", stops, "起不再缺警力", "of them would be short no longer"),
    ]
    return effects + [_with_skill(board, each.skill, each.n) for each in plan.capabilities]


def _unit(board: Board, event: setting.UnitProfileChanged, _now_ms: int) -> list[Effect]:
    old, new = board.reference.units.get(event.unit_id), event.value
    there = [each for each in board.units.values() if each.home_post_id == new.home_post_id]
    others = [each for each in there if each.unit_id != event.unit_id and not each.is_retired]
    effects = [
        Effect(
            code="at_post",
            n=len(others),
            text_zh=f"驻点 {new.home_post_id} 另有 {len(others)} 个警力",
            text_en=f"{len(others)} other units have the post {new.home_post_id}",
            ids=tuple(each.call_sign for each in others[:MAX_NAMED]),
        )
    ]
    was = set(old.skills) if old and not board.settings.is_retired("unit", event.unit_id) else set()
    now = set() if event.is_retired else set(new.skills)
    return effects + [_skill_count(board, skill, was, now) for skill in sorted(was ^ now)]


def _seat(board: Board, event: setting.SeatProfileChanged, _now_ms: int) -> list[Effect]:
    there = board.desk_seats.get(event.value.seat_id)
    if there is None or there.state == "off":
        return [
            Effect(code="nobody", n=0, text_zh="该席位当前无人", text_en="nobody sits there now")
        ]
    return [
        Effect(
            code="taken",
            n=1,
            text_zh=f"{there.person} 在席，下次签入起按新档案",
            text_en=f"{there.person} sits there; it holds from the next log-on",
        )
    ]


def _template(board: Board, event: setting.TemplateChanged, _now_ms: int) -> list[Effect]:
    templates, use = board.settings.templates.values(), event.value.use
    peers = [each for each in templates if each.use == use]
    in_use = [x for x in peers if not board.settings.is_retired("template", x.template_id)]
    return [
        Effect(
            code="peers",
            n=len(in_use),
            text_zh=f"此用途现有 {len(in_use)} 条常用语",
            text_en=f"{len(in_use)} templates are there for this use",
        )
    ]


def under(board: Board, event: setting.ResponsePlanChanged) -> Board:
    """The board as the rules would see it with another plan; only to be read."""
    view = copy(board)
    plans = {**board.settings.plans, event.value.code: event.value}
    view.reference = board.reference.under(plans={**board.reference.plans, **plans})
    return view


def _open(board: Board) -> list[Incident]:
    return [each for each in board.incidents.values() if not each.is_over]


def _is_measured(board: Board, incident: Incident, event: setting.ArrivalTargetChanged) -> bool:
    """Whether the changed target is the one that an incident is measured by."""
    if event.desk_id:
        return incident.desk_id == event.desk_id
    desk = board.reference.desks.get(incident.desk_id)
    return desk is None or (event.priority, event.area_class) not in desk.targets_ms


def _is_first_order_measured(
    board: Board, incident: Incident, event: setting.FirstOrderTargetChanged
) -> bool:
    if event.desk_id:
        return incident.desk_id == event.desk_id
    desk = board.reference.desks.get(incident.desk_id)
    return desk is None or not desk.first_order_ms


def _arrival_wait_ms(board: Board, incident: Incident, now_ms: int) -> int:
    """Since the first order, while nobody is there; 0 before it and after."""
    sent = board.active_orders(incident)
    if not sent or any(order.t7_ms for order in sent):
        return 0
    return now_ms - min(order.t4_ms for order in sent)


def _crossed(
    about: list[Incident], waited: Mapping[str, int], *, old_ms: int, new_ms: int, what: str
) -> list[Effect]:
    """How many get another target, and which of them it makes late or lets off."""
    late_old = [each for each in about if old_ms and waited[each.incident_id] > old_ms]
    late_new = [each for each in about if waited[each.incident_id] > new_ms]
    more = [each for each in late_new if each not in late_old]
    fewer = [each for each in late_old if each not in late_new]
    return [
        _some("other_target", about, f"起在办警情换用新的{what}时限", "open incidents go by it"),
        _some("late_now", more, "起将立即超时", "of them would be late at once"),
        _some("late_no_more", fewer, "起不再算超时", "of them would be late no longer"),
    ]


def _names(rule: PriorityRule, key: str) -> bool:
    return key in rule.subjects or rule.to_type == key


def _with_skill(board: Board, skill: str, n_asked: int) -> Effect:
    units = [unit for unit in board.units.values() if skill in unit.skills and not unit.is_retired]
    n_out = sum(unit.status != "off_duty" for unit in units)
    return Effect(
        code="skill",
        n=n_out,
        text_zh=f"{skill}：要求 {n_asked}，全市 {len(units)} 个，在勤 {n_out} 个",
        text_en=f"{skill}: {n_asked} asked for, {len(units)} in the city, {n_out} on duty",
        ids=(skill,),
    )


def _skill_count(board: Board, skill: str, was: set[str], now: set[str]) -> Effect:
    units = [unit for unit in board.units.values() if skill in unit.skills and not unit.is_retired]
    n_after = len(units) + (skill in now) - (skill in was)
    return Effect(
        code="skill",
        n=n_after,
        text_zh=f"全市有 {skill} 的警力：{len(units)} → {n_after}",
        text_en=f"units with {skill} in the city: {len(units)} to {n_after}",
        ids=(skill,),
    )


def _some(code: str, things: Iterable[Incident | Order], zh: str, en: str) -> Effect:
    ids = [getattr(each, "order_id", "") or getattr(each, "incident_id", "") for each in things]
    return Effect(
        code=code,
        n=len(ids),
        text_zh=f"{len(ids)} {zh}",
        text_en=f"{len(ids)} {en}",
        ids=tuple(ids[:MAX_NAMED]),
    )


EFFECTS: Final[Mapping[type, Callable[[Board, Any, int], list[Effect]]]] = {
    setting.ArrivalTargetChanged: _arrival,
    setting.FirstOrderTargetChanged: _first_order,
    setting.ClockChanged: _clock,
    setting.IncidentTypeChanged: _type,
    setting.ResponsePlanChanged: _plan,
    setting.UnitProfileChanged: _unit,
    setting.SeatProfileChanged: _seat,
    setting.TemplateChanged: _template,
}
