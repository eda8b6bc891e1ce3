"""Counts by local day (日计数)."""

from kuaifan.board.day_tally import DAY_MS, DayTally, day_of, start_of_day

MIDNIGHT_MS = start_of_day(20_000)


def test_a_day_begins_at_the_citys_midnight():
    assert day_of(MIDNIGHT_MS) == day_of(MIDNIGHT_MS + DAY_MS - 1) == 20_000
    assert day_of(MIDNIGHT_MS - 1) == 19_999
    # 16:00 UTC is midnight in Beijing.
    assert MIDNIGHT_MS % DAY_MS == 16 * 3_600_000


def test_the_sum_of_days_is_the_sum_of_what_was_counted():
    tally = DayTally()
    tally.add(MIDNIGHT_MS - 1, "calls")
    tally.add(MIDNIGHT_MS, "calls", 2)
    tally.add(MIDNIGHT_MS + DAY_MS, "calls", 4)
    tally.add(MIDNIGHT_MS, "nothing", 0)
    assert tally.sum("calls", 20_000, 20_001) == 6
    assert tally.sum("calls", 19_999, 20_001) == 7
    assert tally.sum("unknown", 0, 0) == 0
    assert tally.days[20_000] == {"calls": 2}
