"""The register and the counts of mediation (登记与计数): rooms, mediators, times, disputes."""

from __future__ import annotations

from kuaifan.board.asking import need_name
from kuaifan.board.items import HOUR_MS
from kuaifan.board.lookup import get_incident, get_type
from kuaifan.board.seat_terms import terms_of
from kuaifan.board.state import Board
from kuaifan.board.working_days import with_days
from kuaifan.kernel.message import Event, Refused
from kuaifan.seats.mediation import words
from kuaifan.seats.mediation.lookup import slice_of
from kuaifan.seats.mediation.papers import Mediator, Room, Terms


def keep_room(board: Board, command: words.KeepMediationRoom, _now_ms: int) -> list[Event]:
    """A room of the register (登记调解室), new or changed."""
    need_name(command.by)
    need_name(
        command.room_id,
        command.name,
        command.address,
        zh="须填写调解室编号、名称和地址",
        en="a room has an id, a name and an address",
    )
    kept = Room(command.room_id, command.name, command.address, command.is_open)
    if slice_of(board).rooms.get(command.room_id) == kept:
        raise _no_change(kept.name)
    return [
        words.MediationRoomKept(
            room_id=kept.room_id, name=kept.name, address=kept.address, is_open=kept.is_open
        )
    ]


def keep_mediator(board: Board, command: words.KeepMediator, _now_ms: int) -> list[Event]:
    """A mediator of the register (登记调解员), new or changed."""
    need_name(command.by)
    need_name(
        command.mediator_id,
        command.name,
        zh="须填写调解员编号和姓名",
        en="a mediator has an id and a name",
    )
    mine = slice_of(board)
    if command.room_id and command.room_id not in mine.rooms:
        raise Refused(
            "unknown_room",
            f"没有调解室 {command.room_id}",
            f"there is no room {command.room_id}",
        )
    kept = Mediator(
        command.mediator_id, command.name, command.kind, command.room_id, command.is_active
    )
    if mine.mediators.get(command.mediator_id) == kept:
        raise _no_change(kept.name)
    return [
        words.MediatorKept(
            mediator_id=kept.mediator_id,
            name=kept.name,
            kind=kept.kind,
            room_id=kept.room_id,
            is_active=kept.is_active,
        )
    ]


def set_terms(board: Board, command: words.SetMediationTerms, _now_ms: int) -> list[Event]:
    """Other times (设定调解时限); what runs keeps the due time it has."""
    need_name(command.by)
    was = slice_of(board).terms
    days = with_days(was.days, off=command.off_days, on=command.on_days)
    event = words.MediationTermsSet(
        by=command.by,
        consent_ms=_ms(command.consent_hours, was.consent_ms),
        first_ms=_ms(command.first_hours, was.first_ms),
        second_working_days=command.second_working_days or was.second_working_days,
        sign_ms=_ms(command.sign_hours, was.sign_ms),
        check_ms=_ms(command.check_hours, was.check_ms),
        route_ms=_ms(command.route_hours, was.route_ms),
        repeat_days=command.repeat_days or was.repeat_days,
        n_no_shows=command.n_no_shows or was.n_no_shows,
        off=days.off,
        on=days.on,
    )
    if terms_of(Terms, event) == was:
        raise Refused("nothing_new", "没有改动任何时限", "nothing is changed by this")
    return [event]


def count_dispute(board: Board, command: words.CountDispute, now_ms: int) -> list[Event]:
    """A dispute that has just been closed (纠纷计数), once."""
    incident = get_incident(board, command.incident_id)
    if incident.state != "closed" or incident.t10_ms != now_ms:
        raise Refused(
            "not_just_closed",
            f"警情 {incident.incident_id} 不是刚刚办结，不重复计数",
            f"incident {incident.incident_id} has not just been closed: it is counted once",
        )
    final = get_type(board, incident.final_type_code or incident.type_code)
    if final.class_key != "dispute":
        return []
    mine = slice_of(board)
    paper = mine.cases.get(mine.by_incident.get(incident.incident_id, ""))
    return [
        words.DisputeCounted(
            incident_id=incident.incident_id,
            opened_at_ms=incident.opened_at_ms,
            mediated=paper is not None and paper.n_held > 0,
        )
    ]


def retire(_board: Board, _command: words.RetireMediation, _now_ms: int) -> list[Event]:
    """Nothing (调解案归档): a timer of old logs; the seats' archive takes the case."""
    return []


def _ms(hours: int | None, was_ms: int) -> int:
    return was_ms if hours is None else hours * HOUR_MS


def _no_change(name: str) -> Refused:
    return Refused("no_change", f"{name} 登记内容没有变化", f"nothing about {name} would change")
