"""Suggestions out of a caller's words: every type by natural words, level, facts, seat, reasons."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from types_model import held_out, said_on_the_phone, suggesters, trained

from kuaifan.app.types_training import measure
from kuaifan.vocabulary.incident_types import read_incident_types
from kuaifan.vocabulary.phrases import MAX_READ_CHARS, plain, read_phrases
from kuaifan.vocabulary.priority_rules import read_priority_rules
from kuaifan.vocabulary.suggest_type import Suggester
from kuaifan.vocabulary.type_ngrams import (
    NgramTypes,
    Tallies,
    list_grams,
    merge_models,
    pack_model,
    unpack_model,
)

VOCABULARY = Path(__file__).resolve().parents[3] / "src" / "kuaifan" / "vocabulary"


def read(name):
    return (VOCABULARY / name).read_text(encoding="utf-8-sig")


TYPES = read_incident_types(read("incident_types.csv"))
BY_KEY = {each.key: each for each in TYPES.values()}
PHRASES = read_phrases(read("phrases.toml"))
MODEL = unpack_model((VOCABULARY / "types_model.json.gz").read_bytes())
SUGGESTER = Suggester(
    TYPES, read_priority_rules(read("priority_rules.csv")), PHRASES, lambda: MODEL
)
ANY_TEXT = st.text(max_size=300) | st.text(
    alphabet="没有不是打架受伤刀，\x00\x1b😀🔪\ud7ff", max_size=300
)


def suggested(text, **more):
    return SUGGESTER.suggest(text, **more)


def test_every_type_is_reached_by_something_that_people_say():
    natural = {*held_out(), *said_on_the_phone()}
    reached = {
        said.type_key
        for said in natural
        if said.type_key in [BY_KEY_OF[each.code] for each in suggested(said.text).types[:3]]
    }
    by_phrase = {
        key
        for key, phrases in PHRASES.types.items()
        if any(suggested(_spoken(phrase)).types[0].code == BY_KEY[key].code for phrase in phrases)
    }
    assert set(PHRASES.types) == set(BY_KEY)
    assert set(BY_KEY) - reached - by_phrase == set()


BY_KEY_OF = {each.code: each.key for each in TYPES.values()}


def _spoken(phrase):
    return phrase.removeprefix("~").replace("+", "，")


def test_the_shipped_model_is_what_training_makes():
    shipped = (VOCABULARY / "types_model.json.gz").read_bytes()
    assert trained() == shipped, "run python tests/types_model.py"


def test_the_share_of_right_suggestions_is_what_the_page_says():
    named = suggesters()
    hits = {name: measure(each, said_on_the_phone()) for name, each in named.items()}
    assert hits["both"].n == 256
    assert hits["both"].top1 >= 0.49
    assert hits["both"].top3 >= 0.69
    assert hits["both"].top3 > max(hits["phrases"].top3, hits["runs"].top3)
    assert measure(named["both"], held_out()).top3 >= 0.89


def test_reasons_name_words_of_the_text():
    text = "两个人打架，其中一个持刀"
    for each in suggested(text).types:
        for words in each.why.split("、"):
            assert all(part in text for part in words.split("…")), each


def test_a_type_that_is_denied_is_not_said_to_be_meant():
    assert suggested("不是打架，是噪音太大").types[0].code == BY_KEY["noise"].code


def test_a_code_is_its_type():
    assert [each.code for each in suggested("020302").types] == ["020302"]


def test_a_weapon_raises_the_level_and_the_words_are_named():
    found = suggested("门口打架，有人持刀", type_code=BY_KEY["fight_in_progress"].code)
    assert (found.priority.priority, found.priority.fact) == (1, "weapon")
    assert found.priority.why == "持刀"


def test_a_denied_weapon_raises_nothing():
    found = suggested("门口打架，没有带刀", type_code=BY_KEY["fight_in_progress"].code)
    assert (found.priority.priority, found.priority.fact) == (2, "")


def test_an_answer_stands_above_the_words():
    fight = BY_KEY["fight_in_progress"].code
    denied = suggested("打架，有人持刀", type_code=fight, answers={"weapon": "no"})
    assert denied.priority.priority == 2
    asked = suggested("打架", type_code=fight, answers={"weapon": "yes"})
    assert (asked.priority.priority, asked.priority.why) == (1, "")


def test_an_answer_that_makes_another_type_puts_it_first_with_its_level():
    quarrel = BY_KEY["family_dispute"]
    answers = {"violence": "yes"}
    found = suggested("两口子吵架闹离婚", answers=answers)
    assert found.types[0].code == BY_KEY["dv_in_progress"].code
    assert found.types[0].why == quarrel.name_cn
    stands = suggested("两口子吵架闹离婚", answers=answers, type_code=quarrel.code)
    assert (stands.priority.priority, stands.priority.fact) == (1, "violence")


@pytest.mark.parametrize(
    ("text", "seat", "why"),
    [
        ("我老公打我", "dv", "老公打"),
        ("刚被人坑了三万，快止付", "fraud", "止付"),
        ("有人堵着我们工厂大门，货车进不去", "enterprise", "货车进不去"),
        ("我们小区停水两天了", "12345", "停水"),
    ],
)
def test_words_propose_a_seat_and_say_why(text, seat, why):
    assert (seat, why) in [(each.seat, each.why) for each in suggested(text).seats]


def test_no_seat_is_proposed_for_a_denied_word():
    assert "dv" not in [each.seat for each in suggested("不是家暴，是噪音扰民").seats]


@given(ANY_TEXT)
def test_no_text_is_too_strange(text):
    found = suggested(text)
    assert len(found.types) <= 8
    assert all(each.why for each in found.facts)


def test_a_very_long_text_is_read_as_far_as_its_beginning():
    text = "持刀" + "😀\x00啊" * 5_000
    assert len(plain(text)) <= MAX_READ_CHARS
    assert suggested(text).types
    assert suggested("﷽" * 10_000).priority is None


def test_runs_do_not_cross_a_stop_and_numbers_are_alike():
    assert list_grams("打，架") == ["打", "架"]
    assert list_grams("3栋") == list_grams("17栋") == ["0", "栋", "0栋"]


def test_a_model_comes_back_from_its_bytes_and_a_damaged_one_is_refused():
    assert pack_model(unpack_model(pack_model(MODEL))) == pack_model(MODEL)
    with pytest.raises(ValueError, match="train it anew"):
        unpack_model(pack_model(MODEL)[:-900])
    with pytest.raises(ValueError, match="train it anew"):
        unpack_model(b"{}")


def test_a_run_of_few_texts_is_not_kept():
    tallies = Tallies()
    for text in ("张三打架", "李四打架", "王五打架"):
        tallies.learn("fight", text)
    model = tallies.make_model(source="", min_texts=3, weight_permille=1)
    assert set(model.grams) == {"打", "架", "打架"}


def test_a_city_model_leaves_other_types_to_the_shipped_one():
    tallies = Tallies()
    tallies.learn("noise", "蛐蛐叫")
    own = tallies.make_model(source="", weight_permille=2_000)
    merged = merge_models(own, MODEL, learned=own.types)
    scores = NgramTypes(merged)
    assert max(scores.score("蛐蛐叫").items(), key=lambda pair: pair[1])[0] == "noise"
    assert max(scores.score("有人打架").items(), key=lambda pair: pair[1])[0] != "noise"
    assert set(merged.types) == set(MODEL.types)
