"""A toy machine (玩具机): lamps, counters and a whistle, to try the kernel without police words.

Every fold adds to a checksum, so that two boards that saw the same events in another order differ.
`Break` names the place where a rule shall break after having changed the board.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from memory_journal import MemoryJournal

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Inbox, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import (
    CancelTimer,
    Command,
    Event,
    Observation,
    Observed,
    Refused,
    SetTimer,
)
from kuaifan.kernel.personal import Personal
from kuaifan.kernel.record import Record, Scope, Sighting
from kuaifan.kernel.rulebook import Row, Rulebook, Rules

MAX_PRESSES = 5
Words = Annotated[str, msgspec.Meta(max_length=20), Personal("lamp")]


class Press(Command, frozen=True):
    """Counts up; refused from the sixth time on."""

    lamp_id: str
    words: Words = ""


class Note(Command, frozen=True):
    press_no: int


class LightFor(Command, frozen=True):
    """Lights a lamp and puts it out later; a lit one is lit for longer."""

    lamp_id: str
    for_ms: int


class PutOut(Command, frozen=True):
    lamp_id: str


class Whistle(Command, frozen=True):
    """Whistles again and again, every so often."""

    n_times: int
    every_ms: int


class Spread(Command, frozen=True):
    """Asks n_wide times for the next generation, n_deep generations down."""

    n_deep: int
    n_wide: int


class Break(Command, frozen=True):
    where: str
    in_ms: int | None = None


class Pressed(Event, frozen=True):
    lamp_id: str
    press_no: int
    words: Words = ""


class Noted(Event, frozen=True):
    press_no: int


class Lit(Event, frozen=True):
    lamp_id: str
    for_ms: int


class WentOut(Event, frozen=True):
    lamp_id: str


class Whistled(Event, frozen=True):
    n_left: int
    every_ms: int


class SpreadOut(Event, frozen=True):
    n_deep: int
    n_wide: int


class Cracked(Event, frozen=True):
    where: str
    length_m: float = 0.0


class Unlisted(Event, frozen=True):
    """An event that the codec has not been told of."""


class UnlistedCommand(Command, frozen=True):
    """A command that the codec has not been told of."""


class Glimpse(Observation, frozen=True):
    """Places seen; 0 presses the lamp `glimpse`, 7 breaks the rule, 8 the rule after it."""

    places: tuple[int, ...]


class Board:
    def __init__(self) -> None:
        self.seq = 0
        self.checksum = 0
        self.n_presses: dict[str, int] = {}
        self.n_notes: dict[int, int] = {}
        self.lit: dict[str, int] = {}
        self.places: list[int] = []

    def next_press_no(self) -> int:
        return sum(self.n_presses.values()) + 1


def press(board: Board, command: Press, _now_ms: int) -> list[Event]:
    if board.n_presses.get(command.lamp_id, 0) >= MAX_PRESSES:
        raise Refused("worn_out", f"{command.lamp_id} 已磨损", f"{command.lamp_id} is worn out")
    press_no = board.next_press_no()
    return [Pressed(lamp_id=command.lamp_id, press_no=press_no, words=command.words)]


def note(board: Board, command: Note, _now_ms: int) -> list[Event]:
    if command.press_no % 3 == 0:
        raise Refused("no_paper", f"无纸 {board.seq}", f"no paper for {command.press_no}")
    return [Noted(press_no=command.press_no)]


def light_for(_board: Board, command: LightFor, _now_ms: int) -> list[Event]:
    return [Lit(lamp_id=command.lamp_id, for_ms=command.for_ms)]


def put_out(board: Board, command: PutOut, _now_ms: int) -> list[Event]:
    if command.lamp_id not in board.lit:
        raise Refused("is_dark", f"{command.lamp_id} 未亮", f"{command.lamp_id} is dark")
    return [WentOut(lamp_id=command.lamp_id)]


def whistle(_board: Board, command: Whistle, _now_ms: int) -> list[Event]:
    return [Whistled(n_left=command.n_times - 1, every_ms=command.every_ms)]


def spread(_board: Board, command: Spread, _now_ms: int) -> list[Event]:
    return [SpreadOut(n_deep=command.n_deep, n_wide=command.n_wide)]


def crack(board: Board, command: Break, _now_ms: int) -> list[Event]:
    if command.where == "decide":
        _spoil(board)
    if command.where == "unlisted":
        return [Unlisted()]
    length_m = float("nan") if command.where == "nan" else 0.0
    if command.where == "a number of numpy's kind":
        length_m = complex(1)  # type: ignore[assignment]
    return [Cracked(where=command.where, length_m=length_m)]


def fold_pressed(board: Board, event: Pressed, at_ms: int) -> None:
    board.n_presses[event.lamp_id] = board.n_presses.get(event.lamp_id, 0) + 1
    _add(board, event, at_ms)


def fold_noted(board: Board, event: Noted, at_ms: int) -> None:
    board.n_notes[event.press_no] = board.n_notes.get(event.press_no, 0) + 1
    _add(board, event, at_ms)


def fold_lit(board: Board, event: Lit, at_ms: int) -> None:
    board.lit[event.lamp_id] = at_ms
    _add(board, event, at_ms)


def fold_went_out(board: Board, event: WentOut, at_ms: int) -> None:
    del board.lit[event.lamp_id]
    _add(board, event, at_ms)


def fold_cracked(board: Board, event: Cracked, _at_ms: int) -> None:
    if event.where == "fold":
        _spoil(board)


def on_pressed(_board: Board, event: Pressed, _now_ms: int) -> list[Command]:
    return [Note(press_no=event.press_no)]


def on_lit(_board: Board, event: Lit, now_ms: int) -> list[SetTimer]:
    command = PutOut(lamp_id=event.lamp_id)
    return [SetTimer(f"out:{event.lamp_id}", now_ms + event.for_ms, command)]


def on_went_out(_board: Board, event: WentOut, _now_ms: int) -> list[CancelTimer]:
    return [CancelTimer(f"out:{event.lamp_id}")]


def on_whistled(_board: Board, event: Whistled, now_ms: int) -> list[SetTimer | Command]:
    if event.n_left <= 0:
        return []
    command = Whistle(n_times=event.n_left, every_ms=event.every_ms)
    return [
        SetTimer("whistle", now_ms + event.every_ms, command),
        Press(lamp_id="whistle", words=f"{event.n_left}"),
    ]


def on_spread(_board: Board, event: SpreadOut, _now_ms: int) -> list[Command]:
    return [Spread(n_deep=event.n_deep - 1, n_wide=event.n_wide)] * (
        event.n_wide * bool(event.n_deep)
    )


def on_cracked(board: Board, event: Cracked, now_ms: int) -> list[SetTimer | Command]:
    if event.where == "react":
        _spoil(board)
    if event.where == "timer":
        return [SetTimer("unlisted", now_ms, UnlistedCommand())]
    if event.where == "orphan":
        return [UnlistedCommand()]
    if event.where == "bomb":
        return [SetTimer("bomb", now_ms + 5, Break(where="decide"))]
    return []


def fold_glimpse(board: Board, observation: Observation, at_ms: int) -> None:
    assert isinstance(observation, Glimpse)
    board.places = [*observation.places]
    _add(board, observation, at_ms)


def observe(board: Board, observation: Observation, now_ms: int) -> list[Command]:
    fold_glimpse(board, observation, now_ms)
    if 7 in board.places:
        _spoil(board)
    if 8 in board.places:
        return [Break(where="react")]
    return [Press(lamp_id="glimpse")] * board.places.count(0)


def scope_of(board: Board, command: Command, events: Sequence[Event]) -> Scope:
    if isinstance(command, Break) and command.where == "scope":
        _spoil(board)
    return Scope("east" if events else "")


def rows_of(board: Board, record: Record) -> list[Row]:
    if isinstance(record.command, Break) and record.command.where == "rows":
        _spoil(board)
    return [
        Row("lamp", event.lamp_id, Scope(), event) for event in record.events if _is_lamp(event)
    ]


def _is_lamp(event: Event) -> bool:
    return isinstance(event, Lit)


def _spoil(board: Board) -> None:
    board.n_presses["spoilt"] = 99
    board.checksum = -1
    raise ZeroDivisionError("a rule broke")


def _add(board: Board, message: Event | Observation, at_ms: int) -> None:
    text = msgspec.json.encode((board.checksum, board.seq, at_ms, message))
    board.checksum = zlib.crc32(text)


RULES: Rules[Board] = Rules(
    deciders={
        Press: press,
        Note: note,
        LightFor: light_for,
        PutOut: put_out,
        Whistle: whistle,
        Spread: spread,
        Break: crack,
    },
    evolvers={
        Pressed: fold_pressed,
        Noted: fold_noted,
        Lit: fold_lit,
        WentOut: fold_went_out,
        Cracked: fold_cracked,
    },
    reactions={
        Pressed: [on_pressed],
        Lit: [on_lit],
        WentOut: [on_went_out],
        Whistled: [on_whistled],
        SpreadOut: [on_spread],
        Cracked: [on_cracked],
    },
)
BOOK: Rulebook[Board] = Rulebook(
    [RULES], observe=observe, fold_observation=fold_glimpse, scope_of=scope_of, rows_of=rows_of
)
EVENTS = (Pressed, Noted, Lit, WentOut, Whistled, SpreadOut, Cracked)
CODEC = Codec(BOOK.commands, EVENTS, [Glimpse])

Item = Record | Sighting


class Machine:
    """An engine on a journal in memory, with everything that was watched."""

    def __init__(
        self,
        inbox: Inbox | None = None,
        *,
        journal: MemoryJournal[Board] | None = None,
        state: State[Board] | None = None,
    ) -> None:
        self.inbox: Any = SimInbox(0) if inbox is None else inbox
        self.journal = MemoryJournal[Board]() if journal is None else journal
        self.engine = Engine(
            state or State(Board()), BOOK, CODEC, self.inbox, self.journal, restore=self.restore
        )
        self.watched: list[Record] = []
        self.sighted: list[Sighting] = []
        self.engine.watchers.append(self.watched.append)
        self.engine.sighting_watchers.append(self.sighted.append)

    def restore(self) -> State[Board]:
        return self.journal.restore(BOOK, Board)

    def run(self) -> Machine:
        """Handle whatever there is, to the last timer."""
        while self.engine.step():
            pass
        return self


def picture(state: State[Board]) -> object:
    """Everything that two equal states have in common, timers by rank."""
    timers = [(timer.due_at_ms, timer.timer_id, timer.command) for timer in state.timers.save()]
    head = (state.head.seq, state.head.input_no, state.head.at_ms)
    return vars(state.board), timers, head


def is_input(item: Item) -> bool:
    """Whether an item of a log came from outside: no timer, no stand-in."""
    if isinstance(item, Sighting):
        return True
    return item.timer_id is None and not isinstance(item.command, Observed)


def put_again(inbox: SimInbox, items: Sequence[Item]) -> None:
    """Put the inputs of a log, at the times that it gives them."""
    for item in filter(is_input, items):
        payload = item.observation if isinstance(item, Sighting) else item.command
        inbox.put(payload, actor=item.actor, at_ms=item.at_ms)


def without_keys(items: Sequence[Item]) -> list[Item]:
    """Items as a run that knows no keys would have made them."""
    return [
        msgspec.structs.replace(item, key=None) if isinstance(item, Record) else item
        for item in items
    ]
