"""The owners' keys of one open log (钥匙圈): one per call, incident, case or register.

A key exists from the first text sealed under it; it is stored, wrapped, in the same transaction.
Destroying it is what erases: the row stays as a mark, so that nothing is sealed under a new key.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any, Final

import msgspec

from kuaifan.kernel.journal import StorageError
from kuaifan.store.connection import Connection
from kuaifan.store.draws import Draws
from kuaifan.store.log_error import LogClosedFault, LogError
from kuaifan.store.master_key import MasterKey
from kuaifan.store.seen_filter import SeenFilter
from kuaifan.store.suite import Aead

MAX_CACHED: Final = 8_000
"""Owners whose key is at hand, some 2.5 kB each: of the cases of five busy days. When they are too
many all go, and come back from the log as they are asked for."""
KEYS_PER_PAGE: Final = 64
"""Whoever reads a log from its beginning asks for its keys in the order they were made."""


class OwnerKey(msgspec.Struct, frozen=True):
    """A key in use (所有者密钥); sealed: texts sealed under it lately, with nonce."""

    key_no: int
    owner: str
    cipher: Aead
    wrapped: bytes
    sealed: dict[str, bytes]


class KeyRing:
    """Finds, makes and forgets owner keys; any thread may ask (钥匙圈).

    connection: a reading one that nobody else uses. load_master: called at the first need, so
    that a log without sealed texts is read without its key file. owners: of the writer's ring,
    which owners have a key; None where asking the database costs nothing.
    """

    def __init__(
        self,
        connection: Connection,
        load_master: Callable[[], MasterKey],
        owners: SeenFilter | None = None,
    ) -> None:
        self._connection, self._load_master = connection, load_master
        self._owners = owners
        self._lock = threading.Lock()
        self._master: MasterKey | None = None
        self._by_owner: dict[str, OwnerKey | None] = {}
        self._by_no: dict[int, Aead] = {}
        self._fresh: dict[str, OwnerKey] = {}
        self._next_no = 1 + self._last_no()
        self._secrets: Draws | None = None
        self._next_page = 1

    @property
    def master(self) -> MasterKey:
        """The master key; raises LogError when its file is missing."""
        if self._master is None:
            self._master = self._load_master()
        return self._master

    def key_for(self, owner: str) -> OwnerKey | None:
        """Return the key of an owner, a new one if it has none, or None if it was destroyed."""
        # One look at each needs no lock; in this order, as below.
        key = self._fresh.get(owner) or self._by_owner.get(owner)
        if key is not None:
            return key
        with self._lock:
            key = self._fresh.get(owner)
            if key is not None:
                return key
            if owner not in self._by_owner:
                self._remember(owner)
            # In this order, as `settle` may move it in between: else it would read as destroyed.
            return self._fresh.get(owner) or self._by_owner.get(owner)

    def find_cipher(self, key_no: int) -> Aead | None:
        """Return what opens texts sealed under a key, or None if the key was destroyed."""
        with self._lock:
            if key_no not in self._by_no:
                self._load_no(key_no)
            return self._by_no.get(key_no)

    def list_fresh(self) -> list[OwnerKey]:
        """List keys that are not stored yet; the next transaction must store them.

        Takes no lock, as `settle`: whoever decides would wait for the writer, who has the lock and
        waits for the interpreter.
        """
        return list(self._fresh.values())

    def settle(self, stored: list[OwnerKey]) -> None:
        """Take note that keys are durable."""
        for key in stored:
            # In this order: who looks in between finds it in one place or the other.
            if key.owner in self._fresh:
                self._by_owner[key.owner] = key
                self._fresh.pop(key.owner, None)

    def forget(self, owner: str) -> None:
        """Drop a destroyed key from memory; the caller has destroyed it in the log."""
        with self._lock:
            self._by_owner.pop(owner, None)
            self._by_no.clear()

    def close(self) -> None:
        """Close the connection; who still reads with this ring is told StorageError."""
        with self._lock:
            self._connection.close()

    def _remember(self, owner: str) -> None:
        if len(self._by_owner) >= MAX_CACHED:
            self._by_owner.clear()
        if self._owners is not None and self._owners.claim(owner):
            self._make(owner)
            return
        query = "SELECT key_no, wrapped FROM owner_keys WHERE owner = ? LIMIT ?"
        row = next(iter(self._find(query, owner, 1)), None)
        if row is None:
            if self._owners is not None:
                self._owners.add(owner)
            self._make(owner)
        elif row[1] is None:
            self._by_owner[owner] = None
        else:
            cipher = self._open(row[1], owner)
            self._by_owner[owner] = OwnerKey(row[0], owner, cipher, row[1], {})

    def _make(self, owner: str) -> None:
        suite = self.master.suite
        if self._secrets is None:
            self._secrets = Draws(suite.key_bytes)
        secret = self._secrets.take()
        wrapped = self.master.wrap(secret, owner)
        key = OwnerKey(self._next_no, owner, suite.new_cipher(secret), wrapped, {})
        self._next_no += 1
        self._make_room()
        self._fresh[owner] = key
        self._by_no[key.key_no] = key.cipher

    def _make_room(self) -> None:
        """Drop what opens sealed texts, where it is too much; fresh keys are not in the log yet."""
        if len(self._by_no) >= MAX_CACHED:
            self._by_no = {key.key_no: key.cipher for key in self.list_fresh()}

    def _load_no(self, key_no: int) -> None:
        self._make_room()
        is_in_order = self._next_page <= key_no < self._next_page + KEYS_PER_PAGE
        query = (
            "SELECT key_no, owner, wrapped FROM owner_keys WHERE key_no >= ? "
            "ORDER BY key_no LIMIT ?"
        )
        page = self._find(query, key_no, KEYS_PER_PAGE if is_in_order else 1)
        for found, owner, wrapped in page:
            self._next_page = found + 1
            # A damaged neighbour is told to who asks for it.
            with contextlib.suppress(*() if found == key_no else (LogError,)):
                if wrapped is not None:
                    self._by_no[found] = self._open(wrapped, owner)

    def _open(self, wrapped: object, owner: object) -> Aead:
        if not (isinstance(wrapped, bytes) and isinstance(owner, str)):
            # A flipped byte in a row's header makes a blob of a text.
            raise LogError(
                "the log is damaged: a key in it is none; run `kuaifan log verify`, and restore it "
                "from a backup"
            )
        return self.master.suite.new_cipher(self.master.unwrap(wrapped, owner))

    def _find(self, query: str, value: str | int, limit: int) -> list[Any]:
        try:
            return self._connection.execute(query, (value, limit)).fetchall()
        except LogClosedFault:
            raise StorageError("the log was closed; it is being opened again") from None

    def _last_no(self) -> int:
        found = self._connection.execute("SELECT max(key_no) FROM owner_keys").fetchone()
        return found[0] if isinstance(found[0], int) else 0
