"""The radio (电台报告): a line typed by the dispatcher does what the crew's button would do.

What a word asks for is worked out before it is accepted, by the same function that then asks for
it: a report that can do nothing comes back to the dispatcher as a refusal, never as silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.asking import need_name
from kuaifan.board.call_signs import get_called_unit
from kuaifan.board.entities import Order, Unit
from kuaifan.board.lookup import check_no_emergency, get_road_place, get_unit_on_duty
from kuaifan.board.order_steps import check_unbound, get_order_before, get_order_to_arrive
from kuaifan.board.road_times import profile_of
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import reinforce, voice
from kuaifan.vocabulary.emergency import DeclareEmergency
from kuaifan.vocabulary.unit import SetUnitStatus
from kuaifan.vocabulary.voice import VoiceLine, VoiceWord, parse_voice_line

MIN_UNCERTAINTY_M: Final = 10
"""No word is as sure as a fix; 0 is kept for the satellites."""
SCENE_UNCERTAINTY_M: Final = 100
MAX_BACKUP: Final = 60


def enter_voice_report(board: Board, command: voice.EnterVoiceReport, _now_ms: int) -> list[Event]:
    """Take a line apart, find the unit, and see that what it says can be done (电台报告录入)."""
    need_name(command.entered_by, zh="须填写录入人", en="say who enters the report")
    line = parse_voice_line(command.text)
    unit = get_unit_on_duty(board, get_called_unit(board, line.who).unit_id)
    reported = voice.VoiceReported(
        unit_id=unit.unit_id,
        order_id=unit.order_id,
        word=_word(line),
        entered_by=command.entered_by,
        n_units=_n_units(line),
    )
    MEANINGS[reported.word](board, unit, reported)
    return [reported, *_placed(board, unit, reported.word, command)]


def on_reported(board: Board, event: voice.VoiceReported, _now_ms: int) -> list[Follow]:
    """What the crew's own button would ask for, stamped source=voice."""
    return [*MEANINGS[event.word](board, board.units[event.unit_id], event)]


Meaning = Callable[[Board, Unit, voice.VoiceReported], list[Command]]


def _signed(board: Board, unit: Unit, _said: voice.VoiceReported) -> list[Command]:
    """A read-back counts as signed: a new order first, then a withdrawal, then a change."""
    order_id = _unsigned_withdrawal(board, unit)
    if order_id:
        return [orders.AcknowledgeWithdrawal(order_id=order_id, source="voice")]
    order = _order_of(board, unit)
    if order.state != "dispatched" and order.amendment_signed_no < order.amendment_no:
        return [
            reinforce.AcknowledgeAmendment(
                order_id=order.order_id, amendment_no=order.amendment_no, source="voice"
            )
        ]
    order = get_order_before(board, order.order_id, "acknowledged")
    return [orders.AcknowledgeOrder(order_id=order.order_id, source="voice")]


def _unsigned_withdrawal(board: Board, unit: Unit) -> str:
    """The void order that a read-back means, empty where it means the order the unit has now."""
    order = board.orders.get(unit.order_id)
    if order is not None and order.state == "dispatched":
        return ""
    unsigned = (each for each in unit.unsigned_withdrawal_ids if each in board.orders)
    return next(unsigned, "")


def _en_route(board: Board, unit: Unit, _said: voice.VoiceReported) -> list[Command]:
    order = get_order_before(board, _order_of(board, unit).order_id, "en_route")
    return [orders.ReportEnRoute(order_id=order.order_id, source="voice")]


def _arrived(board: Board, unit: Unit, _said: voice.VoiceReported) -> list[Command]:
    order = get_order_to_arrive(board, _order_of(board, unit).order_id, "voice")
    return [orders.ReportArrival(order_id=order.order_id, source="voice")]


def _handled(board: Board, unit: Unit, _said: voice.VoiceReported) -> list[Command]:
    return [orders.ReportHandled(order_id=_order_of(board, unit).order_id, source="voice")]


def _backup(board: Board, unit: Unit, said: voice.VoiceReported) -> list[Command]:
    order = _order_of(board, unit)
    return [
        reinforce.RequestBackup(
            incident_id=order.incident_id,
            n_units=said.n_units or 1,
            order_id=order.order_id,
            reason=f"voice of {unit.call_sign}",
        )
    ]


def _emergency(_board: Board, unit: Unit, _said: voice.VoiceReported) -> list[Command]:
    check_no_emergency(unit, "already_in_emergency")
    name = unit.crew_name or unit.call_sign
    return [DeclareEmergency(unit_id=unit.unit_id, declared_by=name, source="voice")]


def _back(board: Board, unit: Unit, _said: voice.VoiceReported) -> list[Command]:
    check_unbound(board, unit)
    return [SetUnitStatus(unit_id=unit.unit_id, status="at_post")]


def _nothing_more(_board: Board, _unit: Unit, _said: voice.VoiceReported) -> list[Command]:
    return []


MEANINGS: Final[Mapping[VoiceWord, Meaning]] = {
    "signed": _signed,
    "en_route": _en_route,
    "arrived": _arrived,
    "handled": _handled,
    "at": _nothing_more,
    "backup": _backup,
    "emergency": _emergency,
    "back": _back,
    "safe": _nothing_more,
}
"""What each word asks for (用语含义); refuses where the unit can do no such thing now."""


def _order_of(board: Board, unit: Unit) -> Order:
    if not unit.order_id:
        raise Refused(
            "no_order",
            f"警力 {unit.call_sign} 没有未完成的派警单",
            f"unit {unit.call_sign} has no order open; there is nothing to report on",
        )
    return board.orders[unit.order_id]


def _word(line: VoiceLine) -> VoiceWord:
    if line.word is None:
        known = [forms[0] for forms in voice.WORDS.values()]
        raise Refused(
            "unknown_word",
            f"“{line.said}”不是电台用语；可用：{'、'.join(known)}",
            f"{line.said!r} is no word of the radio; use one of {', '.join(known)}",
        )
    return line.word


def _n_units(line: VoiceLine) -> int:
    """How many more units the crew asks for, 0 where it did not say or asked for none."""
    number = re.search(r"\d+", line.rest) if line.word == "backup" else None
    if number is None:
        return 0
    n_units = int(number.group())
    if not 1 <= n_units <= MAX_BACKUP:
        raise Refused(
            "bad_number",
            f"增援数 {n_units} 须在 1 至 {MAX_BACKUP} 之间",
            f"{n_units} units cannot be asked for; say 1 to {MAX_BACKUP}",
        )
    return n_units


def _placed(
    board: Board, unit: Unit, word: VoiceWord, command: voice.EnterVoiceReport
) -> list[Event]:
    """Where the words put the unit; an arrival puts it at its incident, unless a fix knows."""
    if word == "at":
        if command.lat is None or command.lon is None:
            raise Refused(
                "place_needed",
                "“在”之后须有能查到的地点",
                "say where the unit is; the place has to be found, with latitude and longitude",
            )
        uncertainty_m = max(MIN_UNCERTAINTY_M, command.uncertainty_m)
        return [_placed_at(board, unit, (command.lat, command.lon), uncertainty_m)]
    if word == "arrived" and (not unit.has_gps or unit.position_source != "gps"):
        incident = board.incidents[board.orders[unit.order_id].incident_id]
        if incident.is_placed:
            place = (incident.lat, incident.lon)
            return [_placed_at(board, unit, place, SCENE_UNCERTAINTY_M)]
    return []


def _placed_at(
    board: Board, unit: Unit, place: tuple[float, float], uncertainty_m: int
) -> voice.UnitPlaced:
    found = get_road_place(board, *place, profile=profile_of(board, unit.unit_id, is_urgent=False))
    return voice.UnitPlaced(
        unit_id=unit.unit_id,
        lat=place[0],
        lon=place[1],
        arc=found.arc,
        fraction_ppm=found.fraction_ppm,
        uncertainty_m=uncertainty_m,
        source="voice",
    )


RULES = Rules[Board](
    deciders={voice.EnterVoiceReport: enter_voice_report},
    reactions={voice.VoiceReported: [on_reported]},
)
