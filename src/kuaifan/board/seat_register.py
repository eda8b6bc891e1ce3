"""What the register says of a seat (席位档案), held against who logs on there."""

from __future__ import annotations

from kuaifan.board.state import Board
from kuaifan.kernel.message import Refused


def check_register(board: Board, seat_id: str, desk_id: str, skills: tuple[str, ...]) -> None:
    """Refuse: seat_retired, seat_of_other_desk, seat_skill; a seat in no register may do all."""
    profile = board.settings.seats.get(seat_id)
    if profile is None:
        return
    if board.settings.is_retired("seat", seat_id):
        raise Refused(
            "seat_retired", f"席位 {seat_id} 已停用", f"seat {seat_id} is retired; take another"
        )
    if profile.desk_id and profile.desk_id != desk_id:
        raise Refused(
            "seat_of_other_desk",
            f"席位 {seat_id} 属指挥席 {profile.desk_id}",
            f"seat {seat_id} belongs to desk {profile.desk_id}",
        )
    beyond = [skill for skill in skills if profile.skills and skill not in profile.skills]
    if beyond:
        raise Refused(
            "seat_skill",
            f"席位 {seat_id} 不能担任 {'、'.join(beyond)}，档案中为 {'、'.join(profile.skills)}",
            f"seat {seat_id} may not take {', '.join(beyond)}; its register says "
            f"{', '.join(profile.skills)}",
        )


def extension_of_register(board: Board, seat_id: str, said: str) -> str:
    """The telephone a person says, or that of the register; or refuse: seat_extension."""
    profile = board.settings.seats.get(seat_id)
    registered = profile.extension if profile else ""
    if said and registered and said != registered:
        raise Refused(
            "seat_extension",
            f"席位 {seat_id} 的档案分机为 {registered}，与 {said} 不符",
            f"the register has extension {registered} for seat {seat_id}, not {said}; leave it "
            "empty, or have the register changed",
        )
    return said or registered
