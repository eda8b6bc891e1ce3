"""The writer's thread (写入线程): takes what waits, stores it as one group, then tells everybody.

A ticket is resolved only after the transaction that holds its record. The first failure of the
disk is the last: everything that waits is answered with it, and so is every later call, because
nobody knows which of the things in flight were kept. Opening the log again tells.
"""

from __future__ import annotations

import errno
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import apsw

from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.record import Record
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.anchor import AnchorKeeper
from kuaifan.store.chain import Chain, ChainHead
from kuaifan.store.connection import Connection
from kuaifan.store.epoch import TAKEN_OVER
from kuaifan.store.group import store_group, sync_to_disk
from kuaifan.store.head_file import HeadMark, write_head
from kuaifan.store.images import AnswerItem, Item, JobItem, RecordItem, SightingItem
from kuaifan.store.keyring import KeyRing
from kuaifan.store.log_error import STORE_FAULTS, DatabaseFaultError, DatabaseGoneError
from kuaifan.store.seen_filter import SeenFilter

MAX_WAITING: Final = 8_192
"""Items that may wait; one more holds its sender up, so that the engine feels a slow disk."""
IDLE_S: Final = 1.0
"""A writer with nothing to do looks up this often, to note the head."""
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
GO_ON: Final = "a serving desk goes on by itself, and any other command is started again"
STOPPED: Final = "the log's writer has stopped; start again from the log"
CLOSED: Final = "the log is closed; open it again"
SWITCH_INTERVAL_S: Final = 0.000_5
"""How long a busy thread keeps the interpreter lock from the writer (Python's own 5 ms would
make a commit of ten statements wait 50 ms for a busy engine)."""

Listener = Callable[[list[Record]], None]


class Pace(NamedTuple):
    """How a durability is brought about (落盘节奏).

    max_group: most items in a transaction. min_group: fewest worth one while nobody waits for
    an answer. head_every_s: how often the head is noted beside the log, besides at close.
    sealed_at_once, rows_at_once: see `LogJournal`.
    """

    synchronous: str
    max_group: int
    min_group: int
    head_every_s: float
    sealed_at_once: int
    rows_at_once: int


class Hold(NamedTuple):
    """What a writer has of its log (持有).

    connection: the one that writes. name: of the log, for sentences. files: what the names of the
    files beside it begin with. anchor: keeps the head in a second place too.
    """

    connection: Connection
    epoch: int
    name: str
    files: Path
    anchor: AnchorKeeper | None


class Writer:
    """Owns the writing connection from `start` on (写入者).

    keys: which idempotency keys may be stored, where asking for one is a journey. listeners: called
    with the records of each durable group; they must not raise.
    """

    def __init__(
        self,
        hold: Hold,
        chain: Chain,
        head: ChainHead,
        ring: KeyRing,
        *,
        pace: Pace,
        keys: SeenFilter | None = None,
    ) -> None:
        self._connection, self._epoch, self._name, self._files, self._anchor = hold
        self._chain, self._head, self._ring, self._pace = chain, head, ring, pace
        self.keys = keys
        self._noted: ChainHead | None = None
        self._note_at_s = self.now_s() + pace.head_every_s
        self._items: deque[Item] = deque()
        self._lock = lock = threading.Lock()
        self._work, self._room = threading.Condition(lock), threading.Condition(lock)
        self._is_idle = self._is_urgent = self._is_closing = False
        self._failure: str | None = None
        self._pending: dict[tuple[str, str], Record] = {}
        self.listeners: list[Listener] = []
        self._thread = threading.Thread(target=self._run, name="log-writer", daemon=True)

    @property
    def head(self) -> ChainHead:
        """How far the log is durable."""
        return self._head

    def now_s(self) -> float:
        """The steady clock that says when the head is noted."""
        return time.monotonic()

    def wait_for(self, ticket: Ticket, timeout_s: float) -> Record | None:
        """Wait until something handed in was answered; never by the writer's own thread."""
        return ticket.wait(timeout_s)

    def start(self) -> None:
        """Begin to write."""
        sys.setswitchinterval(min(sys.getswitchinterval(), SWITCH_INTERVAL_S))
        self._thread.start()

    def put(self, items: Sequence[Item], *, is_urgent: bool) -> None:
        """Hand in what comes next; waits while MAX_WAITING do.

        Raises StorageError if all is lost.
        """
        waiting = self._items
        with self._lock:
            while len(waiting) >= MAX_WAITING and self._failure is None:
                self._room.wait()
            if self._failure is not None:
                raise StorageError(self._failure)
            for item in items:
                if isinstance(item, RecordItem) and (key := item.record.key) is not None:
                    self._pending[item.record.actor, key] = item.record
                    if self.keys is not None:
                        self.keys.add(key)
            waiting.extend(items)
            self._is_urgent = self._is_urgent or is_urgent
            may_do = self._is_urgent or len(waiting) >= self._pace.min_group
            if may_do and self._is_idle and self._is_ready():
                self._work.notify()

    def check(self) -> None:
        """Raise StorageError if the disk has refused, or the log has been closed."""
        if self._failure is not None:
            raise StorageError(self._failure)

    def find_pending(self, actor: str, key: str) -> Record | None:
        """Return a record of that sender's key which is not durable yet."""
        return self._pending.get((actor, key))

    def close(self) -> None:
        """Write what waits, note the head and stop; raises StorageError if the disk refused."""
        with self._work:
            self._is_closing = True
            self._work.notify()
        self._thread.join()
        if self._failure != CLOSED:
            self.check()

    def _run(self) -> None:
        try:
            while (group := self._take()) is not None:
                self._write(group)
            sync_to_disk(self._connection, self._chain, self._head, epoch=self._epoch)
            self._note_head()
        except (*STORE_FAULTS, OSError, StorageError) as error:
            self._fail(_sentence(error, self._name), [])
        finally:
            # Also after a bug of ours or of a listener: never let the engine wait for nobody.
            self._fail(CLOSED if self._is_closing else STOPPED, [])

    def _take(self) -> list[Item] | None:
        """Wait for a group; [] when it is time to note the head, None when all is done."""
        with self._work:
            self._is_idle = True
            if not self._is_ready():
                self._work.wait(IDLE_S)
            self._is_idle = False
            if not self._items:
                return None if self._is_closing else []
            group = cut_group(self._items, self._pace.max_group, holds_last=not self._is_closing)
            self._is_urgent = self._is_urgent and bool(self._items)
            self._room.notify_all()
            return group

    def _is_ready(self) -> bool:
        n_whole = len(self._items) - (bool(self._items) and _is_sighting(self._items[-1]))
        enough = self._is_urgent or n_whole >= self._pace.min_group
        return self._is_closing or (n_whole > 0 and enough)

    def _write(self, group: list[Item]) -> None:
        try:
            self._store(group)
        except BaseException as error:
            self._fail(_sentence(error, self._name), group)
            raise
        records = [item.record for item in group if isinstance(item, RecordItem)]
        for record in records:
            if record.key is not None:
                self._pending.pop((record.actor, record.key), None)
        for item in group:
            if not isinstance(item, SightingItem) and item.ticket is not None:
                _answer(item, None)
        for listener in self.listeners:
            listener(records)
        if self.now_s() >= self._note_at_s:
            self._note_head()

    def _store(self, group: list[Item]) -> None:
        # Keys come first: one made for an item was made before the item was handed in.
        keys = self._ring.list_fresh()
        if keys or any(not isinstance(item, (AnswerItem, JobItem)) for item in group):
            self._head = store_group(
                self._connection, self._chain, self._head, group, keys=keys, epoch=self._epoch
            )
            self._ring.settle(keys)
        if group and isinstance(group[-1], JobItem):
            group[-1].run(self._connection)

    def _note_head(self) -> None:
        head = self._head
        if not self._connection.is_heard(self._epoch):
            raise StorageError(TAKEN_OVER)
        if head != self._noted:
            mark = HeadMark(head.seq, head.input_no, head.hash.hex())
            write_head(self._files, mark)
            if self._anchor is not None:
                self._anchor.offer(mark)
            self._noted = head
        self._note_at_s = self.now_s() + self._pace.head_every_s

    def _fail(self, sentence: str, group: list[Item]) -> None:
        with self._work:
            self._failure = self._failure or sentence
            group = [*group, *self._items]
            self._items.clear()
            self._room.notify_all()
        for item in group:
            _answer(item, StorageError(sentence))


def cut_group(items: deque[Item], max_group: int, *, holds_last: bool) -> list[Item]:
    """Take the next group from the queue, never a sighting without what came of it.

    The record of an observation follows it at once. So a sighting at the very end of the queue may
    still be under way and is left there while `holds_last`; and one at the end of a full group
    takes its record along.
    """
    group: list[Item] = []
    while items and len(group) < max_group:
        if holds_last and len(items) == 1 and _is_sighting(items[0]):
            break
        group.append(items.popleft())
        if isinstance(group[-1], JobItem):
            break
    if group and items and _came_of(group[-1], items[0]):
        group.append(items.popleft())
    elif group and not items and holds_last and _is_sighting(group[-1]):
        items.appendleft(group.pop())
    return group


def _is_sighting(item: Item) -> bool:
    return isinstance(item, SightingItem)


def _came_of(item: Item, following: Item) -> bool:
    return (
        isinstance(item, SightingItem)
        and isinstance(following, RecordItem)
        and following.record.input_no == item.input_no
    )


def _sentence(error: BaseException, name: str) -> str:
    said = f"the log cannot be written: {error}"
    is_full = isinstance(error, apsw.FullError) or getattr(error, "errno", 0) in NO_ROOM
    if is_full:
        cure = f"free space on the disk of {name}"
    elif isinstance(error, apsw.Error | OSError):
        cure = f"free space on the disk of {name}, or mend what keeps it from being written"
    elif isinstance(error, DatabaseFaultError | DatabaseGoneError):
        cure = f"see to the server of {name}, its disk and its standby"
    else:
        return said
    return f"{said}; what was not answered is not acknowledged: {cure}, then {GO_ON}"


def _answer(item: Item, error: StorageError | None) -> None:
    if isinstance(item, SightingItem) or item.ticket is None:
        return
    record = None if error or isinstance(item, JobItem) else item.record
    item.ticket.resolve(record, error)
