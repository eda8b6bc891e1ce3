"""Finding complaints, or refusing in words (投诉查找); nobody looks into their own."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import is_same_person
from kuaifan.board.entities import Unit
from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused
from kuaifan.seats.complaints.papers import SEAT_ID, Complaint, Feedback, Slice, State

STATES: Final[dict[str, tuple[str, str]]] = {
    "received": ("待核查", "to be looked into"),
    "inquiring": ("核查中", "being looked into"),
    "answering": ("待答复", "to be answered"),
    "closed": ("已办结", "closed"),
}


def slice_of(board: Board) -> Slice:
    """What the desk keeps."""
    mine: Slice = board.seats[SEAT_ID]
    return mine


def get_complaint(board: Board, complaint_id: str) -> Complaint:
    """Return a complaint, or refuse: unknown_complaint."""
    if (found := slice_of(board).complaints.get(complaint_id)) is None:
        raise Refused(
            "unknown_complaint",
            f"没有投诉 {complaint_id}，或已归档",
            f"there is no complaint {complaint_id}, or it is too old",
        )
    return found


def get_in(board: Board, complaint_id: str, *states: State) -> Complaint:
    """Return a complaint that stands so, or refuse: complaint_<state>."""
    found = get_complaint(board, complaint_id)
    if found.state not in states:
        zh, en = STATES[found.state]
        raise Refused(
            f"complaint_{found.state}",
            f"投诉 {complaint_id} 当前为“{zh}”，此时不能这样做",
            f"complaint {complaint_id} is {en}: this cannot be done now",
        )
    return found


def get_feedback(board: Board, feedback_id: str) -> Feedback:
    """Return a message that waits for its answer, or refuse: unknown_feedback."""
    if (found := slice_of(board).feedback.get(feedback_id)) is None:
        raise Refused(
            "unknown_feedback",
            f"没有待答复的意见建议 {feedback_id}",
            f"there is no message {feedback_id}, or it is answered",
        )
    return found


def refuse_own(board: Board, complaint: Complaint, *names: str) -> None:
    """Refuse: own_case. Nobody of a unit complained of looks into it, or says what was found."""
    incident = board.incidents.get(complaint.incident_id)
    units = [board.units[each] for each in (incident.complained_of if incident else ())]
    own = next((unit for unit in units if _speaks_for(unit, names)), None)
    if own is not None:
        raise Refused(
            "own_case",
            f"{own.call_sign} 是被投诉警组，其人员不得办理投诉 {complaint.complaint_id}",
            f"complaint {complaint.complaint_id} is about {own.call_sign}: nobody of it deals "
            "with it",
        )


def _speaks_for(unit: Unit, names: tuple[str, ...]) -> bool:
    """Whether one of these names is the unit's, or of whoever it is named after."""
    own = {unit.unit_id, unit.call_sign, unit.crew_name} - {""}
    return any(is_same_person(name, each) for name in names for each in own)
