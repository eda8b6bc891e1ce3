"""An export is whole or not there, and always sealed."""

from __future__ import annotations

import base64
import inspect
import stat
from pathlib import Path

import apsw
import msgspec
import pytest
from unit.store.toy_desk import SAMPLES, SECRETS, write_log

from kuaifan.store.chain import Chain
from kuaifan.store.export import export_log, read_head
from kuaifan.store.log_error import LogError


@pytest.fixture
def log(tmp_path: Path) -> Path:
    write_log(tmp_path / "log.db", SAMPLES, city_hash="futian")
    return tmp_path / "log.db"


class Line(msgspec.Struct):
    kind: str
    hash: str = ""
    record: msgspec.Raw = msgspec.Raw(b"")
    input_no: int = 0
    at_ms: int = 0
    actor: str = ""
    observation: str = ""


def test_a_sealed_export_carries_the_chain_and_no_secret(log: Path, tmp_path: Path) -> None:
    log.with_name("log.db.key").unlink()  # it needs no key
    target = tmp_path / "log.jsonl"
    assert export_log(log, target) == 12
    text = target.read_text()
    assert not any(secret in text for secret in SECRETS)
    header, *lines = [msgspec.json.decode(line) for line in text.splitlines()]
    assert header["head_hash"] == read_head(log).hash.hex()
    assert (header["city_hash"], header["sealed"], header["seq"]) == ("futian", True, 12)
    chain = Chain(header["hash_name"])
    for raw in text.splitlines()[1:]:
        line = msgspec.json.decode(raw, type=Line)
        if line.kind == "record":
            assert chain.add_record(bytes(line.record)).hex() == line.hash
        else:
            body = base64.b64decode(line.observation)
            chain.add_sighting(line.input_no, line.at_ms, line.actor, body)
    assert chain.last_hash.hex() == header["head_hash"]
    assert len(lines) == 12 + 4


def test_there_is_no_way_to_open_a_whole_log_and_the_file_is_its_owners_alone(
    log: Path, tmp_path: Path
) -> None:
    assert set(inspect.signature(export_log).parameters) == {"place", "target", "key_path"}
    target, draft = tmp_path / "log.jsonl", tmp_path / "log.jsonl.part"
    draft.write_text("left by a killed export")
    draft.chmod(0o644)
    export_log(log, target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert not draft.exists()


def test_a_failed_export_leaves_the_old_one_and_nothing_half(log: Path, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=r"cannot be written: .* choose another place"):
        export_log(log, tmp_path / "missing" / "log.jsonl")
    target = tmp_path / "log.jsonl"
    target.write_text("old")
    connection = apsw.Connection(str(log))
    connection.execute("UPDATE meta SET value = 'shenzhen' WHERE name = 'city_hash'")
    connection.close()
    with pytest.raises(LogError, match="is damaged"):
        export_log(log, target)
    assert target.read_text() == "old"
    assert not list(tmp_path.glob("*.part"))
