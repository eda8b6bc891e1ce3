r"""Sealing of personal texts (封存): under the key of the owner, a random nonce each; see suite.

What is stored is the canonical bytes of the message with each personal text replaced by
`"\u0073ealed:<key no>:<base64>"`. Our encoder never writes an `s` as an escape, so no text that
anybody types can look like a sealed one, and opening needs no types: replacing the sealed texts
by what is in them gives the canonical bytes back, byte for byte.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from msgspec.structs import force_setattr

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.message import Event, TimerSet
from kuaifan.kernel.personal import (
    ERASED,
    Personal,
    find_owner_id,
    find_prefix_owner_id,
    is_erased,
    personal_marks,
)
from kuaifan.kernel.record import Record, Sighting
from kuaifan.store.draws import Draws
from kuaifan.store.keyring import KeyRing
from kuaifan.store.log_error import LogError
from kuaifan.store.master_key import NONCE_BYTES
from kuaifan.store.plans import find_plan

MAX_REMEMBERED: Final = 16
"""Texts per owner whose sealed form is used again while unchanged: a row is stored at each change
of any of its fields, and sealing is what costs."""
MARK: Final = b'"\\u0073ealed:'
SEALED_TEXT: Final = re.compile(rb'"\\u0073ealed:([0-9]+):([A-Za-z0-9+/]+=*)"')
TAG_BEFORE: Final = b'{"type":"'
EXT_CODE: Final = 83
"""The MessagePack extension type of a sealed text in a sighting; we make no other."""
EXT_MARK: Final = b"\x00sealed:"
"""Begins each such extension: most sightings hold none, and are decoded only once."""
ERASED_TEXT: Final = str(ERASED)

Wrap = Callable[[int, bytes], Any]


class Owners:
    """Whose the texts of one message are (归属): the nearest struct that names an owner decides.

    Where none names an owner of the text's own noun, as with a command that was refused, it is the
    one its own id begins with, then an owner of another of the nouns: what was typed for a call
    that became no incident goes with the call.
    around: structs from the outermost in. others: the record's events, then its command.
    fallback: owner of texts that nobody claims: what the record says it is about, or its input.
    """

    def __init__(
        self,
        fallback: str,
        others: Sequence[msgspec.Struct] = (),
        around: tuple[msgspec.Struct, ...] = (),
        *,
        nouns: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._fallback, self._others, self._around = fallback, others, around
        self._nouns = nouns
        self._found: dict[Personal, str] | None = None

    def within(self, struct: msgspec.Struct) -> Owners:
        """Owners as seen from inside a struct."""
        around = (*self._around, struct)
        return Owners(self._fallback, self._others, around, nouns=self._nouns)

    def owner(self, mark: Personal) -> str:
        """Return the owner of a marked text."""
        if self._found is None:
            self._found = {}
        owner = self._found.get(mark)
        if owner is None:
            structs = (*reversed(self._around), *self._others)
            own = _named(structs, mark.noun) or self._prefix(mark)
            owner = self._found[mark] = own or self.any_owner()
        return owner

    def any_owner(self) -> str:
        """Return the first owner that is named, of whatever noun; the fallback where none is."""
        structs = (*reversed(self._around), *self._others)
        named = (_named(structs, noun) for noun in self._nouns())
        return next((owner for owner in named if owner), self._fallback)

    def _prefix(self, mark: Personal) -> str:
        owner_ids = (find_prefix_owner_id(struct, mark) for struct in reversed(self._around))
        found = next((owner_id for owner_id in owner_ids if owner_id), None)
        return f"{mark.noun}:{found}" if found else ""


def _named(structs: Iterable[msgspec.Struct], noun: str) -> str:
    for struct in structs:
        owner_id = find_owner_id(struct, noun)
        if owner_id is not None:
            return f"{noun}:{owner_id}"
    return ""


class Sealer:
    """Seals what is about to be stored and opens what was (封存器).

    What is personal in which message is looked up when the first of its kind comes: to look into
    every message of a build takes longer than a desk may take to open its log.
    """

    def __init__(self, codec: Codec, ring: KeyRing) -> None:
        self._codec, self._ring = codec, ring
        self._encode: Callable[[Any], bytes] = codec.encode
        self._nonces = Draws(NONCE_BYTES)
        self._plain: set[type[msgspec.Struct]] = {TimerSet}
        self._is_personal_command: dict[bytes, bool] = {}

    def owners(self, fallback: str, others: Sequence[msgspec.Struct] = ()) -> Owners:
        """Whose the texts of something are that is no record."""
        return Owners(fallback, others, nouns=lambda: self._nouns)

    def owners_of(self, record: Record) -> Owners:
        """Whose the texts of a record are, and of the rows it changed."""
        about = record.about if isinstance(record.about, str) else f"input:{record.seq}"
        return self.owners(about, (*record.events, record.command))

    def encode_record(self, record: Record) -> bytes:
        """Encode a record for storing; without personal data these are its canonical bytes."""
        return self.seal_record(record, self._encode(record))

    def seal_record(self, record: Record, canonical: bytes) -> bytes:
        """The bytes to store of a record, from its canonical ones."""
        if not self._concerns(record):
            return canonical
        owners = self.owners_of(record)
        sealed: Record = record.__copy__()  # type: ignore[attr-defined] # every struct has it
        if type(record.command) not in self._plain:
            force_setattr(sealed, "command", self._seal_struct(record.command, owners, _json_text))
        force_setattr(sealed, "events", self._seal_events(record.events, owners))
        if record.refused:
            force_setattr(sealed, "refused", self._seal_value(record.refused, owners, _json_text))
        if record.fault is not None:
            # The words of a broken rule may quote what a caller said.
            fault = self._seal_text(record.fault, owners.any_owner(), _json_text)
            force_setattr(sealed, "fault", fault)
        return self._encode(sealed)

    def encode_sighting(self, sighting: Sighting) -> bytes:
        """Encode an observation for storing."""
        observation = sighting.observation
        if type(observation) not in self._plain and self._is_personal(type(observation)):
            owners = self.owners(f"sighting:{sighting.input_no}")
            return msgspec.msgpack.encode(self._seal_value(observation, owners, _ext_text))
        return self._codec.encode_observation(observation)

    def encode_struct(self, struct: msgspec.Struct, owners: Owners) -> bytes:
        """Encode any other struct for storing: the body of a row, a snapshot."""
        return self._encode(self._seal_value(struct, owners, _json_text))

    def encode_plain(self, struct: msgspec.Struct) -> bytes:
        """Encode a struct as it is; never for storing."""
        return self._encode(struct)

    def find_digest(self, text: str, owner: str) -> tuple[bytes, int] | None:
        """Return the digest of a text and its owner's key number; None for an erased owner."""
        key = self._ring.key_for(owner)
        return None if key is None else (self._ring.master.lookup_digest(text), key.key_no)

    def open_json(self, stored: bytes) -> bytes:
        """Return canonical bytes from stored ones; erased texts read as such."""
        return SEALED_TEXT.sub(self._open_match, stored) if MARK in stored else stored

    def open_sighting(self, stored: bytes) -> bytes:
        """Return the MessagePack of an observation from its stored bytes."""
        if EXT_MARK not in stored:
            return stored
        opened: dict[str, Any] = msgspec.msgpack.decode(stored, ext_hook=self._open_ext)
        return msgspec.msgpack.encode(opened)

    def _concerns(self, record: Record) -> bool:
        if record.refused or record.fault is not None:
            return True
        plain = self._plain
        for message in (record.command, *record.events):
            kind = type(message)
            if kind not in plain and self._is_personal(kind):
                return True
            # Every third event is a timer, hardly one carries anything personal.
            if isinstance(message, TimerSet) and self._commands_personal(
                _tag(bytes(message.command))
            ):
                return True
        return False

    def _is_personal(self, kind: type[msgspec.Struct]) -> bool:
        if find_plan(kind):
            return True
        self._plain.add(kind)
        return False

    def _commands_personal(self, tag: bytes) -> bool:
        """Whether commands of a tag may hold anything personal."""
        found = self._is_personal_command.get(tag)
        if found is None:
            command: type[msgspec.Struct] | None = self._codec.commands.get(tag.decode())
            found = command is not None and bool(find_plan(command))
            self._is_personal_command[tag] = found
        return found

    @cached_property
    def _nouns(self) -> tuple[str, ...]:
        """What an owner can be; asked for only where nothing names the one that is looked for."""
        codec = self._codec
        kinds: list[type[msgspec.Struct]] = [
            *codec.commands.values(),
            *codec.events.values(),
            *codec.observations.values(),
        ]
        return tuple(sorted({mark.noun for kind in kinds for _, mark in personal_marks(kind)}))

    def _seal_events(self, events: tuple[Event, ...], owners: Owners) -> list[msgspec.Struct]:
        """Events in order, most as they are; of a timer only its words tell whether it is plain."""
        sealed: list[msgspec.Struct] = list(events)
        for place, event in enumerate(events):
            kind = type(event)
            if kind not in self._plain or kind is TimerSet:
                sealed[place] = self._seal_struct(event, owners, _json_text)
        return sealed

    def _seal_value(self, value: Any, owners: Owners, wrap: Wrap) -> Any:  # noqa: ANN401 - any field
        if isinstance(value, msgspec.Struct):
            return self._seal_struct(value, owners, wrap)
        if isinstance(value, (list, tuple, set, frozenset)):
            return [self._seal_value(item, owners, wrap) for item in value]
        if isinstance(value, dict):
            return {key: self._seal_value(item, owners, wrap) for key, item in value.items()}
        if isinstance(value, msgspec.Raw):
            return self._seal_raw(value, owners)
        return value

    def _seal_struct(self, struct: msgspec.Struct, owners: Owners, wrap: Wrap) -> msgspec.Struct:
        plan = find_plan(type(struct))
        if plan is None:
            return struct
        # Most have nothing to seal: a text not told, no parties, no timer's command.
        inner: list[tuple[str, Any]] = []
        within: Owners | None = None
        for name, mark, own in plan.marked_own:
            value = getattr(struct, name)
            if value and mark.covers(value):
                owner_id = getattr(struct, own) if own else None
                if isinstance(owner_id, str) and owner_id:
                    owner = f"{mark.noun}:{owner_id}"
                else:
                    within = within or owners.within(struct)
                    owner = within.owner(mark)
                inner.append((name, self._seal_marked(value, owner, wrap)))
        for name in plan.nested:
            value = getattr(struct, name)
            if value and not (isinstance(value, msgspec.Raw) and self._is_plain_raw(bytes(value))):
                within = within or owners.within(struct)
                found = self._seal_value(value, within, wrap)
                if found is not value:
                    inner.append((name, found))
        if not inner:
            return struct
        # A copy filled by force: constructors may check texts, and a sealed one passes no check.
        sealed: msgspec.Struct = struct.__copy__()  # type: ignore[attr-defined] # every struct has it
        for name, value in inner:
            force_setattr(sealed, name, value)
        return sealed

    def _seal_marked(self, value: object, owner: str, wrap: Wrap) -> object:
        if isinstance(value, str):
            return self._seal_text(value, owner, wrap)
        if isinstance(value, (list, tuple)):
            return [self._seal_marked(item, owner, wrap) for item in value]
        if isinstance(value, dict):
            return {key: self._seal_marked(item, owner, wrap) for key, item in value.items()}
        if value is None:
            return None
        raise TypeError(f"Personal marks texts; {type(value).__name__} of {owner} is none")

    def _seal_text(self, text: str, owner: str, wrap: Wrap) -> object:
        key = None if is_erased(text) else self._ring.key_for(owner)
        if key is None:
            return ERASED_TEXT
        sealed = key.sealed.get(text)
        if sealed is None:
            nonce = self._nonces.take()
            sealed = nonce + key.cipher.encrypt(nonce, text.encode(), b"%d" % key.key_no)
            if len(key.sealed) < MAX_REMEMBERED:
                key.sealed[text] = sealed
        return wrap(key.key_no, sealed)

    def _is_plain_raw(self, raw: bytes) -> bool:
        return MARK not in raw and not self._commands_personal(_tag(raw))

    def _seal_raw(self, raw: msgspec.Raw, owners: Owners) -> msgspec.Raw:
        """Seal a command inside a timer; other raw JSON is only kept from posing as sealed."""
        plain = bytes(raw)
        if MARK in plain:
            plain = self._encode(msgspec.json.decode(plain))
        if self._commands_personal(_tag(plain)):
            command = self._codec.decode_command(plain)
            plain = self._encode(self._seal_struct(command, owners, _json_text))
        return msgspec.Raw(plain)

    def _open_match(self, match: re.Match[bytes]) -> bytes:
        key_no, sealed = int(match[1]), binascii.a2b_base64(match[2])
        return self._encode(self._open_text(key_no, sealed))

    def _open_ext(self, code: int, data: memoryview) -> str:
        if code != EXT_CODE:
            raise LogError(
                f"a sighting holds an unknown extension {code}; run `kuaifan log verify`"
            )
        key_no, sealed = bytes(data[len(EXT_MARK) :]).split(b":", 1)
        return self._open_text(int(key_no), sealed)

    def _open_text(self, key_no: int, sealed: bytes) -> str:
        cipher = self._ring.find_cipher(key_no)
        if cipher is None:
            return ERASED_TEXT
        nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            opened = cipher.decrypt(nonce, content, b"%d" % key_no)
        except InvalidTag:
            raise LogError(
                f"a text sealed under key {key_no} does not open: the log is damaged; "
                "run `kuaifan log verify`"
            ) from None
        return opened.decode()


def _tag(encoded: bytes) -> bytes:
    if not encoded.startswith(TAG_BEFORE):
        return b""
    return encoded[len(TAG_BEFORE) : encoded.index(b'"', len(TAG_BEFORE))]


def _json_text(key_no: int, sealed: bytes) -> msgspec.Raw:
    text = binascii.b2a_base64(sealed, newline=False)
    return msgspec.Raw(b'%b%d:%b"' % (MARK, key_no, text))


def _ext_text(key_no: int, sealed: bytes) -> msgspec.msgpack.Ext:
    return msgspec.msgpack.Ext(EXT_CODE, b"%b%d:%b" % (EXT_MARK, key_no, sealed))
