"""Folds of the enterprise seat (护企专席归并): the register, the matches, and what is counted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.seats.enterprise import words
from kuaifan.seats.enterprise.papers import RANKS, FirmCase, drop_firm, put_firm
from kuaifan.seats.enterprise.register_rules import slice_of


def firm_put(board: Board, event: words.FirmPut, _at_ms: int) -> None:
    """It is in the register so."""
    mine = slice_of(board)
    mine.n_firms += event.is_new
    put_firm(mine, event.firm)


def firm_retired(board: Board, event: words.FirmRetired, _at_ms: int) -> None:
    """It is not."""
    drop_firm(slice_of(board), event.firm_id)


def matched(board: Board, event: words.FirmMatched, at_ms: int) -> None:
    """With the three as they are now: who comes later has not been told."""
    mine = slice_of(board)
    firm = mine.firms[event.firm_id]
    mine.cases[event.incident_id] = FirmCase(
        incident_id=event.incident_id,
        firm_id=event.firm_id,
        firm_name=firm.name,
        leader=firm.leader,
        chief=firm.chief,
        officer=firm.officer,
        matched_by=event.matched_by,
        matched_at_ms=at_ms,
        desk_id=event.desk_id,
    )
    mine.lifted.pop(event.incident_id, None)
    mine.tally.add(at_ms, "matched")
    mine.tally.add(at_ms, "notices", len(RANKS))


def lifted(board: Board, event: words.MatchLifted, at_ms: int) -> None:
    """It was no match: it is taken out of the counts of its day."""
    mine = slice_of(board)
    case = mine.cases.pop(event.incident_id)
    mine.lifted[event.incident_id] = at_ms
    day_ms = case.matched_at_ms
    mine.tally.add(day_ms, "matched", -1)
    mine.tally.add(day_ms, "notices", -len(RANKS))
    mine.tally.add(day_ms, "read", -len(case.read_at_ms))
    mine.tally.add(day_ms, "all_read", -int(len(case.read_at_ms) == len(RANKS)))
    mine.tally.add(day_ms, "called_back", -int(bool(case.called_back_at_ms)))
    mine.tally.add(day_ms, "unresolved", -int(bool(case.unresolved_at_ms)))
    mine.tally.add(day_ms, "resolved", -int(bool(case.resolved_at_ms)))
    mine.tally.add(at_ms, "lifted")


def against_said(board: Board, event: words.AgainstFirmSaid, at_ms: int) -> None:
    """Nobody who looks after a firm is told of it."""
    slice_of(board).against[event.incident_id] = at_ms


def notice_read(board: Board, event: words.NoticeRead, at_ms: int) -> None:
    """Counted on the day of the match, so that both numbers are of the same days."""
    mine = slice_of(board)
    case = mine.cases[event.incident_id]
    case.read_at_ms[event.rank] = at_ms
    mine.tally.add(case.matched_at_ms, "read")
    mine.tally.add(case.matched_at_ms, "all_read", int(len(case.read_at_ms) == len(RANKS)))


def passed_up(board: Board, event: words.NoticePassedUp, at_ms: int) -> None:
    """The next one up has it."""
    slice_of(board).cases[event.incident_id].told_up[event.rank] = event.to
    slice_of(board).tally.add(at_ms, "passed_up")


def called_back(board: Board, event: words.FirmCalledBack, at_ms: int) -> None:
    """Called, or tried in vain."""
    mine = slice_of(board)
    case = mine.cases[event.incident_id]
    case.n_tries += 1
    if event.answer == "no_answer":
        return
    case.called_back_at_ms, case.satisfied = at_ms, event.answer
    mine.tally.add(case.matched_at_ms, "called_back")


def unresolved(board: Board, event: words.UnresolvedReported, at_ms: int) -> None:
    """With the leader; an incident that was there before is counted once."""
    mine = slice_of(board)
    case = mine.cases[event.incident_id]
    if not case.unresolved_at_ms:
        mine.tally.add(case.matched_at_ms, "unresolved")
    if case.resolved_at_ms:
        mine.tally.add(case.matched_at_ms, "resolved", -1)
    case.unresolved_at_ms, case.resolved_at_ms = at_ms, 0


def resolved(board: Board, event: words.FirmCaseResolved, at_ms: int) -> None:
    """Closed by the leader."""
    mine = slice_of(board)
    case = mine.cases[event.incident_id]
    case.resolved_at_ms = at_ms
    mine.tally.add(case.matched_at_ms, "resolved")


def terms_set(board: Board, event: words.EnterpriseTermsSet, _at_ms: int) -> None:
    """Other clocks from now on."""
    slice_of(board).terms = event.terms


EVOLVERS: Final[Mapping[type[Event], Callable[[Board, Any, int], None]]] = {
    words.FirmPut: firm_put,
    words.FirmRetired: firm_retired,
    words.FirmMatched: matched,
    words.MatchLifted: lifted,
    words.AgainstFirmSaid: against_said,
    words.NoticeRead: notice_read,
    words.NoticePassedUp: passed_up,
    words.FirmCalledBack: called_back,
    words.UnresolvedReported: unresolved,
    words.FirmCaseResolved: resolved,
    words.EnterpriseTermsSet: terms_set,
}
