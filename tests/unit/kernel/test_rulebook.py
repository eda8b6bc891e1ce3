"""The table of rules: one decider and one fold per message, reactions in the declared order."""

from __future__ import annotations

import pytest
from toy_machine import BOOK, RULES, Board, Noted, Press, Pressed, Whistled, press

from kuaifan.kernel.message import NoteClockStep, Observed, StartEngine
from kuaifan.kernel.record import Scope
from kuaifan.kernel.rulebook import Rulebook, Rules


def book_of(*parts):
    return Rulebook(
        parts,
        observe=lambda *_: [],
        fold_observation=lambda *_: None,
        scope_of=lambda *_: Scope(),
        rows_of=lambda *_: [],
    )


def test_two_rules_for_one_command_are_an_error_at_start():
    with pytest.raises(ValueError, match="two rules decide Press"):
        book_of(RULES, Rules(deciders={Press: press}))


def test_two_folds_of_one_event_are_an_error_at_start():
    with pytest.raises(ValueError, match="two folds claim Pressed"):
        book_of(RULES, Rules(evolvers={Pressed: print}))


def test_the_commands_of_the_kernel_cannot_be_taken_over():
    with pytest.raises(ValueError, match="two rules decide StartEngine"):
        book_of(Rules(deciders={StartEngine: press}))


def test_reactions_come_in_the_order_of_the_parts():
    one, two, three = (lambda *_: [], lambda *_: [], lambda *_: [])
    book = book_of(
        Rules(reactions={Pressed: [one], Noted: [two]}), Rules(reactions={Pressed: [three, one]})
    )
    event = Pressed(lamp_id="a", press_no=1)
    assert book.reactions(event) == [one, three, one]
    assert book.reactions(Whistled(n_left=1, every_ms=1)) == ()


def test_commands_are_listed_as_declared():
    assert BOOK.commands[:3] == (StartEngine, NoteClockStep, Observed)
    assert BOOK.commands[3:] == tuple(RULES.deciders)


def test_an_event_without_a_fold_changes_nothing():
    board = Board()
    before = vars(board).copy()
    BOOK.fold(board, Whistled(n_left=1, every_ms=1), 5)
    assert vars(board) == before


def test_a_stand_in_decides_nothing():
    assert BOOK.decide(Board(), Observed(input_no=1), 0) == []
