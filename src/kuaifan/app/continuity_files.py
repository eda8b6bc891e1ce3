"""Boards as files in a folder (看板文件): written whole or not at all, old ones cleared away."""

from __future__ import annotations

from pathlib import Path

from kuaifan.board.sealed_board import SealedBoard
from kuaifan.kernel.whole_file import replace_file

HOUR_S = 3_600


def keep_board(folder: Path, board: SealedBoard) -> Path:
    """Write a board, and once more as the desk's latest; returns the first."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / board.name
    replace_file(path, board.content)
    replace_file(folder / f"latest-{board.desk_id}.html", board.content)
    return path


def clear_old(folder: Path, desk_id: str, *, now_s: float, hours: int) -> int:
    """Remove boards of a desk older than so many hours, never the latest; returns how many."""
    old = sorted(folder.glob(f"board-{desk_id}-????????T??????Z.html"))[:-1]
    gone = [path for path in old if path.stat().st_mtime < now_s - hours * HOUR_S]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
