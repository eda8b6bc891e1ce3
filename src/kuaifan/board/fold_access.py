"""Folds of access (访问归并): one function per event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.people import BrokenGlass
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import access


def logged_on(board: Board, event: access.PersonLoggedOn, at_ms: int) -> None:
    """The person is here."""
    person = board.access.person(event.person)
    person.logged_on_at_ms, person.seq = at_ms, board.seq


def logged_off(board: Board, event: access.PersonLoggedOff, at_ms: int) -> None:
    """The person left one seat at least."""
    person = board.access.person(event.person)
    person.logged_off_at_ms, person.seq = at_ms, board.seq


def locked(board: Board, event: access.PersonLocked, _at_ms: int) -> None:
    """Until somebody releases it."""
    person = board.access.person(event.person)
    person.is_locked, person.seq = True, board.seq


def released(board: Board, event: access.PersonReleased, _at_ms: int) -> None:
    """The name is good again."""
    person = board.access.person(event.person)
    person.is_locked, person.seq = False, board.seq


def changed(board: Board, event: access.AccountChanged, _at_ms: int) -> None:
    """Counted; the account itself is kept elsewhere."""
    person = board.access.person(event.person)
    person.n_changes += 1
    person.seq = board.seq


def glass_broken(board: Board, event: access.GlassBroken, at_ms: int) -> None:
    """It stays in sight until it was looked at."""
    board.access.n_glass += 1
    board.access.glass[event.glass_id] = BrokenGlass(
        glass_id=event.glass_id,
        person=event.person,
        reason=event.reason,
        at_ms=at_ms,
        until_ms=event.until_ms,
        desk_id=event.desk_id,
        seq=board.seq,
    )


def glass_reviewed(board: Board, event: access.GlassReviewed, _at_ms: int) -> None:
    """Done with; the log keeps both."""
    del board.access.glass[event.glass_id]


def record_read(board: Board, event: access.RecordRead | access.SearchLogged, _at_ms: int) -> None:
    """Counted; to read a thing is no change that another seat's decision would clash with."""
    person = board.access.person(event.person)
    person.n_reads += 1
    person.seq = board.seq


def right_refused(board: Board, event: access.RightRefused, _at_ms: int) -> None:
    """Counted; what is to be thought of it the audit administrator decides."""
    person = board.access.person(event.person)
    person.n_refused += 1
    person.seq = board.seq


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {
    access.PersonLoggedOn: logged_on,
    access.PersonLoggedOff: logged_off,
    access.PersonLocked: locked,
    access.PersonReleased: released,
    access.AccountChanged: changed,
    access.GlassBroken: glass_broken,
    access.GlassReviewed: glass_reviewed,
    access.RecordRead: record_read,
    access.SearchLogged: record_read,
    access.RightRefused: right_refused,
}
