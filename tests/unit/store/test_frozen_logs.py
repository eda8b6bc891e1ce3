"""A log of every release folds for ever (冻结日志): no desk out there is left behind."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from freeze_log import FROZEN, picture
from toy_city import toy_reference

import kuaifan
from kuaifan.app import rules
from kuaifan.app.rules import core_codec, core_rulebook
from kuaifan.board.state import Board
from kuaifan.kernel.record import Record
from kuaifan.store.opening import open_log
from kuaifan.store.reading import LogReader
from kuaifan.store.recovery import recover
from kuaifan.store.verify import verify_log

RELEASES = sorted(folder.name for folder in FROZEN.iterdir())


def new_board() -> Board:
    return rules.new_board(toy_reference())


@pytest.fixture(params=RELEASES)
def frozen(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a frozen log."""
    return Path(shutil.copytree(FROZEN / request.param, tmp_path / "frozen")) / "log.db"


def test_this_release_has_its_log() -> None:
    assert kuaifan.__version__ in RELEASES, "run `python tests/freeze_log.py`"


def test_it_verifies_and_folds_to_what_the_desk_saw(frozen: Path) -> None:
    wanted = msgspec.json.decode(frozen.with_name("picture.json").read_bytes())
    assert verify_log(frozen).ok
    with LogReader(frozen, core_codec()) as log:
        assert picture(recover(log, core_rulebook(), new_board)) == wanted
        events = Counter(
            type(event).__name__
            for item in log.read_items()
            if isinstance(item, Record)
            for event in item.events
        )
    assert len(events) > 40, "a frozen log shows most of what happens at a desk"


def test_it_is_brought_up_and_goes_on_with_rows_made_anew(frozen: Path) -> None:
    wanted = msgspec.json.decode(frozen.with_name("picture.json").read_bytes())
    with open_log(frozen, core_codec()) as journal:
        before = {table: [*journal.reader.read_rows(table)] for table in ("calls", "incidents")}
        journal.rebuild(core_rulebook(), new_board)
        after = {table: [*journal.reader.read_rows(table)] for table in before}
        assert [row.row_id for rows in after.values() for row in rows] == [
            row.row_id for rows in before.values() for row in rows
        ]
    with LogReader(frozen, core_codec()) as log:
        assert picture(recover(log, core_rulebook(), new_board)) == wanted
    assert verify_log(frozen).ok
