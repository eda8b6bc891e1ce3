"""Bringing a desk's log back (恢复): log, read tables, snapshot, verified before it is served."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.app.build import build_id
from kuaifan.app.database import log_place
from kuaifan.app.printing import print_progress
from kuaifan.app.reference import make_reference
from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.board.reference import Reference
from kuaifan.city.city import City
from kuaifan.city.folder import read_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.store.backup_format import find_shipped, read_header
from kuaifan.store.log_place import LogPlace, files_of
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.recovery import recover
from kuaifan.store.restore import RestoreOptions, RestoreReport, restore_log
from kuaifan.store.verify import verify_log

SNAPSHOT_S: Final = 600.0


class RestoreWish(msgspec.Struct, frozen=True, kw_only=True):
    """What `kuaifan restore` was asked (恢复要求)."""

    backup: Path
    db: str
    key: Path
    to_seq: int | None = None
    to_time: str | None = None
    erasures: tuple[Path, ...] = ()
    city: Path | None = None


def restore(wish: RestoreWish) -> RestoreReport:
    """Bring a log back into a new place, ready to be served; raises BadInputError."""
    if wish.to_seq is not None and wish.to_time is not None:
        raise BadInputError("--to-seq and --to say two ends: give one of them")
    for path in wish.erasures:
        if not path.is_file():
            raise BadInputError(f"there is no register of erasures {path}: check the path")
    to_ms = None if wish.to_time is None else read_instant(wish.to_time)
    place, reference = log_place(wish.db), make_reference(_city_of(wish))
    files_of(place).parent.mkdir(parents=True, exist_ok=True)
    shipped = find_shipped(wish.backup)
    print_progress(f"reading {shipped.seq if shipped else 0:,} records")
    options = RestoreOptions(
        key_path=wish.key,
        to_seq=wish.to_seq,
        to_ms=to_ms,
        registers=wish.erasures,
    )
    report = restore_log(wish.backup, place, options)
    print_progress(f"{report.seq:,} records are back; making the read tables")
    _make_ready(place, reference)
    verified = verify_log(place)
    if not verified.ok:
        raise BadInputError(f"{place} was brought back and does not verify: {verified.reason}")
    return report


def read_instant(text: str) -> int:
    """Milliseconds of an instant written with its offset, such as 2026-11-22T20:00:00+08:00."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise BadInputError(
            f"{text!r} is no instant: give date, time and offset, as 2026-11-22T20:00:00+08:00"
        )
    return round(instant.timestamp() * 1_000)


def _city_of(wish: RestoreWish) -> City:
    meta = read_header(wish.backup).meta
    if wish.city is None and not meta["city_path"]:
        raise BadInputError(f"{wish.backup} does not say where its city lies: give --city")
    city = read_city(wish.city or Path(meta["city_path"]))
    if meta["city_hash"] not in (city.content_hash, city.former_hash or city.content_hash):
        raise BadInputError(
            f"the log was written in another city than {city.path}, or its folder was changed "
            "since: give the city of the log with --city"
        )
    return city


def _make_ready(place: LogPlace, reference: Reference) -> None:
    """Make the read tables, and a snapshot so that the first start need not fold everything."""
    rules = core_rulebook()
    options = LogOptions(city_hash=reference.city_hash, former_city_hash=reference.former_city_hash)
    with open_log(place, core_codec(), options) as journal:
        journal.rebuild(rules, lambda: new_board(reference))
        state = recover(journal.reader, rules, lambda: new_board(reference))
        ticket = journal.save_snapshot(state, build_id())
        assert ticket is not None  # noqa: S101 - the first one
        ticket.wait(SNAPSHOT_S)
