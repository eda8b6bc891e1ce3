"""A small whole seat in a folder (承诺席), for tests of what the core does with any seat.

with promises_installed(folder):
    ...  # every desk that starts in here has it
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from textwrap import dedent
from unittest.mock import patch

from kuaifan.app.build import build_id
from kuaifan.app.rules import PLUGINS_VARIABLE, installed_plugins

SEAT_ID = "promises"
CODE = '''
"""Promises (承诺席): who was promised a call is called, in time."""
from typing import Annotated, Literal

import msgspec

from kuaifan.board.day_tally import DayTally
from kuaifan.board.items import CLOSED, ItemKind, close_item, get_item, move_item, open_item
from kuaifan.board.lookup import get_incident
from kuaifan.board.seat_forms import Action, Choice, Column, Consent, Field, Figure, Seat, Table
from kuaifan.kernel.message import Command, Event, Refused
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.incident import IncidentOpened
from kuaifan.vocabulary.item import ItemOpened, Owner
from kuaifan.vocabulary.record_class import RecordClass

KIND = ItemKind(
    seat_id="promises",
    kind="call",
    title_zh="承诺回电",
    title_en="promised call",
    steps={"promised": ("called", CLOSED), "called": (CLOSED,)},
    words={"promised": ("已承诺", "promised"), "called": ("已回电", "called")},
    outcomes={"kept": ("已兑现", "kept"), "broken": ("未兑现", "broken")},
    holds=True,
)
STATES = (Choice("stands", "有效", "stands"), Choice("struck", "已划去", "struck"))
HOW = (Choice("kept", "已兑现", "kept"), Choice("broken", "未兑现", "broken"))


class Promise(Command, frozen=True):
    """Promise a call (承诺)."""

    incident_id: str
    whom: Annotated[str, Personal("incident")]
    within_ms: int
    by: str
    deposit: int = 0


class SayCalled(Command, frozen=True):
    """Say that it was made (回电)."""

    item_id: str
    by: str
    at_ms: int = 0


class EndPromise(Command, frozen=True):
    """It is over (了结)."""

    item_id: str
    how: Literal["kept", "broken"]
    by: str
    note: Annotated[str, Personal("incident")] = ""


class StrikePromise(Command, frozen=True):
    """It was none (划去)."""

    promise_id: str
    by: str


class Promised(Event, frozen=True):
    """Somebody was promised a call (已承诺)."""

    promise_id: str
    incident_id: str
    whom: Annotated[str, Personal("incident")]
    by: str
    deposit: int
    record_class: RecordClass


class PromiseEnded(Event, frozen=True):
    """A promise was kept or broken (已了结)."""

    incident_id: str
    how: str


class PromiseStruck(Event, frozen=True):
    """A promise was none (已划去)."""

    promise_id: str
    incident_id: str


class Kept(msgspec.Struct):
    """A promise (承诺)."""

    promise_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    whom: Annotated[str, Personal("incident")]
    deposit: int
    is_struck: bool = False


class Promises(msgspec.Struct):
    """What the seat keeps (专席分态)."""

    kept: dict[str, Kept] = {}
    tally: DayTally = msgspec.field(default_factory=DayTally)


class PromiseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A promise in the table (承诺行)."""

    row_id: str
    incident_id: str
    desk_id: str
    record_class: RecordClass
    whom: Annotated[str, Personal("incident")]
    deposit: int
    state: str


def promise(board, command, now_ms):
    incident = get_incident(board, command.incident_id)
    if not command.whom.strip():
        raise Refused("no_whom", "须写明承诺了谁", "say who was promised")
    promise_id = f"PR{len(board.seats['promises'].kept) + 1}"
    opened = open_item(
        board,
        KIND,
        owner=Owner("seat", "promises"),
        due_at_ms=now_ms + command.within_ms,
        incident_id=command.incident_id,
        subject_id=promise_id,
    )
    made = Promised(
        promise_id=promise_id,
        incident_id=command.incident_id,
        whom=command.whom,
        by=command.by,
        deposit=command.deposit,
        record_class=incident.record_class if incident.record_class == "ordinary" else "restricted",
    )
    return [made, opened]


def say_called(board, command, now_ms):
    item = get_item(board, command.item_id, KIND)
    return [move_item(KIND, item, "called", by=command.by, due_at_ms=now_ms + 60_000)]


def end(board, command, now_ms):
    item = get_item(board, command.item_id, KIND)
    return [
        PromiseEnded(incident_id=item.incident_id, how=command.how),
        close_item(KIND, item, command.how, by=command.by, note=command.note),
    ]


def strike(board, command, now_ms):
    kept = board.seats["promises"].kept.get(command.promise_id)
    if kept is None or kept.is_struck:
        raise Refused("unknown_promise", "没有这项承诺，或已划去", "there is no such promise")
    return [PromiseStruck(promise_id=kept.promise_id, incident_id=kept.incident_id)]


def promised(board, event, at_ms):
    mine = board.seats["promises"]
    incident = board.incidents[event.incident_id]
    mine.kept[event.promise_id] = Kept(
        promise_id=event.promise_id,
        incident_id=event.incident_id,
        desk_id=incident.desk_id,
        record_class=event.record_class,
        whom=event.whom,
        deposit=event.deposit,
    )
    mine.tally.add(at_ms, "made")
    mine.tally.add(at_ms, "deposit", event.deposit)


def ended(board, event, at_ms):
    mine = board.seats["promises"]
    mine.tally.add(at_ms, "ended")
    mine.tally.add(at_ms, "kept", int(event.how == "kept"))


def struck(board, event, at_ms):
    board.seats["promises"].kept[event.promise_id].is_struck = True


def rows(board):
    for each in reversed(board.seats["promises"].kept.values()):
        yield PromiseRow(
            row_id=each.promise_id,
            incident_id=each.incident_id,
            desk_id=each.desk_id,
            record_class=each.record_class,
            whom=each.whom,
            deposit=each.deposit,
            state="struck" if each.is_struck else "stands",
        )


def on_opened(board, event, at_ms, draw):
    if draw("promise") < 0.6:
        yield (
            60_000,
            Promise(incident_id=event.incident_id, whom="某人", within_ms=600_000, by="sim"),
        )


def on_item(board, event, at_ms, draw):
    if event.seat_id == "promises":
        how = "kept" if draw(f"how/{event.item_id}") < 0.7 else "broken"
        yield 1_800_000, EndPromise(item_id=event.item_id, how=how, by="sim")
        # Somebody who did not notice that it was over.
        yield 2_400_000, SayCalled(item_id=event.item_id, by="sim")


SEAT = Seat(
    title_zh="承诺席",
    title_en="Promises",
    about=("谁被承诺回电，就按时回电。", "Who was promised a call is called, in time."),
    readers=("dispatcher", "commander"),
    rights=(("StrikePromise", "command"),),
    order=7,
    kinds=(KIND,),
    actions=(
        Action(
            command="Promise",
            zh="承诺回电",
            en="promise a call",
            on="incident",
            fills="incident_id",
            key="P",
            fields=(
                Field(name="whom", zh="对象", en="whom", kind="person"),
                Field(name="within_ms", zh="多少分钟内", en="within minutes", kind="minutes"),
                Field(name="deposit", zh="押金", en="deposit", kind="yuan", required=False),
            ),
        ),
        Action(
            command="SayCalled",
            zh="已回电",
            en="called",
            on="item",
            fills="item_id",
            key="C",
            kinds=("call",),
            stages=("promised",),
            fields=(Field(name="at_ms", zh="何时", en="when", kind="instant", required=False),),
        ),
        Action(
            command="EndPromise",
            zh="了结",
            en="end",
            on="item",
            fills="item_id",
            key="E",
            fields=(
                Field(name="how", zh="结果", en="result", kind="choice", choices=HOW),
                Field(name="note", zh="说明", en="note", kind="long_text", required=False),
            ),
            sure=True,
        ),
        Action(
            command="StrikePromise",
            zh="划去",
            en="strike out",
            on="row",
            fills="promise_id",
            key="X",
            table="kept",
        ),
    ),
    tables=(
        Table(
            name="kept",
            zh="承诺",
            en="promises",
            columns=(
                Column(name="row_id", zh="编号", en="number"),
                Column(name="incident_id", zh="警情", en="incident", kind="incident"),
                Column(name="whom", zh="对象", en="whom"),
                Column(name="deposit", zh="押金", en="deposit", kind="yuan"),
                Column(
                    name="state",
                    zh="状态",
                    en="state",
                    kind="code",
                    choices=STATES,
                ),
            ),
        ),
    ),
    figures=(
        Figure(name="made", zh="承诺数", en="promises made", kind="count", of="made"),
        Figure(
            name="kept_share",
            zh="兑现率",
            en="kept",
            kind="share",
            of="kept",
            over="ended",
            interval=True,
        ),
        Figure(name="deposits", zh="押金合计", en="deposits", kind="yuan", of="deposit"),
    ),
    told=(
        ("Promised", "承诺回电 {promise_id}", "call {promise_id} promised"),
        ("PromiseEnded", "承诺{how}", "promise {how}"),
    ),
)
SLICE = Promises
COMMANDS = (Promise, SayCalled, EndPromise, StrikePromise)
EVENTS = (Promised, PromiseEnded, PromiseStruck)
DECIDERS = {Promise: promise, SayCalled: say_called, EndPromise: end, StrikePromise: strike}
EVOLVERS = {Promised: promised, PromiseEnded: ended, PromiseStruck: struck}
VIEWS = {"kept": rows}
ACTORS = {IncidentOpened: on_opened, ItemOpened: on_item}
'''


def write_seat(folder, code=CODE, seat_id=SEAT_ID):
    """Write a seat's folder and return the folder of plug-ins that it is in."""
    home = folder / "seats" / seat_id
    home.mkdir(parents=True)
    (home / "__init__.py").write_text(dedent(code), encoding="utf-8")
    return folder


@contextmanager
def promises_installed(folder):
    """As if the seat were installed: what starts in here has it, and nothing after."""
    write_seat(folder)
    with patch.dict(os.environ, {PLUGINS_VARIABLE: str(folder)}):
        _forget()
        try:
            yield folder
        finally:
            _forget()


def _forget():
    """What was found once is looked for again."""
    installed_plugins.cache_clear()
    build_id.cache_clear()
