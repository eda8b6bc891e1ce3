"""Assets of the console are sent small and kept for good (静态资源)."""

from __future__ import annotations

import gzip
import threading

import pytest
from web_desk import Served

from kuaifan.web import files

SCRIPT = "export const many = [" + "1, " * 2_000 + "];\n"
PICTURE = bytes(range(256)) * 20


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = tmp_path_factory.mktemp("desk")
    assets = folder / "static" / "assets"
    assets.mkdir(parents=True)
    (assets / "main-1a2b.js").write_text(SCRIPT)
    (assets / "icon-3c4d.png").write_bytes(PICTURE)
    with Served(folder, static_dir=folder / "static") as desk:
        yield desk


def answer(served, name, **headers):
    with served.client() as client, client.stream("GET", f"/assets/{name}", headers=headers) as got:
        return got, b"".join(got.iter_raw())


def test_a_script_is_compressed_for_whoever_can_read_it(served):
    got, body = answer(served, "main-1a2b.js", **{"Accept-Encoding": "gzip, br"})
    assert got.headers["content-encoding"] == "gzip"
    assert got.headers["content-type"].startswith("text/javascript")
    assert "immutable" in got.headers["cache-control"]
    assert gzip.decompress(body).decode() == SCRIPT
    assert len(body) < len(SCRIPT) / 10


def test_a_script_is_plain_for_whoever_cannot(served):
    got, body = answer(served, "main-1a2b.js", **{"Accept-Encoding": "identity"})
    assert "content-encoding" not in got.headers
    assert got.headers["vary"] == "Accept-Encoding"
    assert body.decode() == SCRIPT


def test_a_picture_goes_as_it_is(served):
    got, body = answer(served, "icon-3c4d.png", **{"Accept-Encoding": "gzip"})
    assert "content-encoding" not in got.headers
    assert body == PICTURE


def test_nothing_is_compressed_on_the_loop_that_serves_the_streams(served, monkeypatch):
    threads = []
    squeeze = files._squeezed

    def noted(*arguments):
        threads.append(threading.current_thread().name)
        return squeeze(*arguments)

    monkeypatch.setattr(files, "_squeezed", noted)
    answer(served, "main-1a2b.js", **{"Accept-Encoding": "gzip"})
    assert len(threads) == 1
    assert threads[0] != "web"
