"""The process that `bench kill` kills: a live engine with clients who never stop.

Prints `S key command` before it sends, `A key seq` once the answer is durable and shown, and
`R key n` when it recommends n units. What was sent and not answered in the round before comes in a
file and is sent again first, with its key.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kuaifan.app.bench_city import SOUTH, STEP_DEG, WEST, make_bench_reference
from kuaifan.app.bench_life import lead_life
from kuaifan.app.collector import settle_down
from kuaifan.app.database import log_place
from kuaifan.app.live import LiveEngine
from kuaifan.app.live_desk import LiveDesk
from kuaifan.app.rules import core_codec
from kuaifan.board.reference import Reference
from kuaifan.city.road_file import unpack_roads
from kuaifan.kernel.message import Command
from kuaifan.kernel.record import Record
from kuaifan.vocabulary.incident import RecommendationMade
from kuaifan.vocabulary.unit import FixBatch, StartShift

N_CLIENTS: Final = 4
N_STREETS: Final = 8
UNITS_PER_ROUND: Final = 8
N_UNITS: Final = 1_600
"""Enough for the 200 rounds that `bench kill` allows."""
ANSWER_TIMEOUT_S: Final = 30.0


def make_reference(roads: Path) -> Reference:
    """The small grid of this bench, on plain numpy: a desk serves before its kernels are there.

    roads: where its streets are kept, as those of a city are.
    """
    network = unpack_roads(roads.read_bytes(), roads)
    return make_bench_reference(n_streets=N_STREETS, n_units=N_UNITS, network=network)


def main() -> None:
    """Start from the log and work until killed."""
    log, number, again = log_place(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    reference = make_reference(Path(sys.argv[4]))
    codec = core_codec()
    desk = LiveDesk(lambda: LiveEngine(log, reference), reference, on_crash=_leave)
    desk.start()
    settle_down()
    clients = [
        threading.Thread(target=_work, args=(desk, reference, number, client))
        for client in range(N_CLIENTS)
    ]
    for line in again.read_text().splitlines():
        key, text = line.split(" ", 1)
        _send(desk, codec.decode_command(text.encode()), key)
    for client in clients:
        client.start()
    for client in clients:
        client.join()


def _work(desk: LiveDesk, reference: Reference, number: int, client: int) -> None:
    """Lead life after life with units that no other round or client uses."""
    unit_ids = sorted(reference.units)
    first = (number * N_CLIENTS + client) * (UNITS_PER_ROUND // N_CLIENTS)
    counter = _count()
    for life in range(1_000_000):
        unit_id = unit_ids[(first + life % (UNITS_PER_ROUND // N_CLIENTS)) % len(unit_ids)]
        keys = (f"{number}:{client}:{n}" for n in counter)
        if life < UNITS_PER_ROUND // N_CLIENTS:
            desk.observe(_fix_of(desk, reference, unit_id)).wait(ANSWER_TIMEOUT_S)
            _send(desk, StartShift(unit_id=unit_id, n_officers=2), next(keys))
        _lead(desk, unit_id, keys)


def _fix_of(desk: LiveDesk, reference: Reference, unit_id: str) -> FixBatch:
    """The unit stands at its post."""
    post = reference.posts[reference.units[unit_id].home_post_id]
    return FixBatch(
        unit_ids=(unit_id,),
        fix_at_ms=(desk.clock()[0],),
        lat=(post.lat,),
        lon=(post.lon,),
        arc=(post.arc,),
        fraction_ppm=(post.fraction_ppm,),
        speed_mps=(0.0,),
        heading_deg=(-1,),
    )


def _lead(desk: LiveDesk, unit_id: str, keys: Iterator[str]) -> None:
    place = STEP_DEG * 2.4
    talk = lead_life(unit_id, lat=SOUTH + place, lon=WEST + place)
    command: Command = next(talk)
    while True:
        record = _send(desk, command, next(keys))
        try:
            command = talk.send(record)
        except StopIteration:
            return


def _send(desk: LiveDesk, command: Command, key: str) -> Record | None:
    _say(f"S {key} {desk.live.engine.codec.encode(command).decode()}")
    ticket = desk.submit(command, actor="bench", key=key, seen_seq=None)
    record = ticket.wait(ANSWER_TIMEOUT_S)
    if record is not None:
        _wait_until_shown(desk, record.seq)
        _say(f"A {key} {record.seq}")
        for event in record.events:
            if isinstance(event, RecommendationMade) and event.candidates:
                _say(f"R {key} {len(event.candidates)}")
    return record


def _wait_until_shown(desk: LiveDesk, seq: int) -> None:
    """Answered is not enough: it stands on the screens."""
    is_shown = threading.Event()
    desk.store.when_shown(seq, is_shown.set)
    is_shown.wait(ANSWER_TIMEOUT_S)


def _leave() -> None:
    """The engine broke: the bench hears no more of it."""
    os._exit(1)


def _say(line: str) -> None:
    """One write, one flush: a line that was read was wholly said."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _count() -> Iterator[int]:
    number = 0
    while True:
        yield number
        number += 1


if __name__ == "__main__":
    main()
