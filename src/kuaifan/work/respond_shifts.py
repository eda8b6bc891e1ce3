"""Shifts (勤务): a crew takes over a unit, says what it does, hands it on, goes home."""

from __future__ import annotations

from typing import Final

from kuaifan.board.entities import Order, Unit
from kuaifan.board.lookup import check_no_emergency, get_unit, get_unit_on_duty
from kuaifan.board.order_steps import check_unbound
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.policy.fleet import SKILLS
from kuaifan.vocabulary import unit as units
from kuaifan.vocabulary.order import WithdrawalLapsed
from kuaifan.vocabulary.reinforce import UnitReleased
from kuaifan.vocabulary.voice import UnitPlaced

POST_UNCERTAINTY_M: Final = 50
SAID_JUST_NOW_MS: Final = 600_000
"""A place said again sooner than this is no news."""
"""How far from its post a crew may stand that is said to be there."""
AT_ITS_POST: Final = frozenset({"at_post", "standby"})
UNDER_WAY: Final = frozenset({"dispatched", "acknowledged", "en_route"})


def start_shift(board: Board, command: units.StartShift, now_ms: int) -> list[Event]:
    """A crew takes over a unit (上勤); nobody begins without a position."""
    unit = get_unit(board, command.unit_id)
    if unit.is_retired:
        raise Refused(
            "unit_retired",
            f"警力 {unit.unit_id} 已停用，恢复后方可上勤",
            f"unit {unit.unit_id} is retired; bring it back into the register first",
        )
    if unit.status != "off_duty":
        raise Refused(
            "on_duty",
            f"警力 {unit.unit_id} 已在勤",
            f"unit {unit.unit_id} is on duty already; end that shift first",
        )
    if command.status == "off_duty":
        raise Refused(
            "use_shift",
            f"警力 {unit.unit_id} 上勤状态不能为下勤",
            f"unit {unit.unit_id}: a shift does not start off duty; say what the unit does",
        )
    _check_crew(unit, command.n_officers + command.n_auxiliaries)
    _check_skills(command.skills)
    started = units.ShiftStarted(
        unit_id=unit.unit_id,
        n_officers=command.n_officers,
        n_auxiliaries=command.n_auxiliaries,
        status=command.status,
        crew_name=command.crew_name,
        vehicle=command.vehicle,
        skills=command.skills,
    )
    return [*_lapsed(board, unit.unit_id), started, *_placed_at_post(board, unit, now_ms)]


def end_shift(board: Board, command: units.EndShift, _now_ms: int) -> list[Event]:
    """The crew goes off duty (下勤); no shift ends on an open order or in danger.

    Feedback may be written afterwards: its clock goes on, and the event names what is owed.
    """
    unit = get_unit_on_duty(board, command.unit_id)
    check_no_emergency(unit)
    check_unbound(board, unit)
    released = (
        UnitReleased(incident_id=incident_id, unit_id=unit.unit_id)
        for incident_id in unit.reserved_incident_ids
    )
    ended = units.ShiftEnded(unit_id=unit.unit_id, order_ids=_owed(board, unit.unit_id))
    return [*released, *_lapsed(board, unit.unit_id), ended]


def set_unit_status(board: Board, command: units.SetUnitStatus, now_ms: int) -> list[Event]:
    """The crew or the desk says what the unit does (设置警力状态)."""
    unit = get_unit(board, command.unit_id)
    if unit.status == "off_duty" or command.status == "off_duty":
        raise Refused(
            "use_shift",
            f"警力 {unit.unit_id} 上下勤须用交接班",
            f"unit {unit.unit_id}: going on or off duty is a shift, not a status",
        )
    check_unbound(board, unit)
    placed = _placed_at_post(board, unit, now_ms) if command.status in AT_ITS_POST else []
    changed = units.UnitStatusSet(unit_id=unit.unit_id, status=command.status, was=unit.status)
    return [changed, *placed]


def hand_over_shift(board: Board, command: units.HandOverShift, _now_ms: int) -> list[Event]:
    """One crew hands a unit to the next (警组交接班); open orders and feedback go along."""
    unit = get_unit_on_duty(board, command.unit_id)
    _check_names(unit, command)
    _check_crew(unit, command.n_officers + command.n_auxiliaries)
    check_no_emergency(unit)
    _check_relief(board, unit, command.approved_by)
    open_ids = (unit.order_id, *unit.beside_order_ids) if unit.order_id else ()
    return [
        units.ShiftHandedOver(
            unit_id=unit.unit_id,
            n_officers=command.n_officers,
            n_auxiliaries=command.n_auxiliaries,
            handed_by=command.handed_by,
            taken_by=command.taken_by,
            order_ids=(*open_ids, *_owed(board, unit.unit_id)),
            notes=command.notes,
            approved_by=command.approved_by,
        )
    ]


def _placed_at_post(board: Board, unit: Unit, now_ms: int) -> list[Event]:
    """The unit stands at its post, unless the satellites know better or this was said just now."""
    fleet, row = board.fleet, board.fleet.index[unit.unit_id]
    is_sure = fleet.arc[row] >= 0 and not fleet.uncertainty_m[row]
    post = board.reference.posts.get(unit.post_id)
    if post is None or (unit.has_gps and is_sure):
        return []
    is_there = (fleet.arc[row], fleet.fraction_ppm[row]) == (post.arc, post.fraction_ppm)
    is_news = now_ms - fleet.fix_at_ms[row] >= SAID_JUST_NOW_MS
    if unit.position_source == "post" and is_there and not is_news:
        return []
    return [
        UnitPlaced(
            unit_id=unit.unit_id,
            lat=post.lat,
            lon=post.lon,
            arc=post.arc,
            fraction_ppm=post.fraction_ppm,
            uncertainty_m=POST_UNCERTAINTY_M,
            source="post",
        )
    ]


def _owed(board: Board, unit_id: str) -> tuple[str, ...]:
    """Orders of the unit that are handled and not fed back."""
    owing = _list_owing(board, unit_id)
    return tuple(order.order_id for order in owing if order.state == "handled")


def _lapsed(board: Board, unit_id: str) -> list[Event]:
    """Withdrawals that a crew going home cannot sign any more.

    At the start of one: those that a shift left behind which ended before this was settled.
    """
    return [
        WithdrawalLapsed(order_id=order.order_id, incident_id=order.incident_id, unit_id=unit_id)
        for order in _list_owing(board, unit_id)
        if order.withdrawal_unsigned
    ]


def _list_owing(board: Board, unit_id: str) -> list[Order]:
    """Orders of which the unit still owes something, in the order in which they stand."""
    found = [
        order
        for order_id in board.owing_order_ids
        if (order := board.orders[order_id]).unit_id == unit_id
    ]
    if len(found) > 1:
        # Seldom; what was opened again stands behind what came after it.
        owing_ids = {order.order_id for order in found}
        return [order for order_id, order in board.orders.items() if order_id in owing_ids]
    return found


def _check_crew(unit: Unit, n_crew: int) -> None:
    if not n_crew:
        raise Refused(
            "no_crew", f"警力 {unit.unit_id} 无人", f"unit {unit.unit_id} needs at least one person"
        )


def _check_skills(skills: tuple[str, ...]) -> None:
    if unknown := [skill for skill in skills if skill not in SKILLS]:
        raise Refused(
            "unknown_skill",
            f"没有技能“{unknown[0]}”",
            f"skill {unknown[0]!r} is unknown; known are {', '.join(SKILLS)}",
        )


def _check_names(unit: Unit, command: units.HandOverShift) -> None:
    handed_by, taken_by = command.handed_by.strip(), command.taken_by.strip()
    if not (handed_by and taken_by):
        raise Refused(
            "no_name",
            f"警力 {unit.unit_id} 交接班须填写交班人和接班人",
            f"unit {unit.unit_id}: say who hands over and who takes over",
        )
    if handed_by == taken_by:
        raise Refused(
            "same_names",
            f"警力 {unit.unit_id} 交班人与接班人不能相同",
            f"unit {unit.unit_id}: {handed_by} cannot hand over to themself",
        )


def _check_relief(board: Board, unit: Unit, approved_by: str) -> None:
    """On the way nobody changes; on scene it is a relief, which a supervisor allows."""
    order = board.orders.get(unit.order_id)
    if order is None:
        return
    if order.state in UNDER_WAY:
        raise Refused(
            "under_way",
            f"警力 {unit.unit_id} 正赶赴警情 {order.incident_id}，到场或处理完毕后再交接",
            f"unit {unit.unit_id} is on its way to incident {order.incident_id}; "
            "hand over on scene or afterwards",
        )
    if not approved_by.strip():
        raise Refused(
            "supervisor_needed",
            f"警力 {unit.unit_id} 在警情 {order.incident_id} 现场，换班须值班领导批准",
            f"unit {unit.unit_id} is on scene at incident {order.incident_id}; "
            "a relief there needs the name of a supervisor",
        )


RULES = Rules[Board](
    deciders={
        units.StartShift: start_shift,
        units.EndShift: end_shift,
        units.SetUnitStatus: set_unit_status,
        units.HandOverShift: hand_over_shift,
    }
)
