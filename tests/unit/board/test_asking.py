"""Whether two names are one person's: a second person is another one, whatever it is called."""

import pytest

from kuaifan.board.asking import is_same_person


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("李明（li）", "李明（li）", True),
        ("李明（li）", "李小明（li）", True),
        ("李明（li）", "李明（li2）", False),
        ("李明（li）", "li", True),
        ("李明（li）", "李明", True),
        ("李明", "李明 ", True),
        ("李明", "王局", False),
        ("", "", False),
        ("所长（东城）", "所长（西城）", False),
    ],
)
def test_two_names_are_one_persons_by_the_log_on_that_signs_them(one, other, is_same):
    assert is_same_person(one, other) is is_same
    assert is_same_person(other, one) is is_same
