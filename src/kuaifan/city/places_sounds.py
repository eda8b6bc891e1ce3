"""How each common Chinese character is read (字音), so that homophones can be found at a desk."""

from functools import cache
from typing import Final

_FIRST, _LAST = 0xB0, 0xF7
"""Rows of GB 2312 that hold Chinese characters: 6,763, as many as people type."""
_COLUMNS: Final = range(0xA1, 0xFF)


@cache
def list_readings() -> dict[str, str]:
    """Readings of each character of GB 2312 without tone, the usual one first; some 50 ms."""
    # Heavy, and needed only while a gazetteer is made: a desk reads the table.
    from pypinyin import Style, pinyin

    found = {}
    for character in _list_characters():
        readings = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
        found[character] = " ".join(dict.fromkeys(readings))
    return found


def _list_characters() -> list[str]:
    codes = (bytes((row, column)) for row in range(_FIRST, _LAST + 1) for column in _COLUMNS)
    text = "".join(code.decode("gb2312", "ignore") for code in codes)
    return list(text)
