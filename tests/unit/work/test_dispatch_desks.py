"""Who may send whom (跨席派警), and one crew for two incidents close by (兼处)."""

from math import isclose

import pytest
from toy_city import (
    BURGLARY,
    EAST_DESK,
    FIGHT,
    MURDER,
    UNITS,
    Desk,
    corner,
    image,
    names,
    toy_reference,
)

from kuaifan.board.reference import UnitProfile
from kuaifan.policy.fleet import ASSIGNED, ON_SCENE
from kuaifan.vocabulary.incident import PlaceIncident, RecommendationMade, RecommendUnits
from kuaifan.vocabulary.order import (
    AcknowledgeOrder,
    AssignUnit,
    ReportArrival,
    ReportHandled,
    WithdrawUnit,
)
from kuaifan.vocabulary.reinforce import DivertUnit
from kuaifan.vocabulary.unit import EndShift, SetUnitStatus

EAST_CAR = UnitProfile(
    *("E1", "东巡01", "car", "patrol", ("patrol",), "SB-S", 2, 0, "day", 0, 24), desk_id=EAST_DESK
)
WEST, EAST = corner(4, 2), corner(4, 7)


@pytest.fixture
def desk():
    desk = Desk(toy_reference(EAST_CAR))
    desk.on_duty(*UNITS, "E1")
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def send(incident_id, unit_id, **more):
    return AssignUnit(incident_id=incident_id, unit_id=unit_id, **more)


# --- desks -----------------------------------------------------------------------------------


def test_a_district_desk_sends_its_own_unit_to_its_own_incident(desk):
    incident_id = desk.opened(FIGHT, EAST)
    assert desk.board.incidents[incident_id].desk_id == EAST_DESK
    record = desk.do(send(incident_id, "E1", desk_id=EAST_DESK))
    assert record.refusal is None


def test_beyond_its_own_a_desk_needs_the_name_of_who_approves(desk):
    east, west = desk.opened(FIGHT, EAST), desk.opened(FIGHT, WEST)
    assert desk.code(send(east, "P1", desk_id=EAST_DESK)) == "other_desk"
    assert desk.code(send(west, "E1", desk_id=EAST_DESK)) == "other_desk"
    record = desk.do(send(east, "P1", desk_id=EAST_DESK, approved_by="Chen"))
    assert record.events[0].approved_by == "Chen"


def test_the_city_desk_sends_any_unit_anywhere(desk):
    east, west = desk.opened(FIGHT, EAST), desk.opened(FIGHT, WEST)
    assert desk.do(send(east, "P1", desk_id="city")).refusal is None
    assert desk.do(send(west, "E1")).refusal is None


def test_a_desk_that_is_not_there_sends_nobody(desk):
    incident_id = desk.opened(FIGHT, EAST)
    assert desk.code(send(incident_id, "E1", desk_id="nowhere")) == "unknown_desk"


def test_a_diversion_keeps_to_the_desks_too(desk):
    light, grave = desk.opened(FIGHT, EAST), desk.opened(MURDER, WEST)
    desk.sent(light, "E1")
    divert = DivertUnit(unit_id="E1", incident_id=grave, reason="r", desk_id=EAST_DESK)
    assert desk.code(divert) == "other_desk"


def test_the_ranking_of_a_districts_incident_says_which_units_are_anothers(desk):
    def others(incident_id):
        record = desk.do(RecommendUnits(incident_id=incident_id))
        made = next(e for e in record.events if isinstance(e, RecommendationMade))
        said = {c.unit_id: {r.code for r in c.reasons} for c in made.candidates}
        return {unit_id for unit_id, codes in said.items() if "other_desk" in codes}

    assert "P1" in others(desk.opened(FIGHT, EAST))
    assert "E1" not in others(desk.opened(FIGHT, EAST))
    assert others(desk.opened(FIGHT, WEST)) == set()


# --- beside ----------------------------------------------------------------------------------


@pytest.fixture
def there(desk):
    """P1 is on scene at a fight in the middle."""
    incident_id = desk.opened(FIGHT, corner(4, 4))
    desk.do(ReportArrival(order_id=desk.sent(incident_id, "P1")))
    return incident_id


def beside(incident_id, unit_id="P1", **more):
    return send(incident_id, unit_id, beside=True, **more)


def test_a_crew_on_scene_sees_to_what_is_next_door_too(desk, there):
    near = desk.opened(BURGLARY, corner(4, 3))
    record = desk.do(beside(near))
    board, unit = desk.board, desk.board.units["P1"]
    assert record.events[0].beside
    assert (unit.order_id, unit.beside_order_ids) == (f"{there}-1", [f"{near}-1"])
    assert board.fleet.state[board.fleet.index["P1"]] == ON_SCENE
    assert near not in board.waiting
    assert desk.code(send(near, "P1")) == "unit_not_available"


def test_the_order_beside_has_its_own_stamps(desk, there):
    near = desk.opened(BURGLARY, corner(4, 3))
    desk.do(beside(near), at_s=100)
    desk.do(AcknowledgeOrder(order_id=f"{near}-1"), at_s=110)
    desk.do(ReportArrival(order_id=f"{near}-1"), at_s=120)
    first, second = (desk.board.orders[f"{each}-1"] for each in (there, near))
    assert second.t5_ms - second.t4_ms == 10_000
    assert second.t7_ms - second.t4_ms == 20_000
    assert first.t5_ms == 0


def test_when_the_first_is_done_the_crew_goes_on_with_the_next(desk, there):
    near = desk.opened(BURGLARY, corner(4, 3))
    desk.do(beside(near))
    record = desk.do(ReportHandled(order_id=f"{there}-1"))
    board, row = desk.board, desk.board.fleet.index["P1"]
    assert (board.units["P1"].order_id, board.units["P1"].beside_order_ids) == (f"{near}-1", [])
    assert isclose(board.fleet.dest_lon[row], corner(4, 3)[1])
    assert "RecommendationMade" not in names(record)
    desk.do(ReportHandled(order_id=f"{near}-1"))
    assert (board.units["P1"].order_id, board.units["P1"].status) == ("", "returning")


def test_the_order_beside_may_end_first_or_be_called_back(desk, there):
    one, other = desk.opened(BURGLARY, corner(4, 3)), desk.opened(BURGLARY, corner(4, 5))
    desk.do(beside(one))
    desk.do(beside(other))
    desk.do(ReportHandled(order_id=f"{one}-1"))
    desk.do(WithdrawUnit(order_id=f"{other}-1", reason="r"))
    unit = desk.board.units["P1"]
    assert (unit.order_id, unit.beside_order_ids) == (f"{there}-1", [])
    assert other in desk.board.waiting


@pytest.mark.usefixtures("there")
def test_a_moved_incident_beside_does_not_turn_the_crew_round(desk):
    near = desk.opened(BURGLARY, corner(4, 3))
    desk.do(beside(near))
    lat, lon = corner(0, 0)
    desk.do(PlaceIncident(incident_id=near, lat=lat, lon=lon))
    row = desk.board.fleet.index["P1"]
    assert isclose(desk.board.fleet.dest_lat[row], corner(4, 4)[0])


def test_a_shift_does_not_end_on_either_of_two_orders(desk, there):
    near = desk.opened(BURGLARY, corner(4, 3))
    desk.do(beside(near))
    desk.do(ReportHandled(order_id=f"{there}-1"))
    assert desk.code(EndShift(unit_id="P1")) == "order_open"


def test_only_from_a_scene_close_by_and_to_another_incident(desk, there):
    assert desk.code(beside(desk.opened(FIGHT, corner(4, 6)))) == "too_far_beside"
    assert desk.code(beside(there)) == "same_incident"
    near = desk.opened(BURGLARY, corner(4, 3))
    assert desk.code(beside(near, "P2")) == "not_on_scene"
    desk.sent(desk.opened(FIGHT, corner(4, 3)), "P2")
    assert desk.code(beside(near, "P2")) == "not_on_scene"
    assert desk.code(beside(desk.opened(FIGHT))) == "not_placed"


@pytest.mark.usefixtures("there")
def test_what_is_grave_is_not_seen_to_by_the_way_without_a_name(desk):
    grave = desk.opened(MURDER, corner(4, 3))
    assert desk.code(beside(grave)) == "supervisor_needed"
    assert desk.do(beside(grave, approved_by="Chen")).refusal is None


@pytest.mark.usefixtures("there")
def test_one_crew_keeps_only_so_many_apart(desk):
    for _ in range(3):
        desk.do(beside(desk.opened(BURGLARY, corner(4, 3))))
    assert desk.code(beside(desk.opened(BURGLARY, corner(4, 3)))) == "too_many_beside"


def test_a_crew_with_more_to_see_to_is_not_offered_for_a_diversion(desk, there):
    for spot in (corner(4, 3), corner(4, 5)):
        desk.do(beside(desk.opened(BURGLARY, spot)))
    desk.do(ReportHandled(order_id=f"{there}-1"))
    assert desk.board.fleet.state[desk.board.fleet.index["P1"]] == ASSIGNED
    for unit_id in (*UNITS, "E1"):
        if unit_id != "P1":
            desk.do(SetUnitStatus(unit_id=unit_id, status="meal"))
    record = desk.do(RecommendUnits(incident_id=desk.opened(MURDER, corner(4, 3))))
    made = next(e for e in record.events if isinstance(e, RecommendationMade))
    assert (made.candidates, made.diversions) == ((), ())
