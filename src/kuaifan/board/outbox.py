"""What stands of the outbox (外发): how far it has come, letters that could not be told, folds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from kuaifan.kernel.message import Event
from kuaifan.vocabulary import outbox
from kuaifan.vocabulary.agency import AGENCIES
from kuaifan.vocabulary.outbox import PHONE, FailedWhy, LetterState

if TYPE_CHECKING:
    from kuaifan.board.state import Board


class Letter(msgspec.Struct, kw_only=True):
    """Something that could not be told (未送达件)."""

    effect_id: str
    channel: str
    what: str
    why: FailedWhy
    n_attempts: int
    status: int
    call_id: str
    incident_id: str
    request_id: str
    at_ms: int
    state: LetterState = "waiting"
    seq: int = 0


class OutboxPapers(msgspec.Struct, kw_only=True):
    """How far everybody outside was told (外发登记).

    upto_seq: -1 where no outbox ever ran. done: places after it that are dealt with, for no value.
    """

    upto_seq: int = -1
    noted_at_ms: int = 0
    done: dict[str, None] = {}
    letters: dict[str, Letter] = {}


class LetterRow(msgspec.Struct, frozen=True, kw_only=True):
    """Something that could not be told, for a person to decide on (未送达行)."""

    effect_id: str
    channel: str
    channel_zh: str
    what: str
    why: FailedWhy
    n_attempts: int
    status: int
    call_id: str
    incident_id: str
    request_id: str
    at_ms: int
    state: LetterState
    seq: int


def letter_row(board: Board, effect_id: str) -> LetterRow | None:
    """A letter as long as it stands."""
    letter = board.outbox.letters.get(effect_id)
    if letter is None:
        return None
    return LetterRow(channel_zh=channel_name(letter.channel), **msgspec.structs.asdict(letter))


def channel_name(channel: str) -> str:
    """The Chinese name of who was to be told."""
    return "话机系统" if channel == PHONE else AGENCIES.get(channel, channel)


def place_seq(place: str) -> int:
    """The record of a place."""
    return int(place.partition("-")[0])


def noted(board: Board, event: outbox.DeliveryNoted, at_ms: int) -> None:
    """What lies before the record need not be remembered one by one."""
    papers = board.outbox
    papers.upto_seq, papers.noted_at_ms = event.upto_seq, at_ms
    done = (*papers.done, *event.done)
    papers.done = {each: None for each in done if place_seq(each) > event.upto_seq}


def undelivered(board: Board, event: outbox.EffectUndelivered, at_ms: int) -> None:
    """It waits for a person; one that was repeated keeps its place in the list."""
    fields = msgspec.structs.asdict(event)
    board.outbox.letters[event.effect_id] = Letter(at_ms=at_ms, seq=board.seq, **fields)


def repeated(board: Board, event: outbox.EffectRepeated, _at_ms: int) -> None:
    """It is with the outbox again."""
    letter = board.outbox.letters[event.effect_id]
    letter.state, letter.seq = "repeated", board.seq


def put_away(
    board: Board, event: outbox.EffectDelivered | outbox.EffectDismissed, _at_ms: int
) -> None:
    """Done with; the log keeps it."""
    board.outbox.letters.pop(event.effect_id, None)


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    outbox.DeliveryNoted: noted,
    outbox.EffectUndelivered: undelivered,
    outbox.EffectRepeated: repeated,
    outbox.EffectDelivered: put_away,
    outbox.EffectDismissed: put_away,
}
