"""A plug-in is one new folder: each kind is found with no other edit, and mistakes are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from kuaifan.kernel.plugins import (
    DECLARATIONS,
    PluginError,
    find_all_plugins,
    find_plugins,
    refuse_doubles,
)

IN_TREE = Path(__file__).resolve().parents[3] / "src" / "kuaifan"
INIT = '''"""A dummy (样本)."""
from kuaifan.kernel.message import Command, Event
from .rules import decide

class {name}Asked(Command, frozen=True):
    """Asks (请求)."""

class {name}Done(Event, frozen=True):
    """Happened (完成)."""

{declaration} = {{"title": "样本"}}
COMMANDS = [{name}Asked]
EVENTS = ({name}Done,)
DECIDERS = {{{name}Asked: decide}}
EVOLVERS = {{{name}Done: decide}}
REACTIONS = {{{name}Done: [decide]}}
VIEWS = {{"dummies": decide}}
ACTORS = {{{name}Done: decide}}
'''


def add_plugin(folder: Path, plugin_id: str, text: str) -> Path:
    """Write a plug-in folder whose __init__ has the given text."""
    (folder / plugin_id).mkdir(parents=True)
    (folder / plugin_id / "__init__.py").write_text(text, encoding="utf-8")
    (folder / plugin_id / "rules.py").write_text("def decide(*_args):\n    return []\n")
    return folder


def dummy(kind: str, name: str = "") -> str:
    return INIT.format(declaration=DECLARATIONS[kind], name=name or kind.title())


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_a_folder_of_each_kind_is_found_with_no_other_edit(tmp_path: Path, kind: str) -> None:
    before = find_plugins(kind)
    folder = add_plugin(tmp_path / kind, "zebra", dummy(kind))
    (folder / "__pycache__").mkdir()
    [plugin] = [p for p in find_plugins(kind, folders=[folder]) if p not in before]
    assert (plugin.kind, plugin.plugin_id) == (kind, "zebra")
    assert plugin.origin == str(folder / "zebra")
    assert plugin.declaration == {"title": "样本"}
    assert [c.__name__ for c in plugin.commands + plugin.events] == [
        f"{kind.title()}Asked",
        f"{kind.title()}Done",
    ]
    [command], [event] = plugin.commands, plugin.events
    assert plugin.deciders[command]() == plugin.evolvers[event]() == []
    assert [react() for react in plugin.reactions[event]] == [[]]
    assert [*plugin.views] == ["dummies"]
    assert [*plugin.actors] == [event]
    assert find_plugins(kind) == before


@pytest.mark.parametrize("kind", DECLARATIONS)
def test_the_folders_of_the_tree_itself_are_found(kind: str) -> None:
    folders = {p.name for p in (IN_TREE / kind).glob("[!_]*/")}
    assert folders <= {plugin.plugin_id for plugin in find_plugins(kind)}


def test_plug_ins_come_sorted_by_id_whatever_the_folders_are(tmp_path: Path) -> None:
    one = add_plugin(tmp_path / "one", "zebra", "MODEL = 1\n")
    two = add_plugin(tmp_path / "two", "ant", "PLUGIN = 1\n")
    found = [p.plugin_id for p in find_plugins("models", folders=[one, two])]
    assert found == sorted(found)
    assert {"ant", "zebra"} <= {*found}


def test_all_kinds_are_found_at_once(tmp_path: Path) -> None:
    folders = {kind: [add_plugin(tmp_path / kind, "zebra", dummy(kind))] for kind in DECLARATIONS}
    found = [p.kind for p in find_all_plugins(folders=folders) if p.plugin_id == "zebra"]
    assert found == [*DECLARATIONS]


def test_an_entry_point_of_an_installed_package_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_plugin(tmp_path, "outside_device", "DEVICE = {'port': 7_018}\n")
    info = tmp_path / "outside-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: outside\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[kuaifan.devices]\nradio = outside_device\n")
    monkeypatch.syspath_prepend(tmp_path)
    [plugin] = [p for p in find_plugins("devices") if p.plugin_id == "radio"]
    assert plugin.declaration == {"port": 7_018}
    (info / "entry_points.txt").write_text("[kuaifan.devices]\nradio = outside_device:DEVICE\n")
    with pytest.raises(PluginError, match=r"radio .* is not a module"):
        find_plugins("devices")


def test_two_plug_ins_of_one_id_are_refused_and_both_named(tmp_path: Path) -> None:
    one = add_plugin(tmp_path / "one", "zebra", "SEAT = 1\n")
    two = add_plugin(tmp_path / "two", "zebra", "SEAT = 2\n")
    with pytest.raises(PluginError, match=r"seats zebra is defined twice: in .*one.* and in .*two"):
        find_plugins("seats", folders=[one, two])


def test_a_message_name_is_unique_over_all_plug_ins(tmp_path: Path) -> None:
    add_plugin(tmp_path / "one", "ant", dummy("seats", "Same"))
    both = add_plugin(tmp_path / "one", "bee", dummy("seats", "Same"))
    with pytest.raises(PluginError, match="message SameAsked is defined twice"):
        find_plugins("seats", folders=[both])
    seats = add_plugin(tmp_path / "seats", "ant", dummy("seats", "Same"))
    devices = add_plugin(tmp_path / "devices", "bee", dummy("devices", "Same"))
    with pytest.raises(PluginError, match="message SameAsked is defined twice"):
        find_all_plugins(folders={"seats": [seats], "devices": [devices]})
    refuse_doubles(find_plugins("seats", folders=[seats]))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("import nowhere_at_all\n", "zebra does not import: ModuleNotFoundError"),
        ("SEAT = (\n", "zebra does not import: SyntaxError"),
        ("SEAT = 1 / 0\n", "zebra does not import: ZeroDivisionError"),
        ("TITLE = 1\n", "zebra declares nothing; its __init__ needs SEAT = …"),
        ("SEAT = 1\nCOMMANDS = [1]\n", "zebra: COMMANDS is not a sequence of classes"),
        ("SEAT = 1\nDECIDERS = {'x': print}\n", "zebra: DECIDERS is not a table by type"),
        ("SEAT = 1\nVIEWS = {'x': 1}\n", "zebra: VIEWS holds something that is no function"),
        ("SEAT = 1\nREACTIONS = {int: print}\n", r"REACTIONS\[int\] is not a list of functions"),
    ],
)
def test_a_broken_plug_in_stops_the_start_and_is_named(
    tmp_path: Path, text: str, complaint: str
) -> None:
    folder = add_plugin(tmp_path, "zebra", text)
    with pytest.raises(PluginError, match=complaint):
        find_plugins("seats", folders=[folder])


def test_a_folder_that_is_no_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "zebra").mkdir()
    with pytest.raises(PluginError, match=r"zebra has no __init__\.py"):
        find_plugins("seats", folders=[tmp_path])


def test_a_folder_that_cannot_be_imported_by_its_name_is_named(tmp_path: Path) -> None:
    add_plugin(tmp_path, "big-zebra", "SEAT = 1\n")
    with pytest.raises(PluginError, match="big-zebra cannot be imported"):
        find_plugins("seats", folders=[tmp_path])


def test_a_missing_folder_and_an_unknown_kind_are_named(tmp_path: Path) -> None:
    with pytest.raises(PluginError, match="is not there"):
        find_plugins("seats", folders=[tmp_path / "nowhere"])
    with pytest.raises(PluginError, match="no kind of plug-in is called 'sofas'"):
        find_plugins("sofas")
    with pytest.raises(PluginError, match="no kind of plug-in is called 'sofas'"):
        find_all_plugins(folders={"sofas": [tmp_path]})
