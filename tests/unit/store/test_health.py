"""What decides whether a commit is safe is read from either database, as it is."""

from __future__ import annotations

from pathlib import Path

from unit.store.toy_desk import SAMPLES, write_log

from kuaifan.store.head_file import head_path
from kuaifan.store.health import look_at_store
from kuaifan.store.log_place import LogPlace, files_of


def test_a_log_in_use_is_looked_at_in_both_databases(place: LogPlace, tmp_path: Path) -> None:
    write_log(place, SAMPLES)  # type: ignore[arg-type]
    found = look_at_store(place, tmp_path / "anchor")
    assert (found.unsafe, found.is_old, found.head.seq) == ((), False, 12)
    assert found.engine in {"SQLite", "PostgreSQL"}
    assert found.settings.get("fsync", "on") == "on"
    assert found.anchors == {str(head_path(files_of(place))): "", str(tmp_path / "anchor"): None}
