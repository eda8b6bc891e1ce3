"""Settings (设置): each change is decided, kept on the board, and held to from then on."""

import pytest
from toy_city import EAST_DESK, FIGHT, JAM, MURDER, Desk, corner, image

from kuaifan.policy.fleet import skill_mask
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders
from kuaifan.vocabulary import reinforce, seat, setting
from kuaifan.vocabulary import unit as units

SIGNED = {"by": "Li", "reason": "order 12"}
NEW_TYPE = {
    "code": "980101", "is_new": True, "name_cn": "无人机扰航", "class_key": "road_traffic",
    "priority": 2, "plan": "C1", "route": "dispatch", "min_units": 2,
}  # fmt: skip
NEW_UNIT = {
    "unit_id": "P0", "is_new": True, "call_sign": "巡逻 900", "kind": "patrol_car",
    "line": "patrol", "skills": ("patrol", "armed"), "home_post_id": "KS-M",
}  # fmt: skip


@pytest.fixture
def desk():
    made = Desk()
    yield made
    assert image(made.engine.state) == image(made.rebuilt())


def change(desk, command, **fields):
    record = desk.do(command(**SIGNED, **fields))
    assert record.refusal is None, record.refusal
    return record


def refused(desk, command, **fields):
    return desk.do(command(**{**SIGNED, **fields})).refusal.code


def arrival(desk, target_s, **fields):
    fields = {"area_class": "urban", "priority": 3} | fields
    return change(desk, setting.ChangeArrivalTarget, target_s=target_s, **fields)


def test_a_new_arrival_target_holds_for_the_city_and_says_what_it_replaces(desk):
    record = arrival(desk, 240)
    assert desk.board.reference.target_ms(3, "urban") == 240_000
    assert record.events[0].changes == (setting.FieldChange("target_s", "180", "240"),)


def test_a_desk_has_targets_of_its_own(desk):
    arrival(desk, 240, desk_id=EAST_DESK)
    assert desk.board.reference.target_ms(3, "urban") == 180_000
    assert desk.board.reference.target_ms(3, "urban", EAST_DESK) == 240_000


def test_the_citys_own_data_stay_as_they_were(desk):
    arrival(desk, 240)
    assert desk.board.city.target_ms(3, "urban") == desk.reference.target_ms(3, "urban") == 180_000


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"target_s": 3}, "out_of_bounds"),
        ({"target_s": 90_000}, "out_of_bounds"),
        ({"area_class": "moon"}, "unknown_area_class"),
        ({"desk_id": "nowhere"}, "unknown_desk"),
        ({"by": " "}, "no_name"),
        ({"reason": ""}, "reason_needed"),
        ({"target_s": 180}, "nothing_changed"),
    ],
)
def test_an_arrival_target_is_refused_in_words(desk, fields, code):
    fields = {"area_class": "urban", "priority": 3, "target_s": 240} | fields
    assert refused(desk, setting.ChangeArrivalTarget, **fields) == code


def test_who_waits_is_measured_by_a_new_first_order_target_at_once(desk):
    incident_id = desk.opened(FIGHT, corner(4, 4))
    priority = desk.board.incidents[incident_id].priority
    change(desk, setting.ChangeFirstOrderTarget, priority=priority, target_s=10)
    desk.run_until(desk.now_s + 7)
    assert f"queue:{incident_id}" in desk.board.alarms


def test_a_desk_keeps_the_other_first_order_targets_of_the_city(desk):
    city = desk.board.reference.clocks.first_order_ms
    change(desk, setting.ChangeFirstOrderTarget, priority=2, target_s=45, desk_id=EAST_DESK)
    found = [desk.board.reference.first_order_ms(p, EAST_DESK) for p in range(1, 6)]
    assert found == [city[0], 45_000, *city[2:]]


def test_a_first_order_target_has_bounds(desk):
    fields = {"priority": 1, "target_s": 1}
    assert refused(desk, setting.ChangeFirstOrderTarget, **fields) == "out_of_bounds"


def test_an_order_reminds_by_the_new_clock(desk):
    desk.on_duty("P1")
    change(desk, setting.ChangeClock, clock="unsigned", levels=(10, 20, 40))
    order_id = desk.sent(desk.opened(FIGHT, corner(4, 4)), "P1")
    desk.run_until(desk.now_s + 21)
    assert desk.board.orders[order_id].unsigned_level == 2


def test_a_clock_of_one_level_and_one_of_shares_can_be_changed(desk):
    change(desk, setting.ChangeClock, clock="feedback", levels=(900,))
    change(desk, setting.ChangeClock, clock="queue", levels=(50, 90))
    clocks = desk.board.reference.clocks
    assert (clocks.feedback_ms, clocks.queue_permille) == (900_000, (500, 900))


@pytest.mark.parametrize(
    ("levels", "code"),
    [
        ((10, 20), "wrong_levels"),
        ((30, 20, 90), "levels_not_rising"),
        ((1, 60, 90), "out_of_bounds"),
        ((30, 60, 90), "nothing_changed"),
    ],
)
def test_a_clock_is_refused_in_words(desk, levels, code):
    assert refused(desk, setting.ChangeClock, clock="unsigned", levels=levels) == code


def test_a_changed_type_is_what_the_next_incident_gets(desk):
    before = desk.opened(FIGHT, corner(4, 4))
    was = desk.board.incidents[before].priority
    change(desk, setting.ChangeIncidentType, code=FIGHT, priority=1, min_units=2, name_cn="群殴")
    after = desk.board.incidents[desk.opened(FIGHT, corner(4, 4))]
    assert (after.priority, after.n_needed) == (1, 2)
    assert desk.board.incidents[before].priority == was


def test_a_new_type_can_be_given(desk):
    change(desk, setting.ChangeIncidentType, **NEW_TYPE)
    opened = desk.board.incidents[desk.opened("980101", corner(4, 4))]
    assert (opened.priority, opened.n_needed) == (2, 2)


def test_a_retired_type_is_given_to_nobody_and_kept_by_who_has_it(desk):
    old = desk.opened(FIGHT, corner(4, 4))
    change(desk, setting.ChangeIncidentType, code=FIGHT, is_retired=True)
    assert desk.do(incidents.OpenIncident(type_code=FIGHT)).refusal.code == "type_retired"
    told = desk.do(incidents.UpdateIncident(incident_id=old, narrative="more"))
    assert told.refusal is None
    change(desk, setting.ChangeIncidentType, code=FIGHT, is_retired=False)
    assert desk.do(incidents.OpenIncident(type_code=FIGHT)).refusal is None


def test_a_type_that_a_rule_leads_to_is_not_retired(desk):
    rule = next(each for each in desk.reference.priority_rules if each.to_type)
    needed = desk.reference.types_by_key[rule.to_type].code
    fields = {"code": needed, "is_retired": True}
    assert refused(desk, setting.ChangeIncidentType, **fields) == "type_needed"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"code": FIGHT}, "code_taken"),
        ({"is_new": False}, "unknown_setting"),
        ({"code": ""}, "bad_code"),
        ({"plan": "Z9"}, "unknown_plan"),
        ({"route": "by_balloon"}, "unknown_route"),
        ({"class_key": "weather"}, "unknown_class"),
        ({"name_cn": None}, "field_missing"),
        ({"name_cn": " "}, "field_missing"),
        ({"min_units": 999}, "out_of_bounds"),
    ],
)
def test_a_type_is_refused_in_words(desk, fields, code):
    assert refused(desk, setting.ChangeIncidentType, **NEW_TYPE | fields) == code


def test_a_second_type_of_the_same_name_is_refused(desk):
    name = desk.reference.types[FIGHT].name_cn
    fields = NEW_TYPE | {"name_cn": name}
    assert refused(desk, setting.ChangeIncidentType, **fields) == "name_taken"


def test_an_open_incident_waits_for_what_its_plan_asks_now(desk):
    desk.on_duty("P2")
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.sent(incident_id, "P2")
    assert incident_id not in desk.board.waiting
    plan = desk.board.incidents[incident_id].plan
    change(desk, setting.ChangeResponsePlan, code=plan, hard=("armed:1",))
    assert incident_id in desk.board.waiting


def test_what_waits_is_ranked_anew_for_what_its_plan_asks_now(desk):
    desk.on_duty("P1", "P2")
    incident_id, other_id = desk.opened(FIGHT, corner(4, 4)), desk.opened(JAM, corner(4, 4))
    plan = desk.board.incidents[incident_id].plan
    assert plan != desk.board.incidents[other_id].plan
    record = change(desk, setting.ChangeResponsePlan, code=plan, hard=("armed:1",))
    made = [event for event in record.events if isinstance(event, incidents.RecommendationMade)]
    assert [(each.incident_id, each.team) for each in made] == [(incident_id, ("P1",))]


def test_a_plan_says_how_many_go_at_least(desk):
    plan = desk.reference.types[FIGHT].plan
    change(desk, setting.ChangeResponsePlan, code=plan, at_least=3)
    assert desk.board.incidents[desk.opened(FIGHT, corner(4, 4))].n_needed == 3


def test_a_new_plan_can_be_used_by_a_type(desk):
    plan = {
        "code": "X1",
        "is_new": True,
        "name_cn": "无人机",
        "at_least": 2,
        "wish": ("traffic:1",),
    }
    change(desk, setting.ChangeResponsePlan, **plan)
    change(desk, setting.ChangeIncidentType, code=JAM, plan="X1")
    assert desk.board.incidents[desk.opened(JAM, corner(4, 4))].n_needed == 2


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"hard": ("wings:1",)}, "bad_capability"),
        ({"hard": ("armed",)}, "bad_capability"),
        ({"hard": ("armed:1",), "wish": ("armed:2",)}, "bad_capability"),
        ({"at_least": 0}, "out_of_bounds"),
        ({"name_cn": ""}, "field_missing"),
        ({"code": "Z9"}, "unknown_setting"),
        ({}, "nothing_changed"),
    ],
)
def test_a_plan_is_refused_in_words(desk, fields, code):
    assert refused(desk, setting.ChangeResponsePlan, **{"code": "C1"} | fields) == code


def test_a_new_unit_goes_on_duty_and_is_sent(desk):
    desk.on_duty("P2")
    change(desk, setting.ChangeUnitProfile, **NEW_UNIT)
    desk.do(units.StartShift(unit_id="P0", n_officers=2))
    desk.fix("P0", *corner(4, 4))
    incident_id = desk.opened(MURDER, corner(4, 4))
    assert "P0" in desk.board.incidents[incident_id].recommended_unit_ids
    order_id = desk.sent(incident_id, "P0")
    assert desk.board.orders[order_id].unit_id == "P0"


def test_a_new_unit_leaves_the_others_where_they_are(desk):
    desk.on_duty("P1", "P2")
    fleet = desk.board.fleet
    before = {u: (fleet.arc[i], fleet.state[i], fleet.lat[i]) for u, i in fleet.index.items()}
    change(desk, setting.ChangeUnitProfile, **NEW_UNIT)
    fleet = desk.board.fleet
    after = {u: (fleet.arc[i], fleet.state[i], fleet.lat[i]) for u, i in fleet.index.items()}
    after.pop("P0")
    assert str(after) == str(before)


def test_a_unit_off_duty_is_as_its_new_papers_say(desk):
    fields = {"skills": ("forensics",), "line": "station", "desk_id": EAST_DESK}
    change(desk, setting.ChangeUnitProfile, unit_id="P2", home_post_id="SB-S", **fields)
    unit = desk.board.units["P2"]
    assert (unit.skills, unit.line, unit.desk_id) == (("forensics",), "station", EAST_DESK)
    assert (unit.home_post_id, unit.post_id) == ("SB-S", "SB-S")


def test_a_crew_on_duty_may_get_another_call_sign_and_nothing_else(desk):
    desk.on_duty("P2")
    change(desk, setting.ChangeUnitProfile, unit_id="P2", call_sign="巡逻 777")
    assert desk.board.units["P2"].call_sign == "巡逻 777"
    fields = {"unit_id": "P2", "skills": ("armed",)}
    assert refused(desk, setting.ChangeUnitProfile, **fields) == "on_duty"
    desk.sent(desk.opened(FIGHT, corner(4, 4)), "P2")
    fields = {"unit_id": "P2", "is_retired": True}
    assert refused(desk, setting.ChangeUnitProfile, **fields) == "unit_bound"


def test_what_a_crew_brought_to_its_shift_stays_when_the_unit_is_renamed(desk):
    desk.on_duty("P1")
    desk.do(units.StartShift(unit_id="P2", n_officers=2, skills=("mediation", "patrol")))
    change(desk, setting.ChangeUnitProfile, unit_id="P2", call_sign="巡逻 777")
    fleet = desk.board.fleet
    assert desk.board.units["P2"].skills == ("patrol", "mediation")
    assert fleet.skills[fleet.index["P2"]] == skill_mask(("patrol", "mediation"))
    desk.do(units.EndShift(unit_id="P2"))
    assert desk.board.units["P2"].skills == ("patrol",)
    change(desk, setting.ChangeUnitProfile, unit_id="P2", skills=("armed",))
    assert desk.board.units["P2"].skills == ("armed",)


def test_a_retired_unit_does_not_go_on_duty_until_it_is_back(desk):
    change(desk, setting.ChangeUnitProfile, unit_id="P2", is_retired=True)
    started = units.StartShift(unit_id="P2", n_officers=2)
    assert desk.do(started).refusal.code == "unit_retired"
    change(desk, setting.ChangeUnitProfile, unit_id="P2", is_retired=False)
    assert desk.do(started).refusal is None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"kind": "tank"}, "unknown_kind"),
        ({"line": "navy"}, "unknown_line"),
        ({"skills": ("wings",)}, "unknown_skill"),
        ({"home_post_id": "moon"}, "unknown_post"),
        ({"desk_id": "nowhere"}, "unknown_desk"),
        ({"n_officers": 0}, "out_of_bounds"),
        ({"n_officers": 300}, "out_of_bounds"),
        ({"call_sign": "call P1"}, "call_sign_taken"),
        ({"call_sign": ""}, "call_sign_taken"),
        ({"call_sign": None}, "field_missing"),
        ({"unit_id": "P1"}, "code_taken"),
        ({"is_new": False}, "unknown_setting"),
    ],
)
def test_a_unit_is_refused_in_words(desk, fields, code):
    assert refused(desk, setting.ChangeUnitProfile, **NEW_UNIT | fields) == code


def seat_of(desk, **fields):
    fields = {"seat_id": "S1", "is_new": True, "skills": ("traffic",), "desk_id": "city"} | fields
    return change(desk, setting.ChangeSeatProfile, **fields)


def test_who_logs_on_is_held_to_the_register_of_the_seat(desk):
    seat_of(desk, number="01", extension="8001")
    log_on = {"seat_id": "S1", "person": "Wang"}
    beyond = seat.LogOnSeat(**log_on, skills=("dv",))
    assert desk.do(beyond).refusal.code == "seat_skill"
    elsewhere = seat.LogOnSeat(**log_on, desk_id=EAST_DESK)
    assert desk.do(elsewhere).refusal.code == "seat_of_other_desk"
    assert desk.do(seat.LogOnSeat(**log_on, skills=("traffic",))).refusal is None


def test_who_logs_on_has_the_telephone_of_the_register(desk):
    seat_of(desk, extension="8001")
    assert desk.do(seat.LogOnSeat(seat_id="S1", person="Wang")).refusal is None
    assert desk.board.desk_seats["S1"].extension == "8001"
    other = desk.do(seat.LogOnSeat(seat_id="S1", person="Wang", extension="8002"))
    assert other.refusal.code == "seat_extension"
    assert "8001" in other.refusal.reason_zh
    assert desk.do(seat.LogOnSeat(seat_id="S1", person="Wang", extension="8001")).refusal is None
    elsewhere = desk.do(seat.LogOnSeat(seat_id="S2", person="Zhao", extension="8001"))
    assert elsewhere.refusal.code == "extension_taken"


def test_a_telephone_of_the_register_is_one_that_can_be_dialled(desk):
    fields = {"seat_id": "S1", "is_new": True, "extension": "内线 8001"}
    assert refused(desk, setting.ChangeSeatProfile, **fields) == "bad_extension"


def test_a_seat_is_retired_once_nobody_sits_there(desk):
    seat_of(desk)
    desk.do(seat.LogOnSeat(seat_id="S1", person="Wang"))
    fields = {"seat_id": "S1", "is_retired": True}
    assert refused(desk, setting.ChangeSeatProfile, **fields) == "seat_taken"
    desk.do(seat.LogOffSeat(seat_id="S1"))
    change(desk, setting.ChangeSeatProfile, **fields)
    again = seat.LogOnSeat(seat_id="S1", person="Wang")
    assert desk.do(again).refusal.code == "seat_retired"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"skills": ("wings",)}, "unknown_skill"),
        ({"desk_id": "nowhere"}, "unknown_desk"),
        ({"is_new": False}, "unknown_setting"),
    ],
)
def test_a_seat_is_refused_in_words(desk, fields, code):
    fields = {"seat_id": "S1", "is_new": True} | fields
    assert refused(desk, setting.ChangeSeatProfile, **fields) == code


def test_a_template_is_kept_changed_and_retired(desk):
    fields = {"template_id": "fire-1", "use": "safety", "text_zh": "请远离火场"}
    change(desk, setting.ChangeTemplate, is_new=True, **fields)
    change(desk, setting.ChangeTemplate, template_id="fire-1", text_zh="请远离火场，不要返回")
    change(desk, setting.ChangeTemplate, template_id="fire-1", is_retired=True)
    settings = desk.board.settings
    assert settings.templates["fire-1"].text_zh == "请远离火场，不要返回"
    assert settings.is_retired("template", "fire-1")


def test_a_template_without_words_is_refused(desk):
    fields = {"template_id": "t", "is_new": True, "text_zh": " "}
    assert refused(desk, setting.ChangeTemplate, **fields) == "field_missing"


def test_the_list_of_changes_names_who_when_and_why_and_an_undo_is_one_more(desk):
    arrival(desk, 240)
    arrival(desk, 180)
    first, second = desk.board.settings.changes
    assert (first.kind, first.key, first.by, first.reason) == (
        *("arrival_target", "|urban|3"), "Li", "order 12",
    )  # fmt: skip
    assert first.at_ms <= second.at_ms
    assert first.changes[0].old == second.changes[0].new


def test_a_unit_found_by_an_own_initiative_of_a_new_type(desk):
    change(desk, setting.ChangeIncidentType, **NEW_TYPE)
    desk.on_duty("P1")
    record = desk.do(reinforce.SelfInitiate(unit_id="P1", type_code="980101"))
    assert record.refusal is None
    order_id = next(iter(desk.board.orders))
    assert isinstance(desk.board.orders[order_id].t4_ms, int)
    assert desk.do(orders.ReportHandled(order_id=order_id)).refusal is None
