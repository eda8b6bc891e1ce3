"""What a special seat says of itself (专席声明): kinds of items, forms, tables, figures, as data.

Its page is drawn from this and from nothing else, so that a seat in a folder has a page without an
edit anywhere. What it says is checked when the house starts: a form for a command that does not
exist, or a field that its command does not have, stops the start with a sentence.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kuaifan.board.items import ItemKind
from kuaifan.vocabulary.approval import VALID_MS
from kuaifan.vocabulary.record_class import RecordClass
from kuaifan.vocabulary.rights import Right, Role

FieldKind = Literal[
    "text",
    "long_text",
    "choice",
    "choices",
    "yes_no",
    "number",
    "yuan",
    "minutes",
    "date",
    "instant",
    "phone",
    "person",
    "unit",
    "incident",
    "item",
    "lat",
    "lon",
    "id",
    "day",
    "clock",
    "rows",
]
"""yuan: typed in yuan, sent in fen 分 as a whole number. minutes, instant, date: sent in ms. day,
clock: sent as they are written, 2026-09-01 and 07:30. rows: a list, a small form for each of it."""
ColumnKind = Literal[
    "text", "code", "number", "yuan", "share", "instant", "due", "incident", "owner"
]
"""code: of `choices`, shown in words. due: an instant that ages on the screen. owner: a desk,
unit or person, shown by name."""
FigureKind = Literal["count", "share", "yuan"]
Words = tuple[str, str]
"""Chinese, then English."""


class Choice(msgspec.Struct, frozen=True):
    """One of the codes of a field or column, in words (选项)."""

    code: str
    zh: str
    en: str


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a form (表单项); name: of the command's own field, which it fills.

    rows: the fields of each row of a list, named as those of its struct; a single one without a
    name makes a list of plain values. most: rows that may be given. begins: on a table's row, the
    row's field that holds the present value, with which the form begins.
    """

    name: str
    zh: str
    en: str
    kind: FieldKind
    choices: tuple[Choice, ...] = ()
    required: bool = True
    help: Words = ("", "")
    rows: tuple[Field, ...] = ()
    most: int = 0
    begins: str = ""


class Action(msgspec.Struct, frozen=True, kw_only=True):
    """A command of the seat, with the form that asks for it and a key (操作).

    on: what stands beside the form and fills `fills`, a field of the command: an item's
    `item_id` or `subject_id`, a table row's `row_id`, an incident's id, or nothing (`seat`; a row
    may fill nothing, where a form only begins with what it has).
    kinds, stages: the items it is offered on, all where empty; table: whose rows it is offered on.
    sure: it cannot be taken back, so that the form asks once more. by: the command's field for the
    name of whoever acts, filled by the page and never typed; empty where it has none.
    """

    command: str
    zh: str
    en: str
    on: Literal["seat", "item", "subject", "row", "incident"]
    fills: str = ""
    key: str = ""
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    table: str = ""
    fields: tuple[Field, ...] = ()
    by: str = "by"
    sure: bool = False


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """A column of a table (列); name: of the row's own field."""

    name: str
    zh: str
    en: str
    kind: ColumnKind = "text"
    choices: tuple[Choice, ...] = ()


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table of what the seat keeps (表); name: of the function in the plug-in's VIEWS.

    That function takes the board and yields rows: structs with `row_id`, `incident_id` (empty for
    none), `desk_id` and `record_class`, by which they are shown or not, and their marks, by which
    they are masked.
    """

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the seat's report (指标): two tallies of its slice's `tally`, never a number alone.

    over: the denominator's tally, of a share. interval: a sample, shown with a Wilson interval.
    """

    name: str
    zh: str
    en: str
    kind: FigureKind
    of: str
    over: str = ""
    interval: bool = False


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """A command of the seat that another person consents to, by its own act (须他人同意的操作).

    code: of the refusal with which the rules ask for it; where they do not, nobody is asked. field:
    of the command, for the name of whoever consents; no form has it, for nobody types it. zh, en:
    what is asked for, to whoever consents; {field} as in `told`. right: what that person needs
    besides reading the seat; what the command asks for where it is empty. valid_ms: how long it
    waits. record_class: of what it is about where no incident on the board says so.
    """

    command: str
    zh: str
    en: str
    field: str = "approved_by"
    code: str = "consent_needed"
    right: Right | None = None
    valid_ms: int = VALID_MS
    record_class: RecordClass = "ordinary"


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """A special seat (专席), as its folder's `SEAT`.

    readers: the roles that have its page; a restricted seat names its own. right: what the seat's
    commands ask for, unless `rights` says another of one of them by name. told: what the incident's
    timeline says of its events: name, Chinese, English; {field} is a field that is not personal,
    in words where a form has it as a choice, an instant where it ends in _at_ms, yuan in _fen.
    consents: what another person has to consent to.
    codes: of fields that no form or table has as a choice.
    """

    title_zh: str
    title_en: str
    about: Words
    readers: tuple[Role, ...]
    right: Right = "keep_items"
    rights: tuple[tuple[str, Right], ...] = ()
    order: int = 100
    kinds: tuple[ItemKind, ...] = ()
    actions: tuple[Action, ...] = ()
    tables: tuple[Table, ...] = ()
    figures: tuple[Figure, ...] = ()
    told: tuple[tuple[str, str, str], ...] = ()
    consents: tuple[Consent, ...] = ()
    codes: tuple[Choice, ...] = ()
