"""What is held about a caller (个人信息查阅): found by the keyed digest of a number, opened, told.

It is written into the log before it is read, with who asks and what for. The file holds other
people's words too: whoever hands it out reads it first.
"""

from __future__ import annotations

import datetime as dt
import html
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import msgspec

from kuaifan.app.stored_rows import age_of
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.whole_file import take_place
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.rights import PURPOSE_NAMES, Purpose

HEADINGS: Final = {"calls": "来电 Calls", "incidents": "警情 Incidents", "orders": "派警 Orders"}
STYLE: Final = (
    "body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin:0 0 1.5em}"
    "td,th{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top}"
)

Held = dict[str, Any]
"""A row of a read table, opened."""


class PersonHeld(msgspec.Struct, frozen=True, kw_only=True):
    """What is held about a number (个人信息查阅结果); purpose, person: as the log says them.

    n_withheld: calls and incidents that whoever asked may not open for this purpose.
    """

    number: str
    person: str
    purpose: Purpose
    at_ms: int
    calls: list[Held]
    incidents: list[Held]
    orders: list[Held]
    n_withheld: int = 0


def find_person(
    reader: LogReader,
    number: str,
    *,
    person: str,
    purpose: Purpose,
    at_ms: int,
    may_open: Callable[[str, str], bool] = lambda _table, _row_id: True,
) -> PersonHeld:
    """Everything the read tables hold of a number: its calls, their incidents, their orders.

    may_open: asked of every call and incident, by table and id.
    """
    call_ids = sorted(reader.list_row_ids("calls", number), key=age_of)
    found = list(_rows(reader, "calls", call_ids))
    calls = [call for call in found if may_open("calls", call["call_id"])]
    incident_ids = dict.fromkeys(call["incident_id"] for call in calls if call.get("incident_id"))
    opened = [each for each in incident_ids if may_open("incidents", each)]
    incidents = list(_rows(reader, "incidents", opened))
    order_ids = [each for incident in incidents for each in incident.get("order_ids", ())]
    return PersonHeld(
        number=number,
        person=person,
        purpose=purpose,
        at_ms=at_ms,
        calls=calls,
        incidents=incidents,
        orders=list(_rows(reader, "orders", order_ids)),
        n_withheld=len(found) - len(calls) + len(incident_ids) - len(opened),
    )


def write_person(held: PersonHeld, target: Path) -> None:
    """Write it as .json or as .html for printing; whole or not at all."""
    if target.suffix in {".json", ".html"}:
        content = person_file(held, target.suffix[1:])
    else:
        raise BadInputError(f"{target} is neither .json nor .html: give one of these")
    try:
        _write_private(target, content)
    except OSError as error:
        raise BadInputError(f"{target} cannot be written: {error.strerror}") from None


def person_file(held: PersonHeld, kind: str) -> bytes:
    """It as a file of a kind: json, or html for printing."""
    if kind == "json":
        return msgspec.json.format(msgspec.json.encode(held), indent=2) + b"\n"
    return person_page(held).encode()


def _write_private(target: Path, content: bytes) -> None:
    """For the eyes of whoever asked: nobody else on this machine may read it."""
    draft = target.with_name(f".{target.name}.draft")
    try:
        draft.unlink(missing_ok=True)
        fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(content)
        take_place(draft, target)
    finally:
        draft.unlink(missing_ok=True)


def person_page(held: PersonHeld) -> str:
    """A page for printing, without anything from elsewhere."""
    at = dt.datetime.fromtimestamp(held.at_ms / 1_000, dt.UTC).strftime("%Y-%m-%d %H:%M UTC")
    purpose_zh, purpose_en = PURPOSE_NAMES[held.purpose]
    about = f"{held.person} · {at} · {purpose_zh} {purpose_en}"
    parts = [
        "<!doctype html><html lang=zh><meta charset=utf-8>",
        f"<title>个人信息查阅</title><style>{STYLE}</style>",
        f"<h1>个人信息查阅 What is held about {html.escape(held.number)}</h1>",
        f"<p>{html.escape(about)}</p>",
    ]
    for name, heading in HEADINGS.items():
        rows: list[Held] = getattr(held, name)
        parts.append(f"<h2>{heading} ({len(rows)})</h2>")
        parts += [_table(row) for row in rows]
    if held.n_withheld:
        parts.append(f"<p>未列出（无权调阅）Withheld: {held.n_withheld}</p>")
    return "\n".join([*parts, "</html>\n"])


def _table(row: Held) -> str:
    lines = (
        f"<tr><th>{html.escape(name)}<td>{html.escape(_said(value))}"
        for name, value in row.items()
        if value not in ("", [], {}, None)
    )
    return f"<table>{''.join(lines)}</table>"


def _said(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _rows(reader: LogReader, table: str, ids: Iterable[str]) -> Iterator[Held]:
    for row_id in ids:
        row = reader.find_row(table, row_id)
        if row is not None:
            yield msgspec.json.decode(row.body)
