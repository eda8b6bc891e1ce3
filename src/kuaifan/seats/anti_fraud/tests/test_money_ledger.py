"""The money ledger (资金台账): each fen is in exactly one state, whatever is pressed when."""

import random

import pytest
from toy_city import START_MS, Desk, corner, image

from kuaifan.board.items import list_items
from kuaifan.seats.anti_fraud import words
from kuaifan.seats.anti_fraud.ledger import ENTRY_SIDES, STATES, Ledger

N_ACTS = 300
STEPS_S = [1, 60, 600, 3_600] * 6 + [20 * 3_600, 30 * 3_600, 45 * 86_400]


def test_an_entry_takes_no_more_than_is_there_and_no_less_than_one_fen():
    ledger = Ledger()
    ledger.move("", "gone", 100)
    ledger.move("gone", "stopped", 60)
    with pytest.raises(ValueError, match="60 fen are stopped"):
        ledger.move("stopped", "frozen", 61)
    with pytest.raises(ValueError, match="more than nothing"):
        ledger.move("gone", "stopped", 0)
    assert (ledger.gone, ledger.stopped, ledger.lost, ledger.held) == (40, 60, 100, 60)


def test_every_reason_moves_money_between_states_that_there_are():
    sides = [side for pairs in ENTRY_SIDES.values() for pair in pairs for side in pair]
    assert set(sides) - {""} == set(STATES)
    assert all(left != right for pairs in ENTRY_SIDES.values() for left, right in pairs)


def _acts(chance, incident_ids, accounts):
    """One press of some button, sensible or not."""
    account_id = chance.choice([*accounts] * 9 + ["J9-1"])
    incident_id = chance.choice(incident_ids)
    fen = chance.choice([0, 0, 50, 1_000, 10**6])
    account = accounts.get(account_id)
    request_id = (account and account.waiting_id) or f"{account_id}-1"
    name = chance.choice(["Li", "Sun"])
    return chance.choice(
        [
            words.AddTransfer(
                incident_id=incident_id,
                number=str(chance.randrange(2)),
                bank="农商银行",
                amount_fen=max(1, fen),
                transferred_at_ms=START_MS - chance.randrange(4),
                channel="atm",
                by=name,
            ),
            words.RequestStop(account_id=account_id, by=name),
            words.TakeBankAnswer(
                request_id=request_id, answer="stopped", amount_fen=max(1, fen), by=name
            ),
            words.TakeBankAnswer(request_id=request_id, answer="no_balance", by=name),
            words.FileFraudCase(incident_id=incident_id, file_no="A", by=name),
            words.FreezeMoney(account_id=account_id, notice_no="D", amount_fen=fen, by=name),
            words.RenewFreeze(account_id=account_id, notice_no="X", by=name),
            words.ReturnMoney(
                account_id=account_id,
                amount_fen=max(1, fen),
                source=chance.choice(["frozen", "gone"]),
                by=name,
            ),
            words.CorrectLoss(account_id=account_id, lost_fen=fen, reason="看错", by=name),
            words.ClaimWrongFreeze(account_id=account_id, reason="货款", by=name),
            words.ProposeRelease(account_id=account_id, reason="货款", amount_fen=fen, by=name),
            words.ConfirmRelease(account_id=account_id, by=name),
            words.KeepHold(account_id=account_id, reason="涉案", by=name),
            *_seldom(chance, incident_id, name),
        ]
    )


def _seldom(chance, incident_id, name):
    """The end of a case, or more would never happen in it."""
    if chance.random() < 0.9:
        return []
    outcome = chance.choice(["done", "not_fraud"])
    return [words.CloseFraudCase(incident_id=incident_id, outcome=outcome, reason="查清", by=name)]


def test_the_ledger_balances_and_everything_owed_has_an_owner_whatever_is_done():
    reasons = set()
    for seed in range(3):
        desk = _lived(random.Random(seed))  # noqa: S311 - drawn again by its seed
        assert image(desk.rebuilt()) == image(desk.engine.state)
        events = (event for record in desk.journal.records for event in record.events)
        reasons |= {each.reason for each in events if isinstance(each, words.MoneyMoved)}
    # The random lives went every way that money can go.
    assert reasons >= set(ENTRY_SIDES) - {"not_fraud"}


def _lived(chance):
    desk = Desk()
    incident_ids = [desk.opened("010301", corner(4, 2)) for _ in range(2)]
    _begin(desk, incident_ids[0])
    mine, at_s = desk.board.seats["anti_fraud"], 0
    for _ in range(N_ACTS):
        at_s += chance.choice(STEPS_S)
        desk.run_until(at_s)
        desk.do(_acts(chance, incident_ids, mine.accounts))
        _check(desk, mine)
    return desk


def _begin(desk, incident_id):
    """Money is frozen already, so that more can happen to it."""
    told = {"bank": "农商银行", "channel": "atm", "transferred_at_ms": START_MS, "by": "Li"}
    desk.do(words.AddTransfer(incident_id=incident_id, number="7", amount_fen=10**7, **told))
    desk.do(words.RequestStop(account_id=f"{incident_id}-1", by="Li"))
    answer = {"answer": "stopped", "amount_fen": 10**7, "by": "Li"}
    desk.do(words.TakeBankAnswer(request_id=f"{incident_id}-1-1", **answer))
    desk.do(words.FileFraudCase(incident_id=incident_id, file_no="A", by="Li"))
    notice = words.FreezeMoney(account_id=f"{incident_id}-1", notice_no="D", by="Li")
    assert desk.do(notice).refusal is None


def _check(desk, mine):
    """Each state is the sum of its entries, nothing is below zero, nothing is owed by nobody."""
    ledgers = [each.ledger for each in mine.accounts.values()]
    for state in STATES:
        assert mine.total.of(state) == sum(each.of(state) for each in ledgers)
        assert min([each.of(state) for each in ledgers], default=0) >= 0
    told = [each for case in mine.cases.values() for each in case.entries]
    open_ids = {each.incident_id for each in mine.cases.values() if each.is_open}
    held = [each for each in mine.accounts.values() if each.incident_id in open_ids]
    for state in STATES:
        moved = sum(
            each.amount_fen * ((each.right == state) - (each.left == state)) for each in told
        )
        assert moved == sum(each.ledger.of(state) for each in held)
    for item in desk.board.items.values():
        assert item.owner.owner_id
        assert item.due_at_ms > START_MS
    for case in mine.cases.values():
        subjects = [case.incident_id, *case.account_ids]
        owed = [item for each in subjects for item in list_items(desk.board, "anti_fraud", each)]
        assert bool(owed) is case.is_open
    for account in mine.accounts.values():
        kinds = {each.kind for each in list_items(desk.board, "anti_fraud", account.account_id)}
        assert ("freeze_order" in kinds) is bool(account.ledger.stopped)
        assert ("freeze_end" in kinds) is bool(account.ledger.frozen)
        assert ("bank_answer" in kinds) is bool(account.waiting_id)
        assert ("wrong_freeze" in kinds) is account.is_claimed
