"""The shipped model of types (随附类别模型), trained anew: `python tests/types_model.py` writes it.

A test compares the file with what training makes. `python tests/types_model.py --figures` prints
how often the right type is first, and among the first three, by phrases, by runs and by both.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from kuaifan.app.call_aid import MODEL_FILE, read_phrases_of
from kuaifan.app.types_training import Said, measure, tell_stories, train_shipped
from kuaifan.twin.narratives import read_narratives
from kuaifan.vocabulary.incident_types import read_incident_types
from kuaifan.vocabulary.phrases import Phrases
from kuaifan.vocabulary.suggest_type import Suggester
from kuaifan.vocabulary.type_ngrams import pack_model, unpack_model

ROOT = Path(__file__).resolve().parents[1]
VOCABULARY = ROOT / "src" / "kuaifan" / "vocabulary"
SAID_FILE = ROOT / "tests" / "data" / "said_on_the_phone.csv"


def trained():
    """The bytes that training makes."""
    return pack_model(train_shipped(read_narratives(), read_phrases_of(None)))


def said_on_the_phone():
    """Utterances written by hand, of none of the templates; nothing is learned from them."""
    with SAID_FILE.open(encoding="utf-8", newline="") as file:
        return [Said(row["key"], row["text"]) for row in csv.DictReader(file)]


def held_out():
    """Stories of the templates that are kept from the model."""
    return tell_stories(read_narratives(), n_tellings=3, is_held_out=True)


def suggesters():
    """By name: phrases alone, runs of characters alone, both."""
    table = (VOCABULARY / "incident_types.csv").read_text(encoding="utf-8-sig")
    types, phrases = read_incident_types(table), read_phrases_of(None)
    model = unpack_model((VOCABULARY / MODEL_FILE).read_bytes())
    nothing = Phrases(types={}, facts={}, seats={})
    return {
        "phrases": Suggester(types, (), phrases),
        "runs": Suggester(types, (), nothing, lambda: model),
        "both": Suggester(types, (), phrases, lambda: model),
    }


if __name__ == "__main__":
    if "--figures" in sys.argv:
        sets = {"held-out templates": held_out(), "said on the phone": said_on_the_phone()}
        for name, suggester in suggesters().items():
            for what, texts in sets.items():
                sys.stdout.write(f"{name}, {what}: {measure(suggester, texts)}\n")
    else:
        (VOCABULARY / MODEL_FILE).write_bytes(trained())
