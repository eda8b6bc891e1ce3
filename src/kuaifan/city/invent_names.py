"""Gives out invented names, each once (命名): stems of streets, lanes, estates and the rest."""

from collections import Counter, deque
from collections.abc import Sequence

import numpy as np

from kuaifan.city import invent_words as words


class NameBook:
    """All names of one city; what it has given it never gives again."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._used: set[str] = set()
        self._count: Counter[str] = Counter()
        self._civic = deque(words.CIVIC)
        self._stems = deque(self._pair(words.STEM_FIRST, words.STEM_SECOND))
        self._lanes = deque(self._pair(words.LANE_STEMS, words.LANE_ENDS))
        self._estates = deque(self._pair(words.ESTATE_FIRST, words.ESTATE_END))
        self._old_estates = deque(self._pair(words.ESTATE_FIRST, words.OLD_ESTATE_END))
        self._works = deque(self._pair(words.WORKS_FIRST, words.WORKS_END))
        self._villages = deque(self._pair(words.SURNAMES, words.VILLAGE_END))

    def _pair(self, first: Sequence[str], second: Sequence[str]) -> list[str]:
        pairs = [a + b for a in first for b in second if a != b]
        return [pairs[i] for i in self._rng.permutation(len(pairs)).tolist()]

    def pick(self, choices: Sequence[str]) -> str:
        """Any of some words; nothing is used up."""
        return choices[int(self._rng.integers(len(choices)))]

    def claim(self, name: str) -> str:
        """The name itself if it is free, else the same with a number that is."""
        if name not in self._used:
            self._used.add(name)
            return name
        while True:
            self._count[name] += 1
            numbered = f"{name}{self._count[name] + 1}号"
            if numbered not in self._used:
                self._used.add(numbered)
                return numbered

    def claim_on(self, street: str, what: str) -> str:
        """The name of one thing on a street, 人民路幼儿园, then 人民路第二幼儿园."""
        number = 1
        name = f"{street}{what}"
        while not self.is_free(name):
            number += 1
            name = f"{street}第{words.chinese_number(number)}{what}"
        return self.claim(name)

    def is_free(self, name: str) -> bool:
        """Whether nobody bears the name."""
        return name not in self._used

    def civic_stem(self) -> str:
        """The stem of a great street, 建设 or 长江; plain stems once these are used up."""
        if not self._civic:
            return self.plain_stem()
        # Not strictly in order, so that two cities do not share their street plan by name.
        self._civic.rotate(-int(self._rng.integers(4)))
        return self._once(self._civic.popleft())

    def plain_stem(self) -> str:
        """The stem of a lesser street, 玉泉 or 长宁; numbered once these are used up."""
        return self._take(self._stems, words.STEM_FIRST, words.STEM_SECOND)

    def lane(self) -> str:
        """A lane's whole name, 槐花巷; "" once these are used up."""
        while self._lanes:
            name = self._lanes.popleft()
            if name not in self._used:
                return self._once(name)
        return ""

    def estate(self, *, is_old: bool) -> str:
        """An estate's name, 锦绣花园 or 幸福新村."""
        if is_old:
            return self._take(self._old_estates, words.ESTATE_FIRST, words.OLD_ESTATE_END)
        return self._take(self._estates, words.ESTATE_FIRST, words.ESTATE_END)

    def works(self) -> str:
        """A works' name, 永固机械厂."""
        return self._take(self._works, words.WORKS_FIRST, words.WORKS_END)

    def village(self) -> str:
        """A village's name, 张庄."""
        return self._take(self._villages, words.SURNAMES, words.VILLAGE_END)

    def _take(self, pool: deque[str], first: Sequence[str], second: Sequence[str]) -> str:
        while pool:
            name = pool.popleft()
            if name not in self._used:
                return self._once(name)
        # The pool is used up: three parts make plenty more.
        while True:
            name = self.pick(words.STEM_FIRST) + self.pick(first) + self.pick(second)
            if name not in self._used:
                return self._once(name)

    def _once(self, name: str) -> str:
        self._used.add(name)
        return name
