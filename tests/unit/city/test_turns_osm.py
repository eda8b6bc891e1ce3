"""Turn restrictions of OpenStreetMap relations: what is taken, and why the rest is not."""

import osmium
import pytest
from osmium.osm import mutable
from unit.city.osm_town import write_town_pbf

from kuaifan.city.check import check_city
from kuaifan.city.clip import Box, clip_to_box
from kuaifan.city.import_map import ImportOptions, import_city
from kuaifan.city.info import city_info
from kuaifan.city.read_osm import read_osm
from kuaifan.roads.build import build_network
from kuaifan.roads.raw import BLOCKED_MS, TurnRule

# 1 in the middle, 2 north, 3 east, 4 south, 5 west; each arm is the way of its end.
PLACES = [(114.0, 22.5), (114.0, 22.501), (114.001, 22.5), (114.0, 22.499), (113.999, 22.5)]
MEMBERS = [("w", 4, "from"), ("n", 1, "via"), ("w", 5, "to")]


def write_cross(path, *relations, barriers=()):
    with osmium.SimpleWriter(str(path)) as writer:
        for node_id, place in enumerate(PLACES, start=1):
            tags = dict(barriers).get(node_id, {})
            writer.add_node(mutable.Node(id=node_id, location=place, tags=tags))
        for way_id in (2, 3, 4, 5):
            tags = {"highway": "residential", "name": f"{way_id}"}
            writer.add_way(mutable.Way(id=way_id, nodes=[way_id, 1], tags=tags))
        path_tags = {"highway": "footway"}
        writer.add_way(mutable.Way(id=9, nodes=[1, 3], tags=path_tags))
        for i, (more, members) in enumerate(relations, start=1):
            tags = {"type": "restriction", **more}
            writer.add_relation(mutable.Relation(id=i, members=members, tags=tags))
    return path


def read_one(path, tags, members=MEMBERS):
    raw, _ = read_osm(write_cross(path, (tags, members)))
    causes = {cause for cause, n in raw.dropped.items() if n and cause.startswith("turn_")}
    return [rule.kind for rule in raw.turn_rules], causes


@pytest.mark.parametrize(
    ("tags", "kinds"),
    [
        ({"restriction": "no_left_turn"}, ["no_left_turn"]),
        ({"restriction": "only_straight_on"}, ["only_straight_on"]),
        ({"restriction:motorcar": "no_u_turn"}, ["no_u_turn"]),
        ({"type": "restriction:motor_vehicle", "restriction": "no_entry"}, ["no_entry"]),
        ({"restriction": "no_right_turn", "except": "psv;bicycle"}, ["no_right_turn"]),
        ({"restriction:hgv": "no_exit", "restriction": "no_left_turn"}, ["no_left_turn"]),
    ],
)
def test_a_turn_forbidden_to_cars_is_taken(tmp_path, tags, kinds):
    assert read_one(tmp_path / "a.osm.pbf", tags) == (kinds, set())


@pytest.mark.parametrize(
    ("tags", "cause"),
    [
        ({"restriction:conditional": "no_left_turn @ (07:00-09:00)"}, "turn_conditional"),
        ({"restriction": "no_left_turn", "hour_on": "07:00"}, "turn_conditional"),
        ({"restriction:hgv": "no_left_turn"}, "turn_not_for_cars"),
        ({"type": "restriction:hgv", "restriction": "no_left_turn"}, "turn_not_for_cars"),
        ({"restriction": "no_left_turn", "except": "emergency; psv"}, "turn_not_for_cars"),
        ({"restriction": "no_left_turn", "except": "motorcar"}, "turn_not_for_cars"),
        ({"restriction": "turn_twice"}, "turn_unknown_kind"),
        ({}, "turn_unknown_kind"),
    ],
)
def test_what_does_not_plainly_forbid_cars_a_turn_is_counted_by_its_cause(tmp_path, tags, cause):
    assert read_one(tmp_path / "a.osm.pbf", tags) == ([], {cause})


@pytest.mark.parametrize(
    ("members", "cause"),
    [
        (MEMBERS[:2], "turn_incomplete"),
        (MEMBERS[1:], "turn_incomplete"),
        ([MEMBERS[0], MEMBERS[2]], "turn_incomplete"),
        ([*MEMBERS, ("w", 3, "to")], "turn_incomplete"),
        ([MEMBERS[0], MEMBERS[1], ("w", 77, "to")], "turn_incomplete"),
        ([MEMBERS[0], ("n", 77, "via"), MEMBERS[2]], "turn_incomplete"),
        ([MEMBERS[0], ("w", 77, "via"), MEMBERS[2]], "turn_incomplete"),
        ([*MEMBERS, ("w", 3, "via")], "turn_incomplete"),
    ],
)
def test_a_rule_with_missing_or_too_many_members_is_counted(tmp_path, members, cause):
    tags = {"restriction": "no_left_turn"}
    assert read_one(tmp_path / "a.osm.pbf", tags, members) == ([], {cause})


def test_a_rule_may_lead_over_streets_in_their_order(tmp_path):
    over = [MEMBERS[0], ("w", 3, "via"), ("w", 2, "via"), MEMBERS[2]]
    raw, _ = read_osm(write_cross(tmp_path / "a.osm.pbf", ({"restriction": "no_u_turn"}, over)))
    assert raw.turn_rules == (TurnRule(1, 4, 0, 5, "no_u_turn", (3, 2)),)


def test_no_entry_has_several_streets_in_and_no_exit_several_out(tmp_path):
    entry = ({"restriction": "no_entry"}, [*MEMBERS, ("w", 2, "from")])
    leave = ({"restriction": "no_exit"}, [*MEMBERS, ("w", 3, "to")])
    raw, _ = read_osm(write_cross(tmp_path / "a.osm.pbf", entry, leave))
    assert raw.turn_rules == (
        TurnRule(1, 4, 1, 5, "no_entry"),
        TurnRule(1, 2, 1, 5, "no_entry"),
        TurnRule(2, 4, 1, 5, "no_exit"),
        TurnRule(2, 4, 1, 3, "no_exit"),
    )


def test_a_rule_reaches_the_network_and_one_over_a_footway_is_counted(tmp_path):
    plain = ({"restriction": "no_left_turn"}, MEMBERS)
    footway = ({"restriction": "no_left_turn"}, [("w", 9, "to"), *MEMBERS[:2]])
    raw, _ = read_osm(write_cross(tmp_path / "a.osm.pbf", plain, footway))
    network, report = build_network(raw)
    assert (report.turns.n_applied, report.turns.n_split, network.n_nodes) == (1, 1, 6)
    assert report.dropped == {"not_drivable": 1, "turn_not_driven": 1}


def test_rules_and_barriers_outlive_a_clip(tmp_path):
    rule = ({"restriction": "no_left_turn"}, MEMBERS)
    bollard = {2: {"barrier": "bollard"}}
    raw, _ = read_osm(write_cross(tmp_path / "a.osm.pbf", rule, barriers=bollard.items()))
    clipped = clip_to_box(raw, Box(22.4995, 113.9, 22.51, 114.1))
    assert (clipped.turn_rules, clipped.barrier_ms) == (raw.turn_rules, {2: BLOCKED_MS})
    _, report = build_network(clipped)
    assert report.dropped == {"not_drivable": 1, "outside_box": 1, "turn_not_driven": 1}


def test_an_import_says_what_rules_and_barriers_did(tmp_path):
    town = write_town_pbf(tmp_path / "town.osm.pbf", with_rules=True)
    report = import_city(town, tmp_path / "town", ImportOptions(), progress=lambda _: None)
    said = " ".join(report.notes)
    assert "2 junctions are split for 2 turn restrictions and 0 barriers" in said
    assert "1 gates are passed with a delay of 20 s each" in said
    assert report.build.dropped["turn_conditional"] == 1
    assert check_city(tmp_path / "town") == []
    roads = city_info(tmp_path / "town")["roads"]
    assert roads["turn_arcs"] > 0
    assert roads["one_way_arcs"] == 0
    assert roads["named_share"] == 1.0
