"""The rules of priority (要素定级): every type with every fact says what the table says."""

import csv

import pytest
from toy_city import RULES_FILE, TYPES_FILE

from kuaifan.kernel.errors import BadInputError
from kuaifan.vocabulary.facts import FACTS
from kuaifan.vocabulary.incident_types import read_incident_types
from kuaifan.vocabulary.priority_rules import (
    COLUMNS,
    find_raised,
    list_rules,
    list_suggestions,
    read_priority_rules,
    retyped,
)

TYPES = read_incident_types(TYPES_FILE.read_text(encoding="utf-8"))
BY_KEY = {each.key: each for each in TYPES.values()}
RULES = read_priority_rules(RULES_FILE.read_text(encoding="utf-8"))

# Each text of the table of types by hand: (type, facts that fire it, priority it gives).
RAISED = [
    ("theft_property", ["suspect_present"], 2),
    ("extortion", ["ongoing"], 2),
    ("criminal_damage", ["ongoing"], 2),
    ("fight_in_progress", ["weapon", "crowd"], 1),
    ("assault_past", ["injury"], 2),
    ("dv_past", ["repeat", "weapon", "child"], 2),
    ("threat_harassment", ["suspect_present"], 2),
    ("petty_theft_fraud", ["suspect_present"], 2),
    ("property_damage", ["ongoing"], 2),
    ("disorder", ["violence"], 2),
    ("dog", ["ongoing"], 2),
    ("collision_nonmotor", ["injury"], 2),
    ("collision_single", ["injury"], 2),
    ("collision_nonmotor_only", ["injury"], 2),
    ("utility_hazard", ["danger"], 2),
    ("crowd_disorder", ["violence"], 1),
    ("relationship_dispute", ["threat"], 2),
    ("debt_dispute", ["detained", "violence"], 2),
    ("person_trapped", ["child", "trapped_in_heat"], 1),
    ("medical_emergency", ["unconscious"], 1),
    ("mental_crisis", ["weapon"], 1),
    ("missing_vulnerable", ["under_ten", "trapped_in_heat", "cold_or_water"], 1),
    ("missing_adult", ["harm_suspected"], 2),
    ("lockout", ["child", "fire"], 2),
    ("hazard_report", ["danger"], 3),
    ("municipal_facility", ["danger"], 3),
    ("intrusion_alarm", ["verified"], 2),
    ("silent_abandoned", ["distress", "protected_place", "danger"], 1),
]
RETYPED = [
    ("family_dispute", "violence", "dv_in_progress"),
    ("neighbour_dispute", "violence", "fight_in_progress"),
]
SUGGESTED = ["kidnap_hostage", "sexual_assault", "inbound_12345", "silent_abandoned"]
GENERAL = [
    ("burglary_cold", "weapon", 1),
    ("other_dispute", "weapon", 1),
    ("noise", "injury", 2),
    ("burglary_cold", "ongoing", 2),
    ("vehicle_theft", "suspect_present", 2),
    ("noise", "repeat", 3),
    ("assault_past", "repeat", 2),
    ("family_dispute", "child", 2),
    ("consumer_dispute", "crowd", 3),
    ("stranded", "danger", 2),
]
NOT_RAISED = [
    ("lost_property", "child"),
    ("lost_property", "weapon"),
    ("consumer_dispute", "child"),
    ("noise", "ongoing"),
    ("historic_missing", "child"),
    ("economic_crime", "ongoing"),
    ("nuisance", "weapon"),
    ("police_service_enquiry", "danger"),
]


def grade(key, *facts, answer="yes"):
    raised = find_raised(RULES, BY_KEY[key], dict.fromkeys(facts, answer))
    return raised.priority if raised else BY_KEY[key].priority


def said(rule, own):
    """What one line of the table gives a type of this priority, read anew from its columns."""
    if rule["step"]:
        return own if own <= 2 else max(2, own - int(rule["step"]))
    return min(own, int(rule["to_priority"] or own))


def table_says(incident_type, fact, lines):
    found = [line for line in lines if fact in line["facts"].split(";")]
    own = [line for line in found if incident_type.key in line["subjects"].split(";")]
    names = {
        f"class:{incident_type.class_key}",
        f"group:{incident_type.class_key}.{incident_type.group_key}",
        f"seat:{incident_type.seat}",
    }
    general = [
        line
        for line in found
        if names & set(line["subjects"].split(";"))
        and incident_type.plan not in line["except_plans"].split(";")
    ]
    grades = [said(line, incident_type.priority) for line in own or general]
    return min(grades, default=incident_type.priority)


def test_every_type_with_every_fact_gets_what_the_table_says_and_never_less_than_its_own():
    with RULES_FILE.open(encoding="utf-8", newline="") as table:
        lines = list(csv.DictReader(table))
    assert len(TYPES) == 123
    for incident_type in TYPES.values():
        for fact in FACTS:
            given = grade(incident_type.key, fact)
            assert given == table_says(incident_type, fact, lines), (incident_type.key, fact)
            assert given <= incident_type.priority
            for answer in ("no", "unknown"):
                assert grade(incident_type.key, fact, answer=answer) == incident_type.priority


def test_every_rule_of_the_table_of_types_is_encoded_word_for_word():
    with TYPES_FILE.open(encoding="utf-8", newline="") as table:
        texts = {row["key"]: row["priority_rule"] for row in csv.DictReader(table)}
    encoded = {rule.subjects[0]: rule.source for rule in RULES if rule.source}
    assert encoded == {key: text for key, text in texts.items() if text}
    tried = {row[0] for row in RAISED} | {row[0] for row in RETYPED} | set(SUGGESTED)
    assert tried == set(encoded)


@pytest.mark.parametrize(("key", "facts", "priority"), RAISED)
def test_the_rule_of_a_type_raises_it_for_any_of_its_facts(key, facts, priority):
    assert [grade(key, fact) for fact in facts] == [priority] * len(facts)
    assert BY_KEY[key].priority > priority


@pytest.mark.parametrize(("key", "fact", "to_key"), RETYPED)
def test_some_facts_make_another_type_of_it(key, fact, to_key):
    made = retyped(RULES, BY_KEY, BY_KEY[key], {fact: "yes"})
    assert made.key == to_key
    assert retyped(RULES, BY_KEY, BY_KEY[key], {fact: "no"}).key == key
    assert retyped(RULES, {}, BY_KEY[key], {fact: "yes"}).key == key


@pytest.mark.parametrize("key", SUGGESTED)
def test_what_would_lower_or_needs_judgement_is_said_in_words_only(key):
    assert len(list_suggestions(RULES, BY_KEY[key])) == 1
    assert not list_suggestions(RULES, BY_KEY["noise"])


@pytest.mark.parametrize(("key", "fact", "priority"), GENERAL)
def test_general_facts_raise_where_they_matter(key, fact, priority):
    assert grade(key, fact) == priority


@pytest.mark.parametrize(("key", "fact"), NOT_RAISED)
def test_a_fact_raises_nothing_where_it_does_not_matter(key, fact):
    assert grade(key, fact) == BY_KEY[key].priority


def test_a_types_own_rule_stands_in_place_of_the_general_one():
    assert grade("dv_past", "weapon") == 2
    assert [rule.subjects for rule in list_rules(RULES, BY_KEY["dv_past"], "weapon")] == [
        ("dv_past",)
    ]


def test_the_most_urgent_of_several_facts_counts_and_is_named():
    raised = find_raised(
        RULES, BY_KEY["noise"], {"weapon": "yes", "repeat": "yes", "injury": "yes"}
    )
    assert raised == (1, "weapon")


HEAD = ",".join(COLUMNS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("subjects,facts\n", "no column to_priority"),
        (f"{HEAD}\nnoise,sunshine,1,,,,,\n", "no fact sunshine"),
        (f"{HEAD}\nnoise,weapon,7,,,,,\n", "priority 7"),
        (f"{HEAD}\nnoise,weapon,,,,,,\n", "says nothing"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_by_name(text, words):
    with pytest.raises(BadInputError, match=words):
        read_priority_rules(text)
