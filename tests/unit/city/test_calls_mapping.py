from pathlib import Path

import pytest

from kuaifan.city.calls import CallsError
from kuaifan.city.calls_mapping import (
    Target,
    incident_type_keys,
    is_other_type,
    load_mapping,
)

HEAD = """
kind = "kuaifan.calls_mapping"
version = 1
name = "test"
[columns]
time = "when"
code = "what"
[time]
format = "iso"
zone = "Asia/Shanghai"
"""
SHIPPED = Path(__file__).resolve().parents[3] / "docs" / "howto" / "mappings"


def mapping(folder: Path, text: str):
    path = folder / "m.toml"
    path.write_text(text, encoding="utf-8")
    return load_mapping(path)


def test_there_are_123_incident_types_and_six_of_them_say_only_other():
    assert len(incident_type_keys()) == 123
    others = {code for code in incident_type_keys() if is_other_type(code)}
    assert others == {"010499", "020599", "030299", "060199", "070399", "990101"}


def test_a_suffix_has_its_own_type_and_inherits_the_source_of_its_code(tmp_path):
    found = mapping(
        tmp_path,
        HEAD + '[codes.43]\ntype = "070305"\nsource = "patrol_found"\nsuffix = { R = "020202" }\n',
    )
    assert found.find_target("43", "R") == Target("020202", "patrol_found")
    assert found.find_target("43", "X") == Target("070305", "patrol_found")
    assert found.find_target("44", "") is None


def test_a_code_may_be_mapped_in_one_line(tmp_path):
    assert mapping(tmp_path, HEAD + '[codes]\na = "010101"\n').find_target("a", "") == Target(
        "010101", "110"
    )


def test_a_row_may_be_no_call_by_code_or_by_code_and_suffix(tmp_path):
    found = mapping(tmp_path, HEAD + '[ignore]\n"95" = "meal"\n"93/T" = "test"\n[codes]\n')
    assert found.find_ignored("95", "P") == "meal"
    assert found.find_ignored("93", "T") == "test"
    assert found.find_ignored("93", "") is None


def test_an_unknown_type_is_named_with_its_key_and_line(tmp_path):
    text = HEAD + '[codes.43]\ntype = "070305"\nsuffix = { P = "070306" }\n'
    with pytest.raises(CallsError, match=r'line 13: codes\.43\.suffix\.P is mapped to "070306"'):
        mapping(tmp_path, text)


def test_an_unknown_default_type_is_named(tmp_path):
    with pytest.raises(CallsError, match='default is mapped to "99"'):
        mapping(tmp_path, HEAD + '[default]\ntype = "99"\n[codes]\n')


def test_an_unknown_source_is_named_beside_those_there_are(tmp_path):
    with pytest.raises(CallsError, match='source "radio"; a source is one of 110, 119'):
        mapping(tmp_path, HEAD + '[codes.1]\ntype = "010101"\nsource = "radio"\n')


def test_a_misspelt_key_of_a_code_is_named_with_the_code(tmp_path):
    with pytest.raises(CallsError, match=r"codes\.7: .*`tpye`"):
        mapping(tmp_path, HEAD + '[codes.7]\ntpye = "010101"\n')


def test_a_misspelt_table_is_named(tmp_path):
    with pytest.raises(CallsError, match="`colour`"):
        mapping(tmp_path, HEAD + "[colour]\n[codes]\n")


def test_a_missing_zone_names_the_mapping_and_the_key(tmp_path):
    with pytest.raises(CallsError, match=r"m\.toml: time\.zone is missing"):
        mapping(tmp_path, HEAD.replace('zone = "Asia/Shanghai"', "") + "[codes]\n")


def test_text_that_is_no_toml_is_refused_with_its_line(tmp_path):
    with pytest.raises(CallsError, match=r"is not TOML.*line 2"):
        mapping(tmp_path, "name = 1\nname\n")


def test_a_mapping_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CallsError, match=r"nowhere\.toml: no such file"):
        load_mapping(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_mapping_holds(path):
    assert load_mapping(path).targets


def test_the_shipped_mappings_are_there():
    assert {"nashville.toml", "montgomery.toml"} <= {path.name for path in SHIPPED.iterdir()}
