"""The lock files: complete, hashed, agreeing, and free of licences that would bind our users."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-data.lock"]
PIN = re.compile(r"^([a-z0-9-]+)==([^\s;\\]+)([^\\\n]*)", flags=re.MULTILINE)
# The copyleft licences that reach whoever links; LGPL and MPL bind only their own files.
BINDING = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|Affero|(?<!Lesser )General Public License")


def read_pins(lock: str) -> dict[tuple[str, str], str]:
    """Return version by name and marker."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return {(name, marker.strip()): version for name, version, marker in PIN.findall(text)}


def licence_of(name: str) -> str:
    """Return what a distribution says of its licence, or nothing where it is not installed."""
    try:
        words = metadata(name)
    except PackageNotFoundError:
        return ""
    texts = [words.get("License-Expression") or (words.get("License") or "").split("\n")[0]]
    classifiers = words.get_all("Classifier") or []
    return "; ".join([*texts, *(c for c in classifiers if c.startswith("License ::"))])


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text.partition("make locks\n")[2])
    assert [e.split()[0] for e in entries if "--hash=sha256:" not in e] == []


def test_the_development_lock_holds_the_run_time_lock() -> None:
    developed = read_pins("requirements-dev.lock")
    for (name, marker), version in read_pins("requirements.lock").items():
        # What development needs on every Python has no marker there.
        assert version in {developed.get((name, marker)), developed.get((name, ""))}, name


def test_every_dependency_of_the_project_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = {
        "requirements.lock": project["project"]["dependencies"],
        "requirements-dev.lock": project["dependency-groups"]["dev"],
        "requirements-data.lock": project["dependency-groups"]["data"],
    }
    for lock, requirements in wanted.items():
        locked = {name for name, _marker in read_pins(lock)}
        assert {re.split(r"[<>=~!\[ ]", r)[0] for r in requirements} <= locked, lock


@pytest.mark.parametrize("lock", LOCKS)
def test_no_locked_package_binds_our_users(lock: str) -> None:
    licences = {name: licence_of(name) for name, _marker in read_pins(lock)}
    assert {name: text for name, text in licences.items() if BINDING.search(text)} == {}


def test_a_binding_licence_would_be_seen() -> None:
    binding = ["GPL-3.0-only", "AGPL-3.0", "GNU General Public License v3 (GPLv3)"]
    free = ["LGPL-3.0-only", "GNU Lesser General Public License v3", "MIT", "Apache-2.0"]
    assert [text for text in binding + free if BINDING.search(text)] == binding
