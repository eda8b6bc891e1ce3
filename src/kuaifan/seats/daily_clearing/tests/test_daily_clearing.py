"""Two clearings and one standard (两清一规范): a day, its nine o'clock, and what it leaves."""

import random

import pytest
from toy_city import BURGLARY, FIGHT, LOCKSMITH, START_MS, Desk, corner, image, names

from kuaifan.board.day_tally import day_of, start_of_day
from kuaifan.kernel.message import StartEngine
from kuaifan.seats.daily_clearing import SEAT, VIEWS
from kuaifan.seats.daily_clearing.lot import draw
from kuaifan.seats.daily_clearing.words import (
    GiveOpenReason,
    RunDailyClearing,
    SetDailyTerms,
    StepSmallCase,
)
from kuaifan.seats.daily_clearing.words_case import (
    AskCaseExtension,
    DecideCaseExtension,
    EndCase,
    ExtendCheck,
    FileCase,
    GiveCaseReceipt,
    LinkCase,
    ReportLawQuality,
)
from kuaifan.seats.daily_clearing.words_check import (
    AddDefect,
    CheckCorrection,
    ConfirmDefect,
    DismissDefect,
    PassSample,
    ReportCorrected,
)
from kuaifan.seats.daily_clearing.words_meeting import (
    EndMeeting,
    EndMeetingTask,
    GiveMeetingTask,
    OpenMeeting,
    WriteMinutes,
)
from kuaifan.vocabulary import incident as incidents

DAY = day_of(START_MS)
NINE_S = (start_of_day(DAY + 1) - START_MS) // 1_000 + 9 * 3_600
HOUR_S = 3_600
BEGIN = StartEngine(build="b", plugins=(), city_hash="c")


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.do(BEGIN)
    desk.on_duty("P1", "P2")
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def papers(desk):
    return desk.board.seats["daily_clearing"]


def items_of(desk, kind):
    return [each for each in desk.board.items.values() if each.kind == kind]


def closed(desk, type_code=LOCKSMITH):
    incident_id = desk.opened(type_code)
    settle = incidents.SettleByPhone(
        incident_id=incident_id, disposition="by_phone", approved_by="s"
    )
    desk.do(settle)
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))
    return incident_id


def reason(incident_id, until_s, **more):
    said = {"reason": "等鉴定结果", "owner": "刘洋", "by": "何伟"} | more
    until_ms = START_MS + until_s * 1_000
    return GiveOpenReason(incident_id=incident_id, until_ms=until_ms, **said)


def link(incident_id, kind="public_order", **more):
    return LinkCase(
        incident_id=incident_id,
        kind=kind,
        number=f"A-{incident_id}",
        officer="刘洋",
        by="何伟",
        **more,
    )


def tally(desk, name):
    return papers(desk).tally.sum(name, DAY - 400, DAY + 400)


def alarms_of(records, item_id):
    return [
        event
        for record in records
        for event in record.events
        if type(event).__name__ == "AlarmRaised" and event.subject_id == item_id
    ]


def test_at_nine_each_incident_of_yesterday_is_cleared_or_somebodys(desk):
    over, left = closed(desk), desk.opened(FIGHT, corner(4, 2))
    in_case, explained = desk.opened(FIGHT, corner(5, 2)), desk.opened(FIGHT, corner(6, 2))
    desk.do(link(in_case))
    desk.do(reason(explained, NINE_S + 7_200))
    assert [each.subject_id for each in items_of(desk, "uncleared")] == [explained]
    desk.run_until(NINE_S)
    day = papers(desk).days[DAY]
    assert day.counts["incidents"] == 4
    assert (day.counts["closed"], day.counts["case"], day.counts["reason"]) == (1, 1, 1)
    assert (day.counts["all_cleared"], day.counts["uncleared"]) == (3, 1)
    assert day.left_ids == (left,)
    assert over not in papers(desk).uncleared
    mine = [each for each in items_of(desk, "uncleared") if each.subject_id == left]
    assert [(each.owner.kind, each.owner.owner_id) for each in mine] == [("desk", "city")]
    assert tally(desk, "all_cleared") == 3
    assert len(desk.run_until(NINE_S + 10)) == 0
    rows = {name: [*rows(desk.board)] for name, rows in VIEWS.items()}
    assert [row.incident_id for row in rows["left"]] == [explained, left]
    assert rows["days"][0].n_uncleared == 1


def test_the_days_after_a_stop_are_looked_at_when_it_starts_again(desk):
    left = desk.opened(FIGHT, corner(4, 2))
    desk.do(BEGIN, at_s=NINE_S + 2 * 86_400 + 600)
    assert [*papers(desk).days] == [DAY - 1, DAY, DAY + 1, DAY + 2]
    assert papers(desk).days[DAY + 2].counts["incidents"] == 0
    assert [each.subject_id for each in items_of(desk, "uncleared")] == [left]


def test_nobody_runs_the_clearing_before_its_time_or_twice(desk):
    assert desk.code(RunDailyClearing(day=DAY)) == "too_early"
    desk.run_until(NINE_S)
    assert desk.code(RunDailyClearing(day=DAY)) == "already_run"


@pytest.mark.parametrize("how", ["closed", "case", "merged", "reason"])
def test_an_uncleared_incident_comes_off_the_list_once(desk, how):
    left = desk.opened(LOCKSMITH, corner(4, 2))
    desk.run_until(NINE_S)
    item_id = papers(desk).uncleared[left]
    if how == "closed":
        settle = incidents.SettleByPhone(incident_id=left, disposition="by_phone", approved_by="s")
        desk.do(settle)
        desk.do(incidents.ReviewIncident(incident_id=left, reviewer_id="r"))
        desk.do(incidents.CloseIncident(incident_id=left))
    elif how == "case":
        desk.do(link(left))
    elif how == "merged":
        into = desk.opened(LOCKSMITH, corner(4, 2))
        desk.do(incidents.MergeIncident(incident_id=left, into_incident_id=into))
    else:
        desk.do(reason(left, NINE_S + 86_400))
        assert desk.board.items[item_id].stage == "explained"
        return
    assert left not in papers(desk).uncleared
    assert item_id not in desk.board.items
    assert tally(desk, f"later_{how}") == 1


def test_an_uncleared_incident_rings_each_rung_once_and_ends_with_a_leader(desk):
    left = desk.opened(FIGHT, corner(4, 2))
    desk.run_until(NINE_S)
    item_id = papers(desk).uncleared[left]
    rung = alarms_of(desk.run_until(NINE_S + 24 * HOUR_S), item_id)
    assert [event.to for event in rung] == ["dispatcher", "supervisor", "leader"]


def test_a_dated_reason_has_an_owner_and_an_end(desk):
    left = desk.opened(FIGHT, corner(4, 2))
    assert desk.code(reason(left, NINE_S, owner=" ")) == "no_name"
    assert desk.code(reason(left, NINE_S, reason=" ")) == "reason_needed"
    assert desk.code(reason(left, -1)) == "no_due_time"
    assert desk.code(reason(left, 40 * 86_400)) == "no_due_time"
    assert desk.code(reason("J99", NINE_S)) == "unknown_incident"
    assert desk.code(reason(closed(desk), NINE_S)) == "incident_over"
    desk.do(reason(left, NINE_S + 3_600))
    desk.do(reason(left, NINE_S + 7_200, owner="孙杰"))
    (item,) = items_of(desk, "uncleared")
    assert item.owner.owner_id == "孙杰"
    # Its date has passed by the next nine o'clock: it is the desk's question again.
    desk.run_until(NINE_S + 86_400)
    assert papers(desk).days[DAY + 1].left_ids == (left,)


def test_what_was_too_early_to_say_is_counted_a_day_later_for_its_own_day(desk):
    late = desk.opened(FIGHT, corner(4, 2), at_s=NINE_S - 10 * HOUR_S)
    desk.sent(late, "P1")
    desk.run_until(NINE_S)
    assert papers(desk).incident_ids == (late,)
    assert papers(desk).order_ids == (f"{late}-1",)
    assert tally(desk, "concluded_of") == 0
    assert (tally(desk, "orders"), tally(desk, "signed_in_time")) == (1, 0)
    desk.run_until(NINE_S + 86_400)
    assert papers(desk).tally.days[DAY]["concluded_of"] == 1
    assert papers(desk).tally.days[DAY]["fed_back_of"] == 1
    assert tally(desk, "concluded") == 0


def test_the_figures_of_a_year_add_up_from_its_days(desk):
    for day in range(3):
        closed(desk)
        desk.opened(FIGHT, corner(4, 2))
        desk.run_until(NINE_S + day * 86_400)
    days = papers(desk).tally.days
    for figure in SEAT.figures:
        by_day = sum(each.get(figure.of, 0) for each in days.values())
        assert tally(desk, figure.of) == by_day
    assert tally(desk, "incidents") == 6


def test_the_lot_is_the_same_for_the_same_day_and_another_for_another():
    ids = [f"J{n}" for n in range(200)]
    assert draw(DAY, ids, 5) == draw(DAY, [*reversed(ids)], 5)
    assert len(draw(DAY, ids, 5)) == 10
    assert draw(DAY, ids, 5) != draw(DAY + 1, ids, 5)
    assert len(draw(DAY, ids[:1], 5)) == 1


def test_a_hit_is_confirmed_corrected_and_looked_at_by_another(desk):
    incident_id = desk.opened(FIGHT, corner(4, 2))
    desk.sent(incident_id, "P1", at_s=600)
    desk.run_until(NINE_S + 1)
    hits = {each.hit.rule: each for each in papers(desk).defects.values() if each.hit}
    assert {"first_order", "signed"} <= hits.keys()
    assert papers(desk).days[DAY].is_checked
    item_id = hits["signed"].item_id
    told = {"item_id": item_id, "by": "周敏"}
    assert desk.code(ReportCorrected(note="n", **told)) == "no_such_step"
    assert desk.code(CheckCorrection(holds=True, **told)) == "not_corrected_yet"
    wrong = ConfirmDefect(to_kind="unit", to_id="P99", **told)
    assert desk.code(wrong) == "unknown_unit"
    assert desk.code(ConfirmDefect(to_kind="desk", to_id="x", **told)) == "unknown_desk"
    assert desk.code(ConfirmDefect(to_kind="unit", to_id=" ", **told)) == "no_owner"
    assert desk.code(ConfirmDefect(to_kind="unit", to_id="P1", due_at_ms=1, **told)) == (
        "no_due_time"
    )
    desk.do(ConfirmDefect(to_kind="unit", to_id="P1", **told))
    assert desk.code(DismissDefect(reason="r", **told)) == "judged_already"
    assert desk.board.items[item_id].owner.owner_id == "P1"
    assert len(alarms_of(desk.run_until(NINE_S + 26 * HOUR_S), item_id)) == 2
    desk.do(ReportCorrected(item_id=item_id, note="已补签", by="刘洋"))
    for by in ("刘洋", "刘洋（liu）"):
        assert desk.code(CheckCorrection(item_id=item_id, holds=True, by=by)) == "same_person"
    desk.do(CheckCorrection(item_id=item_id, holds=False, note="未附说明", by="周敏"))
    assert desk.board.items[item_id].owner.owner_id == "P1"
    desk.do(ReportCorrected(item_id=item_id, note="已附", by="刘洋"))
    desk.do(CheckCorrection(item_id=item_id, holds=True, by="周敏"))
    assert desk.code(CheckCorrection(item_id=item_id, holds=True, by="周敏")) == "unknown_item"
    assert (tally(desk, "confirmed"), tally(desk, "corrected_in_time")) == (1, 1)


def test_a_hit_is_dismissed_only_with_a_reason(desk):
    desk.sent(desk.opened(FIGHT, corner(4, 2)), "P1", at_s=600)
    desk.run_until(NINE_S + 1)
    defect = next(each for each in papers(desk).defects.values() if each.hit)
    dismiss = DismissDefect(item_id=defect.item_id, reason=" ", by="周敏")
    assert desk.code(dismiss) == "reason_needed"
    desk.do(DismissDefect(item_id=defect.item_id, reason="电台签收，有录音", by="周敏"))
    assert defect.paper_id not in papers(desk).defects
    assert (tally(desk, "judged"), tally(desk, "confirmed")) == (1, 0)


def test_an_incident_drawn_by_lot_passes_or_a_finding_is_added(desk):
    first = closed(desk)
    desk.run_until(NINE_S + 1)
    (sample,) = items_of(desk, "sample")
    assert sample.incident_id == first
    add = AddDefect(incident_id=first, rule="no_rule", note="n", by="周敏")
    assert desk.code(add) == "unknown_rule"
    desk.do(AddDefect(incident_id=first, rule="letter", note="没有告知", by="周敏"))
    again = AddDefect(incident_id=first, rule="letter", note="n", by="周敏")
    assert desk.code(again) == "found_already"
    assert items_of(desk, "sample") == []
    assert [each.hit.rule for each in papers(desk).defects.values()] == ["letter"]
    closed(desk)
    desk.run_until(NINE_S + 86_401)
    (sample,) = items_of(desk, "sample")
    desk.do(PassSample(item_id=sample.item_id, by="周敏"))
    assert desk.code(PassSample(item_id=sample.item_id, by="周敏")) == "unknown_item"
    assert (tally(desk, "drawn"), tally(desk, "drawn_clean")) == (2, 1)


def test_a_day_with_more_than_a_hundred_incidents_is_checked_in_parts(desk):
    for _ in range(130):
        desk.opened(LOCKSMITH)
    made = desk.run_until(NINE_S + 1)
    parts = [record for record in made if "DayChecked" in names(record)]
    assert papers(desk).days[DAY].n_checked == 130
    assert papers(desk).days[DAY].is_checked
    assert len(parts) == 3, "one of the empty day before, two of this one"


def test_a_criminal_case_runs_three_seven_and_thirty_days(desk):
    incident_id = desk.opened(BURGLARY, corner(4, 2))
    assert desk.code(link("J99")) == "unknown_incident"
    case_id = desk.do(link(incident_id, "criminal")).events[1].case_id
    assert desk.code(link(incident_id, "criminal")) == "case_linked_already"
    case = papers(desk).cases[case_id]
    item, days = desk.board.items[case.item_id], 86_400_000
    assert item.due_at_ms - START_MS == 3 * days
    by = {"case_id": case_id, "by": "刘洋"}
    assert desk.code(AskCaseExtension(reason="r", **by)) == "no_more_time"
    desk.do(ExtendCheck(reason="需核实价值", **by))
    assert item.due_at_ms - START_MS == 7 * days
    assert desk.code(ExtendCheck(reason="r", **by)) == "no_more_time"
    agree = DecideCaseExtension(case_id=case_id, agrees=True, by="局领导")
    assert desk.code(agree) == "nothing_asked"
    desk.do(AskCaseExtension(reason="案情重大", **by))
    assert desk.code(AskCaseExtension(reason="r", **by)) == "asked_already"
    assert desk.code(DecideCaseExtension(agrees=True, **by)) == "same_person"
    desk.do(agree)
    assert item.due_at_ms - START_MS == 30 * days
    assert desk.code(EndCase(outcome="cleared", **by)) == "wrong_end"
    desk.do(FileCase(**by))
    assert item.due_at_ms - START_MS == 60 * days
    assert desk.code(FileCase(**by)) == "no_such_step"
    assert desk.code(EndCase(outcome="mediated", **by)) == "wrong_end"
    desk.do(EndCase(outcome="cleared", **by))
    assert desk.code(EndCase(outcome="cleared", **by)) == "case_over"
    assert (tally(desk, "criminal_filed"), tally(desk, "criminal_cleared")) == (1, 1)


def test_a_public_order_case_runs_thirty_and_twice_thirty_days(desk):
    incident_id = desk.opened(FIGHT, corner(4, 2))
    case_id = desk.do(link(incident_id)).events[1].case_id
    by = {"case_id": case_id, "by": "刘洋"}
    assert desk.code(ExtendCheck(reason="r", **by)) == "no_more_time"
    assert desk.code(GiveCaseReceipt(case_id="C9", by="刘洋")) == "unknown_case"
    desk.do(GiveCaseReceipt(**by))
    assert desk.code(GiveCaseReceipt(**by)) == "receipt_given"
    desk.do(FileCase(**by))
    item = desk.board.items[papers(desk).cases[case_id].item_id]
    for n, stage in ((2, "extended"), (3, "extended_again")):
        desk.do(AskCaseExtension(reason="鉴定", **by))
        refuse = DecideCaseExtension(case_id=case_id, agrees=False, by="局领导")
        assert desk.code(refuse) == "reason_needed"
        desk.do(DecideCaseExtension(case_id=case_id, agrees=True, by="局领导"))
        assert (item.stage, item.due_at_ms) == (stage, START_MS + n * 30 * 86_400_000)
    assert desk.code(AskCaseExtension(reason="r", **by)) == "no_more_time"
    late = alarms_of(desk.run_until(92 * 86_400), item.item_id)
    assert [event.to for event in late] == ["supervisor", "leader"]
    desk.do(EndCase(outcome="decided", **by))
    lost = ReportLawQuality(case_id=case_id, code="suit_lost", document="行初 12 号", by="法制")
    desk.do(lost)
    assert desk.code(lost) == "reported_already"
    assert (tally(desk, "suit_lost"), tally(desk, "public_order_decided")) == (1, 1)


def test_each_theft_is_watched_examined_and_studied_in_that_order(desk):
    desk.opened(BURGLARY, corner(4, 2))
    desk.opened(FIGHT, corner(5, 2))
    (item,) = items_of(desk, "small_case")
    told = {"item_id": item.item_id, "by": "周敏", "note": "n"}
    assert desk.code(StepSmallCase(done="to_study", **told)) == "no_such_step"
    assert desk.code(StepSmallCase(done="to_watch", **told)) == "no_name"
    desk.do(StepSmallCase(done="to_watch", officer="刘洋", **told))
    assert item.owner.owner_id == "刘洋"
    late = alarms_of(desk.run_until(24.5 * HOUR_S), item.item_id)
    assert [event.to for event in late] == ["dispatcher"]
    desk.do(StepSmallCase(done="to_examine", **told))
    desk.do(StepSmallCase(done="to_study", **told))
    assert items_of(desk, "small_case") == []
    shares = [tally(desk, f"small_{each}") for each in ("to_watch", "to_examine", "to_study")]
    assert (tally(desk, "small_opened"), shares) == (1, [1, 1, 1])


def test_the_meeting_speaks_of_what_is_open_and_its_tasks_come_back_the_next_day(desk):
    left = desk.opened(FIGHT, corner(4, 2))
    desk.run_until(NINE_S + 1)
    begin = OpenMeeting(level="city", chair="局长", by="周敏", link="https://video.example/1")
    meeting = desk.do(begin).events[0]
    assert desk.code(begin) == "meeting_open"
    assert meeting.agenda[0].incident_id == left
    over = EndMeeting(meeting_id="M1", by="周敏")
    assert desk.code(over) == "lines_open"
    line = {"line_id": "M1-1", "by": "周敏"}
    assert desk.code(WriteMinutes(text=" ", **line)) == "no_text"
    assert desk.code(WriteMinutes(line_id="M1-900", text="t", by="周敏")) == "unknown_line"
    assert desk.code(WriteMinutes(line_id="M7-1", text="t", by="周敏")) == "unknown_meeting"
    desk.do(WriteMinutes(text="请城区分局今日到场", **line))
    due_at_ms = START_MS + (NINE_S + 12 * HOUR_S) * 1_000
    task = {"text": "到场核实", "to_kind": "person", "due_at_ms": due_at_ms, **line}
    assert desk.code(GiveMeetingTask(to_id=" ", **task)) == "no_owner"
    assert desk.code(GiveMeetingTask(to_id="孙杰", **(task | {"due_at_ms": 1}))) == "no_due_time"
    item_id = desk.do(GiveMeetingTask(to_id="孙杰", **task)).events[0].item_id
    desk.do(over)
    assert desk.code(over) == "meeting_over"
    assert len(alarms_of(desk.run_until(NINE_S + 24 * HOUR_S), item_id)) == 3
    next_day = desk.do(OpenMeeting(level="city", chair="局长", by="周敏")).events[0]
    mine = [each for each in next_day.agenda if each.item_id == item_id]
    assert [(each.kind, each.is_late) for each in mine] == [("task", True)]
    desk.do(EndMeetingTask(item_id=item_id, outcome="done", by="孙杰"))
    assert (tally(desk, "tasks_done"), tally(desk, "tasks_late")) == (1, 1)
    assert [row.minutes for row in VIEWS["agenda"](desk.board)][-1] is not None


def test_the_terms_are_changed_by_name_and_with_a_reason(desk):
    said = {"by": "管理员", "reason": "市局通知"}
    assert desk.code(SetDailyTerms(sample_percent=5, **said)) == "nothing_changed"
    assert desk.code(SetDailyTerms(rules_off=("x",), **said)) == "unknown_rule"
    desk.do(SetDailyTerms(sample_percent=100, rules_off=("camera",), **said))
    for _ in range(3):
        closed(desk)
    desk.run_until(NINE_S + 1)
    assert len(items_of(desk, "sample")) == 3


def test_whatever_people_do_each_item_has_an_owner_and_a_date():
    lot = random.Random(9)  # noqa: S311 - draws of a test
    desk = Desk()
    desk.do(BEGIN)
    ids = [desk.opened(lot.choice([FIGHT, BURGLARY, LOCKSMITH]), corner(4, n)) for n in range(5)]
    for step in range(60):
        at_s = NINE_S + step * 3_600
        desk.run_until(at_s)
        item_id = lot.choice([*desk.board.items] or ["W0"])
        by = lot.choice(["甲", "乙"])
        desk.do(
            lot.choice(
                [
                    reason(lot.choice(ids), at_s + 7_200, by=by),
                    link(lot.choice(ids), lot.choice(["criminal", "public_order"])),
                    FileCase(case_id="C1", by=by),
                    EndCase(case_id="C1", outcome=lot.choice(["cleared", "decided"]), by=by),
                    ConfirmDefect(item_id=item_id, to_kind="person", to_id="丙", by=by),
                    DismissDefect(item_id=item_id, reason="r", by=by),
                    ReportCorrected(item_id=item_id, note="n", by=by),
                    CheckCorrection(item_id=item_id, holds=lot.random() < 0.5, note="n", by=by),
                    PassSample(item_id=item_id, by=by),
                    StepSmallCase(item_id=item_id, done="to_watch", note="n", officer="丁", by=by),
                    OpenMeeting(level="city", chair="c", by=by),
                ]
            )
        )
        for item in desk.board.items.values():
            assert item.owner.owner_id
            assert item.due_at_ms > 0
            assert item.ladder[-1].to in {"supervisor", "leader"}
    assert {each.item_id for each in papers(desk).defects.values()} <= desk.board.items.keys()
    assert set(papers(desk).uncleared.values()) <= desk.board.items.keys()
    assert image(desk.rebuilt()) == image(desk.engine.state)
