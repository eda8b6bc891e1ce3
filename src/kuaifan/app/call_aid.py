"""What helps a call-taker (接警辅助): suggestions, questions and advice, of the city or shipped.

A city folder may hold its own phrases.toml, questions.csv, advice.csv and types_model.json.gz.
They decide nothing, so they are no part of the city's content hash and of no log; one that cannot
be read is passed over with a note, and the shipped one serves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Final, TypeVar

from kuaifan.app.printing import print_progress
from kuaifan.board.reference import Reference
from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.facts import Answer
from kuaifan.vocabulary.phrases import Phrases, read_phrases
from kuaifan.vocabulary.scripts import (
    Advice,
    Question,
    Script,
    make_script,
    read_advice,
    read_questions,
)
from kuaifan.vocabulary.suggest_type import Suggested, Suggester
from kuaifan.vocabulary.type_ngrams import NgramModel, merge_models, unpack_model

PHRASES_FILE: Final = "phrases.toml"
QUESTIONS_FILE: Final = "questions.csv"
ADVICE_FILE: Final = "advice.csv"
MODEL_FILE: Final = "types_model.json.gz"
MAX_FILE_BYTES: Final = 16 * 1024 * 1024
T = TypeVar("T")


class CallAid:
    """Suggestions, questions and advice for one city (接警辅助).

    settled: the data as they hold now, where people may change them while the desk runs.
    """

    def __init__(
        self,
        reference: Reference,
        city: Path | None = None,
        *,
        settled: Callable[[], Reference] | None = None,
    ) -> None:
        self._city, self._settled = city, settled or (lambda: reference)
        self._made: tuple[Reference, Suggester] | None = None

    def suggest(self, text: str, *, type_code: str, answers: Mapping[str, Answer]) -> Suggested:
        """What a caller's words point to."""
        return self.suggester.suggest(text, type_code=type_code, answers=answers)

    def find_script(self, type_code: str) -> Script | None:
        """What to ask and to tell for a type, None where there is no such type."""
        reference = self._settled()
        incident_type = reference.types.get(type_code)
        if incident_type is None:
            return None
        questions, advice = self._tables
        return make_script(
            incident_type,
            questions,
            advice,
            rules=reference.priority_rules,
            types_by_key=reference.types_by_key,
        )

    @property
    def suggester(self) -> Suggester:
        """The suggester of the types in use; made when first asked for, so that a start is soon."""
        reference, made = self._settled(), self._made
        if made is None or made[0] is not reference:
            suggester = Suggester(
                reference.types_in_use,
                reference.priority_rules,
                read_phrases_of(self._city),
                lambda: self._model,
            )
            made = self._made = reference, suggester
        return made[1]

    @cached_property
    def _model(self) -> NgramModel:
        return read_model_of(self._city)

    @cached_property
    def _tables(self) -> tuple[tuple[Question, ...], tuple[Advice, ...]]:
        return (
            _read(self._city, QUESTIONS_FILE, _decoded(read_questions)),
            _read(self._city, ADVICE_FILE, _decoded(read_advice)),
        )


def read_phrases_of(city: Path | None) -> Phrases:
    """The phrases of a city, the shipped ones where it has none."""
    return _read(city, PHRASES_FILE, _decoded(read_phrases))


def read_shipped_model() -> NgramModel:
    """The model that the package ships."""
    return unpack_model(_shipped(MODEL_FILE))


def read_model_of(city: Path | None) -> NgramModel:
    """The model of a city, with the shipped counts for types it has not learned."""
    model = _read(city, MODEL_FILE, unpack_model)
    if city is None or not (city / MODEL_FILE).is_file():
        return model
    return merge_models(model, read_shipped_model(), learned=model.types)


def _read(city: Path | None, name: str, read: Callable[[bytes], T]) -> T:
    own = None if city is None else city / name
    if own is not None and own.is_file():
        try:
            if own.stat().st_size <= MAX_FILE_BYTES:
                return read(own.read_bytes())
            print_progress(f"note: {own} is too large, the shipped one serves instead")
        except (OSError, BadInputError) as error:
            print_progress(f"note: {own} is passed over, the shipped one serves instead: {error}")
    return read(_shipped(name))


def _decoded(read: Callable[[str], T]) -> Callable[[bytes], T]:
    def decode(data: bytes) -> T:
        try:
            return read(data.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise BadInputError("it is not UTF-8 text: save it as UTF-8") from None

    return decode


def _shipped(name: str) -> bytes:
    return resources.files("kuaifan.vocabulary").joinpath(name).read_bytes()
