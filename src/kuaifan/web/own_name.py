"""In one's own name (本人名义): behind a log-on a command says who acts as the session says it.

Nobody types who acts, and nobody types who consents: a supervisor acts for itself, everybody else
asks for an approval (vocabulary/approval.py).
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from kuaifan.kernel.message import Command
from kuaifan.vocabulary.acting import ACTING_FIELD, ACTS_BY, AT_SEAT, IDENTITY
from kuaifan.vocabulary.approval import AskApproval, consent_field, needs_consent
from kuaifan.vocabulary.command_rights import find_readers, find_right
from kuaifan.vocabulary.emergency import DeclareEmergency
from kuaifan.vocabulary.seat import AcceptSeat, LogOnSeat
from kuaifan.web.people import Visitor
from kuaifan.web.problems import Problem
from kuaifan.web.viewer import Viewer, need

SITS_DOWN: Final = (LogOnSeat, AcceptSeat)
"""Whoever sits down says its name itself."""
NEVER_TURNED_AWAY: Final = (DeclareEmergency,)
"""Whoever is in danger is not asked what it typed: the session says who it is."""
SAID_CHARS: Final = 40
SHOWN_CHARS: Final = 160
"""Of what a person is called: with its log-on name it stands where 200 characters may."""


def sign_of(visitor: Visitor) -> str:
    """A person as papers name it: what it is called, and the log-on name that nobody shares."""
    if visitor.display_name in {"", visitor.name}:
        return visitor.name
    return f"{visitor.display_name[:SHOWN_CHARS]}（{visitor.name}）"


def as_of(desk: Any, viewer: Viewer, message: Command, *, seat: str = "") -> Command:  # noqa: ANN401 - a Desk
    """The command as its sender may say it: for its own desk, in its own name.

    seat: what the sender calls its seat; it may stand for its name. Raises Problem 403 where it
    speaks for another, or names an approver.
    """
    visitor = viewer.visitor
    if visitor is None:
        return message
    _check_reader(viewer, message)
    if isinstance(message, AskApproval):
        need(viewer, find_right(type(message.what)) or "approve")
        asked = msgspec.structs.replace(message.what, **{consent_field(type(message.what)): ""})
        message = msgspec.structs.replace(
            message, what=as_of(desk, viewer, asked, seat=seat), person=message.person
        )
    message = _approved(viewer, visitor, message)
    if visitor.is_system:
        return message
    message = _of_own_desk(viewer, message)
    _check_seat(desk, visitor, message)
    return _in_own_name(viewer, visitor, message, seat)


def _check_reader(viewer: Viewer, message: Command) -> None:
    """What a seat does is done by those who work at it; other systems say what they bring."""
    readers = find_readers(type(message))
    if readers and not viewer.is_system and viewer.role not in readers:
        raise Problem(
            403,
            "forbidden",
            "not_this_seat",
            "该操作仅由其专席人员办理",
            "this is for those who work at its seat to do",
            tried=find_right(type(message)) or "",
        )


def _in_own_name(viewer: Viewer, visitor: Visitor, message: Command, seat: str) -> Command:
    if isinstance(message, SITS_DOWN):
        _check_own(visitor, message.person)
        return message
    field = ACTING_FIELD.get(type(message), getattr(type(message), ACTS_BY, None))
    if field is None:
        return message
    if not isinstance(message, NEVER_TURNED_AWAY):
        _check_own(visitor, getattr(message, field), seat, viewer.role, viewer.unit_id)
    name = visitor.name if type(message) in IDENTITY else sign_of(visitor)
    return msgspec.structs.replace(message, **{field: name})


def _check_own(visitor: Visitor, said: str, *also: str) -> None:
    said = said.strip()
    if said and said not in {visitor.name, visitor.display_name, sign_of(visitor), *also}:
        raise _for_another(said)


def _approved(viewer: Viewer, visitor: Visitor, message: Command) -> Command:
    """A supervisor's consent to its own act is its own name; everybody else has to ask."""
    field = consent_field(type(message))
    said = getattr(message, field, "").strip() if needs_consent(type(message)) else ""
    if not said:
        return message
    if not viewer.may("approve"):
        raise Problem(
            403,
            "forbidden",
            "approval_needed",
            "批准人须本人批准，不能代填：请申请批准",
            "whoever consents says so itself, nobody types its name: ask with AskApproval",
        )
    _check_own(visitor, said)
    return msgspec.structs.replace(message, **{field: sign_of(visitor)})


def _of_own_desk(viewer: Viewer, message: Command) -> Command:
    desk_id = getattr(message, "desk_id", None)
    if desk_id is None or viewer.sees_all_desks:
        return message
    if desk_id not in {"", "city", viewer.desk_id}:
        raise _for_another(desk_id)
    return msgspec.structs.replace(message, desk_id=viewer.desk_id)


def _check_seat(desk: Any, visitor: Visitor, message: Command) -> None:  # noqa: ANN401 - a Desk
    """Nobody answers for a seat that somebody else sits at."""
    seat_id = getattr(message, AT_SEAT.get(type(message), ""), "")
    shown = desk.store.find("seats", seat_id) if seat_id else None
    person = getattr(shown.row, "person", "") if shown is not None else ""
    if person and person not in {visitor.name, visitor.display_name, sign_of(visitor)}:
        raise _for_another(seat_id)


def _for_another(who: str) -> Problem:
    return Problem(
        403,
        "forbidden",
        "not_in_your_name",
        f"不能以 {who[:SAID_CHARS]} 的名义操作",
        f"nobody acts in the name of {who[:SAID_CHARS]!r}: leave it out",
    )
