"""Accounts beside the log (账号库): who may log on, open sessions, keys and one-time links.

Nothing here is a secret that could be used: passwords are Argon2id hashes, tokens, keys, links and
recovery codes are kept as SHA-256 of random 256 bits, and second factors are sealed by the log's
master key. Plain SQL without any word that only one database knows.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeVar

import apsw
import msgspec

from kuaifan.store.connections import BUSY_TIMEOUT_MS
from kuaifan.store.log_error import LogError

ACCOUNTS_FILE: Final = "accounts.db"
TABLES: Final = """
CREATE TABLE IF NOT EXISTS accounts (
    name TEXT PRIMARY KEY, display_name TEXT NOT NULL, roles TEXT NOT NULL, desk_id TEXT NOT NULL,
    unit_id TEXT NOT NULL, password_hash TEXT NOT NULL,
    second_factor BLOB, last_step BIGINT NOT NULL,
    is_disabled INTEGER NOT NULL,
    is_locked INTEGER NOT NULL, n_failed INTEGER NOT NULL,
    created_at_ms BIGINT NOT NULL, last_on_at_ms BIGINT NOT NULL, password_at_ms BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY, name TEXT NOT NULL, means TEXT NOT NULL, address TEXT NOT NULL,
    began_at_ms BIGINT NOT NULL, seen_at_ms BIGINT NOT NULL, idle_ms BIGINT NOT NULL,
    ends_at_ms BIGINT NOT NULL, glass_until_ms BIGINT NOT NULL, unit_id TEXT NOT NULL,
    must_enrol INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS sessions_by_name ON sessions (name);
CREATE TABLE IF NOT EXISTS recovery_codes (
    name TEXT NOT NULL, code_hash TEXT NOT NULL, PRIMARY KEY (name, code_hash));
CREATE TABLE IF NOT EXISTS keys (
    key_hash TEXT PRIMARY KEY, key_id TEXT NOT NULL, rights TEXT NOT NULL, desk_id TEXT NOT NULL,
    created_at_ms BIGINT NOT NULL, ends_at_ms BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS links (
    link_hash TEXT PRIMARY KEY, name TEXT NOT NULL, ends_at_ms BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS notes (
    note_no INTEGER PRIMARY KEY, actor TEXT NOT NULL, command TEXT NOT NULL);
"""


class AccountsError(LogError):
    """The accounts cannot be read or written; says so in one sentence."""


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """A person who may log on (账号); second_factor: sealed, None where none is enrolled."""

    name: str
    display_name: str
    roles: tuple[str, ...]
    desk_id: str = "city"
    unit_id: str = ""
    password_hash: str = ""
    second_factor: bytes | None = None
    last_step: int = 0
    is_disabled: bool = False
    is_locked: bool = False
    n_failed: int = 0
    created_at_ms: int = 0
    last_on_at_ms: int = 0
    password_at_ms: int = 0


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One log-on of a person (会话); must_enrol: nothing but a second factor may be set up."""

    token_hash: str
    name: str
    means: str
    address: str
    began_at_ms: int
    seen_at_ms: int
    idle_ms: int
    ends_at_ms: int
    glass_until_ms: int = 0
    unit_id: str = ""
    must_enrol: bool = False


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key of an integrator (接入密钥); rights: what of the integrators' rights it has."""

    key_hash: str
    key_id: str
    rights: tuple[str, ...]
    desk_id: str
    created_at_ms: int
    ends_at_ms: int


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link that sets a password once (一次性链接); name: empty for the very first account."""

    link_hash: str
    name: str
    ends_at_ms: int


S = TypeVar("S", Account, Session, ApiKey, Link)
LISTS: Final = frozenset({"roles", "rights"})


class Accounts:
    """The accounts of a desk (账号库); every method may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            is_new = not path.exists()
            self._db = apsw.Connection(str(path))
            if is_new:
                path.chmod(0o600)
            self._db.set_busy_timeout(BUSY_TIMEOUT_MS)
            self._db.pragma("journal_mode", "WAL")
            self._db.pragma("secure_delete", True)
            self._db.execute(TABLES)
        except (apsw.Error, OSError) as error:
            raise AccountsError(
                f"the accounts in {path} cannot be opened ({error}); check its folder"
            ) from None

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything within happens or nothing does."""
        with self._lock, self._db:
            yield

    def count(self) -> int:
        """How many accounts there are."""
        return int(self._rows("SELECT COUNT(*) FROM accounts")[0][0])

    def find(self, name: str) -> Account | None:
        """The account of a name."""
        return self._find(Account, "accounts", "name", name)

    def list_accounts(self) -> list[Account]:
        """All accounts by name."""
        rows = self._rows(f"SELECT {_columns(Account)} FROM accounts ORDER BY name")  # noqa: S608 - our own names
        return [_made(Account, row) for row in rows]

    def put(self, account: Account) -> None:
        """Write an account, new or changed."""
        self._put("accounts", "name", account)

    def put_session(self, session: Session) -> None:
        """Write a session, new or changed."""
        self._put("sessions", "token_hash", session)

    def find_session(self, token_hash: str) -> Session | None:
        """The session of a token."""
        return self._find(Session, "sessions", "token_hash", token_hash)

    def list_sessions(self, name: str) -> list[Session]:
        """Sessions of a person, those that ended unseen too."""
        rows = self._rows(f"SELECT {_columns(Session)} FROM sessions WHERE name = ?", name)  # noqa: S608 - our own names
        return [_made(Session, row) for row in rows]

    def list_ended(self, now_ms: int) -> list[Session]:
        """Sessions whose time is over."""
        ended = "ends_at_ms <= ? OR seen_at_ms + idle_ms <= ?"
        rows = self._rows(f"SELECT {_columns(Session)} FROM sessions WHERE {ended}", now_ms, now_ms)  # noqa: S608 - our own names
        return [_made(Session, row) for row in rows]

    def drop_session(self, token_hash: str) -> None:
        """Forget a session."""
        self._rows("DELETE FROM sessions WHERE token_hash = ?", token_hash)

    def put_codes(self, name: str, code_hashes: list[str]) -> None:
        """Recovery codes in place of those before."""
        with self.transaction():
            self._rows("DELETE FROM recovery_codes WHERE name = ?", name)
            for code_hash in code_hashes:
                self._rows("INSERT INTO recovery_codes VALUES (?, ?)", name, code_hash)

    def take_code(self, name: str, code_hash: str) -> bool:
        """Use a recovery code up; whether there was one."""
        with self.transaction():
            about = (name, code_hash)
            found = self._rows(
                "SELECT 1 FROM recovery_codes WHERE name = ? AND code_hash = ?", *about
            )
            self._rows("DELETE FROM recovery_codes WHERE name = ? AND code_hash = ?", *about)
            return bool(found)

    def put_key(self, key: ApiKey) -> None:
        """Write a key."""
        self._put("keys", "key_hash", key)

    def find_key(self, key_hash: str) -> ApiKey | None:
        """The key of a hash."""
        return self._find(ApiKey, "keys", "key_hash", key_hash)

    def list_keys(self) -> list[ApiKey]:
        """All keys."""
        rows = self._rows(f"SELECT {_columns(ApiKey)} FROM keys ORDER BY key_id")  # noqa: S608 - our own names
        return [_made(ApiKey, row) for row in rows]

    def drop_key(self, key_id: str) -> bool:
        """Revoke a key by its name; whether there was one."""
        with self.transaction():
            found = self._rows("SELECT 1 FROM keys WHERE key_id = ?", key_id)
            self._rows("DELETE FROM keys WHERE key_id = ?", key_id)
            return bool(found)

    def put_link(self, link: Link) -> None:
        """A link in place of others for the same name."""
        with self.transaction():
            self._rows("DELETE FROM links WHERE name = ?", link.name)
            self._put("links", "link_hash", link)

    def find_link(self, link_hash: str) -> Link | None:
        """The link of a hash."""
        return self._find(Link, "links", "link_hash", link_hash)

    def drop_link(self, link_hash: str) -> None:
        """A link is used once."""
        self._rows("DELETE FROM links WHERE link_hash = ?", link_hash)

    def note(self, actor: str, command: str) -> None:
        """Leave an entry for the log, which the desk writes as soon as it runs."""
        with self.transaction():
            last = self._rows("SELECT COALESCE(MAX(note_no), 0) FROM notes")[0][0]
            self._rows("INSERT INTO notes VALUES (?, ?, ?)", last + 1, actor, command)

    def list_notes(self) -> list[tuple[int, str, str]]:
        """Entries that the log does not have yet: number, actor, command as JSON."""
        return [(int(no), str(actor), str(command)) for no, actor, command in self._rows(NOTES)]

    def drop_note(self, note_no: int) -> None:
        """The log has it."""
        self._rows("DELETE FROM notes WHERE note_no = ?", note_no)

    def _find(self, kind: type[S], table: str, key: str, value: str) -> S | None:
        rows = self._rows(f"SELECT {_columns(kind)} FROM {table} WHERE {key} = ?", value)  # noqa: S608 - our own names
        return _made(kind, rows[0]) if rows else None

    def _put(self, table: str, key: str, value: Account | Session | ApiKey | Link) -> None:
        values = {name: _stored(getattr(value, name)) for name in value.__struct_fields__}
        marks = ", ".join("?" * len(values))
        with self.transaction():
            self._rows(f"DELETE FROM {table} WHERE {key} = ?", values[key])  # noqa: S608 - our own names
            names = ", ".join(values)
            self._rows(f"INSERT INTO {table} ({names}) VALUES ({marks})", *values.values())  # noqa: S608 - our own names

    def _rows(self, sql: str, *values: object) -> list[Any]:
        try:
            with self._lock:
                return self._db.execute(sql, values).fetchall()
        except apsw.Error as error:
            raise AccountsError(f"the accounts cannot be used ({error})") from None


NOTES: Final = "SELECT note_no, actor, command FROM notes ORDER BY note_no"


def accounts_path(log: Path) -> Path:
    """Where the accounts of a log lie."""
    return log.parent / ACCOUNTS_FILE


def _columns(kind: type[msgspec.Struct]) -> str:
    return ", ".join(kind.__struct_fields__)


def _stored(value: object) -> object:
    if isinstance(value, tuple):
        return ",".join(value)
    return int(value) if isinstance(value, bool) else value


def _made(kind: type[S], row: tuple[object, ...]) -> S:
    fields: dict[str, Any] = dict(zip(kind.__struct_fields__, row, strict=True))
    for name in fields.keys() & LISTS:
        fields[name] = tuple(part for part in str(fields[name]).split(",") if part)
    return msgspec.convert(fields, kind, strict=False)
