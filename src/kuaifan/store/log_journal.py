"""The decision log (决策日志): what the engine appends to, and where it is read again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import msgspec

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.journal import State, StorageError
from kuaifan.kernel.record import Record, Sighting
from kuaifan.kernel.rulebook import BoardLike, Row, Rulebook
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.byte_sealing import ByteSealer
from kuaifan.store.connection import Connection
from kuaifan.store.erasure import Erasure, erase
from kuaifan.store.erasure_register import register_path
from kuaifan.store.images import AnswerItem, Item, JobItem, RecordItem, SightingItem
from kuaifan.store.keyring import KeyRing
from kuaifan.store.last_images import LastImages
from kuaifan.store.log_error import STORE_FAULTS, LogError
from kuaifan.store.log_place import LogPlace, files_of
from kuaifan.store.reading import LogReader
from kuaifan.store.rebuild import RebuildReport, list_images, rebuild
from kuaifan.store.rows import RowEncoder
from kuaifan.store.sealing import Sealer
from kuaifan.store.snapshots import Taken, seal_snapshot, store_snapshot, take_snapshot
from kuaifan.store.writer import Listener, Writer

FLUSH_TIMEOUT_S: Final = 60.0
REBUILD_TIMEOUT_S: Final = 86_400.0
KEY_FAULTS: Final = (LogError, *STORE_FAULTS)
"""How it shows that a key of a sender or an owner cannot be read, which writing may need."""
B = TypeVar("B", bound=BoardLike)


class PlainRecord(msgspec.Struct, frozen=True):
    """A record that is not sealed yet (待封记录): the rows to store with it, and who waits."""

    record: Record
    canonical: bytes
    rows: list[Row]
    ticket: Ticket | None


class LogJournal:
    """Keeps records and sightings durably and in order (日志); see kernel.journal.Journal.

    lost: in words, what was missing at its end and accepted. Made by `opening.open_log`. Calls
    come from the engine's thread, `open_reader` and `erase_owner` from any. sealed_at_once: so many
    items wait to be sealed one after the other, unless somebody waits for an answer: it takes half
    as long then. rows_at_once: of so many changes of rows only each row's last is stored, at the
    latest with the next flush; 0 for all with their records. canonical_listeners: called with the
    canonical bytes of records, in order and all of them by the next flush.
    """

    def __init__(
        self,
        place: LogPlace,
        codec: Codec,
        *,
        writer: Writer,
        ring: KeyRing,
        on_close: Callable[[], None],
        sealed_at_once: int = 1,
        rows_at_once: int = 0,
    ) -> None:
        self.place, self._codec, self._writer, self._ring = place, codec, writer, ring
        self._on_close, self._is_closed = on_close, False
        self._sealer = Sealer(codec, ring)
        self._rows, self._bytes = RowEncoder(self._sealer), ByteSealer(ring)
        self._rows_at_once, self._last_images = rows_at_once, LastImages(self._rows)
        self._sealed_at_once, self._is_board_whole = sealed_at_once, True
        self._plain: list[PlainRecord | Sighting] = []
        self.canonical_listeners: list[Callable[[list[bytes]], None]] = []
        self.reader = self.open_reader()
        self._snapshot_thread: threading.Thread | None = None
        self.lost = ""
        writer.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def listeners(self) -> list[Listener]:
        """Called with the records of each durable group, after its tickets; by the writer."""
        return self._writer.listeners

    def check(self) -> None:
        """Raise StorageError if the disk has refused, though nothing is being appended."""
        self._writer.check()

    def append(self, record: Record, rows: list[Row], ticket: Ticket | None) -> None:
        """Keep a record with the images for the read tables; waits while the disk is behind."""
        self._writer.check()
        if record.fault is not None:
            self._is_board_whole = False
        if rows and self._rows_at_once:
            if len(self._last_images) >= self._rows_at_once:
                self._store_last_images()
            self._last_images.add(record, rows)
            rows = []
        self._plain.append(PlainRecord(record, self._codec.encode(record), rows, ticket))
        if ticket is not None or len(self._plain) >= self._sealed_at_once:
            self._hand_in(is_urgent=ticket is not None)

    def append_sighting(self, sighting: Sighting) -> None:
        """Keep an observation; it is durable with the next record or flush."""
        self._plain.append(sighting)
        if len(self._plain) >= self._sealed_at_once:
            self._hand_in()

    def _hand_in(self, *more: Item, is_urgent: bool = False) -> None:
        """Seal what waits, and hand it to the writer with what somebody waits for.

        What does not get there because a key could not be read is as unknown as what the disk
        refused; nothing is handed in after it.
        """
        waiting, self._plain = self._plain, []
        try:
            items = [self._sealed(each) for each in waiting]
        except KEY_FAULTS as error:
            raise _unreadable(error) from None
        self._writer.put([*items, *more], is_urgent=is_urgent)
        for listen in self.canonical_listeners:
            listen([each.canonical for each in waiting if isinstance(each, PlainRecord)])

    def _sealed(self, plain: PlainRecord | Sighting) -> RecordItem | SightingItem:
        if isinstance(plain, Sighting):
            body = self._sealer.encode_sighting(plain)
            return SightingItem(plain.input_no, plain.at_ms, plain.actor, body)
        record, rows = plain.record, plain.rows
        body = self._sealer.seal_record(record, plain.canonical)
        images = self._rows.encode(rows, record) if rows else ()
        return RecordItem(record, body, images, plain.ticket)

    def _store_last_images(self) -> None:
        """Store what the rows have become, after every record that changed them.

        Never from a board that a broken rule has left half changed: the engine flushes before it
        brings back a whole one. If that fails too, `log rebuild` makes the rows anew.
        """

        def run(connection: Connection) -> None:
            with connection.transaction():
                batch.store(connection)

        if self._is_board_whole and len(self._last_images):
            self._hand_in()
            batch = self._last_images.take()
            self._run_job(run)

    def renew_rows(self, rows_of: Callable[[Record], list[Row]]) -> None:
        """Take the rows that are not stored yet from a board that is whole again."""
        self._last_images.renew(rows_of)
        self._is_board_whole = True

    def answer(self, ticket: Ticket, record: Record | None) -> None:
        """Answer a ticket once everything appended so far is durable."""
        self._hand_in(AnswerItem(ticket, record), is_urgent=True)

    def find_record(self, actor: str, key: str) -> Record | None:
        """Return the record of a sender's idempotency key, durable or not yet, or None."""
        self._writer.check()
        if self._plain:
            self._hand_in()
        pending = self._writer.find_pending(actor, key)
        keys = self._writer.keys
        # Whoever has a key under another name has it because somebody had the plain one before.
        if pending is not None or (keys is not None and not keys.may_hold(key)):
            return pending
        try:
            return self.reader.find_record(actor, key)
        except KEY_FAULTS as error:
            raise _unreadable(error) from None

    def flush(self) -> None:
        """Wait until everything appended is durable."""
        self._store_last_images()
        ticket = Ticket()
        self.answer(ticket, None)
        self._wait(ticket)

    def open_reader(self) -> LogReader:
        """Open a reader for another thread; it knows at once what is erased here."""
        return LogReader(self.place, self._codec, ring=self._ring)

    def save_snapshot(self, state: State[Any], build: str) -> Ticket | None:
        """Store a snapshot without stopping the engine; None while an earlier one is under way.

        The ticket answers None when it is durable. Call between two inputs.
        """
        self._writer.check()
        if self._snapshot_thread is not None and self._snapshot_thread.is_alive():
            return None
        self._hand_in()
        taken, ticket = take_snapshot(state, build, self._codec.encode), Ticket()
        self._snapshot_thread = threading.Thread(
            target=self._store_snapshot, args=(taken, ticket), name="log-snapshot", daemon=True
        )
        self._snapshot_thread.start()
        return ticket

    def erase_owner(self, noun: str, owner_id: str) -> Erasure:
        """Destroy the key of a call, incident, case or register, and what finds it (销毁).

        Records stay in the chain; their personal texts read as erased from now on, everywhere.
        """
        owner = f"{noun}:{owner_id}"
        # Even an owner without a key gets one to destroy: the mark that nothing is sealed for it.
        self._ring.key_for(owner)
        erasures: list[Erasure] = []
        register = register_path(files_of(self.place))
        self._run_job(lambda connection: erasures.append(erase(connection, owner, register)))
        self._ring.forget(owner)
        self._rows.forget()
        return erasures[0]

    def rebuild(self, rules: Rulebook[B], new_board: Callable[[], B]) -> RebuildReport:
        """Drop the read tables and fill them anew from the records; nothing is appended meanwhile.

        Raises StorageError, and LogError for a record that does not read; they are then as before.
        """
        self.flush()
        self._codec.load()
        found: list[RebuildReport | ValueError] = []

        def run(connection: Connection) -> None:
            try:
                found.append(rebuild(connection, changes, RowEncoder(self._sealer), self._ring))
            except ValueError as error:  # a record that does not read is no end of the writer
                found.append(error)

        with self.open_reader() as reader:
            changes = list_images(reader, rules, new_board)
            self._run_job(run, timeout_s=REBUILD_TIMEOUT_S)
        self._rows.forget()
        if isinstance(found[0], ValueError):
            raise found[0]
        return found[0]

    def seal_bytes(self, owner: str, content: bytes, about: str) -> bytes | None:
        """Seal bytes that are no text (a photo's), None where the owner was erased."""
        return self._bytes.seal(owner, content, about)

    def open_bytes(self, piece: bytes, about: str) -> bytes | None:
        """Open such bytes, None where the owner was erased."""
        return self._bytes.open(piece, about)

    def close(self) -> None:
        """Write what waits and close; raises StorageError if that could not be done."""
        if self._is_closed:
            return
        self._is_closed = True
        if self._snapshot_thread is not None:
            self._snapshot_thread.join()
        try:
            self._close_writer()
        finally:
            self.reader.close()
            self._ring.close()
            self._on_close()

    def _close_writer(self) -> None:
        try:
            self._hand_in()
            self._store_last_images()
        finally:
            self._writer.close()

    def _run_job(
        self, run: Callable[[Connection], None], *, timeout_s: float = FLUSH_TIMEOUT_S
    ) -> None:
        ticket = Ticket()
        self._writer.put((JobItem(run, ticket),), is_urgent=True)
        self._wait(ticket, timeout_s)

    def _store_snapshot(self, taken: Taken, ticket: Ticket) -> None:
        try:
            body = seal_snapshot(taken, self._sealer)
            self._run_job(lambda c: store_snapshot(c, taken, body, self._ring.master))
        except (StorageError, ValueError, TypeError, msgspec.MsgspecError) as error:
            ticket.resolve(None, error)
        else:
            ticket.resolve(None)

    def _wait(self, ticket: Ticket, timeout_s: float = FLUSH_TIMEOUT_S) -> None:
        try:
            self._writer.wait_for(ticket, timeout_s)
        except TimeoutError:
            raise StorageError(f"the disk has not answered for {timeout_s:.0f} s") from None


def _unreadable(error: Exception) -> StorageError:
    """A disk that cannot be read refuses like one that cannot be written."""
    return StorageError(f"the log cannot be read: {error}; what was not answered is unknown")
