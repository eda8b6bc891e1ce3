"""The head of a log in a second place (链头锚): noted each second, compared at every opening.

The head file beside the log is lost with its disk, or copied back with an old log. An anchor lies
on another disk or machine. Such a place may hang or be gone, and the desk must not: a thread of
its own writes there, always the newest head only, and what goes wrong is said and stops nothing.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from kuaifan.store.chain import ChainHead
from kuaifan.store.connection import Connection
from kuaifan.store.head_file import HeadMark, find_contradiction, find_mark, is_shorter, write_mark
from kuaifan.store.log_error import LogError

CLOSE_TIMEOUT_S: Final = 5.0
ACCEPT: Final = "--accept-shorter-log"


class AnchorKeeper:
    """Notes heads at an anchor (锚记录者); any thread may offer.

    tell: is told once when the place cannot be written, and once when it can again.
    """

    def __init__(self, path: Path, tell: Callable[[str], None]) -> None:
        self._path, self._tell = path, tell
        self._changed = threading.Condition()
        self._next: HeadMark | None = None
        self._is_closing = self._is_troubled = False
        self._thread = threading.Thread(target=self._run, name="anchor", daemon=True)
        self._thread.start()

    def offer(self, mark: HeadMark) -> None:
        """Hand in the newest head; never waits."""
        with self._changed:
            self._next = mark
            self._changed.notify()

    def close(self) -> None:
        """Note the last head, unless the place hangs."""
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join(CLOSE_TIMEOUT_S)

    def _run(self) -> None:
        while (mark := self._take()) is not None:
            try:
                write_mark(self._path, mark)
            except OSError as error:
                if not self._is_troubled:
                    self._tell(f"the anchor {self._path} cannot be written: {error.strerror}")
                self._is_troubled = True
            else:
                if self._is_troubled:
                    self._tell(f"the anchor {self._path} is written again")
                self._is_troubled = False

    def _take(self) -> HeadMark | None:
        with self._changed:
            while self._next is None and not self._is_closing:
                self._changed.wait()
            mark, self._next = self._next, None
            return mark


def check_marks(
    connection: Connection, head: ChainHead, marks: list[Path], *, name: str, accepts: bool
) -> str:
    """Compare a log with every place that knows its head; '' when it can be the one they know.

    accepts: a log that is only shorter is taken as it is, and what is missing is returned in words;
    the mark is kept beside its file. Otherwise raises LogError.
    """
    lost = ""
    for path in marks:
        mark = find_mark(path)
        trouble = "" if mark is None else compare_mark(connection, head, mark)
        if mark is None or not trouble:
            continue
        if not (accepts and is_shorter(mark, seq=head.seq, input_no=head.input_no)):
            raise LogError(f"{name}: {trouble} ({path}); {_cure(mark, head, path)}")
        with contextlib.suppress(OSError):
            write_mark(path.with_name(f"{path.name}.lost-{mark.seq}"), mark)
        lost = trouble
    return lost


def compare_mark(connection: Connection, head: ChainHead, mark: HeadMark) -> str:
    """Say why a log cannot be the one whose head was noted; '' when it can."""
    line = connection.execute("SELECT hash FROM records WHERE seq = ?", (mark.seq,)).fetchone()
    stored = line[0] if line else None
    return find_contradiction(mark, seq=head.seq, input_no=head.input_no, stored=stored)


def _cure(mark: HeadMark, head: ChainHead, path: Path) -> str:
    if is_shorter(mark, seq=head.seq, input_no=head.input_no):
        return f"restore the log from a backup, or serve it with {ACCEPT} to go on without them"
    return f"restore the log from a backup, or delete {path} to go on with another history"
