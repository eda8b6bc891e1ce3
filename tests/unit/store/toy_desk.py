"""A toy desk for the tests of the store: cases with personal texts, reminders, positions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec

from kuaifan.kernel.codec import Codec
from kuaifan.kernel.engine import Engine
from kuaifan.kernel.inbox import Arrival, SimInbox
from kuaifan.kernel.journal import State
from kuaifan.kernel.message import (
    CancelTimer,
    Command,
    Event,
    Observation,
    Refused,
    SetTimer,
)
from kuaifan.kernel.personal import Personal
from kuaifan.kernel.record import Record, Scope
from kuaifan.kernel.rulebook import Row, Rulebook, Rules
from kuaifan.store.log_journal import LogJournal
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.recovery import recover

BUILD = "toy-1"
START_MS = 1_700_000_000_000
Text = Annotated[str, msgspec.Meta(max_length=64), Personal("case")]


class Party(msgspec.Struct, frozen=True):
    name: Text
    age: int


class OpenCase(Command, frozen=True):
    title: str
    caller: Annotated[str, Personal("case", lookup=True)] = ""
    parties: tuple[Party, ...] = ()


class NoteCase(Command, frozen=True):
    case_id: str
    note: Text | None = None


class Echo(Command, frozen=True):
    case_id: str
    note: Text


class Remind(Command, frozen=True):
    case_id: str
    words: Text = ""


class CloseCase(Command, frozen=True):
    case_id: str


class Break(Command, frozen=True):
    words: Text


class CaseOpened(Event, frozen=True):
    case_id: str
    title: str
    caller: Annotated[str, Personal("case", lookup=True)]
    parties: tuple[Party, ...]


class CaseNoted(Event, frozen=True):
    case_id: str
    note: Text | None


class CaseReminded(Event, frozen=True):
    case_id: str


class CaseClosed(Event, frozen=True):
    case_id: str


class Fixes(Observation, frozen=True):
    places: tuple[int, ...]


class Sighted(Observation, frozen=True):
    case_id: str
    teller: Text


class Case(msgspec.Struct):
    case_id: str
    title: str
    caller: Annotated[str, Personal("case", lookup=True)]
    parties: tuple[Party, ...]
    note: Text | None = None
    n_reminders: int = 0
    closed_at_ms: int | None = None


class BoardSnapshot(msgspec.Struct, frozen=True):
    seq: int
    n_cases: int
    places: tuple[int, ...]
    cases: dict[str, Case]


class Board:
    def __init__(self) -> None:
        self.seq, self.n_cases = 0, 0
        self.places: tuple[int, ...] = ()
        self.cases: dict[str, Case] = {}

    def snapshot(self) -> BoardSnapshot:
        return BoardSnapshot(self.seq, self.n_cases, self.places, self.cases)

    def load(self, snapshot: BoardSnapshot) -> None:
        self.seq, self.n_cases = snapshot.seq, snapshot.n_cases
        self.places, self.cases = snapshot.places, snapshot.cases


def _case(board: Board, case_id: str) -> Case:
    if case_id not in board.cases or board.cases[case_id].closed_at_ms is not None:
        raise Refused("no_case", f"没有警情 {case_id}", f"no open case {case_id}")
    return board.cases[case_id]


def open_case(board: Board, command: OpenCase, _now_ms: int) -> list[Event]:
    if not command.title:
        raise Refused("no_title", "缺标题", "a case needs a title")
    return [
        CaseOpened(
            case_id=f"C{board.n_cases + 1}",
            title=command.title,
            caller=command.caller,
            parties=command.parties,
        )
    ]


def note_case(board: Board, command: NoteCase, _now_ms: int) -> list[Event]:
    _case(board, command.case_id)
    return [CaseNoted(case_id=command.case_id, note=command.note)]


def echo(_board: Board, _command: Echo, _now_ms: int) -> list[Event]:
    raise Refused("no_echo", "不回声", "nothing echoes here")


def remind(board: Board, command: Remind, _now_ms: int) -> list[Event]:
    _case(board, command.case_id)
    return [CaseReminded(case_id=command.case_id)]


def close_case(board: Board, command: CloseCase, _now_ms: int) -> list[Event]:
    _case(board, command.case_id)
    return [CaseClosed(case_id=command.case_id)]


def break_rule(board: Board, command: Break, _now_ms: int) -> list[Event]:
    board.n_cases += 1_000  # half a change, as a broken rule would leave it
    raise RuntimeError(command.words)


def case_opened(board: Board, event: CaseOpened, _at_ms: int) -> None:
    board.n_cases += 1
    board.cases[event.case_id] = Case(event.case_id, event.title, event.caller, event.parties)


def case_noted(board: Board, event: CaseNoted, _at_ms: int) -> None:
    board.cases[event.case_id].note = event.note


def case_reminded(board: Board, event: CaseReminded, _at_ms: int) -> None:
    board.cases[event.case_id].n_reminders += 1


def case_closed(board: Board, event: CaseClosed, at_ms: int) -> None:
    board.cases[event.case_id].closed_at_ms = at_ms


def on_opened(_board: Board, event: CaseOpened, now_ms: int) -> list[SetTimer]:
    command = Remind(case_id=event.case_id, words=event.caller)
    return [SetTimer(f"remind:{event.case_id}", now_ms + 3_000, command)]


def on_noted(_board: Board, event: CaseNoted, _now_ms: int) -> list[Command]:
    return [Echo(case_id=event.case_id, note=event.note or "")]


def on_reminded(board: Board, event: CaseReminded, now_ms: int) -> list[SetTimer]:
    if board.cases[event.case_id].n_reminders >= 3:
        return []
    return [SetTimer(f"remind:{event.case_id}", now_ms + 2_000, Remind(case_id=event.case_id))]


def on_closed(_board: Board, event: CaseClosed, _now_ms: int) -> list[CancelTimer]:
    return [CancelTimer(f"remind:{event.case_id}")]


def fold_observation(board: Board, observation: Observation, _now_ms: int) -> None:
    if isinstance(observation, Fixes):
        board.places = observation.places


def observe(board: Board, observation: Observation, now_ms: int) -> list[Command]:
    fold_observation(board, observation, now_ms)
    is_near = isinstance(observation, Fixes) and 0 in observation.places
    return [OpenCase(title="seen", caller="a device")] if is_near else []


def rows_of(board: Board, record: Record) -> list[Row]:
    ids = {getattr(event, "case_id", None): None for event in record.events}
    cases = [board.cases[case_id] for case_id in ids if case_id is not None]
    return [
        Row("case", case.case_id, Scope("east"), None if case.closed_at_ms else case)
        for case in cases
    ]


def new_rules() -> Rulebook[Board]:
    rules: Rules[Board] = Rules(
        deciders={
            OpenCase: open_case,
            NoteCase: note_case,
            Echo: echo,
            Remind: remind,
            CloseCase: close_case,
            Break: break_rule,
        },
        evolvers={
            CaseOpened: case_opened,
            CaseNoted: case_noted,
            CaseReminded: case_reminded,
            CaseClosed: case_closed,
        },
        reactions={
            CaseOpened: [on_opened],
            CaseNoted: [on_noted],
            CaseReminded: [on_reminded],
            CaseClosed: [on_closed],
        },
    )
    return Rulebook(
        [rules],
        observe=observe,
        fold_observation=fold_observation,
        scope_of=lambda _board, _command, _events: Scope("east"),
        rows_of=rows_of,
    )


RULES = new_rules()
CODEC = Codec(RULES.commands, [CaseOpened, CaseNoted, CaseReminded, CaseClosed], [Fixes, Sighted])
SAMPLES: list[Command | Observation] = [
    OpenCase(title="theft", caller="13800138000", parties=(Party("张三", 40), Party("李四", 9))),
    NoteCase(case_id="C1", note="the caller whispers"),
    Fixes(places=(4, 5)),
    OpenCase(title="", caller="13900139000"),
    Sighted(case_id="C1", teller="王五"),
    OpenCase(title="noise"),
    Fixes(places=(0, 1)),
    Break(words="王五 is at home"),
    CloseCase(case_id="C2"),
    Fixes(places=(7,)),
]
SECRETS = ("13800138000", "张三", "李四", "the caller whispers", "13900139000", "王五")


def new_engine(journal: LogJournal, state: State[Board] | None = None) -> Engine[Board]:
    """Make an engine on a journal whose inputs are handed in by `submit`."""

    def restore() -> State[Board]:
        journal.flush()
        return recover(journal.reader, RULES, Board, build=BUILD)

    state = state or recover(journal.reader, RULES, Board, build=BUILD)
    return Engine(state, RULES, CODEC, SimInbox(START_MS), journal, restore=restore)


def submit(engine: Engine[Board], inputs: list[Command | Observation], *, start: int = 0) -> None:
    """Hand in inputs one second apart; the key of each command is its place."""
    for place, payload in enumerate(inputs, start):
        key = f"key-{place}" if isinstance(payload, Command) else None
        engine.submit(Arrival(START_MS + 1_000 * place, "seat-1", payload, key))


def write_log(path: Path, inputs: list[Command | Observation], **options: object) -> None:
    """Write a log of some inputs and close it."""
    with open_log(path, CODEC, LogOptions(**options)) as journal:  # type: ignore[arg-type]
        submit(new_engine(journal), inputs)


def picture(state: State[Board]) -> object:
    """Everything that two equal states have in common, timers by rank."""
    timers = [(t.due_at_ms, t.timer_id, t.command) for t in state.timers.save()]
    head = (state.head.seq, state.head.input_no, state.head.at_ms)
    return msgspec.to_builtins(state.board.snapshot()), timers, head
