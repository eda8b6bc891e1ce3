"""Opening a log for writing (启用日志): every doubt is raised here, before anything is written."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.record import GENESIS_HASH
from kuaifan.store.anchor import AnchorKeeper, check_marks
from kuaifan.store.chain import SIGHTING_TYPES, Chain, ChainHead, get_hash
from kuaifan.store.connection import Connection, Database, Lock
from kuaifan.store.databases import database_at
from kuaifan.store.epoch import begin_epoch
from kuaifan.store.erasure import destroy_again
from kuaifan.store.erasure_register import register_path
from kuaifan.store.group import write_chain_head
from kuaifan.store.head_file import head_path
from kuaifan.store.keyring import KeyRing
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.log_place import LogPlace
from kuaifan.store.master_key import MasterKey, create_key, default_key_path, load_key
from kuaifan.store.reading import GENESIS, read_chain_head
from kuaifan.store.schema import SUITE_LINE, fill_tables, read_format, read_meta
from kuaifan.store.seen_filter import SeenFilter
from kuaifan.store.suite import STANDARD, SuiteName, get_suite
from kuaifan.store.writer import Hold, Pace, Writer

LEARN_AFTER_S: Final = 2.0
"""By then a desk that was started anew has answered who waited for it."""


def _say_nothing(_sentence: str) -> None:
    """Nobody asked to be told."""


class LogOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a log is kept (日志选项).

    city_hash: of the city folder; a log of another city is refused; '' does not ask.
    former_city_hash: what a log before format 2 calls the same city.
    key_path: of the key file, if not beside the log.
    durability: `full` for a desk; `batch` for a fresh log of a run that can be run again.
    suite: which ciphers and digests a new log has, and an old one must have; None: standard, and
    any. hash_name: of the chain of a new log, if not that of its suite.
    anchor: a second place, on another disk, where the head is noted and compared. tell: who is told
    when it cannot be written.
    accepts_shorter: go on with a log that is shorter than the head file or the anchor knows.
    take_over_after_s: a writer that nothing was heard of for so long, but whose session stands, is
    taken over from; None never does (PostgreSQL; a file is never held by the dead).
    learns_keys: find out, besides, which keys there are, so as not to ask for others; a desk that
    serves does, and whoever writes to a far database.
    make_writer: a simulation has one that writes when it is told to, in no thread of its own.
    """

    city_hash: str = ""
    former_city_hash: str = ""
    city_path: str = ""
    key_path: Path | None = None
    durability: Literal["full", "batch"] = "full"
    suite: SuiteName | None = None
    hash_name: str = ""
    take_over_after_s: float | None = None
    anchor: Path | None = None
    accepts_shorter: bool = False
    tell: Callable[[str], None] = _say_nothing
    learns_keys: bool = False
    make_writer: type[Writer] = Writer


PACES: Final = {
    "full": Pace(
        "FULL", max_group=256, min_group=1, head_every_s=1.0, sealed_at_once=1, rows_at_once=0
    ),
    "batch": Pace(
        "OFF", 4_096, 2_048, head_every_s=math.inf, sealed_at_once=256, rows_at_once=20_000
    ),
}


def open_log(place: LogPlace, codec: Codec, options: LogOptions | None = None) -> LogJournal:
    """Open or make a log for writing, with its key file and head file beside it.

    Raises LogError, in one sentence, when anything is not as it should be; nothing is changed then.
    """
    options = options or LogOptions()
    if options.hash_name:
        get_hash(options.hash_name)
    database = database_at(place)
    lock = database.lock(take_over_after_s=options.take_over_after_s)
    try:
        return _open_locked(place, database, lock, codec=codec, options=options)
    except BaseException:
        lock.release()
        raise


def _open_locked(
    place: LogPlace, database: Database, lock: Lock, *, codec: Codec, options: LogOptions
) -> LogJournal:
    key_path = options.key_path or default_key_path(database.files)
    if database.is_new():
        _make_log(database, key_path, options)
    master = load_key(key_path)
    chain, head, lost = _examine(database, master, options)
    database.upgrade(city_hash=options.city_hash)
    learns = options.learns_keys or database.is_far
    owners, keys = (SeenFilter(), SeenFilter()) if learns else (None, None)
    if options.durability == "batch":
        # Nobody has written to this log yet, so that nobody need look for what is in it.
        owners = SeenFilter.of_nothing()
    ring = KeyRing(database.open_reader(), lambda: master, owners)
    try:
        pace = PACES[options.durability]
        connection = database.open_writer(synchronous=pace.synchronous)
        keeper = None if options.anchor is None else AnchorKeeper(options.anchor, options.tell)
        hold = _begin(database, connection, head, keeper)
    except BaseException:
        ring.close()
        raise
    fillings = [
        seen.fill(database.open_reader, table, column, after_s=LEARN_AFTER_S)
        for seen, table, column in ((owners, "owner_keys", "owner"), (keys, "keys", "key"))
        if seen is not None and not seen.is_filled
    ]
    writer = options.make_writer(hold, chain, head, ring, pace=pace, keys=keys)

    def on_close() -> None:
        for filling in fillings:
            filling.cancel()
        try:
            database.close_writer(connection)
        finally:
            lock.release()
            if keeper is not None:
                keeper.close()

    journal = LogJournal(
        place,
        codec,
        writer=writer,
        ring=ring,
        on_close=on_close,
        sealed_at_once=pace.sealed_at_once,
        rows_at_once=pace.rows_at_once,
    )
    journal.lost = lost
    return journal


def _begin(
    database: Database, connection: Connection, head: ChainHead, keeper: AnchorKeeper | None
) -> Hold:
    """Begin an epoch; a connection that cannot is closed, or it would hold on to the file."""
    try:
        epoch = begin_epoch(connection, head)
        destroy_again(connection, register_path(database.files))
    except BaseException:
        connection.close()
        if keeper is not None:
            keeper.close()
        raise
    return Hold(connection, epoch, database.name, database.files, keeper)


def _make_log(database: Database, key_path: Path, options: LogOptions) -> None:
    """Make an empty log and its key file; what was made is taken back if any of it fails."""
    for noted in _marks(database, options):
        if noted.exists():
            raise LogError(
                f"{database.name} is gone but {noted} is there: put the log back from a backup, or "
                "delete the head file to begin a new log"
            )
    is_key_new = not key_path.exists()
    master = (
        create_key(key_path, get_suite(options.suite or "standard"))
        if is_key_new
        else load_key(key_path)
    )
    try:
        database.make(lambda connection: _fill_log(connection, master, options))
    except BaseException:
        if is_key_new:
            key_path.unlink(missing_ok=True)
        raise


def _fill_log(connection: Connection, master: MasterKey, options: LogOptions) -> None:
    hash_name = options.hash_name or master.suite.hash_name
    meta = {
        "city_hash": options.city_hash,
        "city_path": options.city_path,
        "created_at_ms": str(time.time_ns() // 1_000_000),
        "hash_name": hash_name,
        "key_check": master.check,
    }
    if master.suite is not STANDARD:
        meta[SUITE_LINE] = master.suite.name
    tail = Chain(hash_name).tail_digest
    fill_tables(connection, meta)
    write_chain_head(connection, msgspec.structs.replace(GENESIS, tail=tail))


def _marks(database: Database, options: LogOptions) -> list[Path]:
    """Every place that knows the head of the log."""
    return [head_path(database.files), *([] if options.anchor is None else [options.anchor])]


def _examine(
    database: Database, master: MasterKey, options: LogOptions
) -> tuple[Chain, ChainHead, str]:
    """Compare the log with its key, its city, its own head and where else that was noted.

    Changes nothing. Also returns in words what is missing of a log that is accepted as shorter.
    """
    name, connection = database.name, database.open_reader()
    try:
        meta = read_meta(connection, name)
        _check_key(meta, name, master)
        _check_suite(name, master, options)
        _check_city(meta, name, options, read_format(connection, name))
        with told_as_damage(name):
            head = read_chain_head(connection)
            if options.durability == "batch" and head.input_no:
                raise LogError(f"{name} has been written to; a run in batch mode needs a new log")
            chain = _restore_chain(connection, name, head, meta["hash_name"])
            marks = _marks(database, options)
            accepts = options.accepts_shorter
            return chain, head, check_marks(connection, head, marks, name=name, accepts=accepts)
    finally:
        connection.close()


def _check_key(meta: dict[str, str], name: str, master: MasterKey) -> None:
    if meta["key_check"] != master.check:
        raise LogError(f"the key file is not the one {name} was made with; name the right one")


def _check_suite(name: str, master: MasterKey, options: LogOptions) -> None:
    if options.suite not in {None, master.suite.name}:
        raise LogError(
            f"{name} is of the cipher suite {master.suite.name} and stays so; leave --suite "
            f"{options.suite} out, or begin a new log"
        )


def _check_city(meta: dict[str, str], name: str, options: LogOptions, version: int) -> None:
    known = {"", options.city_hash, options.former_city_hash if version == 1 else ""}
    if options.city_hash and meta["city_hash"] not in known:
        raise LogError(
            f"{name} is the log of another city ({meta['city_path'] or meta['city_hash']}); "
            "name that city, or begin a new log"
        )


def _restore_chain(connection: Connection, name: str, head: ChainHead, hash_name: str) -> Chain:
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
            f"{name} does not end where its own head says (seq {head.seq}): it is damaged; "
            "run `kuaifan log verify` and restore it from a backup"
        )
    return chain
