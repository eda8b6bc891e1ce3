"""Simulated schools (仿真校园): a register at the first shift, and everything in it is accepted."""

import heapq
from itertools import count

from seat_life import draw_of
from toy_city import START_MS, Desk

from kuaifan.kernel.message import StartEngine
from kuaifan.seats.school.actors import ACTORS

DAY_S = 86_400
HALF_HOUR_MS = 1_800_000


def test_a_city_gets_as_many_schools_as_posts_with_guards_keys_and_tests():
    desk, agenda, order, refused = Desk(), [], count(), []
    draw, now_ms = draw_of(1, ""), START_MS
    desk.do(StartEngine(build="b", plugins=(), city_hash="c"))
    n_seen = len(desk.journal.records)
    desk.on_duty("P1")
    while True:
        for record in desk.journal.records[n_seen:]:
            for event in record.events:
                act = ACTORS.get(type(event))
                made = act(desk.board, event, record.at_ms, draw) if act else ()
                for wait_ms, command in made:
                    heapq.heappush(agenda, (record.at_ms + wait_ms, next(order), command))
        n_seen = len(desk.journal.records)
        now_ms += HALF_HOUR_MS
        if now_ms > START_MS + 10 * DAY_S * 1_000:
            break
        if not agenda or agenda[0][0] > now_ms:
            desk.run_until((now_ms - START_MS) / 1_000)
            continue
        at_ms, _, command = heapq.heappop(agenda)
        now_ms = at_ms
        desk.run_until((at_ms - START_MS) / 1_000)
        record = desk.do(command, at_s=(at_ms - START_MS) / 1_000)
        if record.refusal is not None:
            refused.append((type(command).__name__, record.refusal.code))
    papers = desk.board.seats["school"]
    n_posts = len(desk.board.reference.posts)
    assert (len(papers.schools), len(papers.keys)) == (n_posts, n_posts)
    assert len(papers.posts) == 4 * n_posts
    assert all(key.tested_at_ms for key in papers.keys.values())
    assert {code for _, code in refused} <= {"checked_in_already", "unknown_item"}
    n_due, n_present = (
        sum(day.get(name, 0) for day in papers.tally.days.values())
        for name in ("guards_due", "guards_present")
    )
    assert 0.8 * n_due < n_present <= n_due
