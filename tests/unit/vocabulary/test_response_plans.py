"""Response plans (出警预案): the table, its reader, and what a type asks for."""

from functools import partial

import msgspec
import pytest
from toy_city import toy_reference

from kuaifan.policy.fleet import SKILLS
from kuaifan.vocabulary.response_plans import (
    COLUMNS,
    RESPONSE_PLANS,
    TABLE,
    Capability,
    ResponsePlansError,
    find_plan,
    n_units_under,
    read_response_plans,
)

n_units_of = partial(n_units_under, RESPONSE_PLANS)
HEAD = ",".join(COLUMNS)


def read(*lines):
    return read_response_plans("\n".join((HEAD, *lines)))


def test_every_plan_of_the_types_is_in_the_table():
    used = {incident_type.plan for incident_type in toy_reference().types.values()}
    assert used == set(RESPONSE_PLANS)


def test_the_plans_say_what_the_desk_expects_of_them():
    assert find_plan("A1").capabilities == (Capability("armed", 1),)
    assert find_plan("A1").rings_min == (1, 3, 5)
    assert find_plan("A1").tells_leader
    assert find_plan("B2").capabilities == (Capability("female_officer", 1, is_wish=True),)
    assert find_plan("T1").capabilities == (Capability("traffic", 1),)
    assert find_plan("C2").capabilities == (Capability("forensics", 1, is_wish=True),)
    assert not find_plan("V1").capabilities


def test_a_plan_of_another_city_is_not_known_and_asks_nothing():
    assert find_plan("Z9") is None


def test_all_skills_of_the_table_are_skills_of_units():
    named = {c.skill for plan in RESPONSE_PLANS.values() for c in plan.capabilities}
    assert named <= set(SKILLS)


def test_the_number_of_units_is_that_of_the_type_unless_the_plan_says_more():
    types = toy_reference().types
    assert n_units_of(types["010101"]) == 3
    fewer = msgspec.structs.replace(types["010101"], min_units=1)
    assert n_units_of(fewer) == find_plan("A1").at_least == 2
    own = msgspec.structs.replace(types["010101"], min_units=1, plan="Z9")
    assert n_units_of(own) == 1


def test_a_type_settled_without_units_asks_for_none():
    types = toy_reference().types
    assert {n_units_of(each) for each in types.values() if each.plan == "V1"} == {0}


def test_the_plan_asks_for_more_units_than_the_type_only_where_people_are_hurt_in_traffic():
    for each in toy_reference().types.values():
        least = 2 if each.plan == "T1" else 1
        assert n_units_of(each) == (max(least, each.min_units) if each.needs_units else 0)


def test_a_row_is_read_whole():
    plan = read("X1,试,armed:2;traffic:1,first_aid:1,4,yes,1;3")["X1"]
    assert [(c.skill, c.n, c.is_wish) for c in plan.capabilities] == [
        ("armed", 2, False),
        ("traffic", 1, False),
        ("first_aid", 1, True),
    ]
    assert (plan.at_least, plan.tells_leader, plan.rings_min) == (4, True, (1, 3))


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("X1,试,sniper:1,,1,no,", "'sniper' is unknown"),
        ("X1,试,armed,,1,no,", "write armed:1"),
        ("X1,试,armed:0,,1,no,", "write armed:1"),
        ("X1,试,,,0,no,", "1 to 60"),
        (",试,,,1,no,", "a plan has a code"),
        ("X1,试,,,1,perhaps,", "say yes or no"),
        ("X1,试,,,many,no,", "many"),
        ("X1,试,,,1,no,soon", "soon"),
        ("X1,试", "line 2"),
        (f"X1,试,{';'.join(f'{s}:1' for s in SKILLS[:7])},,1,no,", "at most 6"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_the_cure(line, named):
    with pytest.raises(ResponsePlansError, match="line 2") as refused:
        read(line)
    assert named in str(refused.value)


def test_a_missing_column_and_a_doubled_plan_are_refused():
    with pytest.raises(ResponsePlansError, match="no column hard"):
        read_response_plans(TABLE.replace("hard", "heart", 1))
    with pytest.raises(ResponsePlansError, match="X1 is there twice"):
        read("X1,a,,,1,no,", "X1,b,,,1,no,")
