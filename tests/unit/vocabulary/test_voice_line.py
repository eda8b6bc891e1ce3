"""A typed line taken apart (录入行): who, the word, what follows, however it was typed."""

import pytest

from kuaifan.vocabulary.voice import WORDS, call_sign_key, parse_voice_line

TYPED = [(form, word) for word, forms in WORDS.items() for form in forms]


@pytest.mark.parametrize(("form", "word"), TYPED)
def test_every_form_of_every_word_is_known(form, word):
    line = parse_voice_line(f"012 {form}")
    assert (line.who, line.word, line.said) == ("012", word, form)


@pytest.mark.parametrize(
    "text", ["012 到", "０１２　到", "  012   到。", "012到", "012，到！", "012 D", "０１２ ｄ"]
)
def test_width_spaces_stops_and_capitals_do_not_matter(text):
    line = parse_voice_line(text)
    assert (line.who, line.word) == ("012", "arrived")


def test_what_follows_the_word_is_kept():
    assert parse_voice_line("012 在 淮海路口 北侧").rest == "淮海路口 北侧"
    assert parse_voice_line("012 在淮海路口").rest == "淮海路口"
    assert parse_voice_line("012 增援 2").rest == "2"
    assert parse_voice_line("012增援2").rest == "2"


def test_a_call_sign_may_have_digits_words_and_spaces():
    line = parse_voice_line("call P1 到")
    assert (line.who, line.word) == (call_sign_key("call P1"), "arrived")
    assert parse_voice_line("城东巡逻012 收到").who == call_sign_key("城东巡逻012")
    assert parse_voice_line("巡1组 完毕").who == call_sign_key("巡 1 组")


@pytest.mark.parametrize(
    ("text", "who", "said"),
    [
        ("", "", ""),
        ("  ", "", ""),
        ("012", "012", ""),
        ("到", "到", ""),
        ("012 你好", "012", "你好"),
    ],
)
def test_a_line_without_a_word_has_none(text, who, said):
    line = parse_voice_line(text)
    assert (line.who, line.word, line.said) == (who, None, said)
