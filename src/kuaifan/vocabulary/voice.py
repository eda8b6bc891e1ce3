"""Crews without phone or GPS (电台警组): the dispatcher enters what they say on the radio."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Final, Literal

import msgspec

from kuaifan.kernel.message import Command, Event
from kuaifan.kernel.personal import Personal
from kuaifan.vocabulary.call import Id, ShortText
from kuaifan.vocabulary.incident import Latitude, Longitude

VoiceWord = Literal[
    "signed", "en_route", "arrived", "handled", "at", "backup", "emergency", "back", "safe"
]
"""What a crew can say (电台用语): 收到, 出发, 到, 完, 在 <place>, 增援, 紧急, 归队, 平安."""
Metres = Annotated[int, msgspec.Meta(ge=0, le=20_000)]


WORDS: Final[Mapping[VoiceWord, tuple[str, ...]]] = {
    "signed": ("收到", "签收", "sd"),
    "en_route": ("出发", "出警", "cf"),
    "arrived": ("到", "到达", "到场", "d"),
    "handled": ("完", "完毕", "处理完毕", "w"),
    "at": ("在", "z"),
    "backup": ("增援", "zy"),
    "emergency": ("紧急", "jj"),
    "back": ("归队", "gd"),
    "safe": ("平安", "pa"),
}
"""How each word is typed (录入用语), in full and by its initials."""
_WORD_OF: Final = {typed: word for word, forms in WORDS.items() for typed in forms}
_PLACE_MARK: Final = "在"
_PUNCTUATION: Final = str.maketrans(dict.fromkeys(",.;:!?，。；：！？、", " "))
_SCRIPT_CHANGE: Final = re.compile(
    "(?<=[0-9a-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[0-9a-z])"
)


class VoiceLine(msgspec.Struct, frozen=True):
    """A typed line taken apart (录入行): who, the word or None, how it was typed, what follows."""

    who: str
    word: VoiceWord | None
    said: str = ""
    rest: str = ""


def parse_voice_line(text: str) -> VoiceLine:
    """Take a line apart: `<call sign or number> <word> [rest]`.

    Full-width letters and spaces are as good as narrow ones, and a change between digits and
    Chinese needs no space: `012到` says `012 到`. A call sign may have spaces itself, so the word
    is the first known one after the first part. In who, all spaces and capitals are gone.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_PUNCTUATION)
    parts = _SCRIPT_CHANGE.sub(" ", folded).split()
    for i, part in enumerate(parts[1:], 1):
        is_place = part.startswith(_PLACE_MARK) and part not in _WORD_OF
        said, tail = (_PLACE_MARK, [part[1:]]) if is_place else (part, [])
        if said in _WORD_OF:
            rest = " ".join([*tail, *parts[i + 1 :]])
            return VoiceLine("".join(parts[:i]), _WORD_OF[said], said, rest)
    return VoiceLine("".join(parts[:1]), None, " ".join(parts[1:]))


def call_sign_key(call_sign: str) -> str:
    """A call sign as `parse_voice_line` gives it: no spaces, no capitals."""
    folded = unicodedata.normalize("NFKC", call_sign).casefold().translate(_PUNCTUATION)
    return "".join(folded.split())


class EnterVoiceReport(Command, frozen=True):
    """A line as the dispatcher types it (电台报告录入): `012 到`, `012 在 淮海路口`.

    lat, lon: the place found for what follows 在, by the console; uncertainty_m: how sure it is.
    """

    text: Annotated[ShortText, Personal("incident")]
    entered_by: ShortText
    lat: Latitude | None = None
    lon: Longitude | None = None
    uncertainty_m: Metres = 100


class VoiceReported(Event, frozen=True):
    """A crew has said this (电台报告已录入); what it means follows in the same record.

    n_units: how many more it asks for.
    """

    unit_id: str
    order_id: str
    word: VoiceWord
    entered_by: str
    n_units: int = 0


class ConfirmPosition(Command, frozen=True):
    """A fix has come of a unit that was known by voice or post only (恢复卫星定位)."""

    unit_id: Id


class PositionConfirmed(Event, frozen=True):
    """The satellites know again where a unit is (卫星定位已恢复)."""

    unit_id: str


class UnitPlaced(Event, frozen=True):
    """Where a unit without GPS is, as far as is known (警力位置已登记)."""

    unit_id: str
    lat: float
    lon: float
    arc: int
    fraction_ppm: int
    uncertainty_m: int
    source: Literal["voice", "post"]


COMMANDS = (EnterVoiceReport, ConfirmPosition)
EVENTS = (VoiceReported, UnitPlaced, PositionConfirmed)
