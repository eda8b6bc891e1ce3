"""The tables of docs/personal-data.md (个人信息清单), made from the marks and the table of rights.

`python tests/personal_data_page.py` writes them anew; a test says when they are out of date.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_type_hints

import msgspec

from kuaifan import vocabulary
from kuaifan.app.rules import installed_plugins
from kuaifan.kernel.personal import personal_marks
from kuaifan.vocabulary.record_class import RECORD_CLASSES
from kuaifan.vocabulary.rights import PURPOSES, ROLE_NAMES, ROLES, may

PAGE = Path(__file__).resolve().parents[1] / "docs" / "personal-data.md"
BEGIN, END = "<!-- {}: made by tests/personal_data_page.py -->", "<!-- end of {} -->"


def list_fields():
    """(field of a message, noun of the owner, found by) of all that is marked, in order."""
    own = [message for plugin in installed_plugins() for message in plugin.commands + plugin.events]
    messages = (*vocabulary.COMMANDS, *vocabulary.EVENTS, *vocabulary.OBSERVATIONS, *own)
    found = {}
    for struct in _with_parts(messages):
        for name, mark in personal_marks(struct):
            key = (name, mark.noun, mark.lookup)
            found.setdefault(key, []).append(struct.__name__)
    return found


def field_table():
    """Which fields are personal, and under whose key."""
    lines = ["| field | key of | found by | in |", "|---|---|---|---|"]
    for (name, noun, lookup), structs in sorted(list_fields().items()):
        named = " ".join(f"`{each}`" for each in sorted(set(structs)))
        lines.append(f"| `{name}` | {noun} | {'keyed digest' if lookup else '–'} | {named} |")
    return "\n".join(lines)


def role_table():
    """Who sees them, by role and class of record."""
    lines = [f"| role | {' | '.join(RECORD_CLASSES)} |", "|---" * (len(RECORD_CLASSES) + 1) + "|"]
    for role in ROLES:
        cells = " | ".join(_cell(role, each) for each in RECORD_CLASSES)
        lines.append(f"| `{role}` {ROLE_NAMES[role][0]} | {cells} |")
    return "\n".join(lines)


TABLES = {"fields": field_table, "roles": role_table}


def make_page(page):
    """The page with its tables made anew."""
    for name, make in TABLES.items():
        begin, end = BEGIN.format(name), END.format(name)
        before, _, rest = page.partition(begin)
        _, is_there, after = rest.partition(end)
        assert is_there, f"docs/personal-data.md has no place for the table {name}"
        page = f"{before}{begin}\n{make()}\n{end}{after}"
    return page


def _cell(role, record_class):
    shown = [is_own for is_own in (True, False) if may(role, "see_personal", is_own, record_class)]
    said = {(): "", (True,): "in hand", (True, False): "all desks"}[tuple(shown)]
    purposes = [
        each
        for each in PURPOSES
        if may(role, "open_record", record_class=record_class, purpose=each)
    ]
    opened = f"for {', '.join(purposes)}" if purposes else ""
    return "; ".join(each for each in (said, opened) if each) or "–"


def _with_parts(messages):
    """Messages and the structs inside them, each once."""
    seen, waiting = {}, list(messages)
    while waiting:
        hint = waiting.pop()
        waiting += get_args(hint)
        is_struct = isinstance(hint, type) and issubclass(hint, msgspec.Struct)
        if is_struct and hint not in seen:
            seen[hint] = None
            waiting += get_type_hints(hint).values()
    return list(seen)


if __name__ == "__main__":
    PAGE.write_text(make_page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
