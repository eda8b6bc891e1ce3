"""A major incident in hand: who was told when, who keeps the log, and what is owed afterwards."""

import pytest
from toy_city import FIGHT, START_MS, Desk, corner, image

from kuaifan.vocabulary import facts, major
from kuaifan.vocabulary import incident as incidents

DAY_S = 86_400
DUE_MS = START_MS + 5 * DAY_S * 1_000


@pytest.fixture
def desk():
    made = Desk()
    made.on_duty("P1", "P2")
    yield made
    assert image(made.rebuilt()) == image(made.engine.state)


def declared(desk):
    incident_id = desk.opened(FIGHT, corner(4, 2))
    desk.do(facts.DeclareMajor(incident_id=incident_id, reason="多人受伤", declared_by="chief"))
    return incident_id


def owed(incident_id, what="损失清单", due_at_ms=DUE_MS):
    return major.AddAfterAction(
        incident_id=incident_id, what=what, owner="Li", due_at_ms=due_at_ms, by="Sun"
    )


def report(incident_id, target="市局值班领导", by="Sun"):
    return major.ReportUp(incident_id=incident_id, target=target, by=by, text="现场两人受伤")


def closed(desk, incident_id):
    desk.fed_back(desk.sent(incident_id, "P1"))
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    desk.do(incidents.CloseIncident(incident_id=incident_id))


def test_who_was_told_when_and_who_received_it_is_kept(desk):
    incident_id = declared(desk)
    desk.do(report(incident_id), at_s=60)
    desk.do(major.ConfirmReport(incident_id=incident_id, report_no=1, received_by="吴局"), at_s=90)
    told = desk.board.incidents[incident_id].major.reports[0]
    assert (told.target, told.by, told.received_by) == ("市局值班领导", "Sun", "吴局")
    assert (told.at_ms, told.received_at_ms) == (START_MS + 60_000, START_MS + 90_000)


def test_only_what_a_person_declared_major_is_reported_up(desk):
    incident_id = desk.opened(FIGHT, corner(4, 2))
    assert desk.code(report(incident_id)) == "not_major"
    assert desk.code(owed(incident_id)) == "not_major"
    keeper = major.NameLogKeeper(incident_id=incident_id, keeper="Qian", by="Sun")
    assert desk.code(keeper) == "not_major"


def test_a_report_names_both_and_is_received_once(desk):
    incident_id = declared(desk)
    assert desk.code(report(incident_id, by=" ")) == "no_name"
    confirm = major.ConfirmReport(incident_id=incident_id, report_no=1, received_by="Wu")
    assert desk.code(confirm) == "unknown_report"
    desk.do(report(incident_id))
    nobody = major.ConfirmReport(incident_id=incident_id, report_no=1, received_by="")
    assert desk.code(nobody) == "no_name"
    desk.do(confirm)
    assert desk.code(confirm) == "already_confirmed"


def test_one_person_keeps_the_log_until_another_is_named(desk):
    incident_id = declared(desk)
    name = major.NameLogKeeper(incident_id=incident_id, keeper="Qian", by="Sun")
    desk.do(name)
    assert desk.code(name) == "already_keeper"
    desk.do(major.NameLogKeeper(incident_id=incident_id, keeper="Zhou", by="Sun"))
    assert desk.board.incidents[incident_id].major.keeper == "Zhou"
    empty = major.NameLogKeeper(incident_id=incident_id, keeper="", by="Sun")
    assert desk.code(empty) == "no_name"


def test_what_is_owed_has_an_owner_and_a_time_to_come(desk):
    incident_id = declared(desk)
    assert desk.code(owed(incident_id, what=" ")) == "no_text"
    assert desk.code(owed(incident_id, due_at_ms=START_MS)) == "in_the_past"
    desk.do(owed(incident_id))
    tick = major.TickAfterAction(incident_id=incident_id, item_no=1, by="Li")
    wrong = major.TickAfterAction(incident_id=incident_id, item_no=2, by="Li")
    assert desk.code(wrong) == "unknown_item"
    assert desk.code(major.TickAfterAction(incident_id=incident_id, item_no=1, by="")) == "no_name"
    desk.do(tick)
    assert desk.code(tick) == "already_done"


def test_a_closed_incident_stays_on_the_board_until_nothing_is_owed(desk):
    incident_id = declared(desk)
    desk.do(owed(incident_id))
    desk.do(facts.EndMajor(incident_id=incident_id, approved_by="chief"))
    desk.do(owed(incident_id, what="家属告知"))
    closed(desk, incident_id)
    desk.run_until(desk.now_s + 3 * DAY_S)
    assert desk.board.incidents[incident_id].major.n_owed == 2
    for item_no in (1, 2):
        desk.do(major.TickAfterAction(incident_id=incident_id, item_no=item_no, by="Li"))
    desk.run_until(desk.now_s + 3 * DAY_S)
    assert incident_id not in desk.board.incidents


def test_declared_again_it_keeps_its_papers(desk):
    incident_id = declared(desk)
    desk.do(report(incident_id))
    desk.do(facts.EndMajor(incident_id=incident_id, approved_by="chief"))
    desk.do(facts.DeclareMajor(incident_id=incident_id, reason="复燃", declared_by="Sun"))
    case = desk.board.incidents[incident_id].major
    assert (len(case.reports), case.reason, case.ended_at_ms) == (1, "复燃", 0)
