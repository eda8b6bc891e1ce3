import re

import numpy as np
from toy_city import TYPES_FILE

from kuaifan.twin.habits import HOURS_PER_WEEK, read_habits
from kuaifan.twin.narratives import MAX_CHARS, PLACE_SLOTS, read_narratives, slots_of
from kuaifan.vocabulary.incident_types import read_incident_types

TABLE, HABITS = read_narratives(), read_habits()
TYPES = list(read_incident_types(TYPES_FILE.read_text(encoding="utf-8")).values())
KEYS = {t.key for t in TYPES}
USUAL = {
    "where": "人民东路和人民东路四巷路口",
    "home": "南苑新城15栋302",
    "block": "南苑新城15栋",
    "street": "人民东路",
    "place": "人民东路批发市场",
}
LONG = dict.fromkeys(PLACE_SLOTS, "滨" * 60)
FIRMS = (
    "微信|支付宝|淘宝|京东|抖音|快手|美团|饿了么|滴滴|拼多多|银联|顺丰|肯德基|麦当劳|奔驰|宝马|"
    "奥迪|特斯拉|比亚迪|苹果|华为|小米|腾讯|阿里|百度|工商银行|建设银行|农业银行|招商银行"
)
LEFT_OUT = "|".join(("人脸" + "识别", "重点" + "人员", "布" + "控", "舆" + "情", "上访" + "人员"))
PERSONAL = re.compile(r"\d{6,}|尾号|车牌|[京沪粤苏浙皖][A-Z]")


def all_templates():
    return [
        text for table in (TABLE.told, TABLE.seen) for texts in table.values() for text in texts
    ]


def all_words():
    return [word for words in TABLE.words.values() for word in words]


def test_every_type_has_at_least_two_things_a_caller_says():
    assert {t.key: len(TABLE.told.get(t.key, ())) for t in TYPES if t.key not in TABLE.told} == {}
    assert min(len(texts) for texts in TABLE.told.values()) >= 2
    assert TABLE.told.keys() | TABLE.seen.keys() == KEYS


def test_the_commonest_types_vary_more():
    common = sorted(TYPES, key=lambda t: -t.weight_permille)[:20]
    assert min(len(TABLE.told[t.key]) for t in common) >= 2
    assert sum(len(TABLE.told[t.key]) for t in common) >= 4 * len(common)


def test_every_slot_of_every_template_is_filled():
    known = PLACE_SLOTS | TABLE.words.keys()
    assert [text for text in all_templates() if slots_of(text) - known] == []
    words = TABLE.draw_words(np.random.default_rng(1))
    for t in TYPES:
        for luck in np.linspace(0, 0.999, 8):
            text = TABLE.tell(t.key, {**words, **USUAL}, luck=luck, name_cn=t.name_cn)
            assert text, t.key
            assert not set("{}") & set(text), text


def test_every_list_of_words_is_used():
    used = set().union(*(slots_of(text) for text in all_templates()))
    assert TABLE.words.keys() - used == set()


def test_what_is_said_is_short_and_never_longer_than_the_limit():
    lengths = [len(text) for text in all_templates()]
    assert max(lengths) <= 60
    words = TABLE.draw_words(np.random.default_rng(2))
    texts = [
        TABLE.tell(t.key, {**words, **LONG}, luck=luck, name_cn=t.name_cn)
        for t in TYPES
        for luck in (0.0, 0.5, 0.99)
    ]
    assert max(len(text) for text in texts) <= MAX_CHARS


def test_no_firm_no_person_and_no_forbidden_word_is_named():
    for text in (*all_templates(), *all_words(), *TABLE.openers):
        assert not re.search(FIRMS, text), text
        assert not re.search(LEFT_OUT, text), text
        assert not PERSONAL.search(text), text


def test_the_texts_are_chinese_with_chinese_marks():
    for text in (*all_templates(), *all_words()):
        assert not re.search(r"[,.!?;()]", text), text
        assert re.search(r"[\u4e00-\u9fff]", text), text
    assert [text for text in all_templates() if text.endswith(("，", "、"))] == []


def test_no_template_stands_twice():
    templates = all_templates()
    assert len(set(templates)) == len(templates)


def test_a_type_that_a_city_added_is_told_by_its_name():
    text = TABLE.tell("drone_nuisance", USUAL, luck=0.3, name_cn="无人机扰民")
    assert text == "人民东路和人民东路四巷路口，无人机扰民"


def test_who_calls_later_has_words_wherever_somebody_may():
    repeated = {key for key, habit in HABITS.types.items() if habit.repeats > 0}
    assert repeated == TABLE.seen.keys()


def test_habits_name_only_types_settings_and_hours_that_are():
    assert HABITS.types.keys() <= KEYS
    for key in KEYS:
        assert HABITS.setting_of(key).share <= 1.0
        hours = HABITS.hours_of(key)
        assert hours.shape == (HOURS_PER_WEEK,)
        assert hours.min() >= 0
        assert hours.sum() > 0
        assert 0 <= HABITS.habit_of(key).repeats <= 1


def test_the_same_luck_gives_the_same_words():
    first = TABLE.draw_words(np.random.default_rng(7))
    assert first == TABLE.draw_words(np.random.default_rng(7))
    assert first != TABLE.draw_words(np.random.default_rng(8))
