"""A volume turns read-only under a desk (卷变为只读): the kernel does it, as after a bad block."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from serving_process import served

MIB = 1 << 20
CANNOT = (
    "only root mounts"
    if os.geteuid() or not shutil.which("mkfs.ext4")
    else "no loop devices here"
    if not Path("/dev/loop-control").exists()
    else ""
)


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603 - ours


@pytest.fixture(name="volume")
def fixture_volume(tmp_path):
    """A small volume that the kernel makes read-only at the first error."""
    image, folder = tmp_path / "volume.img", tmp_path / "volume"
    folder.mkdir()
    with image.open("wb") as file:
        file.truncate(64 * MIB)
    run("mkfs.ext4", "-q", str(image))
    mount = ("mount", "-o", "loop,errors=remount-ro", str(image), str(folder))
    if (done := run(*mount)).returncode:
        pytest.skip(f"no volume can be mounted here: {done.stderr.strip()}")

    def break_it():
        (device,) = (line.split()[0] for line in mounts() if line.split()[1] == str(folder))
        Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("bad block")

    def mend():
        assert run("umount", str(folder)).returncode == 0
        # 1: errors were corrected.
        assert run("e2fsck", "-p", str(image)).returncode in {0, 1}
        assert run(*mount).returncode == 0

    yield folder, break_it, mend
    run("umount", "-l", str(folder))


def mounts():
    return Path("/proc/mounts").read_text().splitlines()


@pytest.mark.soak
@pytest.mark.skipif(bool(CANNOT), reason=CANNOT)
def test_a_volume_that_turns_read_only_is_said_at_once_and_loses_nothing(town, volume):
    folder, break_it, mend = volume
    log = folder / "log.db"
    with served(town, log) as desk:
        acked = {desk.ring(f"k{n}") for n in range(20)}
        break_it()
        ring = {"json": {"line": "110"}, "headers": {"Idempotency-Key": "after"}}
        reply = desk.client.post("/v1/commands/RegisterCall", **ring)
        assert reply.status_code == 503
        assert reply.json()["reason_zh"]
        ready = desk.client.get("/readyz")
        assert (ready.status_code, ready.json()["log"]) == (503, "refused")
        # The screens go on showing what is durable.
        assert acked <= set(desk.client.get("/v1/board").json()["views"]["calls"])
        desk.end(signal.SIGTERM)
    mend()
    with served(town, log) as desk:
        assert acked <= set(desk.client.get("/v1/board").json()["views"]["calls"])
        # What was unknown is asked again with its key, and is one call.
        again = desk.ring("after")
        assert desk.ring("after") == again
        assert again not in acked
