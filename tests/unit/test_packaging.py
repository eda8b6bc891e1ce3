"""What a desk is installed with (安装件): its unit, its container and its bill of materials."""

import re
import shlex
import sys
from configparser import RawConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging"
sys.path.insert(0, str(PACKAGING))

from sbom import make_sbom  # noqa: E402 - a script beside the sources

from kuaifan.app.cli import app  # noqa: E402


def test_the_bill_names_every_locked_package_with_its_hashes():
    parts = {part["purl"]: part for part in make_sbom(ROOT)["components"]}
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    pinned = re.findall(r"^([a-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE)
    assert {f"pkg:pypi/{name}@{version}" for name, version in pinned} <= parts.keys()
    python = [part for purl, part in parts.items() if purl.startswith("pkg:pypi/")]
    assert all(part["hashes"] for part in python)
    assert sum(len(part["hashes"]) for part in python) == lock.count("--hash=sha256:")
    console = [part for purl, part in parts.items() if purl.startswith("pkg:npm/")]
    assert "maplibre-gl" in {part["name"] for part in console}
    assert "playwright" not in {part["name"] for part in console}


def test_the_unit_and_the_container_type_what_there_is():
    unit = RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(PACKAGING / "kuaifan.service")
    typed = shlex.split(unit["Service"]["ExecStart"])[1:]
    recipe = (PACKAGING / "Containerfile").read_text("utf-8")
    command = re.findall(r'^CMD \["kuaifan", (.*)\]$', recipe, re.MULTILINE)[0]
    for words in (typed, shlex.split(command.replace(",", " "))):
        app.parse_args(words, exit_on_error=False, print_error=False)


def test_neither_runs_as_root_nor_may_it_become_root():
    unit = (PACKAGING / "kuaifan.service").read_text("utf-8")
    assert "User=kuaifan" in unit
    assert "NoNewPrivileges=yes" in unit
    assert "ProtectSystem=strict" in unit
    recipe = (PACKAGING / "Containerfile").read_text("utf-8")
    # By number, so that an orchestrator can see that it is not root.
    assert re.search(r"^USER 10110$", recipe, re.MULTILINE)
    assert "HEALTHCHECK" in recipe
    assert "--read-only" in recipe
