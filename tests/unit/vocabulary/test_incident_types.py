"""The table of types (警情类别表): 123 types read; a bad table is refused by its line."""

import csv
import io

import pytest
from toy_city import TYPES_FILE

from kuaifan.vocabulary.incident_types import (
    COLUMNS,
    ROUTES,
    IncidentTypesError,
    read_incident_types,
)

TEXT = TYPES_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def types():
    return read_incident_types(TEXT)


def changed(line_no, **cells):
    """The table with some cells of one line changed."""
    rows = list(csv.DictReader(io.StringIO(TEXT)))
    rows[line_no - 2] |= cells
    return written(rows)


def written(rows, columns=COLUMNS):
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def test_there_are_123_types_in_14_classes(types):
    assert len(types) == 123
    assert len({each.class_key for each in types.values()}) == 14


def test_codes_and_keys_are_unique_and_every_type_has_a_chinese_name(types):
    assert len({each.key for each in types.values()}) == 123
    assert all(code == each.code and len(code) == 6 for code, each in types.items())
    assert all(any("\u4e00" <= c <= "\u9fff" for c in each.name_cn) for each in types.values())


def test_every_type_has_a_route_a_priority_and_a_plan(types):
    assert {each.route for each in types.values()} <= ROUTES
    assert {each.priority for each in types.values()} == {1, 2, 3, 4, 5}
    assert all(each.plan and each.min_units >= 0 for each in types.values())


def test_units_go_at_once_only_on_the_routes_that_send_them(types):
    sent = {each.route for each in types.values() if each.needs_units}
    assert sent == {"dispatch", "transfer_conf"}
    assert not types["070303"].needs_units
    assert types["010101"].needs_units


def test_the_weights_make_up_a_thousand_and_a_seventh_of_all_is_grave(types):
    total = sum(each.weight_permille for each in types.values())
    grave = sum(each.weight_permille for each in types.values() if each.priority <= 2)
    assert total == pytest.approx(1_000, abs=1)
    assert grave / total == pytest.approx(0.132, abs=0.01)


def test_domestic_violence_and_children_are_restricted_records(types):
    assert all(each.restricted for each in types.values() if each.seat == "dv")
    assert types["020109"].restricted
    assert not types["030105"].restricted


def test_lists_are_split_and_none_is_nothing(types):
    assert types["010101"].followups == ("case", "scene")
    assert types["030202"].followups == ()


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"route": "teleport"}, "teleport"),
        ({"priority": "urgent"}, "urgent"),
        ({"priority": "0"}, "priority"),
        ({"priority": "6"}, "priority"),
        ({"min_units": "-1"}, "units"),
        ({"min_units": ""}, "invalid literal"),
        ({"code": ""}, "code"),
        ({"service_median_min": "long"}, "long"),
    ],
)
def test_a_bad_cell_is_refused_by_line(cells, words):
    with pytest.raises(IncidentTypesError, match=rf"line 17.*{words}"):
        read_incident_types(changed(17, **cells))


def test_a_doubled_code_is_refused_by_line():
    with pytest.raises(IncidentTypesError, match=r"line 3: code 010101 is there twice"):
        read_incident_types(changed(3, code="010101"))


def test_the_line_is_that_of_the_file_even_after_empty_lines():
    lines = changed(10, route="x").splitlines()
    with pytest.raises(IncidentTypesError, match="line 12"):
        read_incident_types("\n".join([lines[0], "", "", *lines[1:]]))


def test_a_line_cut_short_is_refused():
    lines = TEXT.splitlines()
    lines[4] = lines[4][:20]
    with pytest.raises(IncidentTypesError, match="line 5"):
        read_incident_types("\n".join(lines))


def test_a_missing_column_is_named_and_so_is_an_empty_file():
    rows = csv.DictReader(io.StringIO(TEXT))
    columns = [name for name in COLUMNS if name != "route"]
    with pytest.raises(IncidentTypesError, match="no column route"):
        read_incident_types(written(rows, columns))
    with pytest.raises(IncidentTypesError, match="no column code"):
        read_incident_types("")


def test_a_city_may_add_columns_and_types_of_its_own():
    row = dict.fromkeys(COLUMNS, "") | {"code": "990102", "priority": "4", "min_units": "1"}
    text = written([*csv.DictReader(io.StringIO(TEXT)), row | {"route": "dispatch", "local": "x"}])
    assert read_incident_types(text)["990102"].needs_units
