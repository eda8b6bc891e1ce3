"""Recovery (恢复): the newest snapshot that holds, then the fold of everything after it.

Nothing is decided again: events and observations are folded in the order of inputs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from kuaifan.kernel.engine import fold_item
from kuaifan.kernel.journal import Head, State
from kuaifan.kernel.record import Record
from kuaifan.kernel.rulebook import BoardLike, Rulebook
from kuaifan.store.reading import LogReader
from kuaifan.store.snapshots import find_saved_state

B = TypeVar("B", bound=BoardLike)
MANY: Final = 20_000
"""Records: from so many on it is worth while to make ready for them."""


def recover_up_to(
    log: LogReader,
    rules: Rulebook[B],
    new_board: Callable[[], B],
    *,
    at_ms: int | None = None,
    before_seq: int | None = None,
    build: str = "",
) -> State[B]:
    """The state that a log had at an instant (时刻态势), or at its end where none is given.

    before_seq: without this record, and what came after it. It is begun with the newest snapshot
    of this build that is not later.
    """
    state = None
    if build:
        state = find_saved_state(
            log, new_board, build, will_do=lambda head: not _is_past(head, at_ms, before_seq)
        )
    if state is None:
        state = State(new_board())
    head = state.head
    for item in log.read_items(after_seq=head.seq, after_input_no=head.input_no):
        if at_ms is not None and item.at_ms > at_ms:
            break
        if before_seq is not None and isinstance(item, Record) and item.seq >= before_seq:
            break
        fold_item(state, rules, item)
    return state


def _is_past(head: Head, at_ms: int | None, before_seq: int | None) -> bool:
    return (at_ms is not None and head.at_ms > at_ms) or (
        before_seq is not None and head.seq >= before_seq
    )


def recover(
    log: LogReader, rules: Rulebook[B], new_board: Callable[[], B], *, build: str = ""
) -> State[B]:
    """Rebuild the state that a log ends with; an erased text is folded as such (恢复态势).

    build: of the running code; only its own snapshots are used, and '' means the whole fold.
    """
    state = find_saved_state(log, new_board, build) if build else None
    if state is None:
        state = State(new_board())
    head = state.head
    if log.head().seq - head.seq > MANY:
        log.expect_many()
    for item in log.read_items(after_seq=head.seq, after_input_no=head.input_no):
        fold_item(state, rules, item)
        state.n_folded += 1
    return state
