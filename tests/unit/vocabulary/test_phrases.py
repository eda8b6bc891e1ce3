"""Phrases in a caller's words: found wherever they stand, not where they are denied or asked."""

from pathlib import Path

import pytest

from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.facts import FACTS
from kuaifan.vocabulary.phrases import PhraseBook, find_fact, plain, read_phrases

VOCABULARY = Path(__file__).resolve().parents[3] / "src" / "kuaifan" / "vocabulary"
PHRASES = read_phrases((VOCABULARY / "phrases.toml").read_text(encoding="utf-8"))
SAID = {
    "weapon": "他手里有菜刀",
    "injury": "头破血流，有人受伤",
    "child": "家里还有孩子",
    "ongoing": "还在打，一直没停",
    "suspect_present": "人还在现场，没走远",
    "repeat": "他又打我，不是第一次了",
    "violence": "两个人动手了",
    "threat": "他说要弄死我",
    "crowd": "来了十几个人",
    "danger": "太危险了，快掉下来了",
    "unconscious": "躺着不动，叫不醒",
    "trapped_in_heat": "孩子锁在车里，太阳晒着",
    "fire": "屋里冒烟了",
    "verified": "监控里有人影",
    "harm_suspected": "怀疑被绑走了",
    "detained": "他们把我扣住不让走",
    "under_ten": "孩子才五岁",
    "cold_or_water": "在河边，天又冷",
    "distress": "听见有人喊救命",
    "protected_place": "就在小学门口",
}


def heard(fact, text):
    return find_fact(plain(text), PHRASES.facts[fact])


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_is_heard_and_the_reason_stands_in_the_text(fact):
    answer, words = heard(fact, SAID[fact])
    assert answer == "yes"
    assert words in SAID[fact]


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("injury", "没有受伤"),
        ("injury", "没有人受伤"),
        ("injury", "没人受伤，就是车刮了"),
        ("injury", "未造成人员受伤"),
        ("injury", "受伤倒没有"),
        ("violence", "不是打架，是吵嘴"),
        ("violence", "没动手"),
        ("weapon", "没看见刀"),
        ("weapon", "没有带刀"),
        ("fire", "没有着火"),
    ],
)
def test_what_is_denied_is_a_no(fact, text):
    assert heard(fact, text)[0] == "no"


@pytest.mark.parametrize(
    ("fact", "text", "words"),
    [
        ("injury", "没有打架，但是有人受伤", "受伤"),
        ("violence", "没人管，打起来了", "打起来"),
        ("unconscious", "人没反应了", "没反应"),
        ("weapon", "我没有骗你，他持刀", "持刀"),
    ],
)
def test_a_denial_of_something_else_denies_nothing(fact, text, words):
    assert heard(fact, text) == ("yes", words)


def test_a_question_is_no_answer():
    assert heard("injury", "有没有受伤我不知道") is None
    assert heard("weapon", "是不是有刀看不清") is None


def test_full_width_and_case_make_no_difference():
    assert plain("ＫＴＶ　Ａ") == "ktv a"
    assert "noise" in PhraseBook(PHRASES.types).find(plain("楼下ＫＴＶ太吵"))


def test_a_phrase_within_another_counts_once():
    book = PhraseBook({"x": ("电动车被偷", "被偷", "~偷", "车+偷")})
    assert [each.words for each in book.find("电动车被偷了")["x"]] == ["电动车被偷", "车…偷"]


def test_parts_of_a_phrase_may_stand_apart_but_none_may_be_denied():
    book = PhraseBook({"x": ("邻居+打",)})
    assert book.find("邻居老王打人")["x"][0].words == "邻居…打"
    assert book.find("邻居没打人") == {}


def test_denied_words_are_taken_out_for_the_model():
    book = PhraseBook({"x": ("打架", "噪音")})
    assert book.without_denied("不是打架，噪音大") == "不是，，，噪音大"
    assert book.without_denied("打架") == "打架"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("types = 3", "types"),
        ("[types]\n[facts]\nluck = ['a']", "luck"),
        ("[types]\n[seats]\nsofa = ['a']", "sofa"),
        ("[types", "phrases.toml"),
    ],
)
def test_a_bad_table_is_refused_in_one_sentence(text, named):
    with pytest.raises(BadInputError, match=named):
        read_phrases(text)
