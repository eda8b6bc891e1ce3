"""Where devices hand in positions: gathered, one batch, answered when it is durable, or lost."""

import threading
from concurrent.futures import wait

import pytest
from toy_city import START_MS, corner, toy_reference

from kuaifan.gateway.fix_desk import FixDesk
from kuaifan.gateway.fixes import FixMatcher, Marker
from kuaifan.kernel.inbox import InboxFullError
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.ticket import Ticket
from kuaifan.roads.matching import Matcher
from kuaifan.vocabulary.position import PositionReport
from kuaifan.vocabulary.unit import MAX_FIXES

WAIT_S = 20


def report(unit_id, step=0):
    lat, lon = corner(4, 4 + step / 2)
    return PositionReport(unit_id=unit_id, lat=lat, lon=lon, at_ms=START_MS + step * 10_000)


class Engine:
    """What stands behind the desk: takes batches, and is told when they are durable."""

    def __init__(self):
        self.batches, self.tickets, self.error = [], [], None
        self.has_one = threading.Semaphore(0)
        self.has_begun = threading.Semaphore(0)

    def submit(self, batch):
        if self.error is not None:
            raise self.error
        self.batches.append(batch)
        self.tickets.append(Ticket())
        self.has_one.release()
        return self.tickets[-1]

    def now_ms(self):
        """Asked for once a gathering, before it is matched."""
        self.has_begun.release()
        return START_MS + 60_000

    def answer(self, error=None):
        assert self.has_one.acquire(timeout=WAIT_S)
        self.tickets[-1].resolve(None, error)


@pytest.fixture
def engine():
    return Engine()


@pytest.fixture
def desk(engine):
    def make():
        return FixMatcher(Matcher(toy_reference().snapper), lambda _: Marker(0, None))

    made = FixDesk(make, engine.submit, engine.now_ms)
    made.start()
    yield made
    made.stop()


def test_what_comes_together_is_one_batch_and_each_sender_has_its_own_answer(desk, engine):
    sent = [desk.take([report(f"P{i}")]) for i in range(5)]
    sent.append(desk.take([report("P1"), report("P9")]))
    engine.answer()
    wait(sent, timeout=WAIT_S)
    assert [future.result() for future in sent] == [*[["ok"]] * 5, ["known", "ok"]]
    assert [len(batch.unit_ids) for batch in engine.batches] == [6]


def test_nobody_is_answered_before_the_batch_is_durable(desk, engine):
    sent = desk.take([report("P1")])
    assert engine.has_one.acquire(timeout=WAIT_S)
    assert not sent.done()
    engine.tickets[-1].resolve(None)
    assert sent.result(WAIT_S) == ["ok"]


def test_a_batch_that_the_disk_refused_can_be_sent_again(desk, engine):
    sent = desk.take([report("P1")])
    engine.answer(StorageError("the disk is full"))
    with pytest.raises(StorageError, match="full"):
        sent.result(WAIT_S)
    engine.error = StorageError("still full")
    with pytest.raises(StorageError, match="still"):
        desk.take([report("P1")]).result(WAIT_S)
    engine.error = None
    again = desk.take([report("P1")])
    engine.answer()
    assert again.result(WAIT_S) == ["ok"]


def test_too_many_that_wait_are_refused_and_none_after_the_end(desk):
    with pytest.raises(InboxFullError, match="send them again"):
        desk.take([report("P1")] * (MAX_FIXES + 1))
    desk.stop()
    with pytest.raises(InboxFullError):
        desk.take([report("P1")])


def test_who_waits_when_the_matcher_breaks_is_told(engine):
    def broken():
        raise MemoryError

    desk = FixDesk(broken, engine.submit, lambda: START_MS)
    seen = []
    threading.excepthook, before = (lambda told: seen.append(told.exc_type)), threading.excepthook
    try:
        desk.start()
        with pytest.raises(InboxFullError, match="any more"):
            desk.take([report("P1")]).result(WAIT_S)
        desk.stop()
    finally:
        threading.excepthook = before
    assert seen == [MemoryError]


def test_what_is_known_is_said_only_once_it_is_durable(desk, engine):
    first = desk.take([report("P1")])
    assert engine.has_begun.acquire(timeout=WAIT_S)
    again = desk.take([report("P1")])
    assert engine.has_begun.acquire(timeout=WAIT_S)
    # Whoever comes third is matched after the second was.
    other = desk.take([report("P2")])
    assert engine.has_begun.acquire(timeout=WAIT_S)
    assert not again.done()
    for _ in range(2):
        assert engine.has_one.acquire(timeout=WAIT_S)
    for ticket in engine.tickets:
        ticket.resolve(None)
    assert [each.result(WAIT_S) for each in (first, again, other)] == [["ok"], ["known"], ["ok"]]


def test_what_only_seemed_known_is_asked_for_again_when_the_disk_refuses(desk, engine):
    first = desk.take([report("P1")])
    assert engine.has_one.acquire(timeout=WAIT_S)
    assert engine.has_begun.acquire(timeout=WAIT_S)
    again = desk.take([report("P1")])
    assert engine.has_begun.acquire(timeout=WAIT_S)
    engine.tickets[-1].resolve(None, StorageError("the disk is full"))
    for each in (first, again):
        with pytest.raises(StorageError):
            each.result(WAIT_S)
    once_more = desk.take([report("P1")])
    engine.answer()
    assert once_more.result(WAIT_S) == ["ok"]


def test_a_desk_that_does_not_say_where_a_unit_was_ends_nothing(engine):
    answers = [StorageError("the engine does not answer"), Marker(0, None)]

    def find_marker(_unit_id):
        found = answers.pop(0)
        if isinstance(found, StorageError):
            raise found
        return found

    desk = FixDesk(
        lambda: FixMatcher(Matcher(toy_reference().snapper), find_marker),
        engine.submit,
        engine.now_ms,
    )
    desk.start()
    with pytest.raises(StorageError):
        desk.take([report("P1")]).result(WAIT_S)
    again = desk.take([report("P1")])
    engine.answer()
    assert again.result(WAIT_S) == ["ok"]
    desk.stop()
