"""The import contracts of pyproject.toml, tried on a small tree that breaks each of them."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FLOORS = "app web gateway store city twin seats devices neighbours models reports plan work board"
PACKAGES = [*FLOORS.split(), "vocabulary", "policy", "roads", "geo", "kernel"]
PURE = "geo policy vocabulary board work plan seats devices neighbours models reports"
KINDS = ["seats", "devices", "neighbours", "models", "reports"]

# One line each: who imports what. A package named nowhere in the contracts comes last.
VIOLATIONS = [
    ("board/upward.py", "kuaifan.work.target"),
    ("geo/sideways.py", "kuaifan.kernel.target"),
    ("policy/sideways.py", "kuaifan.roads.target"),
    ("seats/fraud/across.py", "kuaifan.devices.jt808.target"),
    ("city/sideways.py", "kuaifan.store.target"),
    ("work/dispatch.py", "kuaifan.work.intake"),
    ("seats/fraud/neighbour.py", "kuaifan.seats.family.target"),
    ("web/seat.py", "kuaifan.seats.family.target"),
    ("models/mclp/neighbour.py", "kuaifan.models.median.target"),
    ("work/clock.py", "time"),
    ("reports/daily/disk.py", "pathlib"),
    ("devices/jt808/net.py", "socket"),
    ("plan/chance.py", "random"),
    ("board/thread.py", "threading"),
    ("policy/log.py", "logging"),
    ("city/driver.py", "apsw"),
    ("web/driver.py", "sqlite3"),
    ("app/server.py", "uvicorn"),
    ("store/client.py", "requests"),
    ("kernel/one.py", "kuaifan.kernel.two"),
    ("kernel/two.py", "kuaifan.kernel.one"),
]
CYCLE = {"kernel/one.py", "kernel/two.py"}
ISLANDS = ["seats/fraud", "seats/family", "devices/jt808", "models/mclp", "models/median"]
TARGETS = ["work", "kernel", "roads", "store", "devices/jt808", "seats/family", "models/median"]


def grow_tree(root: Path) -> Path:
    """Write a small house under root with the project's own contracts; return its package."""
    (root / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    package = root / "src" / "kuaifan"
    for name in ["", *PACKAGES, *ISLANDS, "reports/daily"]:
        folder = package / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
    for name in TARGETS:
        (package / name / "target.py").touch()
    (package / "work" / "intake.py").touch()
    return package


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the real import linter over the tree, wide enough that no line is broken."""
    environment = {**os.environ, "PYTHONPATH": str(root / "src"), "COLUMNS": "200"}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    return subprocess.run(  # noqa: S603 - our own linter on our own tree
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("broken")
    package = grow_tree(root)
    for path, imported in VIOLATIONS:
        (package / path).write_text(f"import {imported}\n")
    (package / "extras").mkdir()
    (package / "extras" / "__init__.py").touch()
    outcome = lint(root)
    assert outcome.returncode == 1, outcome.stdout
    return outcome.stdout


@pytest.mark.parametrize(("path", "imported"), [v for v in VIOLATIONS if v[0] not in CYCLE])
def test_each_forbidden_import_is_named(broken: str, path: str, imported: str) -> None:
    importer = "kuaifan." + path.removesuffix(".py").replace("/", ".")
    assert f"{importer} -> {imported} (l.1)" in broken


def test_every_contract_is_seen_to_break(broken: str) -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    assert [c["name"] for c in contracts if f"{c['name']} BROKEN" not in broken] == []


def test_a_package_outside_the_floors_is_named(broken: str) -> None:
    assert "kuaifan.extras" in broken


def test_a_plug_in_that_keeps_the_rules_needs_no_new_contract(tmp_path: Path) -> None:
    package = grow_tree(tmp_path)
    for kind in KINDS:
        plugin = package / kind / "newcomer"
        (plugin / "tests").mkdir(parents=True)
        (plugin / "__init__.py").write_text(
            "from kuaifan.kernel import target\nfrom kuaifan.seats.newcomer import rules\n"
            if kind == "seats"
            else "from kuaifan.kernel import target\n"
        )
        (plugin / "rules.py").touch()
        (plugin / "tests" / f"test_newcomer_{kind}.py").write_text("import time, socket\n")
    outcome = lint(tmp_path)
    assert outcome.returncode == 0, outcome.stdout


def test_every_package_stands_under_the_contracts_that_concern_it() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = {c["id"]: c for c in settings["tool"]["importlinter"]["contracts"]}
    sources = {
        name: {module.removeprefix("kuaifan.") for module in contract.get("source_modules", [])}
        for name, contract in contracts.items()
    }
    floors = {part for floor in contracts["floors"]["layers"] for part in floor.split(" | ")}
    assert floors == set(PACKAGES)
    assert sources["pure"] == set(PURE.split())
    assert sources["sql"] == floors - {"store"}
    assert sources["no_seat"] == floors - {"seats", "policy", "roads", "geo", "kernel"}
    assert sources["http"] == floors - {"web", "gateway"}
    assert {m.split(".")[1] for m in contracts["islands"]["modules"]} == set(KINDS)


def test_no_contract_carries_an_exception() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    assert [c["name"] for c in contracts if c.get("ignore_imports")] == []
