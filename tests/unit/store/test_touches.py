"""Which records changed a row (触及索引): found without reading the whole log."""

from __future__ import annotations

from pathlib import Path

import pytest
from toy_city import FIGHT, START_MS, Desk, corner

from kuaifan.app.live import LiveEngine
from kuaifan.app.rules import core_codec
from kuaifan.board.scope import rows_of
from kuaifan.kernel.record import Record
from kuaifan.store.opening import open_log
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.call import RegisterCall


def stored(path: Path, desk: Desk) -> None:
    """Keep the records of a toy desk, with the rows of its board."""
    with open_log(path, core_codec()) as journal:
        for record in desk.journal.records:
            journal.append(record, rows_of(desk.board, record), None)
        journal.flush()


def test_records_that_touched_a_row_are_read_in_order_and_no_others(tmp_path: Path) -> None:
    desk = Desk()
    desk.on_duty("P1", "P2")
    call_id = desk.rang()
    one = desk.opened(FIGHT, corner(4, 5), call_id=call_id)
    two = desk.opened(FIGHT, corner(1, 1))
    desk.sent(one, "P1")
    desk.sent(two, "P2")
    stored(tmp_path / "log.db", desk)

    def touching(*places: tuple[str, str]) -> list[int]:
        return [record.seq for record in reader.read_touching(places)]

    def named(*ids: str) -> list[int]:
        return [r.seq for r in desk.journal.records if any(names(r, row_id) for row_id in ids)]

    with LogReader(tmp_path / "log.db", core_codec()) as reader:
        assert touching(("incidents", one)) == named(one)
        assert touching(("incidents", two)) == named(two)
        assert touching(("incidents", one), ("calls", call_id)) == named(one, call_id)
        assert touching(("units", "P2")) == named("P2")
        assert touching(("incidents", "J9")) == touching() == []
        assert reader.get_record(1) == desk.journal.records[0]
        with pytest.raises(KeyError, match="no record 99"):
            reader.get_record(99)


def names(record: Record, row_id: str) -> bool:
    fields = [
        getattr(event, name, "")
        for event in record.events
        for name in ("call_id", "incident_id", "unit_id")
    ]
    return row_id in fields


def test_a_live_log_knows_them_as_soon_as_they_are_durable(tmp_path: Path) -> None:
    desk = Desk()
    live = LiveEngine(tmp_path / "log.db", desk.reference)
    live.start().wait(20)
    record = live.submit(RegisterCall(line="110"), actor="a").wait(20)
    with live.journal.open_reader() as reader:
        assert reader.read_touching([("calls", "C1")]) == [record]
    live.stop()
    assert record is not None
    assert record.at_ms > START_MS
