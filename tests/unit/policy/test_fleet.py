"""The fleet as arrays: rows by unit id, skills as bits, states that may be sent."""

from __future__ import annotations

import numpy as np
import pytest
from unit.policy.made_fleets import fleet_of

from kuaifan.policy import fleet as rows
from kuaifan.policy.fleet import LINES, SKILLS, Fleet, FleetRow, skill_mask


def test_rows_stand_by_unit_id_whatever_the_order_given():
    fleet = Fleet([FleetRow("b", "station", ()), FleetRow("a", "patrol", ("armed",))])
    assert fleet.unit_ids == ("a", "b")
    assert fleet.index == {"a": 0, "b": 1}
    assert fleet.line.tolist() == [LINES["patrol"], LINES["station"]]
    assert fleet.skills.tolist() == [skill_mask(["armed"]), 0]
    assert len(fleet) == 2


def test_a_new_fleet_is_off_duty_and_nowhere():
    fleet = Fleet([FleetRow("a", "traffic", ())])
    assert not fleet.available().any()
    assert fleet.arc.tolist() == fleet.heading_deg.tolist() == [-1]
    assert np.isnan([fleet.lat, fleet.lon, fleet.dest_lat, fleet.dest_lon]).all()


def test_standby_post_patrol_and_way_back_may_be_sent():
    states = [*range(rows.ON_SCENE + 1)]
    fleet = fleet_of(*((f"u{state}", "patrol", (), state) for state in states))
    free = {state for state, is_free in zip(states, fleet.available(), strict=True) if is_free}
    assert free == {rows.STANDBY, rows.AT_POST, rows.PATROLLING, rows.RETURNING}


def test_each_skill_has_a_bit_of_its_own():
    masks = [skill_mask([skill]) for skill in SKILLS]
    assert sum(masks) == skill_mask(SKILLS) == 2 ** len(SKILLS) - 1
    assert skill_mask([]) == 0


def test_what_is_unknown_or_double_is_named():
    with pytest.raises(ValueError, match="skill 'flying' is unknown; known are patrol, "):
        skill_mask(["patrol", "flying"])
    with pytest.raises(ValueError, match=r"unit a: line 'navy' is unknown; use \['patrol', "):
        Fleet([FleetRow("a", "navy", ())])
    with pytest.raises(ValueError, match="two units have the same id"):
        Fleet([FleetRow("a", "patrol", ()), FleetRow("a", "station", ())])
