"""Which code is running (构建标识): the version and a hash of everything that decides."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

import kuaifan
from kuaifan.app.rules import installed_plugins
from kuaifan.kernel.plugins import Plugin

DECIDING_PACKAGES: Final = ("kernel", "geo", "roads", "policy", "vocabulary", "board", "work")
DECIDING_FILES: Final = ("app/rules.py",)
"""What puts the rules together: in another order the same rules decide otherwise."""


@cache
def build_id() -> str:
    """Identify the core and the plug-ins of this installation."""
    return make_build_id(installed_plugins())


def make_build_id(plugins: Sequence[Plugin]) -> str:
    """Version and 12 hex digits over the source of all that decides, with these plug-ins."""
    root = Path(kuaifan.__file__).parent
    digest = hashlib.sha256()
    for package in DECIDING_PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            _add(digest, str(path.relative_to(root)), path)
    for name in DECIDING_FILES:
        _add(digest, name, root / name)
    for plugin in plugins:
        for path in plugin.sources:
            # Where it is installed does not matter, only which plug-in it is and what it says.
            _add(digest, f"{plugin.kind}/{plugin.plugin_id}/{path.name}", path)
    return f"kuaifan {kuaifan.__version__}+{digest.hexdigest()[:12]}"


def _add(digest: hashlib._Hash, name: str, path: Path) -> None:
    source = path.read_bytes()
    digest.update(f"{name}\0{len(source)}\0".encode() + source)
