"""Compiled kernels are made anew at setup: a kernel that calls a changed one is stale as well."""

from __future__ import annotations

from kuaifan.app.byte_code import forget_kernels


def test_all_compiled_kernels_go_and_nothing_else(tmp_path):
    cache = tmp_path / "twin" / "__pycache__"
    cache.mkdir(parents=True)
    for name in ("full.run.py311.nbi", "full.run.py311.1.nbc", "full.cpython-311.pyc"):
        (cache / name).touch()
    assert forget_kernels(tmp_path) == 2
    assert [each.name for each in cache.iterdir()] == ["full.cpython-311.pyc"]
