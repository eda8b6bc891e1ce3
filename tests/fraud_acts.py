"""What people at the fraud seat press (反诈操作), for its tests."""

from toy_city import START_MS, corner

from kuaifan.seats.anti_fraud import words
from kuaifan.vocabulary import call as calls
from kuaifan.vocabulary.alarm import AlarmRaised

PAYABLE, COLD, DISSUASION, FIGHT = "010301", "010302", "010303", "020302"
MINUTE, HOUR, DAY = 60, 3_600, 86_400
LOST = 5_000_000
CARD = "6217 0012 3456 7890"


def mine_of(desk):
    return desk.board.seats["anti_fraud"]


def reported(desk, type_code=PAYABLE, at_s=0):
    """A caller tells of a fraud; the case is there at once."""
    call_id = desk.rang(at_s=at_s)
    desk.do(calls.AnswerCall(call_id=call_id, seat_id="1"))
    return desk.opened(type_code, corner(4, 2), call_id=call_id)


def transfer(incident_id, *, number=CARD, amount_fen=LOST, at_s=-600):
    return words.AddTransfer(
        incident_id=incident_id,
        number=number,
        bank="工商银行",
        holder="张某",
        amount_fen=amount_fen,
        transferred_at_ms=START_MS + at_s * 1000,
        channel="bank_app",
        by="Li",
    )


def paid(desk, incident_id, **told):
    """A transfer is entered; returns the account's id."""
    return desk.do(transfer(incident_id, **told)).events[0].account_id


def asked(desk, account_id, at_s=None):
    record = desk.do(words.RequestStop(account_id=account_id, by="Li"), at_s=at_s)
    assert record.refusal is None, record.refusal
    return next(e for e in record.events if isinstance(e, words.StopRequested)).request_id


def stopped(desk, account_id, amount_fen=LOST, at_s=None):
    """The bank holds some of it."""
    request_id = asked(desk, account_id, at_s)
    answer = words.TakeBankAnswer(
        request_id=request_id, answer="stopped", amount_fen=amount_fen, by="工商银行"
    )
    record = desk.do(answer)
    assert record.refusal is None, record.refusal
    return request_id


def filed(desk, incident_id):
    desk.do(words.FileFraudCase(incident_id=incident_id, file_no="A4401", by="Li"))


def frozen(desk, account_id, amount_fen=0, at_s=None):
    notice = words.FreezeMoney(
        account_id=account_id, notice_no="D1", amount_fen=amount_fen, by="Li"
    )
    record = desk.do(notice, at_s=at_s)
    assert record.refusal is None, record.refusal


def alarms_in(records, item):
    return [
        event
        for record in records
        for event in record.events
        if isinstance(event, AlarmRaised) and event.subject_id == item.item_id
    ]
