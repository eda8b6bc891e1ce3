"""Which code is running (构建标识): the version and a hash of everything that decides."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import kuaifan

DECIDING_PACKAGES: Final = ("kernel", "geo", "roads", "policy", "vocabulary", "board", "work")


@cache
def build_id() -> str:
    """Version and 12 hex digits over the source of the packages that decide."""
    root = Path(kuaifan.__file__).parent
    digest = hashlib.sha256()
    for package in DECIDING_PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return f"kuaifan {kuaifan.__version__}+{digest.hexdigest()[:12]}"
