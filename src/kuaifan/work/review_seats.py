"""Review 评查: papers of the special seats leave the board, and come back with their incident.

Once a night, a few hundred at a time, so that no call waits for it. What leaves stands whole in its
event and in the read tables; the seats' figures are counted by day and do not change.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import islice
from typing import Final

import msgspec

from kuaifan.board.day_tally import day_of, start_of_day
from kuaifan.board.reference import MINUTE_MS
from kuaifan.board.seat_archive import (
    RetireRules,
    list_over,
    put_back,
    read_retires,
    read_stored,
    take_out,
)
from kuaifan.board.state import Board
from kuaifan.kernel.message import EngineStarted, Event, Refused, SetTimer
from kuaifan.kernel.plugins import Plugin
from kuaifan.kernel.rulebook import Follow, Rules
from kuaifan.vocabulary import seat_archive

TIMER: Final = "seat_papers"
AT_MS: Final = 210 * MINUTE_MS
"""Half past three: the quietest time of the day."""
AT_ONCE: Final = 200
"""So many papers leave with one record; the rest a minute later."""


def retire(
    board: Board, _command: seat_archive.RetireSeatPapers, now_ms: int, *, rules: RetireRules
) -> list[Event]:
    """Those that nobody needs any more (专席归档)."""
    found = list(islice(list_over(board, rules, now_ms), AT_ONCE + 1))
    leaving = found[:AT_ONCE]
    return [
        *(seat_archive.SeatPaperRetired(each.incident_id, each) for each in leaving),
        seat_archive.SeatPapersSwept(n_retired=len(leaving), is_all=len(found) <= AT_ONCE),
    ]


def recall(
    board: Board, command: seat_archive.RecallSeatPapers, _now_ms: int, *, rules: RetireRules
) -> list[Event]:
    """All that left of an incident that is on the board (专席调档), or none of it."""
    if command.incident_id not in board.incidents:
        raise Refused(
            "incident_not_on_board",
            f"警情 {command.incident_id} 尚未调档，专席材料不能单独调出",
            f"incident {command.incident_id} is not on the board: its papers come with it",
        )
    for each in command.papers:
        if fault := _fault_of(board, rules, command.incident_id, each):
            raise Refused(
                "papers_unusable",
                f"警情 {command.incident_id} 的专席材料不全或已损坏，无法调档",
                f"the seats' papers of incident {command.incident_id} cannot be used: {fault}",
            )
    return [
        seat_archive.SeatPaperRecalled(command.incident_id, each)
        for each in command.papers
        if each.paper_id not in getattr(board.seats[each.seat_id], each.table)
    ]


def _fault_of(
    board: Board, rules: RetireRules, incident_id: str, stored: seat_archive.SeatPaper
) -> str:
    """What is wrong with a paper, empty where nothing is; an erased text is nothing wrong."""
    if stored.table not in rules.get(stored.seat_id, {}):
        return f"no seat {stored.seat_id} keeps {stored.table}"
    if stored.incident_id != incident_id:
        return f"{stored.paper_id} is of incident {stored.incident_id}"
    try:
        read_stored(type(board.seats[stored.seat_id]), stored)
    except (msgspec.DecodeError, ValueError) as error:
        return str(error)
    return ""


def on_started(_board: Board, _event: EngineStarted, now_ms: int) -> list[Follow]:
    """A run of the engine: the clock is set."""
    return [_at_night(now_ms)]


def on_swept(_board: Board, event: seat_archive.SeatPapersSwept, now_ms: int) -> list[Follow]:
    """Tomorrow again, or at once where there is more."""
    if event.is_all:
        return [_at_night(now_ms)]
    return [SetTimer(TIMER, now_ms + MINUTE_MS, seat_archive.RetireSeatPapers())]


def _at_night(now_ms: int) -> SetTimer:
    due_at_ms = start_of_day(day_of(now_ms)) + AT_MS
    if due_at_ms <= now_ms:
        due_at_ms = start_of_day(day_of(now_ms) + 1) + AT_MS
    return SetTimer(TIMER, due_at_ms, seat_archive.RetireSeatPapers())


def archive_rules(plugins: Iterable[Plugin]) -> Rules[Board]:
    """The rules of the seats' archive, for those seats that are installed."""
    rules = read_retires(plugins)

    def retired(board: Board, event: seat_archive.SeatPaperRetired, at_ms: int) -> None:
        take_out(board, rules, event.paper, at_ms)

    def recalled(board: Board, event: seat_archive.SeatPaperRecalled, at_ms: int) -> None:
        put_back(board, rules, event.paper, at_ms)

    return Rules(
        deciders={
            seat_archive.RetireSeatPapers: partial(retire, rules=rules),
            seat_archive.RecallSeatPapers: partial(recall, rules=rules),
        },
        evolvers={
            seat_archive.SeatPaperRetired: retired,
            seat_archive.SeatPaperRecalled: recalled,
        },
        reactions={
            EngineStarted: [on_started],
            seat_archive.SeatPapersSwept: [on_swept],
        }
        if rules
        else {},
    )
