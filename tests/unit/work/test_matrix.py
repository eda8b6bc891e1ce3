"""Commands and states (命令×状态): every cell is an event or a named refusal, as the page says."""

from collections import defaultdict

from matrix_of_commands import INNER, NOTHING, PAGE, all_cells, list_missing, make_page
from matrix_rows import NEVER_REFUSED, SEEN_AS

from kuaifan import vocabulary


def test_every_command_has_a_row():
    missing = ", ".join(list_missing())
    assert not missing, f"add a row for {missing} to the tests/matrix_*_rows.py it belongs to"


def test_no_cell_is_empty_but_of_timers_and_rules():
    """That no cell faults, and each folds to the same board, is checked where it is filled."""
    empty = [
        f"{cell.row.command.__name__} {cell.row.label} in {cell.kind} {cell.state}"
        for cell in all_cells()
        if cell.answer == NOTHING and cell.row.command not in INNER
    ]
    assert not empty


def test_every_command_is_accepted_somewhere_and_refused_somewhere():
    answers = defaultdict(set)
    for cell in all_cells():
        # For a timer or a rule, nothing to do is as good as a refusal.
        is_no = cell.is_refused or cell.answer == NOTHING
        answers[cell.row.command].add("refused" if is_no else "accepted")
    answered = " ".join({cell.answer for cell in all_cells()}).split()
    for command, event in SEEN_AS.items():
        answers[command] |= {"accepted"} if event in answered else set()
    short = {
        command.__name__: answers[command]
        for command in vocabulary.COMMANDS
        if answers[command] != {"accepted", "refused"} and command not in NEVER_REFUSED
    }
    assert not short
    assert all(answers[command] == {"accepted"} for command in NEVER_REFUSED)


def test_the_page_shows_what_the_rules_answer():
    assert PAGE.read_text(encoding="utf-8") == make_page(), (
        "the rules answer otherwise: look at the difference, then run "
        "`python tests/matrix_of_commands.py`"
    )
