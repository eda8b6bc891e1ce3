"""Which papers of the desk leave the board (投诉归档): a complaint some time after its end."""

from __future__ import annotations

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.seat_archive import Gone, Retires, Whose
from kuaifan.board.state import Board
from kuaifan.seats.complaints.lookup import slice_of
from kuaifan.seats.complaints.papers import Complaint, Slice


def is_over(board: Board, complaint: Complaint, now_ms: int) -> bool:
    """Concluded, answered, corrected where it had to be, and some time ago."""
    owed = (complaint.item_id, complaint.correction_item_id, complaint.attend_item_id)
    if not complaint.ended_at_ms or any(each in board.items for each in owed):
        return False
    ended_ms = max(complaint.ended_at_ms, complaint.corrected_at_ms)
    return now_ms >= ended_ms + slice_of(board).terms.kept_days * DAY_MS


def whose(_mine: Slice, _complaint_id: str, complaint: Complaint) -> Whose:
    """Of the class that no crew reads."""
    return Whose(complaint.incident_id, complaint.desk_id, "complaint")


def gone(left: Gone) -> None:
    """Nothing finds it any more."""
    left.mine.by_incident.pop(left.paper.incident_id, None)
    left.mine.by_their_id.pop(f"{left.paper.channel}:{left.paper.their_id}", None)


def back(come: Gone) -> None:
    """It is found as before."""
    come.mine.by_incident.setdefault(come.paper.incident_id, come.paper_id)
    if come.paper.their_id:
        key = f"{come.paper.channel}:{come.paper.their_id}"
        come.mine.by_their_id.setdefault(key, come.paper_id)


RETIRES = (Retires(table="complaints", is_over=is_over, whose=whose, gone=gone, back=back),)
