"""Erasing an owner leaves nothing of it that can be read, and the chain whole."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec
from unit.store.toy_desk import (
    BUILD,
    CODEC,
    RULES,
    Board,
    NoteCase,
    OpenCase,
    Party,
    new_engine,
    submit,
)

from kuaifan.kernel.personal import ERASED, is_erased
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.opening import open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover
from kuaifan.store.verify import verify_log

N_CASES = 400


def fill(journal: LogJournal) -> None:
    engine = new_engine(journal)
    opening = [
        OpenCase(title="t", caller=f"1380000{i:04}", parties=(Party(f"party {i}", 1),))
        for i in range(1, N_CASES + 1)
    ]
    submit(engine, [*opening, NoteCase(case_id="C7", note="a note on seven")])
    ticket = journal.save_snapshot(engine.state, BUILD)
    assert ticket is not None
    ticket.wait(20)


def live_bytes(path: Path) -> bytes:
    """What is in the files of an open log; read from another process, see WriterLock."""
    names = [str(path), f"{path}-wal"]
    return subprocess.run(  # noqa: S603 - our own temporary files
        ["/bin/cat", *names], capture_output=True, check=True
    ).stdout


def test_an_erased_owner_cannot_be_read_or_found_and_the_chain_holds(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with open_log(path, CODEC) as journal:
        fill(journal)
        reader = journal.reader
        wrapped = dict(reader._query("SELECT owner, wrapped FROM owner_keys", ()))
        digest = reader.master.lookup_digest("13800000007")
        before = live_bytes(path)
        assert wrapped["case:C7"] in before
        assert digest in before
        content = reader.content_hash()

        erasure = journal.erase_owner("case", "C7")

        assert (erasure.owner, erasure.n_lookups, erasure.is_wal_clean) == ("case:C7", 1, True)
        after = live_bytes(path)
        assert wrapped["case:C7"] not in after
        assert digest not in after
        assert wrapped["case:C8"] in after
        assert reader.list_row_ids("case", "13800000007") == []
        assert reader.list_row_ids("case", "13800000008") == ["C8"]
        assert reader.content_hash() != content
        for build in ("", BUILD):
            case = recover(reader, RULES, Board, build=build).board.cases["C7"]
            assert is_erased(case.caller)
            assert case.note == ERASED
            assert [is_erased(party.name) for party in case.parties] == [True]
            assert recover(reader, RULES, Board, build=build).board.cases["C8"].caller.endswith("8")
    assert verify_log(path).ok
    with LogReader(path, CODEC) as log:
        everything = b"".join(log.read_canonical()) + b"".join(
            r.body for r in log.read_rows("case")
        )
        assert b"13800000007" not in everything
        assert b'party 7"' not in everything
        assert b"13800000008" in everything


def test_nothing_is_sealed_again_for_an_erased_owner(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with open_log(path, CODEC) as journal:
        fill(journal)
        journal.erase_owner("case", "C7")
        engine = new_engine(journal)
        submit(engine, [NoteCase(case_id="C7", note="more on seven")], start=N_CASES + 1)
        journal.flush()
        row = journal.reader.find_row("case", "C7")
        assert row is not None
        assert msgspec.json.decode(row.body)["note"] == ERASED
        # An erased text that comes back from a recovered board stays what it is.
        assert msgspec.json.decode(row.body)["caller"] == ERASED
    assert b"more on seven" not in path.read_bytes()
    assert verify_log(path).ok


def test_erasing_an_unknown_or_erased_owner_is_no_error(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC) as journal:
        assert journal.erase_owner("case", "C1").n_lookups == 0
        assert journal.erase_owner("case", "C1").n_lookups == 0
        engine = new_engine(journal)
        submit(engine, [OpenCase(title="t", caller="too late")])
        journal.flush()
        assert journal.reader.list_row_ids("case", "too late") == []
        assert is_erased(recover(journal.reader, RULES, Board).board.cases["C1"].caller)
