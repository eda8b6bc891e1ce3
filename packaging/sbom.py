"""What a desk is made of (软件物料清单): CycloneDX 1.6 from the lock files; nobody is asked.

python packaging/sbom.py > sbom.json
"""

# ruff: noqa: INP001 - a script beside the sources, not a package
from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
PINNED: Final = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)((?:.*\\\n(?: .*\n?)*)?)", re.MULTILINE)
HASH: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
VERSION: Final = re.compile(r'__version__ = "([^"]+)"')


def make_sbom(root: Path) -> dict[str, Any]:
    """The bill of materials of a checkout."""
    locks = (root / "requirements.lock", root / "console" / "package-lock.json")
    parts = [*_python_parts(locks[0].read_text("utf-8")), *_console_parts(locks[1])]
    found = VERSION.search((root / "src" / "kuaifan" / "__init__.py").read_text("utf-8"))
    version = found[1] if found else "0"
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "kuaifan", "version": version}},
        "components": sorted(parts, key=lambda part: part["purl"]),
    }


def _python_parts(lock: str) -> Iterator[dict[str, Any]]:
    for name, version, rest in PINNED.findall(lock):
        hashes = [{"alg": "SHA-256", "content": each} for each in HASH.findall(rest)]
        yield _part(name, version, f"pkg:pypi/{name}@{version}") | {"hashes": hashes}


def _console_parts(lock: Path) -> Iterator[dict[str, Any]]:
    packages = json.loads(lock.read_text("utf-8"))["packages"]
    for path, package in packages.items():
        # What only builds or tests the console is not in what is served.
        if not path or package.get("dev") or "version" not in package:
            continue
        name = path.rpartition("node_modules/")[2]
        purl = f"pkg:npm/{name.replace('@', '%40')}@{package['version']}"
        part = _part(name, package["version"], purl)
        if licence := package.get("license"):
            part["licenses"] = [{"expression": licence}]
        yield part


def _part(name: str, version: str, purl: str) -> dict[str, Any]:
    return {"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(make_sbom(ROOT), indent=1) + "\n")
