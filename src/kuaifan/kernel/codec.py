"""Records to bytes and back (编解码): JSON by msgspec, tagged by class name, old shapes upcast.

The vocabulary of a build is the list of its commands, events and observations, plug-ins included.
An event of an older shape has a tag this build does not define; its upcaster turns the plain
dictionary into the next shape, again and again until the tag is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Union

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


class UnknownMessageError(BadInputError):
    """A log holds a message that this build neither knows nor can upcast."""


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
        self._command = msgspec.json.Decoder(_union(self.commands))
        self._event = msgspec.json.Decoder(_union(self.events))
        self._observation = (
            msgspec.msgpack.Decoder(_union(self.observations)) if self.observations else None
        )
        self._record = msgspec.json.Decoder(_WireRecord)

    def encode(self, message: Record | Command | Event | Observation) -> bytes:
        """Encode canonically: field order is that of the class, no white space."""
        return self._encoder.encode(message)

    def decode_command(self, data: bytes | msgspec.Raw) -> Command:
        """Decode a tagged command; raises UnknownMessageError when it is not ours."""
        return self._decode(self._command, data)  # type: ignore[no-any-return]

    def decode_event(self, data: bytes | msgspec.Raw) -> Event:
        """Decode a tagged event, upcasting an older shape."""
        return self._decode(self._event, data)  # type: ignore[no-any-return]

    def decode_record(self, data: bytes) -> Record:
        """Decode one record of the log with everything in it."""
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
        """Raise the error that a record would be read back with; 3 to 8 us."""
        self.decode_record(self.encode(record))

    def _decode(self, decoder: msgspec.json.Decoder[Any], data: bytes | msgspec.Raw) -> Any:  # noqa: ANN401 - the caller's decoder knows the type
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


def _plain_text(value: object) -> str:
    """Encode an erased text as the words it shows; msgspec takes no subclass of str."""
    if isinstance(value, Erased):
        return str(value)
    raise TypeError(f"{value!r} cannot be written down: use plain values only")


def _by_tag(types: Iterable[type[Any]]) -> dict[str, type[Any]]:
    known: dict[str, type[Any]] = {}
    for struct in types:
        tag = str(struct.__struct_config__.tag)
        if known.setdefault(tag, struct) is not struct:
            raise BadInputError(f"two messages are called {tag!r}: {known[tag]} and {struct}")
    return known


def _union(types: Mapping[str, type[Any]]) -> Any:  # noqa: ANN401 - a union built at run time
    return Union[tuple(types.values())]  # noqa: UP007 - a union built at run time
