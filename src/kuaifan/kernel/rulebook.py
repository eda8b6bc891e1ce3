"""The rules of a build as tables (规则表): who decides, who folds, who reacts, who sees.

The kernel knows no police words: everything about the city comes in through this table. Plug-ins
add to it; two that claim the same command are an error at start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Generic, Protocol, TypeVar

import msgspec

from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.message import (
    CancelTimer,
    ClockStepped,
    Command,
    EngineStarted,
    Event,
    NoteClockStep,
    Observation,
    Observed,
    Refusal,
    SetTimer,
    StartEngine,
)
from kuaifan.kernel.record import Record, Scope


class BoardLike(Protocol):
    """What the kernel asks of a board: it is told which record it is about to serve."""

    seq: int


B = TypeVar("B", bound=BoardLike)
Follow = Command | SetTimer | CancelTimer
OnRefusal = Callable[[B, Command, Refusal], list[Command]]


class Row(msgspec.Struct, frozen=True):
    """The image of one document for the read tables (读表行); None as body means it is gone.

    body: a struct or a mutable entity, already encoded by `encode` at the time of the record.
    """

    table: str
    row_id: str
    scope: Scope
    body: msgspec.Struct | None


class Rules(msgspec.Struct, Generic[B], frozen=True):
    """One module's or plug-in's contribution to the rulebook (一组规则).

    refusals: what follows when a reaction asked for such a command and it was refused.
    """

    deciders: Mapping[type[Command], Callable[..., list[Event]]] = {}
    evolvers: Mapping[type[Event], Callable[..., None]] = {}
    reactions: Mapping[type[Event], Sequence[Callable[..., list[Follow]]]] = {}
    refusals: Mapping[type[Command], Sequence[Callable[..., list[Command]]]] = {}


class Rulebook(Generic[B]):
    """All rules of a build (规则表).

    observe: folds an observation and asks for what it shows. fold_observation: the same fold
    alone, for recovery; it must take whatever was observed, for nothing could skip it later.
    version_of: seq of the last record that touched what a command is about. about_of: owner of the
    personal texts of a command that was refused, as noun:id, where the command itself names none.
    deciders, evolvers, reactions_to: for the engine, which asks a hundred times for each incident.
    """

    def __init__(
        self,
        parts: Iterable[Rules[B]],
        *,
        observe: Callable[[B, Observation, int], list[Command]],
        fold_observation: Callable[[B, Observation, int], None],
        scope_of: Callable[[B, Command, Sequence[Event]], Scope],
        rows_of: Callable[[B, Record], list[Row]],
        version_of: Callable[[B, Command], int] = lambda _board, _command: 0,
        about_of: Callable[[B, Command], str] = lambda _board, _command: "",
    ) -> None:
        self.observe, self.fold_observation = observe, fold_observation
        self.scope_of, self.rows_of, self.version_of = scope_of, rows_of, version_of
        self.about_of = about_of
        self.deciders: dict[type[Command], Callable[[B, Command, int], list[Event]]] = {
            StartEngine: _start_engine,
            NoteClockStep: _note_clock_step,
            Observed: _observed,
        }
        self.evolvers: dict[type[Event], Callable[[B, Event, int], None]] = {}
        self.reactions_to: dict[type[Event], list[Callable[[B, Event, int], list[Follow]]]] = {}
        self._refusals: dict[type[Command], list[OnRefusal[B]]] = {}
        for part in parts:
            self._add(part)

    @property
    def commands(self) -> tuple[type[Command], ...]:
        """All commands somebody decides, in the order of declaration."""
        return tuple(self.deciders)

    def decide(self, board: B, command: Command, now_ms: int) -> list[Event]:
        """Ask the one rule for this command; raises Refused, or KeyError for an orphan command."""
        return self.deciders[type(command)](board, command, now_ms)

    def fold(self, board: B, event: Event, at_ms: int) -> None:
        """Change the board by one event; an event that changes nothing passes by."""
        evolver = self.evolvers.get(type(event))
        if evolver is not None:
            evolver(board, event, at_ms)

    def reactions(self, event: Event) -> Sequence[Callable[[B, Event, int], list[Follow]]]:
        """List the reactions to an event in the declared order."""
        return self.reactions_to.get(type(event), ())

    def follow_refusal(self, board: B, command: Command, refusal: Refusal) -> list[Command]:
        """What follows of a reaction that was refused; mostly nothing."""
        after = self._refusals.get(type(command), ())
        return [follow for each in after for follow in each(board, command, refusal)]

    def _add(self, part: Rules[B]) -> None:
        for command, decider in part.deciders.items():
            if command in self.deciders:
                raise BadInputError(f"two rules decide {command.__name__}")
            self.deciders[command] = decider
        for event, evolver in part.evolvers.items():
            if event in self.evolvers:
                raise BadInputError(f"two folds claim {event.__name__}")
            self.evolvers[event] = evolver
        for event, reactions in part.reactions.items():
            self.reactions_to.setdefault(event, []).extend(reactions)
        for command, after in part.refusals.items():
            self._refusals.setdefault(command, []).extend(after)


def _start_engine(_board: object, command: Command, _now_ms: int) -> list[Event]:
    assert isinstance(command, StartEngine)  # noqa: S101 - the table says so
    return [
        EngineStarted(
            build=command.build,
            plugins=command.plugins,
            city_hash=command.city_hash,
            accepted_loss=command.accepted_loss,
        )
    ]


def _note_clock_step(_board: object, command: Command, _now_ms: int) -> list[Event]:
    assert isinstance(command, NoteClockStep)  # noqa: S101 - the table says so
    return [ClockStepped(step_ms=command.step_ms)]


def _observed(_board: object, _command: Command, _now_ms: int) -> list[Event]:
    return []
