"""`kuaifan twin calibrate --types` (校准类别联想): learn a city's own words, and say what it helps.

The past teaches and what came after it is asked, slice by slice, so that no text is measured on
what has learned it. Only counts of runs of characters are kept, and only of runs that stand in
three texts or more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.app.call_aid import MODEL_FILE, read_phrases_of, read_shipped_model
from kuaifan.app.database import existing_log
from kuaifan.app.rules import core_codec
from kuaifan.app.types_training import Hits, Said, list_known, measure
from kuaifan.city.folder import read_city
from kuaifan.city.texts import read_texts
from kuaifan.city.whole_folder import replace_file
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import Event
from kuaifan.kernel.personal import is_erased
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.incident import (
    IncidentClosed,
    IncidentOpened,
    IncidentReviewed,
    IncidentUpdated,
)
from kuaifan.vocabulary.incident_types import IncidentType, read_incident_types
from kuaifan.vocabulary.phrases import Phrases
from kuaifan.vocabulary.suggest_type import Suggester
from kuaifan.vocabulary.type_ngrams import NgramModel, Tallies, merge_models, pack_model

MIN_TEXTS: Final = 200
"""Fewer say nothing about how well it would do."""
MIN_TYPE_TEXTS: Final = 20
"""A type with fewer is left to the phrases and the shipped model."""
MIN_GRAM_TEXTS: Final = 3
HELD_SHARE: Final = 0.4
N_SLICES: Final = 4
WEIGHTS_PERMILLE: Final = (500, 1_000, 2_000, 4_000)


class TypeFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What it prints (校准结果); before: as shipped, after: with the city's model.

    n_asked: texts of the last slices, asked of models that had learned only what came before.
    """

    n_texts: int
    n_unknown: int
    n_bad: int
    n_types_learned: int
    n_types_left: int
    n_asked: int
    top1_before: float
    top3_before: float
    top1_after: float
    top3_after: float
    weight_permille: int
    is_written: bool
    model_file: Path


class _Setting(msgspec.Struct, frozen=True, kw_only=True):
    types: dict[str, IncidentType]
    phrases: Phrases
    shipped: NgramModel

    def suggester(self, model: NgramModel) -> Suggester:
        return Suggester(self.types, (), self.phrases, lambda: model)


def calibrate_types(
    city: Path, *, texts: Path | None, mapping: Path | None, db: str | None
) -> TypeFigures:
    """Train on the texts of a file or of the city's own log; write the model if it is no worse.

    Raises BadInputError where there is too little to learn from.
    """
    folder = read_city(city)
    types = dict(read_incident_types(folder.types_csv))
    keys_by_code = {code: each.key for code, each in types.items()}
    n_unknown = n_bad = 0
    if db is not None:
        said = _read_log(db, keys_by_code)
    elif texts is not None and mapping is not None:
        found = read_texts(texts, mapping, keys_by_code=keys_by_code)
        said = [Said(each.type_key, each.text) for each in found.texts]
        n_unknown, n_bad = found.n_unknown, found.n_bad
    else:
        raise BadInputError("give --texts FILE with --mapping FILE, or --db URL of the city's log")
    said = list_known(said, types.values())
    if len(said) < MIN_TEXTS:
        raise BadInputError(
            f"there are {len(said)} texts with a type; {MIN_TEXTS} are needed to learn and measure"
        )
    setting = _Setting(types=types, phrases=read_phrases_of(city), shipped=read_shipped_model())
    weight, before, after = _measure_rolling(setting, said)
    learned = _frequent(said)
    model = _learn(said, weight_permille=weight)
    target = city / MODEL_FILE
    is_written = bool(learned) and after.top1 >= before.top1
    if is_written:
        replace_file(target, pack_model(model))
    return TypeFigures(
        n_texts=len(said),
        n_unknown=n_unknown,
        n_bad=n_bad,
        n_types_learned=len(learned),
        n_types_left=len(types) - len(learned),
        n_asked=before.n,
        top1_before=before.top1,
        top3_before=before.top3,
        top1_after=after.top1,
        top3_after=after.top3,
        weight_permille=weight,
        is_written=is_written,
        model_file=target,
    )


def figures_lines(figures: TypeFigures) -> list[str]:
    """The figures for a person."""
    written = f"{figures.model_file} written" if figures.is_written else "no model written: no gain"
    first = f"{figures.top1_before:.1%} -> {figures.top1_after:.1%}"
    three = f"{figures.top3_before:.1%} -> {figures.top3_after:.1%}"
    learned, left = figures.n_types_learned, figures.n_types_left
    return [
        f"{figures.n_texts:,} texts; {learned} types learned, {left} left to the phrases",
        f"{figures.n_unknown:,} rows of no type in the mapping, {figures.n_bad:,} unreadable",
        f"asked {figures.n_asked:,} later texts: first {first}, among three {three}",
        written,
    ]


def _measure_rolling(setting: _Setting, said: Sequence[Said]) -> tuple[int, Hits, Hits]:
    """The weight chosen on the first later slice, and the figures of the slices after it."""
    n_first = round(len(said) * (1 - HELD_SHARE))
    edges = [n_first + (len(said) - n_first) * i // N_SLICES for i in range(N_SLICES + 1)]
    choosing = said[edges[0] : edges[1]]
    weight = max(
        WEIGHTS_PERMILLE,
        key=lambda each: (_measure_after(setting, said[: edges[0]], choosing, each).top1, -each),
    )
    before, after = Counter[str](), Counter[str]()
    shipped = setting.suggester(setting.shipped)
    for start, end in pairwise(edges[1:]):
        _add(before, measure(shipped, said[start:end]))
        _add(after, _measure_after(setting, said[:start], said[start:end], weight))
    return weight, _share(before), _share(after)


def _measure_after(
    setting: _Setting, past: Sequence[Said], later: Sequence[Said], weight_permille: int
) -> Hits:
    own = _learn(past, weight_permille=weight_permille)
    model = merge_models(own, setting.shipped, learned=own.types)
    return measure(setting.suggester(model), later)


def _learn(said: Sequence[Said], *, weight_permille: int) -> NgramModel:
    learned = _frequent(said)
    tallies = Tallies()
    for each in said:
        if each.type_key in learned:
            tallies.learn(each.type_key, each.text)
    model = tallies.make_model(
        source="the city's own texts", min_texts=MIN_GRAM_TEXTS, weight_permille=weight_permille
    )
    return msgspec.structs.replace(model, has_prior=True)


def _frequent(said: Sequence[Said]) -> frozenset[str]:
    counts = Counter(each.type_key for each in said)
    return frozenset(key for key, n in counts.items() if n >= MIN_TYPE_TEXTS)


def _add(counts: Counter[str], hits: Hits) -> None:
    counts.update(n=hits.n, top1=round(hits.top1 * hits.n), top3=round(hits.top3 * hits.n))


def _share(counts: Counter[str]) -> Hits:
    n = max(1, counts["n"])
    return Hits(counts["n"], round(counts["top1"] / n, 4), round(counts["top3"] / n, 4))


def _read_log(db: str, keys_by_code: dict[str, str]) -> list[Said]:
    """The narratives of closed incidents with the type they were settled as, oldest first."""
    texts: dict[str, str] = {}
    codes: dict[str, str] = {}
    found: list[Said] = []
    with LogReader(existing_log(db), core_codec()) as reader:
        for record in reader.read_records():
            for event in record.events:
                _follow(event, texts, codes)
                if isinstance(event, IncidentClosed):
                    text = texts.pop(event.incident_id, "")
                    key = keys_by_code.get(codes.pop(event.incident_id, ""), "")
                    if text and key and not is_erased(text):
                        found.append(Said(key, text))
    return found


def _follow(event: Event, texts: dict[str, str], codes: dict[str, str]) -> None:
    if isinstance(event, (IncidentOpened, IncidentUpdated)):
        codes[event.incident_id] = event.type_code
        if event.narrative:
            texts[event.incident_id] = event.narrative
    elif isinstance(event, IncidentReviewed) and event.final_type_code:
        codes[event.incident_id] = event.final_type_code
