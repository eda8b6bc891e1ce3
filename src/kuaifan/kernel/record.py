"""The decision record (决策记录): one line of the log for one input and all that followed from it.

An input is answered by exactly one record: with events, with a refusal, or as `faulted` when a
rule broke. Observations make a record only when they led to events.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from kuaifan.kernel.message import Command, Event, Observation, Refusal

GENESIS_HASH = bytes(32)


class Scope(msgspec.Struct, frozen=True):
    """Who may see a record: its jurisdiction and its class (可见范围)."""

    jurisdiction: str = ""
    record_class: str = "ordinary"


class RefusedReaction(msgspec.Struct, frozen=True):
    """A reaction that the rules refused; it does not fail the cascade (被拒的后续命令)."""

    command: Command
    refusal: Refusal


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One input, decided to the end (决策记录).

    seq: 1, 2, 3 … without gaps. input_no: place among all inputs, observations included.
    timer_id: the timer whose due command this is. fault: why a rule broke, else None.
    key: idempotency key of the sender. Exactly one of events, refusal, fault says what came of it;
    an accepted command may have no events. about: of a refused input that names something else than
    an owner of personal texts, the owner of that, as noun:id; its words go with it.
    """

    seq: int
    input_no: int
    at_ms: int
    actor: str
    scope: Scope
    command: Command
    events: tuple[Event, ...] = ()
    refused: tuple[RefusedReaction, ...] = ()
    refusal: Refusal | None = None
    fault: str | None = None
    timer_id: str | None = None
    key: str | None = None
    about: str | msgspec.UnsetType = msgspec.UNSET


class Sighting(msgspec.Struct, frozen=True):
    """An observation with its place in the order of inputs (观测记录)."""

    input_no: int
    at_ms: int
    actor: str
    observation: Observation


class ContentHash:
    """Running SHA-256 over unsealed canonical records (内容哈希); equal runs have equal hashes.

    Unlike the chain of the log, which covers the stored and sealed bytes, this one never leaves
    memory except in the output of a replay or a twin.
    """

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def add(self, canonical: bytes) -> None:
        """Add the canonical bytes of the next record."""
        self.add_all((canonical,))

    def add_all(self, canonicals: Iterable[bytes]) -> None:
        """Add those of the next records, in order."""
        parts = [part for each in canonicals for part in (len(each).to_bytes(4, "big"), each)]
        self._hash.update(b"".join(parts))

    def hexdigest(self) -> str:
        """Return the hash of everything added so far."""
        return self._hash.hexdigest()
