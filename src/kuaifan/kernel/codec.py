"""Records to bytes and back (编解码): JSON by msgspec, tagged by class name, old shapes upcast.

The vocabulary of a build is the list of its commands, events and observations, plug-ins included.
An event of an older shape has a tag this build does not define; its upcaster turns the plain
dictionary into the next shape, again and again until the tag is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Union, get_type_hints

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import (
    ClockStepped,
    Command,
    EngineStarted,
    Event,
    NoteClockStep,
    Observation,
    Observed,
    Refusal,
    StartEngine,
    TimerCancelled,
    TimerSet,
)
from kuaifan.kernel.personal import Erased
from kuaifan.kernel.record import Record, RefusedReaction, Scope, Sighting

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
MAX_UPCASTS = 32
TAG_FIRST: Final = [b"{", b"type", b":"]
HEAD_PARTS: Final = 5
"""Of a message split at its first four quotation marks."""


class _WireRefused(msgspec.Struct, frozen=True):
    command: msgspec.Raw
    refusal: Refusal


class _WireRecord(msgspec.Struct, frozen=True, kw_only=True):
    seq: int
    input_no: int
    at_ms: int
    actor: str
    scope: Scope
    command: msgspec.Raw
    events: tuple[msgspec.Raw, ...] = ()
    refused: tuple[_WireRefused, ...] = ()
    refusal: Refusal | None = None
    fault: str | None = None
    timer_id: str | None = None
    key: str | None = None
    about: str | msgspec.UnsetType = msgspec.UNSET


class UnknownMessageError(BadInputError):
    """A log holds a message that this build neither knows nor can upcast."""


class _Decoders:
    """Decoders of tagged messages, each made when the first of its messages comes.

    To make one of all of them at once takes longer than a desk may take to open its log.
    """

    def __init__(self, types: Mapping[str, type[Any]]) -> None:
        self._types = types
        self._made: dict[bytes, msgspec.json.Decoder[Any]] = {}

    def decode(self, data: bytes | msgspec.Raw) -> Any:  # noqa: ANN401 - whichever message it is
        """Decode one message; raises as msgspec does."""
        return self.get(_find_tag(data)).decode(data)

    def get(self, tag: bytes) -> msgspec.json.Decoder[Any]:
        """The decoder of a tag."""
        return self._made.get(tag) or self._make(tag)

    def _make(self, tag: bytes) -> msgspec.json.Decoder[Any]:
        """The decoder of one tag; what is not written as ours are may be any message, or none."""
        found = self._types.get(tag.decode(errors="replace"))
        name = tag if found else b""
        if name not in self._made:
            self._made[name] = msgspec.json.Decoder(found or _union(self._types))
        return self._made[name]


class Codec:
    """Encodes and decodes the messages of one build (编解码器)."""

    def __init__(
        self,
        commands: Iterable[type[Command]],
        events: Iterable[type[Event]],
        observations: Iterable[type[Observation]] = (),
        upcasters: Mapping[str, Upcaster] | None = None,
    ) -> None:
        self.commands = _by_tag([*commands, StartEngine, NoteClockStep, Observed])
        self.events = _by_tag([*events, EngineStarted, ClockStepped, TimerSet, TimerCancelled])
        self.observations = _by_tag(observations)
        self._upcasters = dict(upcasters or {})
        self._encoder = msgspec.json.Encoder(enc_hook=_plain_text)
        self._command, self._event = _Decoders(self.commands), _Decoders(self.events)
        self._observation = (
            msgspec.msgpack.Decoder(_union(self.observations)) if self.observations else None
        )
        self._record = msgspec.json.Decoder(_WireRecord)
        self._checked: tuple[Record | None, bytes] = (None, b"")
        self._written: dict[type[Command], msgspec.json.Decoder[Command]] = {}
        self._whole: msgspec.json.Decoder[Any] | None = None

    def load(self) -> None:
        """Make what decodes a whole record in one go: three times as fast, and 0.1 s of work.

        For who reads a whole log, or has time for it; any thread, others go on meanwhile.
        """
        for each in (*self.commands.values(), *self.events.values()):
            msgspec.json.Decoder(each)  # each is looked into once, and the rest is quick
        self._whole = msgspec.json.Decoder(_whole_record(self.commands, self.events))

    def encode(self, message: Record | Command | Event | Observation) -> bytes:
        """Encode canonically: field order is that of the class, no white space."""
        checked, encoded = self._checked
        return encoded if message is checked else self._encoder.encode(message)

    def decode_command(self, data: bytes | msgspec.Raw) -> Command:
        """Decode a tagged command; raises UnknownMessageError when it is not ours."""
        return self._decode(self._command, data)  # type: ignore[no-any-return]

    def decode_event(self, data: bytes | msgspec.Raw) -> Event:
        """Decode a tagged event, upcasting an older shape."""
        return self._decode(self._event, data)  # type: ignore[no-any-return]

    def decode_record(self, data: bytes) -> Record:
        """Decode one record of the log with everything in it."""
        if self._whole is not None:
            try:
                return _from_whole(self._whole.decode(data))
            except msgspec.ValidationError:
                pass  # an old shape is for the slow way
        wire = self._record.decode(data)
        return Record(
            seq=wire.seq,
            input_no=wire.input_no,
            at_ms=wire.at_ms,
            actor=wire.actor,
            scope=wire.scope,
            command=self.decode_command(wire.command),
            events=tuple(self.decode_event(raw) for raw in wire.events),
            refused=tuple(
                RefusedReaction(self.decode_command(item.command), item.refusal)
                for item in wire.refused
            ),
            refusal=wire.refusal,
            fault=wire.fault,
            timer_id=wire.timer_id,
            key=wire.key,
            about=wire.about,
        )

    def encode_observation(self, observation: Observation) -> bytes:
        """Encode an observation as MessagePack: numbers stay small."""
        return msgspec.msgpack.encode(observation, enc_hook=_plain_text)

    def decode_sighting(self, input_no: int, at_ms: int, actor: str, data: bytes) -> Sighting:
        """Decode a stored observation with its place in the order of inputs."""
        if self._observation is None:
            raise UnknownMessageError("this build knows no observations; the log holds some")
        try:
            observation = self._observation.decode(data)
        except msgspec.ValidationError as error:
            plain = self._upcast(msgspec.msgpack.decode(data), error)
            observation = self._observation.decode(msgspec.msgpack.encode(plain))
        return Sighting(input_no, at_ms, actor, observation)

    def check(self, record: Record) -> None:
        """Raise the error that a record would be read back with; 2 to 6 us.

        Its bytes are kept until the next one: what is checked is written down at once.
        """
        encoded = self._encoder.encode(record)
        try:
            if self._whole is None:
                self.decode_record(encoded)
            else:
                self._whole.decode(encoded)  # no record need be made of it
        except msgspec.ValidationError:
            self.decode_record(encoded)  # the slow way names what is wrong
        self._checked = (record, encoded)

    def write_command(self, command: Command) -> tuple[bytes, Command]:
        """Encode a command that is decided later, and say what it will read back as then.

        Raises the error that it would be read back with.
        """
        encoded = self._encoder.encode(command)
        decoder = self._written.get(type(command))
        if decoder is not None:
            try:
                return encoded, decoder.decode(encoded)
            except msgspec.ValidationError:
                pass  # the slow way names it
        made = self.decode_command(encoded)
        if type(made) is type(command):
            self._written[type(command)] = self._command.get(_find_tag(encoded))
        return encoded, made

    def _decode(self, decoder: _Decoders, data: bytes | msgspec.Raw) -> Any:  # noqa: ANN401 - the caller's decoder knows the type
        try:
            return decoder.decode(data)
        except msgspec.ValidationError as error:
            plain = self._upcast(msgspec.json.decode(data), error)
            return decoder.decode(self._encoder.encode(plain))

    def _upcast(self, plain: Any, error: msgspec.ValidationError) -> Any:  # noqa: ANN401 - any old shape
        for _ in range(MAX_UPCASTS + 1):
            tag = plain.get("type") if isinstance(plain, dict) else None
            upcaster = self._upcasters.get(tag) if isinstance(tag, str) else None
            if upcaster is None:
                break
            plain = upcaster(plain)
        else:
            raise UnknownMessageError(f"upcasters of {tag!r} do not come to an end")
        if not isinstance(tag, str) or not self._knows(tag):
            raise UnknownMessageError(
                f"message {tag!r} is unknown to this build; "
                "start the build that wrote it, or add its upcaster"
            ) from error
        return plain

    def _knows(self, tag: str) -> bool:
        return any(tag in known for known in (self.events, self.commands, self.observations))


def _find_tag(data: bytes | msgspec.Raw) -> bytes:
    """The tag of a message as our encoder writes it; empty where it is written otherwise."""
    parts = bytes(data).split(b'"', 4)
    return parts[3] if len(parts) == HEAD_PARTS and parts[:3] == TAG_FIRST else b""


def _plain_text(value: object) -> str:
    """Encode an erased text as the words it shows; msgspec takes no subclass of str."""
    if isinstance(value, Erased):
        return str(value)
    raise TypeError(f"{value!r} cannot be written down: use plain values only")


def _whole_record(commands: Mapping[str, Any], events: Mapping[str, Any]) -> type[msgspec.Struct]:
    """The shape of a record with every message of a build in its place."""
    command, event = _union(commands), _union(events)
    refused = msgspec.defstruct("_WholeRefused", [("command", command), ("refusal", Refusal)])
    own: dict[str, Any] = {
        "command": command,
        "events": tuple[event, ...],  # type: ignore[valid-type] # made at run time
        "refused": tuple[refused, ...],  # type: ignore[valid-type] # made at run time
    }
    hints = get_type_hints(_WireRecord)
    fields: list[Any] = [
        (f.name, own.get(f.name, hints[f.name]), *(() if f.required else (f.default,)))
        for f in msgspec.structs.fields(_WireRecord)
    ]
    return msgspec.defstruct("_WholeRecord", fields, frozen=True, kw_only=True)


def _from_whole(whole: Any) -> Record:  # noqa: ANN401 - a shape made at run time
    return Record(
        seq=whole.seq,
        input_no=whole.input_no,
        at_ms=whole.at_ms,
        actor=whole.actor,
        scope=whole.scope,
        command=whole.command,
        events=whole.events,
        refused=tuple(RefusedReaction(each.command, each.refusal) for each in whole.refused),
        refusal=whole.refusal,
        fault=whole.fault,
        timer_id=whole.timer_id,
        key=whole.key,
        about=whole.about,
    )


def _by_tag(types: Iterable[type[Any]]) -> dict[str, type[Any]]:
    known: dict[str, type[Any]] = {}
    for struct in types:
        tag = str(struct.__struct_config__.tag)
        if known.setdefault(tag, struct) is not struct:
            raise BadInputError(f"two messages are called {tag!r}: {known[tag]} and {struct}")
    return known


def _union(types: Mapping[str, type[Any]]) -> Any:  # noqa: ANN401 - a union built at run time
    return Union[tuple(types.values())]  # noqa: UP007 - a union built at run time
