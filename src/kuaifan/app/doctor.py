"""`kuaifan doctor` (体检): is this machine fit to serve a desk; one line each, with what to do."""

from __future__ import annotations

import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, Literal

import msgspec

from kuaifan.app.database import log_place
from kuaifan.app.doctor_city import check_city
from kuaifan.app.doctor_finding import Finding, State
from kuaifan.app.doctor_machine import (
    check_certificate,
    check_clock,
    check_console,
    check_disk,
    check_kernels,
)
from kuaifan.kernel.errors import BadInputError
from kuaifan.kernel.journal import StorageError
from kuaifan.store.backup_format import find_shipped, read_header
from kuaifan.store.checkpoints import checkpoints_path, list_checkpoints
from kuaifan.store.health import StoreHealth, look_at_store
from kuaifan.store.log_place import LogPlace, files_of
from kuaifan.store.master_key import default_key_path, load_key

HOUR_MS: Final = 3_600_000


class DoctorOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What to look at (体检选项)."""

    db: str
    city: Path | None = None
    anchor: Path | None = None
    backup: Path | None = None
    tls: Path | None = None


def examine(options: DoctorOptions) -> list[Finding]:
    """Look at everything that was named; what cannot be looked at is a finding too."""
    place, now_ms = log_place(options.db), time.time_ns() // 1_000_000
    files = files_of(place)
    health, found = _look(place, options.anchor)
    found.extend([] if health is None else _judge(health, now_ms))
    meta = {} if health is None else health.meta
    last_at_ms = 0 if health is None else health.head.at_ms
    tls, city = options.tls, options.city
    checks: dict[str, Callable[[], Finding] | None] = {
        "disk": lambda: check_disk(files.parent),
        "clock": lambda: check_clock(last_at_ms, now_ms),
        "key file": lambda: _check_key(files, health),
        "checkpoint": lambda: _check_checkpoints(files, health, now_ms),
        "backup": lambda: _check_backup(options.backup, health, now_ms),
        "certificate": None if tls is None else lambda: check_certificate(tls, now_ms),
        "city": None if city is None else lambda: check_city(city, meta),
        "kernels": check_kernels,
        "console": check_console,
    }
    found += [_guarded(name, check) for name, check in checks.items() if check is not None]
    return found


def _guarded(name: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except (BadInputError, OSError) as error:
        return Finding(name, "bad", str(error), "put that right")


def _look(place: LogPlace, anchor: Path | None) -> tuple[StoreHealth | None, list[Finding]]:
    if isinstance(place, Path) and not place.is_file():
        said = f"there is no log {place} yet; serve makes one"
        return None, [Finding("log", "warn", said, "check the path if there should be one")]
    try:
        return look_at_store(place, anchor), []
    except (BadInputError, StorageError) as error:
        return None, [Finding("log", "bad", str(error), "restore it, or start its server")]


def _judge(health: StoreHealth, now_ms: int) -> Iterator[Finding]:
    yield Finding(
        "log",
        "ok",
        f"format {health.log_format}, record {health.head.seq:,}, written "
        f"{_ago(now_ms - health.head.at_ms)}",
    )
    yield Finding(
        "database",
        "bad" if health.is_old else "ok",
        f"{health.engine} {health.version}",
        "update it" if health.is_old else "",
    )
    shown = ", ".join(f"{name} {value or '(none)'}" for name, value in health.settings.items())
    unsafe = ", ".join(health.unsafe)
    if unsafe:
        yield Finding("durability", "bad", shown, f"acknowledged can be lost: switch on {unsafe}")
    elif health.engine == "SQLite":
        yield Finding("durability", "ok", f"{shown}; WAL and a sync for each commit while served")
    else:
        yield Finding("durability", "ok", f"{shown}; each commit waits for the disk")
    for path, trouble in health.anchors.items():
        yield _judge_anchor(path, trouble)


def _judge_anchor(path: str, trouble: str | None) -> Finding:
    if trouble is None:
        said, cure = f"nothing was noted at {path} yet", "serve the desk, with --anchor for it"
        return Finding("head anchor", "warn", said, cure)
    if trouble:
        cure = "restore the log, or serve with --accept-shorter-log"
        return Finding("head anchor", "bad", f"{trouble} ({path})", cure)
    return Finding("head anchor", "ok", f"{path} fits the log")


def _check_key(files: Path, health: StoreHealth | None) -> Finding:
    path = default_key_path(files)
    if health is None and not path.exists():
        return Finding("key file", "ok", "none yet; made with the log")
    key = load_key(path)
    if health is not None and key.check != health.meta["key_check"]:
        return Finding("key file", "bad", f"{path} is of another log", "put the right one back")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return Finding("key file", "bad", f"{path} can be read by others ({mode:o})", "chmod 600")
    return Finding("key file", "ok", f"{path} opens this log and is its owner's alone")


def _check_checkpoints(files: Path, health: StoreHealth | None, now_ms: int) -> Finding:
    kept = list_checkpoints(checkpoints_path(files))
    if not kept:
        return Finding("checkpoint", "warn", "none yet", "one is made in the first hour of serving")
    last, n_since = kept[-1], 0 if health is None else health.head.seq - kept[-1].seq
    said = f"record {last.seq:,} signed {_ago(now_ms - last.made_at_ms)}, {n_since:,} since"
    is_late = (
        n_since > 0 and health is not None and health.head.at_ms > last.made_at_ms + 2 * HOUR_MS
    )
    if is_late:
        return Finding("checkpoint", "warn", said, "see what the desk says about checkpoints")
    return Finding("checkpoint", "ok", said)


def _check_backup(folder: Path | None, health: StoreHealth | None, now_ms: int) -> Finding:
    if folder is None:
        cure = "run `kuaifan backup --follow`, and name its folder with --backup"
        return Finding("backup", "warn", "none was named", cure)
    header, shipped = read_header(folder), find_shipped(folder)
    if health is not None and header.meta != health.meta:
        return Finding("backup", "bad", f"{folder} is of another log", "name its own folder")
    cure = "start `kuaifan backup --follow`, and see what it says"
    if shipped is None:
        return Finding("backup", "bad", f"{folder} was never finished", cure)
    age_ms = now_ms - shipped.shipped_at_ms
    behind = 0 if health is None else health.head.seq - shipped.seq
    said = f"{folder} is {behind:,} records behind, last pass {_ago(age_ms)}"
    state: State = "ok" if age_ms < HOUR_MS else "warn" if age_ms < 24 * HOUR_MS else "bad"
    return Finding("backup", state, said, "" if state == "ok" else cure)


def _ago(age_ms: int) -> str:
    seconds = max(0, age_ms) // 1_000
    for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit} ago"
    return f"{seconds} s ago"


Overall = Literal["fit", "unfit"]


def judge(findings: list[Finding]) -> Overall:
    """Whether a desk may be served: nothing found is bad."""
    return "unfit" if any(each.state == "bad" for each in findings) else "fit"
