"""The fraud seat (反诈专席), told as its stories: the money, the freeze, the victim."""

import pytest
from fraud_acts import (
    CARD,
    COLD,
    DAY,
    DISSUASION,
    FIGHT,
    HOUR,
    LOST,
    MINUTE,
    alarms_in,
    asked,
    filed,
    frozen,
    mine_of,
    paid,
    reported,
    stopped,
    transfer,
)
from toy_city import START_MS, Desk, corner, image

from kuaifan.board.day_tally import day_of
from kuaifan.board.items import find_item, list_items
from kuaifan.seats.anti_fraud import kinds, words
from kuaifan.seats.anti_fraud.views import short_number
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary import order as orders


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    desk.on_duty("P1", "P2", "P3")
    yield desk
    mine = desk.board.seats["anti_fraud"]
    assert all(each.is_open is bool(_owed(desk, each)) or not each.is_open for each in _cases(mine))
    assert image(desk.rebuilt()) == image(desk.engine.state)


def _cases(mine):
    return mine.cases.values()


def _owed(desk, case):
    ids = (case.incident_id, *case.account_ids)
    return [item for each in ids for item in list_items(desk.board, "anti_fraud", each)]


def test_money_is_stopped_within_ten_minutes_frozen_within_two_days_and_returned(desk):
    incident_id = reported(desk)
    due = find_item(desk.board, kinds.STOP_REQUEST, incident_id)
    assert due.due_at_ms == START_MS + 10 * MINUTE * 1000
    assert due.owner.kind == "seat"
    account_id = paid(desk, incident_id)
    stopped(desk, account_id, 3_000_000, at_s=6 * MINUTE)
    assert find_item(desk.board, kinds.STOP_REQUEST, incident_id) is None
    ledger = mine_of(desk).accounts[account_id].ledger
    assert (ledger.gone, ledger.stopped) == (2_000_000, 3_000_000)
    order = find_item(desk.board, kinds.FREEZE_ORDER, account_id)
    assert order.due_at_ms == START_MS + (6 * MINUTE + 36 * HOUR) * 1000
    # The file is due with the notice, not only after three days.
    assert find_item(desk.board, kinds.FILING, incident_id).due_at_ms == order.due_at_ms
    assert desk.code(words.FreezeMoney(account_id=account_id, notice_no="D1", by="Li")) == (
        "not_filed"
    )
    filed(desk, incident_id)
    frozen(desk, account_id, at_s=30 * HOUR)
    account = mine_of(desk).accounts[account_id]
    assert account.freeze_until_ms == START_MS + (30 * HOUR + 180 * DAY) * 1000
    assert find_item(desk.board, kinds.FREEZE_ORDER, account_id) is None
    back = words.ReturnMoney(account_id=account_id, amount_fen=3_000_000, source="frozen", by="Li")
    desk.do(back, at_s=20 * DAY)
    assert desk.code(back) == "nothing_there"
    tally, day = mine_of(desk).tally, day_of(START_MS)
    assert tally.sum("returned", day, day + 30) == 3_000_000
    assert tally.sum("lost", day, day + 30) == LOST
    assert tally.sum("asked_in_time", day, day + 1) == tally.sum("payable", day, day + 1) == 1
    close = words.CloseFraudCase(incident_id=incident_id, outcome="done", by="Li")
    desk.do(close)
    assert desk.code(close) == "case_closed"
    # What names anybody has left the board; money that is paid back later still finds its account.
    assert mine_of(desk).accounts[account_id].number == ""
    late = words.ReturnMoney(account_id=account_id, amount_fen=500_000, source="gone", by="Li")
    assert desk.do(late).refusal is None
    assert mine_of(desk).total.returned == 3_500_000
    assert mine_of(desk).total.lost == LOST


def test_a_stop_payment_nobody_freezes_runs_out_after_48_hours_and_is_said_once(desk):
    incident_id = reported(desk)
    account_id = paid(desk, incident_id)
    stopped(desk, account_id, at_s=MINUTE)
    filed(desk, incident_id)
    order = find_item(desk.board, kinds.FREEZE_ORDER, account_id)
    early = words.LapseStop(account_id=account_id)
    assert desk.code(early) == "not_due"
    records = desk.run_until(MINUTE + 49 * HOUR)
    assert [each.level for each in alarms_in(records, order)] == [1, 2, 3]
    assert alarms_in(records, order)[-1].to == "leader"
    ledger = mine_of(desk).accounts[account_id].ledger
    assert (ledger.stopped, ledger.gone) == (0, LOST)
    assert desk.code(words.FreezeMoney(account_id=account_id, notice_no="D", by="Li")) == (
        "stop_expired"
    )
    # It is asked for once more, and then it can be frozen.
    stopped(desk, account_id)
    frozen(desk, account_id)


def test_a_request_that_is_late_rings_once_at_each_level_and_counts_as_late(desk):
    incident_id = reported(desk)
    item = find_item(desk.board, kinds.STOP_REQUEST, incident_id)
    account_id = paid(desk, incident_id)
    records = desk.run_until(19 * MINUTE)
    assert [each.level for each in alarms_in(records, item)] == [1]
    asked(desk, account_id)
    assert f"item:{item.item_id}" not in desk.board.alarms
    tally, day = mine_of(desk).tally, day_of(START_MS)
    assert tally.sum("asked_in_time", day, day + 1) == 0
    waiting = find_item(desk.board, kinds.BANK_ANSWER, account_id)
    assert [each.to for each in alarms_in(desk.run_until(70 * MINUTE), waiting)] == [
        "dispatcher",
        "supervisor",
    ]


def test_a_freeze_ends_after_six_months_unless_it_is_renewed(desk):
    incident_id = reported(desk)
    one = paid(desk, incident_id)
    other = paid(desk, incident_id, number="99")
    for account_id in (one, other):
        stopped(desk, account_id)
    filed(desk, incident_id)
    for account_id in (one, other):
        frozen(desk, account_id)
    renew = words.RenewFreeze(account_id=one, notice_no="X1", by="Li")
    assert desk.code(renew) == "too_early"
    item = find_item(desk.board, kinds.FREEZE_END, one)
    records = desk.run_until(174 * DAY)
    assert [each.level for each in alarms_in(records, item)] == [1, 2, 3]
    desk.do(renew)
    assert desk.code(renew) == "too_early"
    assert find_item(desk.board, kinds.FREEZE_END, one).due_at_ms > START_MS + 350 * DAY * 1000
    desk.run_until(181 * DAY)
    ledgers = [mine_of(desk).accounts[each].ledger for each in (one, other)]
    assert [each.frozen for each in ledgers] == [LOST, 0]
    assert [each.gone for each in ledgers] == [0, LOST]
    assert desk.code(words.RenewFreeze(account_id=other, notice_no="X2", by="Li")) == "not_frozen"


def test_a_wrong_freeze_is_let_go_by_two_persons_in_time(desk):
    incident_id = reported(desk)
    account_id = paid(desk, incident_id)
    stopped(desk, account_id)
    filed(desk, incident_id)
    frozen(desk, account_id, 4_000_000)
    propose = words.ProposeRelease(account_id=account_id, reason="货款", by="Li")
    assert desk.code(propose) == "no_claim"
    claim = words.ClaimWrongFreeze(account_id=account_id, reason="货款", by="Wang")
    desk.do(claim)
    assert desk.code(claim) == "claimed_already"
    back = words.ReturnMoney(account_id=account_id, amount_fen=1, source="frozen", by="Li")
    assert desk.code(back) == "claim_open"
    item = find_item(desk.board, kinds.CLAIM, account_id)
    assert item.due_at_ms == START_MS + 72 * HOUR * 1000
    assert desk.code(words.ConfirmRelease(account_id=account_id, by="Li")) == "not_proposed"
    desk.do(propose)
    assert desk.code(words.ConfirmRelease(account_id=account_id, by=" Li ")) == (
        "second_person_needed"
    )
    desk.do(words.ConfirmRelease(account_id=account_id, by="Sun"))
    ledger = mine_of(desk).accounts[account_id].ledger
    assert (ledger.released, ledger.held) == (LOST, 0)
    assert not list_items(desk.board, "anti_fraud", account_id)
    # Nothing is left that could run out.
    assert not [each for each in desk.run_until(60 * HOUR) if each.actor == "timer" and each.events]


def test_a_claim_is_answered_by_keeping_the_money_held(desk):
    incident_id = reported(desk)
    account_id = paid(desk, incident_id)
    stopped(desk, account_id)
    desk.do(words.ClaimWrongFreeze(account_id=account_id, reason="货款", by="Wang"))
    keep = words.KeepHold(account_id=account_id, reason="", by="Sun")
    assert desk.code(keep) == "reason_needed"
    desk.do(words.KeepHold(account_id=account_id, reason="涉案", by="Sun"))
    assert mine_of(desk).accounts[account_id].ledger.stopped == LOST
    assert desk.code(keep) == "no_claim"


def test_what_a_bank_may_answer_and_what_is_refused(desk):
    incident_id = reported(desk)
    account_id = paid(desk, incident_id)
    ask = words.RequestStop(account_id=account_id, by="Li")
    assert desk.code(words.RequestStop(account_id="J9-1", by="Li")) == "unknown_account"
    assert desk.code(words.RequestStop(account_id=account_id, by=" ")) == "no_name"
    request_id = asked(desk, account_id)
    assert desk.code(ask) == "asked_already"

    def answer(kind, amount_fen=0, **more):
        told = {"request_id": request_id, "by": "工商银行"} | more
        return words.TakeBankAnswer(answer=kind, amount_fen=amount_fen, **told)

    assert desk.code(answer("stopped", request_id="J9-1-1")) == "unknown_request"
    assert desk.code(answer("stopped", request_id=f"{account_id}-2")) == "unknown_request"
    assert desk.code(answer("stopped")) == "no_amount"
    assert desk.code(answer("stopped", LOST + 1)) == "more_than_is_there"
    assert desk.code(answer("stopped", LOST, until_ms=1)) == "bad_until"
    assert desk.code(answer("refused")) == "reason_needed"
    desk.do(answer("refused", reason="手续不全"))
    assert desk.code(answer("no_balance")) == "answered"
    request_id = asked(desk, account_id)
    desk.do(answer("stopped", LOST))
    assert desk.code(ask) == "stop_running"
    assert desk.code(words.CloseFraudCase(incident_id=incident_id, outcome="done", by="Li")) == (
        "money_held"
    )
    assert desk.code(
        words.CorrectLoss(account_id=account_id, lost_fen=1, reason="多报", by="Li")
    ) == ("nothing_there")


def test_what_is_told_of_money_is_told_once_and_corrected_with_a_reason(desk):
    incident_id = reported(desk)
    assert desk.code(transfer("J9")) == "unknown_incident"
    assert desk.code(transfer(incident_id, number=" - ")) == "no_number"
    assert desk.code(transfer(incident_id, at_s=600)) == "in_the_future"
    account_id = paid(desk, incident_id)
    assert desk.code(transfer(incident_id)) == "same_transfer"
    assert paid(desk, incident_id, at_s=-300, amount_fen=100) == account_id
    assert mine_of(desk).accounts[account_id].ledger.lost == LOST + 100

    def correct(lost_fen, reason="看错"):
        return words.CorrectLoss(account_id=account_id, lost_fen=lost_fen, reason=reason, by="Li")

    assert desk.code(correct(LOST, "")) == "reason_needed"
    assert desk.code(correct(LOST + 100)) == "same_amount"
    desk.do(correct(LOST))
    desk.do(correct(LOST * 2))
    assert mine_of(desk).total.lost == mine_of(desk).total.gone == 2 * LOST
    no_one = words.NoteVictim(incident_id=incident_id, victim="", phone="1", by="Li")
    assert desk.code(no_one) == "no_name"
    desk.do(words.NoteVictim(incident_id=incident_id, victim="赵某", phone="138", by="Li"))
    assert mine_of(desk).cases[incident_id].victim == "赵某"


def test_a_case_is_one_of_fraud_and_opened_once_and_by_a_change_of_type(desk):
    fight = desk.opened(FIGHT, corner(4, 2))
    assert desk.code(words.OpenFraudCase(incident_id=fight)) == "not_fraud"
    desk.do(incidents.UpdateIncident(incident_id=fight, type_code=COLD))
    assert mine_of(desk).cases[fight].kind == "cold"
    assert desk.code(words.OpenFraudCase(incident_id=fight)) == "case_exists"
    # Too late to be stopped: the file is due, a request is not.
    assert find_item(desk.board, kinds.STOP_REQUEST, fight) is None
    waive = words.WaiveStop(incident_id=fight, reason="已过时效", by="Li")
    assert desk.code(waive) == "no_stop_owed"
    desk.do(words.FileFraudCase(incident_id=fight, file_no="A1", by="Li"))
    again = words.FileFraudCase(incident_id=fight, file_no="A2", by="Li")
    assert desk.code(again) == "filed_already"


def test_a_fraud_that_was_none_is_taken_out_of_the_books(desk):
    incident_id = reported(desk)
    paid(desk, incident_id)
    asks = find_item(desk.board, kinds.STOP_REQUEST, incident_id)
    assert asks.holds
    done = words.CloseFraudCase(incident_id=incident_id, outcome="done", by="Li")
    assert desk.code(done) == "items_open"
    none = words.CloseFraudCase(incident_id=incident_id, outcome="not_fraud", by="Li")
    assert desk.code(none) == "reason_needed"
    desk.do(
        words.CloseFraudCase(
            incident_id=incident_id, outcome="not_fraud", by="Li", reason="民事纠纷"
        )
    )
    assert mine_of(desk).total.lost == 0
    day = day_of(START_MS)
    sums = [mine_of(desk).tally.sum(each, day, day + 1) for each in ("cases", "payable", "lost")]
    assert sums == [0, 0, 0]
    assert desk.code(words.CloseFraudCase(incident_id="J9", outcome="done")) == "unknown_incident"


def test_nothing_can_be_stopped_of_cash(desk):
    incident_id = reported(desk)
    waive = words.WaiveStop(incident_id=incident_id, reason="现金", by="Li")
    desk.do(waive)
    assert desk.code(waive) == "no_stop_owed"
    # A transfer that turns up later is owed its request after all.
    paid(desk, incident_id)
    assert find_item(desk.board, kinds.STOP_REQUEST, incident_id) is not None


def test_a_second_caller_about_the_same_fraud_needs_no_case_of_its_own(desk):
    first, second = reported(desk), reported(desk)
    merge = incidents.MergeIncident(incident_id=second, into_incident_id=first)
    desk.do(merge)
    assert mine_of(desk).cases[second].outcome == "merged"
    assert not list_items(desk.board, "anti_fraud", second)
    assert mine_of(desk).cases[first].is_open


def test_the_nearest_unit_goes_to_the_victim_who_is_kept_on_the_phone_until_it_is_there(desk):
    incident_id = reported(desk, DISSUASION)
    line = find_item(desk.board, kinds.ON_THE_PHONE, incident_id)
    assert line.due_at_ms == START_MS + 30 * MINUTE * 1000
    call_id = desk.board.incidents[incident_id].call_ids[0]
    desk.do(calls.HangUpCall(call_id=call_id, by="caller"))
    lost = find_item(desk.board, kinds.ON_THE_PHONE, incident_id)
    assert (lost.stage, lost.due_at_ms) == ("to_call", START_MS + 2 * MINUTE * 1000)
    send = words.SendToVictim(incident_id=incident_id, by="Li")
    record = desk.do(send, at_s=MINUTE)
    sent = next(e for e in record.events if isinstance(e, orders.UnitAssigned))
    travel = {
        each.unit_id: each.travel_ms
        for r in desk.journal.records
        for e in r.events
        if isinstance(e, incidents.RecommendationMade)
        for each in e.candidates
    }
    assert travel[sent.unit_id] == min(travel.values())
    assert desk.code(send) == "sent_already"
    assert find_item(desk.board, kinds.DISSUASION, incident_id).stage == "on_the_way"
    assert [e.level for e in alarms_in(desk.run_until(3 * MINUTE), lost)] == [1]
    desk.do(words.NoteLine(incident_id=incident_id, step="regained", by="Li"))
    assert find_item(desk.board, kinds.ON_THE_PHONE, incident_id).stage == "talking"
    # Its order is void: somebody else has to go, and that is owed again.
    desk.do(orders.WithdrawUnit(order_id=sent.order_id, reason="换人"))
    assert find_item(desk.board, kinds.DISSUASION, incident_id).stage == "to_send"
    order_id = desk.sent(incident_id, "P2")
    desk.do(orders.AcknowledgeOrder(order_id=order_id))
    desk.do(orders.ReportEnRoute(order_id=order_id))
    desk.do(orders.ReportArrival(order_id=order_id))
    assert find_item(desk.board, kinds.DISSUASION, incident_id).stage == "with_victim"
    assert find_item(desk.board, kinds.ON_THE_PHONE, incident_id) is None
    assert desk.code(words.NoteLine(incident_id=incident_id, step="lost")) == "no_line_owed"
    assert desk.code(words.FileFraudCase(incident_id=incident_id, file_no="A", by="Li")) == (
        "nothing_paid"
    )
    desk.do(words.EndDissuasion(incident_id=incident_id, outcome="dissuaded", by="Li"))
    assert not _owed(desk, mine_of(desk).cases[incident_id])
    day = day_of(START_MS)
    tally = mine_of(desk).tally
    assert [tally.sum(each, day, day) for each in ("dissuasions", "dissuaded", "cases")] == [
        1,
        1,
        0,
    ]


def test_what_was_paid_in_spite_of_all_is_a_case_with_its_clock_from_then(desk):
    incident_id = reported(desk, DISSUASION)
    desk.do(words.EndDissuasion(incident_id=incident_id, outcome="paid", by="Li"), at_s=20 * MINUTE)
    due = find_item(desk.board, kinds.STOP_REQUEST, incident_id).due_at_ms
    assert due == START_MS + 30 * MINUTE * 1000
    asked(desk, paid(desk, incident_id), at_s=25 * MINUTE)
    day = day_of(START_MS)
    tally = mine_of(desk).tally
    assert [tally.sum(each, day, day + 1) for each in ("cases", "asked_in_time")] == [1, 1]
    send = words.SendToVictim(incident_id=incident_id, by="Li")
    assert desk.code(send) == "no_dissuasion"


def test_who_cannot_be_sent_to_a_victim_is_said(desk):
    incident_id = desk.opened(DISSUASION)
    send = words.SendToVictim(incident_id=incident_id, by="Li")
    assert desk.code(send) == "no_place"
    fake = words.FollowUnit(incident_id=incident_id, step="there", order_id="x", unit_id="P1")
    assert desk.code(fake) == "other_order"
    desk.do(
        incidents.PlaceIncident(incident_id=incident_id, lat=corner(4, 2)[0], lon=corner(4, 2)[1])
    )
    for _ in range(3):
        desk.sent(desk.opened(FIGHT, corner(4, 4)), desk.board.fleet.unit_ids[_])
    assert desk.code(send) == "nobody_free"


def test_the_terms_are_the_citys_own_within_bounds(desk):
    desk.do(words.SetFraudTerms(request_ms=5 * 60_000, n_residents=3_000_000, by="Li"))
    incident_id = reported(desk)
    due = find_item(desk.board, kinds.STOP_REQUEST, incident_id).due_at_ms
    assert due == START_MS + 5 * MINUTE * 1000
    assert desk.code(words.SetFraudTerms(request_ms=5 * 60_000, by="Li")) == "nothing_new"
    long = words.SetFraudTerms(stop_ms=2 * HOUR * 1000, by="Li")
    assert desk.code(long) == "lead_too_long"


def test_an_incident_is_not_closed_before_the_bank_has_answered(desk):
    incident_id = reported(desk)
    account_id = paid(desk, incident_id)
    request_id = asked(desk, account_id)
    desk.answered(incident_id)
    desk.do(
        incidents.SettleByPhone(incident_id=incident_id, disposition="settled", approved_by="Sun")
    )
    desk.do(incidents.ReviewIncident(incident_id=incident_id, reviewer_id="r"))
    close = incidents.CloseIncident(incident_id=incident_id)
    assert desk.code(close) == "items_open"
    desk.do(words.TakeBankAnswer(request_id=request_id, answer="no_balance", by="工商银行"))
    desk.do(close)
    # The seat goes on after it: the case outlives its incident.
    assert desk.code(words.OpenFraudCase(incident_id=incident_id)) == "incident_over"
    stopped(desk, account_id)
    assert find_item(desk.board, kinds.FREEZE_ORDER, account_id).incident_id == ""


def test_a_screen_shows_of_an_account_only_its_ends():
    assert short_number(CARD.replace(" ", "")) == "6217····7890"
    assert short_number("12345678") == "····78"
    assert short_number("") == ""
