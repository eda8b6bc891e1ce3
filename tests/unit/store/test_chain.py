"""Whatever is changed in a log is found."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path

import apsw
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from unit.store.toy_desk import CODEC, SAMPLES, Fixes, write_log

from kuaifan.store.chain import Chain, get_hash
from kuaifan.store.export import export_log
from kuaifan.store.head_file import head_path
from kuaifan.store.log_error import LogError
from kuaifan.store.reading import LogReader
from kuaifan.store.verify import verify_log


@cache
def sample_log() -> Path:
    """A log that ends with two sightings after its last record, made once."""
    folder = Path(tempfile.mkdtemp(prefix="kuaifan-chain-"))
    write_log(folder / "log.db", [*SAMPLES, Fixes(places=(8,))])
    return folder / "log.db"


@pytest.fixture(scope="module", autouse=True)
def _remove_sample() -> object:
    yield
    shutil.rmtree(sample_log().parent)


def lines(path: Path, table: str) -> list[tuple[object, ...]]:
    connection = apsw.Connection(str(path))
    found = connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()  # noqa: S608
    connection.close()
    return found


def flipped(value: object, bit: int) -> object:
    if isinstance(value, int):
        return value ^ (1 << bit % 40)
    if isinstance(value, str):
        at = bit % (len(value) or 1)
        return value[:at] + chr(ord(value[at : at + 1] or "a") ^ 1) + value[at + 1 :]
    assert isinstance(value, bytes)
    at = bit // 8 % len(value)
    return value[:at] + bytes([value[at] ^ (1 << bit % 8)]) + value[at + 1 :]


def test_an_untouched_log_verifies() -> None:
    report = verify_log(sample_log())
    assert report.ok
    assert report.first_bad_seq is None
    assert report.n_records == len(lines(sample_log(), "records"))
    assert report.n_sightings == len(lines(sample_log(), "sightings")) == 5


@settings(max_examples=150, deadline=None)
@given(
    table=st.sampled_from(["records", "sightings"]), pick=st.integers(0), bit=st.integers(0, 10_000)
)
def test_one_flipped_bit_in_any_column_is_found(table: str, pick: int, bit: int) -> None:
    rows = lines(sample_log(), table)
    row = rows[pick % len(rows)]
    column_i = pick // len(rows) % len(row)
    with tempfile.TemporaryDirectory() as name:
        path = Path(shutil.copy(sample_log(), name))
        connection = apsw.Connection(str(path))
        names = [column[1] for column in connection.execute(f"PRAGMA table_info({table})")]
        try:
            connection.execute(
                f"UPDATE {table} SET {names[column_i]} = ? WHERE {names[0]} = ?",  # noqa: S608
                (flipped(row[column_i], bit), row[0]),
            )
        except apsw.ConstraintError:
            assume(condition=False)  # two rows of one number cannot be stored
        connection.close()
        report = verify_log(path)
    assert not report.ok
    if table == "records" and column_i > 0:
        assert report.first_bad_seq == row[0]
    assert report.first_bad_seq is not None
    assert report.reason


@settings(max_examples=60, deadline=None)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_in_the_file_is_found_or_changes_nothing(
    where: float, bit: int
) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(shutil.copy(sample_log(), name))
        content = bytearray(path.read_bytes())
        content[int(where * len(content))] ^= 1 << bit
        path.write_bytes(content)
        try:
            if not verify_log(path).ok:
                return
        except LogError:
            return
        export_log(sample_log(), Path(name, "was.jsonl"))
        export_log(path, Path(name, "is.jsonl"))
        was, now = Path(name, "was.jsonl").read_text(), Path(name, "is.jsonl").read_text()
        assert was.splitlines()[1:] == now.splitlines()[1:]


@pytest.mark.parametrize(
    ("change", "first_bad_seq"),
    [
        ("DELETE FROM records WHERE seq = 5", 5),
        ("DELETE FROM records WHERE seq > 10", 11),
        ("DELETE FROM sightings WHERE input_no = (SELECT min(input_no) FROM sightings)", None),
        ("DELETE FROM sightings WHERE input_no = (SELECT max(input_no) FROM sightings)", 13),
        ("UPDATE chain_head SET hash = zeroblob(32)", 13),
        (
            "UPDATE records SET body = (SELECT body FROM records WHERE seq = 3) WHERE seq = 4",
            4,
        ),
    ],
)
def test_missing_moved_and_cut_lines_are_found(
    tmp_path: Path, change: str, first_bad_seq: int | None
) -> None:
    path = Path(shutil.copy(sample_log(), tmp_path))
    connection = apsw.Connection(str(path))
    connection.execute(change)
    connection.close()
    report = verify_log(path)
    assert not report.ok
    assert first_bad_seq in (None, report.first_bad_seq)


def test_a_log_shorter_than_its_head_file_is_found(tmp_path: Path) -> None:
    short = tmp_path / "short.db"
    write_log(short, SAMPLES[:3])
    shutil.copy(head_path(sample_log()), head_path(short))
    report = verify_log(short)
    assert not report.ok
    assert "the end is lost" in report.reason


def test_the_hash_of_the_chain_is_pluggable(tmp_path: Path) -> None:
    write_log(tmp_path / "log.db", SAMPLES, hash_name="sha512")
    assert verify_log(tmp_path / "log.db").ok
    with LogReader(tmp_path / "log.db", CODEC) as log:
        assert len(log.head().hash) == 64
        assert log.meta["hash_name"] == "sha512"


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3")
def test_sm3_links_a_log_as_well(tmp_path: Path) -> None:
    write_log(tmp_path / "log.db", SAMPLES, hash_name="sm3")
    assert verify_log(tmp_path / "log.db").ok


def test_an_unknown_hash_is_refused_in_a_sentence() -> None:
    with pytest.raises(LogError, match="hash 'rot13' is not available here"):
        get_hash("rot13")


def test_a_record_is_linked_as_documented() -> None:
    chain = Chain("sha256")
    chain.add_sighting(1, 2, "gps", b"fix")
    digest = hashlib.sha256(b"1 2 3 3:gpsfix").digest()
    assert chain.add_record(b"body") == hashlib.sha256(bytes(32) + digest + b"body").digest()
