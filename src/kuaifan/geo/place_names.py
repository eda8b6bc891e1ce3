"""How names of places are compared (地名归一): the same when written and when asked for."""

import re
import unicodedata

_WORD = re.compile(r"[⺀-鿿豈-﫿\U00020000-\U0003ffff]|[^\W_⺀-鿿豈-﫿\U00020000-\U0003ffff]+")
_HANZI = re.compile(r"[⺀-鿿豈-﫿\U00020000-\U0003ffff]")


def split_name(text: str) -> list[str]:
    """The words of a name in lower case: each Chinese character is one, accents are taken off.

    Full-width letters become plain ones; punctuation only separates.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return _WORD.findall("".join(c for c in plain if not unicodedata.combining(c)))


def fold_name(text: str) -> str:
    """A name as it is compared: the same for "Ｓão  João" and "sao joao"."""
    return join_words(split_name(text))


def fold_code(text: str) -> str:
    """A landmark's code (编码) as it is compared: the same for "LD-0123" and "ld 0123"."""
    return "".join(split_name(text))


def join_words(words: list[str]) -> str:
    """Words as one text: no space beside a Chinese character."""
    text = ""
    for word in words:
        is_apart = text and not has_hanzi(text[-1]) and not has_hanzi(word)
        text += f" {word}" if is_apart else word
    return text


def has_hanzi(text: str) -> bool:
    """Whether there is a Chinese character in it."""
    return _HANZI.search(text) is not None
