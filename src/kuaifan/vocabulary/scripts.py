"""What a call-taker asks and tells by type (规程问句、安全指引): questions with facts, and advice.

Both tables are texts (questions.csv, advice.csv); a city may keep its own. This module reads text,
never files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.facts import FACTS
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.priority_rules import PriorityRule, find_raised, retyped

QUESTION_COLUMNS: Final = ("subjects", "rank", "fact", "ask_zh", "ask_en", "note_zh", "note_en")
ADVICE_COLUMNS: Final = ("subjects", "rank", "text_zh", "text_en")
MAX_QUESTIONS: Final = 8
MAX_ADVICE: Final = 4


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table of questions (问句).

    subjects: a type's key, or class:, group: or seat: with what follows. fact: what a yes or a no
    records; "" where the answer is written into the story, after the note.
    """

    subjects: tuple[str, ...]
    rank: int
    fact: str
    ask_zh: str
    ask_en: str
    note_zh: str = ""
    note_en: str = ""


class Advice(msgspec.Struct, frozen=True, kw_only=True):
    """What to tell the caller (安全指引); subjects as of a question."""

    subjects: tuple[str, ...]
    rank: int
    text_zh: str
    text_en: str


class ScriptLine(msgspec.Struct, frozen=True, kw_only=True):
    """A question as the call-taker sees it (规程行).

    to_priority: what a yes makes of the priority, 0 where it raises nothing; to_type: its code
    where a yes makes another type of it.
    """

    fact: str
    ask_zh: str
    ask_en: str
    note_zh: str = ""
    note_en: str = ""
    to_priority: int = 0
    to_type: str = ""


class AdviceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of advice as the call-taker reads it out (指引行)."""

    text_zh: str
    text_en: str


class Script(msgspec.Struct, frozen=True, kw_only=True):
    """What to ask and to tell for a type (规程)."""

    questions: tuple[ScriptLine, ...] = ()
    advice: tuple[AdviceLine, ...] = ()


def read_questions(text: str) -> tuple[Question, ...]:
    """Read the table; raises BadInputError for a missing column, an unknown fact, a bad rank."""
    found = []
    for line_no, row in _rows(text, QUESTION_COLUMNS, "questions.csv"):
        question = Question(
            subjects=_split(row["subjects"]),
            rank=_rank(row["rank"], f"questions.csv line {line_no}"),
            **{name: row[name] or "" for name in QUESTION_COLUMNS[2:]},
        )
        if question.fact and question.fact not in FACTS:
            raise BadInputError(f"questions.csv line {line_no}: there is no fact {question.fact!r}")
        if not (question.fact or question.note_zh) or not (question.ask_zh and question.subjects):
            raise BadInputError(
                f"questions.csv line {line_no}: give subjects, ask_zh, and a fact or a note_zh"
            )
        found.append(question)
    return tuple(found)


def read_advice(text: str) -> tuple[Advice, ...]:
    """Read the table; raises BadInputError for a missing column or a bad rank."""
    return tuple(
        Advice(
            subjects=_split(row["subjects"]),
            rank=_rank(row["rank"], f"advice.csv line {line_no}"),
            text_zh=row["text_zh"] or "",
            text_en=row["text_en"] or "",
        )
        for line_no, row in _rows(text, ADVICE_COLUMNS, "advice.csv")
    )


def make_script(
    incident_type: IncidentType,
    questions: Sequence[Question],
    advice: Sequence[Advice],
    *,
    rules: Sequence[PriorityRule],
    types_by_key: Mapping[str, IncidentType],
) -> Script:
    """What to ask and to tell for one type, the most important first.

    A fact is asked once: in the words of the type's own question, else of the seat's, the group's
    or the class's.
    """
    lines: dict[str, Question] = {}
    fitting = _fitting(questions, incident_type)
    for question in sorted(fitting, key=lambda each: _closeness(each, incident_type)):
        lines.setdefault(question.fact or question.ask_zh, question)
    asked = sorted(lines.values(), key=lambda each: each.rank)[:MAX_QUESTIONS]
    told = sorted(_fitting_advice(advice, incident_type), key=lambda each: each.rank)[:MAX_ADVICE]
    return Script(
        questions=tuple(
            _line(each, incident_type, rules=rules, types_by_key=types_by_key) for each in asked
        ),
        advice=tuple(AdviceLine(text_zh=each.text_zh, text_en=each.text_en) for each in told),
    )


def _line(
    question: Question,
    incident_type: IncidentType,
    *,
    rules: Sequence[PriorityRule],
    types_by_key: Mapping[str, IncidentType],
) -> ScriptLine:
    line = ScriptLine(
        fact=question.fact,
        ask_zh=question.ask_zh,
        ask_en=question.ask_en,
        note_zh=question.note_zh,
        note_en=question.note_en,
    )
    if not question.fact:
        return line
    becomes = retyped(rules, types_by_key, incident_type, {question.fact: "yes"})
    raised = find_raised(rules, becomes, {question.fact: "yes"})
    priority = min(raised.priority if raised else 9, becomes.priority)
    return msgspec.structs.replace(
        line,
        to_priority=priority if priority < incident_type.priority else 0,
        to_type=becomes.code if becomes.code != incident_type.code else "",
    )


def _names(incident_type: IncidentType) -> tuple[str, ...]:
    """What a type answers to, the closest first."""
    return (
        incident_type.key,
        f"seat:{incident_type.seat}",
        f"group:{incident_type.class_key}.{incident_type.group_key}",
        f"class:{incident_type.class_key}",
    )


def _fitting(questions: Sequence[Question], incident_type: IncidentType) -> list[Question]:
    names = set(_names(incident_type))
    return [each for each in questions if names.intersection(each.subjects)]


def _fitting_advice(advice: Sequence[Advice], incident_type: IncidentType) -> list[Advice]:
    names = set(_names(incident_type))
    return [each for each in advice if names.intersection(each.subjects)]


def _closeness(question: Question, incident_type: IncidentType) -> tuple[int, int]:
    """How closely a question's subjects name a type, the closest first."""
    names = _names(incident_type)
    return min(i for i, name in enumerate(names) if name in question.subjects), question.rank


def _rows(text: str, columns: Sequence[str], name: str) -> list[tuple[int, dict[str, str]]]:
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise BadInputError(f"{name} has no column {', '.join(missing)}")
    return [(reader.line_num, row) for row in reader]


def _rank(text: str, where: str) -> int:
    try:
        return int(text)
    except (TypeError, ValueError):
        raise BadInputError(f"{where}: the rank is a whole number, not {text!r}") from None


def _split(text: str | None) -> tuple[str, ...]:
    return tuple(part for part in (text or "").split(";") if part)
