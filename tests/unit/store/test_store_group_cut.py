"""A sighting becomes durable with the record that came of it, or not at all."""

from collections import deque

from kuaifan.kernel.message import Observed
from kuaifan.kernel.record import Record, Scope
from kuaifan.store.images import AnswerItem, RecordItem, SightingItem
from kuaifan.store.writer import cut_group


def sighting(input_no):
    return SightingItem(input_no, 0, "radio", b"")


def record(input_no):
    made = Record(
        seq=input_no,
        input_no=input_no,
        at_ms=0,
        actor="radio",
        scope=Scope(),
        command=Observed(input_no=input_no),
    )
    return RecordItem(made, b"", [], None)


def test_a_sighting_at_the_end_of_the_queue_waits_for_what_may_come_of_it():
    items = deque([record(1), sighting(2)])
    assert cut_group(items, 10, holds_last=True) == [record(1)]
    assert list(items) == [sighting(2)]
    assert cut_group(items, 10, holds_last=True) == []
    items.append(record(2))
    assert cut_group(items, 10, holds_last=True) == [sighting(2), record(2)]


def test_a_sighting_that_led_to_nothing_goes_once_the_next_input_is_there():
    items = deque([sighting(1), sighting(2)])
    assert cut_group(items, 10, holds_last=True) == [sighting(1)]
    items.append(AnswerItem(None, None))
    assert cut_group(items, 10, holds_last=True) == [sighting(2), AnswerItem(None, None)]


def test_a_full_group_takes_the_record_of_its_last_sighting_along():
    items = deque([record(1), sighting(2), record(2), record(3)])
    assert cut_group(items, 2, holds_last=True) == [record(1), sighting(2), record(2)]
    assert list(items) == [record(3)]


def test_a_closing_log_keeps_nothing_back():
    items = deque([sighting(1)])
    assert cut_group(items, 10, holds_last=False) == [sighting(1)]
