"""Intake 接警 from paper (纸质补录): numbers reserved beforehand, cards with their true times."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import msgspec

from kuaifan.board.card_blocks import CardBlock
from kuaifan.board.grading import record_class_of
from kuaifan.board.letters import check_whole, letter_needed, wants_letter
from kuaifan.board.lookup import get_road_place, get_type, get_unit, get_unit_on_duty
from kuaifan.board.progress import DONE_STATES
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import kinship, paper
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.paper import EnterPaperCard, PaperOrder, ReserveCardNumbers

DAYS: Final = paper.MAX_AGE_MS // 86_400_000


class Written(msgspec.Struct, frozen=True):
    """A time on a card (单上时间), with what it is called."""

    at_ms: int
    zh: str
    en: str


def reserve_numbers(board: Board, command: ReserveCardNumbers, _now_ms: int) -> list[Event]:
    """Numbers leave the row for good (预留纸质编号), whether a card is ever written or not."""
    if not command.by.strip():
        raise Refused("no_name", "须填写预留人", "say who reserves the numbers")
    if command.desk_id not in board.reference.desks:
        raise Refused(
            "unknown_desk",
            f"没有指挥席 {command.desk_id}",
            f"there is no desk {command.desk_id}",
        )
    return [
        paper.CardNumbersReserved(
            block_id=f"K{len(board.card_blocks) + 1}",
            desk_id=command.desk_id,
            first_no=board.n_incidents + 1,
            n_cards=command.n_cards,
            by=command.by,
        )
    ]


def enter_card(board: Board, command: EnterPaperCard, now_ms: int) -> list[Event]:
    """One card, whole or not at all (补录): what is over stays over, what is open goes on live."""
    if not command.by.strip():
        raise Refused("no_name", "须填写补录人", "say who types the card in")
    block = _get_block(board, command.incident_id)
    incident_type = get_type(board, command.type_code)
    _check_times(command, now_ms)
    _check_orders(board, command)
    _check_results(command, incident_type)
    call_id = f"C{board.n_calls + 1}"
    return [
        *_call_events(command, call_id),
        _opened(board, command, incident_type, call_id, block.desk_id),
        *_placed(board, command),
        *(each for i in range(len(command.orders)) for each in _order_events(board, command, i)),
        *_settled(command),
        paper.PaperCardEntered(
            block_id=block.block_id,
            incident_id=command.incident_id,
            call_id=call_id,
            by=command.by,
            written_by=command.written_by,
            outage_from_ms=command.outage_from_ms,
        ),
    ]


def on_entered(board: Board, event: paper.PaperCardEntered, _now_ms: int) -> list[Follow]:
    """What is still open may have been reported anew since the desk is back."""
    incident = board.incidents[event.incident_id]
    if incident.state in DONE_STATES or not incident.is_placed:
        return []
    return [kinship.SuggestDuplicates(incident_id=event.incident_id)]


def _get_block(board: Board, incident_id: str) -> CardBlock:
    """Return the numbers a card's is one of, or refuse: card_not_reserved, card_used."""
    digits = incident_id.removeprefix("J")
    is_number = incident_id.startswith("J") and digits.isascii() and digits.isdecimal()
    number = int(digits) if is_number and not digits.startswith("0") else -1
    block = next((each for each in board.card_blocks.values() if each.holds(number)), None)
    if block is None:
        raise Refused(
            "card_not_reserved",
            f"编号 {incident_id} 不在预留的纸质编号内，请核对单上编号",
            f"number {incident_id} was not reserved for paper; check it on the card",
        )
    if number in block.used:
        raise Refused(
            "card_used",
            f"编号 {incident_id} 的纸质单已补录",
            f"the card with number {incident_id} has been typed in already",
        )
    return block


def _check_times(command: EnterPaperCard, now_ms: int) -> None:
    """Refuse: stamp_in_future, too_long_ago, before_outage, stamps_out_of_order."""
    called = Written(command.called_at_ms, "接警", "call")
    ended = Written(command.ended_at_ms, "通话结束", "end of the call")
    rows = [[called, ended], *([called, *_stamps(order)] for order in command.orders)]
    for row in rows:
        written = [each for each in row if each.at_ms]
        for each in written:
            _check_age(each, command.outage_from_ms, now_ms)
        for before, after in pairwise(written):
            if after.at_ms < before.at_ms:
                raise Refused(
                    "stamps_out_of_order",
                    f"“{after.zh}”早于“{before.zh}”，请核对时间",
                    f"the time of {after.en} lies before that of {before.en}; check both",
                )


def _check_age(written: Written, outage_from_ms: int, now_ms: int) -> None:
    if written.at_ms > now_ms:
        raise Refused(
            "stamp_in_future",
            f"“{written.zh}”时间在未来",
            f"the time of {written.en} lies in the future",
        )
    if written.at_ms < now_ms - paper.MAX_AGE_MS:
        raise Refused(
            "too_long_ago",
            f"“{written.zh}”时间超过 {DAYS} 天",
            f"the time of {written.en} is more than {DAYS} days ago",
        )
    if written.at_ms < outage_from_ms:
        raise Refused(
            "before_outage",
            f"“{written.zh}”时间早于系统中断开始时间",
            f"the time of {written.en} lies before the desk went down",
        )


def _check_orders(board: Board, command: EnterPaperCard) -> None:
    """Refuse: settled_with_orders, unit_twice, unknown_unit, not_handled, off_duty, unit_bound."""
    if command.settled and command.orders:
        raise Refused(
            "settled_with_orders",
            "已派警的单不能填写电话处置结果",
            "a card with units on it was not settled by phone; give each unit its own result",
        )
    unit_ids = [order.unit_id for order in command.orders]
    if twice := next((each for each in unit_ids if unit_ids.count(each) > 1), ""):
        raise Refused(
            "unit_twice", f"警力 {twice} 在单上出现两次", f"unit {twice} is on the card twice"
        )
    for order in command.orders:
        get_unit(board, order.unit_id)
        if not order.handled_at_ms:
            _check_still_out(board, order)


def _check_still_out(board: Board, order: PaperOrder) -> None:
    if _has_result(order):
        raise Refused(
            "not_handled",
            f"警力 {order.unit_id} 有反馈而无处理完毕时间",
            f"unit {order.unit_id} has a result but no time when it was done",
        )
    unit = get_unit_on_duty(board, order.unit_id)
    if unit.order_id:
        raise Refused(
            "unit_bound",
            f"警力 {unit.unit_id} 现有派警单 {unit.order_id}，纸质单须填写处理完毕时间",
            f"unit {unit.unit_id} has order {unit.order_id} now; say when it was done here",
        )


def _check_results(command: EnterPaperCard, incident_type: IncidentType) -> None:
    """Refuse what would be lost: disposition_needed, letter_incomplete, _reason, _needed."""
    for order in command.orders:
        if _has_result(order) and not order.disposition.strip():
            raise Refused(
                "disposition_needed",
                f"警力 {order.unit_id} 有反馈内容而无处置结果，请选择处置结果",
                f"unit {order.unit_id} has a feedback without a result; choose the result",
            )
        if order.letter is not None:
            check_whole(order.letter)
    told = [order for order in command.orders if order.disposition]
    if told and wants_letter(incident_type) and all(order.letter is None for order in told):
        raise letter_needed(command.incident_id)


def _has_result(order: PaperOrder) -> bool:
    """Whether the card says anything of what came of an order."""
    said = (order.disposition, order.story, order.fed_back_at_ms, order.letter)
    return any(said) or bool(order.n_caught or order.n_rescued)


def _stamps(order: PaperOrder) -> list[Written]:
    return [
        Written(order.sent_at_ms, "派警", "sending"),
        Written(order.signed_at_ms, "签收", "signing"),
        Written(order.en_route_at_ms, "出警", "wheels"),
        Written(order.arrived_at_ms, "到达", "arrival"),
        Written(order.handled_at_ms, "处理完毕", "handled"),
        Written(order.fed_back_at_ms, "反馈", "feedback"),
    ]


def _call_events(command: EnterPaperCard, call_id: str) -> list[Event]:
    at_ms = command.called_at_ms
    registered = calls.CallRegistered(
        call_id=call_id,
        line=command.line,
        caller_number=command.caller_number,
        stamp_at_ms=at_ms,
    )
    answered = calls.CallAnswered(call_id=call_id, seat_id=command.seat_id, stamp_at_ms=at_ms)
    named = calls.CallUpdated(call_id=call_id, caller_name=command.caller_name, caller_number=None)
    ended = calls.CallEnded(call_id=call_id, stamp_at_ms=command.ended_at_ms or at_ms)
    return [registered, answered, *([named] if command.caller_name else []), ended]


def _opened(
    board: Board, command: EnterPaperCard, incident_type: IncidentType, call_id: str, desk_id: str
) -> incidents.IncidentOpened:
    return incidents.IncidentOpened(
        incident_id=command.incident_id,
        call_id=call_id,
        source=command.line,
        type_code=incident_type.code,
        priority=min(command.priority or incident_type.priority, incident_type.priority),
        plan=incident_type.plan,
        route=incident_type.route,
        min_units=board.reference.n_units_of(incident_type),
        record_class=record_class_of(incident_type),
        narrative=command.narrative,
        address=command.address,
        desk_id=desk_id,
        stamp_at_ms=command.called_at_ms,
    )


def _placed(board: Board, command: EnterPaperCard) -> list[Event]:
    if (command.lat is None) != (command.lon is None):
        raise Refused(
            "half_a_place",
            "经纬度须同时填写",
            "a place needs latitude and longitude; give both, or neither and place it later",
        )
    if command.lat is None or command.lon is None:
        return []
    place = get_road_place(board, command.lat, command.lon)
    return [
        incidents.IncidentPlaced(
            incident_id=command.incident_id,
            lat=command.lat,
            lon=command.lon,
            address=command.address,
            arc=place.arc,
            fraction_ppm=place.fraction_ppm,
            offset_m=place.offset_m,
            jurisdiction=place.jurisdiction,
            area_class=place.area_class,
            district=place.district,
            desk_id=place.desk_id,
            stamp_at_ms=command.called_at_ms,
        )
    ]


def _order_events(board: Board, command: EnterPaperCard, order_i: int) -> list[Event]:
    """The order and every stage that the card has a time for; empty ones stay empty."""
    order, incident_id = command.orders[order_i], command.incident_id
    order_id, unit = f"{incident_id}-{order_i + 1}", get_unit(board, order.unit_id)
    sent = orders.UnitAssigned(
        order_id=order_id,
        incident_id=incident_id,
        unit_id=unit.unit_id,
        n_crew=unit.n_officers + unit.n_auxiliaries,
        rank=0,
        travel_ms=0,
        stamp_at_ms=order.sent_at_ms,
        is_over=order.handled_at_ms > 0,
    )
    steps = (
        (orders.OrderAcknowledged, order.signed_at_ms),
        (orders.UnitEnRoute, order.en_route_at_ms),
        (orders.UnitArrived, order.arrived_at_ms),
    )
    events: list[Event] = [sent]
    events += [
        kind(order_id=order_id, incident_id=incident_id, source="paper", stamp_at_ms=at_ms)
        for kind, at_ms in steps
        if at_ms
    ]
    if order.handled_at_ms:
        events.append(
            orders.OrderHandled(
                order_id=order_id,
                incident_id=incident_id,
                unit_id=unit.unit_id,
                source="paper",
                stamp_at_ms=order.handled_at_ms,
            )
        )
    if order.disposition:
        events.append(_feedback(order, order_id, incident_id))
    return events


def _feedback(order: PaperOrder, order_id: str, incident_id: str) -> orders.FeedbackGiven:
    return orders.FeedbackGiven(
        order_id=order_id,
        incident_id=incident_id,
        disposition=order.disposition,
        story=order.story,
        parties=(),
        n_caught=order.n_caught,
        n_rescued=order.n_rescued,
        letter=order.letter,
        stamp_at_ms=order.fed_back_at_ms or order.handled_at_ms,
        source="paper",
    )


def _settled(command: EnterPaperCard) -> list[Event]:
    if not command.settled:
        return []
    return [
        incidents.IncidentSettled(
            incident_id=command.incident_id,
            disposition=command.settled,
            stamp_at_ms=command.ended_at_ms or command.called_at_ms,
        )
    ]


RULES = Rules[Board](
    deciders={ReserveCardNumbers: reserve_numbers, EnterPaperCard: enter_card},
    reactions={paper.PaperCardEntered: [on_entered]},
)
