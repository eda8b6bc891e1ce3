"""Which policy holds (现行派警策略): chosen by a person, for a desk and a time."""

import pytest
from toy_city import EAST_DESK, START_MS, Desk, image

from kuaifan.board.policies import policy_in_force
from kuaifan.vocabulary.desk import UsePolicy

DAY_MS = 86_400_000


@pytest.fixture
def desk():
    return Desk()


def use(desk, policy, desk_id="", *, from_s=0.0, until_s=0.0, at_s=None):
    command = UsePolicy(
        policy=policy,
        approved_by="chief Wang",
        desk_id=desk_id,
        from_ms=_instant(from_s),
        until_ms=_instant(until_s),
    )
    return desk.do(command, at_s=at_s)


def _instant(at_s):
    return START_MS + round(at_s * 1000) if at_s else 0


def held(desk, desk_id, at_s):
    return policy_in_force(desk.board, desk_id, START_MS + round(at_s * 1000))


def test_the_citys_own_policy_holds_where_nobody_has_chosen(desk):
    assert held(desk, "city", 0) == held(desk, EAST_DESK, 0) == "patrol_first"
    assert held(desk, "no such desk", 0) == "patrol_first"


def test_a_desks_own_choice_beats_the_one_for_all(desk):
    use(desk, "station_first", EAST_DESK, at_s=10)
    use(desk, "nearest", at_s=20)
    assert held(desk, EAST_DESK, 30) == "station_first"
    assert held(desk, "city", 30) == "nearest"


def test_the_last_choice_wins(desk):
    for policy in ("nearest", "station_first", "patrol_first", "nearest"):
        use(desk, policy, at_s=desk.now_s + 1)
    assert held(desk, "city", desk.now_s) == "nearest"


def test_a_choice_holds_from_its_first_moment_to_before_its_last(desk):
    use(desk, "nearest", from_s=100, until_s=200)
    found = [held(desk, "city", at_s) for at_s in (99.999, 100, 199.999, 200)]
    assert found == ["patrol_first", "nearest", "nearest", "patrol_first"]


def test_after_a_desks_own_time_the_general_choice_holds_again(desk):
    use(desk, "nearest", at_s=1)
    use(desk, "station_first", EAST_DESK, from_s=100, until_s=200)
    assert [held(desk, EAST_DESK, at_s) for at_s in (50, 150, 250)] == [
        *("nearest", "station_first", "nearest")
    ]


def test_the_event_says_who_approved_and_since_when(desk):
    event = use(desk, "nearest", EAST_DESK, at_s=60).events[0]
    assert (event.approved_by, event.desk_id) == ("chief Wang", EAST_DESK)
    assert (event.from_ms, event.until_ms) == (START_MS + 60_000, 0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"approved_by": ""}, "no_approver"),
        ({"desk_id": "moon"}, "unknown_desk"),
        ({"from_ms": START_MS + 200, "until_ms": START_MS + 200}, "no_time_left"),
        ({"until_ms": START_MS - 1}, "no_time_left"),
    ],
)
def test_a_choice_needs_a_name_a_desk_and_time(desk, fields, code):
    command = UsePolicy(**{"policy": "nearest", "approved_by": "chief"} | fields)
    assert desk.code(command) == code
    assert desk.board.policies == []


def test_what_can_hold_no_more_is_forgotten(desk):
    use(desk, "nearest", from_s=100, until_s=200)
    use(desk, "station_first", EAST_DESK, at_s=300)
    use(desk, "patrol_first", EAST_DESK, at_s=400)
    assert [(each.policy, each.desk_id) for each in desk.board.policies] == [
        ("nearest", ""),
        ("patrol_first", EAST_DESK),
    ]
    use(desk, "nearest", EAST_DESK, at_s=200 + 7 * DAY_MS / 1000 + 1)
    assert [each.desk_id for each in desk.board.policies] == [EAST_DESK]
    assert image(desk.rebuilt()) == image(desk.engine.state)


def test_a_choice_planned_for_later_leaves_the_present_one(desk):
    use(desk, "nearest", at_s=1)
    use(desk, "station_first", from_s=500)
    assert [held(desk, "city", at_s) for at_s in (100, 500)] == ["nearest", "station_first"]
