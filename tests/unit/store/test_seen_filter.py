"""What was stored is always asked for; of what never was, hardly anything is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unit.store.toy_desk import CODEC, SAMPLES, OpenCase, new_engine, submit, write_log

from kuaifan.store import keyring
from kuaifan.store.connections import open_reader
from kuaifan.store.log_place import PostgresPlace
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.seen_filter import SeenFilter


def test_until_it_is_filled_everything_is_asked_for() -> None:
    seen = SeenFilter()
    seen.add("a")
    assert seen.may_hold("a")
    assert seen.may_hold("b")


def test_filled_it_knows_what_is_stored_and_what_was_added_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    write_log(path, SAMPLES)
    seen = SeenFilter()
    seen.add("key-early")
    seen._fill(lambda: open_reader(path), "keys", "key")
    seen.add("key-late")
    assert all(seen.may_hold(f"key-{place}") for place in (0, 1, 3, "early", "late"))
    assert sum(seen.may_hold(f"never-{i}") for i in range(1_000)) <= 10


def test_of_a_log_that_nobody_has_written_to_it_tells_at_once() -> None:
    seen = SeenFilter.of_nothing()
    assert not seen.may_hold("a")
    seen.add("a")
    assert seen.may_hold("a")


def test_a_run_never_asks_its_new_log_for_an_owner(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC, LogOptions(durability="batch")) as journal:
        owners = journal._ring._owners
        assert owners is not None
        assert owners.is_filled
        submit(new_engine(journal), SAMPLES)
        journal.flush()
        assert all(owners.may_hold(owner) for owner in journal.reader.list_owners())


def test_a_long_run_keeps_the_keys_of_some_owners_only(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(keyring, "MAX_CACHED", 5)
    with open_log(tmp_path / "log.db", CODEC, LogOptions(durability="batch")) as journal:
        engine, ring = new_engine(journal), journal._ring
        for no in range(20):
            submit(engine, [OpenCase(title="t", caller=f"138{no}")], start=no)
            if no % 3 == 0:
                journal.flush()
        assert all(ring.find_cipher(key.key_no) for key in ring.list_fresh())
        journal.flush()
        assert len(ring._by_no) <= 5 + 3
        assert [ring.find_cipher(key_no) is None for key_no in range(1, 22)] == [False] * 20 + [
            True
        ]


def test_a_log_that_is_opened_again_finds_its_owners_and_keys(in_postgres: PostgresPlace) -> None:
    write_log(in_postgres, SAMPLES)
    with open_log(in_postgres, CODEC) as journal:
        keys, owners = journal._writer.keys, journal._ring._owners
        assert keys is not None
        assert owners is not None
        for seen, table, column in ((keys, "keys", "key"), (owners, "owner_keys", "owner")):
            seen._fill(lambda: journal.open_reader()._connection, table, column)
        assert not keys.may_hold("never")
        assert not owners.may_hold("case:C9")
        n_owners = "SELECT count(*) FROM owner_keys"
        before = journal.reader._query(n_owners, ())
        submit(new_engine(journal), SAMPLES[1:2], start=200)  # C1 has its key already
        journal.flush()
        assert journal.reader._query(n_owners, ()) == before
        assert journal.find_record("seat-1", "key-200") is not None


def test_one_that_could_not_be_filled_asks_for_everything_and_remembers_nothing(
    tmp_path: Path,
) -> None:
    write_log(tmp_path / "log.db", SAMPLES)
    seen = SeenFilter()
    seen._fill(lambda: open_reader(tmp_path / "log.db"), "no_such_table", "key")
    for i in range(1_000):
        seen.add(f"key-{i}")
    assert not seen._waiting
    assert seen.may_hold("never")
