"""Records are held, or erased in good order (留存与销毁): by two persons, never what is open."""

from __future__ import annotations

from collections.abc import Iterable

from kuaifan.board.asking import need_reason
from kuaifan.board.keeping import AskedErasure
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Rules
from kuaifan.vocabulary import keeping


def hold(board: Board, command: keeping.HoldRecord, now_ms: int) -> list[Event]:
    """Records are kept whatever their term (法定保全)."""
    need_reason(command.reason)
    _need_records(command.incident_ids, command.call_ids)
    if command.until_ms <= now_ms:
        raise Refused(
            "hold_is_over",
            "保全截止时间须在现在之后",
            "a hold ends after now: give a later until_ms",
        )
    return [
        keeping.RecordHeld(
            hold_id=f"H{board.keeping.n_holds + 1}",
            person=command.person,
            reason=command.reason,
            until_ms=command.until_ms,
            incident_ids=command.incident_ids,
            call_ids=command.call_ids,
        )
    ]


def release(board: Board, command: keeping.ReleaseHold, _now_ms: int) -> list[Event]:
    """A hold ends before its time (解除保全)."""
    need_reason(command.reason)
    if command.hold_id not in board.keeping.holds:
        raise Refused(
            "unknown_hold", f"没有保全 {command.hold_id}", f"there is no hold {command.hold_id}"
        )
    return [
        keeping.HoldReleased(hold_id=command.hold_id, person=command.person, reason=command.reason)
    ]


def request(board: Board, command: keeping.RequestErasure, now_ms: int) -> list[Event]:
    """Somebody wants records erased (申请销毁)."""
    need_reason(command.reason)
    _need_records(command.incident_ids, command.call_ids)
    _check_erasable(board, command.incident_ids, command.call_ids, now_ms)
    return [
        keeping.ErasureRequested(
            erasure_id=_next_id(board),
            person=command.person,
            ground=command.ground,
            reason=command.reason,
            incident_ids=command.incident_ids,
            call_ids=command.call_ids,
        )
    ]


def decide(board: Board, command: keeping.DecideErasure, now_ms: int) -> list[Event]:
    """The second person agrees, or not (复核销毁)."""
    asked = _get_erasure(board, command.erasure_id)
    if asked.is_ordered:
        raise Refused("already_decided", "该销毁已决定", "this erasure is decided already")
    if asked.person == command.person:
        raise Refused(
            "own_erasure", "不能复核自己申请的销毁", "nobody agrees to the erasure it asked for"
        )
    if not command.approves:
        need_reason(command.reason)
        return [
            keeping.ErasureRejected(
                erasure_id=command.erasure_id, person=command.person, reason=command.reason
            )
        ]
    _check_erasable(board, asked.incident_ids, asked.call_ids, now_ms)
    return [
        keeping.ErasureOrdered(
            erasure_id=command.erasure_id,
            person=command.person,
            ground=asked.ground,  # type: ignore[arg-type]  # a ground it came with
            incident_ids=asked.incident_ids,
            call_ids=asked.call_ids,
            input_seqs=(),
        )
    ]


def erase_expired(board: Board, command: keeping.EraseExpired, now_ms: int) -> list[Event]:
    """Records are over their term (到期销毁)."""
    if not (command.incident_ids or command.call_ids or command.input_seqs):
        raise _no_records()
    _check_erasable(board, command.incident_ids, command.call_ids, now_ms)
    return [
        keeping.ErasureOrdered(
            erasure_id=_next_id(board),
            person="",
            ground="term",
            incident_ids=command.incident_ids,
            call_ids=command.call_ids,
            input_seqs=command.input_seqs,
        )
    ]


def confirm(board: Board, command: keeping.ConfirmErasure, _now_ms: int) -> list[Event]:
    """The keys are destroyed (确认销毁)."""
    if not _get_erasure(board, command.erasure_id).is_ordered:
        raise Refused("not_decided", "该销毁尚未复核", "nobody has agreed to this erasure yet")
    return [
        keeping.ErasureDone(
            erasure_id=command.erasure_id, n_erased=command.n_erased, n_held=command.n_held
        )
    ]


def _check_erasable(
    board: Board, incident_ids: Iterable[str], call_ids: Iterable[str], now_ms: int
) -> None:
    incident_ids, call_ids = tuple(incident_ids), tuple(call_ids)
    shown = [each for each in incident_ids if each in board.incidents]
    shown += [each for each in call_ids if each in board.calls]
    if shown:
        raise Refused(
            "still_open",
            f"{shown[0]} 尚在办理或刚办结，归档后方可销毁",
            f"{shown[0]} is in hand or closed lately: it is erased once it has left the board",
        )
    held = board.keeping.find_held(incident_ids, call_ids, now_ms)
    if held is not None:
        raise Refused("held", f"{held} 已依法保全，不得销毁", f"{held} is under a legal hold")


def _get_erasure(board: Board, erasure_id: str) -> AskedErasure:
    found = board.keeping.erasures.get(erasure_id)
    if found is None:
        raise Refused(
            "unknown_erasure",
            f"没有待办的销毁 {erasure_id}",
            f"there is no erasure {erasure_id} under way",
        )
    return found


def _need_records(incident_ids: tuple[str, ...], call_ids: tuple[str, ...]) -> None:
    if not (incident_ids or call_ids):
        raise _no_records()


def _no_records() -> Refused:
    return Refused("no_records", "须指明警情或来电", "name the incidents or calls it is about")


def _next_id(board: Board) -> str:
    return f"X{board.keeping.n_erasures + 1}"


RULES = Rules[Board](
    deciders={
        keeping.HoldRecord: hold,
        keeping.ReleaseHold: release,
        keeping.RequestErasure: request,
        keeping.DecideErasure: decide,
        keeping.EraseExpired: erase_expired,
        keeping.ConfirmErasure: confirm,
    },
)
