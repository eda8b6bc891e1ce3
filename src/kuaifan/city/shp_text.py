"""Which encoding the texts of a shapefile are in (编码): told, in its .cpg, or found by trying."""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass

from kuaifan.kernel.errors import BadInputError

UTF8, GBK = "utf-8", "gb18030"
"""GB 18030 reads every GBK and GB 2312 text the same, and the rarer characters of place names."""

_BY_CPG = {
    "utf8": UTF8, "65001": UTF8, "cp65001": UTF8,
    "gbk": GBK, "gb2312": GBK, "gb18030": GBK, "936": GBK, "cp936": GBK, "ansi936": GBK,
    "oem936": GBK, "54936": GBK, "euccn": GBK,
    "big5": "cp950", "950": "cp950", "cp950": "cp950", "ansi950": "cp950", "oem950": "cp950",
}  # fmt: skip
_WORDS = {UTF8: "UTF-8", GBK: "GBK"}
MIN_WITNESSES = 3
"""Distinct texts that must agree before a stated encoding is called wrong.

A Chinese word of four GBK bytes is good UTF-8 by chance once in some fifty; three words once in
some hundred thousand.
"""


@dataclass(frozen=True, slots=True)
class Encoding:
    """The encoding of a shapefile's texts, and who says so, for the notes."""

    codec: str
    word: str
    said_by: str

    def read(self, raw: bytes) -> str:
        """A text of the table; a character that its field cuts in the middle is left out."""
        decoder = codecs.getincrementaldecoder(self.codec)()
        return decoder.decode(raw).strip("\x00 \t\r\n")


def choose_encoding(
    name: str, texts: Iterable[bytes], *, told: str | None, cpg: bytes | None
) -> Encoding:
    """The encoding that was told, else the one of the .cpg, else the one in which all texts read.

    name: of the shapefile, for messages. texts: all that will be read, as bytes.
    Raises BadInputError if the texts cannot be in it, naming the cure.
    """
    strange = {text for text in texts if not text.isascii()}
    fitting = [codec for codec in (UTF8, GBK) if _fits(codec, strange)]
    written = (cpg or b"").decode("ascii", "replace").strip("\ufeff\x00 \t\r\n")
    if told is not None:
        codec = UTF8 if told == UTF8 else GBK
        return _checked(name, Encoding(codec, _WORDS[codec], "--encoding"), strange, fitting)
    if written:
        return _checked(name, _read_cpg(name, written), strange, fitting)
    if not strange:
        return Encoding(UTF8, "plain ASCII", "the texts themselves")
    if not fitting:
        raise BadInputError(
            f"the names in {name} are neither UTF-8 nor GBK: save its table as UTF-8 with a .cpg "
            "that says so"
        )
    return Encoding(fitting[0], _WORDS[fitting[0]], "the names themselves, by trying")


def _read_cpg(name: str, written: str) -> Encoding:
    plain = written.lower().replace("-", "").replace("_", "").replace(" ", "")
    codec = _BY_CPG.get(plain)
    if codec is None:
        try:
            codec = codecs.lookup(written.rsplit(maxsplit=1)[-1]).name
            "".encode(codec)
        except (LookupError, ValueError):
            raise BadInputError(
                f"the .cpg of {name} names the encoding {written[:40]!r}, which is unknown: add "
                "--encoding gbk or utf-8"
            ) from None
    return Encoding(codec, _WORDS.get(codec, written), "the .cpg")


def _checked(name: str, stated: Encoding, strange: set[bytes], fitting: list[str]) -> Encoding:
    """The stated encoding, unless the texts tell that it is wrong."""
    right = _find_right(stated, strange, fitting)
    if right is None:
        return stated
    option = "gbk" if right == GBK else "utf-8"
    cure = f"give --encoding {option}" if right else "give the right --encoding"
    looks = f", they are {_WORDS[right]}" if right else ""
    raise BadInputError(
        f"the names in {name} are not {stated.word}, as {stated.said_by} says{looks}: {cure}"
    )


def _find_right(stated: Encoding, strange: set[bytes], fitting: list[str]) -> str | None:
    """None if the stated encoding may be right; else the right one, '' where that is unknown."""
    if not _fits(stated.codec, strange):
        return next((codec for codec in fitting if codec != stated.codec), "")
    if len(strange) < MIN_WITNESSES or stated.codec == UTF8:
        return None
    # Any bytes are good in a western code page, and half of all UTF-8 is good GBK.
    if UTF8 in fitting:
        return UTF8
    is_double = stated.codec in {GBK, "cp950"}
    return None if is_double or not _is_dense(strange) or GBK not in fitting else GBK


def _is_dense(strange: set[bytes]) -> bool:
    """Whether most bytes are beyond ASCII: so Chinese names are; western ones have an accent."""
    n_beyond = sum(byte > 127 for text in strange for byte in text)  # noqa: PLR2004 - ASCII
    return 2 * n_beyond > sum(map(len, strange))


def _fits(codec: str, texts: Iterable[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        for text in texts:
            decoder.reset()
            decoder.decode(text)
    except UnicodeDecodeError:
        return False
    return True
