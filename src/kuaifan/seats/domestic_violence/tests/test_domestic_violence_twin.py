"""Simulated crews and the team (仿真): what becomes violence while a crew writes is written so."""

import pytest
from twin_runs import run_toy, toy_calls

from kuaifan.app.rules import installed_plugins
from kuaifan.seats.domestic_violence.papers import SEAT_ID
from kuaifan.vocabulary.order import FeedbackGiven

DISPUTE = "060101"


@pytest.mark.parametrize("seed", [6, 8])
def test_a_dispute_that_is_violence_before_the_feedback_gets_its_decision_on_a_letter(seed):
    seats = tuple(each for each in installed_plugins() if each.plugin_id == SEAT_ID)
    told = run_toy(toy_calls(90, type_code=DISPUTE), plugins=seats, seed=seed)
    letters = [event.letter for _, event in told.events(FeedbackGiven)]
    assert any(letters)
    assert not all(letters)
    assert told.figures.n_open == 0
    assert not [name for name in told.figures.refusals if name.startswith("GiveFeedback")]
