"""The read tables of a log made anew (重建读表), while nobody else writes it."""

from __future__ import annotations

from pathlib import Path

from kuaifan.app.reference import make_reference
from kuaifan.app.replay_city import read_city_of
from kuaifan.app.rules import core_codec, core_rulebook, new_board
from kuaifan.store.opening import LogOptions, open_log
from kuaifan.store.rebuild import RebuildReport


def rebuild_log(db: str, city: Path | None) -> RebuildReport:
    """Drop and refill the read tables of a log; raises BadInputError where it is in use."""
    place, folder = read_city_of(db, city)
    reference = make_reference(folder)
    options = LogOptions(city_hash=reference.city_hash, former_city_hash=reference.former_city_hash)
    with open_log(place, core_codec(), options) as journal:
        return journal.rebuild(core_rulebook(), lambda: new_board(reference))
