"""How facts raise a priority (要素定级): general rules by class, then each type's own.

The table is a text (priority_rules.csv); this module reads text, never files. A type's own rule
for a fact stands in place of the general ones. Nothing here lowers: what would lower is a
suggestion in words, and a supervisor decides.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.facts import FACTS, Answer
from kuaifan.vocabulary.incident_types import PRIORITIES, IncidentType

STEP_LIMIT: Final = 2
"""One step up (升一级) ends here: repetition or a crowd alone makes nothing a P1."""
MAX_RETYPES: Final = 3
COLUMNS: Final = (
    "subjects", "facts", "to_priority", "step", "to_type", "except_plans", "source", "suggestion",
)  # fmt: skip


class PriorityRule(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the table (定级规则); any of its facts fires it.

    subjects: a type's key, or class:, group: or seat: with what follows. step: so many grades up,
    instead of to_priority. source: the words of the table of types that it encodes.
    """

    subjects: tuple[str, ...]
    facts: tuple[str, ...] = ()
    to_priority: int = 0
    step: int = 0
    to_type: str = ""
    except_plans: tuple[str, ...] = ()
    source: str = ""
    suggestion: str = ""


class Raised(NamedTuple):
    """A priority and the fact that gives it (定级依据)."""

    priority: int
    fact: str


def read_priority_rules(text: str) -> tuple[PriorityRule, ...]:
    """Read the table; raises BadInputError for a missing column, an unknown fact, a bad number."""
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise BadInputError(f"priority_rules.csv has no column {', '.join(missing)}")
    rules = []
    for row in reader:
        try:
            rules.append(_read_row(row))
        except ValueError as error:
            line_no = reader.line_num
            raise BadInputError(f"priority_rules.csv line {line_no}: {error}; mend it") from error
    return tuple(rules)


def find_raised(
    rules: Sequence[PriorityRule], incident_type: IncidentType, facts: Mapping[str, Answer]
) -> Raised | None:
    """The most urgent grade that the facts give a type (要素定级), None where they raise nothing.

    Only a yes counts. Steps are counted from the type's own priority.
    """
    found = [
        Raised(_priority(rule, incident_type), fact)
        for fact in sorted(facts)
        if facts[fact] == "yes"
        for rule in list_rules(rules, incident_type, fact)
    ]
    best = min(found, key=lambda raised: raised.priority, default=None)
    return best if best is not None and best.priority < incident_type.priority else None


def retyped(
    rules: Sequence[PriorityRule],
    types: Mapping[str, IncidentType],
    incident_type: IncidentType,
    facts: Mapping[str, Answer],
) -> IncidentType:
    """The type that the facts make of a type (要素改类), often itself; types: by key."""
    current = incident_type
    for _ in range(MAX_RETYPES):
        named = (
            rule.to_type
            for fact in sorted(facts)
            if facts[fact] == "yes"
            for rule in list_rules(rules, current, fact)
        )
        key = next((key for key in named if key in types), "")
        if not key:
            break
        current = types[key]
    return current


def list_rules(
    rules: Sequence[PriorityRule], incident_type: IncidentType, fact: str
) -> list[PriorityRule]:
    """List the rules of a type for a fact: its own, or else the general ones."""
    fitting = [rule for rule in rules if fact in rule.facts]
    own = [rule for rule in fitting if incident_type.key in rule.subjects]
    if own:
        return own
    names = {
        f"class:{incident_type.class_key}",
        f"group:{incident_type.class_key}.{incident_type.group_key}",
        f"seat:{incident_type.seat}",
    }
    return [
        rule
        for rule in fitting
        if names.intersection(rule.subjects) and incident_type.plan not in rule.except_plans
    ]


def list_suggestions(rules: Sequence[PriorityRule], incident_type: IncidentType) -> list[str]:
    """List what the desk should think of for a type (定级提示); nothing does it by itself."""
    return [
        rule.suggestion for rule in rules if rule.suggestion and incident_type.key in rule.subjects
    ]


def _priority(rule: PriorityRule, incident_type: IncidentType) -> int:
    own = incident_type.priority
    if rule.step:
        return max(min(own, STEP_LIMIT), own - rule.step)
    return min(own, rule.to_priority or own)


def _read_row(row: Mapping[str, str]) -> PriorityRule:
    rule = PriorityRule(
        subjects=_split(row["subjects"]),
        facts=_split(row["facts"]),
        to_priority=int(row["to_priority"] or 0),
        step=int(row["step"] or 0),
        to_type=row["to_type"],
        except_plans=_split(row["except_plans"]),
        source=row["source"],
        suggestion=row["suggestion"],
    )
    if unknown := set(rule.facts).difference(FACTS):
        raise ValueError(f"there is no fact {', '.join(sorted(unknown))}")
    if rule.to_priority and rule.to_priority not in PRIORITIES:
        raise ValueError(f"priority {rule.to_priority} is not one of 1 to 5")
    if rule.facts and not (rule.to_priority or rule.step or rule.to_type):
        raise ValueError("it says nothing; give to_priority, step or to_type")
    return rule


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(";") if part)
