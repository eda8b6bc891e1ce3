"""What a desk did, stored as the platform stores it (落盘日志): sealed, and folded again."""

from __future__ import annotations

from contextlib import contextmanager

from kuaifan.kernel.record import Record
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.opening import open_log
from kuaifan.store.recovery import recover


@contextmanager
def stored(desk, path):
    """The journal of a log with everything in it that a desk did."""
    with open_log(path, desk.codec) as journal:
        for item in desk.journal.items:
            if isinstance(item, Record):
                journal.append(item, [], None)
            else:
                journal.append_sighting(item)
        ticket = Ticket()
        journal.answer(ticket, None)
        ticket.wait(20)
        yield journal


def folded(desk, journal):
    """The state that the stored log folds to, from its first record on."""
    return recover(journal.reader, desk.rules, desk.empty_board)
