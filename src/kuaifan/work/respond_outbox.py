"""What could not be told to anybody outside (外发失败): a person repeats it, or tells otherwise."""

from __future__ import annotations

from typing import Final

from kuaifan.board.outbox import Letter
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event, Refused
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import alarm, outbox
from kuaifan.vocabulary.outbox import MAX_LETTERS, PHONE

SAME_FAULT_MS: Final = 600_000
"""Letters of the telephones no further apart than this tell of one fault."""


def note_delivered(board: Board, command: outbox.NoteDelivered, _now_ms: int) -> list[Event]:
    """How far the outbox has come (外发进度); it never goes back."""
    if command.upto_seq < board.outbox.upto_seq:
        raise Refused(
            "outbox_is_further",
            f"外发已至 {board.outbox.upto_seq}，不退回 {command.upto_seq}",
            f"the outbox is at {board.outbox.upto_seq} and does not go back to {command.upto_seq}",
        )
    if command.upto_seq > board.seq:
        raise Refused(
            "no_such_record",
            f"日志尚无第 {command.upto_seq} 条",
            f"the log has no record {command.upto_seq} yet",
        )
    return [outbox.DeliveryNoted(upto_seq=command.upto_seq, done=command.done)]


def report_undelivered(
    board: Board, command: outbox.ReportUndelivered, _now_ms: int
) -> list[Event]:
    """Something was given up (外发失败); told twice, it is one letter.

    One that was repeated stays what it was: there may be nothing left to make it from again.
    """
    letters = board.outbox.letters
    standing = letters.get(command.effect_id)
    if standing is not None and standing.state == "waiting":
        raise Refused(
            "letter_stands",
            f"未送达件 {standing.effect_id} 已在清单",
            f"letter {standing.effect_id} stands already",
        )
    if standing is None and not command.channel:
        # It was repeated, could not be made again, and was put away meanwhile.
        standing = _get_letter(board, command.effect_id)
    events: list[Event] = []
    if standing is None and len(letters) >= MAX_LETTERS:
        oldest = next(iter(letters.values()))
        events.append(outbox.EffectDismissed(why="full", **_named(oldest)))
    about = command if standing is None else standing
    told = outbox.EffectUndelivered(
        effect_id=command.effect_id,
        channel=about.channel,
        what=about.what,
        why=command.why,
        n_attempts=command.n_attempts,
        status=command.status,
        call_id=about.call_id,
        incident_id=about.incident_id,
        request_id=about.request_id,
    )
    return [*events, told]


def report_delivered(board: Board, command: outbox.ReportDelivered, _now_ms: int) -> list[Event]:
    """A letter that was repeated has arrived (重发送达); it may have been dismissed meanwhile."""
    return [outbox.EffectDelivered(**_named(_get_letter(board, command.effect_id)))]


def repeat(board: Board, command: outbox.RepeatEffect, _now_ms: int) -> list[Event]:
    """It is told once more (重发)."""
    letter = _get_letter(board, command.effect_id)
    if letter.state == "repeated":
        raise Refused(
            "already_repeated",
            f"外发件 {letter.effect_id} 正在重发",
            f"letter {letter.effect_id} is being repeated already",
        )
    return [outbox.EffectRepeated(**_named(letter))]


def dismiss(board: Board, command: outbox.DismissEffect, _now_ms: int) -> list[Event]:
    """A person has told it otherwise (不再外发)."""
    letter = _get_letter(board, command.effect_id)
    return [outbox.EffectDismissed(why=command.why, **_named(letter))]


def on_undelivered(board: Board, event: outbox.EffectUndelivered, now_ms: int) -> list[Follow]:
    """A service that was not told is the dispatcher's, each; silent telephones ring once.

    Once until they worked for a while: a letter that nobody put away does not hush the next fault.
    """
    if event.channel != PHONE:
        return [
            alarm.RaiseAlarm(
                kind="agency_untold",
                subject_id=event.request_id,
                incident_id=event.incident_id,
            )
        ]
    others = (each for each in board.outbox.letters.values() if each.effect_id != event.effect_id)
    if any(each.channel == PHONE and now_ms - each.at_ms <= SAME_FAULT_MS for each in others):
        return []
    return [alarm.RaiseAlarm(kind="phone_untold", subject_id=PHONE, to="supervisor")]


def on_put_away(
    board: Board, _event: outbox.EffectDelivered | outbox.EffectDismissed, _now_ms: int
) -> list[Follow]:
    """An alarm whose letter is gone says nothing any more; seldom, and there are few letters."""
    told = {_alarm_of(each) for each in board.outbox.letters.values()}
    return [
        alarm.ClearAlarm(alarm_id=each.alarm_id)
        for each in board.alarms.values()
        if each.kind in {"agency_untold", "phone_untold"} and each.alarm_id not in told
    ]


def _alarm_of(letter: Letter) -> str:
    is_phone = letter.channel == PHONE
    return f"phone_untold:{PHONE}" if is_phone else f"agency_untold:{letter.request_id}"


def _named(letter: Letter) -> dict[str, str]:
    """A letter and whom it is about, as its events name them."""
    return {
        "effect_id": letter.effect_id,
        "incident_id": letter.incident_id,
        "call_id": letter.call_id,
    }


def _get_letter(board: Board, effect_id: str) -> Letter:
    letter = board.outbox.letters.get(effect_id)
    if letter is None:
        raise Refused(
            "unknown_letter",
            f"没有未送达件 {effect_id}，或已处理",
            f"there is no undelivered letter {effect_id}, or it was dealt with",
        )
    return letter


RULES = Rules[Board](
    deciders={
        outbox.NoteDelivered: note_delivered,
        outbox.ReportUndelivered: report_undelivered,
        outbox.ReportDelivered: report_delivered,
        outbox.RepeatEffect: repeat,
        outbox.DismissEffect: dismiss,
    },
    reactions={
        outbox.EffectUndelivered: [on_undelivered],
        outbox.EffectDelivered: [on_put_away],
        outbox.EffectDismissed: [on_put_away],
    },
)
