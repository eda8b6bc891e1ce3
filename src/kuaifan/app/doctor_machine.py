"""The machine under a desk, looked at (机器体检): disk, clock, certificate, kernels, console."""

from __future__ import annotations

import ctypes
import os
import shutil
import time
from importlib import resources
from pathlib import Path
from typing import Final

from kuaifan.app.doctor_finding import Finding

GB: Final = 1 << 30
SCARCE_BYTES, EMPTY_BYTES = 10 * GB, GB
DAY_MS: Final = 86_400_000
FUTURE_MS: Final = 2_000
SAMPLE_S: Final = 0.2
MAX_SLEW: Final = 0.001
"""How far wall and monotonic clock run apart while nobody sets the time; slewing makes half."""
TIMEX_BYTES: Final = 512
UNSYNCHRONIZED: Final = 5


def check_disk(folder: Path) -> Finding:
    """Whether there is room beside the log."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    said = f"{free / GB:.1f} GB free on the disk of {folder}"
    if free < EMPTY_BYTES:
        return Finding("disk", "bad", said, "free space now: a full disk acknowledges nothing")
    if free < SCARCE_BYTES:
        return Finding("disk", "warn", said, "free space, or move the log to a larger disk")
    return Finding("disk", "ok", said)


def check_clock(last_at_ms: int, now_ms: int) -> Finding:
    """Whether the clock is kept, does not jump, and is not behind the log."""
    cure = "run chrony or systemd-timesyncd, and wait until it is synchronized"
    if last_at_ms > now_ms + FUTURE_MS:
        said = f"this clock is {(last_at_ms - now_ms) / 1_000:.0f} s behind the last record"
        return Finding("clock", "bad", said, "set the clock before serving")
    began = time.monotonic(), time.time()
    time.sleep(SAMPLE_S)
    passed_s, wall_s = time.monotonic() - began[0], time.time() - began[1]
    if abs(wall_s - passed_s) > max(0.005, MAX_SLEW * passed_s):
        said = f"the clock jumped by {(wall_s - passed_s) * 1_000:.0f} ms while it was watched"
        return Finding("clock", "bad", said, "let one service keep the time")
    is_kept = is_synchronized()
    if is_kept is None:
        return Finding("clock", "ok", "steady; whether it is synchronized cannot be read here")
    if not is_kept:
        return Finding("clock", "warn", "steady, but no time service keeps it", cure)
    return Finding("clock", "ok", "steady and synchronized")


def is_synchronized() -> bool | None:
    """Whether the kernel counts the clock as kept by a time service; None where it cannot say."""
    try:
        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != UNSYNCHRONIZED


def check_certificate(path: Path, now_ms: int) -> Finding:
    """Until when the first certificate of a PEM file holds; raises OSError."""
    from cryptography import x509

    try:
        found = x509.load_pem_x509_certificate(path.read_bytes())
    except ValueError:
        return Finding("certificate", "bad", f"{path} holds none", "name the file with the chain")
    left = int((found.not_valid_after_utc.timestamp() * 1_000 - now_ms) // DAY_MS)
    if left < 0:
        return Finding("certificate", "bad", f"{path} ran out {-left} days ago", "renew it now")
    said = f"{path} holds for {left} days more"
    if left < 30:  # noqa: PLR2004 - days
        return Finding("certificate", "warn", said, "renew it")
    return Finding("certificate", "ok", said)


def check_kernels() -> Finding:
    """Whether the compiled engines are there, so that no first recommendation waits for them."""
    root = Path(str(resources.files("kuaifan")))
    missing = [path.stem for path in list_kernels(root) if not _is_compiled(path)]
    if missing:
        said = f"not compiled yet: {', '.join(missing)}"
        return Finding("kernels", "warn", said, "run `make setup`, or `python -m kuaifan.app.warm`")
    return Finding("kernels", "ok", "compiled")


def list_kernels(root: Path) -> list[Path]:
    """The modules whose functions are compiled and kept."""
    return [
        path for path in sorted(root.rglob("*.py")) if b"\n@njit(cache=True" in path.read_bytes()
    ]


def check_console() -> Finding:
    """Whether the console was built."""
    page = Path(str(resources.files("kuaifan.web"))) / "static" / "index.html"
    if not page.is_file():
        return Finding("console", "bad", "it is not built: no page will open", "run `make setup`")
    return Finding("console", "ok", f"built, in {page.parent}")


def _is_compiled(path: Path) -> bool:
    kept = os.environ.get("NUMBA_CACHE_DIR")
    found = Path(kept).rglob(f"{path.stem}.*.nbi") if kept else _beside(path)
    return any(each.stat().st_mtime >= path.stat().st_mtime for each in found)


def _beside(path: Path) -> list[Path]:
    return list((path.parent / "__pycache__").glob(f"{path.stem}.*.nbi"))
