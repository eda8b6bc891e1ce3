"""Joint work (合成作战): asked, taken, answered or sent back, and nothing ends before all have."""

import random

import pytest
from stored_log import folded, stored
from toy_city import BURGLARY, FIGHT, LOCKSMITH, START_MS, Desk, corner, image

from kuaifan.seats.joint_task import SEAT, VIEWS
from kuaifan.seats.joint_task.routing import suggest
from kuaifan.seats.joint_task.words import (
    AcceptBranch,
    AnswerBranch,
    AskBranch,
    CloseJointTask,
    InsistBranch,
    LinkJointCase,
    OpenJointTask,
    RefuseBranch,
    SetJointTerm,
    SetSupervision,
    WithdrawBranch,
)

HOUR_S = 3_600
FOUND = "指纹比中，嫌疑人住城东"
BY = {"by": "何伟"}


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def begun(desk, *branches, type_code=BURGLARY, urgency="usual"):
    incident_id = desk.opened(type_code, corner(4, 2))
    command = OpenJointTask(
        incident_id=incident_id,
        what="请勘查比对",
        lead="周敏",
        urgency=urgency,
        branches=branches,
        **BY,
    )
    desk.do(command)
    return incident_id, {each: part.item_id for each, part in parts(desk).items()}


def parts(desk):
    (task,) = desk.board.seats["joint_task"].tasks.values()
    return task.parts


def tally(desk, name):
    days = desk.board.seats["joint_task"].tally.days.values()
    return sum(day.get(name, 0) for day in days)


def rung(records, item_id):
    return [
        event.to
        for record in records
        for event in record.events
        if type(event).__name__ == "AlarmRaised" and event.subject_id == item_id
    ]


def test_a_burglary_asks_its_branches_and_ends_once_all_have_answered(desk, tmp_path):
    incident_id, items = begun(desk)
    assert [*items] == ["criminal", "forensics"]
    closing = CloseJointTask(task_id="H1", summary="已破", **BY)
    assert desk.code(closing) == "branches_open"
    assert desk.code(AnswerBranch(item_id=items["forensics"], result="r", **BY)) == "not_accepted"
    for branch, item_id in items.items():
        desk.do(AcceptBranch(item_id=item_id, officer=f"{branch} 民警", **BY))
    desk.do(AnswerBranch(item_id=items["forensics"], result=FOUND, **BY))
    assert desk.code(AnswerBranch(item_id=items["forensics"], result="r", **BY)) == "unknown_item"
    assert desk.code(closing) == "branches_open"
    with stored(desk, tmp_path / "log.db") as journal:
        assert image(folded(desk, journal)) == image(desk.engine.state)
    kept = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    assert FOUND.encode() not in kept
    rows = [*VIEWS["parts"](desk.board)]
    assert [(row.stage, row.result) for row in rows] == [("working", ""), ("answered", FOUND)]
    desk.do(WithdrawBranch(item_id=items["criminal"], reason="嫌疑人已到案", **BY))
    desk.do(closing)
    assert desk.code(closing) == "unknown_task"
    left = [desk.board.items[each] for each in desk.board.incidents[incident_id].item_ids]
    assert not [each for each in left if each.seat_id == "joint_task"]
    figures = [tally(desk, each) for each in ("asked", "answered", "answered_in_time", "closed")]
    assert figures == [2, 1, 1, 1]


@pytest.mark.parametrize(("urgency", "minutes"), [("urgent", 15), ("usual", 120)])
def test_a_branch_that_does_not_take_it_rings_once_a_rung_up_to_a_leader(desk, urgency, minutes):
    _, items = begun(desk, "cyber", urgency=urgency)
    item = desk.board.items[items["cyber"]]
    assert item.due_at_ms == START_MS + minutes * 60_000
    made = desk.run_until(minutes * 60 + 3 * HOUR_S)
    assert rung(made, items["cyber"]) == ["supervisor", "leader"]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("accept_urgent_min", 4, "out_of_bounds"),
        ("task_usual_min", 43_201, "out_of_bounds"),
        ("decide_min", 60, "same_value"),
    ],
)
def test_times_stay_within_their_bounds(desk, name, value, code):
    assert desk.code(SetJointTerm(name=name, value=value, **BY)) == code
    assert desk.code(SetJointTerm(name="decide_min", value=30, by=" ")) == "no_name"


def test_times_that_are_set_hold_for_what_comes_after(desk):
    times = {
        "accept_usual_min": 30,
        "answer_usual_min": 90,
        "task_usual_min": 300,
        "decide_min": 20,
    }
    for name, value in times.items():
        desk.do(SetJointTerm(name=name, value=value, **BY))
    _, items = begun(desk, "criminal", "traffic")
    due = {each.kind: due_min(desk, each.item_id) for each in desk.board.items.values()}
    assert (due["task"], due["branch"]) == (300, 30)
    desk.do(AcceptBranch(item_id=items["criminal"], officer="周敏", **BY))
    desk.do(RefuseBranch(item_id=items["traffic"], reason="不属职责", **BY))
    assert [due_min(desk, each) for each in items.values()] == [90, 20]
    desk.do(SetJointTerm(name="answer_usual_min", value=60, **BY))
    assert due_min(desk, items["criminal"]) == 90


def due_min(desk, item_id):
    return (desk.board.items[item_id].due_at_ms - START_MS) // 60_000


def test_an_answer_that_comes_late_is_counted_so(desk):
    _, items = begun(desk, "cyber")
    desk.do(AcceptBranch(item_id=items["cyber"], officer="孙杰", **BY))
    assert desk.board.items[items["cyber"]].owner.owner_id == "孙杰"
    made = desk.run_until(50 * HOUR_S)
    assert rung(made, items["cyber"]) == ["supervisor", "leader"]
    desk.do(AnswerBranch(item_id=items["cyber"], result="已查", **BY))
    assert (tally(desk, "answered"), tally(desk, "answered_in_time")) == (1, 0)


def test_what_a_branch_sends_back_is_the_leads_to_decide_within_the_hour(desk):
    _, items = begun(desk, "drugs")
    item = desk.board.items[items["drugs"]]
    assert desk.code(RefuseBranch(item_id=item.item_id, reason=" ", **BY)) == "reason_needed"
    desk.do(RefuseBranch(item_id=item.item_id, reason="不属本警种", **BY))
    assert (item.owner.owner_id, item.due_at_ms) == ("周敏", START_MS + 3_600_000)
    answer = AnswerBranch(item_id=item.item_id, result="r", **BY)
    assert desk.code(answer) == "not_accepted"
    desk.do(InsistBranch(item_id=item.item_id, reason="按职责分工", by="局领导"))
    again = RefuseBranch(item_id=item.item_id, reason="r", **BY)
    assert desk.code(again) == "no_such_step"
    desk.do(AcceptBranch(item_id=item.item_id, officer="孙杰", **BY))
    desk.do(answer)
    assert tally(desk, "refused") == 1


def test_a_watched_case_is_named_before_the_task_ends(desk):
    _, items = begun(desk, "criminal")
    level = SetSupervision(task_id="H1", level="ministry", document="公刑督〔2026〕3 号", **BY)
    desk.do(level)
    assert desk.code(level) == "nothing_changed"
    bare = SetSupervision(task_id="H1", level="city", document=" ", **BY)
    assert desk.code(bare) == "no_document"
    desk.do(WithdrawBranch(item_id=items["criminal"], reason="并案", **BY))
    closing = CloseJointTask(task_id="H1", summary="并案办理", **BY)
    assert desk.code(closing) == "case_missing"
    linked = LinkJointCase(task_id="H1", number="A-17", **BY)
    desk.do(linked)
    assert desk.code(linked) == "linked_already"
    assert desk.code(LinkJointCase(task_id="H1", number=" ", **BY)) == "no_case_number"
    desk.do(closing)
    assert tally(desk, "supervised_ministry") == 1


def test_a_task_is_opened_once_and_for_somebody(desk):
    incident_id, _ = begun(desk, "criminal")
    again = {"what": "w", "lead": "周敏", **BY}
    assert desk.code(OpenJointTask(incident_id=incident_id, **again)) == "task_runs"
    assert desk.code(OpenJointTask(incident_id="J99", **again)) == "unknown_incident"
    locksmith = desk.opened(LOCKSMITH)
    assert desk.code(OpenJointTask(incident_id=locksmith, **again)) == "no_branch"
    nobody = again | {"lead": " "}
    assert desk.code(OpenJointTask(incident_id=locksmith, **nobody)) == "no_name"
    ask = AskBranch(task_id="H1", branch="criminal", what="w", **BY)
    assert desk.code(ask) == "asked_already"
    desk.do(AskBranch(task_id="H1", branch="cyber", what="查询轨迹", **BY))
    assert [*parts(desk)] == ["criminal", "cyber"]
    assert desk.code(AskBranch(task_id="H9", branch="cyber", what="w", **BY)) == "unknown_task"


def test_types_say_whom_they_ask():
    types = Desk().reference.types
    assert suggest(types[FIGHT]) == ("public_order",)
    assert suggest(types[LOCKSMITH]) == ()
    fraud = next(each for each in types.values() if "telecom_fraud" in each.key)
    assert set(suggest(fraud)) >= {"cyber", "criminal"}


def test_whatever_people_do_each_item_has_an_owner_and_a_date(desk):
    lot = random.Random(5)  # noqa: S311 - draws of a test
    incident_id, _ = begun(desk, "criminal", "cyber", "traffic")
    for step in range(70):
        desk.run_until(step * 1_800)
        item_id = lot.choice([*desk.board.items] or ["W0"])
        desk.do(
            lot.choice(
                [
                    AcceptBranch(item_id=item_id, officer="甲", **BY),
                    AnswerBranch(item_id=item_id, result="r", **BY),
                    RefuseBranch(item_id=item_id, reason="r", **BY),
                    InsistBranch(item_id=item_id, reason="r", **BY),
                    WithdrawBranch(item_id=item_id, reason="r", **BY),
                    AskBranch(task_id="H1", branch="drugs", what="w", **BY),
                    CloseJointTask(task_id="H1", summary="s", **BY),
                    OpenJointTask(incident_id=incident_id, what="w", lead="周敏", **BY),
                ]
            )
        )
        for item in desk.board.items.values():
            assert item.owner.owner_id
            assert item.due_at_ms > 0
            assert item.ladder[-1].to == "leader" or item.seat_id != "joint_task"
    tasks = desk.board.seats["joint_task"].tasks.values()
    owed = [part.item_id for task in tasks for part in task.parts.values() if not part.outcome]
    assert set(owed) <= desk.board.items.keys()
    assert SEAT.figures
