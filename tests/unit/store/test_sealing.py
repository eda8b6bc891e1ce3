"""Personal texts are never stored in clear, and come back byte for byte."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from unit.store.toy_desk import (
    BUILD,
    CODEC,
    SAMPLES,
    SECRETS,
    CaseNoted,
    CaseOpened,
    CloseCase,
    NoteCase,
    OpenCase,
    Party,
    Remind,
    Sighted,
    new_engine,
    submit,
    write_log,
)

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.message import EngineStarted, Event, TimerSet
from kuaifan.kernel.personal import Personal
from kuaifan.kernel.record import Record, Scope, Sighting
from kuaifan.store.keyring import KeyRing
from kuaifan.store.opening import open_log
from kuaifan.store.plans import find_plan, is_searchable
from kuaifan.store.reading import LogReader
from kuaifan.store.sealing import Owners

TEXTS = st.text(max_size=40) | st.sampled_from(
    ['"\\u0073ealed:1:AAAA"', "\\u0073ealed:1:AAAA", "sealed:1:AAAA", '\\"', "■"]
)


def record_of(command: Any, *events: Event, seq: int = 1, **more: Any) -> Record:
    scope = Scope("east")
    return Record(
        seq=seq,
        input_no=seq,
        at_ms=seq,
        actor="a",
        scope=scope,
        command=command,
        events=events,
        **more,
    )


@pytest.fixture
def journal(tmp_path: Path) -> Any:
    with open_log(tmp_path / "log.db", CODEC) as opened:
        yield opened


def owners_of(ring: KeyRing) -> set[str]:
    return {key.owner for key in ring.list_fresh()}


@settings(max_examples=60, deadline=None)
@given(title=TEXTS, caller=TEXTS, names=st.lists(TEXTS, max_size=3), note=TEXTS)
def test_what_is_sealed_opens_to_the_canonical_bytes(
    title: str, caller: str, names: list[str], note: str
) -> None:
    parties = tuple(Party(name, 3) for name in names)
    timer = TimerSet(
        timer_id="t",
        due_at_ms=1,
        command=msgspec.Raw(CODEC.encode(Remind(case_id="C", words=note))),
    )
    record = record_of(
        OpenCase(title=title, caller=caller, parties=parties),
        CaseOpened(case_id="C", title=title, caller=caller, parties=parties),
        CaseNoted(case_id="C", note=note),
        timer,
    )
    sighting = Sighting(1, 2, "gps", Sighted(case_id="C", teller=note))
    with tempfile.TemporaryDirectory() as name, open_log(Path(name, "log.db"), CODEC) as journal:
        sealer = journal._sealer
        stored = sealer.encode_record(record)
        assert sealer.open_json(stored) == CODEC.encode(record)
        assert b"\\u0073ealed:1:AAAA" not in stored.replace(b"\\\\u0073", b"")
        seen = sealer.encode_sighting(sighting)
        assert sealer.open_sighting(seen) == CODEC.encode_observation(sighting.observation)
        if len(caller) > 6 and caller != title:
            assert CODEC.encode(record) != stored


def test_no_secret_is_anywhere_in_the_files(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    with open_log(path, CODEC) as journal:
        engine = new_engine(journal)
        submit(engine, SAMPLES)
        ticket = journal.save_snapshot(engine.state, BUILD)
        assert ticket is not None
        ticket.wait(10)
    everything = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert "缺标题".encode() in everything
    for secret in SECRETS:
        assert secret.encode() not in everything
        assert secret.encode("unicode_escape") not in everything


def test_a_record_without_personal_data_is_stored_as_its_canonical_bytes(journal: Any) -> None:
    timer = TimerSet(
        timer_id="t", due_at_ms=1, command=msgspec.Raw(CODEC.encode(CloseCase(case_id="C1")))
    )
    record = record_of(CloseCase(case_id="C1"), timer)
    assert journal._sealer.encode_record(record) == CODEC.encode(record)
    assert not owners_of(journal._ring)


@pytest.mark.parametrize(
    ("record", "owners"),
    [
        (record_of(NoteCase(case_id="C7", note="x")), {"case:C7"}),
        (
            record_of(
                OpenCase(title="t", caller="x", parties=(Party("y", 1),)),
                CaseOpened(case_id="C8", title="t", caller="x", parties=()),
            ),
            {"case:C8"},
        ),
        (record_of(OpenCase(title="", caller="x"), seq=9), {"input:9"}),
        (record_of(CloseCase(case_id="C1"), seq=4, fault="KeyError: 'x'"), {"case:C1"}),
        (record_of(OpenCase(title="t"), seq=4, fault="KeyError: 'x'"), {"input:4"}),
    ],
)
def test_the_owner_is_the_struct_then_the_first_event_then_the_input(
    journal: Any, record: Record, owners: set[str]
) -> None:
    journal._sealer.encode_record(record)
    assert owners_of(journal._ring) == owners


def test_empty_and_absent_texts_are_not_sealed(journal: Any) -> None:
    record = record_of(NoteCase(case_id="C7", note=None), CaseNoted(case_id="C7", note=""))
    assert journal._sealer.encode_record(record) == CODEC.encode(record)


def test_other_json_in_a_message_cannot_pose_as_sealed(journal: Any) -> None:
    posing = msgspec.Raw(b'{"type":"CloseCase","case_id":"\\u0073ealed:1:AAAA"}')
    record = record_of(
        OpenCase(title="t", caller="x"), TimerSet(timer_id="t", due_at_ms=1, command=posing)
    )
    stored = journal._sealer.encode_record(record)
    opened = CODEC.decode_record(journal._sealer.open_json(stored))
    assert bytes(opened.events[0].command) == b'{"type":"CloseCase","case_id":"sealed:1:AAAA"}'


class Tree(msgspec.Struct, frozen=True):
    label: str
    children: tuple[Tree, ...] = ()
    secret: Annotated[str, Personal("case")] = ""


class Forest(msgspec.Struct, frozen=True):
    trees: dict[str, list[Tree]]


class Plain(msgspec.Struct, frozen=True):
    numbers: tuple[int, ...]
    started: EngineStarted | None = None


class Wrong(msgspec.Struct, frozen=True):
    case_id: str
    age: Annotated[int, Personal("case")]


def test_a_plan_reaches_into_nested_and_recursive_structs(journal: Any) -> None:
    forest = Forest({"a": [Tree("x", (Tree("y", (), "deep secret"),))]})
    stored = journal._sealer.encode_struct(forest, Owners("test:1"))
    assert b"deep secret" not in stored
    assert b'"x"' in stored
    assert journal._sealer.open_json(stored) == msgspec.json.encode(forest)


def test_types_without_personal_data_have_no_plan() -> None:
    assert find_plan(Plain) is None
    assert find_plan(CloseCase) is None
    assert not is_searchable(Tree)
    assert is_searchable(CaseOpened)


def test_a_mark_on_something_that_is_no_text_is_our_bug(journal: Any) -> None:
    with pytest.raises(TypeError, match="Personal marks texts; int of case:C1 is none"):
        journal._sealer.encode_struct(Wrong("C1", 30), Owners("test:1"))


def test_a_row_is_found_by_a_number_however_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "log.db"
    write_log(path, SAMPLES)
    with LogReader(path, CODEC) as log:
        assert log.list_row_ids("case", "138-0013 8000") == ["C1"]
        assert log.list_row_ids("case", "13900000000") == []
        row = log.find_row("case", "C1")
        assert row is not None
        assert msgspec.json.decode(row.body)["caller"] == "13800138000"
        assert [row.row_id for row in log.read_rows("case")] == ["C1", "C3"]
        assert log.find_row("case", "C2") is None


def test_a_sealer_of_another_vocabulary_opens_all_the_same(tmp_path: Path) -> None:
    write_log(tmp_path / "log.db", SAMPLES)
    with (
        LogReader(tmp_path / "log.db", Codec([], [])) as other,
        LogReader(tmp_path / "log.db", CODEC) as log,
    ):
        assert list(other.read_canonical()) == list(log.read_canonical())


def test_a_reader_whose_log_was_closed_meanwhile_is_told_so_in_a_sentence(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC) as journal:
        submit(new_engine(journal), [OpenCase(title="t", caller="13800000001")])
        journal.flush()
        reader = journal.open_reader()
        journal._ring.forget("case:C1")
    with reader, pytest.raises(StorageError, match="opened again"):
        reader.find_row("case", "C1")
