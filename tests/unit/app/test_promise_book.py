"""The promise ledger of a live desk reads only what is new, and knows what the twin had shown."""

from datetime import UTC
from types import SimpleNamespace

import pytest
from matrix_plan_rows import COMPARED
from toy_city import BURGLARY, Desk, corner

from kuaifan.app.planner_papers import ComparisonFiles
from kuaifan.app.promise_book import PromiseBook, simulated_of
from kuaifan.app.scenario_files import ScenarioFiles
from kuaifan.board.plan_papers import hash_plan
from kuaifan.vocabulary.order import AcknowledgeOrder, AssignUnit, ReportArrival, ReportEnRoute
from kuaifan.vocabulary.plan import Plan, PlanPost, ProposePlan, PublishPlan, RingPromise


def post(post_id, row, col):
    lat, lon = corner(row, col)
    rings = (RingPromise(1.0, 0.9), RingPromise(5.0, 1.0))
    return PlanPost(
        post_id=post_id, kind="standby_post", name=post_id, lat=lat, lon=lon, rings=rings
    )


class Read:
    """The toy desk as a ledger sees it; counts the records that were read."""

    def __init__(self, desk):
        self.desk, self.n_read, self.most = desk, 0, 10_000
        self.reference = desk.board.reference

    @property
    def plans(self):
        return self.desk.board.plans

    def read_since(self, since_ms, each):
        records = [r for r in self.desk.journal.records if r.at_ms >= since_ms][-self.most :]
        self.n_read += len(records)
        for record in records:
            each(record)
        return max(since_ms, records[0].at_ms) if records else since_ms


@pytest.fixture
def desk():
    desk = Desk()
    plan = Plan(name="two", posts=(post("SB-N", 7, 2), post("SB-S", 1, 6)))
    said = {"person": "li", "reason": "r", "comparison": COMPARED}
    asked = desk.do(ProposePlan(**said, plan=plan, plan_hash=hash_plan(plan)))
    desk.do(PublishPlan(plan_id=asked.events[0].plan_id, person="wang"), at_s=desk.now_s + 1)
    desk.on_duty("P2")
    return desk


@pytest.fixture
def read(desk):
    return Read(desk)


@pytest.fixture
def book(tmp_path, desk, read):
    files = ScenarioFiles(tmp_path), ComparisonFiles(tmp_path)
    return PromiseBook(read, files, clock_ms=desk.inbox.now_ms, zone=UTC)


def reached(desk, after_s=120):
    """An incident in the north, reached so long after its order."""
    incident_id = desk.opened(BURGLARY, corner(6, 2))
    order_id = desk.do(AssignUnit(incident_id=incident_id, unit_id="P2")).events[0].order_id
    desk.do(AcknowledgeOrder(order_id=order_id))
    desk.do(ReportEnRoute(order_id=order_id))
    desk.do(ReportArrival(order_id=order_id), at_s=desk.now_s + after_s)


def row_of(ledger, post_id, ring_min):
    [found] = [r for r in ledger.circles if (r.post_id, r.ring_min) == (post_id, ring_min)]
    return found


def test_a_second_question_reads_only_what_came_since(desk, book, read):
    reached(desk)
    first = row_of(book.ledger(), "SB-N", 5.0)
    assert (first.n, first.n_kept) == (1, 1)
    n_first = read.n_read
    assert n_first > 5
    same = row_of(book.ledger(), "SB-N", 5.0)
    assert (same.n, same.n_kept) == (1, 1)
    # The records of the last instant come once more and count once.
    assert read.n_read - n_first <= 2


def test_where_not_all_could_be_read_the_ledger_begins_later_and_says_so(desk, book, read):
    reached(desk)
    used_at_ms = desk.board.plans.in_use().used_at_ms
    assert book.ledger().from_ms == used_at_ms
    read.most = 1
    desk.run_until(desk.now_s + 60)
    desk.on_duty("P3")
    later = book.ledger()
    assert row_of(later, "SB-N", 5.0).n == 0
    assert later.from_ms > used_at_ms


def test_the_units_response_and_the_callers_wait_have_names_of_their_own(desk, book):
    reached(desk)
    (day,) = book.ledger().days
    assert day.unit.p50_s == pytest.approx(120, abs=2)
    # Nobody rang for it: nobody's wait is made up.
    assert (day.caller.n, day.caller.p90_s) == (0, None)


def test_what_the_twin_showed_is_counted_by_the_very_definition():
    rings = (RingPromise(1.0, 0.9), RingPromise(5.0, 1.0))
    posts = [SimpleNamespace(post_id=each, rings=rings) for each in ("SB-N", "SB-S")]
    standing = SimpleNamespace(plan=SimpleNamespace(posts=posts))
    day = SimpleNamespace(circle=(0, 0, 0, -1), response_s=(50, 70, 400, 10))
    twin = SimpleNamespace(post_ids=("SB-N", "SB-S"), days=(day, day))
    assert simulated_of(standing, twin) == {("SB-N", 1.0): (2, 6), ("SB-N", 5.0): (4, 6)}


def test_without_a_stored_trial_nothing_is_said_to_have_been_simulated(desk, book):
    reached(desk)
    row = row_of(book.ledger(), "SB-N", 1.0)
    assert (row.simulated, row.n_simulated) == (None, 0)
