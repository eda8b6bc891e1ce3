"""The page docs/reference/matrix.md (命令×状态): every command in every state of what it names.

`python tests/matrix_of_commands.py` writes it anew; a test says when it is out of date. Each cell
is what the rules of this build really answer: events, or the code of a refusal.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

from matrix_row import Row
from matrix_rows import NEVER_REFUSED, ROWS
from matrix_states import STATES, build_scene
from toy_city import image, names

from kuaifan import vocabulary

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "matrix.md"
NOTHING = "—"
KINDS = tuple(kind for kind in STATES if any(kind in row.subject_kinds for row in ROWS))
INNER = {*vocabulary.TIMER_COMMANDS, *vocabulary.REACTION_COMMANDS, *vocabulary.DESK_COMMANDS}
INTRODUCTION = """\
# Commands and states 命令×状态

Made from the rules themselves by `python tests/matrix_of_commands.py`; do not edit.
Every command is submitted in every state of what it names. A capital letter begins an event,
with what follows from it in the same record; a small one begins the code of a refusal, which tells
the person in words what stands in the way. — means that a timer or a rule asked and there was
nothing to do. *Timer*, *rule* and *desk* mark commands that no person submits.
"""


class Cell(NamedTuple):
    """What one command in one state was answered (格)."""

    kind: str
    row: Row
    state: str
    answer: str
    is_refused: bool


def list_missing():
    """Commands nobody has written a row for."""
    return [c.__name__ for c in vocabulary.COMMANDS if c not in {row.command for row in ROWS}]


@cache
def all_cells():
    """Every cell, once per run of the tests."""
    return tuple(cell for kind in KINDS for cell in _cells_of(kind))


def _cells_of(kind):
    rows = [row for row in ROWS if kind in row.subject_kinds]
    for state in STATES[kind][2]:
        scene = build_scene(kind, state)
        for row in rows:
            yield _fill(kind, row, state, scene.copy())


def _fill(kind, row, state, scene):
    """Submit the command; a fault, or a board that does not fold to itself, is an error here."""
    where = f"{row.command.__name__} {row.label} in {kind} {state}"
    record = scene.desk.do(row.make(scene))
    if image(scene.desk.rebuilt()) != image(scene.desk.engine.state):
        raise AssertionError(f"{where}: the journal folds to another board")
    if record.refusal is not None:
        assert record.refusal.reason_zh, where
        assert record.refusal.reason_en, where
        return Cell(kind, row, state, record.refusal.code, is_refused=True)
    answer = " + ".join(_counted(names(record))) or NOTHING
    return Cell(kind, row, state, answer, is_refused=False)


def _counted(events):
    return [name if n == 1 else f"{n} {name}" for name, n in Counter(events).items()]


def make_page():
    """The whole page."""
    sections = (_section(kind) for kind in KINDS)
    return "\n".join([INTRODUCTION, *sections, _never_refused()])


def _section(kind):
    _, title, states = STATES[kind]
    lines = [f"## {title}", "", "States: " + ", ".join(states) + ".", ""]
    lines += ["| Command | Answer | in the states |", "|---|---|---|"]
    for row in (row for row in ROWS if kind in row.subject_kinds):
        cells = [cell for cell in all_cells() if cell.kind == kind and cell.row is row]
        answers = dict.fromkeys(cell.answer for cell in cells)
        for answer in answers:
            where = [cell.state for cell in cells if cell.answer == answer]
            everywhere = len(where) == len(states)
            text = "all" if everywhere else ", ".join(where)
            lines.append(f"| {_title(row)} | {_code(answer)} | {text} |")
    return "\n".join([*lines, ""])


def _title(row):
    mark = f" *{_who(row)}*" if row.command in INNER else ""
    return f"`{row.command.__name__}`" + (f" ({row.label})" if row.label else "") + mark


def _who(row):
    if row.command in vocabulary.DESK_COMMANDS:
        return "desk"
    return "timer" if row.command in vocabulary.TIMER_COMMANDS else "rule"


def _code(answer):
    return answer if answer == NOTHING else f"`{answer}`"


def _never_refused():
    lines = [f"- `{command.__name__}`: {why}." for command, why in NEVER_REFUSED.items()]
    return "\n".join(["## Never refused", "", *lines, ""])


if __name__ == "__main__":
    PAGE.write_text(make_page(), encoding="utf-8")
