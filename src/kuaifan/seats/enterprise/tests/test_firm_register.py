"""The register of firms (重点企业名录): one by one or as a table; a place looks at a cell."""

import heapq
from hashlib import sha256
from itertools import count

import pytest
from toy_city import START_MS, Desk, corner, image

from kuaifan.seats.enterprise import ACTORS, words
from kuaifan.seats.enterprise.papers import Enterprise, Firm, cell_of, put_firm
from kuaifan.seats.enterprise.register_rules import split_phones

HEAD = "kind,name,lat,lon,radius_m,phones,leader,chief,officer"
THEFT = "020201"


@pytest.fixture(name="desk")
def fixture_desk():
    desk = Desk()
    yield desk
    assert image(desk.rebuilt()) == image(desk.engine.state)


def line(name, place=(32.6, 117.0), *, kind="firm", radius="100", phones="", people="甲,乙,丙"):
    return f"{kind},{name},{place[0]},{place[1]},{radius},{phones},{people}"


def table(*lines):
    return words.ImportFirms(table="\n".join([HEAD, *lines]), by="Li")


def test_a_table_of_firms_is_taken_whole_and_a_second_time_only_changes(desk):
    desk.do(table(*(line(f"企业{i}", corner(i % 8, i % 7)) for i in range(235))))
    mine = desk.board.seats["enterprise"]
    assert len(mine.firms) == 235
    changed = desk.do(
        table(
            *(line(f"企业{i}", corner(i % 8, i % 7)) for i in range(1, 235)),
            line("企业0", radius="200"),
        )
    )
    assert [event.firm.firm_id for event in changed.events] == ["F1"]
    assert [event.is_new for event in changed.events] == [False]
    assert mine.n_firms == len(mine.firms) == 235
    same = table(line("企业0", radius="200"))
    assert desk.code(same) == "nothing_new"


@pytest.mark.parametrize(
    ("bad", "zh"),
    [
        (line("甲厂", radius="abc"), "数值无法读取"),
        (line("甲厂", ("x", 1)), "数值无法读取"),
        (line("甲厂", (99, 117)), "经纬度超出范围"),
        (line("甲厂", kind="shop"), "数值无法读取"),
        (line("甲厂", radius="5"), "半径须为"),
        (line("甲厂", phones="12x45"), "电话 12x45"),
        (line("甲厂", people="甲,,丙"), "三人姓名"),
        (line(""), "须填写企业名称"),
        (line("好厂"), "重复"),
    ],
)
def test_one_bad_line_and_nothing_is_taken(desk, bad, zh):
    record = desk.do(table(line("好厂"), bad))
    assert record.refusal.code == "bad_line"
    assert record.refusal.reason_zh.startswith("名录第 3 行")
    assert zh in record.refusal.reason_zh
    assert not desk.board.seats["enterprise"].firms


def test_a_table_without_its_columns_is_told_so(desk):
    assert desk.code(words.ImportFirms(table="name,lat\n甲厂,1", by="Li")) == "no_columns"
    assert desk.code(words.ImportFirms(table="", by="Li")) == "no_columns"
    assert desk.code(words.ImportFirms(table=HEAD, by="Li")) == "nothing_new"
    assert desk.code(words.ImportFirms(table=HEAD, by=" ")) == "no_name"


def test_a_firm_is_added_once_and_changed_by_what_is_said(desk):
    lat, lon = corner(4, 2)
    three = {"leader": "甲", "chief": "乙", "officer": "丙", "by": "Li"}
    add = words.AddFirm(kind="project", name="二期工程", lat=lat, lon=lon, radius_m=200, **three)
    desk.do(add)
    assert desk.code(add) == "firm_exists"
    change = words.ChangeFirm(
        firm_id="F1", officer="丁", phone="0555 7654321；13800000001", by="Li"
    )
    desk.do(change)
    assert desk.code(change) == "nothing_new"
    firm = desk.board.seats["enterprise"].firms["F1"]
    assert (firm.officer, firm.chief) == ("丁", "乙")
    assert firm.phones == ("05557654321", "13800000001")
    assert desk.code(words.ChangeFirm(firm_id="F9", officer="丁", by="Li")) == "unknown_firm"
    assert desk.code(words.RetireFirm(firm_id="F1", reason="", by="Li")) == "reason_needed"


def test_numbers_are_looked_up_without_blanks_and_country():
    assert split_phones("+86 138-0000-0001, 0555 123456；") == ("13800000001", "0555123456")


def test_a_place_is_looked_up_in_its_cell_however_many_firms_there_are():
    mine = Enterprise()
    for i in range(2_000):
        firm = Firm(
            firm_id=f"F{i}",
            kind="firm",
            name=f"企业{i}",
            lat=31.0 + i % 50 * 0.03,
            lon=116.0 + i // 50 * 0.03,
            radius_m=300,
            ring=(),
            phones=(),
            leader="甲",
            chief="乙",
            officer="丙",
            valid_from_ms=0,
            valid_to_ms=0,
        )
        put_firm(mine, firm)
        put_firm(mine, firm)
    assert max(len(each) for each in mine.by_cell.values()) <= 2
    assert "F0" in mine.by_cell[cell_of(31.0, 116.0)]


def drawn(seed):
    return lambda name: int.from_bytes(sha256(f"{seed}/{name}".encode()).digest()[:4]) / 2**32


class People:
    """Hands in what the actors want done, in the order of time."""

    def __init__(self, desk):
        self.desk, self.todo, self.numbers, self.n_read = desk, [], count(), 0

    def look(self):
        """Whatever happened since makes somebody do something."""
        records = self.desk.journal.records
        for record in records[self.n_read :]:
            for event in record.events:
                act, draw = ACTORS.get(type(event)), drawn(getattr(event, "incident_id", ""))
                for delay_ms, command in (
                    act(self.desk.board, event, record.at_ms, draw) if act else ()
                ):
                    put = (record.at_ms + delay_ms, next(self.numbers), command)
                    heapq.heappush(self.todo, put)
        self.n_read = len(records)

    def run_until(self, at_s):
        """Until then; a refusal is nobody's trouble here."""
        self.look()
        while self.todo and self.todo[0][0] <= START_MS + at_s * 1_000:
            due_ms, _, command = heapq.heappop(self.todo)
            self.desk.run_until((due_ms - START_MS) / 1000)
            self.desk.do(command)
            self.look()
        self.desk.run_until(at_s)


def test_a_simulated_quarter_of_firms_has_every_branch(desk):
    people = People(desk)
    desk.on_duty("P1")
    people.run_until(600)
    mine = desk.board.seats["enterprise"]
    assert len(mine.firms) == 235
    for i in range(1, 121):
        people.run_until(i * 3_600)
        firm = mine.firms[f"F{i}"]
        desk.opened(THEFT, (firm.lat, firm.lon))
    people.run_until(90 * 86_400)
    said = {type(event) for record in desk.journal.records for event in record.events}
    assert set(words.EVENTS) - said == {
        *(words.FirmRetired, words.AgainstFirmSaid, words.EnterpriseTermsSet)
    }
    tally = desk.board.seats["enterprise"].tally
    matched, read, called = (
        tally.sum(each, 0, 10**6) for each in ("matched", "all_read", "called_back")
    )
    assert 100 < read <= matched
    assert called == matched


def _nobody(_board, _event, _at_ms, _draw):
    return ()
