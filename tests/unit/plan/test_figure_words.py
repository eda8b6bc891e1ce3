"""A figure in a sentence is read by people: no exponent, no signed zero."""

import pytest

from kuaifan.plan.figure_words import say_figure


@pytest.mark.parametrize(
    ("value", "plain", "signed"),
    [
        (2534.1, "2,534", "+2,534"),
        (-2704.4, "-2,704", "-2,704"),
        (100.0, "100", "+100"),
        (99.96, "100", "+100"),
        (-12.345, "-12.3", "-12.3"),
        (0.25, "0.25", "+0.25"),
        (0.00012, "0.0001", "+0.0001"),
        (-0.00001, "0", "+0"),
        (0.0, "0", "+0"),
    ],
)
def test_a_figure_has_three_digits_and_no_exponent(value, plain, signed):
    assert (say_figure(value), say_figure(value, signed=True)) == (plain, signed)
