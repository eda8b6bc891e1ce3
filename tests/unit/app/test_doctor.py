"""`kuaifan doctor` says what is wrong with a machine before a night shift finds it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from freeze_log import FROZEN

import kuaifan
from kuaifan.app.backup import back_up
from kuaifan.app.cli import run
from kuaifan.app.doctor import DoctorOptions, examine, judge
from kuaifan.app.doctor_finding import Finding
from kuaifan.app.doctor_machine import (
    check_certificate,
    check_clock,
    check_disk,
    is_synchronized,
    list_kernels,
)
from kuaifan.store.head_file import HeadMark, write_mark

DAY_MS = 86_400_000


@pytest.fixture
def log(tmp_path: Path) -> Path:
    folder = shutil.copytree(FROZEN / kuaifan.__version__, tmp_path / "desk")
    (folder / "log.db.key").chmod(0o600)
    return Path(folder) / "log.db"


def look(log: Path, **options: object) -> dict[str, Finding]:
    found = examine(DoctorOptions(db=f"sqlite:///{log}", **options))  # type: ignore[arg-type]
    return {each.name: each for each in found}


def test_a_sound_desk_is_fit(log: Path, tmp_path: Path) -> None:
    back_up(f"sqlite:///{log}", tmp_path / "backup")
    found = look(log, backup=tmp_path / "backup")
    wrong = {name for name, each in found.items() if each.state == "bad"}
    assert wrong <= {"disk", "console"}, "only what this machine lacks"
    assert "0 records behind" in found["backup"].said
    assert "fits the log" in found["head anchor"].said
    assert found["database"].said.startswith("SQLite 3.")
    assert all(each.cure for each in found.values() if each.state != "ok")


def test_each_thing_that_is_wrong_is_told_with_its_cure(log: Path, tmp_path: Path) -> None:
    anchor, key = tmp_path / "anchor", Path(f"{log}.key")
    write_mark(anchor, HeadMark(9_999, 9_999, "00"))
    key.chmod(0o644)
    (tmp_path / "empty").mkdir()
    found = look(log, anchor=anchor, backup=tmp_path / "empty", city=tmp_path / "nowhere")
    assert "to 9999 are missing" in found["head anchor"].said
    assert "--accept-shorter-log" in found["head anchor"].cure
    assert (found["key file"].state, found["key file"].cure) == ("bad", "chmod 600")
    assert "is not a backup of a log" in found["backup"].said
    assert "nowhere" in found["city"].said
    assert judge(list(found.values())) == "unfit"
    key.unlink()
    assert "is missing; put it back" in look(log)["key file"].said


def test_a_desk_that_is_not_begun_yet_can_be_looked_at(tmp_path: Path) -> None:
    found = look(tmp_path / "new" / "log.db")
    assert (found["log"].state, found["key file"].state) == ("warn", "ok")
    assert "no log" in found["log"].said


def test_the_command_prints_a_line_each_and_its_exit_code_says_it(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(["doctor", "--db", f"sqlite:///{log}", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert code == (0 if told["overall"] == "fit" else 1)
    names = [each["name"] for each in told["findings"]]
    assert {"log", "database", "durability", "head anchor", "disk", "clock"} < set(names)
    # The machine is looked at anew, and its clock may have been set meanwhile.
    code = run(["doctor", "--db", f"sqlite:///{log}"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(names)
    assert code == any(line.startswith("BAD") for line in lines)


def test_a_certificate_is_told_before_it_runs_out(tmp_path: Path) -> None:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    until = datetime(2030, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(until - timedelta(days=90))
        .not_valid_after(until)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "desk.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    end_ms = int(until.timestamp() * 1_000)
    states = [check_certificate(path, end_ms - days * DAY_MS).state for days in (60, 29, 1, -1)]
    assert states == ["ok", "warn", "warn", "bad"]
    path.write_text("nothing")
    assert check_certificate(path, end_ms).state == "bad"


def test_a_clock_behind_the_log_is_bad_and_a_steady_one_is_not() -> None:
    assert "60 s behind the last record" in check_clock(100_000, 40_000).said
    assert "steady" in check_clock(0, 40_000).said
    assert is_synchronized() in {True, False, None}


def test_the_disk_of_a_folder_that_is_not_there_yet_is_that_of_its_parent(tmp_path: Path) -> None:
    assert str(tmp_path) in check_disk(tmp_path / "a" / "b").said


def test_kernels_are_the_modules_that_keep_what_they_compile() -> None:
    root = Path(kuaifan.__file__).parent
    names = [path.stem for path in list_kernels(root)]
    assert "scoring_kernel" in names
    assert all("kernel" in name for name in names)
