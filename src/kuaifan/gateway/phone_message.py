"""What a telephone system posts (话机系统报文), cleaned of what no telephone can mean.

A caller must not be lost to a misprint: whatever is not needed to know the call is cleaned and
noted; only a message that names no call, number or kind is refused.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, get_args

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.call import Line
from kuaifan.vocabulary.lines import CHANNELS
from kuaifan.vocabulary.phone import PhoneEventKind, PhoneFacts, ReportPhoneEvent
from kuaifan.vocabulary.talk import PartyKind, TargetKind

MAX_ID_CHARS: Final = 64
MAX_TEXT_CHARS: Final = 200
MAX_NUMBER_CHARS: Final = 32
MAX_REFERENCE_CHARS: Final = 300
MAX_EVENT_NO: Final = 1_000_000_000
MAX_INSTANT_MS: Final = 9_000_000_000_000
MAX_DURATION_MS: Final = 172_800_000
DIGEST_CHARS: Final = 16
NUMBER: Final = re.compile(r"\+?[0-9*#]{1,32}")
EXTENSION: Final = re.compile(r"[0-9*#+]{1,16}")
KINDS: Final[Sequence[PhoneEventKind]] = get_args(PhoneEventKind)


class PhoneMessage(msgspec.Struct, frozen=True):
    """An event as it is posted (话机系统报文); fields that we do not know are passed over.

    at, started_at: milliseconds, or ISO 8601 with an offset. Unlike a command's, no field is
    bounded here: too long a text is no reason to lose a call.
    """

    pbx: str
    call: str
    seq: int
    event: str
    at: int | float | str | None = None
    line: str = ""
    number: str | None = None
    seat: str = ""
    extension: str | int = ""
    to_kind: str = ""
    to: str = ""
    reason: str = ""
    party: str = ""
    party_kind: str = ""
    party_number: str | None = None
    recording: str = ""
    started_at: int | float | str | None = None
    duration_s: float = 0


class Cleaned(msgspec.Struct, frozen=True):
    """A message as a command, with what had to be cleaned (清理结果)."""

    command: ReportPhoneEvent
    notes: tuple[str, ...]


_DECODER: Final = msgspec.json.Decoder(PhoneMessage)


def read_message(body: bytes) -> Cleaned:
    """Decode and clean a message; raises BadInputError that names the field."""
    try:
        message = _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInputError(f"the event cannot be read: {error}") from error
    return _Cleaner(message).clean()


class _Cleaner:
    """Cleans one message and notes what it did (清理)."""

    def __init__(self, message: PhoneMessage) -> None:
        self._message = message
        self._notes: list[str] = []

    def clean(self) -> Cleaned:
        """The command, with the notes."""
        message = self._message
        kind = next((each for each in KINDS if each == message.event), None)
        if kind is None:
            raise BadInputError(
                f"event {plain(message.event, 40)!r} is unknown; it is one of {', '.join(KINDS)}"
            )
        if not 0 <= message.seq <= MAX_EVENT_NO:
            raise BadInputError(f"seq counts the events of a call from 0, not {message.seq}")
        command = ReportPhoneEvent(
            pbx_id=self._id(message.pbx, "pbx"),
            phone_call_id=self._id(message.call, "call"),
            event_no=message.seq,
            kind=kind,
            device_at_ms=self._instant(message.at, "at"),
            facts=self._facts(),
        )
        return Cleaned(command, tuple(self._notes))

    def _facts(self) -> PhoneFacts:
        message = self._message
        duration_ms = message.duration_s * 1000
        return PhoneFacts(
            line=self._line(),
            caller_number=self._number(message.number, "number"),
            seat_id=self._text(message.seat, "seat", MAX_ID_CHARS),
            extension=self._extension(),
            to_kind=_one_of(message.to_kind, get_args(TargetKind)),
            to_id=self._text(message.to, "to", MAX_ID_CHARS),
            reason=self._text(message.reason, "reason", MAX_TEXT_CHARS),
            party=self._text(message.party, "party", MAX_TEXT_CHARS),
            party_kind=_one_of(message.party_kind, get_args(PartyKind)) or "other",
            party_number=self._number(message.party_number, "party_number"),
            reference=self._text(message.recording, "recording", MAX_REFERENCE_CHARS),
            started_at_ms=self._instant(message.started_at, "started_at"),
            duration_ms=round(duration_ms) if 0 <= duration_ms <= MAX_DURATION_MS else 0,
        )

    def _id(self, text: str, name: str) -> str:
        """An id keeps being one: too long a one is cut, and told apart by its digest."""
        cleaned = "".join(plain(text, len(text)).split())
        if not cleaned:
            raise BadInputError(f"{name} is empty; name the telephone system and its call")
        if len(cleaned) <= MAX_ID_CHARS:
            return cleaned
        self._notes.append(f"{name}_cut")
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{cleaned[:40]}~{digest[:DIGEST_CHARS]}"

    def _text(self, text: str, name: str, max_chars: int) -> str:
        cleaned = plain(text, max_chars)
        if cleaned != text:
            self._notes.append(f"{name}_cleaned")
        return cleaned

    def _line(self) -> Line:
        """The line that was dialled; one that we do not know rings as 110."""
        line: Line | None = _one_of(plain(self._message.line, 20), tuple(CHANNELS))
        if line is None and self._message.line:
            self._notes.append("line_unknown")
        return line or "110"

    def _number(self, number: str | None, name: str) -> str:
        """Digits as they are dialled; "anonymous" and other words are no number."""
        if not number:
            return ""
        dialled = re.sub(r"[\s().\-/]", "", plain(number, MAX_TEXT_CHARS))
        dialled = re.sub(r"^(?:sip|tel):|@.*$", "", dialled)
        if NUMBER.fullmatch(dialled) and len(dialled) <= MAX_NUMBER_CHARS:
            return dialled
        self._notes.append(f"{name}_unreadable")
        return ""

    def _extension(self) -> str:
        extension = plain(str(self._message.extension), MAX_TEXT_CHARS)
        if not extension or EXTENSION.fullmatch(extension):
            return extension
        self._notes.append("extension_unreadable")
        return ""

    def _instant(self, value: float | str | None, name: str) -> int:
        at_ms = _instant_ms(value)
        if at_ms is None:
            self._notes.append(f"{name}_unreadable")
        return at_ms or 0


def plain(text: str, max_chars: int) -> str:
    """A text without control, format and surrogate characters, full-width made plain, and cut."""
    # Composed only after the cut at twice the length: a hostile text costs no more than a long one.
    composed = unicodedata.normalize("NFKC", text[: 2 * max_chars + 16])
    kept = "".join(" " if each in "\r\n\t" else each for each in composed if _is_kept(each))
    return kept.strip()[:max_chars]


def _is_kept(char: str) -> bool:
    return char in "\r\n\t" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _one_of(text: str, values: tuple[Any, ...]) -> Any:  # noqa: ANN401 - the literal's own type
    return next((value for value in values if value == text), None)


def _instant_ms(value: float | str | None) -> int | None:
    """Milliseconds of an instant, 0 for none, None for one that cannot be read."""
    if value is None or value == "":
        return 0
    if isinstance(value, str):
        value = _iso_ms(value)
    if value is None or not 0 <= value <= MAX_INSTANT_MS:
        return None
    return int(value)


def _iso_ms(text: str) -> float | None:
    if text.isdecimal() and len(text) < 20:  # noqa: PLR2004 - no instant is longer
        return float(text)
    try:
        at = datetime.fromisoformat(text[:40])
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000
