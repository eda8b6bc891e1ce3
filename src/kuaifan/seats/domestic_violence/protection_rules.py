"""Protection orders (人身安全保护令): with their end, and opened when somebody calls from there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kuaifan.board.asking import need_name, need_reason
from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.entities import Incident
from kuaifan.board.item_papers import Item
from kuaifan.board.items import close_item, get_item, move_item
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.state import Board
from kuaifan.geo.points import METRES_PER_DEGREE, distance_m
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.domestic_violence import happened, words
from kuaifan.seats.domestic_violence.items_of import get_household_of, opened
from kuaifan.seats.domestic_violence.kinds import PROTECTED_CALL, PROTECTION
from kuaifan.seats.domestic_violence.papers import Protection, get_household, slice_of

HALF_YEAR_MS: Final = 184 * DAY_MS
"""Six months at most (反家庭暴力法第三十条)."""


def register(board: Board, command: words.RegisterProtection, now_ms: int) -> list[Event]:
    """A court made an order (登记人身安全保护令)."""
    household, mine = get_household(board, command.household_id), slice_of(board)
    need_name(command.by)
    told = (command.court, command.number, command.address)
    if not all(each.strip() for each in told):
        raise Refused(
            "order_incomplete",
            "须填写法院、文号和保护地址",
            "an order has a court, a number and a protected address",
        )
    _check_times(command.from_ms, command.until_ms, now_ms)
    if any(
        (o.court, o.number) == (command.court, command.number) for o in mine.protections.values()
    ):
        raise Refused(
            "order_known", f"{command.court} {command.number} 已登记", "this order is known already"
        )
    protection_id = f"{household.incident_id}-P{len(mine.protections) + 1}"
    return [
        happened.ProtectionRegistered(
            incident_id=household.incident_id,
            household_id=household.household_id,
            protection_id=protection_id,
            court=command.court,
            number=command.number,
            address=command.address.strip(),
            measures=command.measures,
            lat=command.lat,
            lon=command.lon,
            from_ms=command.from_ms,
            until_ms=command.until_ms,
            by=command.by,
        ),
        opened(
            board,
            PROTECTION,
            household,
            due_at_ms=_notice(board, command.until_ms, now_ms),
            subject_id=protection_id,
        ),
    ]


def _check_times(from_ms: int, until_ms: int, now_ms: int) -> None:
    if until_ms <= max(from_ms, now_ms):
        raise Refused("order_expired", "保护令已到期", "the order has run out already")
    if until_ms - from_ms > HALF_YEAR_MS:
        raise Refused(
            "order_too_long",
            "保护令有效期不超过六个月，可延长",
            "an order holds six months at most, and can be extended",
        )


def _notice(board: Board, until_ms: int, now_ms: int) -> int:
    """When somebody asks whether it is to be extended: some days before it ends."""
    return max(now_ms, until_ms - slice_of(board).terms.order_notice_days * DAY_MS)


def _get_order(board: Board, item: Item) -> Protection:
    get_household_of(board, item)
    return slice_of(board).protections[item.subject_id]


def extend(board: Board, command: words.ExtendProtection, now_ms: int) -> list[Event]:
    """The court extended it (延长保护令), while it held."""
    item = get_item(board, command.item_id, PROTECTION)
    order = _get_order(board, item)
    need_name(command.by)
    if now_ms >= order.until_ms:
        raise Refused(
            "order_expired",
            f"保护令 {order.number} 已到期，请另行登记",
            f"order {order.number} has run out: a new one is registered anew",
        )
    if command.until_ms <= order.until_ms:
        raise Refused("not_longer", "新期限须晚于原期限", "an extension ends later than before")
    _check_times(order.until_ms, command.until_ms, now_ms)
    due_at_ms = _notice(board, command.until_ms, now_ms)
    return [
        happened.ProtectionExtended(
            incident_id=item.incident_id,
            protection_id=order.protection_id,
            until_ms=command.until_ms,
            by=command.by,
        ),
        move_item(PROTECTION, item, "in_force", by=command.by, due_at_ms=due_at_ms),
    ]


def ask_extension(board: Board, command: words.AskExtension, now_ms: int) -> list[Event]:
    """Whether an extension is wanted was asked (征询延长意愿); then its end is waited for."""
    item = get_item(board, command.item_id, PROTECTION)
    order = _get_order(board, item)
    need_name(command.by)
    due_at_ms = max(now_ms, order.until_ms)
    return [
        happened.ExtensionAsked(
            incident_id=item.incident_id,
            protection_id=order.protection_id,
            is_wanted=command.is_wanted,
            by=command.by,
        ),
        move_item(
            PROTECTION, item, "ending", by=command.by, due_at_ms=due_at_ms, note=command.note
        ),
    ]


def end(board: Board, command: words.EndProtection, now_ms: int) -> list[Event]:
    """It has run out, or was revoked (保护令终止)."""
    item = get_item(board, command.item_id, PROTECTION)
    order = _get_order(board, item)
    need_name(command.by)
    if command.outcome == "revoked":
        need_reason(command.reason)
    elif now_ms < order.until_ms:
        raise Refused(
            "order_in_force",
            f"保护令 {order.number} 尚未到期",
            f"order {order.number} has not run out yet",
        )
    return [
        happened.ProtectionEnded(
            incident_id=item.incident_id,
            protection_id=order.protection_id,
            outcome=command.outcome,
            by=command.by,
        ),
        close_item(PROTECTION, item, command.outcome, by=command.by, note=command.reason),
    ]


def list_orders_at(board: Board, incident: Incident, now_ms: int) -> Iterator[Protection]:
    """Orders in force for the place of an incident: by its words, or by its point."""
    mine = slice_of(board)
    address = incident.address.strip()
    # No two places are nearer than their latitudes are: most orders are out at a glance.
    radius_deg = (mine.terms.protected_radius_m + 1) / METRES_PER_DEGREE
    for order in mine.protections.values():
        if not order.holds_at(now_ms):
            continue
        is_near = (
            incident.is_placed
            and abs(incident.lat - order.lat) <= radius_deg
            and distance_m(incident.lat, incident.lon, to_lat=order.lat, to_lon=order.lon)
            <= mine.terms.protected_radius_m
        )
        if is_near or (address and address == order.address):
            yield order


def note_call(board: Board, command: words.NoteProtectedCall, now_ms: int) -> list[Event]:
    """Somebody calls from a protected address (保护地址来警): the order is on the screen, once."""
    mine = slice_of(board)
    order = mine.protections.get(command.protection_id)
    if order is None or command.incident_id in order.judged:
        return []
    household = mine.households[order.household_id]
    return [
        happened.ProtectedCallNoted(
            incident_id=command.incident_id, protection_id=order.protection_id
        ),
        opened(
            board,
            PROTECTED_CALL,
            household,
            due_at_ms=now_ms + mine.terms.protected_call_min * MINUTE_MS,
            subject_id=order.protection_id,
            incident_id=command.incident_id,
        ),
    ]


def judge_call(board: Board, command: words.JudgeProtectedCall, _now_ms: int) -> list[Event]:
    """Whether it is a breach (研判是否违反保护令); why not is said."""
    item = get_item(board, command.item_id, PROTECTED_CALL)
    need_name(command.by)
    if not command.is_breach:
        need_reason(command.note)
    outcome = "breach" if command.is_breach else "no_breach"
    return [
        happened.ProtectedCallJudged(
            incident_id=item.incident_id,
            protection_id=item.subject_id,
            is_breach=command.is_breach,
            by=command.by,
        ),
        close_item(PROTECTED_CALL, item, outcome, by=command.by, note=command.note),
    ]


DECIDERS: Final = {
    words.RegisterProtection: register,
    words.ExtendProtection: extend,
    words.AskExtension: ask_extension,
    words.EndProtection: end,
    words.NoteProtectedCall: note_call,
    words.JudgeProtectedCall: judge_call,
}
