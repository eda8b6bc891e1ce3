"""A disk that cannot be read refuses like one that cannot be written: in time, and in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import apsw
import pytest
from unit.store.toy_desk import CODEC, OpenCase, new_engine

from kuaifan.kernel.inbox import Arrival
from kuaifan.kernel.journal import StorageError
from kuaifan.kernel.ticket import Ticket
from kuaifan.store.opening import open_log


class BadDisk:
    """A connection whose disk gives no page back."""

    def execute(self, _query: str, _values: Any = ()) -> Any:
        raise apsw.IOError("disk I/O error")

    def close(self) -> None:
        """There is nothing to close."""


def test_a_key_of_an_owner_that_cannot_be_read_ends_no_engine_as_a_bug(tmp_path: Path) -> None:
    with open_log(tmp_path / "log.db", CODEC) as journal:
        engine, ticket = new_engine(journal), Ticket()
        journal._ring._connection.close()
        journal._ring._connection = BadDisk()  # type: ignore[assignment] # all that it is asked
        command = OpenCase(title="theft", caller="13800138000")
        with pytest.raises(StorageError, match="cannot be read: disk I/O error"):
            engine.submit(Arrival(1_000, "seat-1", command, "k1", ticket))
        with pytest.raises(StorageError):
            ticket.wait(1)
