"""Who hears of nothing but certain events is told of no other record, and misses none of those."""

from kuaifan.kernel.message import EngineStarted, StartEngine, TimerCancelled, TimerSet
from kuaifan.kernel.record import Record, Scope
from kuaifan.twin.audience import Audience

STARTED = EngineStarted(build="", plugins=(), city_hash="")
CANCELLED = TimerCancelled(timer_id="a")


class Listener:
    def __init__(self, told, name, hears=None):
        self.told, self.name = told, name
        if hears is not None:
            self.hears = hears

    def follow(self, record):
        self.told.append((self.name, record.seq))


def record(seq, *events):
    command = StartEngine(build="", plugins=(), city_hash="")
    return Record(
        seq=seq, input_no=seq, at_ms=0, actor="", scope=Scope(), command=command, events=events
    )


def test_each_record_goes_to_whom_it_concerns_in_their_order():
    told = []
    audience = Audience(
        [
            Listener(told, "started", {EngineStarted: print}),
            Listener(told, "all"),
            Listener(told, "both", (EngineStarted, TimerCancelled)),
            Listener(told, "set", (TimerSet,)),
        ]
    )
    for each in (record(1, STARTED), record(2), record(3, CANCELLED, STARTED), record(4, STARTED)):
        audience.follow(each)
    assert told == [
        *(("started", 1), ("all", 1), ("both", 1)),
        ("all", 2),
        *(("started", 3), ("all", 3), ("both", 3)),
        *(("started", 4), ("all", 4), ("both", 4)),
    ]
