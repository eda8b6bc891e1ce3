"""A seat in a folder (插件专席) that promises calls: items of its own, and a slice it keeps."""

from textwrap import dedent

import pytest
from stored_log import folded, stored
from toy_city import FIGHT, START_MS, Desk, corner, image

from kuaifan.app.rules import make_rulebook
from kuaifan.board.items import ItemKind
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.plugins import PluginError, find_all_plugins
from kuaifan.store.recovery import recover
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.item import Rung

BUILD = "a build"
CALLER = "林女士 3 栋 402"
SEAT_CODE = '''
"""A seat that promises to call back (承诺席)."""
from typing import Annotated

import msgspec

from kuaifan.app.rules import make_rulebook
from kuaifan.board.items import CLOSED, ItemKind, close_item, get_item, move_item, open_item
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.item import Owner

KIND = ItemKind(
    seat_id="promises",
    kind="call",
    title_zh="承诺回电",
    title_en="promised call",
    steps={"promised": ("called", CLOSED), "called": (CLOSED,)},
    words={"promised": ("已承诺", "promised"), "called": ("已回电", "called")},
    outcomes={"kept": ("已兑现", "kept")},
    holds=True,
)


class Promise(Command, frozen=True):
    """Promise a call (承诺)."""

    incident_id: str
    whom: Annotated[str, Personal("incident")]


class CallPromised(Command, frozen=True):
    """Say that it was made (回电)."""

    item_id: str
    stage: str


class KeepPromise(Command, frozen=True):
    """It is over (兑现)."""

    item_id: str


class Promised(Event, frozen=True):
    """Somebody was promised a call (已承诺)."""

    incident_id: str
    whom: Annotated[str, Personal("incident")]


class Told(msgspec.Struct, frozen=True):
    """Whom (对象)."""

    incident_id: str
    whom: Annotated[str, Personal("incident")]


class Promises(msgspec.Struct):
    """What the seat keeps (专席分态)."""

    n: int = 0
    told: list[Told] = []


def promise(board, command, now_ms):
    opened = open_item(
        board,
        KIND,
        owner=Owner("seat", "promises"),
        due_at_ms=now_ms + 3_600_000,
        incident_id=command.incident_id,
    )
    return [Promised(incident_id=command.incident_id, whom=command.whom), opened]


def call(board, command, now_ms):
    item = get_item(board, command.item_id, KIND)
    return [move_item(KIND, item, command.stage, by="s", due_at_ms=now_ms + 60_000)]


def keep(board, command, now_ms):
    return [close_item(KIND, get_item(board, command.item_id, KIND), "kept", by="s")]


def promised(board, event, at_ms):
    mine = board.seats["promises"]
    mine.n += 1
    mine.told.append(Told(event.incident_id, event.whom))


SEAT = {"title": "承诺席"}
SLICE = Promises
COMMANDS = (Promise, CallPromised, KeepPromise)
EVENTS = (Promised,)
DECIDERS = {Promise: promise, CallPromised: call, KeepPromise: keep}
EVOLVERS = {Promised: promised}
'''


@pytest.fixture(name="seat", scope="module")
def fixture_seat(tmp_path_factory):
    """The seat found in its folder, and its commands."""
    folder = tmp_path_factory.mktemp("seats")
    (folder / "promises").mkdir()
    (folder / "promises" / "__init__.py").write_text(dedent(SEAT_CODE), encoding="utf-8")
    plugins = find_all_plugins(folders={"seats": [folder]})
    mine = next(each for each in plugins if each.plugin_id == "promises")
    return plugins, {command.__name__: command for command in mine.commands}


@pytest.fixture(name="desk")
def fixture_desk(seat):
    desk = Desk(plugins=seat[0])
    desk.on_duty("P1", "P2")
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


@pytest.fixture(name="promised")
def fixture_promised(desk, seat):
    """An incident with a promise; returns both ids."""
    incident_id = desk.opened(FIGHT, corner(4, 2))
    record = desk.do(seat[1]["Promise"](incident_id=incident_id, whom=CALLER))
    return incident_id, record.events[1].item_id


def test_a_seat_opens_moves_and_closes_its_own_items_step_by_step(desk, seat, promised):
    commands, item_id = seat[1], promised[1]
    assert desk.board.seats["promises"].n == 1
    assert desk.board.items[item_id].stage == "promised"
    assert desk.code(commands["CallPromised"](item_id=item_id, stage="kept")) == "no_such_step"
    moved = desk.do(commands["CallPromised"](item_id=item_id, stage="called"), at_s=120)
    assert moved.events[0].due_at_ms == START_MS + 180_000
    assert desk.code(commands["CallPromised"](item_id=item_id, stage="promised")) == "no_such_step"
    desk.do(commands["KeepPromise"](item_id=item_id))
    assert desk.code(commands["KeepPromise"](item_id=item_id)) == "unknown_item"


def test_an_incident_is_not_closed_before_what_its_seat_holds(desk, seat, promised):
    incident_id, item_id = promised
    desk.fed_back(desk.sent(incident_id, "P1"))
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    close = incidents.CloseIncident(incident_id=incident_id)
    assert desk.code(close) == "items_open"
    desk.do(seat[1]["KeepPromise"](item_id=item_id))
    desk.do(close)
    assert desk.board.incidents[incident_id].state == "closed"


def test_what_a_seat_keeps_is_in_a_snapshot_and_sealed(desk, promised, tmp_path):
    assert promised
    with stored(desk, tmp_path / "log.db") as journal:
        assert image(folded(desk, journal)) == image(desk.engine.state)
        journal.save_snapshot(desk.engine.state, BUILD).wait(20)
        reader, no_rules = journal.reader, make_rulebook(())
        # Without a rule nothing can be folded: the board comes from the snapshot alone.
        found = recover(reader, no_rules, desk.empty_board, build=BUILD)
        assert image(found) == image(desk.engine.state)
        assert found.board.seats["promises"].told[0].whom == CALLER
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    assert CALLER.encode() not in kept


def test_a_kind_without_an_end_or_a_person_on_its_ladder_is_no_kind():
    told = {
        "seat_id": "s",
        "kind": "k",
        "title_zh": "事",
        "title_en": "thing",
        "outcomes": {"done": ("已办", "done")},
    }
    words = {"open": ("办理中", "open")}
    with pytest.raises(BadInputError, match="no way leads to its end"):
        ItemKind(**told, steps={"open": ()}, words=words)
    with pytest.raises(BadInputError, match="its words"):
        ItemKind(**told, steps={"open": ("shut", "closed")}, words=words)
    with pytest.raises(BadInputError, match="end with a person"):
        ItemKind(**told, steps={"open": ("closed",)}, words=words, ladder=(Rung(0, "dispatcher"),))


def test_a_slice_that_cannot_begin_is_named(tmp_path):
    (tmp_path / "odd").mkdir()
    code = '"""Odd (怪)."""\nSEAT = {}\nSLICE = dict\n'
    (tmp_path / "odd" / "__init__.py").write_text(code, encoding="utf-8")
    with pytest.raises(PluginError, match="SLICE is not a struct"):
        find_all_plugins(folders={"seats": [tmp_path]})
