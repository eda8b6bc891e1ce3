"""A build is known by all that decides: the core, how it is put together, and the plug-ins."""

from __future__ import annotations

from pathlib import Path

import pytest

from kuaifan.app import build
from kuaifan.app.build import build_id, make_build_id
from kuaifan.app.rules import installed_plugins
from kuaifan.kernel.plugins import PluginError, find_plugins

SEAT = '''"""A seat (席位)."""
from kuaifan.kernel.message import Command

class {name}Asked(Command, frozen=True):
    """Asks (请求)."""

SEAT = {{"id": "x"}}
COMMANDS = ({name}Asked,)
'''


def test_the_code_of_a_plug_in_is_part_of_the_build(tmp_path: Path) -> None:
    ids = []
    for place, rule in (("one", "x = 1"), ("two", "x = 1"), ("three", "x = 2")):
        folder = tmp_path / place / "tally"
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("SEAT = 1\n")
        (folder / "rules.py").write_text(f"{rule}\n")
        ids.append(make_build_id(find_plugins("seats", folders=[tmp_path / place])))
    assert ids[0] == ids[1]  # where it lies does not matter
    assert ids[2] not in (ids[0], make_build_id([]))
    assert make_build_id([]) not in ids
    assert build_id() == make_build_id(installed_plugins())


def test_the_file_that_orders_the_rules_is_part_of_the_build(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "app/rules.py" in build.DECIDING_FILES
    with_rules = make_build_id([])
    monkeypatch.setattr(build, "DECIDING_FILES", ())
    assert make_build_id([]) != with_rules


def test_a_command_that_nobody_decides_stops_the_start_and_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "orphan"
    folder.mkdir()
    (folder / "__init__.py").write_text(SEAT.format(name="Orphan"), encoding="utf-8")
    with pytest.raises(PluginError, match=r"orphan: nobody decides OrphanAsked; add a function"):
        find_plugins("seats", folders=[tmp_path])
