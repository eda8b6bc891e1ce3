"""What callers say (报警叙述): templates of narratives.toml, filled for one call."""

from __future__ import annotations

import importlib.resources
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from string import Formatter
from typing import Final

import msgspec
import numpy as np

MAX_CHARS: Final = 120
"""A caller is stopped there: nobody reads more while dispatching."""
PLACE_SLOTS: Final = frozenset({"where", "home", "block", "street", "place"})
UNTOLD: Final = "{where}，%s"
"""For a type that a city has added to its table."""


class Narratives(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole table (叙述表): words by slot, templates by type key.

    told: of who calls first. seen: of who calls later, after one of the openers.
    """

    openers: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    told: Mapping[str, tuple[str, ...]]
    seen: Mapping[str, tuple[str, ...]]

    def draw_words(self, rng: np.random.Generator) -> dict[str, str]:
        """One word for every slot that has words; callers of one incident share the generator."""
        luck = rng.random(len(self.words)).tolist()
        pairs = zip(self.words.items(), luck, strict=True)
        return {slot: words[int(draw * len(words))] for (slot, words), draw in pairs}

    def tell(self, type_key: str, slots: Mapping[str, str], *, luck: float, name_cn: str) -> str:
        """What the first caller says; luck in [0, 1) chooses among the templates."""
        templates = self.told.get(type_key) or (UNTOLD % name_cn,)
        return _fill(templates, slots, luck)

    def tell_again(self, type_key: str, slots: Mapping[str, str], rng: np.random.Generator) -> str:
        """What somebody else says of the same incident, with luck of his own."""
        opener_luck, luck = rng.random(2).tolist()
        opener = self.openers[int(opener_luck * len(self.openers))]
        return (opener + _fill(self.seen[type_key], slots, luck))[:MAX_CHARS]


def slots_of(template: str) -> set[str]:
    """Return the names of the slots in a template."""
    return {slot for _, slot, _, _ in Formatter().parse(template) if slot is not None}


@cache
def read_narratives() -> Narratives:
    """Read the table that comes with the twin."""
    text = (importlib.resources.files("kuaifan.twin") / "narratives.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), Narratives)


def _fill(templates: Sequence[str], slots: Mapping[str, str], luck: float) -> str:
    return templates[int(luck * len(templates))].format_map(slots)[:MAX_CHARS]
