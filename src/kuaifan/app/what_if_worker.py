"""The process that asks what else would have brought (反事实进程): never the desk's own.

`python -m kuaifan.app.what_if_worker CITY`. Where the log is comes as the first line of its
standard input: a password may be in it. It reads the log up to the moment, and writes figures,
whole or not at all.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from kuaifan.app.planner_worker import DONE, FELL_SHORT, NICE, Listener, Told, end_with_desk, say
from kuaifan.app.scenario_files import FOLDER
from kuaifan.app.twin_ahead import AheadAsk, look_otherwise, state_of_log
from kuaifan.city.folder import read_city
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.whole_file import replace_file
from kuaifan.plan.scenario import ScenarioError
from kuaifan.plan.what_if import WhatIfAnswer, WhatIfAsk, figures_of, policy_words
from kuaifan.plan.what_if import say as say_words
from kuaifan.store.log_place import LogPlace, PostgresPlace
from kuaifan.twin.ahead import RefusedChoiceError, SavedState

FILE: Final = "what_if.json"


class ToldPlace(msgspec.Struct, frozen=True):
    """Where the log is (日志所在); url: empty for a file."""

    files: str
    url: str = ""
    shown: str = ""


class WhatIfTold(msgspec.Struct, frozen=True, kw_only=True):
    """What it is told (反事实任务).

    at_ms, before_seq: the moment; before_seq 0 for none. sent: units of the first order then.
    policy: in words, empty where a unit is asked about. call_sign: of the other unit.
    """

    ask: WhatIfAsk
    at_ms: int
    log: ToldPlace
    before_seq: int = 0
    sent: tuple[str, ...] = ()
    call_sign: str = ""
    policy: str = ""


def told_of(place: LogPlace) -> ToldPlace:
    """Where a log is, as it is told."""
    if isinstance(place, Path):
        return ToldPlace(str(place.resolve()))
    return ToldPlace(str(place.files.resolve()), place.url, place.shown)


def _place(log: ToldPlace) -> LogPlace:
    files = Path(log.files)
    return PostgresPlace(log.url, log.shown, files) if log.url else files


def main(arguments: list[str]) -> int:
    """Do what is asked; errors are said in a line, in both languages."""
    end_with_desk()
    with suppress(OSError):
        os.nice(NICE)
    told = msgspec.json.decode(sys.stdin.readline(), type=WhatIfTold)
    city, listener = Path(arguments[0]), Listener()
    try:
        answer = _answer(told, city, listener)
        (city / FOLDER).mkdir(parents=True, exist_ok=True)
        replace_file(city / FOLDER / FILE, msgspec.json.encode(answer))
    except KeyboardInterrupt:
        say(Told(is_stopped=True))
        return FELL_SHORT
    except (ScenarioError, RefusedChoiceError) as error:
        say(Told(error_zh=error.zh, error_en=str(error)))
        return FELL_SHORT
    except BadInputError as error:
        say(Told(error_zh=f"推演未能完成：{error}", error_en=str(error)))
        return FELL_SHORT
    say(Told(done=2 * told.ask.n_runs, of=2 * told.ask.n_runs))
    return DONE


def _answer(told: WhatIfTold, city_path: Path, listener: Listener) -> WhatIfAnswer:
    ask, city, n_done = told.ask, read_city(city_path), 0

    def count(what: str) -> None:
        nonlocal n_done
        if listener.is_stopped:
            raise KeyboardInterrupt
        n_done += what.startswith("run ")
        listener.tell(Told(max(0, n_done - 1), 2 * ask.n_runs), always=True)

    found = look_otherwise(_state(told, city_path), city, ahead_ask(told), count)
    figures = figures_of(found.differences)
    asked = (
        (f"改用策略“{policy_words(told.policy)[0]}”", f"the policy {told.policy}")
        if told.policy
        else (
            f" {ask.incident_id} 首派改为{told.call_sign}",
            f"{told.call_sign} sent to {ask.incident_id} first",
        )
    )
    said = say_words(asked, figures, n_runs=ask.n_runs, minutes=ask.minutes)
    return WhatIfAnswer(
        ask=ask,
        at=found.base.at,
        present=found.present,
        policy=told.policy,
        sent=told.sent,
        n_runs=ask.n_runs,
        minutes=ask.minutes,
        figures=figures,
        said_zh=said[0],
        said_en=said[1],
    )


def _state(told: WhatIfTold, city_path: Path) -> SavedState:
    return state_of_log(
        _place(told.log), read_city(city_path), told.at_ms, before_seq=told.before_seq or None
    )


def ahead_ask(told: WhatIfTold) -> AheadAsk:
    """The two sides: as it was, and otherwise; of several units of one order the first differs."""
    ask = told.ask
    held = tuple((ask.incident_id, unit_id) for unit_id in told.sent)
    choose = ((ask.incident_id, ask.unit_id), *held[1:]) if held else ()
    return AheadAsk(
        minutes=ask.minutes,
        n_replications=ask.n_runs,
        policy=told.policy,
        choose=choose,
        held=held,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
