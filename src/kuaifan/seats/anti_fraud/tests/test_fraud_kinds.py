"""A case of another kind (更正案件类别): its clocks and its ledger as they were."""

import pytest
from fraud_acts import COLD, DISSUASION, MINUTE, alarms_in, filed, mine_of, paid, reported
from toy_city import START_MS, Desk, image

from kuaifan.board.day_tally import day_of
from kuaifan.board.items import find_item
from kuaifan.seats.anti_fraud import kinds, words, words_kind
from kuaifan.vocabulary import incident as incidents


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.on_duty("P1", "P2", "P3")
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def retype(incident_id, kind, reason="受害人称昨日已转账"):
    return words_kind.RetypeFraudCase(incident_id=incident_id, kind=kind, reason=reason, by="Li")


def counts(desk, *named):
    tally, day = mine_of(desk).tally, day_of(START_MS)
    return [tally.sum(name, day, day + 9) for name in named]


def test_a_case_of_another_kind_is_counted_so_and_its_request_stays_owed(desk):
    incident_id = reported(desk)
    account_id = paid(desk, incident_id)
    before = desk.board.seats["anti_fraud"].accounts[account_id].ledger
    due = find_item(desk.board, kinds.STOP_REQUEST, incident_id).due_at_ms
    desk.do(retype(incident_id, "cold"), at_s=60)
    assert counts(desk, "cases", "payable") == [1, 0]
    assert find_item(desk.board, kinds.STOP_REQUEST, incident_id).due_at_ms == due
    assert mine_of(desk).accounts[account_id].ledger == before
    assert desk.board.incidents[incident_id].type_code == COLD
    desk.do(words.WaiveStop(incident_id=incident_id, reason="已无余额", by="Li"))
    desk.do(retype(incident_id, "payable"), at_s=120)
    assert find_item(desk.board, kinds.STOP_REQUEST, incident_id).due_at_ms == due
    assert counts(desk, "cases", "payable", "dissuasions") == [1, 1, 0]


def test_a_dissuasion_that_was_none_owes_the_bank_from_the_report_on(desk):
    incident_id = reported(desk, DISSUASION)
    desk.do(retype(incident_id, "payable", "见面得知半小时前已转账"), at_s=15 * MINUTE)
    item = find_item(desk.board, kinds.STOP_REQUEST, incident_id)
    assert item.due_at_ms == desk.inbox.now_ms() + 1
    assert find_item(desk.board, kinds.FILING, incident_id) is not None
    assert find_item(desk.board, kinds.DISSUASION, incident_id) is None
    assert counts(desk, "cases", "payable", "dissuasions") == [1, 1, 0]
    assert len(alarms_in(desk.run_until(16 * MINUTE), item)) == 1


def test_a_case_in_which_nothing_was_paid_is_one_of_dissuasion(desk):
    incident_id = reported(desk)
    desk.do(retype(incident_id, "dissuasion", "尚未转账"))
    assert find_item(desk.board, kinds.STOP_REQUEST, incident_id) is None
    assert find_item(desk.board, kinds.DISSUASION, incident_id) is not None
    assert desk.board.incidents[incident_id].type_code == DISSUASION
    assert counts(desk, "cases", "payable", "dissuasions") == [0, 0, 1]


def test_the_desk_gives_the_incident_another_type_and_the_case_follows(desk):
    incident_id = reported(desk)
    desk.do(incidents.UpdateIncident(incident_id=incident_id, type_code=COLD))
    assert mine_of(desk).cases[incident_id].kind == "cold"
    paid(desk, incident_id)
    desk.do(incidents.UpdateIncident(incident_id=incident_id, narrative="又想起一笔"))
    assert mine_of(desk).cases[incident_id].kind == "cold"


def test_a_case_that_was_paid_in_spite_of_all_stays_so_whatever_is_written_down(desk):
    incident_id = reported(desk, DISSUASION)
    desk.do(words.EndDissuasion(incident_id=incident_id, outcome="paid", by="Li"))
    desk.do(incidents.UpdateIncident(incident_id=incident_id, narrative="已转五万"))
    assert mine_of(desk).cases[incident_id].kind == "payable"


def test_another_kind_is_refused_in_words(desk):
    incident_id = reported(desk)
    assert desk.code(retype(incident_id, "payable")) == "same_kind"
    assert desk.code(retype(incident_id, "cold", " ")) == "reason_needed"
    assert desk.code(retype("J99", "cold")) == "unknown_incident"
    filed(desk, incident_id)
    assert desk.code(retype(incident_id, "dissuasion")) == "filed_already"
    paid(desk, incident_id)
    assert desk.code(retype(incident_id, "dissuasion")) == "money_told"
    desk.do(words.WaiveStop(incident_id=incident_id, reason="已无余额", by="Li"))
    desk.do(words.CloseFraudCase(incident_id=incident_id, outcome="done", by="Li"))
    assert desk.code(retype(incident_id, "cold")) == "case_closed"
