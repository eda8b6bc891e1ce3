"""Terms of a special seat (专席参数): numbers that a city sets, each within its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, TypeVar

import msgspec

from kuaifan.board.seat_forms import Action, Choice, Field
from kuaifan.board.working_days import WorkingDays
from kuaifan.kernel.message import Refused

T = TypeVar("T", bound=msgspec.Struct)


class Term(msgspec.Struct, frozen=True):
    """One of them in words (参数), with the least and the most that it may be."""

    zh: str
    en: str
    low: int
    high: int


def check_term(terms: Mapping[str, Term], name: str, value: int, was: int) -> None:
    """Refuse: out_of_bounds, same_value."""
    term = terms[name]
    if not term.low <= value <= term.high:
        raise Refused(
            "out_of_bounds",
            f"{term.zh}须在 {term.low} 至 {term.high} 之间",
            f"{term.en}: {term.low} to {term.high}",
        )
    if value == was:
        raise Refused("same_value", f"{term.zh}已是 {value}", f"{term.en}: {value} holds already")


def set_term_action(command: str, terms: Mapping[str, Term]) -> Action:
    """The form that sets one of them (调整参数): which, each with its bounds, and the number."""
    choices = tuple(
        Choice(name, f"{each.zh}，{each.low}—{each.high}", f"{each.en}, {each.low} to {each.high}")
        for name, each in terms.items()
    )
    which = Field(name="name", zh="参数", en="term", kind="choice", choices=choices)
    value = Field(name="value", zh="数值", en="value", kind="number")
    return Action(command=command, zh="调整参数", en="set a term", on="seat", fields=(which, value))


class TermsSet(Protocol):
    """An event that says all terms anew (时限已设定); off, on: days of its calendar."""

    @property
    def off(self) -> tuple[int, ...]:
        """Days not worked."""

    @property
    def on(self) -> tuple[int, ...]:
        """Days worked."""


def terms_of(kind: type[T], event: TermsSet) -> T:
    """The terms that an event sets: its fields of the same names, and its days as a calendar."""
    named = (each for each in kind.__struct_fields__ if each != "days")
    told = {name: getattr(event, name) for name in named}
    return kind(**told, days=WorkingDays(event.off, event.on))
