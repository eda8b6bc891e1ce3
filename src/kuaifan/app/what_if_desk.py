"""What another policy or unit would have brought (反事实台), asked for by a page.

What cannot be asked is refused at once, in words: a moment before the log begins or to come, a unit
or incident that there is not. The last answer alone is kept, in `plans/what_if.json`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec

from kuaifan.app.one_run import OneRun
from kuaifan.app.scenario_files import FOLDER
from kuaifan.app.stored_rows import PastCase, find_sealed
from kuaifan.app.what_if_worker import FILE, WhatIfTold, told_of
from kuaifan.board.policies import policy_text
from kuaifan.board.state import Board
from kuaifan.plan.scenario import Job, ScenarioError
from kuaifan.plan.what_if import WhatIfAnswer, WhatIfAsk
from kuaifan.store.log_place import LogPlace
from kuaifan.store.reading import LogReader
from kuaifan.vocabulary.order import UnitAssigned


class LoggedDesk(Protocol):
    """What is asked of the running desk (所需日志)."""

    @property
    def board(self) -> Board:
        """The board of now, to be read only."""

    def open_reader(self) -> LogReader:
        """A reader of the log, for one thread."""


class WhatIfDesk:
    """One question at a time (反事实台); log: where the desk's log is."""

    def __init__(
        self,
        city: Path,
        desk: LoggedDesk,
        log: LogPlace,
        *,
        n_waiting: Callable[[], int],
        clock_ms: Callable[[], int],
        zone: ZoneInfo,
    ) -> None:
        self._city, self._desk, self._log = city, desk, log
        self._clock_ms, self._zone = clock_ms, zone
        self._run = OneRun(("反事实推演", "the what-if"), n_waiting=n_waiting, clock_ms=clock_ms)

    def ask(self, asked: WhatIfAsk) -> Job:
        """Begin; raises ScenarioError for what cannot be asked."""
        self._run.need_free()
        told = self.read(asked)
        return self._run.begin(
            ["kuaifan.app.what_if_worker", str(self._city)],
            lambda: msgspec.json.encode(told),
            of=2 * asked.n_runs,
        )

    def job(self) -> Job | None:
        """How far the last run is."""
        return self._run.job()

    def find(self) -> WhatIfAnswer | None:
        """The last answer, None before there is one."""
        with contextlib.suppress(OSError, msgspec.DecodeError):
            data = (self._city / FOLDER / FILE).read_bytes()
            return msgspec.json.decode(data, type=WhatIfAnswer)
        return None

    def end(self) -> Job:
        """Stop what runs; raises ScenarioError where nothing does."""
        return self._run.end()

    def stop(self) -> None:
        """End the run, and wait for it."""
        self._run.stop()

    def begins_at(self) -> str:
        """When the log begins, in the city's time; empty for an empty one."""
        with self._desk.open_reader() as reader:
            began_ms = reader.find_at_ms(1)
        return "" if began_ms is None else self._said(began_ms)

    def read(self, asked: WhatIfAsk) -> WhatIfTold:
        """What the process is told; raises ScenarioError for what cannot be asked."""
        if bool(asked.policy) == bool(asked.incident_id):
            raise ScenarioError(
                "one_difference",
                "请选择一处不同：另一策略，或一起警情改派另一警组",
                "say one thing that is to differ: another policy, or another unit for one incident",
            )
        if asked.policy:
            policy = policy_text(asked.policy, asked.ways)
            at_ms = self._moment(asked.at)
            return WhatIfTold(ask=asked, at_ms=at_ms, policy=policy, log=told_of(self._log))
        return self._of_order(asked)

    def _moment(self, text: str) -> int:
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            raise ScenarioError(
                "bad_moment",
                f"“{text[:40]}”不是时刻，请写成 2026-11-22T15:00",
                f"{text[:40]!r} is no moment: write one as 2026-11-22T15:00",
            ) from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=self._zone)
        at_ms, now_ms = round(moment.timestamp() * 1000), self._clock_ms()
        if at_ms > now_ms:
            raise ScenarioError(
                "in_future",
                f"{self._said(at_ms)} 还没有到（现在 {self._said(now_ms)}）：请选过去的时刻，"
                "往后看用“前瞻”",
                f"{self._said(at_ms)} is still to come (it is {self._said(now_ms)}): choose a "
                "moment that is over; what may come is under 'Next hour'",
            )
        with self._desk.open_reader() as reader:
            began_ms = reader.find_at_ms(1)
        if began_ms is None or at_ms < began_ms:
            began = "" if began_ms is None else self._said(began_ms)
            raise ScenarioError(
                "before_log",
                f"日志始于 {began or '尚无记录'}，{self._said(at_ms)} 还没有记录",
                f"the log begins at {began or 'no record yet'}: nothing is known of "
                f"{self._said(at_ms)}",
            )
        return at_ms

    def _of_order(self, asked: WhatIfAsk) -> WhatIfTold:
        """The moment of an incident's first order, and who was sent then."""
        incident_id, unit_id = asked.incident_id.strip().upper(), self._unit(asked.unit_id)
        with self._desk.open_reader() as reader:
            case = find_sealed(reader, "incidents", incident_id, PastCase)
            if case is None:
                raise ScenarioError(
                    "unknown_incident",
                    f"没有警情 {incident_id[:40]}",
                    f"there is no incident {incident_id[:40]!r}; write it as J12",
                )
            if case.is_restricted:
                raise ScenarioError(
                    "restricted",
                    f"{incident_id} 是限制查阅的警情，不作反事实推演",
                    f"{incident_id} is a restricted record, of which no what-if is made",
                )
            seq, at_ms, sent = _first_order(reader, incident_id)
        units = tuple(each.unit_id for each in sent)
        if any(each.diverted_from or each.self_initiated or each.stamp_at_ms for each in sent):
            raise ScenarioError(
                "not_a_choice",
                f"{incident_id} 的首派是改派、警组自行发现或补录，不能另选警组比较",
                f"the first order of {incident_id} was a diversion, found by the unit itself or "
                "entered later: there was no choice to make otherwise",
            )
        if unit_id in units:
            raise ScenarioError(
                "same_unit",
                f"{incident_id} 当时派的就是 {unit_id}：请选另一警组",
                f"{unit_id} is who was sent to {incident_id}: choose another unit",
            )
        asked = msgspec.structs.replace(asked, incident_id=incident_id, unit_id=unit_id)
        call_sign = self._desk.board.reference.units[unit_id].call_sign
        return WhatIfTold(
            ask=asked,
            at_ms=at_ms,
            before_seq=seq,
            sent=units,
            call_sign=call_sign,
            log=told_of(self._log),
        )

    def _unit(self, text: str) -> str:
        """A unit by its id or its call sign."""
        units, said = self._desk.board.reference.units, text.strip()
        if said.upper() in units:
            return said.upper()
        for unit_id, unit in units.items():
            if said and said in (unit_id, unit.call_sign):
                return unit_id
        raise ScenarioError(
            "unknown_unit",
            f"没有警组“{said[:40]}”：请写警组编号或呼号",
            f"there is no unit {said[:40]!r}: give its id or its call sign",
        )

    def _said(self, at_ms: int) -> str:
        moment = datetime.fromtimestamp(at_ms / 1000, self._zone)
        return moment.strftime("%Y-%m-%d %H:%M")


def _first_order(reader: LogReader, incident_id: str) -> tuple[int, int, list[UnitAssigned]]:
    """The record by which somebody was first sent, its time, and the orders of it."""
    for record in reader.read_touching([("incidents", incident_id)]):
        sent = [
            event
            for event in record.events
            if isinstance(event, UnitAssigned) and event.incident_id == incident_id
        ]
        if sent:
            return record.seq, record.at_ms, sent
    raise ScenarioError(
        "nobody_sent",
        f"{incident_id} 还没有派过警组，没有可比较的",
        f"nobody was sent to {incident_id}: there is nothing to compare",
    )
