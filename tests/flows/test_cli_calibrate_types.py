"""`kuaifan twin calibrate --types`: a city's own words, measured on what came later."""

import csv
import json
import shutil

import numpy as np
import pytest

from kuaifan.app.call_aid import MODEL_FILE, CallAid
from kuaifan.app.reference import make_reference
from kuaifan.city.folder import read_city

SLANG = {
    "noise": ("楼下又开腔了", "夜猫子还在开腔", "那帮人开腔到现在", "开腔开个没完"),
    "parking_obstruction": (
        "我遭别到起了",
        "有个车把我别到起",
        "又遭别到起出不去",
        "别到起两个钟头",
    ),
    "lost_property": ("我的家什落哒", "家什落哒找不到", "刚才家什落哒", "下车家什落哒"),
}
MAPPING = """
kind = "kuaifan.texts_mapping"
version = 1
[columns]
text = "内容"
type = "类别"
time = "时间"
[time]
format = "%Y-%m-%d %H:%M"
zone = "Asia/Shanghai"
[types]
"噪声" = "020303"
"移车" = "parking_obstruction"
"遗失" = "lost_property"
"""
THEIRS = {"noise": "噪声", "parking_obstruction": "移车", "lost_property": "遗失"}


@pytest.fixture
def city(town, tmp_path):
    return shutil.copytree(town.city, tmp_path / "city")


@pytest.fixture
def sources(tmp_path):
    """A table of what a city's callers say in their own way, and its mapping."""
    rng, rows = np.random.default_rng(1), []
    for i in range(300):
        key = str(rng.choice(sorted(SLANG)))
        said = SLANG[key][int(rng.integers(4))]
        rows.append([f"2025-{1 + i // 28:02d}-{1 + i % 28:02d} 08:00", THEIRS[key], said])
    rows += [["2025-12-01 08:00", "别的", "开腔"], ["不是时间", "噪声", "开腔"]]
    texts, mapping = tmp_path / "texts.csv", tmp_path / "texts.toml"
    with texts.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["时间", "类别", "内容"], *rows])
    mapping.write_text(MAPPING, encoding="utf-8")
    return texts, mapping


def test_a_city_model_is_written_and_serves_while_the_city_stays_the_same(
    kuaifan, town, city, sources
):
    texts, mapping = sources
    arguments = ("--types", "--city", city, "--texts", texts, "--mapping", mapping, "--json")
    assert kuaifan("twin", "calibrate", *arguments) == 0
    figures = json.loads(kuaifan.said)
    assert (figures["n_texts"], figures["n_unknown"], figures["n_bad"]) == (300, 1, 1)
    assert figures["n_types_learned"] == 3
    assert figures["top1_before"] < 0.2
    assert figures["top1_after"] > 0.95
    assert figures["n_asked"] == 90
    before, after = read_city(town.city), read_city(city)
    assert before.content_hash == after.content_hash
    aid = CallAid(make_reference(after), city)
    first = aid.suggest("又在开腔", type_code="", answers={}).types[0]
    assert (first.code, first.runs[0] in "又在开腔") == ("020303", True)


def test_the_same_texts_give_the_same_bytes(kuaifan, city, sources):
    texts, mapping = sources
    arguments = ("--types", "--city", city, "--texts", texts, "--mapping", mapping)
    assert kuaifan("twin", "calibrate", *arguments) == 0
    assert "asked 90 later texts" in kuaifan.said
    written = (city / MODEL_FILE).read_bytes()
    assert kuaifan("twin", "calibrate", *arguments) == 0
    assert (city / MODEL_FILE).read_bytes() == written


def test_a_damaged_model_or_table_of_a_city_is_passed_over_with_a_note(city, capsys):
    (city / MODEL_FILE).write_bytes(b"no model")
    (city / "questions.csv").write_text("subjects\n", encoding="utf-8")
    aid = CallAid(make_reference(read_city(city)), city)
    assert aid.suggest("有人打架", type_code="", answers={}).types[0].code == "020101"
    assert aid.find_script("020101").questions
    told = capsys.readouterr().err
    assert "types_model.json.gz is passed over" in told
    assert "questions.csv is passed over" in told


def test_a_table_of_the_city_stands_in_place_of_the_shipped_one(city):
    header = "subjects,rank,text_zh,text_en"
    (city / "advice.csv").write_text(f"{header}\nnoise,1,请等待,Wait\n", encoding="utf-8")
    aid = CallAid(make_reference(read_city(city)), city)
    assert [each.text_zh for each in aid.find_script("020303").advice] == ["请等待"]
    assert aid.find_script("nothing") is None


def test_the_log_of_the_city_teaches_what_its_incidents_were_settled_as(kuaifan, city, out):
    db = f"sqlite:///{out}/log.db"
    problem = kuaifan.refuses("twin", "calibrate", "--types", "--city", city, "--db", db)
    assert "200 are needed" in problem
    n_read = int(problem.split("there are ")[1].split(" ")[0])
    assert n_read > 10


def test_what_is_missing_is_said(kuaifan, city, sources, tmp_path):
    texts, _ = sources
    assert "--city" in kuaifan.refuses("twin", "calibrate", "--types")
    assert "--roads" in kuaifan.refuses("twin", "calibrate")
    on_city = ("twin", "calibrate", "--types", "--city", city)
    assert "--texts" in kuaifan.refuses(*on_city)
    bad = tmp_path / "bad.toml"
    bad.write_text(MAPPING.replace("内容", "原文"), encoding="utf-8")
    problem = kuaifan.refuses(*on_city, "--texts", texts, "--mapping", bad)
    assert 'no column "原文"' in problem
    bad.write_text(MAPPING.replace('"020303"', '"999999"'), encoding="utf-8")
    problem = kuaifan.refuses(*on_city, "--texts", texts, "--mapping", bad)
    assert "999999" in problem
    assert not (city / MODEL_FILE).exists()
