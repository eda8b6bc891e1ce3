"""The hour ahead beside a live desk: one look at a time, from the board as it is, in no file."""

import msgspec
import pytest
from toy_city import FIGHT, Desk, corner

from kuaifan.app.ahead_desk import AheadDesk
from kuaifan.app.ahead_worker import FILE, AheadTold
from kuaifan.app.scenario_files import FOLDER
from kuaifan.app.twin_ahead import AheadAsk, AheadFigures, CircleAhead, Mean
from kuaifan.plan.scenario import ScenarioError
from kuaifan.twin.ahead import save_state


def nobody_asks():
    raise AssertionError("nothing was to be looked at")


def test_a_busy_desk_comes_first_and_nothing_is_copied(tmp_path):
    ahead = AheadDesk(tmp_path, nobody_asks, n_waiting=lambda: 99, clock_ms=lambda: 0)
    with pytest.raises(ScenarioError, match="calls and orders come first"):
        ahead.ask()
    assert ahead.job() is None


def test_the_last_answer_is_read_back_and_a_damaged_one_is_none(tmp_path):
    ahead = AheadDesk(tmp_path, nobody_asks, n_waiting=lambda: 0, clock_ms=lambda: 0)
    assert ahead.find() is None
    mean = Mean(20, 4.5, 3.0, 6.0)
    names = ("calls", "incidents", "p50_s", "p90_s", "late_share", "unreached", "lost_min")
    circle = CircleAhead(post_id="SP1", name="第1屯警点", lost_share=0.1, low=0, high=1, lost_min=2)
    figures = AheadFigures(
        at="2026-01-05T15:00:00+08:00",
        seq=7,
        minutes=60,
        n_replications=20,
        policy="as it holds",
        circles=(circle,),
        **dict.fromkeys(names, mean),
    )
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / FILE).write_bytes(msgspec.json.encode(figures))
    assert ahead.find() == figures
    (tmp_path / FOLDER / FILE).write_text("{")
    assert ahead.find() is None


def test_the_state_goes_to_the_process_as_one_line():
    desk = Desk()
    desk.opened(FIGHT, corner(1, 1))
    told = AheadTold(ask=AheadAsk(), saved=save_state(desk.engine.state))
    line = msgspec.json.encode(told)
    assert b"\n" not in line
    assert msgspec.json.decode(line, type=AheadTold) == told
