"""What may still be taken back (可撤销): the last few actions with what they replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from kuaifan.board.entities import Undoable
from kuaifan.board.state import Board
from kuaifan.kernel.message import Event
from kuaifan.vocabulary import undo
from kuaifan.vocabulary.undo import UndoableKind

FORGOTTEN_MS: Final = 3_600_000
MAX_UNDOABLE: Final = 256
"""More actions than a centre does in ten seconds; the oldest is forgotten first."""


def remember(board: Board, kind: UndoableKind, subject_id: str, *, value: str, at_ms: int) -> None:
    """Keep an action; a record that does several of them cannot be taken back as a whole."""
    is_first = board.seq not in board.undoable
    _keep(board, Undoable(board.seq, at_ms, kind if is_first else "several", subject_id, value))


def spoil(board: Board, *, at_ms: int) -> None:
    """What this record does cannot be taken back, whatever else it does."""
    _keep(board, Undoable(board.seq, at_ms, "several", ""))


def _keep(board: Board, action: Undoable) -> None:
    """Nobody takes back what is older than an hour; what it was about may have left the board."""
    undoable = board.undoable
    undoable[action.seq] = action
    while (first := undoable[next(iter(undoable))]).at_ms < action.at_ms - FORGOTTEN_MS or (
        len(undoable) > MAX_UNDOABLE
    ):
        del undoable[first.seq]


def action_undone(board: Board, event: undo.ActionUndone, _at_ms: int) -> None:
    """Nothing is taken back twice."""
    board.undoable.pop(event.undone_seq, None)


EVOLVERS: Final[Mapping[type[Event], Callable[..., None]]] = {undo.ActionUndone: action_undone}
