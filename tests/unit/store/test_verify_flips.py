"""Whatever byte of a log is flipped: it is found, or nothing that the log is kept for changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from unit.store.toy_desk import CODEC, SAMPLES, Fixes, write_log

from kuaifan.kernel.errors import BadInputError
from kuaifan.store.log_error import LogError
from kuaifan.store.opening import open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.verify import verify_log

PROTECTED = ("meta", "records", "sightings", "chain_head", "keys", "owner_keys")
STEP = 7
"""Bytes from one flip to the next: all columns and their types are met, in seconds."""


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("flips") / "log.db"
    write_log(path, [*SAMPLES, Fixes(places=(8,))])
    return path


def content(path: Path) -> dict[str, list[object]]:
    connection = apsw.Connection(str(path))
    found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in PROTECTED}  # noqa: S608
    connection.close()
    return found


def find(path: Path) -> str:
    """What verification says of a log, '' for nothing; any other error is a traceback."""
    try:
        return verify_log(path).reason
    except LogError as error:
        return str(error)


def pages_of(path: Path, tables: tuple[str, ...]) -> Iterator[int]:
    """Yield offsets into the pages of some tables."""
    connection = apsw.Connection(str(path))
    size = connection.pragma("page_size")
    assert isinstance(size, int)
    query = "SELECT rootpage FROM sqlite_schema WHERE tbl_name = ? AND rootpage > 0"
    roots = [root for table in tables for (root,) in connection.execute(query, (table,))]
    last_root = connection.execute("SELECT max(rootpage) FROM sqlite_schema").get
    n_pages = connection.pragma("page_count")
    connection.close()
    overflow = range(int(str(last_root)) + 1, int(str(n_pages)) + 1)
    for page in (*roots, *overflow):
        yield from range((int(page) - 1) * size, int(page) * size, STEP)


@pytest.mark.parametrize("table", PROTECTED)
def test_every_flip_in_the_pages_of_a_table_is_found_or_changes_nothing(
    sample: Path, tmp_path: Path, table: str
) -> None:
    was, bytes_were = content(sample), sample.read_bytes()
    path = tmp_path / "log.db"
    for n, offset in enumerate(pages_of(sample, (table,))):
        damaged = bytearray(bytes_were)
        damaged[offset] ^= 1 << n % 8
        path.write_bytes(damaged)
        if not find(path):
            assert content(path) == was, f"byte {offset} of {table}"


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(where=st.floats(0, 1, exclude_max=True), value=st.integers(0, 255))
def test_no_byte_anywhere_makes_a_reading_break_off_without_a_sentence(
    sample: Path, tmp_path: Path, where: float, value: int
) -> None:
    damaged = bytearray(sample.read_bytes())
    damaged[int(where * len(damaged))] = value
    folder = tmp_path / "damaged"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    path = folder / "log.db"
    path.write_bytes(damaged)
    shutil.copy(f"{sample}.key", f"{path}.key")
    found = find(path)
    said = read_all(path)
    assert "\n" not in said
    assert found or not said or "is damaged" in said


def read_all(path: Path) -> str:
    """Read everything and open the log for writing; what is refused, '' for nothing."""
    try:
        with LogReader(path, CODEC) as log:
            list(log.read_items())
        open_log(path, CODEC).close()
    except BadInputError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(
    ("change", "reason", "first_bad_seq"),
    [
        ("UPDATE {sightings} SET actor = NULL WHERE input_no = 3", "sighting 3 is not readable", 3),
        ("UPDATE {records} SET body = CAST(body AS TEXT) WHERE seq = 4", "record 4 is not", 4),
        ("UPDATE {records} SET jurisdiction = x'ff' WHERE seq = 5", "record 5 is not readable", 5),
        ("UPDATE {owner_keys} SET wrapped = NULL WHERE key_no = 1", "the owners' keys are", None),
        ("UPDATE {owner_keys} SET wrapped = 'x' WHERE key_no = 1", "owner_keys.wrapped", None),
        ("DELETE FROM {owner_keys} WHERE key_no = 2", "the owners' keys are", None),
        ("UPDATE {keys} SET seq = 9 WHERE seq = 2", "the idempotency key of record 2", 2),
        ("INSERT INTO {keys} VALUES ('key-99', 1)", "idempotency keys for", None),
        ("UPDATE {chain_head} SET at_ms = at_ms + 1", "does not end where its writer", 13),
        ("UPDATE {meta} SET value = 'x' WHERE name = 'city_hash'", "does not say what it is", None),
    ],
)
def test_what_is_wrong_is_named(
    sample: Path, tmp_path: Path, change: str, reason: str, first_bad_seq: int | None
) -> None:
    path = Path(shutil.copy(sample, tmp_path))
    spoil(path, change)
    assert reason in find(path)
    if "{meta}" not in change:
        assert verify_log(path).first_bad_seq == first_bad_seq


@pytest.mark.parametrize(
    "change", ["UPDATE {epoch} SET epoch = NULL", "UPDATE {epoch} SET epoch = x'ff'"]
)
def test_a_log_that_does_not_say_who_writes_it_is_refused_in_a_sentence(
    sample: Path, tmp_path: Path, change: str
) -> None:
    path = Path(shutil.copy(sample, tmp_path))
    shutil.copy(f"{sample}.key", f"{path}.key")
    spoil(path, change)
    assert "is damaged" in read_all(path)


def spoil(path: Path, change: str) -> None:
    """Change a table as a flipped byte would, against the types it was declared with."""
    table = change[change.index("{") + 1 : change.index("}")]
    connection = apsw.Connection(str(path))
    query = "SELECT sql FROM sqlite_schema WHERE name = ?"
    declared = str(connection.execute(query, (table,)).get)
    loose = declared.replace("STRICT, WITHOUT", "WITHOUT").replace(") STRICT", ")")
    loose = loose.replace(" NOT NULL", "")
    for sql in (loose, None, declared):
        if sql is None:
            connection.execute(change.format(**{table: table}))
            continue
        connection.pragma("writable_schema", True)
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = ?", (sql, table))
        connection.pragma("writable_schema", "RESET")
    connection.close()


def test_an_erasure_is_no_damage(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC) as journal:
        journal.erase_owner("case", "C1")
        journal.erase_owner("case", "C1")
        journal.erase_owner("case", "C2")
    report = verify_log(tmp_path / "log.db")
    assert (report.ok, report.n_keys) == (True, 2)
