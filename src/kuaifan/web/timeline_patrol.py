"""Words of the timeline for what comes from a crew's phone (处警端用语): late stamps, photos."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kuaifan.kernel.message import Event
from kuaifan.vocabulary import access, photo
from kuaifan.vocabulary.letter import LetterKind, WarningLetter

LETTER_NAMES: Final[Mapping[LetterKind | None, tuple[str, str]]] = {
    "domestic_violence": ("家庭暴力告诫书", "domestic-violence warning letter"),
    "admonition": ("训诫书", "admonition"),
    "parenting": ("家庭教育指导令", "parenting order"),
    "other": ("其他告诫文书", "other warning letter"),
    None: ("告诫书", "warning letter"),
}
PHOTO_WORDS: Final[Mapping[type[Event], tuple[str, str]]] = {
    photo.PhotoAttached: (
        "{event.order_id} 附照片 {event.photo_id}",
        "{event.order_id}: photo {event.photo_id}",
    ),
    photo.PhotoRead: (
        "调阅照片 {event.photo_id}：{event.purpose}",
        "photo {event.photo_id} was read: {event.purpose}",
    ),
}
READ_WORDS: Final[Mapping[type[Event], tuple[str, str]]] = {
    access.RecordRead: (
        "{event.person} 调阅记录（{event.purpose}）",
        "{event.person} opened the record ({event.purpose})",
    ),
}


def told_time(event: Any) -> tuple[str, str]:  # noqa: ANN401 - any event of a stage
    """What is odd about the time of a stage, empty where nothing is."""
    if getattr(event, "source", "") == "paper":
        return "", ""
    if getattr(event, "clock_off", False):
        return "，手机时钟不准，按收到时间", ", by receipt as the phone's clock is off"
    if getattr(event, "stamp_at_ms", 0):
        return "，手机时间", ", the phone's time"
    return "", ""


def told_letter(letter: WarningLetter | None) -> tuple[str, str]:
    """What was decided about a warning letter, empty where nothing was."""
    if letter is None:
        return "", ""
    zh, en = LETTER_NAMES[letter.kind]
    if letter.issued:
        return f"；已出具{zh} {letter.number}", f"; {en} {letter.number} issued"
    reason = letter.reason or "—"
    return f"；未出具告诫书：{reason}", f"; no warning letter: {reason}"
