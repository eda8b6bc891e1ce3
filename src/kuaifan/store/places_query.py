"""Reads what somebody types to find a place (地点检索词): crossing, name or pinyin."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise, product
from typing import Final, NamedTuple

from kuaifan.geo.place_names import has_hanzi, join_words, split_name

MAX_CHARS: Final = 80
MAX_SPELLINGS: Final = 8
PAIRED: Final = "·"
"""Between the two words of a pair; no word of a name has it."""
LEAST_TORN: Final = 3
MOST_TORN: Final = 20
LONG_LETTERS: Final = 12
"""Letters this many that are a name read one way are hardly another read another way."""

_AMONG_WORDS: Final = r"\s+(?:and|at|with|x|e|y|und|och|et)\s+"
_BETWEEN: Final = re.compile(rf"\s*[与和跟及同&+/／×]\s*|{_AMONG_WORDS}", re.IGNORECASE)
_CORNER: Final = re.compile(
    r"(?:的)?(?:十字路口|丁字路口|交叉路口|交叉口|交汇处|交界处|路口)?(?:附近|旁边?|门口)?$"
)
_LAST_STREET: Final = re.compile(r"(?<=.)([路街道巷弄里])口(?:附近|旁边?)?$")
_STREET_END: Final = re.compile(r"[路街道巷弄里]")
_HOUSE: Final = re.compile(r"^(.*[路街道巷弄里])\s*(?:附)?\d+\s*号.*$")
_SHORT_NAMES: Final = {
    "工行": "工商银行",
    "农行": "农业银行",
    "建行": "建设银行",
    "中行": "中国银行",
    "交行": "交通银行",
    "招行": "招商银行",
    "邮储": "邮政储蓄银行",
}


class Wanted(NamedTuple):
    """A name that is looked for, folded and as words; `trust` is how sure it is what was meant."""

    folded: str
    words: tuple[str, ...]
    trust: float

    @property
    def is_latin(self) -> bool:
        """Whether it could be pinyin or initials."""
        return not has_hanzi(self.folded)


def want(text: str, trust: float = 1.0) -> Wanted:
    """A text as it is looked for."""
    words = split_name(text[:MAX_CHARS])
    return Wanted(join_words(words), tuple(words), trust)


def list_corners(text: str) -> Iterator[tuple[Wanted, Wanted]]:
    """The pairs of streets that a text may name: 和 is also a syllable of 和平路.

    "A路B路口" joins nothing: the corner's 路 is the second street's, and what ends a street parts.
    """
    typed = text[:MAX_CHARS].strip()
    plain = _CORNER.sub("", typed)
    for whole in dict.fromkeys((plain, _LAST_STREET.sub(r"\1", typed))):
        gaps = [match.span() for match in _BETWEEN.finditer(whole)]
        if _STREET_END.search(whole, len(whole) - 1):
            gaps += [(m.end(), m.end()) for m in _STREET_END.finditer(whole, 1, len(whole) - 1)]
        for first_to, second_from in gaps:
            pair = want(whole[:first_to]), want(whole[second_from:])
            if all(len(street.folded) > 1 for street in pair):
                yield pair


def list_names(text: str) -> list[Wanted]:
    """The names a text may mean, the surest first: as typed, without its corner, its house number.

    A bank's short name stands for its long one.
    """
    tried = [want(text)]
    bare = _CORNER.sub("", text.strip())
    tried.append(want(bare, 0.9))
    house = _HOUSE.match(bare)
    if house is not None:
        # Somewhere on the street: a known number is found apart, see places_house.
        tried.append(want(house[1], 0.4))
    for short, long in _SHORT_NAMES.items():
        if short in text:
            tried.append(want(text.replace(short, long), 0.95))
    found: dict[str, Wanted] = {}
    for wanted in tried:
        if wanted.folded:
            found.setdefault(wanted.folded, wanted)
    return list(found.values())


def list_torn(words: tuple[str, ...]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What stands before and after each word, if that one may be wrong (错别字)."""
    return [(words[:i], words[i + 1 :]) for i in range(len(words))]


def pair_letters(letters: str) -> list[str]:
    """Initials as overlapping pairs and the last letter: pairs are far rarer than letters."""
    return [letters[i : i + 2] for i in range(len(letters))]


def pair_words(words: Sequence[str]) -> list[str]:
    """Words as overlapping pairs and the last word: pairs are far rarer than single characters."""
    pairs = [f"{first}{PAIRED}{second}" for first, second in pairwise(words)]
    return [*pairs, *words[-1:]]


def phrase(words: Sequence[str], *, is_begun: bool = False) -> str:
    """Words in a row, for the index of pairs; is_begun: of the last one not all may be typed."""
    in_row = pair_words(words)[:-1] if len(words) > 1 else list(words)
    # A pair's first word alone is the beginning of every pair that it leads.
    star = " *" if is_begun or len(words) == 1 else ""
    return f'"{" ".join(in_row)}"{star}'


def list_sounds(words: Sequence[str], sounds: Mapping[str, str]) -> list[list[str]]:
    """How a name is read aloud, the usual way first; [] where a character's sound is not known.

    sounds: readings of each character, with spaces between; other words stand for themselves.
    """
    read = [sounds.get(word, "" if has_hanzi(word) else word).split() for word in words]
    return [list(each) for each in islice(product(*read), MAX_SPELLINGS)]


def list_spellings(letters: str, syllables: frozenset[str]) -> list[list[str]]:
    """Ways to read letters as pinyin syllables; the last one may be only begun: 解放 is jief."""
    begun = {syllable[:n] for syllable in syllables for n in range(1, len(syllable))}
    longest = max(map(len, syllables), default=0)
    found: list[list[str]] = []
    # Longest syllables first: xian is 县 sooner than 西安.
    open_ends: list[tuple[int, list[str]]] = [(0, [])]
    while open_ends and len(found) < MAX_SPELLINGS:
        start, read = open_ends.pop()
        if start == len(letters):
            found.append(read)
            continue
        for n in range(1, min(longest, len(letters) - start) + 1):
            piece = letters[start : start + n]
            is_end = start + n == len(letters)
            if piece in syllables or (is_end and read and piece in begun):
                open_ends.append((start + n, [*read, piece]))
    return found
