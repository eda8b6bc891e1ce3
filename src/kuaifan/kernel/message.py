"""What enters and what happened: the bases of commands, events and observations (命令、事件、观测).

A command asks, an event states a fact, an observation is a measurement that may or may not lead
to a fact. All three are frozen values whose wire name is their class name; a later shape of an
event is a new class tagged `Name@2`, and an upcaster turns the old one into it (codec.py).
"""

from __future__ import annotations

import msgspec

MAX_TEXT_CHARS = 4_000
"""The longest text a command may carry; longer ones are refused at the border."""


class Command(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True, kw_only=True):
    """Something a person, a device or a timer asks for (命令)."""


class Event(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True, kw_only=True):
    """Something that happened and stays true (事件)."""


class Observation(msgspec.Struct, frozen=True, tag=True, forbid_unknown_fields=True, kw_only=True):
    """A batch of measurements; kept in the tracks, never a fact by itself (观测)."""


class Refused(Exception):  # noqa: N818 - a refusal is an answer of the rules, not an error
    """The rules say no, in words a person at the desk understands (拒绝).

    code: stable identifier, snake_case; reason_zh and reason_en name the thing and its state.
    """

    def __init__(self, code: str, reason_zh: str, reason_en: str) -> None:
        super().__init__(f"{code}: {reason_en}")
        self.code = code
        self.reason_zh = reason_zh
        self.reason_en = reason_en


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A refusal as it is written down (拒绝记录)."""

    code: str
    reason_zh: str
    reason_en: str


class StartEngine(Command, frozen=True, omit_defaults=True):
    """Opens a run of the engine: which code, which plug-ins, which city (启动).

    accepted_loss: what was missing at the end of the log, in words, when it was told to go on.
    """

    build: str
    plugins: tuple[str, ...]
    city_hash: str
    accepted_loss: str = ""


class EngineStarted(Event, frozen=True, omit_defaults=True):
    """A run of the engine began (已启动); accepted_loss: as of StartEngine."""

    build: str
    plugins: tuple[str, ...]
    city_hash: str
    accepted_loss: str = ""


class NoteClockStep(Command, frozen=True):
    """The machine's clock was set while we ran (时钟跳变); ours follows slowly, if at all."""

    step_ms: int


class ClockStepped(Event, frozen=True):
    """The machine's clock jumped by so much (时钟已跳变): an alarm for the administrator."""

    step_ms: int


class Observed(Command, frozen=True):
    """Stands in a record for the observation that caused it; the tracks hold the thing itself."""

    input_no: int


class TimerSet(Event, frozen=True):
    """A command will be submitted when its time comes (定时器).

    timer_id: setting the same id again replaces the earlier timer. command: encoded command.
    """

    timer_id: str
    due_at_ms: int
    command: msgspec.Raw


class TimerCancelled(Event, frozen=True):
    """A timer will not fall due (定时器取消)."""

    timer_id: str


class SetTimer(msgspec.Struct, frozen=True):
    """What a rule returns to be reminded (设定定时器)."""

    timer_id: str
    due_at_ms: int
    command: Command


class CancelTimer(msgspec.Struct, frozen=True):
    """What a rule returns when a reminder has become pointless (取消定时器)."""

    timer_id: str
