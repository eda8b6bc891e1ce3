"""The desk that `bench http` asks (基准服务): a process of its own, with its door open.

It ends when its standard input does, so that it never outlives the bench.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

from kuaifan.app.database import log_place
from kuaifan.app.serve import ServeOptions, serve


def main() -> None:
    """Serve a city folder and a log, on a port."""
    city, db, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    threading.Thread(target=_end_with_the_bench, daemon=True).start()
    sys.exit(serve(ServeOptions(city=city, log=log_place(db), port=port, door=None)))


def _end_with_the_bench() -> None:
    sys.stdin.read()
    import os
    import signal

    os.kill(os.getpid(), signal.SIGTERM)
