"""An administrator changes the data of a city that works (更改设置): seen, kept, replayed."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from random_lives import life, live
from toy_city import FIGHT, MURDER, UNITS, Desk, corner, image, toy_reference
from web_desk import Served

from kuaifan.app.call_aid import CallAid
from kuaifan.app.replay import Replay
from kuaifan.app.rules import new_board
from kuaifan.vocabulary import setting

SIGNED = {"by": "李工", "reason": "2026 年第 12 号通知"}
TARGET = {"area_class": "urban", "priority": 3, **SIGNED}
UNIT = {
    "unit_id": "P0", "is_new": True, "call_sign": "巡逻 900", "kind": "patrol_car",
    "line": "patrol", "home_post_id": "KS-M", **SIGNED,
}  # fmt: skip
TYPE = {
    "code": "980101", "is_new": True, "name_cn": "无人机扰航", "class_key": "road_traffic",
    "priority": 3, "plan": "C1", "route": "dispatch", **SIGNED,
}  # fmt: skip
PLACE = dict(zip(("lat", "lon"), corner(4, 5), strict=True))


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path) as desk:
        yield desk


@pytest.fixture
def admin(served):
    with served.client("admin") as client:
        yield client


def preview(client, command, **fields):
    return client.post(f"/v1/preview/{command}", json=fields)


def last_seq(served):
    return served.desk.live.engine.state.head.seq


def test_a_preview_says_old_and_new_and_whom_it_makes_late_and_leaves_no_record(served, admin):
    served.man("P1")
    admin.done("ChangeIncidentType", **TYPE)
    incident_id = admin.made("OpenIncident", "incident_id", type_code="980101", **PLACE)
    admin.done("AssignUnit", incident_id=incident_id, unit_id="P1")
    before = last_seq(served)
    reply = preview(admin, "ChangeArrivalTarget", **TARGET, target_s=90)
    assert reply.status_code == 200, reply.text
    seen = reply.json()
    assert seen["changes"] == [{"field": "target_s", "old": "180", "new": "90"}]
    first = seen["effects"][0]
    assert (first["code"], first["n"], first["ids"]) == ("other_target", 1, [incident_id])
    assert [past["n"] for past in seen["history"]] == [0]
    assert last_seq(served) == before
    assert served.desk.reference.target_ms(3, "urban") == 180_000


def test_a_preview_counts_what_the_log_would_have_missed(served, admin):
    served.man("P1")
    admin.done("ChangeIncidentType", **TYPE)
    incident_id = admin.made("OpenIncident", "incident_id", type_code="980101", **PLACE)
    order_id = admin.made("AssignUnit", "order_id", incident_id=incident_id, unit_id="P1")
    admin.done("ReportArrival", order_id=order_id)
    seen = preview(admin, "ChangeArrivalTarget", **TARGET, target_s=90).json()
    # The log is younger than a day: one period, that says from when it could be counted.
    (past,) = seen["history"]
    assert (past["n"], past["missed_old"], past["missed_new"]) == (1, 0, 0)
    assert past["from_ms"] > past["to_ms"] - 86_400_000


def test_a_preview_is_refused_in_the_words_of_the_rule(admin):
    reply = preview(admin, "ChangeArrivalTarget", **TARGET, target_s=1)
    assert reply.status_code == 409
    assert reply.json()["code"] == "out_of_bounds"
    assert "不能为 1" in reply.json()["reason_zh"]


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("ChangeFirstOrderTarget", {"priority": 2, "target_s": 45, **SIGNED}),
        ("ChangeClock", {"clock": "unsigned", "levels": [20, 40, 60], **SIGNED}),
        ("ChangeClock", {"clock": "queue", "levels": [50, 90], **SIGNED}),
        ("ChangeClock", {"clock": "emergency", "levels": [10, 20, 50], **SIGNED}),
        ("ChangeIncidentType", {"code": MURDER, "priority": 2, **SIGNED}),
        ("ChangeResponsePlan", {"code": "A1", "hard": ["armed:2"], **SIGNED}),
        ("ChangeUnitProfile", UNIT),
        ("ChangeSeatProfile", {"seat_id": "S1", "is_new": True, "number": "01", **SIGNED}),
        ("ChangeTemplate", {"template_id": "a", "is_new": True, "text_zh": "请", **SIGNED}),
    ],
)
def test_every_change_can_be_previewed_with_effects_in_both_languages(admin, command, fields):
    seen = preview(admin, command, **fields).json()
    assert seen["changes"]
    assert seen["effects"]
    for effect in seen["effects"]:
        assert effect["text_zh"] != effect["text_en"]


@pytest.mark.parametrize("role", ["dispatcher", "call_taker", "commander", "crew", "wall"])
def test_others_than_an_administrator_change_and_preview_nothing(served, role):
    with served.client(role) as client:
        for reply in (
            client.order("ChangeArrivalTarget", **TARGET, target_s=90),
            preview(client, "ChangeArrivalTarget", **TARGET, target_s=90),
        ):
            assert reply.status_code == 403
            assert reply.json()["code"] == "admin_needed"
            assert "管理员" in reply.json()["reason_zh"]
        assert client.get("/v1/settings").status_code == (200 if role == "commander" else 403)


def test_a_target_changed_is_on_the_dispatchers_row_at_once(served, admin):
    with served.client("dispatcher") as dispatcher:
        incident_id = dispatcher.made("OpenIncident", "incident_id", type_code=FIGHT, **PLACE)
        row = dispatcher.board()["views"]["incidents"][incident_id]
        fields = TARGET | {"priority": row["priority"], "area_class": row["area_class"]}
        admin.done("ChangeArrivalTarget", **fields, target_s=77)
        row = dispatcher.board()["views"]["incidents"][incident_id]
        assert row["arrival_target_ms"] == 77_000


def test_the_page_of_settings_names_what_holds_and_the_list_of_changes(admin):
    admin.done("ChangeArrivalTarget", **TARGET, target_s=90)
    admin.done("ChangeUnitProfile", **UNIT)
    seen = admin.get("/v1/settings").json()
    row = next(
        each
        for each in seen["arrival_targets"]
        if (each["area_class"], each["priority"], each["desk_id"]) == ("urban", 3, "")
    )
    assert row["target_s"] == 90
    assert "P0" in {unit["unit_id"] for unit in seen["units"]}
    latest, before = seen["changes"]
    assert (latest["kind"], latest["key"]) == ("unit", "P0")
    assert before["changes"] == [{"field": "target_s", "old": "180", "new": "90"}]
    assert before["by"] == SIGNED["by"]


def test_a_type_suggested_is_never_a_retired_one():
    desk = Desk()
    aid = CallAid(toy_reference(), settled=lambda: desk.board.reference)

    def codes():
        found = aid.suggest("邻居噪音扰民", type_code="", answers={})
        return {each.code for each in found.types}

    before = codes()
    for code in before:
        desk.do(setting.ChangeIncidentType(code=code, is_retired=True, by="a", reason="b"))
    retired = desk.board.reference.retired_types
    assert retired
    assert not codes() & retired


def test_a_restart_and_a_replay_know_every_change(tmp_path):
    with Served(tmp_path) as served, served.client("admin") as admin:
        admin.done("ChangeArrivalTarget", **TARGET, target_s=90)
        admin.done("ChangeIncidentType", **TYPE)
        admin.done("ChangeUnitProfile", **UNIT)
        admin.done("StartShift", unit_id="P0", n_officers=2)
        incident_id = admin.made("OpenIncident", "incident_id", type_code="980101", **PLACE)
        admin.done("AssignUnit", incident_id=incident_id, unit_id="P0")
        was = image(served.desk.live.engine.state)
    # The desk has saved a snapshot as it stopped: the restart is from that one.
    with Served(tmp_path) as served:
        board = served.desk.live.engine.board
        assert board.reference.target_ms(3, "urban") == 90_000
        assert board.units["P0"].order_id == f"{incident_id}-1"
        assert board.fleet.index.keys() == {*UNITS, "P0"}
        assert was
    report = Replay(tmp_path / "log.db", toy_reference()).run()
    assert report.identical, report.first_difference


CHANGES = st.one_of(
    st.builds(
        setting.ChangeArrivalTarget,
        by=st.just("a"), reason=st.just("b"), area_class=st.sampled_from(["urban", "suburban"]),
        priority=st.integers(1, 5), target_s=st.integers(20, 400),
        desk_id=st.sampled_from(["", "d1", "city"]),
    ),
    st.builds(
        setting.ChangeFirstOrderTarget,
        by=st.just("a"), reason=st.just("b"), priority=st.integers(1, 5),
        target_s=st.integers(1, 200), desk_id=st.sampled_from(["", "d1"]),
    ),
    st.builds(
        setting.ChangeClock,
        by=st.just("a"), reason=st.just("b"),
        clock=st.sampled_from(["unsigned", "queue", "feedback", "not_moving"]),
        levels=st.lists(st.integers(1, 300), min_size=1, max_size=3, unique=True).map(
            lambda found: tuple(sorted(found))
        ),
    ),
    st.builds(
        setting.ChangeIncidentType,
        by=st.just("a"), reason=st.just("b"), code=st.sampled_from([FIGHT, MURDER]),
        priority=st.integers(1, 5), min_units=st.integers(0, 4), is_retired=st.booleans(),
    ),
    st.builds(
        setting.ChangeResponsePlan,
        by=st.just("a"), reason=st.just("b"), code=st.sampled_from(["A1", "C1", "B1"]),
        at_least=st.integers(1, 4), hard=st.sampled_from([(), ("armed:1",), ("traffic:2",)]),
    ),
    st.builds(
        setting.ChangeUnitProfile,
        by=st.just("a"), reason=st.just("b"), unit_id=st.sampled_from(["P1", "P0", "ZZ"]),
        is_new=st.booleans(), call_sign=st.sampled_from(["巡逻 1", "巡逻 2", "巡逻 3"]),
        kind=st.just("patrol_car"), line=st.sampled_from(["patrol", "station"]),
        skills=st.sampled_from([("patrol",), ("armed",)]), home_post_id=st.sampled_from(["KS-M"]),
        is_retired=st.booleans(),
    ),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(life, st.lists(CHANGES, min_size=3, max_size=12))
def test_whatever_is_changed_among_whatever_happens_the_board_folds_to_itself(drawn, changes):
    desk = Desk()
    for n_steps, _ in enumerate(live(desk, drawn)):
        if n_steps % 5 == 0 and changes:
            desk.do(changes.pop())
    assert image(desk.engine.state) == image(desk.rebuilt())
    loaded = new_board(toy_reference())
    loaded.load(desk.board.snapshot())
    assert loaded.snapshot() == desk.board.snapshot()
    assert loaded.fleet.unit_ids == desk.board.fleet.unit_ids
    assert loaded.reference.targets_ms == desk.board.reference.targets_ms


def test_a_text_kept_ready_is_offered_to_every_seat_until_it_is_retired(served, admin):
    ready = {"template_id": "storm", "use": "broadcast", "text_zh": "暴雨，减速慢行", **SIGNED}
    admin.done("ChangeTemplate", is_new=True, **ready)
    with served.client("dispatcher") as dispatcher:
        offered = dispatcher.get("/v1/city").json()["templates"]
        assert [(each["use"], each["text_zh"]) for each in offered] == [
            ("broadcast", "暴雨，减速慢行")
        ]
        admin.done("ChangeTemplate", template_id="storm", is_retired=True, **SIGNED)
        assert dispatcher.get("/v1/city").json()["templates"] == []
