"""Access as it is written down (访问留痕): who came, what was granted, what was opened and why."""

from __future__ import annotations

from kuaifan.board.asking import need_reason
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import access

MS_PER_MINUTE = 60_000


def log_on(_board: Board, command: access.LogOnPerson, _now_ms: int) -> list[Event]:
    """A person has proved who it is (人员登录)."""
    return [
        access.PersonLoggedOn(person=command.person, means=command.means, address=command.address)
    ]


def log_off(_board: Board, command: access.LogOffPerson, _now_ms: int) -> list[Event]:
    """A person leaves (人员退出)."""
    return [access.PersonLoggedOff(person=command.person, reason=command.reason)]


def lock(_board: Board, command: access.LockPerson, _now_ms: int) -> list[Event]:
    """Too many wrong tries (锁定账号)."""
    return [
        access.PersonLocked(
            person=command.person, n_failed=command.n_failed, address=command.address
        )
    ]


def release(_board: Board, command: access.ReleasePerson, _now_ms: int) -> list[Event]:
    """Somebody answers for it (解除锁定); never the person itself."""
    if command.by == command.person:
        raise Refused(
            "own_lockout",
            "不能自行解除锁定，请联系指挥长或安全管理员",
            "nobody releases itself: ask the commander or the security administrator",
        )
    return [access.PersonReleased(person=command.person, by=command.by)]


def change(_board: Board, command: access.ChangeAccount, _now_ms: int) -> list[Event]:
    """An account is made, changed or ended (账号变更)."""
    return [
        access.AccountChanged(
            person=command.person,
            change=command.change,
            by=command.by,
            roles=command.roles,
            desk_id=command.desk_id,
            unit_id=command.unit_id,
        )
    ]


def break_glass(board: Board, command: access.BreakGlass, now_ms: int) -> list[Event]:
    """Somebody must see at once what is not theirs (紧急授权)."""
    need_reason(command.reason)
    return [
        access.GlassBroken(
            glass_id=f"G{board.access.n_glass + 1}",
            person=command.person,
            reason=command.reason,
            until_ms=now_ms + command.minutes * MS_PER_MINUTE,
            desk_id=command.desk_id,
        )
    ]


def review_glass(board: Board, command: access.ReviewGlass, _now_ms: int) -> list[Event]:
    """An administrator has looked at it (紧急授权复核); never who did it."""
    glass = board.access.glass.get(command.glass_id)
    if glass is None:
        raise Refused(
            "unknown_glass",
            f"没有待复核的紧急授权 {command.glass_id}",
            f"no use of break-glass {command.glass_id} waits for a review",
        )
    if glass.person == command.by:
        raise Refused(
            "own_glass", "不能复核自己的紧急授权", "nobody reviews its own use of break-glass"
        )
    need_reason(command.finding)
    return [access.GlassReviewed(glass_id=command.glass_id, by=command.by, finding=command.finding)]


def read_record(_board: Board, command: access.ReadRecord, _now_ms: int) -> list[Event]:
    """It is about to be shown (调阅记录)."""
    return [
        access.RecordRead(
            person=command.person,
            what=command.what,
            purpose=command.purpose,
            incident_id=command.incident_id,
            call_id=command.call_id,
            reason=command.reason,
        )
    ]


def log_search(_board: Board, command: access.LogSearch, _now_ms: int) -> list[Event]:
    """Its answer is about to be shown (检索留痕)."""
    return [
        access.SearchLogged(
            person=command.person,
            text=command.text,
            n_found=command.n_found,
            n_withheld=command.n_withheld,
            purpose=command.purpose,
            reason=command.reason,
        )
    ]


def log_refused(_board: Board, command: access.LogRefusedRight, _now_ms: int) -> list[Event]:
    """Somebody tried what its role may not (越权留痕)."""
    return [
        access.RightRefused(
            person=command.person, role=command.role, right=command.right, at=command.at
        )
    ]


RULES = Rules[Board](
    deciders={
        access.LogOnPerson: log_on,
        access.LogOffPerson: log_off,
        access.LockPerson: lock,
        access.ReleasePerson: release,
        access.ChangeAccount: change,
        access.BreakGlass: break_glass,
        access.ReviewGlass: review_glass,
        access.ReadRecord: read_record,
        access.LogSearch: log_search,
        access.LogRefusedRight: log_refused,
    },
)
