"""How much ran through the loops of a log (闭环业务量), beside a city's published year.

Counted by the names of the seats' events, so that a house without a seat has its row empty.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from kuaifan.board.day_tally import day_of
from kuaifan.kernel.record import Record
from kuaifan.twin.demand import DISPERSION
from kuaifan.vocabulary import incident as incidents
from kuaifan.vocabulary.incident_types import IncidentType

YEAR_DAYS: Final = 365
Z_95: Final = 1.959964
DISPUTE_TYPES: Final = frozenset(
    {
        "neighbour_dispute",
        "debt_dispute",
        "consumer_dispute",
        "family_dispute",
        "relationship_dispute",
    }
)
"""The four kinds that are told: neighbours, money, shopping, families and couples."""
DV_TYPES: Final = frozenset({"dv_in_progress", "dv_past", "dv_order_breach"})
TARGETS: Final = (
    ("handled", "警情 incidents of callers", 247_300, "row 31"),
    ("disputes", "纠纷 disputes", 38_761, "row 33: 5,974 + 13,053 + 10,235 + 9,499"),
    ("violence", "家庭暴力 domestic violence", 707, "row 34: 4,595 since July 2017"),
    ("fraud", "电信诈骗 frauds", 3_802, "row 40"),
    ("enterprise", "涉企 incidents of firms", 245, "rows 37 and 39; the text says 215 as well"),
    ("hand_over", "12345 hand-overs", 8_519, "row 44"),
    ("accounts", "冻结账户 accounts frozen", 3_235, "row 40"),
)
"""What Huainan tells of 2023, by domain.md; a year, of which a run has so many days."""


class Volume(msgspec.Struct, frozen=True, kw_only=True):
    """How often something happened (业务量), and how often it should in so many days.

    spread: 95 % of draws lie within it around `expected`, for calls come in bursts.
    """

    name: str
    words: str
    source: str
    n: int
    expected: float
    spread: float


class RuleHits(msgspec.Struct, frozen=True, kw_only=True):
    """A rule of the daily checklist (评查规则): hits, and incidents it looked at."""

    rule: str
    n_hits: int
    n_incidents: int


class Money(msgspec.Struct, kw_only=True):
    """The money of the frauds in fen (资金台账), by where it is at the end of the log.

    lost: told and not taken back. is_balanced: each fen of each account is in one state.
    """

    lost: int = 0
    states: dict[str, int] = {}
    n_accounts: int = 0
    n_entries: int = 0
    is_balanced: bool = True


class LoopFigures:
    """Counts a log (闭环计数)."""

    def __init__(self, types: Mapping[str, IncidentType]) -> None:
        self._types = types
        self._n: Counter[str] = Counter()
        self._once: set[str] = set()
        self._hits: Counter[str] = Counter()
        self._n_checked = 0
        self._accounts: dict[str, Counter[str]] = defaultdict(Counter)
        self._lost: Counter[str] = Counter()
        self.days: set[int] = set()
        self.n_records = self.n_refused = 0
        self.faults: Counter[str] = Counter()
        self.refused_by_system: Counter[str] = Counter()
        self.refused_after: Counter[str] = Counter()
        self._of_event = {
            "FraudCaseOpened": self._fraud,
            "FirmMatched": lambda event: self._count("enterprise", event.incident_id),
            "TicketOffered": lambda event: self._count("hand_over", event.ticket_id),
            "TicketReceived": lambda event: self._count("hand_over", event.ticket_id),
            "MoneyFrozen": lambda event: self._count("accounts", event.account_id),
            "MoneyMoved": self._moved,
            "DefectFound": self._hit,
            "DayChecked": self._checked,
        }
        self.money = Money()

    def take(self, record: Record) -> None:
        """Take a record into account."""
        self.n_records += 1
        self.n_refused += record.refusal is not None
        if record.fault is not None:
            self.faults[record.fault] += 1
        if record.refusal is not None and record.timer_id is not None:
            self.refused_by_system[f"{type(record.command).__name__}: {record.refusal.code}"] += 1
        for each in record.refused:
            self.refused_after[f"{type(each.command).__name__}: {each.refusal.code}"] += 1
        for event in record.events:
            if isinstance(event, incidents.IncidentOpened):
                self._opened(event, record.at_ms)
            elif (count := self._of_event.get(type(event).__name__)) is not None:
                count(event)

    def volumes(self, n_days: int) -> list[Volume]:
        """What was counted, beside so many days of the published year."""
        found = []
        n_year = TARGETS[0][2]
        for name, words, in_year, source in TARGETS:
            expected = in_year * n_days / YEAR_DAYS
            # The hours of all calls are over-dispersed; a share of them less so.
            variance = expected * (1 + (DISPERSION - 1) * in_year / n_year)
            found.append(
                Volume(
                    name=name,
                    words=words,
                    source=source,
                    n=self._n[name],
                    expected=round(expected, 1),
                    spread=round(Z_95 * math.sqrt(variance), 1),
                )
            )
        return found

    def rule_hits(self) -> list[RuleHits]:
        """Hits of each rule of the checklist, most first."""
        return [
            RuleHits(rule=rule, n_hits=n, n_incidents=self._n_checked)
            for rule, n in self._hits.most_common()
        ]

    def close_money(self) -> Money:
        """The ledger of the whole log."""
        total: Counter[str] = Counter()
        for account in self._accounts.values():
            total.update(account)
            if any(amount < 0 for amount in account.values()):
                self.money.is_balanced = False
        self.money.n_accounts = len(self._accounts)
        self.money.states = {name: total[name] for name in sorted(total) if name}
        self.money.lost = sum(self._lost.values())
        if self.money.lost != sum(self.money.states.values()):
            self.money.is_balanced = False
        return self.money

    def _opened(self, event: incidents.IncidentOpened, at_ms: int) -> None:
        self.days.add(day_of(at_ms))
        # What a patrol finds or a seat opens by itself comes on top.
        self._n["handled"] += bool(event.call_id)
        found = self._types[event.type_code]
        self._n["disputes"] += found.key in DISPUTE_TYPES
        self._n["violence"] += found.key in DV_TYPES

    def _fraud(self, event: Any) -> None:  # noqa: ANN401 - a seat's event, by its name
        if event.kind != "dissuasion":
            self._count("fraud", event.incident_id)

    def _count(self, name: str, about: str) -> None:
        if f"{name}:{about}" not in self._once:
            self._once.add(f"{name}:{about}")
            self._n[name] += 1

    def _moved(self, event: Any) -> None:  # noqa: ANN401
        account = self._accounts[f"{event.incident_id}/{event.account_id}"]
        self.money.n_entries += 1
        if event.left:
            account[event.left] -= event.amount_fen
            if account[event.left] < 0:
                self.money.is_balanced = False
        else:
            self._lost[event.incident_id] += event.amount_fen
        if event.right:
            account[event.right] += event.amount_fen
        else:
            self._lost[event.incident_id] -= event.amount_fen

    def _hit(self, event: Any) -> None:  # noqa: ANN401
        self._hits[event.hit.rule] += 1

    def _checked(self, event: Any) -> None:  # noqa: ANN401
        self._n_checked += event.n_checked


def is_within(volume: Volume) -> bool:
    """Whether a draw as wide as this one would often come so far from what is expected."""
    return abs(volume.n - volume.expected) <= volume.spread
