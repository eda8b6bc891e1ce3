"""Dangers of places (场所危险提示): noted by name for a time, refused where they label people."""

from __future__ import annotations

from typing import Final

from kuaifan.board.asking import need_name
from kuaifan.board.lookup import get_road_place
from kuaifan.board.state import Board
from kuaifan.kernel.message import CancelTimer, Event, Refused, SetTimer
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import premise
from kuaifan.vocabulary.premise_words import find_personal_word

DAY_MS: Final = 86_400_000
MAX_NOTES: Final = 5_000
"""More than a city can look at again every half year."""


def add_premise_note(board: Board, command: premise.AddPremiseNote, now_ms: int) -> list[Event]:
    """Note a danger of a place (登记场所危险提示)."""
    text, by = command.text.strip(), command.by.strip()
    need_name(by, zh="场所提示须填写登记人", en="say who notes the danger of the place")
    if not text:
        raise Refused(
            "no_text", "场所提示须写明危险是什么", "say in a few words what the danger is"
        )
    if (word := find_personal_word(text)) is not None:
        raise Refused(
            "about_a_person",
            f"场所提示只写场所的危险，不写人：“{word}”请删去",
            f"a note is about a place, never about people: leave out {word!r}",
        )
    get_road_place(board, command.lat, command.lon)
    _refuse_twin(board, command, text)
    if len(board.premises) >= MAX_NOTES:
        raise Refused(
            "too_many_notes",
            f"场所提示已达 {MAX_NOTES} 条，请先撤销过时的",
            f"there are {MAX_NOTES} notes of places; end those that are out of date",
        )
    return [
        premise.PremiseNoteAdded(
            note_id=f"N{board.n_premises + 1}",
            kind=command.kind,
            text=text,
            lat=command.lat,
            lon=command.lon,
            radius_m=command.radius_m,
            by=by,
            expires_at_ms=now_ms + command.days * DAY_MS,
        )
    ]


def _refuse_twin(board: Board, command: premise.AddPremiseNote, text: str) -> None:
    for note_id in board.premise_places.near(command.lat, command.lon):
        note = board.premises[note_id]
        same = (note.kind, note.text, note.lat, note.lon)
        if same == (command.kind, text, command.lat, command.lon):
            raise Refused(
                "same_note",
                f"该处已有相同的场所提示 {note_id}",
                f"note {note_id} says the same of this place already",
            )


def end_premise_note(board: Board, command: premise.EndPremiseNote, _now_ms: int) -> list[Event]:
    """The danger is gone, or the note was wrong (撤销场所危险提示)."""
    if command.note_id not in board.premises:
        raise Refused(
            "unknown_note",
            f"没有场所提示 {command.note_id}，或已结束",
            f"there is no note {command.note_id} of a place, or it has ended",
        )
    if not (command.by.strip() and command.reason.strip()):
        raise Refused(
            "reason_needed",
            "撤销场所提示须填写经办人和原因",
            "ending a note of a place needs who and why",
        )
    return [_ended(board, command.note_id, command.by.strip(), command.reason.strip())]


def expire_premise_note(
    board: Board, command: premise.ExpirePremiseNote, _now_ms: int
) -> list[Event]:
    """A note has run out (场所危险提示到期)."""
    if command.note_id not in board.premises:
        return []
    return [_ended(board, command.note_id, "", "expired")]


def _ended(board: Board, note_id: str, by: str, reason: str) -> premise.PremiseNoteEnded:
    note = board.premises[note_id]
    return premise.PremiseNoteEnded(
        note_id=note_id, lat=note.lat, lon=note.lon, by=by, reason=reason
    )


def on_added(_board: Board, event: premise.PremiseNoteAdded, _now_ms: int) -> list[Follow]:
    """Its end is set with it."""
    expire = premise.ExpirePremiseNote(note_id=event.note_id)
    return [SetTimer(f"premise:{event.note_id}", event.expires_at_ms, expire)]


def on_ended(_board: Board, event: premise.PremiseNoteEnded, _now_ms: int) -> list[Follow]:
    """There is nothing to end any more."""
    return [CancelTimer(f"premise:{event.note_id}")]


RULES = Rules[Board](
    deciders={
        premise.AddPremiseNote: add_premise_note,
        premise.EndPremiseNote: end_premise_note,
        premise.ExpirePremiseNote: expire_premise_note,
    },
    reactions={
        premise.PremiseNoteAdded: [on_added],
        premise.PremiseNoteEnded: [on_ended],
    },
)
