"""Broadcasts to units (广播): sent by name for a time, read by each, ended with their cause."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name
from kuaifan.board.broadcasts import list_audience, list_person_broadcasts
from kuaifan.board.lookup import get_open_incident
from kuaifan.board.papers import StandingBroadcast
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import broadcast
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.person_numbers import NUMBER_OF_A_PERSON

MINUTE_MS: Final = 60_000


def send_broadcast(board: Board, command: broadcast.Broadcast, now_ms: int) -> list[Event]:
    """Tell many units at once (广播)."""
    text, person = command.text.strip(), command.person.strip()
    need_name(command.by, zh="广播须填写发布人", en="say who sends the broadcast")
    if not text and not person:
        raise Refused("no_text", "广播须写明内容", "say in a few words what the units are to know")
    if NUMBER_OF_A_PERSON.search(text):
        raise Refused(
            "about_a_person",
            "广播内容不得含手机号或身份证号；涉及人员的描述须写入在办警情的人员栏",
            "leave out numbers of people; what describes a person goes into the field for it, "
            "under a running incident",
        )
    _check_person(board, command, person)
    if len(board.broadcasts) >= broadcast.MAX_STANDING:
        raise Refused(
            "too_many_broadcasts",
            f"有效广播已达 {broadcast.MAX_STANDING} 条，请先停止过时的",
            f"{broadcast.MAX_STANDING} broadcasts hold; end those that are out of date",
        )
    unit_ids = list_audience(board, command.audience, command.to)
    if not unit_ids:
        raise Refused(
            "nobody_there",
            "该范围内没有在勤警力，广播无人可收",
            "no unit on duty fits; choose another audience",
        )
    return [
        broadcast.BroadcastSent(
            broadcast_id=f"B{board.n_broadcasts + 1}",
            text=text,
            by=command.by.strip(),
            subject=command.subject,
            audience=command.audience,
            to=command.to,
            incident_id=command.incident_id,
            person=person,
            unit_ids=unit_ids,
            expires_at_ms=now_ms + command.minutes * MINUTE_MS,
        )
    ]


def _check_person(board: Board, command: broadcast.Broadcast, person: str) -> None:
    """A person is described only under an incident that runs, and in the field that is sealed."""
    if command.incident_id:
        get_open_incident(board, command.incident_id)
    elif person or command.subject == "person":
        raise Refused(
            "person_without_incident",
            "查找人员的广播须关联在办警情，随警情结束失效；不建立人员名单",
            "a person is looked out for only within a running incident; name it",
        )
    if command.subject == "person" and not person:
        raise Refused(
            "no_person", "请在人员栏填写体貌特征", "describe the person in the field for it"
        )
    if person and command.subject != "person":
        raise Refused(
            "not_about_a_person",
            "人员栏只用于查找人员的广播",
            "the field of a person is for a broadcast about one",
        )


def read_broadcast(board: Board, command: broadcast.ReadBroadcast, _now_ms: int) -> list[Event]:
    """A crew has read it (广播已阅)."""
    standing = _get_broadcast(board, command.broadcast_id)
    if command.unit_id not in standing.unit_ids:
        raise Refused(
            "not_addressed",
            f"广播 {standing.broadcast_id} 不是发给 {command.unit_id} 的",
            f"broadcast {standing.broadcast_id} is not for unit {command.unit_id}",
        )
    if command.unit_id in standing.read_at_ms:
        raise Refused(
            "already_read",
            f"{command.unit_id} 已阅广播 {standing.broadcast_id}",
            f"unit {command.unit_id} has read broadcast {standing.broadcast_id} already",
        )
    return [broadcast.BroadcastRead(broadcast_id=standing.broadcast_id, unit_id=command.unit_id)]


def end_broadcast(board: Board, command: broadcast.EndBroadcast, _now_ms: int) -> list[Event]:
    """It holds no more (停止广播)."""
    standing = _get_broadcast(board, command.broadcast_id)
    need_name(command.by, zh="停止广播须填写经办人", en="say who ends the broadcast")
    return [broadcast.BroadcastEnded(broadcast_id=standing.broadcast_id, by=command.by.strip())]


def expire_broadcast(board: Board, command: broadcast.ExpireBroadcast, _now_ms: int) -> list[Event]:
    """Its time is over, or its incident is (广播到期)."""
    if command.broadcast_id not in board.broadcasts:
        return []
    return [broadcast.BroadcastEnded(broadcast_id=command.broadcast_id, by="")]


def on_sent(_board: Board, event: broadcast.BroadcastSent, _now_ms: int) -> list[Follow]:
    """Its end is set with it."""
    expire = broadcast.ExpireBroadcast(broadcast_id=event.broadcast_id)
    return [SetTimer(_timer_id(event.broadcast_id), event.expires_at_ms, expire)]


def on_ended(_board: Board, event: broadcast.BroadcastEnded, _now_ms: int) -> list[Follow]:
    """There is nothing to end any more."""
    return [CancelTimer(_timer_id(event.broadcast_id))]


def on_incident_over(
    board: Board, event: incidents.IncidentClosed | incidents.IncidentMerged, _now_ms: int
) -> list[Follow]:
    """Nobody is looked out for beyond the incident."""
    return [
        broadcast.ExpireBroadcast(broadcast_id=each.broadcast_id)
        for each in list_person_broadcasts(board, event.incident_id)
    ]


def _get_broadcast(board: Board, broadcast_id: str) -> StandingBroadcast:
    if (standing := board.broadcasts.get(broadcast_id)) is None:
        raise Refused(
            "unknown_broadcast",
            f"没有广播 {broadcast_id}，或已结束",
            f"there is no broadcast {broadcast_id}, or it has ended",
        )
    return standing


def _timer_id(broadcast_id: str) -> str:
    return f"broadcast:{broadcast_id}"


RULES = Rules[Board](
    deciders={
        broadcast.Broadcast: send_broadcast,
        broadcast.ReadBroadcast: read_broadcast,
        broadcast.EndBroadcast: end_broadcast,
        broadcast.ExpireBroadcast: expire_broadcast,
    },
    reactions={
        broadcast.BroadcastSent: [on_sent],
        broadcast.BroadcastEnded: [on_ended],
        incidents.IncidentClosed: [on_incident_over],
        incidents.IncidentMerged: [on_incident_over],
    },
)
