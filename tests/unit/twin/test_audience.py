"""Who hears of nothing but certain events is told of no other record, and misses none of those."""

from kuaifan.kernel.message import EngineStarted, StartEngine, TimerCancelled, TimerSet
from kuaifan.kernel.record import Record, Scope
from kuaifan.twin.audience import Audience, Hearer

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


class EventHearer(Hearer):
    def __init__(self, told):
        self.told = told
        super().__init__({EngineStarted: self.started, TimerCancelled: self.cancelled})

    def started(self, event, at_ms):
        self.told.append((type(event).__name__, at_ms))

    cancelled = started

    def refused(self, record):
        self.told.append(("nothing", record.seq))


def test_who_hears_single_events_is_told_of_each_and_of_what_came_to_nothing():
    told = []
    audience = Audience([EventHearer(told), Listener(told, "set", (TimerSet,))])
    rows = (record(1, CANCELLED, STARTED, CANCELLED), record(2), record(3, STARTED))
    for each in rows:
        audience.follow(each)
    by_audience = list(told)
    assert by_audience == [
        *(("TimerCancelled", 0), ("EngineStarted", 0), ("TimerCancelled", 0)),
        ("nothing", 2),
        ("EngineStarted", 0),
    ]
    told.clear()
    alone = EventHearer(told)
    for each in rows:
        alone.follow(each)
    assert told == by_audience
