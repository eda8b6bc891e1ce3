"""A key that becomes durable while somebody asks for it is there all the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from unit.store.toy_desk import CODEC

from kuaifan.store.keyring import KeyRing
from kuaifan.store.opening import open_log


class Meanwhile(dict[str, Any]):
    """Known keys; the writer makes durable what is new right after a look at them."""

    ring: KeyRing

    def get(self, key: str, default: Any = None) -> Any:
        found = super().get(key, default)
        self.ring.settle(self.ring.list_fresh())
        return found


def test_a_new_key_that_is_stored_between_two_looks_is_not_taken_for_a_destroyed_one(
    tmp_path: Path,
) -> None:
    with open_log(tmp_path / "log.db", CODEC) as journal:
        ring = journal._ring
        known = Meanwhile()
        known.ring = ring
        ring._by_owner = known
        assert ring.key_for("case:C1") is not None
