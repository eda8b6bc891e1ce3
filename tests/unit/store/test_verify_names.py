"""A record that is changed, missing, exchanged, doubled or cut off is named, in both databases."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from unit.store.toy_desk import SAMPLES, write_log

from kuaifan.store.connection import Connection
from kuaifan.store.connections import open_writer
from kuaifan.store.head_file import head_path
from kuaifan.store.log_place import LogPlace, PostgresPlace, files_of
from kuaifan.store.postgres_connection import PostgresConnection
from kuaifan.store.verify import verify_log

Lines = list[tuple[Any, ...]]
BODY_I, HASH_I = 5, 6


def change_body(lines: Lines) -> Lines:
    fifth = lines[4]
    body = bytes(fifth[BODY_I]) + b" "
    return [*lines[:4], (*fifth[:BODY_I], body, fifth[HASH_I]), *lines[5:]]


def exchange(lines: Lines) -> Lines:
    fifth, sixth = lines[4:6]
    return [*lines[:4], (5, *sixth[1:]), (6, *fifth[1:]), *lines[6:]]


def exchange_hashes_too(lines: Lines) -> Lines:
    """As `exchange`, but each with the columns of its new place."""
    fifth, sixth = lines[4:6]
    return [
        *lines[:4],
        (*fifth[:BODY_I], *sixth[BODY_I:]),
        (*sixth[:BODY_I], *fifth[BODY_I:]),
        *lines[6:],
    ]


CHANGES: list[tuple[Callable[[Lines], Lines], str, int]] = [
    (change_body, "record 5, or a sighting before it, is not what was written", 5),
    (lambda lines: [*lines[:4], *lines[5:]], "record 5 is missing", 5),
    (lambda lines: lines[1:], "record 1 is missing", 1),
    (exchange, "record 5 holds what was written as record 6", 5),
    (exchange_hashes_too, "record 5 holds what was written as record 6", 5),
    (lambda lines: [*lines, (13, *lines[-1][1:])], "record 13 holds what was written as", 13),
    (lambda lines: lines[:10], "records 11 to 12 are missing", 11),
    (lambda lines: lines[:11], "record 12 is missing", 12),
]


@pytest.fixture(name="connection")
def fixture_connection(place: LogPlace) -> Any:
    """Writes as somebody would who has the database and is not the desk."""
    write_log(place, SAMPLES)  # type: ignore[arg-type]
    connection: Connection = (
        PostgresConnection(place, may_write=True)
        if isinstance(place, PostgresPlace)
        else open_writer(Path(place), synchronous="OFF")
    )
    yield connection
    connection.close()


def test_the_first_bad_record_is_named_with_what_is_wrong(
    place: LogPlace, connection: Connection
) -> None:
    head_path(files_of(place)).unlink()
    lines = connection.execute("SELECT * FROM records ORDER BY seq").fetchall()
    for change, reason, first_bad_seq in CHANGES:
        with connection.transaction():
            connection.execute("DELETE FROM records")
            connection.insert("records", change(lines))
        report = verify_log(place)
        assert (report.ok, report.first_bad_seq) == (False, first_bad_seq)
        assert reason in report.reason
        assert report.n_records == first_bad_seq - 1
    with connection.transaction():
        connection.execute("DELETE FROM records")
        connection.insert("records", lines)
    assert verify_log(place).ok
