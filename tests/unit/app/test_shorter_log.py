"""A desk that is told to go on with a shorter log says so in the log itself."""

import shutil

import pytest
from toy_city import toy_reference

from kuaifan.app.live import Keeping, LiveEngine
from kuaifan.kernel.message import EngineStarted
from kuaifan.store.head_file import head_path
from kuaifan.store.log_error import LogError

WAIT_S = 20


def _run(log, keeping):
    live = LiveEngine(log, toy_reference(), keeping=keeping)
    record = live.start().wait(WAIT_S)
    live.stop()
    return [event for event in record.events if isinstance(event, EngineStarted)]


def test_what_was_missing_stands_in_the_log_with_the_start(tmp_path, capfd):
    log, keeping = tmp_path / "log.db", Keeping(anchor=tmp_path / "anchor")
    assert [event.accepted_loss for event in _run(log, keeping)] == [""]
    for path in (log, head_path(log)):
        shutil.copy(path, f"{path}.old")
    _run(log, keeping)
    for path in (log, head_path(log)):
        shutil.copy(f"{path}.old", path)
    with pytest.raises(LogError, match=r"missing .*--accept-shorter-log"):
        LiveEngine(log, toy_reference(), keeping=keeping)
    (event,) = _run(log, Keeping(anchor=keeping.anchor, accepts_shorter=True))
    assert event.accepted_loss.endswith("missing")
    assert event.accepted_loss in capfd.readouterr().err
    assert [event.accepted_loss for event in _run(log, keeping)] == [""]
