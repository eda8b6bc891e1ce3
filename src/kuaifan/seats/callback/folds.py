"""Folds of the seat (回访归并)."""

from __future__ import annotations

from typing import Final

import msgspec

from kuaifan.board.state import Board
from kuaifan.seats.callback import words
from kuaifan.seats.callback.papers import Agreement, Answer, Due, Satisfaction, Track, slice_of

MAX_ANSWERS: Final = 2_000
"""The page shows the last ones; all of them are in the log, and counted by day."""
MAX_ASKED: Final = 2_000
CONTENT: Final = frozenset({"satisfied", "fairly"})


def due(board: Board, event: words.CallBackDue, at_ms: int) -> None:
    """One more is owed."""
    mine = slice_of(board)
    if len(mine.asked) >= MAX_ASKED:
        mine.asked = {
            incident_id: item_id
            for incident_id, item_id in mine.asked.items()
            if incident_id in board.incidents or item_id in mine.due
        }
    mine.asked[event.incident_id] = event.item_id
    mine.due[event.item_id] = Due(
        item_id=event.item_id,
        incident_id=event.incident_id,
        desk_id=event.desk_id,
        record_class=event.record_class,
        class_key=event.class_key,
        why=event.why,
        number=event.number,
        unit_id=event.unit_id,
        opened_at_ms=at_ms,
    )
    mine.tally.add(at_ms, "due")
    mine.tally.add(at_ms, f"due_{event.why}")


def left_out(board: Board, event: words.CallBackLeftOut, at_ms: int) -> None:
    """Not this one."""
    mine = slice_of(board)
    mine.tally.add(at_ms, f"left_out_{event.reason}")


def agreed(board: Board, event: words.CallBackAgreed, _at_ms: int) -> None:
    """This number, these hours."""
    slice_of(board).agreements[event.incident_id] = Agreement(
        incident_id=event.incident_id,
        number=event.number,
        from_min=event.from_min,
        to_min=event.to_min,
    )


def tried(board: Board, event: words.CallBackTried, at_ms: int) -> None:
    """Nobody there."""
    mine = slice_of(board)
    owed = mine.due[event.item_id]
    mine.tally.add(at_ms, "called", int(not owed.tries_at_ms))
    mine.tally.add(at_ms, "tries")
    owed.tries_at_ms.append(at_ms)
    if event.is_last:
        mine.tally.add(at_ms, "not_reached")
        del mine.due[event.item_id]


def answered(board: Board, event: words.CallBackAnswered, at_ms: int) -> None:
    """Somebody spoke, or would not."""
    mine = slice_of(board)
    owed = mine.due.pop(event.item_id)
    mine.tally.add(at_ms, "called", int(not owed.tries_at_ms))
    mine.tally.add(at_ms, "tries")
    if not event.satisfaction:
        mine.tally.add(at_ms, "declined")
        return
    mine.tally.add(at_ms, "answered")
    mine.tally.add(at_ms, event.satisfaction)
    mine.tally.add(at_ms, "content", int(event.satisfaction in CONTENT))
    mine.tally.add(at_ms, "unresolved", int(event.resolved == "no"))
    mine.answers[event.incident_id] = Answer(
        incident_id=event.incident_id,
        desk_id=owed.desk_id,
        record_class=owed.record_class,
        at_ms=at_ms,
        satisfaction=msgspec.convert(event.satisfaction, Satisfaction),
        is_resolved=event.resolved != "no",
        said=event.said,
    )
    while len(mine.answers) > MAX_ANSWERS:
        del mine.answers[next(iter(mine.answers))]


def grievance_answered(board: Board, event: words.GrievanceAnswered, at_ms: int) -> None:
    """Looked at."""
    slice_of(board).tally.add(at_ms, f"grievance_{event.outcome}")


def link_sent(board: Board, event: words.TrackLinkSent, at_ms: int) -> None:
    """A link is out; those that work no more are forgotten."""
    mine = slice_of(board)
    for old in [each for each in mine.tracks.values() if each.until_ms < at_ms]:
        del mine.tracks[old.incident_id]
    mine.tracks[event.incident_id] = Track(
        incident_id=event.incident_id,
        until_ms=event.until_ms,
        is_criminal=event.is_criminal,
    )
    mine.tally.add(at_ms, "links")


def kept(board: Board, event: words.TrackKept, _at_ms: int) -> None:
    """What is shown when the board has it no more."""
    slice_of(board).tracks[event.incident_id].stages = event.stages


def rated(board: Board, event: words.HandlingRated, at_ms: int) -> None:
    """A rating of the page; it is counted apart from what was asked by telephone."""
    mine = slice_of(board)
    mine.tracks[event.incident_id].rating = event.satisfaction
    mine.tally.add(at_ms, "ratings")
    mine.tally.add(at_ms, "ratings_content", int(event.satisfaction in CONTENT))


def address_set(board: Board, event: words.TrackAddressSet, _at_ms: int) -> None:
    """From now on."""
    mine = slice_of(board)
    mine.address, mine.key = event.address, event.key or mine.key


def term_set(board: Board, event: words.CallBackTermSet, _at_ms: int) -> None:
    """Another number is in force."""
    mine = slice_of(board)
    mine.terms = msgspec.structs.replace(mine.terms, **{event.name: event.value})


EVOLVERS: Final = {
    words.CallBackDue: due,
    words.CallBackLeftOut: left_out,
    words.CallBackAgreed: agreed,
    words.CallBackTried: tried,
    words.CallBackAnswered: answered,
    words.GrievanceAnswered: grievance_answered,
    words.TrackLinkSent: link_sent,
    words.TrackKept: kept,
    words.HandlingRated: rated,
    words.TrackAddressSet: address_set,
    words.CallBackTermSet: term_set,
}
