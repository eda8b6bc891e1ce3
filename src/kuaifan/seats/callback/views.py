"""The seat's tables (回访台账视图): what is due with its script, agreements, answers, links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

import msgspec

from kuaifan.board.case_class import class_of_incident
from kuaifan.board.state import Board
from kuaifan.seats.callback.papers import Sealed, slice_of
from kuaifan.seats.callback.script import script_of
from kuaifan.vocabulary.record_class import RecordClass


class DueRow(msgspec.Struct, frozen=True, kw_only=True):
    """A call-back that is owed (应回访行), with what is asked."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    why: str
    number: Sealed
    hours: str
    n_tries: int
    script: str


class AgreementRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a person agreed to (约定行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    number: Sealed
    hours: str


class AnswerRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered (回访结果行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    at_ms: int
    satisfaction: str
    resolved: str
    said: Sealed


class TrackRow(msgspec.Struct, frozen=True, kw_only=True):
    """A link that works (进度链接行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: str
    until_ms: int
    rating: str


def due(board: Board) -> Iterator[DueRow]:
    """What is owed, the oldest first."""
    mine = slice_of(board)
    for each in mine.due.values():
        agreed = mine.agreements.get(each.incident_id)
        start = agreed.from_min if agreed else mine.terms.from_min
        end = agreed.to_min if agreed else mine.terms.to_min
        yield DueRow(
            row_id=each.item_id,
            incident_id=each.incident_id,
            desk_id=each.desk_id,
            record_class=each.record_class,
            why=each.why,
            number=agreed.number if agreed else each.number,
            hours=_hours(start, end),
            n_tries=len(each.tries_at_ms),
            script=" ".join(zh for zh, _ in script_of(each.class_key)),
        )


def agreements(board: Board) -> Iterator[AgreementRow]:
    """What was agreed, of incidents that are on the board."""
    for each in slice_of(board).agreements.values():
        incident = board.incidents.get(each.incident_id)
        if incident is not None:
            yield AgreementRow(
                row_id=each.incident_id,
                incident_id=each.incident_id,
                desk_id=incident.desk_id,
                record_class=_class_of(board, incident.incident_id),
                number=each.number,
                hours=_hours(each.from_min, each.to_min),
            )


def _class_of(board: Board, incident_id: str) -> RecordClass:
    return class_of_incident(board, board.incidents[incident_id])


def answers(board: Board) -> Iterator[AnswerRow]:
    """The last answers, the newest first."""
    for each in reversed(slice_of(board).answers.values()):
        yield AnswerRow(
            row_id=each.incident_id,
            incident_id=each.incident_id,
            desk_id=each.desk_id,
            record_class=each.record_class,
            at_ms=each.at_ms,
            satisfaction=each.satisfaction,
            resolved="yes" if each.is_resolved else "no",
            said=each.said,
        )


def tracks(board: Board) -> Iterator[TrackRow]:
    """Links that were sent."""
    for each in slice_of(board).tracks.values():
        incident = board.incidents.get(each.incident_id)
        yield TrackRow(
            row_id=each.incident_id,
            incident_id=each.incident_id,
            desk_id=incident.desk_id if incident else "city",
            record_class=_class_of(board, each.incident_id) if incident else "ordinary",
            until_ms=each.until_ms,
            rating=each.rating,
        )


def _hours(start: int, end: int) -> str:
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


VIEWS: Final[Mapping[str, Callable[[Board], Iterable[msgspec.Struct]]]] = {
    "due": due,
    "agreements": agreements,
    "answers": answers,
    "tracks": tracks,
}
