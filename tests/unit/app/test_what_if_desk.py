"""What-ifs beside a live desk (反事实台): what can be asked, and what is refused in words."""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import msgspec
import pytest
from toy_city import FIGHT, Desk, corner

from kuaifan.app.twin_ahead import AheadAsk
from kuaifan.app.what_if_desk import WhatIfDesk
from kuaifan.app.what_if_worker import FILE, FOLDER, WhatIfTold, ahead_ask
from kuaifan.kernel.record import Record
from kuaifan.plan.scenario import ScenarioError
from kuaifan.plan.what_if import WhatIfAnswer, WhatIfAsk
from kuaifan.vocabulary.desk import Ways
from kuaifan.vocabulary.order import AssignUnit

HOUR_MS = 3_600_000
ZONE = ZoneInfo("Asia/Shanghai")


class Reader:
    """The records of a toy desk, read as a log is."""

    def __init__(self, desk, record_class):
        self.records = [each for each in desk.journal.items if isinstance(each, Record)]
        self.desk, self.record_class = desk, record_class

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        pass

    def find_at_ms(self, seq):
        return next((each.at_ms for each in self.records if each.seq == seq), None)

    def find_sealed(self, _table, row_id):
        incident = self.desk.board.incidents.get(row_id)
        if incident is None:
            return None
        row = {"incident_id": row_id, "type_code": incident.type_code, "priority": 2}
        return msgspec.json.encode({**row, "opened_at_ms": 1, "record_class": self.record_class})

    def read_touching(self, _places):
        return self.records


class Asked:
    """A toy desk with an incident to which P1 was sent."""

    def __init__(self, folder, record_class="ordinary"):
        self.desk = Desk()
        self.desk.on_duty("P1", "P2")
        self.first = self.desk.opened(FIGHT, corner(1, 1))
        self.waiting = self.desk.opened(FIGHT, corner(5, 5))
        self.sent = self.desk.do(AssignUnit(incident_id=self.first, unit_id="P1"))
        self.now_ms = self.desk.engine.state.head.at_ms + HOUR_MS
        logged = SimpleNamespace(
            board=self.desk.board, open_reader=lambda: Reader(self.desk, record_class)
        )
        self.what_if = WhatIfDesk(
            folder,
            logged,
            folder / "log.db",
            n_waiting=lambda: 0,
            clock_ms=lambda: self.now_ms,
            zone=ZONE,
        )

    def code(self, **fields):
        with pytest.raises(ScenarioError) as raised:
            self.what_if.read(WhatIfAsk(**fields))
        assert raised.value.zh
        assert str(raised.value)
        return raised.value.code


@pytest.fixture
def asked(tmp_path):
    return Asked(tmp_path)


def test_another_unit_begins_just_before_the_first_order_with_who_was_sent(asked):
    sign = asked.desk.board.reference.units["P2"].call_sign
    told = asked.what_if.read(WhatIfAsk(incident_id=f" {asked.first.lower()}", unit_id=sign))
    assert (told.before_seq, told.at_ms) == (asked.sent.seq, asked.sent.at_ms)
    assert told.sent == ("P1",)
    ask = ahead_ask(told)
    assert (ask.held, ask.choose) == (((asked.first, "P1"),), ((asked.first, "P2"),))
    line = msgspec.json.encode(told)
    assert msgspec.json.decode(line, type=WhatIfTold) == told
    assert b"\n" not in line


def test_another_policy_begins_at_a_moment_of_the_log(asked):
    at = "2026-01-01T00:00"
    told = WhatIfAsk(at=at, policy="nearest", ways=Ways(turns=False))
    assert asked.code(**msgspec.structs.asdict(told)) in {"before_log", "in_future"}
    began_ms = Reader(asked.desk, "").find_at_ms(1)
    moment = datetime.fromtimestamp(began_ms / 1000 + 60, ZONE).replace(tzinfo=None).isoformat()
    read = asked.what_if.read(msgspec.structs.replace(told, at=moment))
    assert (read.policy, read.before_seq, read.sent) == ("nearest:turns=no", 0, ())
    assert ahead_ask(read) == AheadAsk(minutes=60, n_replications=20, policy="nearest:turns=no")


def test_what_cannot_be_asked_is_refused_by_what_is_wrong(asked):
    first, waiting = asked.first, asked.waiting
    assert asked.code() == "one_difference"
    assert asked.code(policy="nearest", incident_id=first, unit_id="P2") == "one_difference"
    assert asked.code(policy="nearest", at="noon") == "bad_moment"
    assert asked.code(policy="nearest", at="2999-01-01T00:00") == "in_future"
    assert asked.code(policy="nearest", at="1990-01-01T00:00") == "before_log"
    assert asked.code(incident_id="J99", unit_id="P2") == "unknown_incident"
    assert asked.code(incident_id=first, unit_id="P99") == "unknown_unit"
    assert asked.code(incident_id=first, unit_id="p1") == "same_unit"
    assert asked.code(incident_id=waiting, unit_id="P2") == "nobody_sent"
    with pytest.raises(ScenarioError, match="is not running"):
        asked.what_if.end()


def test_of_a_restricted_record_no_what_if_is_made(tmp_path):
    asked = Asked(tmp_path, record_class="restricted")
    assert asked.code(incident_id=asked.first, unit_id="P2") == "restricted"


def test_the_last_answer_is_read_back_and_a_damaged_one_is_none(asked, tmp_path):
    assert asked.what_if.find() is None
    answer = WhatIfAnswer(
        ask=WhatIfAsk(policy="nearest", at="2026-01-01T00:00"),
        at="2026-01-01T00:00:00+08:00",
        present="patrol_first",
        policy="nearest",
        sent=(),
        n_runs=20,
        minutes=60,
        figures=(),
        said_zh="看不出差别。",
        said_en="No difference is seen.",
    )
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / FILE).write_bytes(msgspec.json.encode(answer))
    assert asked.what_if.find() == answer
    (tmp_path / FOLDER / FILE).write_text("{")
    assert asked.what_if.find() is None
