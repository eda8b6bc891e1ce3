"""Trains the model of types (训练类别模型): on stories of the twin for the shipped one, or texts.

One template of each type that has three or more is kept from the shipped model, so that what the
figures are measured on was never learned.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from kuaifan.twin.narratives import PLACE_SLOTS, Narratives
from kuaifan.vocabulary.incident_types import IncidentType
from kuaifan.vocabulary.phrases import Phrases
from kuaifan.vocabulary.suggest_type import Suggester
from kuaifan.vocabulary.type_ngrams import NgramModel, Tallies

SEED: Final = 110
N_TELLINGS: Final = 2
"""Times each template is told: more would count its own words as if many had said them."""
N_PHRASE_TEXTS: Final = 2
MIN_TEMPLATES: Final = 3
SHIPPED_WEIGHT_PERMILLE: Final = 1_000
NO_PLACE: Final = "，"
"""In place of every place: a street's name says nothing of what happened there."""
TOP: Final = 3


class Said(NamedTuple):
    """A text and the key of the type it was settled as (已定类文本)."""

    type_key: str
    text: str


class Hits(NamedTuple):
    """How often the type was first, or among the first three (命中率); of n texts."""

    n: int
    top1: float
    top3: float


def train_shipped(narratives: Narratives, phrases: Phrases) -> NgramModel:
    """The model that the package ships; the same tables give the same bytes."""
    tallies = Tallies()
    for said in tell_stories(narratives, n_tellings=N_TELLINGS, is_held_out=False):
        tallies.learn(said.type_key, said.text)
    for key, each in phrases.types.items():
        for phrase in each:
            for _ in range(N_PHRASE_TEXTS):
                tallies.learn(key, phrase.removeprefix("~").replace("+", "，"))
    return tallies.make_model(
        source="stories of the twin and phrases", weight_permille=SHIPPED_WEIGHT_PERMILLE
    )


def tell_stories(narratives: Narratives, *, n_tellings: int, is_held_out: bool) -> list[Said]:
    """Stories of the templates that are learned, or of those that are kept from learning."""
    rng = np.random.default_rng([SEED, int(is_held_out)])
    found = []
    for key, told in narratives.told.items():
        n_kept = len(told) - 1 if len(told) >= MIN_TEMPLATES else len(told)
        learned = (*told[:n_kept], *narratives.seen.get(key, ()))
        for template in told[n_kept:] if is_held_out else learned:
            found += [Said(key, _tell(narratives, template, rng)) for _ in range(n_tellings)]
    return found


def measure(suggester: Suggester, texts: Sequence[Said]) -> Hits:
    """How often a suggester has the settled type first, and among its first three."""
    top1 = top3 = 0
    for said in texts:
        keys = [each.key for each in suggester.list_types(said.text)[:TOP]]
        top1 += keys[:1] == [said.type_key]
        top3 += said.type_key in keys
    n = len(texts)
    return Hits(n, round(top1 / n, 4), round(top3 / n, 4)) if n else Hits(0, 0.0, 0.0)


def list_known(texts: Iterable[Said], types: Iterable[IncidentType]) -> list[Said]:
    """The texts whose type is one of the city's."""
    keys = {each.key for each in types}
    return [said for said in texts if said.type_key in keys and said.text.strip()]


def _tell(narratives: Narratives, template: str, rng: np.random.Generator) -> str:
    slots = narratives.draw_words(rng)
    slots |= dict.fromkeys(PLACE_SLOTS, NO_PLACE)
    return template.format_map(slots)
