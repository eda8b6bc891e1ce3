"""Types by the n-grams of a text (字元模型): naive Bayes over runs of one to three characters.

The model is counts: how many texts of a type hold a run of characters. Nothing else is kept of
the texts it has learned, and nothing is drawn: the same texts give the same bytes.
"""

from __future__ import annotations

import gzip
import math
import re
import zlib
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.phrases import plain

MAX_N: Final = 3
MAX_GRAMS: Final = 60_000
MAX_MODEL_BYTES: Final = 32 * 1024 * 1024
KIND: Final = "kuaifan.types_model"
VERSION: Final = 1
N_REASONS: Final = 3
SMOOTHING: Final = 0.3
GRAM_WEIGHTS: Final = (0.0, 0.3, 1.0, 1.0)
"""How much a run of one, two or three characters says; one character alone says little."""
_DIGITS: Final = re.compile(r"\d+|[零一二三四五六七八九十百千两几]{2,}")
_BREAKS: Final = re.compile(r"[^\w]+|_+")


class NgramModel(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of runs by type (字元计数).

    n_texts: learned texts by type. grams: for each run, type numbers and counts by turns.
    weight_permille: how much the model says beside the phrases. has_prior: whether a type that is
    frequent among the texts is likelier. source: what it has learned from.
    """

    kind: str = KIND
    version: int = VERSION
    source: str = ""
    weight_permille: int = 1_000
    has_prior: bool = False
    types: tuple[str, ...] = ()
    n_texts: tuple[int, ...] = ()
    grams: Mapping[str, tuple[int, ...]] = {}


class Tallies:
    """Counts while texts are being learned (计数中)."""

    def __init__(self) -> None:
        self.n_texts: dict[str, int] = {}
        self._counts: dict[str, dict[str, int]] = {}

    def learn(self, type_key: str, text: str) -> None:
        """Count one text of a type."""
        self.n_texts[type_key] = self.n_texts.get(type_key, 0) + 1
        for gram in list_grams(text):
            by_type = self._counts.setdefault(gram, {})
            by_type[type_key] = by_type.get(type_key, 0) + 1

    def make_model(self, *, source: str, min_texts: int = 1, weight_permille: int) -> NgramModel:
        """The model of what was learned; runs of fewer texts than min_texts are left out.

        With three or more, a name or a number that only one caller said does not stand in it.
        """
        types = tuple(sorted(self.n_texts))
        index = {key: i for i, key in enumerate(types)}
        ranked = sorted(
            ((sum(by.values()), gram) for gram, by in self._counts.items()),
            key=lambda pair: (-pair[0], pair[1]),
        )
        kept = sorted(gram for n, gram in ranked[:MAX_GRAMS] if n >= min_texts)
        return NgramModel(
            source=source,
            weight_permille=weight_permille,
            types=types,
            n_texts=tuple(self.n_texts[key] for key in types),
            grams={gram: _turns(self._counts[gram], index) for gram in kept},
        )


class NgramTypes:
    """Scores the types of a text (字元打分); made once, loads in some tens of milliseconds."""

    def __init__(self, model: NgramModel) -> None:
        self.weight = model.weight_permille / 1_000
        self._types, self._grams = model.types, model.grams
        n_grams = max(1, len(model.grams))
        totals = [0] * len(model.types)
        for turns in model.grams.values():
            for type_i, count in zip(turns[::2], turns[1::2], strict=True):
                totals[type_i] += count
        self._nothing = [math.log(SMOOTHING / (n + SMOOTHING * n_grams)) for n in totals]
        self._prior = [math.log(n + 1) if model.has_prior else 0.0 for n in model.n_texts]
        self._gain = [math.log(1 + n / SMOOTHING) for n in range(_largest(model) + 1)]

    def score(self, text: str) -> dict[str, float]:
        """Log-odds by key of the type, the best at 0; {} where no run of the text is known."""
        known = [gram for gram in list_grams(text) if gram in self._grams]
        if not known:
            return {}
        weight = sum(GRAM_WEIGHTS[len(gram)] for gram in known)
        scores = [
            prior + weight * nothing
            for prior, nothing in zip(self._prior, self._nothing, strict=True)
        ]
        for gram in known:
            turns, gram_weight = self._grams[gram], GRAM_WEIGHTS[len(gram)]
            for type_i, count in zip(turns[::2], turns[1::2], strict=True):
                scores[type_i] += gram_weight * self._gain[count]
        best = max(scores)
        return {key: score - best for key, score in zip(self._types, scores, strict=True)}

    def why(self, text: str, type_key: str) -> tuple[str, ...]:
        """The runs of a text that speak for a type most, and more than for the others."""
        type_i = self._types.index(type_key) if type_key in self._types else -1
        spoken: list[tuple[float, str]] = []
        for gram in list_grams(text):
            turns = self._grams.get(gram, ())
            counts = dict(zip(turns[::2], turns[1::2], strict=True))
            if len(gram) > 1 and type_i in counts:
                gain = self._gain[counts[type_i]] * counts[type_i] / sum(counts.values())
                spoken.append((gain, gram))
        spoken.sort(key=lambda pair: (-pair[0], -len(pair[1]), pair[1]))
        chosen: list[str] = []
        for _, gram in spoken:
            if not any(gram in other or other in gram for other in chosen):
                chosen.append(gram)
            if len(chosen) == N_REASONS:
                break
        return tuple(chosen)


def list_grams(text: str) -> list[str]:
    """List the different runs of one to three characters, none across a stop; numbers as 0."""
    seen: dict[str, None] = {}
    for clause in _BREAKS.split(_DIGITS.sub("0", plain(text))):
        for n in range(1, MAX_N + 1):
            for start in range(len(clause) - n + 1):
                seen[clause[start : start + n]] = None
    return list(seen)


def pack_model(model: NgramModel) -> bytes:
    """A model as the bytes of its file; the same model gives the same bytes."""
    return gzip.compress(msgspec.json.encode(model), mtime=0)


def unpack_model(data: bytes) -> NgramModel:
    """Read the bytes of a model file; raises BadInputError where they are none."""
    try:
        unpacked = zlib.decompressobj(31).decompress(data, MAX_MODEL_BYTES)
        model = msgspec.json.decode(unpacked, type=NgramModel)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise BadInputError(f"the model of types cannot be read: {error}; train it anew") from error
    n_types = len(model.types)
    if (model.kind, model.version) != (KIND, VERSION) or len(model.n_texts) != n_types:
        raise BadInputError("the model of types is of another kind or version; train it anew")
    for gram, turns in model.grams.items():
        if not 1 <= len(gram) <= MAX_N or len(turns) % 2 or not _are_sound(turns, n_types):
            raise BadInputError(f"the model of types is damaged at {gram!r}; train it anew")
    return model


def merge_models(city: NgramModel, shipped: NgramModel, *, learned: Iterable[str]) -> NgramModel:
    """The city's counts for the types it has learned, the shipped ones for all others."""
    own = set(learned)
    keys = tuple(sorted({*own, *shipped.types}))
    index = {key: i for i, key in enumerate(keys)}
    counts: dict[str, dict[str, int]] = {}
    for model, is_wanted in ((city, own.__contains__), (shipped, lambda key: key not in own)):
        for gram, turns in model.grams.items():
            for type_i, count in zip(turns[::2], turns[1::2], strict=True):
                if is_wanted(model.types[type_i]):
                    counts.setdefault(gram, {})[model.types[type_i]] = count
    n_texts = dict(zip(shipped.types, shipped.n_texts, strict=True))
    n_texts |= {k: n for k, n in zip(city.types, city.n_texts, strict=True) if k in own}
    return msgspec.structs.replace(
        city,
        types=keys,
        n_texts=tuple(n_texts[key] for key in keys),
        grams={gram: _turns(by_type, index) for gram, by_type in sorted(counts.items())},
    )


def _turns(by_type: Mapping[str, int], index: Mapping[str, int]) -> tuple[int, ...]:
    pairs = sorted((index[key], n) for key, n in by_type.items())
    return tuple(value for pair in pairs for value in pair)


def _largest(model: NgramModel) -> int:
    return max((max(turns[1::2]) for turns in model.grams.values() if turns), default=0)


def _are_sound(turns: tuple[int, ...], n_types: int) -> bool:
    return all(0 <= type_i < n_types for type_i in turns[::2]) and all(n > 0 for n in turns[1::2])
