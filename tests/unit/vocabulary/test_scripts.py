"""Questions and advice by type: the gravest first, each fact once, with what a yes does."""

from pathlib import Path

import pytest

from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.incident_types import read_incident_types
from kuaifan.vocabulary.priority_rules import read_priority_rules
from kuaifan.vocabulary.scripts import (
    MAX_QUESTIONS,
    make_script,
    read_advice,
    read_questions,
)

VOCABULARY = Path(__file__).resolve().parents[3] / "src" / "kuaifan" / "vocabulary"


def read(name):
    return (VOCABULARY / name).read_text(encoding="utf-8-sig")


TYPES = read_incident_types(read("incident_types.csv"))
BY_KEY = {each.key: each for each in TYPES.values()}
RULES = read_priority_rules(read("priority_rules.csv"))
QUESTIONS, ADVICE = read_questions(read("questions.csv")), read_advice(read("advice.csv"))
NAMES = {
    *BY_KEY,
    *(f"class:{each.class_key}" for each in TYPES.values()),
    *(f"group:{each.class_key}.{each.group_key}" for each in TYPES.values()),
    *(f"seat:{each.seat}" for each in TYPES.values()),
}


def script(key):
    return make_script(BY_KEY[key], QUESTIONS, ADVICE, rules=RULES, types_by_key=BY_KEY)


@pytest.mark.parametrize("key", sorted(BY_KEY))
def test_every_type_has_questions_and_each_fact_is_asked_once(key):
    questions = script(key).questions
    assert 1 <= len(questions) <= MAX_QUESTIONS
    facts = [each.fact for each in questions if each.fact]
    assert len(facts) == len(set(facts))
    assert all(each.ask_en and (each.fact or (each.note_zh and each.note_en)) for each in questions)


@pytest.mark.parametrize("key", sorted(key for key, each in BY_KEY.items() if each.priority == 1))
def test_every_gravest_type_has_advice_in_both_languages(key):
    advice = script(key).advice
    assert advice
    assert all(each.text_zh and each.text_en for each in advice)


def test_both_tables_speak_of_what_there_is():
    for line in (*QUESTIONS, *ADVICE):
        assert set(line.subjects) <= NAMES, line


def test_a_question_says_what_a_yes_does():
    by_fact = {each.fact: each for each in script("fight_in_progress").questions}
    assert by_fact["weapon"].to_priority == 1
    assert by_fact["injury"].to_priority == 0
    violence = next(q for q in script("family_dispute").questions if q.fact == "violence")
    assert violence.to_type == BY_KEY["dv_in_progress"].code
    assert violence.to_priority == 1


def test_a_type_asks_in_its_own_words_before_those_of_its_class():
    first = script("fight_in_progress").questions[0]
    assert first.ask_zh == "还在打吗？"
    assert "刀" in next(q.ask_zh for q in script("dv_in_progress").questions if q.fact == "weapon")


def test_no_advice_treats_a_patient():
    medical = ("按压", "人工呼吸", "催吐", "止血", "喂药", "吃药", "心肺复苏")
    assert not [each for each in ADVICE if any(word in each.text_zh for word in medical)]


@pytest.mark.parametrize(
    ("row", "named"),
    [
        ("noise,x,weapon,问,ask,,", "rank"),
        ("noise,1,luck,问,ask,,", "luck"),
        ("noise,1,,问,ask,,", "note_zh"),
        (",1,weapon,问,ask,,", "subjects"),
    ],
)
def test_a_bad_question_is_refused_with_its_line(row, named):
    header = "subjects,rank,fact,ask_zh,ask_en,note_zh,note_en"
    with pytest.raises(BadInputError, match=rf"line 2.*{named}"):
        read_questions(f"{header}\n{row}\n")


def test_a_missing_column_is_named():
    with pytest.raises(BadInputError, match="rank"):
        read_advice("subjects,text_zh,text_en\n")
