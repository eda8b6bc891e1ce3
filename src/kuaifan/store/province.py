"""What a province reads of a centre's log (省级汇总): events by Parquet segments, without people.

Of each event only the fields of FIELDS leave the centre: what kind of thing, when, where in the
sense of a jurisdiction. No text of anyone, no place, no number, no staff; of a restricted record
only that there was one. Whoever ships computes the chain again from where it stopped, so that what
arrives is what was written; a log that was put back or rewritten is refused by its seq.

    DIR/<centre>/000000001-000100000.parquet ...   events of those records
    DIR/<centre>/shipped.json                      how far, and the hash there
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from kuaifan.kernel.record import GENESIS_HASH, Scope
from kuaifan.kernel.whole_file import replace_file, take_place
from kuaifan.store.chain import Chain
from kuaifan.store.connection import Connection
from kuaifan.store.databases import open_log_reader
from kuaifan.store.log_error import LogError, told_as_damage
from kuaifan.store.log_place import LogPlace
from kuaifan.store.province_tables import SEGMENTS, write_parquet
from kuaifan.store.reading import read_chain_head
from kuaifan.store.schema import read_meta

FIELDS: Final = ("incident_id", "order_id", "call_id", "type_code", "priority", "source")
PER_SEGMENT: Final = 100_000
STATE: Final = "shipped.json"
ORDINARY: Final = "ordinary"
SEALED: Final = "sealed:"
CENTRE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class Shipped(msgspec.Struct, frozen=True, kw_only=True):
    """How far a centre's log was shipped (已汇总), with the hash of the last record in hex."""

    centre: str
    city_hash: str
    hash_name: str
    seq: int = 0
    input_no: int = 0
    hash: str = GENESIS_HASH.hex()


class _Body(msgspec.Struct):
    """What is read of a stored record; everything else stays unread."""

    events: list[dict[str, Any]]
    scope: Scope


def ship(place: LogPlace, folder: Path, *, centre: str) -> Shipped:
    """Ship what was written since the last time; begins again where it was cut off.

    Raises LogError where the log is not the one that was shipped from, or does not verify: what
    held before the bad record stays shipped.
    """
    if not CENTRE.fullmatch(centre):
        raise LogError(f"{centre!r} is no name of a centre: give letters a-z, digits, - or _")
    home = folder / centre
    home.mkdir(parents=True, exist_ok=True)
    connection = open_log_reader(place)
    try:
        meta = read_meta(connection, str(place))
        shipped = _begin(home, centre, meta)
        with told_as_damage(place):
            _check_last(connection, place, shipped)
            for draft, up_to in _segments(connection, place, home, shipped=shipped):
                name = SEGMENTS.format(first=shipped.seq + 1, last=up_to.seq)
                take_place(draft, home / name)
                replace_file(home / STATE, msgspec.json.encode(up_to))
                shipped = up_to
    finally:
        connection.close()
    return shipped


def read_shipped(home: Path) -> Shipped | None:
    """How far a centre was shipped, or None for not at all."""
    try:
        return msgspec.json.decode((home / STATE).read_bytes(), type=Shipped)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        raise LogError(f"{home / STATE} is damaged; remove {home} and ship again") from None


def _begin(home: Path, centre: str, meta: dict[str, str]) -> Shipped:
    """Return where to go on; a segment that was not noted is of a run that was cut off."""
    new = Shipped(centre=centre, city_hash=meta["city_hash"], hash_name=meta["hash_name"])
    shipped = read_shipped(home) or new
    if shipped.city_hash != new.city_hash:
        raise LogError(f"{home} holds the log of another city; name another centre")
    for segment in home.glob("*.parquet"):
        if int(segment.name.partition("-")[0]) > shipped.seq:
            segment.unlink()
    return shipped


def _check_last(connection: Connection, place: LogPlace, shipped: Shipped) -> None:
    """Raise unless the log still holds the last record as it was shipped."""
    if not shipped.seq:
        return
    query = "SELECT hash FROM records WHERE seq = ?"
    line = connection.execute(query, (shipped.seq,)).fetchone()
    if line is None or bytes(line[0]).hex() != shipped.hash:
        raise LogError(
            f"record {shipped.seq} of {place} is not the one that was shipped: the log was put "
            "back or rewritten; find out why, then ship under another name"
        )


def _segments(
    connection: Connection, place: LogPlace, home: Path, *, shipped: Shipped
) -> Iterator[tuple[Path, Shipped]]:
    """Yield a draft of each next segment, and how far it goes."""
    head = read_chain_head(connection)
    while shipped.seq < head.seq:
        last = min(shipped.seq + PER_SEGMENT, head.seq)
        lines, draft = home / "draft.ndjson", home / "draft.parquet"
        try:
            with lines.open("wb") as file:
                shipped = _write_lines(connection, place, file, shipped=shipped, last=last)
            write_parquet(lines, draft)
            yield draft, shipped
        finally:
            lines.unlink(missing_ok=True)
            draft.unlink(missing_ok=True)


def _write_lines(
    connection: Connection,
    place: LogPlace,
    file: Any,  # noqa: ANN401 - a binary file
    *,
    shipped: Shipped,
    last: int,
) -> Shipped:
    """Write the events of the next records, each verified; returns how far it came."""
    chain = Chain(shipped.hash_name, bytes.fromhex(shipped.hash))
    sightings = _sightings(connection, shipped.input_no)
    waiting = next(sightings, None)
    seq, input_no = shipped.seq, shipped.input_no
    records = connection.scan(
        "SELECT seq, input_no, at_ms, body, hash FROM records WHERE seq > ? AND seq <= ? "
        "ORDER BY seq",
        (shipped.seq, last),
    )
    for found, input_no, at_ms, body, link in records:
        while waiting is not None and waiting[0] <= input_no:
            chain.add_sighting(*waiting)
            waiting = next(sightings, None)
        seq += 1
        if found != seq or chain.add_record(bytes(body)) != bytes(link):
            raise LogError(f"record {seq} of {place} is not as it was written: nothing of it left")
        for line in _list_lines(shipped.centre, seq, at_ms, bytes(body)):
            file.write(line + b"\n")
    return msgspec.structs.replace(shipped, seq=seq, input_no=input_no, hash=chain.last_hash.hex())


def _sightings(connection: Connection, after: int) -> Iterator[tuple[int, int, str, bytes]]:
    query = (
        "SELECT input_no, at_ms, actor, body FROM sightings WHERE input_no > ? ORDER BY input_no"
    )
    for input_no, at_ms, actor, body in connection.scan(query, (after,)):
        yield input_no, at_ms, actor, bytes(body)


def _list_lines(centre: str, seq: int, at_ms: int, body: bytes) -> Iterator[bytes]:
    """Yield a line for each event of a record: what it is, and of ordinary ones which."""
    record = msgspec.json.decode(body, type=_Body)
    for event_i, event in enumerate(record.events):
        line = {
            "centre": centre,
            "seq": seq,
            "event_i": event_i,
            "instant_ms": at_ms,
            "jurisdiction": record.scope.jurisdiction,
            "record_class": record.scope.record_class,
            "event": event["type"],
        }
        if record.scope.record_class == ORDINARY:
            line |= {name: event[name] for name in FIELDS if _may_leave(event.get(name))}
        yield msgspec.json.encode(line)


def _may_leave(value: object) -> bool:
    """Whether a value says something, and is a plain one: what is sealed stays, whatever it is."""
    if isinstance(value, str):
        return bool(value) and not value.startswith(SEALED)
    return isinstance(value, int)
