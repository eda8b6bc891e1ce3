"""A start that fails leaves the log as it was found, for the next attempt of the same process."""

import gc

import apsw
import pytest
from toy_city import toy_reference

from kuaifan.app.live import LiveEngine
from kuaifan.app.rules import core_codec
from kuaifan.kernel.journal import StorageError
from kuaifan.store import opening
from kuaifan.store.opening import open_log


class Unfolded(LiveEngine):
    """The log opens, and cannot be read to its end."""

    def _recover(self):
        raise StorageError("a page cannot be read")


def test_a_log_that_does_not_fold_is_let_go(tmp_path):
    log = tmp_path / "log.db"
    with pytest.raises(StorageError, match="a page cannot be read"):
        Unfolded(log, toy_reference())
    LiveEngine(log, toy_reference()).stop()


def test_a_connection_that_cannot_begin_is_closed(tmp_path, monkeypatch):
    log = tmp_path / "log.db"
    LiveEngine(log, toy_reference()).stop()

    def refuse(*_told):
        raise apsw.IOError("the disk was pulled out")

    n_before = _n_open()
    with monkeypatch.context() as patch:
        patch.setattr(opening, "begin_epoch", refuse)
        with pytest.raises(apsw.IOError) as kept:
            open_log(log, core_codec())
        # While the error is still held, and with it every frame that it came through.
        assert _n_open() == n_before
    assert kept.value is not None


def _n_open():
    gc.collect()
    return len(apsw.connections())
