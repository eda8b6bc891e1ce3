"""Whether what a special seat says of itself holds (专席声明核对), before anybody works with it.

A form for a command that is not there, or a field that its command does not have, stops the start
with a sentence: else an officer would find it out, in front of somebody who waits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import msgspec

from kuaifan import vocabulary
from kuaifan.board.day_tally import DayTally
from kuaifan.board.seat_field_check import list_doubles, list_faults
from kuaifan.board.seat_forms import Action, Consent, Figure, Seat, Table
from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import personal_marks
from kuaifan.kernel.plugins import Plugin, PluginError
from kuaifan.vocabulary.acting import ACTS_BY
from kuaifan.vocabulary.approval import CONSENT
from kuaifan.vocabulary.command_rights import READERS, SEAT, find_right
from kuaifan.vocabulary.rights import Right, may

RIGHT: Final = "RIGHT"
"""Where a plug-in's command says which right it asks for; see vocabulary/command_rights.py."""
KEY: Final = re.compile(r"[A-Za-z0-9]|F([2-4]|[7-9]|10)")
"""One letter or digit, or a function key that no browser keeps for itself."""
PLACES: Final = re.compile(r"\{(\w+)\}")
MAX_VALID_MS: Final = 24 * 3_600_000


def seat_of(plugin: Plugin) -> Seat | None:
    """What a plug-in says of its seat; None where it is no seat, or one without a page."""
    declared = plugin.declaration
    return declared if plugin.kind == "seats" and isinstance(declared, Seat) else None


def admit_seats(plugins: Sequence[Plugin]) -> None:
    """Check every seat and give its commands their rights; raises PluginError, naming the seat."""
    for plugin in plugins:
        seat = seat_of(plugin)
        if seat is None:
            continue
        for fault in _faults(plugin, seat):
            raise PluginError(f"{plugin.origin}: {fault}")
        _mark(plugin, seat)


def _mark(plugin: Plugin, seat: Seat) -> None:
    """Write on the seat's messages what it says of them: the web asks the message alone."""
    own, acts_by = dict(seat.rights), {each.command: each.by for each in seat.actions}
    consents = {each.command: each.field for each in seat.consents}
    for command in plugin.commands:
        name = name_of(command)
        if RIGHT not in vars(command):
            setattr(command, RIGHT, own.get(name, seat.right))
        if name not in own:
            setattr(command, READERS, seat.readers)
        # Also of a command without a form: nobody signs it in another's name.
        if field := acts_by.get(name) or _own_by(command):
            setattr(command, ACTS_BY, field)
        if name in consents:
            setattr(command, CONSENT, consents[name])
        setattr(command, SEAT, plugin.plugin_id)
    if any(kind.readers for kind in seat.kinds):
        for event in plugin.events:
            setattr(event, READERS, seat.readers)


def name_of(message: type[Command | Event]) -> str:
    """What the wire calls a message."""
    return str(message.__struct_config__.tag)


def rights_of_page(plugin: Plugin, seat: Seat) -> dict[str, Right]:
    """The right of each command that a seat's page has a form for, or that is the seat's own."""
    core = {name_of(each): each for each in vocabulary.COMMANDS}
    used = {each.command: core[each.command] for each in seat.actions if each.command in core}
    found = {**used, **{name_of(each): each for each in _outer(plugin)}}
    rights = {name: find_right(command) for name, command in found.items()}
    return {name: right for name, right in rights.items() if right is not None}


def _outer(plugin: Plugin) -> list[type[Command]]:
    return [each for each in plugin.commands if each not in plugin.inner]


def told_events(plugin: Plugin, seat: Seat) -> dict[type[Event], tuple[str, str]]:
    """What the timeline says of a seat's events."""
    events = {name_of(each): each for each in plugin.events}
    return {events[name]: (zh, en) for name, zh, en in seat.told}


def _own_by(command: type[Command]) -> str:
    return "by" if "by" in command.__struct_fields__ else ""


def _faults(plugin: Plugin, seat: Seat) -> Iterator[str]:
    """What is wrong, in the order in which one would mend it."""
    commands = {name_of(each): each for each in (*vocabulary.COMMANDS, *plugin.commands)}
    yield from _faults_of_kinds(plugin, seat)
    yield from list_doubles("key", (each.key.upper() for each in seat.actions if each.key))
    for action in seat.actions:
        named = f"action {action.command} ({action.zh})"
        if action.command not in commands:
            yield f"{named}: there is no such command; name one of COMMANDS or of the core"
            continue
        if commands[action.command] in plugin.inner:
            yield f"{named}: INNER says that nobody submits it"
        for fault in _faults_of_action(seat, action, commands[action.command]):
            yield f"{named}: {fault}"
    yield from _faults_of_tables(plugin, seat)
    yield from _faults_of_figures(plugin, seat)
    yield from _faults_of_told(plugin, seat)
    yield from _faults_of_consents(plugin, seat)
    if not seat.readers:
        yield "SEAT.readers is empty, so that nobody has its page"
    own = {name_of(each) for each in plugin.commands}
    for name, _ in seat.rights:
        if name not in own:
            yield f"SEAT.rights names {name}, which is none of its COMMANDS"
    for name in {name_of(each) for each in plugin.inner} & {name for name, _ in seat.rights}:
        yield f"SEAT.rights names {name}, which INNER says nobody submits"
    yield from _faults_of_rights(plugin, seat)


def _faults_of_rights(plugin: Plugin, seat: Seat) -> Iterator[str]:
    """A form that none of those who have the page may hand in is a form for nobody."""
    rights = dict(seat.rights)
    for command in plugin.commands:
        name = name_of(command)
        right = vars(command).get(RIGHT) or rights.get(name, seat.right)
        if name not in {each.command for each in seat.actions}:
            continue
        if not any(may(role, right) for role in seat.readers):
            yield f"action {name} asks for the right {right!r}, which none of its readers has"


def _faults_of_kinds(plugin: Plugin, seat: Seat) -> Iterator[str]:
    yield from list_doubles("kind of item", (each.kind for each in seat.kinds))
    for kind in seat.kinds:
        if kind.seat_id != plugin.plugin_id:
            yield f"{kind.name} says seat_id {kind.seat_id!r}; it is {plugin.plugin_id!r}"
        if strange := sorted(set(kind.readers) - set(seat.readers)):
            yield f"{kind.name} is read by {', '.join(strange)}, who cannot open the seat's page"


def _faults_of_action(seat: Seat, action: Action, command: type[Command]) -> Iterator[str]:
    fields = {each.name: each for each in msgspec.structs.fields(command)}
    if action.key and not KEY.fullmatch(action.key):
        yield f"key {action.key!r} is none; give one letter or digit"
    if bool(action.fills) == (action.on == "seat") and (action.fills or action.on != "row"):
        yield f"on={action.on!r} and fills={action.fills!r} do not go together"
    if action.fills and action.fills not in fields:
        yield f"fills={action.fills!r} is no field of it; it has {_named(fields)}"
    if action.by and action.by not in fields:
        yield f"by={action.by!r} is no field of it; name the field of who acts, or by=''"
    yield from _faults_of_offer(seat, action)
    yield from list_doubles("field", (each.name for each in action.fields))
    for each in action.fields:
        if each.name not in fields:
            yield f"field {each.name!r} is no field of it; it has {_named(fields)}"
        else:
            yield from list_faults(each, fields[each.name])
            if each.begins and action.on != "row":
                yield f"field {each.name!r} begins with a row's {each.begins!r}, but is on no row"
    filled = {action.fills, action.by, *(each.name for each in action.fields)}
    for name, info in fields.items():
        if name not in filled and info.required:
            yield f"nobody fills {name!r}, without which it is malformed"


def _faults_of_offer(seat: Seat, action: Action) -> Iterator[str]:
    """Where an action is offered: on kinds, stages and tables that there are."""
    kinds = {each.kind: each for each in seat.kinds}
    for name in action.kinds:
        if name not in kinds:
            yield f"there is no kind of item {name!r}; there are {_named(kinds)}"
    meant = [kinds[name] for name in action.kinds if name in kinds] or list(seat.kinds)
    stages = {stage: "" for kind in meant for stage in kind.steps}
    for name in action.stages:
        if name not in stages:
            yield f"there is no stage {name!r}; there are {_named(stages)}"
    tables = {each.name: each for each in seat.tables}
    if (action.on == "row" or action.table) and action.table not in tables:
        yield f"there is no table {action.table!r}; there are {_named(tables)}"


def _faults_of_tables(plugin: Plugin, seat: Seat) -> Iterator[str]:
    yield from list_doubles("table", (each.name for each in seat.tables))
    for table in seat.tables:
        if table.name not in plugin.views:
            yield f"table {table.name!r}: VIEWS has no such function; it has {_named(plugin.views)}"
        yield from list_doubles(f"column of {table.name}", _columns(table))


def _columns(table: Table) -> Iterable[str]:
    return (each.name for each in table.columns)


def _faults_of_figures(plugin: Plugin, seat: Seat) -> Iterator[str]:
    yield from list_doubles("figure", (each.name for each in seat.figures))
    if seat.figures and not _has_tally(plugin):
        yield "it has figures, so that its SLICE needs a field `tally: DayTally`"
    for figure in seat.figures:
        if fault := _fault_of_figure(figure):
            yield f"figure {figure.name!r}: {fault}"


def _faults_of_told(plugin: Plugin, seat: Seat) -> Iterator[str]:
    events = {name_of(each): each for each in plugin.events}
    yield from list_doubles("event told", (name for name, _, _ in seat.told))
    for name, zh, en in seat.told:
        if name not in events:
            yield f"SEAT.told names {name}, which is none of its EVENTS"
            continue
        fields = [each.name for each in msgspec.structs.fields(events[name])]
        marked = dict(personal_marks(events[name]))
        for field in PLACES.findall(zh + en):
            if field not in fields:
                yield f"the words of {name} name {field!r}; it has {', '.join(fields)}"
            elif field in marked:
                yield f"the words of {name} name {field!r}, which is personal"


def _faults_of_consents(plugin: Plugin, seat: Seat) -> Iterator[str]:
    commands = {name_of(each): each for each in plugin.commands}
    yield from list_doubles("consent to", (each.command for each in seat.consents))
    for consent in seat.consents:
        if consent.command not in commands:
            yield f"SEAT.consents names {consent.command}, which is none of its COMMANDS"
            continue
        for fault in _faults_of_consent(seat, consent, commands[consent.command]):
            yield f"consent to {consent.command}: {fault}"


def _faults_of_consent(seat: Seat, consent: Consent, command: type[Command]) -> Iterator[str]:
    fields = {each.name: each for each in msgspec.structs.fields(command)}
    if consent.field not in fields or fields[consent.field].default != "":
        yield f"field {consent.field!r} is no text of it that may stay empty"
    if not 0 < consent.valid_ms <= MAX_VALID_MS:
        yield "it waits some time, and a day at most"
    forms = (each for each in seat.actions if each.command == consent.command)
    if any(field.name == consent.field for each in forms for field in each.fields):
        yield f"a form asks for {consent.field!r}; whoever consents says so itself"
    marked = dict(personal_marks(command))
    for name in PLACES.findall(consent.zh + consent.en):
        if name not in fields or name in marked:
            yield f"its words name {name!r}, which is no field of it, or a personal one"


def _fault_of_figure(figure: Figure) -> str:
    if (figure.kind == "share") != bool(figure.over):
        return "a share has a denominator in `over`, and nothing else has one"
    return "only a share has an interval" if figure.interval and figure.kind != "share" else ""


def _has_tally(plugin: Plugin) -> bool:
    kind = plugin.slice_type
    found = msgspec.structs.fields(kind) if kind is not None else ()
    return any(each.name == "tally" and each.type is DayTally for each in found)


def _named(table: Mapping[str, object]) -> str:
    return ", ".join(map(str, table)) or "none"
