"""Luck belongs to a call and a stage: no order of events, no other call can change it."""

from statistics import fmean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kuaifan.twin.draws import Stage, lognormal_ms, uniform

KNOWN_DRAW = 0.14692459474300706
numbers = st.integers(0, 2**63 - 1)


@given(seed=numbers, call_no=numbers, stage=st.sampled_from(Stage), extra=st.integers(0, 10_000))
def test_a_draw_lies_between_0_and_1_and_is_always_the_same(seed, call_no, stage, extra):
    drawn = uniform(seed, call_no, stage, extra)
    assert 0.0 < drawn < 1.0
    assert uniform(seed, call_no, stage, extra) == drawn


def test_draws_of_one_seed_are_spread_evenly_and_do_not_repeat():
    drawn = [uniform(1, call_no, stage) for call_no in range(1_000) for stage in Stage]
    assert len(set(drawn)) == len(drawn)
    assert fmean(drawn) == pytest.approx(0.5, abs=0.01)
    tenths = [int(10 * each) for each in drawn]
    assert all(abs(tenths.count(i) / len(drawn) - 0.1) < 0.01 for i in range(10))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((1, 5, Stage.TALK, 0), (2, 5, Stage.TALK, 0)),
        ((1, 5, Stage.TALK, 0), (1, 6, Stage.TALK, 0)),
        ((1, 5, Stage.TALK, 0), (1, 5, Stage.SIGN, 0)),
        ((1, 5, Stage.SIGN, 0), (1, 5, Stage.SIGN, 1)),
    ],
)
def test_another_seed_call_stage_or_unit_draws_something_else(one, other):
    assert uniform(*one) != uniform(*other)


def test_stages_keep_their_numbers_for_recorded_results_rest_on_them():
    assert [(stage.name, stage.value) for stage in Stage] == [
        ("ANSWER", 1),
        ("TALK", 2),
        ("PLACE", 3),
        ("DISPATCH", 4),
        ("SIGN", 5),
        ("TURNOUT", 6),
        ("BUTTON", 7),
        ("SERVICE", 8),
        ("PAPERWORK", 9),
        ("REVIEW", 10),
        ("PHONE", 11),
        ("NUMBER", 12),
        ("SILENCE", 13),
        ("FACT", 14),
        ("DUPLICATE", 15),
        ("CALL_BACK", 16),
        ("PARTY", 17),
        ("CORRECTION", 18),
        ("AMENDMENT", 19),
        ("BACKUP", 20),
        ("VOICE", 21),
        ("FOUND", 22),
        ("EMERGENCY", 23),
        ("AGENCY", 24),
        ("ALARM", 25),
        ("MOVE_UP", 26),
        ("HAND_OVER", 27),
        ("RETURNED", 28),
        ("LIMIT", 29),
        ("PAUSE", 30),
        ("RECOGNISE", 31),
        ("BESIDE", 32),
        ("TRANSFER", 33),
        ("REOPEN", 34),
        ("SPECIAL", 35),
        ("LEFT_OPEN", 36),
        ("STORY", 37),
    ]


def test_a_known_draw_never_changes():
    assert uniform(1, 0, Stage.ANSWER) == pytest.approx(KNOWN_DRAW, abs=1e-15)


def test_durations_have_their_median_and_last_at_least_a_second():
    drawn = [
        lognormal_ms(uniform(3, i, Stage.SIGN), median_s=9.0, sigma=0.55) for i in range(4_000)
    ]
    assert median(drawn) == pytest.approx(9_000, rel=0.03)
    within_s = sum(each <= 30_000 for each in drawn) / len(drawn)
    assert within_s == pytest.approx(0.986, abs=0.005), "98 to 99 % sign within 30 s"
    assert lognormal_ms(1e-300, median_s=2.0, sigma=3.0) == 1_000


@given(low=st.floats(0.001, 0.998), step=st.floats(1e-6, 1e-3))
def test_more_luck_never_gives_a_shorter_duration(low, step):
    shorter, longer = (lognormal_ms(u, median_s=60.0, sigma=0.5) for u in (low, low + step))
    assert shorter <= longer
