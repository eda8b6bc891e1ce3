"""Finding mediation cases, rooms and mediators, or refusing in words (调解查找)."""

from __future__ import annotations

from kuaifan.board.case_class import class_of_case, class_of_incident
from kuaifan.board.item_papers import Item
from kuaifan.board.items import get_item
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused
from kuaifan.seats.mediation.kinds import CASE
from kuaifan.seats.mediation.papers import SEAT_ID, Mediation, Mediator, Past, Room, Slice
from kuaifan.vocabulary.record_class import RecordClass


def slice_of(board: Board) -> Slice:
    """What the seat keeps."""
    mine: Slice = board.seats[SEAT_ID]
    return mine


def get_mediation(board: Board, mediation_id: str) -> Mediation:
    """Return a mediation case, or refuse: unknown_mediation."""
    if (paper := slice_of(board).cases.get(mediation_id)) is None:
        raise Refused(
            "unknown_mediation",
            f"没有调解案 {mediation_id}，或已归档",
            f"there is no mediation {mediation_id}, or it is too old",
        )
    return paper


def find_earlier(mine: Slice, mediation_id: str) -> Mediation | Past | None:
    """A case that a later one may take up again, on the board or what stays of it."""
    return mine.cases.get(mediation_id) or mine.past.get(mediation_id)


def get_running(board: Board, mediation_id: str) -> tuple[Mediation, Item]:
    """Return a case that is not decided and its item, or refuse: mediation_over."""
    paper = get_mediation(board, mediation_id)
    if paper.outcome:
        raise Refused(
            "mediation_over",
            f"调解案 {mediation_id} 已有结果（{paper.outcome}）",
            f"mediation {mediation_id} is decided already: {paper.outcome}",
        )
    return paper, get_item(board, paper.item_id, CASE)


def get_willing(board: Board, mediation_id: str) -> tuple[Mediation, Item]:
    """Return a running case to which both have said yes, or refuse: consent_missing."""
    paper, item = get_running(board, mediation_id)
    if paper.consents != {"a": True, "b": True}:
        raise Refused(
            "consent_missing",
            f"调解案 {mediation_id} 尚未取得双方同意，不得调解",
            f"mediation {mediation_id} needs the consent of both parties first",
        )
    return paper, item


def get_room(board: Board, room_id: str) -> Room:
    """Return a room that is open, or refuse: unknown_room, room_shut."""
    if (room := slice_of(board).rooms.get(room_id)) is None:
        raise Refused("unknown_room", f"没有调解室 {room_id}", f"there is no room {room_id}")
    if not room.is_open:
        raise Refused("room_shut", f"{room.name} 已停用", f"{room.name} is not in use")
    return room


def get_mediator(board: Board, mediator_id: str) -> Mediator:
    """Return a mediator who works, or refuse: unknown_mediator, mediator_left."""
    if (mediator := slice_of(board).mediators.get(mediator_id)) is None:
        raise Refused(
            "unknown_mediator",
            f"没有调解员 {mediator_id}",
            f"there is no mediator {mediator_id}",
        )
    if not mediator.is_active:
        raise Refused("mediator_left", f"{mediator.name} 已离任", f"{mediator.name} has left")
    return mediator


def class_of(board: Board, paper: Mediation) -> RecordClass:
    """Of what class its record is: that of its incident, which may leave the board before it."""
    incident = board.incidents.get(paper.incident_id)
    if incident is None:
        return class_of_case(board, paper.incident_id, paper.record_class)
    return class_of_incident(board, incident)
