"""Terms of a special seat (专席参数): numbers that a city sets, each within its bounds."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from kuaifan.board.seat_forms import Choice
from kuaifan.kernel.message import Refused


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


def choices_of(terms: Mapping[str, Term]) -> tuple[Choice, ...]:
    """The terms as the choices of a form, each with its bounds."""
    return tuple(
        Choice(name, f"{each.zh}，{each.low}—{each.high}", f"{each.en}, {each.low} to {each.high}")
        for name, each in terms.items()
    )
