"""Simulated people of the fraud seat (仿真反诈席): officers, banks, account holders.

They hand in commands later; some are late, some banks refuse or find nothing, some freezes are
wrong, so that a simulated quarter goes every way that a real one does. The shares are ours, set so
that a year of 3,802 frauds freezes 3,235 accounts (domain page, row 40); they are no statistics.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar

from kuaifan.board.day_tally import DAY_MS
from kuaifan.board.state import Board
from kuaifan.kernel.message import Command, Event
from kuaifan.seats.anti_fraud import words
from kuaifan.seats.anti_fraud.papers import HOUR_MS, MINUTE_MS, SEAT_ID, Channel, StopAnswer
from kuaifan.seats.anti_fraud.words_kind import RetypeFraudCase
from kuaifan.vocabulary.item import ItemOpened

Draw = Callable[[str], float]
Later = Iterator[tuple[int, Command]]
T = TypeVar("T")
OFFICER: Final = "反诈席民警"
SECOND: Final = "反诈席值班领导"
BANKS: Final = ("工商银行", "农业银行", "建设银行", "中国银行", "邮储银行", "农商银行")
CHANNELS: Final[tuple[tuple[float, Channel], ...]] = (
    (0.62, "bank_app"),
    (0.86, "third_party"),
    (0.91, "counter"),
    (0.94, "atm"),
    (0.97, "cash"),
    (1.0, "crypto"),
)
LONG_GONE: Final = "转账已逾四十八小时"
REFUSED: Final = "手续不全"
SHARES: Final = {
    "no_fraud": 0.02,
    "more": 0.7,
    "many": 0.3,
    "ask_late": 0.1,
    "try_cold": 0.5,
    "wait_long": 0.06,
    "ask_again": 0.6,
    "wrong": 0.6,
    "long_gone": 0.06,
}
"""How often something happens."""
ENDS: Final[tuple[tuple[float, words.DissuasionOutcome], ...]] = (
    (0.8, "dissuaded"),
    (0.92, "paid"),
    (1.0, "not_reached"),
)
ANSWERS: Final[tuple[tuple[float, StopAnswer], ...]] = (
    (0.65, "stopped"),
    (0.88, "no_balance"),
    (0.97, "refused"),
    (1.0, "unknown_account"),
)
FATES: Final = ((0.05, "claimed"), (0.75, "returned"), (0.97, "renewed"), (1.0, "forgotten"))
"""Of frozen money."""


def on_opened(_board: Board, event: words.FraudCaseOpened, _at_ms: int, draw: Draw) -> Later:
    """The officer asks for everything on one screen, and files within days."""
    incident_id = event.incident_id
    yield (
        between(draw("victim"), 1, 4),
        words.NoteVictim(
            incident_id=incident_id, victim="受害人", phone="", proof="转账截图", by=OFFICER
        ),
    )
    if event.kind == "dissuasion":
        yield from _dissuade(incident_id, draw)
        return
    if event.kind == "payable" and happens(draw, "long_gone"):
        late = RetypeFraudCase(incident_id=incident_id, kind="cold", reason=LONG_GONE, by=OFFICER)
        yield between(draw("look"), 20, 200), late
    yield from _transfers(event, draw)
    hours = 4 + 60 * draw("file") if event.kind == "payable" else 10 + 80 * draw("file")
    yield (
        round(hours * HOUR_MS),
        words.FileFraudCase(incident_id=incident_id, file_no=f"A{incident_id}", by=OFFICER),
    )
    if happens(draw, "no_fraud"):
        yield (
            3 * HOUR_MS,
            words.CloseFraudCase(
                incident_id=incident_id, outcome="not_fraud", reason="民事纠纷", by=OFFICER
            ),
        )


def _transfers(event: words.FraudCaseOpened, draw: Draw) -> Later:
    n_accounts = 1 + happens(draw, "more") + happens(draw, "many")
    for i in range(n_accounts):
        lag_min = 5 + 50 * draw(f"lag{i}") if event.kind == "payable" else 1_500 + 9_000 * draw("d")
        channel = pick(CHANNELS, draw(f"channel{i}"))
        yield (
            between(draw(f"told{i}"), 1, 5),
            words.AddTransfer(
                incident_id=event.incident_id,
                number=f"6217{round(draw(f'number{i}') * 10**12):012d}",
                bank=BANKS[int(draw(f"bank{i}") * len(BANKS))],
                holder="收款人",
                amount_fen=round(10 ** (4.5 + 2.6 * draw(f"amount{i}"))),
                transferred_at_ms=max(0, event.reported_at_ms - round(lag_min * MINUTE_MS)),
                channel=channel,
                by=OFFICER,
            ),
        )
        if channel == "cash":
            yield (
                between(draw("waive"), 6, 12),
                words.WaiveStop(incident_id=event.incident_id, reason="现金交付", by=OFFICER),
            )


def _dissuade(incident_id: str, draw: Draw) -> Later:
    yield (
        between(draw("send"), 0.3, 4),
        words.SendToVictim(incident_id=incident_id, by=OFFICER),
    )
    outcome = pick(ENDS, draw("end"))
    yield (
        between(draw("ended"), 15, 55),
        words.EndDissuasion(incident_id=incident_id, outcome=outcome, by=OFFICER),
    )


def on_ended(_board: Board, event: words.DissuasionEnded, at_ms: int, draw: Draw) -> Later:
    """What was paid in spite of all is a case from now on."""
    if event.outcome == "paid":
        opened = words.FraudCaseOpened(
            incident_id=event.incident_id,
            kind="payable",
            reported_at_ms=at_ms,
            desk_id="",
            record_class="",
            by="",
        )
        yield from on_opened(_board, opened, at_ms, draw)


def on_transfer(board: Board, event: words.TransferAdded, _at_ms: int, draw: Draw) -> Later:
    """Most requests go out within ten minutes of the call."""
    case = board.seats[SEAT_ID].cases[event.incident_id]
    if event.channel == "cash" or (case.kind == "cold" and not happens(draw, "try_cold")):
        return
    late_min = 12 if happens(draw, "ask_late") else 0
    yield (
        between(draw(f"ask{event.account_id}"), 0.5, 4) + late_min * MINUTE_MS,
        words.RequestStop(account_id=event.account_id, by=OFFICER),
    )


def on_requested(_board: Board, event: words.StopRequested, _at_ms: int, draw: Draw) -> Later:
    """A bank holds what is left, finds nothing, refuses, or lets one wait."""
    request_id, lag = event.request_id, draw(f"wait{event.request_id}")
    answer = pick(ANSWERS, draw(f"answer{request_id}"))
    is_long = happens(draw, "wait_long", request_id)
    share = 0.1 + 0.9 * draw(f"left{event.request_id}")
    yield (
        between(lag, 40, 200) if is_long else between(lag, 2, 28),
        words.TakeBankAnswer(
            request_id=event.request_id,
            answer=answer,
            amount_fen=max(1, round(event.amount_fen * share)) if answer == "stopped" else 0,
            reason=REFUSED if answer == "refused" else "",
            by=event.bank or "银行",
        ),
    )


def on_answered(_board: Board, event: words.BankAnswered, _at_ms: int, draw: Draw) -> Later:
    """What is stopped is frozen within two days, mostly; what was refused is asked for again."""
    if event.answer == "refused" and happens(draw, "ask_again", event.request_id):
        yield (
            between(draw(f"lag{event.request_id}"), 5, 20),
            words.RequestStop(account_id=event.account_id, by=OFFICER),
        )
    if event.answer == "stopped":
        # Filed first, where that had not been done: without it no notice is issued.
        hours = 20 + 33 * draw(f"freeze{event.request_id}")
        yield (
            round((hours - 2) * HOUR_MS),
            words.FileFraudCase(
                incident_id=event.incident_id, file_no=f"A{event.incident_id}", by=OFFICER
            ),
        )
        yield (
            round(hours * HOUR_MS),
            words.FreezeMoney(
                account_id=event.account_id, notice_no=f"D{event.account_id}", by=OFFICER
            ),
        )


def on_frozen(board: Board, event: words.MoneyFrozen, _at_ms: int, draw: Draw) -> Later:
    """Most comes back after weeks, some freezes are renewed, few are wrong."""
    account = board.seats[SEAT_ID].accounts[event.account_id]
    fate = pick(FATES, draw(f"fate{event.account_id}"))
    if fate == "claimed":
        yield (
            round((12 + 200 * draw("claim")) * HOUR_MS),
            words.ClaimWrongFreeze(
                account_id=event.account_id, reason="货款，与诈骗无关", by=OFFICER
            ),
        )
    elif fate == "returned":
        yield (
            round((12 + 70 * draw(f"back{event.account_id}")) * DAY_MS),
            words.ReturnMoney(
                account_id=event.account_id,
                amount_fen=max(1, account.ledger.frozen),
                source="frozen",
                by=OFFICER,
            ),
        )
    elif fate == "renewed":
        yield (
            max(MINUTE_MS, event.until_ms - _at_ms - 5 * DAY_MS),
            words.RenewFreeze(
                account_id=event.account_id, notice_no=f"X{event.account_id}", by=OFFICER
            ),
        )


def on_claimed(_board: Board, event: words.WrongFreezeClaimed, _at_ms: int, draw: Draw) -> Later:
    """Looked into within three days, mostly."""
    after_ms = round((3 + 80 * draw("check")) * HOUR_MS)
    if happens(draw, "wrong"):
        yield (
            after_ms,
            words.ProposeRelease(account_id=event.account_id, reason="核实为货款", by=OFFICER),
        )
    else:
        yield (
            after_ms,
            words.KeepHold(account_id=event.account_id, reason="涉案资金", by=OFFICER),
        )


def on_proposed(_board: Board, event: words.ReleaseProposed, _at_ms: int, draw: Draw) -> Later:
    """Another person confirms."""
    yield (
        round((1 + 10 * draw("confirm")) * HOUR_MS),
        words.ConfirmRelease(account_id=event.account_id, by=SECOND),
    )


def on_line(_board: Board, event: words.LineNoted, _at_ms: int, draw: Draw) -> Later:
    """Somebody calls the victim again, mostly at once."""
    if event.step == "lost":
        yield (
            between(draw("call"), 0.3, 3),
            words.NoteLine(incident_id=event.incident_id, step="regained", by=OFFICER),
        )


def on_filed(_board: Board, event: words.FraudCaseFiled, _at_ms: int, _draw: Draw) -> Later:
    """A case in which nothing is held is closed after its month; one that holds money, later."""
    done = words.CloseFraudCase(incident_id=event.incident_id, outcome="done", by=OFFICER)
    yield 28 * DAY_MS, done
    yield 80 * DAY_MS, done


def on_item(board: Board, event: ItemOpened, _at_ms: int, draw: Draw) -> Later:
    """Whatever was forgotten is done in the end, by whoever looks at the list of what is owed."""
    if event.seat_id != SEAT_ID:
        return
    late, about = 1 + draw(f"late{event.subject_id}"), event.subject_id
    if event.kind == "stop_request":
        waive = words.WaiveStop(incident_id=about, reason="账户已销户", by=OFFICER)
        yield round(50 * late * MINUTE_MS), waive
    elif event.kind == "bank_answer":
        request_id = board.seats[SEAT_ID].accounts[about].waiting_id
        answer = words.TakeBankAnswer(request_id=request_id, answer="no_balance", by="银行")
        yield round(4 * late * HOUR_MS), answer
    elif event.kind == "dissuasion":
        end = words.EndDissuasion(incident_id=about, outcome="not_reached", by=OFFICER)
        yield round(90 * late * MINUTE_MS), end
    elif event.kind == "filing":
        file = words.FileFraudCase(incident_id=about, file_no=f"A{about}", by=OFFICER)
        yield round(70 * late * HOUR_MS), file


def happens(draw: Draw, what: str, about: str = "") -> bool:
    """Whether something happens this time."""
    return draw(f"{what}{about}") < SHARES[what]


def pick(table: tuple[tuple[float, T], ...], luck: float) -> T:
    """What falls to a draw, of a table of rising shares."""
    return next(what for share, what in table if luck < share)


def between(luck: float, low_min: float, high_min: float) -> int:
    """A delay between two numbers of minutes, in ms."""
    return round((low_min + (high_min - low_min) * luck) * MINUTE_MS)


ACTORS: Final[Mapping[type[Event], Callable[[Board, Any, int, Draw], Later]]] = {
    words.FraudCaseOpened: on_opened,
    words.DissuasionEnded: on_ended,
    words.TransferAdded: on_transfer,
    words.StopRequested: on_requested,
    words.BankAnswered: on_answered,
    words.MoneyFrozen: on_frozen,
    words.WrongFreezeClaimed: on_claimed,
    words.ReleaseProposed: on_proposed,
    words.LineNoted: on_line,
    words.FraudCaseFiled: on_filed,
    ItemOpened: on_item,
}
