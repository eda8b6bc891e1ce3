"""Opening a log for writing (启用日志): every doubt is raised here, before anything is written."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Final, Literal

import apsw
import msgspec

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.record import GENESIS_HASH
from kuaifan.kernel.whole_file import sync_folder
from kuaifan.store.chain import DEFAULT_HASH, SIGHTING_TYPES, Chain, ChainHead, get_hash
from kuaifan.store.connections import WriterLock, close_writer, open_reader, open_writer
from kuaifan.store.formats import upgrade
from kuaifan.store.group import write_chain_head
from kuaifan.store.head_file import find_contradiction, find_head, head_path
from kuaifan.store.keyring import KeyRing
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.master_key import MasterKey, create_key, default_key_path, load_key
from kuaifan.store.reading import GENESIS, read_chain_head
from kuaifan.store.schema import create_tables, is_empty, read_format, read_meta, require_sqlite
from kuaifan.store.sqlite_log import SqliteJournal
from kuaifan.store.writer import Pace, Writer


class LogOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a log is kept (日志选项).

    city_hash: of the city folder; a log of another city is refused; '' does not ask.
    former_city_hash: what a log before format 2 calls the same city.
    key_path: of the key file, if not beside the log.
    durability: `full` for a desk; `batch` for a fresh log of a run that can be run again.
    hash_name: of the chain of a new log; an old one keeps its own.
    """

    city_hash: str = ""
    former_city_hash: str = ""
    city_path: str = ""
    key_path: Path | None = None
    durability: Literal["full", "batch"] = "full"
    hash_name: str = DEFAULT_HASH


PACES: Final = {
    "full": Pace("FULL", max_group=256, min_group=1, head_every_s=1.0),
    "batch": Pace("OFF", max_group=4_096, min_group=2_048, head_every_s=math.inf),
}


def open_log(path: Path, codec: Codec, options: LogOptions | None = None) -> SqliteJournal:
    """Open or make a log for writing, with its key file, head file and lock beside it.

    Raises LogError, in one sentence, when anything is not as it should be; nothing is changed then.
    """
    options = options or LogOptions()
    require_sqlite()
    get_hash(options.hash_name)
    lock = WriterLock(path)
    try:
        return _open_locked(path, codec, options, lock)
    except BaseException:
        lock.release()
        raise


def _open_locked(path: Path, codec: Codec, options: LogOptions, lock: WriterLock) -> SqliteJournal:
    key_path = options.key_path or default_key_path(path)
    if _is_new(path):
        _make_log(path, key_path, options)
    master = load_key(key_path)
    chain, head = _examine(path, master, options)
    upgrade(path, city_hash=options.city_hash)
    ring = KeyRing(open_reader(path), lambda: master)
    try:
        pace = PACES[options.durability]
        connection = open_writer(path, synchronous=pace.synchronous)
    except BaseException:
        ring.close()
        raise
    writer = Writer(connection, chain, head, ring, log_path=path, pace=pace)

    def on_close() -> None:
        close_writer(connection)
        lock.release()

    return SqliteJournal(path, codec, writer=writer, ring=ring, on_close=on_close)


def _is_new(path: Path) -> bool:
    """Whether there is no log yet; a making that was cut short has left an empty database.

    Raises LogError for a file of another kind, while it is untouched: WAL mode would change it.
    """
    if not path.exists() or path.stat().st_size == 0:
        return True
    connection = open_reader(path)
    try:
        if is_empty(connection):
            return True
        read_meta(connection, str(path))
    finally:
        connection.close()
    return False


def _make_log(path: Path, key_path: Path, options: LogOptions) -> None:
    """Make an empty log and its key file; what was made is taken back if any of it fails."""
    if head_path(path).exists():
        raise LogError(
            f"{path} is gone but {head_path(path)} is there: put the log back from a backup, or "
            "delete the head file to begin a new log"
        )
    is_key_new = not key_path.exists()
    master = create_key(key_path) if is_key_new else load_key(key_path)
    made = [key_path] if is_key_new else []
    try:
        _fill_log(path, master, options)
    except BaseException as error:
        for part in (*made, path, Path(f"{path}-wal"), Path(f"{path}-shm")):
            part.unlink(missing_ok=True)
        if isinstance(error, apsw.Error):
            raise LogError(f"{path} cannot be made ({error}); free the disk and retry") from None
        raise


def _fill_log(path: Path, master: MasterKey, options: LogOptions) -> None:
    meta = {
        "city_hash": options.city_hash,
        "city_path": options.city_path,
        "created_at_ms": str(time.time_ns() // 1_000_000),
        "hash_name": options.hash_name,
        "key_check": master.check,
    }
    connection = open_writer(path, synchronous="FULL")
    try:
        tail = Chain(options.hash_name).tail_digest
        with connection:
            create_tables(connection, meta)
            write_chain_head(connection, msgspec.structs.replace(GENESIS, tail=tail))
    finally:
        connection.close()
    sync_folder(path.parent)


def _examine(path: Path, master: MasterKey, options: LogOptions) -> tuple[Chain, ChainHead]:
    """Compare the log with its key, its city, its own head and its head file; changes nothing."""
    connection = open_reader(path)
    try:
        meta = read_meta(connection, str(path))
        _check_key(meta, path, master)
        _check_city(meta, path, options, read_format(connection, str(path)))
        with told_as_damage(path):
            head = read_chain_head(connection)
            if options.durability == "batch" and head.input_no:
                raise LogError(f"{path} has been written to; a run in batch mode needs a new log")
            chain = _restore_chain(connection, path, head, meta["hash_name"])
            _check_head_file(connection, path, head)
            return chain, head
    finally:
        connection.close()


def _check_key(meta: dict[str, str], path: Path, master: MasterKey) -> None:
    if meta["key_check"] != master.check:
        raise LogError(f"the key file is not the one {path} was made with; name the right one")


def _check_city(meta: dict[str, str], path: Path, options: LogOptions, version: int) -> None:
    known = {"", options.city_hash, options.former_city_hash if version == 1 else ""}
    if options.city_hash and meta["city_hash"] not in known:
        raise LogError(
            f"{path} is the log of another city ({meta['city_path'] or meta['city_hash']}); "
            "name that city, or begin a new log"
        )


def _check_head_file(connection: apsw.Connection, path: Path, head: ChainHead) -> None:
    mark = find_head(path)
    if mark is None:
        return
    line = connection.execute("SELECT hash FROM records WHERE seq = ?", (mark.seq,)).fetchone()
    trouble = find_contradiction(
        mark, seq=head.seq, input_no=head.input_no, stored=line[0] if line else None
    )
    if trouble:
        raise LogError(
            f"{path}: {trouble}; restore the log from a backup, or delete {head_path(path)} to go "
            "on without what is lost"
        )


def _restore_chain(
    connection: apsw.Connection, path: Path, head: ChainHead, hash_name: str
) -> Chain:
    """Return the chain as the last writer left it, with the sightings after the last record."""
    last = connection.execute(
        "SELECT seq, input_no, hash FROM records ORDER BY seq DESC LIMIT 1"
    ).fetchone() or (0, 0, GENESIS_HASH)
    chain = Chain(hash_name, last[2])
    tail = connection.execute("SELECT * FROM sightings WHERE input_no > ? ORDER BY 1", (last[1],))
    for line in tail:
        if tuple(map(type, line)) != SIGHTING_TYPES:
            break
        chain.add_sighting(*line)
    if (last[0], last[2], chain.tail_digest) != (head.seq, head.hash, head.tail):
        raise LogError(
            f"{path} does not end where its own head says (seq {head.seq}): it is damaged; "
            "run `kuaifan log verify` and restore it from a backup"
        )
    return chain
