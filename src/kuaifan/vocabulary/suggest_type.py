"""What a caller's words point to (警情联想): type, priority, facts and seat, each with its reason.

Two sources are added up: phrases people use, and the runs of characters that a model has learned.
It suggests; the call-taker decides, and what a call-taker has answered stands above any words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final

import msgspec

from kuaifan.vocabulary.facts import Answer, Fact
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.phrases import Found, PhraseBook, Phrases, find_fact, plain
from kuaifan.vocabulary.priority_rules import PriorityRule, find_raised, retyped
from kuaifan.vocabulary.type_ngrams import NgramModel, NgramTypes

MAX_SUGGESTED: Final = 8
MIN_PART_CHARS: Final = 2
MAX_WORDS: Final = 3
PART_POINTS: Final = 2
GRAVE_POINTS: Final = 4
MODEL_FLOOR: Final = -60.0
"""A type that the model knows nothing for is as far behind as this."""
MODEL_SHARE: Final = 0.5
MIN_ODDS: Final = -12.0
"""Below this, a type that no phrase speaks for is not worth a line."""
SEAT_OF_ROUTE: Final = {"refer": "12345"}
PROPOSED_SEATS: Final = frozenset({"dv", "fraud"})
SEPARATORS: Final = re.compile(r"[、,，;；:：()（）/\s]+")


class Suggestion(msgspec.Struct, frozen=True):
    """A type with the words that point to it (联想结果); runs: of the model, none of a phrase."""

    code: str
    name_cn: str
    priority: int
    why: str
    runs: tuple[str, ...] = ()


class FactFound(msgspec.Struct, frozen=True):
    """A fact that the words speak of (叙述要素)."""

    fact: Fact
    answer: Answer
    why: str


class SuggestedPriority(msgspec.Struct, frozen=True):
    """A priority and what gives it (建议等级); fact: "" where the type itself does.

    why: the caller's words, "" where the call-taker has answered a question.
    """

    priority: int
    fact: str = ""
    why: str = ""


class SuggestedSeat(msgspec.Struct, frozen=True):
    """A special seat to think of (建议专席); why: the caller's words, or "" for the type."""

    seat: str
    why: str


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """All that the words point to (联想)."""

    types: tuple[Suggestion, ...] = ()
    facts: tuple[FactFound, ...] = ()
    priority: SuggestedPriority | None = None
    seats: tuple[SuggestedSeat, ...] = ()


class Suggester:
    """Suggests out of a caller's words (联想器).

    types: by code. load_model: called once, when first asked; None where phrases alone shall do.
    """

    def __init__(
        self,
        types: Mapping[str, IncidentType],
        rules: Sequence[PriorityRule],
        phrases: Phrases,
        load_model: Callable[[], NgramModel] | None = None,
    ) -> None:
        self._types, self._rules, self._phrases = types, rules, phrases
        self._by_key = {each.key: each for each in types.values()}
        self._parts = {each.key: _parts(each) for each in types.values()}
        self._type_book, self._seat_book = PhraseBook(phrases.types), PhraseBook(phrases.seats)
        # The words of a story are looked at again for every type without a phrase: once is enough.
        self._heard = lru_cache(maxsize=8)(self._type_book.without_denied)
        self._load_model = load_model

    @cached_property
    def model(self) -> NgramTypes | None:
        """The model of runs of characters, ready to score."""
        return None if self._load_model is None else NgramTypes(self._load_model())

    def suggest(
        self, text: str, *, type_code: str = "", answers: Mapping[str, Answer] | None = None
    ) -> Suggested:
        """What a text points to; type_code: the type as it stands, answers: given by a person."""
        said = plain(text).strip()
        facts = self.find_facts(said)
        answered = answers or {}
        types = self._with_retyped(self.suggest_types(text), answered)
        current = self._types.get(type_code) or (self._types[types[0].code] if types else None)
        return Suggested(
            types=tuple(types),
            facts=tuple(facts),
            priority=None if current is None else self._priority(current, facts, answered),
            seats=tuple(self._seats(said, current)),
        )

    def suggest_types(self, text: str) -> list[Suggestion]:
        """Types that a text points to, each with what points to it."""
        said = plain(text).strip()
        found = self._find(said)
        return [self._suggestion(each, found[each.key], said) for each in self._rank(said, found)]

    def list_types(self, text: str) -> list[IncidentType]:
        """The same types alone: the strongest first, then the graver, then by code."""
        said = plain(text).strip()
        return self._rank(said, self._find(said))

    def _rank(self, said: str, found: Mapping[str, Sequence[Found]]) -> list[IncidentType]:
        if not said:
            return []
        if (exact := self._types.get(said)) is not None:
            return [exact]
        odds = self.model.score(self._heard(said)) if self.model is not None else {}
        weight = 0.0 if self.model is None else self.model.weight * MODEL_SHARE
        ranked = [
            (
                _points(found[key], each) + weight * max(MODEL_FLOOR, odds.get(key, MODEL_FLOOR)),
                each,
            )
            for key, each in self._by_key.items()
            if found[key] or odds.get(key, MODEL_FLOOR) >= MIN_ODDS
        ]
        ranked.sort(key=lambda pair: (-pair[0], pair[1].priority, pair[1].code))
        return [each for _, each in ranked[:MAX_SUGGESTED]]

    def _with_retyped(
        self, types: Sequence[Suggestion], answered: Mapping[str, Answer]
    ) -> list[Suggestion]:
        """The types, the one that answers make of the first before it."""
        if not types:
            return []
        first = self._types[types[0].code]
        becomes = retyped(self._rules, self._by_key, first, answered)
        if becomes is first:
            return [*types]
        said = Suggestion(becomes.code, becomes.name_cn, becomes.priority, first.name_cn)
        return [said, *(each for each in types if each.code != becomes.code)][:MAX_SUGGESTED]

    def find_facts(self, said: str) -> list[FactFound]:
        """The facts that a plain text speaks of, yes or no."""
        found = []
        for fact, phrases in self._phrases.facts.items():
            heard = find_fact(said, phrases)
            if heard is not None:
                found.append(FactFound(msgspec.convert(fact, Fact), *heard))
        return found

    def _find(self, said: str) -> dict[str, list[Found]]:
        """Phrases by key of the type, and parts of its name."""
        found = self._type_book.find(said)
        return {
            key: found.get(key, [])
            + [
                Found(part, PART_POINTS * min(len(part), len(said)))
                for part in parts
                if part in said or said in part
            ]
            for key, parts in self._parts.items()
        }

    def _suggestion(self, each: IncidentType, found: Sequence[Found], said: str) -> Suggestion:
        if said == each.code:
            return Suggestion(each.code, each.name_cn, each.priority, said)
        if found:
            strongest = sorted(found, key=lambda one: -one.points)
            words = dict.fromkeys(one.words for one in strongest[:MAX_WORDS])
            return Suggestion(each.code, each.name_cn, each.priority, "、".join(words))
        runs = () if self.model is None else self.model.why(self._heard(said), each.key)
        return Suggestion(each.code, each.name_cn, each.priority, "、".join(runs), runs)

    def _priority(
        self, current: IncidentType, facts: Sequence[FactFound], answered: Mapping[str, Answer]
    ) -> SuggestedPriority:
        words: dict[str, str] = {each.fact: each.why for each in facts if each.fact not in answered}
        known: dict[str, Answer] = {each.fact: each.answer for each in facts} | dict(answered)
        becomes = retyped(self._rules, self._by_key, current, answered)
        raised = find_raised(self._rules, becomes, known)
        if raised is None:
            return SuggestedPriority(becomes.priority, self._retyping(current, answered))
        return SuggestedPriority(raised.priority, raised.fact, words.get(raised.fact, ""))

    def _retyping(self, current: IncidentType, answered: Mapping[str, Answer]) -> str:
        """The answered fact that makes another type of a type, "" where none does."""
        facts = (fact for fact in sorted(answered) if answered[fact] == "yes")
        makes = (
            fact
            for fact in facts
            if retyped(self._rules, self._by_key, current, {fact: "yes"}) is not current
        )
        return next(makes, "")

    def _seats(self, said: str, current: IncidentType | None) -> list[SuggestedSeat]:
        by_words = {seat: found[0].words for seat, found in self._seat_book.find(said).items()}
        seat = "" if current is None else SEAT_OF_ROUTE.get(current.route, current.seat)
        if (seat in PROPOSED_SEATS or seat in SEAT_OF_ROUTE.values()) and seat not in by_words:
            by_words[seat] = ""
        return [SuggestedSeat(name, why) for name, why in by_words.items()]


def _points(found: Sequence[Found], incident_type: IncidentType) -> int:
    """Points of the phrases; of two types that words speak for alike, the gravest comes first."""
    grave = GRAVE_POINTS if found and incident_type.priority == 1 else 0
    return sum(each.points for each in found) + grave


def _parts(incident_type: IncidentType) -> list[str]:
    parts = SEPARATORS.split(incident_type.name_cn)
    return [part for part in parts if len(part) >= MIN_PART_CHARS]
