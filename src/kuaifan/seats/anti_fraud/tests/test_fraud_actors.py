"""Simulated people of the fraud seat (仿真反诈席): a run of cases goes every way there is."""

import heapq
from hashlib import sha256
from itertools import count

from toy_city import START_MS, Desk, corner, image

from kuaifan.seats.anti_fraud import ACTORS, words

QUARTER_MS = 92 * 86_400_000


def drawn(seed):
    """A uniform draw by name, the same whenever it is asked for."""
    return lambda name: int.from_bytes(sha256(f"{seed}/{name}".encode()).digest()[:4]) / 2**32


class People:
    """Hands in what the actors want done, in the order of time."""

    def __init__(self, desk):
        self.desk, self.todo, self.no, self.read = desk, [], count(), 0

    def look(self):
        """Whatever happened since makes somebody do something."""
        records = self.desk.journal.records
        for record in records[self.read :]:
            for event in record.events:
                act = ACTORS.get(type(event))
                if act is None:
                    continue
                draw = drawn(getattr(event, "incident_id", ""))
                for delay_ms, command in act(self.desk.board, event, record.at_ms, draw):
                    heapq.heappush(self.todo, (record.at_ms + delay_ms, next(self.no), command))
        self.read = len(records)

    def run_until(self, at_ms):
        """Until then; a refusal is nobody's trouble here."""
        self.look()
        while self.todo and self.todo[0][0] <= at_ms:
            due_ms, _, command = heapq.heappop(self.todo)
            self.desk.run_until((due_ms - START_MS) / 1000)
            self.desk.do(command)
            self.look()
        self.desk.run_until((at_ms - START_MS) / 1000)


def test_a_quarter_of_simulated_frauds_has_every_branch_and_balances():
    desk = Desk()
    desk.on_duty("P1", "P2", "P3")
    people, codes = People(desk), ("010301", "010301", "010302", "010303")
    for i in range(120):
        people.run_until(START_MS + i * 3_600_000)
        desk.opened(codes[i % 4], corner(i % 5, 2))
    people.run_until(START_MS + QUARTER_MS)
    events = [event for record in desk.journal.records for event in record.events]
    said = {type(event) for event in events}
    assert set(words.EVENTS) - said <= {
        *(words.LossCorrected, words.FraudTermsSet, words.LineNoted, words.FreezeLapsed)
    }
    answers = [event for event in events if isinstance(event, words.BankAnswered)]
    assert {each.answer for each in answers} >= {"stopped", "no_balance", "refused"}
    mine = desk.board.seats["anti_fraud"]
    assert mine.total.lost == sum(each.ledger.lost for each in mine.accounts.values())
    assert min(mine.total.returned, mine.total.frozen, mine.total.gone) > 0
    payable = [each for each in mine.cases.values() if each.kind == "payable"]
    assert 0.6 < sum(each.asked_in_time for each in payable) / len(payable) < 1
    assert image(desk.rebuilt()) == image(desk.engine.state)
